"""What link commands asked for, the files they led to, and whether anything needs them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from backlit import binfmt
from backlit.pipeline.join import linked

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.pipeline.join.conftest import Build


def join(build: Build) -> None:
    linked.enter(build.ledger, linked.links_of(build.observation, build.places))


def test_a_library_asked_for_and_needed_is_used(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/demo/_x.so", "z")
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.used, zlib.direct, zlib.linkage, zlib.names.link) == (True, True, ("dynamic",), ("z",))
    assert [(e.side, e.kind, e.where, e.detail) for e in zlib.evidence] == [("build", "linked", "demo/_x.so", "-lz")]
    assert build.codes == []


def test_a_library_asked_for_in_vain_is_not_used_and_said_so(build: Build) -> None:
    build.ship("demo/_x.so", "libc.so.6")
    build.link("build/demo/_x.so", "z")
    join(build)
    assert (build.libraries["zlib"].used, build.libraries["zlib"].linkage) == (False, ())
    assert (build.diagnostic.code, build.diagnostic.where) == ("unused-link", "-lz")
    assert "asked for by one link" in build.diagnostic.message


def test_one_binary_that_needs_it_is_enough(build: Build) -> None:
    build.ship("demo/_x.so")
    build.ship("demo/_y.so", "libz.so.1")
    build.link("build/demo/_x.so", "z")
    build.link("build/demo/_y.so", "z")
    join(build)
    assert build.libraries["zlib"].used
    assert build.codes == []


def test_several_links_in_vain_are_counted_in_one_sentence(build: Build) -> None:
    for name in ("demo/_x.so", "demo/_y.so"):
        build.ship(name)
        build.link(f"build/{name}", "z")
    join(build)
    assert "asked for by 2 links" in build.diagnostic.message


def test_what_every_extension_has_is_left_out(build: Build) -> None:
    build.ship("demo/_x.so", "libm.so.6")
    build.link("build/demo/_x.so", "m", "pthread", "python3.11")
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


def test_a_link_whose_output_is_not_shipped_says_nothing(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/conftest", "z")
    join(build)
    assert build.libraries == {}


def test_a_link_with_no_output_named_says_nothing(build: Build) -> None:
    build.ship("a.out", "libz.so.1")
    build.link("a.out", "z")
    build.compilations = [build.compilations[0]._replace(output=None)]
    join(build)
    assert build.libraries == {}


def test_an_archive_is_static_and_used(build: Build, tmp_path: Path) -> None:
    (tmp_path / "libz.a").write_bytes(b"!<arch>\n")
    build.own(str(tmp_path / "libz.a"), "zlib1g-dev", "zlib")
    build.ship("demo/_x.so")
    build.link("build/demo/_x.so", "z", library_dirs=(str(tmp_path),))
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.linkage, zlib.used, zlib.names.soname) == (("static",), True, ())
    assert [(package.purl, package.role) for package in zlib.packages] == [("pkg:deb/debian/zlib1g-dev@1", "host")]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"objects": ("libyaml.a",)}, id="path"),
        pytest.param({"libraries": (":libyaml.a",)}, id="colon"),
        pytest.param({"libraries": ("yaml",), "static_names": ("yaml",)}, id="-Bstatic"),
    ],
)
def test_an_archive_is_found_however_it_is_named(
    build: Build, tmp_path: Path, asked: dict[str, tuple[str, ...]]
) -> None:
    (tmp_path / "libyaml.a").write_bytes(b"!<arch>\n")
    (tmp_path / "libyaml.so").write_text("INPUT(nothing.so)")
    if "objects" in asked:
        asked = {"objects": tuple(str(tmp_path / name) for name in asked["objects"])}
    build.ship("demo/_x.so")
    fields: dict[str, Any] = {"library_dirs": (str(tmp_path),), **asked}
    build.link("build/demo/_x.so", **fields)
    join(build)
    assert (build.libraries["libyaml"].linkage, build.libraries["libyaml"].names.link) == (("static",), ("yaml",))


@pytest.mark.compiler
@pytest.mark.parametrize(("start", "owner"), [("#!/bin/sh\n", "spack"), ("\x7fELF", "none")])
def test_what_only_a_wrapper_was_asked_for_is_where_it_told_the_loader(
    build: Build, tmp_path: Path, shared: Callable[..., str], start: str, owner: str
) -> None:
    wrapper = tmp_path / "bin" / "gcc"
    wrapper.parent.mkdir()
    wrapper.write_text(start)
    path = shared(tmp_path / "lib" / "libz.so", "libz.so.1")
    build.own(path, "spack", "zlib")
    build.ship("demo/_x.so", "libz.so.1")
    build.binaries = [build.binaries[0]._replace(rpath=("$ORIGIN", str(tmp_path / "lib")))]
    build.link("build/demo/_x.so", "z", program=str(wrapper))
    join(build)
    packages = {package.purl for package in build.libraries["zlib"].packages}
    assert packages == ({"pkg:deb/debian/spack@1"} if owner == "spack" else set())


@pytest.mark.compiler
def test_a_shared_library_named_by_its_full_path(build: Build, tmp_path: Path, shared: Callable[..., str]) -> None:
    path = shared(tmp_path / "lib" / "libz.so.1.2", "libz.so.1")
    (tmp_path / "lib" / "libz.so").symlink_to("libz.so.1.2")
    build.own(str(tmp_path / "lib" / "libz.so"), "zlib1g-dev", "zlib")
    build.own(path, "zlib1g", "zlib")
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/demo/_x.so", library_files=(str(tmp_path / "lib" / "libz.so"),))
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.linkage, zlib.names.link, zlib.names.soname) == (("dynamic",), ("z",), ("libz.so.1",))
    assert [(package.purl, package.role) for package in zlib.packages] == [
        ("pkg:deb/debian/zlib1g-dev@1", "host"),
        ("pkg:deb/debian/zlib1g@1", "run"),
    ]
    assert zlib.evidence[0].detail == "libz.so"


@pytest.mark.compiler
def test_the_soname_decides_which_library_a_link_name_means(
    build: Build, tmp_path: Path, shared: Callable[..., str]
) -> None:
    shared(tmp_path / "libblas-of-this-machine.so", "libopenblas.so.0")
    build.ship("demo/_x.so", "libopenblas.so.0")
    build.link("build/demo/_x.so", "blas-of-this-machine", library_dirs=(str(tmp_path),))
    join(build)
    assert list(build.libraries) == ["openblas"]
    assert build.libraries["openblas"].used


@pytest.mark.compiler
def test_a_library_without_a_soname_is_needed_by_its_own_name(
    build: Build, tmp_path: Path, shared: Callable[..., str]
) -> None:
    shared(tmp_path / "libodd.so")
    build.ship("demo/_x.so", "libodd.so")
    build.link("build/demo/_x.so", "odd", library_dirs=(str(tmp_path),))
    join(build)
    assert build.libraries["odd"].used
    assert (build.libraries["odd"].canonical, build.codes) == ("unknown", [])


@pytest.mark.compiler
@pytest.mark.parametrize(
    "script",
    [
        pytest.param("INPUT(libncursesw.so.6 -ltinfo)", id="INPUT"),
        pytest.param("/* GNU ld script */\nGROUP ( AS_NEEDED ( libncursesw.so.6 ) )\n", id="AS_NEEDED"),
        pytest.param("INPUT(-lncursesw_real)", id="name"),
    ],
)
def test_a_linker_script_is_followed(build: Build, tmp_path: Path, shared: Callable[..., str], script: str) -> None:
    real = shared(tmp_path / "libncursesw.so.6", "libncursesw.so.6")
    (tmp_path / "libncursesw_real.so").symlink_to("libncursesw.so.6")
    (tmp_path / "libncursesw.so").write_text(script)
    build.own(str(tmp_path / "libncursesw.so"), "libncurses-dev", "ncurses")
    build.own(real, "libncursesw6", "ncurses")
    build.ship("demo/_x.so", "libncursesw.so.6")
    build.link("build/demo/_x.so", "ncursesw", library_dirs=(str(tmp_path),))
    join(build)
    ncurses = build.libraries["ncurses"]
    assert (ncurses.used, ncurses.names.soname) == (True, ("libncursesw.so.6",))
    assert [(package.purl, package.role) for package in ncurses.packages] == [
        ("pkg:deb/debian/libncurses-dev@1", "host"),
        ("pkg:deb/debian/libncursesw6@1", "run"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("INPUT(libz.so)", id="itself"),
        pytest.param("INPUT(libother.so)", id="circle"),
        pytest.param("INPUT(gone.so)", id="gone"),
        pytest.param("no script", id="text"),
        pytest.param("\x7fELF, and nothing more", id="damaged"),
        pytest.param("INPUT(libother.so)" + " " * 65536, id="large"),
    ],
)
def test_a_file_that_leads_to_no_library_leaves_the_link_name(build: Build, tmp_path: Path, content: str) -> None:
    (tmp_path / "libz.so").write_text(content)
    (tmp_path / "libother.so").write_text("INPUT(libz.so)")
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/demo/_x.so", "z", library_dirs=(str(tmp_path),))
    join(build)
    assert (build.libraries["zlib"].used, build.libraries["zlib"].names.soname) == (True, ())


def test_a_library_that_is_gone_is_needed_by_its_link_name(build: Build) -> None:
    build.ship("demo/_x.so", "libz-1a2b3c4d.so.1")
    build.link("build/demo/_x.so", library_files=("/nowhere/libz.so",))
    join(build)
    assert build.libraries["zlib"].used


@pytest.mark.compiler
def test_the_projects_own_library_is_left_out(build: Build, shared: Callable[..., str]) -> None:
    shared(build.root / "build" / "libcore.so", "libcore.so")
    build.ship("demo/_x.so", "libcore.so")
    build.link("build/demo/_x.so", "core", library_dirs=(str(build.root / "build"),))
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "gone"])
@pytest.mark.parametrize("form", ["name", "path"])
def test_a_library_that_the_build_made_elsewhere_is_left_out(
    build: Build, tmp_path: Path, form: str, *, is_there: bool
) -> None:
    made = tmp_path / "elsewhere" / "libcore.a"
    if is_there:
        made.parent.mkdir()
        made.write_bytes(b"!<arch>\n")
    build.ship("demo/_x.so")
    build.link(str(made))
    if form == "path":
        build.link("build/demo/_x.so", objects=(str(made),))
    else:
        build.link("build/demo/_x.so", "core", library_dirs=(str(made.parent),))
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


def test_binaries_of_one_name_are_told_apart_by_their_folders(build: Build) -> None:
    build.ship("demo/a/_x.so", "libz.so.1")
    build.ship("demo/b/_x.so", "libyaml-0.so.2")
    build.link("build/lib/demo/b/_x.so", "yaml")
    build.link("build/lib/demo/a/_x.so", "z")
    join(build)
    assert {name: (library.used, library.evidence[0].where) for name, library in build.libraries.items()} == {
        "libyaml": (True, "demo/b/_x.so"),
        "zlib": (True, "demo/a/_x.so"),
    }


@pytest.mark.compiler
def test_a_binary_that_is_shipped_under_another_name_is_known_by_the_linkers_id(
    build: Build, tmp_path: Path, shared: Callable[..., str]
) -> None:
    made = shared(tmp_path / "target/release/deps/libdemo.so")
    native = binfmt.read_file(Path(made))
    if native is None or native.build_id is None:
        pytest.skip("this linker gives its outputs no id")
    build.ship("demo/_other.so", "libz.so.1")
    build.ship("demo/_rust.abi3.so", "libz.so.1")
    build.binaries[1] = build.binaries[1]._replace(build_id=native.build_id)
    build.link("unused", "z")
    build.compilations[0] = build.compilations[0]._replace(output=made)
    assert [link.binary.path for link in linked.links_of(build.observation, build.places)] == ["demo/_rust.abi3.so"]


def test_a_binary_at_the_top_is_matched_too(build: Build) -> None:
    build.ship("_x.so", "libz.so.1")
    build.link("build/lib/_x.so", "z")
    join(build)
    assert build.libraries["zlib"].used


@pytest.mark.compiler
def test_a_real_compilers_own_folders_are_searched(build: Build) -> None:
    program = subprocess.run(["which", "gcc"], check=True, capture_output=True, text=True).stdout.strip()
    build.ship("demo/_x.so", "libm.so.6")
    build.link("build/demo/_x.so", "m", program=program)
    (link,) = linked.links_of(build.observation, build.places)
    assert (link.soname, link.path is not None and link.path.startswith("/usr/lib")) == ("libm.so.6", True)
    assert link.path in linked.paths_of((link,))
