"""Libraries by the names that Mach-O and PE have for them, and those that are opened while running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import Catalogue
from backlit.model.artifact import Artifact
from backlit.model.native import DlopenNote, NativeFile
from backlit.pipeline.join import join_artifact, loading
from backlit.pipeline.join.resolve import Resolver

if TYPE_CHECKING:
    from backlit.model.report import Library


def binary(format_: str, path: str = "demo/_x.so", **more: Any) -> NativeFile:  # noqa: ANN401 - the fields of NativeFile
    return NativeFile(path, format_, "shared", "x", 64, "little", **more)


def joined(*binaries: NativeFile) -> dict[str, Library]:
    artifact = Artifact("wheel", "demo-1.whl", "demo", "1", "1", binaries=binaries)
    return {library.id.rpartition("/")[2]: library for library in join_artifact(artifact)[0]}


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(Catalogue.load(), {})


@pytest.mark.parametrize(
    ("format_", "recorded", "name"),
    [
        ("elf", "libz.so.1", "libz.so.1"),
        ("macho", "/usr/lib/libz.1.dylib", "libz.so"),
        ("macho", "@rpath/libz.1.3.1.zlib-ng.dylib", "libz.so"),
        ("macho", "@loader_path/.dylibs/libgeos_c.1.19.2.dylib", "libgeos_c.so"),
        ("macho", "/usr/lib/libSystem.B.dylib", "libSystem.so"),
        ("macho", "@rpath/libunheard.dylib", "libunheard.so"),
        ("pe", "zlib1.dll", "zlib"),
        ("pe", "LIBSSL-3-x64.dll", "libssl.so"),
        ("pe", "libcrypto-1_1.dll", "libcrypto.so"),
        ("pe", "hdf5-9e1d2c3b4a5f60718293a4b5c6d7e8f9.dll", "libhdf5.so"),
        ("pe", "sqlite3.dll", "libsqlite3.so"),
        ("pe", "unheard42.dll", "unheard.so"),
    ],
)
def test_a_name_is_what_it_would_be_in_elf(resolver: Resolver, format_: str, recorded: str, name: str) -> None:
    assert loading.named(binary(format_), recorded, resolver)[1] == name


def test_what_the_system_brings_is_left_out_of_a_macos_wheel() -> None:
    needed = (
        "/usr/lib/libSystem.B.dylib",
        "/usr/lib/libc++.1.dylib",
        "/usr/lib/libiconv.2.dylib",
        "/System/Library/Frameworks/Security.framework/Versions/A/Security",
        "/Library/Frameworks/Python.framework/Versions/3.11/Python",
        "@rpath/libpython3.11.dylib",
        "/usr/lib/libz.1.dylib",
        "/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib",
        "@loader_path/.dylibs/libgeos.3.13.dylib",
    )
    libraries = joined(
        binary("macho", needed=needed, weak=("@rpath/libheif.1.dylib",)),
        binary("macho", "demo/.dylibs/libgeos.3.13.dylib", soname="/DLC/demo/libgeos.3.13.dylib"),
    )
    assert {name: library.linkage for name, library in libraries.items()} == {
        "geos": ("vendored",),
        "libheif": ("dynamic",),
        "openssl": ("dynamic",),
        "zlib": ("dynamic",),
    }
    assert [one.detail for one in libraries["libheif"].evidence] == ["@rpath/libheif.1.dylib (weak)"]


def test_what_the_system_brings_is_left_out_of_a_windows_wheel() -> None:
    needed = (
        *("KERNEL32.dll", "ucrtbase.dll", "api-ms-win-crt-heap-l1-1-0.dll", "VCRUNTIME140_1.dll", "python311.dll"),
        *("MSVCP140.dll", "libgcc_s_seh-1.dll", "Geos_C.dll", "nvcuda.dll"),
    )
    libraries = joined(
        binary("pe", "demo/_x.pyd", needed=needed, delayed=("libcurl-x64.dll",)),
        binary("pe", "demo.libs/geos_c.dll"),
        binary("pe", "demo/zlib1.dll"),
        binary("pe", "demo/own.dll"),
    )
    assert {name: library.linkage for name, library in libraries.items()} == {
        "curl": ("dynamic",),
        "geos": ("vendored",),
        "nvcuda": ("dynamic",),
        "zlib": ("vendored",),
    }
    assert [one.detail for one in libraries["curl"].evidence] == ["libcurl-x64.dll (delayed)"]


def test_what_is_opened_while_running_is_named() -> None:
    notes = (
        DlopenNote(("liblzma.so.5", "liblzma.so"), "xz", "", "recommended"),
        DlopenNote(("libz.so.1",), priority="required"),
        DlopenNote(("libmine.so",)),
        DlopenNote(("libc.so.6",)),
        DlopenNote(()),
    )
    libraries = joined(binary("elf", dlopen=notes), binary("elf", "demo/libmine.so"))
    assert {name: (one.linkage, one.role, one.required) for name, one in libraries.items()} == {
        "xz": (("dlopen",), "run", "optional"),
        "zlib": (("dlopen",), "run", "yes"),
    }
    assert libraries["xz"].names.soname == ("liblzma.so", "liblzma.so.5")
    assert [(one.kind, one.detail) for one in libraries["xz"].evidence] == [("loaded", "liblzma.so.5 (recommended xz)")]
