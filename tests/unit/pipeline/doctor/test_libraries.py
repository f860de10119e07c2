"""When a library counts as being here: one name is enough, some names alone are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.model.names import NameKind
from backlit.pipeline.doctor import libraries
from backlit.pipeline.doctor.compilers import Folders
from backlit.pipeline.doctor.lookup import Lookup
from backlit.pipeline.doctor.needs import REQUIRED, RUNTIME, Constraint, Library

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.pipeline.doctor.libraries import Seen

HEADER, LINK, MODULE, PROGRAM = NameKind.HEADER, NameKind.LINK, NameKind.PKGCONFIG, NameKind.CONFIG_TOOL
LIB, INCLUDE = "lib/libdemo.so", "include/demo.h"


def look(
    root: Path,
    *names: tuple[NameKind, str],
    files: dict[str, str],
    need: str = REQUIRED,
    constraints: tuple[Constraint, ...] = (),
    known: dict[NameKind, tuple[str, ...]] | None = None,
) -> Seen:
    for path, text in {"include/.keep": "", "lib/.keep": "", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        (root / path).chmod(0o700)
    folders = Folders((str(root / "include"),), (str(root / "lib"),), (str(root),))
    library = Library("dep:generic/demo", True, need, False, True, names, constraints, "setup.py:1")  # noqa: FBT003 - fields
    return libraries.look_for(library, known or {}, Lookup(folders, {"PATH": str(root / "bin")}))


@pytest.mark.parametrize(
    ("names", "files", "here"),
    [
        ([(LINK, "demo")], [LIB], True),
        ([(LINK, "demo")], [], False),
        ([(LINK, "demo"), (LINK, "demo2")], [LIB], True),
        ([(LINK, "demo"), (HEADER, "demo.h")], [LIB], True),
        ([(HEADER, "demo.h")], [INCLUDE], True),
        ([(LINK, "demo"), (HEADER, "demo.h")], [INCLUDE], False),
        ([(HEADER, "demo.h"), (MODULE, "demo")], [INCLUDE], True),
        ([(MODULE, "demo")], [], False),
    ],
)
def test_what_counts_as_being_here(
    tmp_path: Path, names: list[tuple[NameKind, str]], files: list[str], *, here: bool
) -> None:
    assert (look(tmp_path, *names, files=dict.fromkeys(files, "")).found is not None) is here


def test_a_header_is_enough_where_another_name_of_the_library_links(tmp_path: Path) -> None:
    names = ((LINK, "ssleay"), (HEADER, "demo.h"))
    files = dict.fromkeys([INCLUDE, LIB], "")
    assert look(tmp_path, *names, files=files, known={LINK: ("demo",)}).found is not None


def test_a_program_is_enough_where_its_flags_lead_to_the_header(tmp_path: Path) -> None:
    names = ((PROGRAM, "demo-config"), (HEADER, "demo/a/b.h"))
    script = f'#!/bin/sh\ntest "$1" = --cflags && echo -O2 -I{tmp_path}/odd/place\n'
    assert look(tmp_path, *names, files={"bin/demo-config": script}).found is None
    files = {"bin/demo-config": script, "odd/place/demo/a/b.h": ""}
    seen = look(tmp_path, *names, files=files)
    assert seen.found is not None
    assert seen.found.path == str(tmp_path / "bin/demo-config")


def test_a_program_is_enough_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    assert look(tmp_path, (PROGRAM, "demo-config"), files={"bin/demo-config": "#!/bin/sh\n"}).found is not None


def test_a_crate_is_looked_for_by_the_other_names_of_its_library(tmp_path: Path) -> None:
    crate = (NameKind.CRATE, "demo-sys")
    assert look(tmp_path, crate, files={}, known={LINK: ("demo",)}) == libraries.Seen(None, looked_up=True)
    assert look(tmp_path, crate, files={LIB: ""}, known={LINK: ("demo",)}).found is not None


def test_what_goes_by_no_name_that_can_be_looked_up_is_not_said_to_be_missing(tmp_path: Path) -> None:
    assert look(tmp_path, (NameKind.CRATE, "demo-sys"), files={}) == libraries.Seen(None, looked_up=False)


def test_a_library_to_run_with_needs_no_file_to_link_with(tmp_path: Path) -> None:
    soname = (NameKind.SONAME, "libdemo.so.1")
    assert look(tmp_path, soname, files={"lib/libdemo.so.1": ""}, need=RUNTIME).found is not None
    assert look(tmp_path, (NameKind.SONAME, "libdemo.so.2"), files={}, need=RUNTIME).found is None


@pytest.mark.parametrize(
    ("constraints", "fits"),
    [
        ([(">=2.9", True)], True),
        ([(">=3", True)], False),
        ([(">=2", True), (">=3", True)], False),
        ([(">=3", False)], False),
        ([("<1", False), (">=2", False)], True),
        ([("<1", False), (">=2", True)], True),
        ([("whatever", True)], True),
    ],
)
def test_versions_that_must_hold_and_versions_of_which_one_must(
    tmp_path: Path, constraints: list[tuple[str, bool]], *, fits: bool
) -> None:
    asked = tuple(Constraint(MODULE, "demo", versions, must) for versions, must in constraints)
    files = {"lib/pkgconfig/demo.pc": "Name: demo\nVersion: 2.9.1\n"}
    seen = look(tmp_path, (MODULE, "demo"), files=files, constraints=asked)
    assert (seen.version, seen.fits) == ("2.9.1", fits)
