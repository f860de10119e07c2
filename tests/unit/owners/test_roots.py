"""Which package manager is asked about a file: that of the innermost root above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit import owners

if TYPE_CHECKING:
    from pathlib import Path

    from unit.owners.conftest import Root

INSTALLED = "P:{name}\nV:1-r0\nA:x86_64\nF:usr/include\nR:demo.h\nF:opt/conda/include\nR:demo.h\n\n"


@pytest.fixture
def nested(root: Root) -> Root:
    """Give a system with a sysroot, a conda prefix and a folder that no manager knows."""
    root.write("lib/apk/db/installed", INSTALLED.format(name="outer"))
    root.write("srv/root/lib/apk/db/installed", INSTALLED.format(name="inner"))
    root.record("conda", "opt/conda/conda-meta")
    return root


@pytest.mark.parametrize(
    ("name", "purl"),
    [
        pytest.param("usr/include/demo.h", "pkg:apk/alpine/outer@1-r0?arch=x86_64", id="system"),
        pytest.param("srv/root/usr/include/demo.h", "pkg:apk/alpine/inner@1-r0?arch=x86_64", id="sysroot"),
        pytest.param(
            "opt/conda/include/demo.h",
            "pkg:conda/demo@1.2?build=h1_0&channel=chan&subdir=linux-64&type=tar.bz2",
            id="prefix",
        ),
        pytest.param("srv/root/usr/include/other.h", None, id="nobody's"),
    ],
)
def test_the_innermost_root_is_asked(nested: Root, name: str, purl: str | None) -> None:
    assert nested.purl(name) == purl


def test_files_of_many_roots_are_asked_about_together(nested: Root) -> None:
    answer = nested.ask("usr/include/demo.h", "srv/root/usr/include/demo.h", "opt/conda/include/demo.h", "opt/x.h")
    assert sorted(owner.name for owner in answer.owned.values()) == ["demo", "inner", "outer"]
    assert answer.unowned == {f"{nested.folder}/opt/x.h"}


def test_a_link_out_of_a_prefix_belongs_to_what_it_leads_to(nested: Root) -> None:
    nested.write("usr/include/demo.h")
    nested.link("opt/conda/bin/linked", "../../../usr/include/demo.h")
    assert str(nested.purl("opt/conda/bin/linked")).startswith("pkg:apk/alpine/outer@")


def test_a_link_that_leaves_its_sysroot_is_not_followed_there(nested: Root) -> None:
    # The folder is meant for a machine on which it is inside; this machine's folder of the name has nothing to say.
    nested.link("srv/root/usr/local", str(nested.folder / "usr"))
    assert nested.owner("srv/root/usr/local/include/demo.h") is None


@pytest.mark.parametrize(
    "name",
    ["usr//include/demo.h", "usr/./include/demo.h", "usr/lib/../include/demo.h", "linked/include/./../include/demo.h"],
)
def test_a_path_is_known_however_it_is_written(nested: Root, name: str) -> None:
    nested.write("usr/include/demo.h")
    nested.link("linked", "usr")
    (nested.folder / "usr" / "lib").mkdir()
    assert nested.purl(name) == "pkg:apk/alpine/outer@1-r0?arch=x86_64"


def test_a_folder_that_leads_back_to_itself_ends(nested: Root) -> None:
    nested.link("loop", "loop/again")
    nested.link("usr/a", "b")
    nested.link("usr/b", "a")
    assert nested.ask("loop/include/demo.h", "usr/a/demo.h").owned == {}


def test_an_absolute_link_of_a_folder_stays_in_its_sysroot(nested: Root) -> None:
    (nested.folder / "srv" / "root" / "usr").mkdir()
    nested.link("srv/root/other", "/usr")
    assert nested.purl("srv/root/other/include/demo.h") == "pkg:apk/alpine/inner@1-r0?arch=x86_64"


def test_where_no_manager_is_known_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # As on a system whose package manager is none of ours: what it has is not to be called nobody's.
    monkeypatch.setattr(owners, "_SYSTEMS", {})
    path = f"{tmp_path}/usr/include/zlib.h"
    assert owners.owners_of([path]) == owners.Answer({}, frozenset(), ())


def test_one_broken_database_makes_nobodys_files_unknown(nested: Root) -> None:
    nested.write("opt/conda/conda-meta/demo-1.2-h1_0.json", "include/demo.h")
    nested.write("opt/spack/.spack/spec.json", "{")
    answer = nested.ask("usr/include/demo.h", "usr/include/none.h", "opt/spack/include/x.h")
    assert ([owner.name for owner in answer.owned.values()], answer.unowned) == (["outer"], frozenset())
    assert len(answer.faults) == 1


def test_a_database_of_two_managers_is_answered_by_the_first(root: Root) -> None:
    root.write("lib/apk/db/installed", INSTALLED.format(name="apks"))
    root.write("var/lib/pacman/local/pacmans-1-1/files", "%FILES%\nusr/include/demo.h\nusr/include/only.h\n")
    root.write("var/lib/pacman/local/pacmans-1-1/desc", "%NAME%\npacmans\n\n%VERSION%\n1-1\n")
    assert [root.purl(f"usr/include/{name}.h") for name in ("demo", "only")] == [
        "pkg:apk/alpine/apks@1-r0?arch=x86_64",
        "pkg:alpm/arch/pacmans@1-1",
    ]
