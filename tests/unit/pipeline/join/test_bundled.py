"""Libraries inside the artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.model.native import PackageNote
from backlit.pipeline.join import bundled, join_artifact

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build


def test_a_copy_is_vendored_and_named_as_before_the_hash(build: Build) -> None:
    build.ship("demo.libs/libz-1a2b3c4d.so.1", soname="libz-1a2b3c4d.so.1")
    bundled.enter(build.ledger, build.observation)
    zlib = build.libraries["zlib"]
    assert (zlib.linkage, zlib.used, zlib.direct, zlib.names.soname) == (("vendored",), True, True, ("libz.so.1",))
    assert [(e.kind, e.where, e.detail) for e in zlib.evidence] == [
        ("bundled", "demo.libs/libz-1a2b3c4d.so.1", "libz.so.1")
    ]


@pytest.mark.parametrize(
    ("note", "version", "detail"),
    [
        (PackageNote("rpm", "zlib", "1.2.13-3.fc38"), "1.2.13", "libz.so.1 (rpm package zlib 1.2.13-3.fc38)"),
        (PackageNote("deb", "zlib1g", "1:1.2.13-1"), "1.2.13", "libz.so.1 (deb package zlib1g 1:1.2.13-1)"),
        (PackageNote("apk", "zlib", "1.2.13-r1"), None, "libz.so.1 (apk package zlib 1.2.13-r1)"),
        (PackageNote("", "", ""), None, "libz.so.1"),
    ],
    ids=["rpm", "deb", "another kind", "empty"],
)
def test_a_copy_that_says_of_which_package_it_was(
    build: Build, note: PackageNote, version: str | None, detail: str
) -> None:
    build.ship("demo.libs/libz-1a2b3c4d.so.1", soname="libz-1a2b3c4d.so.1")
    build.binaries[0] = build.binaries[0]._replace(package=note)
    bundled.enter(build.ledger, build.observation)
    zlib = build.libraries["zlib"]
    assert (zlib.version, [each.detail for each in zlib.evidence]) == (version, [detail])


def test_a_copy_without_a_soname_goes_by_its_file_name(build: Build) -> None:
    build.ship("demo.libs/libz-1a2b3c4d.so.1")
    bundled.enter(build.ledger, build.observation)
    assert list(build.libraries) == ["zlib"]


def test_the_compilers_own_library_is_left_out_though_bundled(build: Build) -> None:
    build.ship("demo.libs/libgfortran-040039e1.so.5.0.0", soname="libgfortran-040039e1.so.5.0.0")
    build.ship("demo/_x.so")
    bundled.enter(build.ledger, build.observation)
    assert build.libraries == {}


@pytest.mark.parametrize(
    ("soname", "before"),
    [
        ("libz-1a2b3c4d.so.1", "libz.so.1"),
        ("libz.so.1", "libz.so.1"),
        ("libglib-2.0.so.0", "libglib-2.0.so.0"),
        ("libx-1a2b3c4d-deadbeef.so", "libx.so"),
    ],
)
def test_only_the_hash_is_taken_off(soname: str, before: str) -> None:
    assert bundled.without_hash(soname) == before


def test_a_finished_artifact_is_joined_without_its_build(build: Build) -> None:
    build.ship("demo/_x.so", "libz-1a2b3c4d.so.1", "libyaml-0.so.2", "libc.so.6")
    build.ship("demo.libs/libz-1a2b3c4d.so.1", soname="libz-1a2b3c4d.so.1")
    libraries, diagnostics = join_artifact(build.observation.artifact)
    assert [(library.id, library.linkage) for library in libraries] == [
        ("dep:generic/libyaml", ("dynamic",)),
        ("dep:generic/zlib", ("vendored",)),
    ]
    assert diagnostics == ()
