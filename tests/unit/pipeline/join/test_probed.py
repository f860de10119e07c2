"""What build systems looked for by themselves, found or not."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.model.invocation import Role
from backlit.model.names import NameKind
from backlit.pipeline.join import probed, queried, vendored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.pipeline.join.conftest import Build


def join(build: Build) -> None:
    queried.enter(build.ledger, build.observation, build.places)
    probed.enter(build.ledger, build.observation, build.places)


def test_a_package_that_was_found_is_asked_for_and_not_yet_used(build: Build) -> None:
    build.search(NameKind.CMAKE, "ZLIB", found=True, version="1.2.13", record="CMakeCache.txt")
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.direct, zlib.used, zlib.names.cmake, zlib.version) == (True, False, ("ZLIB",), "1.2.13")
    assert [(each.kind, each.where, each.detail) for each in zlib.evidence] == [
        ("probed", "CMakeCache.txt", "cmake found ZLIB 1.2.13")
    ]
    assert build.codes == []


def test_a_package_that_was_not_found_is_a_failed_probe_and_no_library(build: Build) -> None:
    build.search(NameKind.CMAKE, "GEOS")
    join(build)
    assert (build.libraries, build.diagnostic.code, build.diagnostic.where) == ({}, "probe-failed", "cmake GEOS")
    assert build.diagnostic.message == "the build looked for GEOS with cmake, and did not find it"


def test_a_library_that_another_tool_found_under_another_name_is_no_failed_probe(build: Build) -> None:
    build.search(NameKind.CMAKE, "ZeroMQ")
    build.ask("pkg-config", "libzmq")
    join(build)
    assert (list(build.libraries), build.codes) == (["zeromq"], [])


def test_a_module_that_pkg_config_does_not_know_is_no_failed_probe_where_cmake_found_the_library(build: Build) -> None:
    build.ask("pkg-config", "libzmq", answered=False)
    build.search(NameKind.CMAKE, "ZeroMQ", found=True)
    join(build)
    assert (list(build.libraries), build.codes) == (["zeromq"], [])


def test_a_module_that_pkg_config_does_not_know_is_no_failed_probe_where_its_own_program_answered(build: Build) -> None:
    build.ask("pkg-config", "numpy", answered=False)
    build.ask("numpy-config", arguments=("--version",))
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


@pytest.mark.parametrize(("other", "missed"), [("libtiff-4", []), ("libtiffxx-4", ["pkg-config libtiff-5"])])
def test_a_module_of_another_release_is_the_same_library(build: Build, other: str, missed: list[str]) -> None:
    build.ask("pkg-config", "libtiff-5", answered=False)
    build.ask("pkg-config", other)
    join(build)
    assert [each.where for each in build.ledger.diagnostics()] == missed


def test_what_pkg_config_did_not_know_is_told_once(build: Build) -> None:
    build.ask("pkg-config", "libcurl", answered=False)
    build.search(NameKind.MESON, "libcurl", tool="meson")
    join(build)
    assert build.diagnostic.where == "pkg-config libcurl"


@pytest.mark.parametrize(
    ("sense", "name", "more"),
    [
        (NameKind.HEADER, "sys/event.h", {}),
        (NameKind.HEADER, "windows.h", {}),
        (NameKind.HEADER, "no_such_header_of_anybody.h", {}),
        (NameKind.LINK, "m", {}),
        (NameKind.CMAKE, "Threads", {}),
        (NameKind.CMAKE, "OWN_OPTION", {"certain": False}),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_systems_functions_and_variables_of_the_project_are_no_failed_probes(
    build: Build, sense: NameKind, name: str, more: dict[str, bool]
) -> None:
    build.search(sense, name, **more)
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


@pytest.mark.parametrize(
    ("sense", "name", "said"),
    [(NameKind.HEADER, "zstd.h", "the header zstd.h"), (NameKind.LINK, "lz4", "the library lz4")],
    ids=["header", "library"],
)
def test_a_known_librarys_header_or_file_that_is_not_there_is_a_failed_probe(
    build: Build, sense: NameKind, name: str, said: str
) -> None:
    build.search(sense, name, tool="configure")
    join(build)
    assert build.diagnostic.message == f"the build looked for {said} with configure, and did not find it"


def test_a_lone_header_that_is_there_makes_no_library_of_itself(build: Build) -> None:
    build.search(NameKind.HEADER, "zlib.h", found=True)
    join(build)
    assert build.libraries == {}


def test_a_copy_of_the_projects_own_does_not_hide_that_the_machines_was_looked_for_in_vain(build: Build) -> None:
    build.write("deps/zlib/zlib.c")
    build.compile("deps/zlib/zlib.c")
    build.search(NameKind.CMAKE, "ZLIB")
    vendored.enter(build.ledger, build.observation, build.places, "demo")
    join(build)
    assert (build.libraries["zlib"].linkage, build.codes) == (("vendored",), ["probe-failed"])


def test_a_package_of_the_project_itself_is_no_library(build: Build) -> None:
    build.search(NameKind.CMAKE, "ZLIB", found=True, path=str(build.root / "cmake" / "ZLIBConfig.cmake"))
    join(build)
    assert build.libraries == {}


def test_a_build_tool_that_is_not_there_is_a_failed_probe(build: Build) -> None:
    build.run("swig", found=False)
    join(build)
    assert (build.diagnostic.where, build.diagnostic.message) == (
        "swig",
        "the build looked for the program swig, and there is none",
    )


@pytest.mark.parametrize(
    "tools", [("swig", "swig"), ("git",), ("nobodys-tool",)], ids=["found later", "git", "unknown"]
)
def test_a_program_found_later_or_asked_by_habit_or_known_to_nobody_is_no_failed_probe(
    build: Build, tools: tuple[str, ...]
) -> None:
    for index, tool in enumerate(tools):
        build.run(tool, found=index > 0)
    join(build)
    assert build.codes == []


@pytest.mark.compiler
def test_a_link_that_was_tried_in_vain_names_the_library_of_which_there_is_no_file(build: Build) -> None:
    asked = subprocess.run(["gcc", "-print-file-name=libodbccr.so"], capture_output=True, text=True, check=True)
    if "/" in asked.stdout:
        pytest.skip("unixODBC's development files are here")
    for status, name in ((1, "odbccr"), (0, "lz4"), (1, "no-such-library-of-anybody"), (1, "m")):
        build.link("_configtest", name, program="/usr/bin/gcc", role=Role.PROBE)
        tried = build.compilations[-1]
        build.compilations[-1] = tried._replace(invocation=tried.invocation._replace(status=status))
    join(build)
    assert build.codes == ["probe-failed"]
    assert build.diagnostic.message == "the build looked for the library odbccr with gcc, and did not find it"


@pytest.mark.compiler
def test_a_link_that_was_tried_in_vain_with_a_library_that_is_there_is_no_failed_probe(
    build: Build, tmp_path: Path, shared: Callable[..., str]
) -> None:
    shared(tmp_path / "lib" / "libodbccr.so")
    folders = (str(tmp_path / "lib"),)
    build.link("_configtest", "odbccr", program="/usr/bin/gcc", role=Role.PROBE, library_dirs=folders)
    tried = build.compilations[-1]
    build.compilations[-1] = tried._replace(invocation=tried.invocation._replace(status=1))
    join(build)
    assert build.codes == []


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("status", "includes", "missed"),
    [
        pytest.param(1, ("stdio.h", "yajl/no_such.h", "lz4/no_such.h"), ["gcc yajl/no_such.h"], id="the first"),
        pytest.param(0, ("yajl/no_such.h",), [], id="in a command that did not fail"),
        pytest.param(1, ("own.h", "stdio.h"), [], id="all are there"),
        pytest.param(1, ("no_such_header_of_anybody.h",), [], id="nobody's"),
    ],
)
def test_a_header_that_ended_a_try_is_looked_for_in_vain(
    build: Build, status: int, includes: tuple[str, ...], missed: list[str]
) -> None:
    build.write("own.h")
    build.tried = ((str(build.root / "_configtest.c"), includes),)
    build.compile("_configtest.c", include_dirs=(str(build.root),))
    asked = build.compilations[-1].invocation._replace(program="/usr/bin/gcc", status=status)
    build.compilations[-1] = build.compilations[-1]._replace(invocation=asked, role=Role.PROBE)
    join(build)
    assert [each.where for each in build.ledger.diagnostics()] == missed


@pytest.mark.compiler
def test_an_extension_that_was_left_out_for_lack_of_a_header_says_which(build: Build) -> None:
    build.write("_yajl.c", "#include <yajl/no_such.h>\n")
    build.compile("_yajl.c")
    asked = build.compilations[-1].invocation._replace(program="/usr/bin/gcc", status=1)
    build.compilations[-1] = build.compilations[-1]._replace(invocation=asked)
    join(build)
    assert build.diagnostic.message == "the build looked for the header yajl/no_such.h with gcc, and did not find it"
