"""What a person sees of a report: the parts, drawn without a terminal."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from backlit.cli import _table
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.native import NativeFile, PythonApi, VersionFloor
from backlit.model.report import (
    BackendFacts,
    CompilerFacts,
    Coverage,
    Library,
    Names,
    PackageRef,
    PlatformFacts,
    ProjectFacts,
    Report,
    ToolFacts,
    VersionFacts,
)
from backlit.support.values import plain

TOLD = "told to setuptools-scm by SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO"
HEADERS = "<a.h>; <b.h>; <c.h>; and 2 more headers"
LONG = "dep:generic/" + "a-very-long-name-" * 20


def a_library(**changes: object) -> Library:
    facts: dict[str, Any] = {
        "id": "dep:generic/zlib",
        "canonical": "true",
        "role": "host",
        "linkage": ("dynamic",),
        "direct": True,
        "required": "yes",
        "used": True,
        "names": Names(
            pkgconfig=("zlib",), link=("z",), soname=("libz.so.1",), header=("a.h", "b.h", "c.h", "d.h", "e.h")
        ),
        "packages": (PackageRef(purl="pkg:deb/debian/zlib1g-dev@1%3A1.2.13?arch=amd64", role="host"),),
    }
    return Library(**(facts | changes))


BINARY = NativeFile(path="a.so", format="elf", kind="shared", architecture="aarch64", bits=64, byteorder="little")


def a_report(**changes: object) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "project": ProjectFacts(name="demo", version="1.0", source="demo"),
        "version": VersionFacts(
            value="1.0",
            origin="environment",
            where="environment variable BACKLIT_VERSION",
            tool="setuptools-scm",
            injected_by=("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO",),
            verified=True,
        ),
        "backend": BackendFacts(name="setuptools.build_meta", version="80.9.0"),
        "platform": PlatformFacts(build="linux-x86_64", host="linux-aarch64", cross=True),
        "coverage": Coverage(mechanism=("audit", "shim"), seen=12, missed=("Static programs are not seen.",)),
        "compilers": (
            CompilerFacts(family="gcc", name="cc", version="12.2.0", target=None, languages=("c",), links=1),
        ),
        "tools": (ToolFacts(name="pkg-config", runs=3, package="pkg:deb/debian/pkgconf@1.8.1"),),
        "libraries": (a_library(),),
        "binaries": (BINARY,),
        "diagnostics": (
            Diagnostic(code="probe-failed", severity=Severity.WARNING, where="a.c", message="no foo.h", cure="get it"),
        ),
    }
    document: dict[str, Any] = json.loads(json.dumps(plain(Report(**(facts | changes)))))
    return document


def drawn(document: dict[str, Any] | None, *, width: int = 1000) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, highlight=False, emoji=False)
    for part in _table.report(document, [("wheel", "dist/demo.whl")]):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_all_parts_of_a_report_are_shown() -> None:
    lines = [" ".join(line.split()) for line in drawn(a_report()).splitlines() if line.strip("─ ")]
    assert lines == [
        "project demo",
        f"version 1.0, environment variable BACKLIT_VERSION (environment); {TOLD}; the artifact agrees",
        "backend setuptools.build_meta 80.9.0",
        "for linux-aarch64, built on linux-x86_64",
        "wheel dist/demo.whl",
        "Native libraries",
        "id linkage direct used asked for as package",
        f"dep:generic/zlib dynamic yes yes pkg-config zlib; -lz; libz.so.1; {HEADERS} zlib1g-dev 1:1.2.13",
        "Native files",
        "files runs on needs at least Python's API",
        "1 elf aarch64 - -",
        "Compilers",
        "family name version target languages compiled linked",
        "gcc cc 12.2.0 - c 0 1",
        "Tools",
        "name runs used package",
        "pkg-config 3 yes pkgconf 1.8.1",
        "Findings",
        "warning probe-failed a.c: no foo.h; get it",
        "Seen: 12 commands, by audit, shim.",
        "Not seen:",
        "Static programs are not seen.",
    ]


@pytest.mark.parametrize(
    ("binaries", "sentence"),
    [
        ((), "No native libraries, and no native code."),
        ((BINARY,), "No native libraries. Native files: 1; they need none"),
    ],
    ids=["pure", "native"],
)
def test_a_project_without_native_libraries_is_told_so(binaries: tuple[NativeFile, ...], sentence: str) -> None:
    assert sentence in drawn(a_report(libraries=(), binaries=binaries))


def test_a_library_that_was_never_used_stands_out() -> None:
    library = a_library(used=False, direct=False, linkage=(), packages=(), names=Names())
    assert "dep:generic/zlib - no NO - -" in " ".join(drawn(a_report(libraries=(library,))).split())


@pytest.mark.parametrize("width", [80, 1000])
def test_a_long_name_is_never_cut(width: int) -> None:
    text = drawn(a_report(libraries=(a_library(id=LONG, packages=(), names=Names()),)), width=width)
    assert "…" not in text
    # On a narrow terminal it goes on in the next line of its column.
    cells = [line.split("   ")[0].strip() for line in text.partition("Native libraries")[2].splitlines()[3:]]
    assert LONG in "".join(cells)


def test_what_steers_a_terminal_is_shown_as_numbers() -> None:
    text = drawn(a_report(libraries=(a_library(id="dep:generic/\x1b[31mred\nline"),)))
    assert "dep:generic/\\x1b[31mred line" in text


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (VersionFacts(value=None, origin="none"), "version  1.0, found by the build itself\n"),
        (
            VersionFacts(value=None, origin="vcs", where=".git", tool="hatch-vcs"),
            "1.0, .git (vcs); tool in charge: hatch",
        ),
        (VersionFacts(value="2.0", origin="pkg-info", verified=False), "2.0, pkg-info; THE ARTIFACT DOES NOT AGREE"),
    ],
    ids=["none", "vcs", "disagrees"],
)
def test_the_head_says_where_the_version_came_from(facts: VersionFacts, line: str) -> None:
    assert line in drawn(a_report(version=facts))


def test_without_a_report_the_head_is_all() -> None:
    assert drawn(None) == "wheel  dist/demo.whl"


def test_an_unseen_build_is_told_so() -> None:
    text = drawn(a_report(coverage=Coverage(mechanism=(), seen=0, missed=("The build was not observed.",))))
    assert text.endswith("\n\nNot seen:\n  The build was not observed.")


EXPLAINED: dict[str, Any] = {
    "name": "demo",
    "hook": "build_wheel",
    "backend": "setuptools.build_meta",
    "backend_where": "pyproject.toml: build-system.build-backend",
    "tool": "pbr",
    "tool_evidence": "setup.py:2: pbr=True",
    "others": [{"tool": "versioneer", "where": "setup.cfg:7", "why_not": "pbr is in charge"}],
    "version": "1.2",
    "origin": "environment",
    "where": "environment variable BACKLIT_VERSION",
    "asked": True,
    "told": {
        "variables": [
            {"name": "PBR_VERSION", "value": "1.2", "inherited": False},
            {"name": "OTHER_FOR_DEMO", "value": "1.2", "inherited": True},
        ],
        "files": [{"path": "demo.egg-info/SOURCES.txt", "bytes": 12}],
        "tags": ["v1.2", "1.2"],
        "version_files": ["demo/_version.py"],
    },
    "place": "scratch copy",
    "reason": "pbr is told by a file: demo.egg-info/SOURCES.txt",
    "copy": {"files": 3, "bytes": 1234, "left_out": [".tox", "build"], "repository": True},
    "files": {"in_place_of": "setup.py:2: setuptools-git", "count": 1},
    "advice": None,
}


def explained_as(**changes: object) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=300, markup=False, highlight=False, emoji=False)
    for part in _table.version(EXPLAINED | changes):
        console.print(part)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_version_is_explained_line_by_line() -> None:
    assert explained_as() == [
        "project    demo",
        "version    1.2",
        "from       environment variable BACKLIT_VERSION (environment)",
        "tool       pbr (setup.py:2: pbr=True)",
        "not by     versioneer (setup.cfg:7): pbr is in charge",
        "told by    variable PBR_VERSION=1.2, not inherited by what the build starts",
        "told by    variable OTHER_FOR_DEMO=1.2",
        "told by    file demo.egg-info/SOURCES.txt, 12 bytes",
        "told by    a repository with the tags v1.2, 1.2",
        "writes     demo/_version.py, which is looked at afterwards",
        "backend    setuptools.build_meta (pyproject.toml: build-system.build-backend)",
        "built      scratch copy: pbr is told by a file: demo.egg-info/SOURCES.txt",
        "copied     3 files, 1234 bytes, and the project's repository; left out: .tox, build",
        "file list  restored for setup.py:2: setuptools-git: 1 file",
    ]


def test_what_is_not_known_or_not_done_is_said_so() -> None:
    nothing: dict[str, list[Any]] = {"variables": [], "files": [], "tags": [], "version_files": []}
    lines = explained_as(
        name=None,
        tool=None,
        tool_evidence=None,
        others=[],
        version=None,
        origin="none",
        where="",
        told=nothing,
        place="in place",
        reason="nothing is told",
        copy=None,
        files=None,
        advice="set BACKLIT_VERSION",
    )
    assert lines == [
        "project    not known before the build",
        "version    left to the tool in charge",
        "from       found by the build itself",
        "tool       none that is known",
        "told by    nothing",
        "backend    setuptools.build_meta (pyproject.toml: build-system.build-backend)",
        "built      in place: nothing is told",
        "file list  as it is",
        "to do      set BACKLIT_VERSION",
    ]


def test_a_stated_version_has_no_tool() -> None:
    assert "tool       none: pyproject.toml:3: [project] version" in explained_as(
        tool=None, tool_evidence="pyproject.toml:3: [project] version"
    )


def test_binaries_of_one_machine_are_one_row() -> None:
    glibc = (VersionFloor("libc.so.6", "GLIBC", "2.9"),)
    newer = (VersionFloor("libc.so.6", "GLIBC", "2.17"), VersionFloor("libz.so.1", "ZLIB", "1.2"))
    limited, whole = PythonApi(limited=True, floor="3.9"), PythonApi(limited=False, floor=None)
    binaries = (
        BINARY._replace(path="a", system="linux", versions=glibc, python=limited),
        BINARY._replace(path="b", system="linux", versions=newer, python=limited._replace(floor="3.10")),
        BINARY._replace(path="c", system="linux", python=whole),
        BINARY._replace(path="d", system="windows", architecture="AMD64", system_floor="6.0"),
    )
    lines = [" ".join(line.split()) for line in drawn(a_report(binaries=binaries)).splitlines()]
    assert "3 linux aarch64 GLIBC 2.17 2 within the stable ABI of 3.10, 1 beyond it" in lines
    assert "1 windows AMD64 windows 6.0 -" in lines


def test_notes_that_differ_in_their_place_alone_are_one_line() -> None:
    note = Diagnostic(code="unread-binary", severity=Severity.NOTE, where="a.lib", message="not read")
    warning = note._replace(severity=Severity.WARNING)
    every = tuple(one._replace(where=where) for one in (note, warning) for where in ("a.lib", "b.lib"))
    lines = [" ".join(line.split()) for line in drawn(a_report(diagnostics=every)).splitlines() if "unread" in line]
    assert lines == [
        "note unread-binary a.lib and 1 more: not read",
        "warning unread-binary a.lib: not read",
        "warning unread-binary b.lib: not read",
    ]


def test_what_a_finding_begins_with_is_not_said_before_it_too() -> None:
    unused = Diagnostic("unused-link", Severity.NOTE, "-lfoo", "-lfoo was asked for by one link, and nothing needs it")
    other = unused._replace(where="-lfo")
    lines = [" ".join(line.split()) for line in drawn(a_report(diagnostics=(unused,))).splitlines() if "-lfoo" in line]
    assert lines == ["note unused-link -lfoo was asked for by one link, and nothing needs it"]
    assert "note unused-link -lfo: -lfoo was" in " ".join(drawn(a_report(diagnostics=(other,))).split())


def test_a_repository_that_no_tool_is_known_to_ask_is_told_to_nobody() -> None:
    told = VersionFacts(value="1.0", origin="config-setting", where="--version", injected_by=("tag 1.0", "tag v1.0"))
    line = next(line for line in drawn(a_report(version=told)).splitlines() if line.startswith("version"))
    assert " ".join(line.split()) == "version 1.0, --version (config-setting); told by tag 1.0, tag v1.0"
