"""Compilers and tools of a build."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import Catalogue
from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run, Trace
from backlit.owners import Ownership
from backlit.pipeline.join.resolve import Resolver
from backlit.pipeline.machines import Machines
from backlit.pipeline.programs import compilers_of, tools_of

if TYPE_CHECKING:
    from pathlib import Path

GCC = "/opt/nowhere/bin/gcc"
NATIVE = Machines("linux-x86_64", frozenset({"linux-x86_64"}))
CROSS = Machines("linux-x86_64", frozenset({"linux-aarch64"}))


def resolver(**owned: str) -> Resolver:
    known = {
        f"/opt/nowhere/bin/{name}": Ownership(f"pkg:deb/debian/{package}@1", package, package, "1")
        for name, package in owned.items()
    }
    return Resolver(Catalogue.load(), known)


def command(program: str, *, found: bool = True) -> Invocation:
    return Invocation(program, (), "/", Mechanism.SHIM, found=found)


def compilation(program: str = GCC, role: Role = Role.COMPILE, **more: Any) -> Compilation:  # noqa: ANN401 - fields
    fields: dict[str, Any] = {"family": "gcc", "language": "c", **more}
    return Compilation(command(program), role=role, **fields)


def test_a_compilers_commands_are_counted_together() -> None:
    trace = Trace(
        compilations=(
            compilation(sources=("/a.c", "/b.c"), flags=("-O2", "-std=c99")),
            compilation(sources=("/c.cc",), language="cxx", flags=("-O2",)),
            compilation(role=Role.LINK, language=""),
            compilation(role=Role.COMPILE_AND_LINK, sources=("/d.c",)),
        )
    )
    (gcc,) = compilers_of(trace, resolver(gcc="gcc-12"), NATIVE)
    assert (gcc.family, gcc.name, gcc.version, gcc.target) == ("gcc", "gcc", None, None)
    assert (gcc.languages, gcc.compilations, gcc.links) == (("c", "cxx"), 4, 2)
    assert (gcc.flags, gcc.package) == (("-O2", "-std=c99"), "pkg:deb/debian/gcc-12@1")
    assert tools_of(trace, resolver()) == ()


def test_two_compilers_stand_in_the_order_of_their_names() -> None:
    trace = Trace(compilations=(compilation("/usr/nowhere/zcc", family="zig"), compilation()))
    assert [item.family for item in compilers_of(trace, resolver(), NATIVE)] == ["gcc", "zig"]


def compiler_that_says(path: Path, target: str) -> str:
    path.write_text(f'#!/bin/sh\ncase "$*" in *-dumpmachine) echo {target} ;; *) echo 12.2.0 ;; esac\n')
    path.chmod(0o755)
    return str(path)


def test_the_compiler_of_a_cross_build_is_told_from_that_of_its_generators(tmp_path: Path) -> None:
    native = compiler_that_says(tmp_path / "gcc", "x86_64-linux-gnu")
    cross = compiler_that_says(tmp_path / "aarch64-linux-gnu-gcc", "aarch64-linux-gnu")
    trace = Trace(compilations=(compilation(native, role=Role.COMPILE_AND_LINK), compilation(cross)))
    found = compilers_of(trace, resolver(), CROSS)
    assert [(item.name, item.target, item.machine) for item in found] == [
        ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu", "host"),
        ("gcc", "x86_64-linux-gnu", "build"),
    ]
    assert [item.machine for item in compilers_of(trace, resolver(), NATIVE)] == [None, "host"]


@pytest.mark.compiler
def test_one_clang_for_two_targets_is_two_compilers() -> None:
    clang = shutil.which("clang")
    if not clang:
        pytest.skip("no clang")
    cross = compilation(clang, family="clang", flags=("--target=aarch64-linux-gnu",))
    native = compilation(clang, family="clang", flags=("--target=x86_64-linux-gnu",))
    found = compilers_of(Trace(compilations=(native, cross)), resolver(), CROSS)
    assert [(item.target, item.machine) for item in found] == [
        ("aarch64-unknown-linux-gnu", "host"),
        ("x86_64-unknown-linux-gnu", "build"),
    ]


def test_a_flag_keeps_no_absolute_path() -> None:
    trace = Trace(compilations=(compilation(flags=("--sysroot=/tmp/x/root", "-std=c99")),))
    assert compilers_of(trace, resolver(), NATIVE)[0].flags == ("--sysroot={path}", "-std=c99")


def test_a_compilation_known_by_its_headers_alone_has_no_compiler() -> None:
    trace = Trace(compilations=(compilation("gcc"),))
    assert compilers_of(trace, resolver(), NATIVE) == ()


@pytest.mark.compiler
def test_a_real_compiler_says_its_version_and_target() -> None:
    program = shutil.which("gcc")
    assert program is not None
    said = subprocess.run([program, "-dumpfullversion", "-dumpmachine"], check=True, capture_output=True, text=True)
    (gcc,) = compilers_of(Trace(compilations=(compilation(program),)), resolver(), NATIVE)
    assert gcc.version is not None
    assert {gcc.version, gcc.target} & set(said.stdout.split())
    assert gcc.name == "gcc"


def test_a_compiler_that_was_only_asked_is_a_tool_that_was_not_used() -> None:
    trace = Trace(compilations=(compilation(role=Role.PROBE), compilation(role=Role.PROBE)))
    assert compilers_of(trace, resolver(), NATIVE) == ()
    (gcc,) = tools_of(trace, resolver())
    assert (gcc.name, gcc.id, gcc.runs, gcc.used) == ("gcc", "dep:virtual/compiler/c", 2, False)


def test_a_compiler_that_was_also_asked_is_no_tool() -> None:
    trace = Trace(compilations=(compilation(role=Role.PROBE), compilation()))
    assert (len(compilers_of(trace, resolver(), NATIVE)), tools_of(trace, resolver())) == (1, ())


@pytest.mark.parametrize("name", ["ld", "ar"])
def test_linker_and_archiver_are_tools(name: str) -> None:
    trace = Trace(compilations=(compilation(f"/opt/nowhere/bin/{name}", Role.LINK, family=name, language=""),))
    assert compilers_of(trace, resolver(), NATIVE) == ()
    (tool,) = tools_of(trace, resolver(**{name: "binutils"}))
    assert (tool.name, tool.id, tool.used) == (name, "dep:generic/binutils", True)
    assert tool.package == "pkg:deb/debian/binutils@1"


def test_a_tool_that_only_told_its_version_was_not_used() -> None:
    runs = tuple(
        Run(command(f"/opt/nowhere/bin/{name}"), name, probe)
        for name, probe in (("ninja", False), ("ninja", True), ("cmake", True))
    )
    assert [(tool.name, tool.id, tool.runs, tool.used) for tool in tools_of(Trace(runs=runs), resolver())] == [
        ("cmake", "dep:generic/cmake", 1, False),
        ("ninja", "dep:generic/ninja", 2, True),
    ]


def test_a_question_to_pkg_config_is_a_run_of_it() -> None:
    queries = (Query(command("/opt/nowhere/bin/pkg-config"), "pkg-config", ("zlib",)),) * 2
    assert [(tool.name, tool.runs) for tool in tools_of(Trace(queries=queries), resolver())] == [("pkg-config", 2)]


def test_a_program_that_is_not_there_did_not_run() -> None:
    trace = Trace(
        queries=(Query(command("krb5-config", found=False), "krb5-config"),),
        runs=(Run(command("cmake", found=False), "cmake"),),
    )
    assert tools_of(trace, resolver()) == ()


def test_two_places_of_one_tool_are_one_line_where_nothing_tells_them_apart() -> None:
    runs = (Run(command("/a/swig"), "swig", probe=True), Run(command("/b/swig"), "swig"))
    (swig,) = tools_of(Trace(runs=runs), resolver())
    assert (swig.name, swig.runs, swig.used) == ("swig", 2, True)


def test_a_tool_of_another_name_than_its_program_is_known_by_the_program() -> None:
    (mercurial,) = tools_of(Trace(runs=(Run(command("/opt/nowhere/bin/hg"), "mercurial"),)), resolver())
    assert (mercurial.name, mercurial.id) == ("mercurial", "dep:generic/mercurial")


def test_a_tool_that_nobody_knows_has_no_id() -> None:
    (tool,) = tools_of(Trace(runs=(Run(command("/a/odd-tool"), "odd-tool"),)), resolver())
    assert (tool.name, tool.id, tool.package) == ("odd-tool", None, None)
