"""Cross builds: what is for the host, what runs only during the build, and where a linker looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.catalog import Catalogue
from backlit.model.invocation import Compilation, Invocation, Mechanism, Role
from backlit.owners import Ownership
from backlit.pipeline import join as joining, machines
from backlit.pipeline.join import included, linked, queried
from backlit.pipeline.join.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.model.report import Library
    from unit.pipeline.join.conftest import Build

HERE = machines.this().partition("-")[2]
OTHER, NUMBER = ("riscv64", 243) if HERE == "aarch64" else ("aarch64", 183)


def compiler_for(folder: Path, target: str) -> str:
    path = folder / f"{target}-gcc"
    path.write_text(
        f'#!/bin/sh\ncase "$*" in *-dumpmachine) echo {target} ;; *-print-*) echo / ;; *) echo 12 ;; esac\n'
    )
    path.chmod(0o755)
    return str(path)


def foreign(path: str) -> str:
    """Turn a library of this machine into one of another, by its header."""
    with open(path, "r+b") as file:  # noqa: PTH123 - text
        file.seek(18)
        file.write(NUMBER.to_bytes(2, "little"))
    return path


@pytest.fixture
def cross(build: Build, tmp_path: Path) -> Build:
    """Give a build for another machine, which needs zlib, with a generator for this one."""
    build.ship("demo/_x.so", "libz.so.1")
    build.binaries[0] = build.binaries[0]._replace(architecture=OTHER)
    build.link("build/demo/_x.so", "z", program=compiler_for(tmp_path, f"{OTHER}-linux-gnu"))
    return build


def generate(build: Build, folder: Path, *libraries: str, headers: tuple[str, ...] = ()) -> None:
    source = build.write("generate.c", "".join(f"#include <{header.rpartition('/')[2]}>\n" for header in headers))
    command = Invocation(compiler_for(folder, f"{HERE}-linux-gnu"), (), str(build.root), Mechanism.SHIM)
    output = str(build.root / "build/generate")
    role = Role.COMPILE_AND_LINK
    build.compilations.append(
        Compilation(command, "gcc", "c", role, (source,), output=output, libraries=libraries, headers=headers)
    )


def join(build: Build) -> dict[str, Library]:
    shipped, tools = joining._apart(build.observation)  # noqa: SLF001 - what `join` does, with a resolver of the test's
    linked.enter(build.ledger, linked.links_of(shipped, build.places))
    included.enter(build.ledger, shipped, build.places)
    queried.enter(build.ledger, build.observation, build.places)
    included.enter(build.ledger, tools, build.places, role="build")
    linked.enter_build_tools(build.ledger, linked.links_of_build_tools(tools, build.places))
    return build.libraries


def test_what_a_generator_takes_is_the_builds(cross: Build, tmp_path: Path) -> None:
    header = "/usr/include/expat.h"
    cross.own(header, "libexpat1-dev", "expat")
    generate(cross, tmp_path, "expat", "m", headers=(header,))
    found = join(cross)
    assert {name: library.role for name, library in found.items()} == {"expat": "build", "zlib": "host"}
    expat = found["expat"]
    assert (expat.used, expat.direct, [package.role for package in expat.packages]) == (True, True, ["build"])
    assert {"dynamic"} <= set(expat.linkage)
    assert ("linked", "generate", "-lexpat (a tool of the build)") in [
        (e.kind, e.where, e.detail) for e in expat.evidence
    ]
    assert cross.codes == []


def test_what_both_take_is_the_hosts(cross: Build, tmp_path: Path) -> None:
    header = "/usr/include/zlib.h"
    cross.own(header, "zlib1g-dev", "zlib")
    generate(cross, tmp_path, "z", headers=(header,))
    zlib = join(cross)["zlib"]
    assert (zlib.role, zlib.linkage, zlib.used) == ("host", ("dynamic",), True)
    assert [(package.purl, package.role) for package in zlib.packages] == [("pkg:deb/debian/zlib1g-dev@1", "build")]


def test_a_header_of_several_machines_belongs_to_the_package_of_the_one_it_is_taken_for() -> None:
    here, there = "pkg:deb/debian/zlib1g-dev@1?arch=amd64", "pkg:deb/debian/zlib1g-dev@1?arch=arm64"
    owner = Ownership(here, "zlib1g-dev", "zlib", "1", (("aarch64", there),))
    for architecture, purl in (("aarch64", there), ("x86_64", here)):
        resolver = Resolver(Catalogue.load(), {"/usr/include/zlib.h": owner}, hosts=frozenset({architecture}))
        assert resolver.purl("/usr/include/zlib.h", "host") == purl
        assert resolver.purl("/usr/include/zlib.h", "build") == here


def test_what_was_only_asked_for_is_the_builds_if_a_generator_takes_it(cross: Build, tmp_path: Path) -> None:
    cross.ask("pkg-config", "expat")
    generate(cross, tmp_path, "expat")
    assert join(cross)["expat"].role == "build"


def test_in_a_native_build_nothing_is_the_builds(build: Build, tmp_path: Path) -> None:
    build.ship("demo/_x.so")
    build.binaries[0] = build.binaries[0]._replace(architecture=HERE)
    header = "/usr/include/expat.h"
    build.own(header, "libexpat1-dev", "expat")
    generate(build, tmp_path, "expat", headers=(header,))
    expat = join(build)["expat"]
    assert (expat.role, expat.linkage) == ("host", ("header-only",))


@pytest.mark.compiler
def test_a_library_for_another_machine_is_passed_over(build: Build, tmp_path: Path, shared: Callable[..., str]) -> None:
    foreign(shared(tmp_path / "one" / "libodd.so", "libodd.so.1"))
    right = shared(tmp_path / "two" / "libodd.so", "libodd.so.2")
    build.ship("demo/_x.so", "libodd.so.2")
    build.binaries[0] = build.binaries[0]._replace(architecture=HERE)
    build.link("build/demo/_x.so", "odd", library_dirs=(str(tmp_path / "one"), str(tmp_path / "two")))
    (link,) = linked.links_of(build.observation, build.places)
    assert (link.path, link.soname) == (right, "libodd.so.2")


@pytest.mark.compiler
def test_a_script_in_a_sysroot_names_what_is_in_it(build: Build, tmp_path: Path, shared: Callable[..., str]) -> None:
    root = tmp_path / "root"
    real = shared(root / "lib" / "libodd.so.1", "libodd.so.1")
    script = root / "usr" / "lib" / "libodd.so"
    script.parent.mkdir(parents=True)
    script.write_text("GROUP ( /lib/libodd.so.1 AS_NEEDED ( /lib/ld.so ) )\n")
    build.ship("demo/_x.so", "libodd.so.1")
    build.binaries[0] = build.binaries[0]._replace(architecture=HERE)
    build.link("build/demo/_x.so", "odd", library_dirs=(str(script.parent),), flags=(f"--sysroot={root}",))
    (link,) = linked.links_of(build.observation, build.places)
    assert (link.path, link.target, link.is_needed) == (str(script), real, True)


def test_a_modules_version_is_that_in_the_sysroot(build: Build, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/lib/pkgconfig").mkdir(parents=True)
    (root / "usr/lib/pkgconfig/zlib.pc").write_text("Version: 0.9\n")
    build.link("build/demo/_x.so", "z", flags=(f"--sysroot={root}",))
    build.ask("pkg-config", "zlib")
    assert join(build)["zlib"].version == "0.9"


def test_modules_of_one_name_that_disagree_have_no_version(build: Build, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for number, folder in enumerate(("aarch64-linux-gnu", "x86_64-linux-gnu")):
        (root / "usr/lib" / folder / "pkgconfig").mkdir(parents=True)
        (root / "usr/lib" / folder / "pkgconfig/zlib.pc").write_text(f"Version: 0.{number}\n")
    build.link("build/demo/_x.so", "z", flags=(f"--sysroot={root}",))
    build.ask("pkg-config", "zlib")
    assert join(build)["zlib"].version is None
