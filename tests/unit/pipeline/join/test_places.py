"""Whose path is it, and how a report writes it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline.join.places import Places

if TYPE_CHECKING:
    from pathlib import Path

    from unit.pipeline.join.conftest import Build

TEMPORARY = "/tmp"  # noqa: S108 - only a name to compare with
PLACES = Places(own=(f"{TEMPORARY}/backlit-1/tree/demo", "/src/demo"), python=("/usr/include/python3",))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/src/demo", "."),
        ("/src/demo/a/b.c", "a/b.c"),
        (f"{TEMPORARY}/backlit-1/tree/demo/a.c", "a.c"),
        ("/src/demonstration/a.c", "/src/demonstration/a.c"),
        (f"{TEMPORARY}/pip-x1y2/build/a.c", "{tmp}/build/a.c"),
        ("/usr/include/a.h", "/usr/include/a.h"),
    ],
)
def test_a_path_as_a_report_writes_it(path: str, told: str) -> None:
    assert PLACES.told(path) == told


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/usr/include/zlib.h", True),
        ("/usr/include/python3/Python.h", False),
        ("/src/demo/zlib.h", False),
        (f"/var{TEMPORARY}/x/zlib.h", False),
    ],
)
def test_the_machines_paths_are_all_others(path: str, answer: object) -> None:
    assert PLACES.is_machine(path) is answer


@pytest.mark.parametrize(
    ("path", "is_own", "is_machine"),
    [
        (f"{TEMPORARY}/root/usr/include/zlib.h", False, True),
        (f"{TEMPORARY}/rootless/zlib.h", False, False),
        (f"{TEMPORARY}/root/home/demo/a.h", True, False),
        (f"{TEMPORARY}/root/home/demo/sdk/usr/include/zlib.h", False, True),
        (f"{TEMPORARY}/root/usr/include/python3.11/Python.h", False, False),
    ],
)
def test_what_is_in_a_sysroot_is_a_machines_wherever_the_sysroot_is(
    path: str, *, is_own: bool, is_machine: bool
) -> None:
    root = f"{TEMPORARY}/root"
    own = f"{root}/home/demo"
    places = Places((own,), python=(f"{root}/usr/include/python3.11",), sysroots=(root, f"{own}/sdk"))
    assert places.is_own(path) is is_own
    assert places.is_machine(path) is is_machine


@pytest.mark.parametrize(
    "sign", [".spack", "conda-meta", "lib/pkgconfig", "lib64/pkgconfig", "lib/x86_64-linux-gnu/pkgconfig", ""]
)
def test_what_is_installed_in_a_temporary_folder_is_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setattr("backlit.pipeline.join.places._TEMPORARY", (str(tmp_path),))
    prefix = tmp_path / "prefix"
    (prefix / sign).mkdir(parents=True)
    places = Places((), ())
    assert [places.is_machine(f"{prefix}/{name}") for name in ("include/a/b.h", "lib/liba.so", "bin/a-config")] == [
        bool(sign)
    ] * 3
    assert not places.is_machine(f"{tmp_path}/build/include/a.h")
    assert not places.is_machine(f"{prefix}/a.h")


def test_a_sysroot_is_told_by_the_compilers_flags(build: Build) -> None:
    build.compile("a.c", headers=())
    build.compilations[0] = build.compilations[0]._replace(flags=("-O2", "--sysroot=/nowhere/root"))
    assert Places.of(build.observation).sysroots == ("/nowhere/root",)


def test_a_tree_behind_a_link_is_own_by_both_names(build: Build) -> None:
    link = build.root.parent / "link"
    link.symlink_to(build.root)
    places = Places.of(build.observation._replace(tree=str(link)))
    assert places.is_own(f"{link}/a.c")
    assert places.is_own(f"{os.path.realpath(link)}/a.c")
