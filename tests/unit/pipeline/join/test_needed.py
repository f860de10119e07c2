"""What the finished binaries need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.pipeline.join import linked, needed

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build


def join(build: Build) -> None:
    needed.enter(build.ledger, build.observation, linked.links_of(build.observation, build.places))


def test_what_a_binary_needs_is_direct_and_used(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1", "libz.so.1")
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.direct, zlib.used, zlib.linkage, zlib.names.soname) == (True, True, ("dynamic",), ("libz.so.1",))
    assert [(e.side, e.kind, e.where) for e in zlib.evidence] == [("artifact", "needed", "demo/_x.so")]


def test_the_same_need_of_many_binaries_is_one_piece_of_evidence(build: Build) -> None:
    for name in ("c", "a", "b"):
        build.ship(f"demo/{name}.so", "libz.so.1")
    join(build)
    assert [e.where for e in build.libraries["zlib"].evidence] == ["demo/a.so and 2 more"]


def test_the_c_library_and_the_compilers_own_are_left_out(build: Build) -> None:
    build.ship("demo/_x.so", "libc.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2")
    join(build)
    assert build.libraries == {}


@pytest.mark.parametrize(
    ("path", "soname"),
    [pytest.param("demo/libcore.so.1", None, id="name"), pytest.param("demo/other.so", "libcore.so.1", id="soname")],
)
def test_what_the_artifact_brings_is_left_out(build: Build, path: str, soname: str | None) -> None:
    build.ship("demo/_x.so", "libcore.so.1")
    build.ship(path, soname=soname)
    join(build)
    assert build.libraries == {}


def test_what_only_a_bundled_library_needs_is_not_direct(build: Build) -> None:
    build.ship("demo/_x.so", "libssl-1a2b3c4d.so.3")
    build.ship("demo.libs/libssl-1a2b3c4d.so.3", "libz.so.1")
    join(build)
    assert [(name, library.direct) for name, library in build.libraries.items()] == [("zlib", False)]


def test_what_another_binary_needs_too_is_direct(build: Build) -> None:
    build.ship("demo.libs/libssl.so.3", "libz.so.1")
    build.ship("demo/_x.so", "libz.so.1")
    join(build)
    assert build.libraries["zlib"].direct


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        pytest.param("demo.libs/libz.so.1", True, id="auditwheel"),
        pytest.param("demo/.dylibs/libz.dylib", True, id="delocate"),
        pytest.param("demo/libs/libz.so.1", False, id="own folder"),
        pytest.param("demo/z.libs", False, id="file"),
    ],
)
def test_bundled_is_told_by_the_folder(path: str, answer: object) -> None:
    assert needed.is_bundled(path) is answer


def test_a_need_that_no_link_explains_is_said(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1", "libyaml-0.so.2")
    build.link("build/demo/_x.so", "z")
    join(build)
    assert (build.diagnostic.code, build.diagnostic.where) == ("unexplained-needed", "demo/_x.so")
    assert build.diagnostic.message == "needs libyaml-0.so.2, which no link that was seen asked for"


@pytest.mark.parametrize(("name", "soname"), [("z", "libz.so.1"), ("yaml", "libyaml-0.so.2")])
def test_a_link_explains_a_need_though_its_file_is_gone(build: Build, name: str, soname: str) -> None:
    build.ship("demo/_x.so", soname)
    build.link("build/demo/_x.so", name)
    join(build)
    assert build.codes == []


def test_a_link_of_another_binary_explains_nothing(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.ship("demo/_y.so", "libz.so.1")
    build.link("build/demo/_y.so", "z")
    join(build)
    assert build.diagnostic.where == "demo/_x.so"


@pytest.mark.parametrize("traced", [True, False], ids=["nothing compiled", "not traced"])
def test_without_any_link_seen_nothing_is_unexplained(build: Build, *, traced: bool) -> None:
    build.traced = traced
    build.ship("demo/_x.so", "libz.so.1")
    if not traced:
        build.compile("x.c")
    join(build)
    assert build.codes == []


def test_a_bundled_librarys_needs_are_not_unexplained(build: Build) -> None:
    build.ship("demo.libs/libssl.so.3", "libz.so.1")
    build.compile("x.c")
    join(build)
    assert build.codes == []


def test_a_soname_that_nothing_resolves_keeps_itself(build: Build) -> None:
    build.ship("demo/_x.so", "libstrange-thing.so.7")
    join(build)
    library = build.libraries["strange-thing"]
    assert (library.id, library.canonical) == ("dep:generic/strange-thing", "unknown")
