"""The notes of ELF files, and what they import of Python."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from backlit import binfmt
from backlit.model.native import DlopenNote, LinkedCrate, NativeFile, PackageNote, PythonApi

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DLOPEN, _PACKAGE = 0x407C0C0A, 0xCAFE1A7E
BASE = 0x40000
"""Where a hand-made file is loaded to."""


def _read(data: bytes) -> NativeFile:
    native = binfmt.read(data, "pkg/module.so")
    assert native is not None
    return native


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize(
    ("name", "numbers", "system", "floor"),
    [
        (b"GNU\0", (0, 3, 2, 0), "linux", "3.2.0"),
        (b"GNU\0", (1, 0, 9, 0), "hurd", "0.9.0"),
        (b"GNU\0", (77, 0, 0, 0), None, None),
        (b"GNU\0", (0,), None, None),
        (b"Android\0", (24,), "android", "24"),
        (b"FreeBSD\0", (1302001,), "freebsd", "13.2"),
        (b"NetBSD\0", (1003000000,), "netbsd", "10.3"),
        (b"OpenBSD\0", (0,), "openbsd", None),
        (b"OpenBSD\0", (), None, None),
        (b"Go\0\0", (1,), None, None),
    ],
    ids=["Linux", "Hurd", "unknown", "short", "Android", "FreeBSD", "NetBSD", "OpenBSD", "empty", "Go"],
)
def test_the_system_and_its_oldest_version_are_noted(
    image: Callable[..., Any],
    note: Callable[..., bytes],
    order: str,
    name: bytes,
    numbers: tuple[int, ...],
    system: str | None,
    floor: str | None,
) -> None:
    content = struct.pack(f"{order}{len(numbers)}I", *numbers)
    native = _read(image(order=order, notes=note(order, name, 1, content)).build())
    assert (native.system, native.system_floor) == (system, floor)


@pytest.mark.parametrize(
    ("options", "libc", "system"),
    [
        ({"needed": ("libc.so.6",)}, "glibc", "linux"),
        ({"needs": (("libc.so.6", ("GLIBC_2.17",)),)}, "glibc", "linux"),
        ({"needed": ("libgcc_s.so.1",), "needs": (("libgcc_s.so.1", ("GLIBC_2.0",)),)}, None, None),
        ({"needed": ("libc.musl-x86_64.so.1",)}, "musl", "linux"),
        ({"interpreter": b"/lib/ld-musl-aarch64.so.1\0"}, "musl", "linux"),
        ({"interpreter": b"/system/bin/linker64\0"}, "bionic", "android"),
        ({"needed": ("libc.so",)}, None, None),
        ({}, None, None),
    ],
    ids=["glibc", "glibc's versions", "compiler's", "musl", "musl's loader", "bionic", "any", "none"],
)
def test_the_c_library_is_told_by_a_name_of_its_own(
    image: Callable[..., Any], options: dict[str, Any], libc: str | None, system: str | None
) -> None:
    native = _read(image(**options).build())
    assert (native.libc, native.system) == (libc, system)


def test_libraries_to_be_opened_are_noted(image: Callable[..., Any], note: Callable[..., bytes]) -> None:
    entries = [
        {"soname": ["libz.so.1", "libz.so"], "feature": "zip", "description": "Packs", "priority": "recommended"},
        {"soname": ["liblzma.so.5"]},
        {"soname": "libx.so"},
        {"feature": "none"},
        7,
    ]
    notes = note("<", b"FDO\0", _DLOPEN, json.dumps(entries).encode() + b"\0")
    notes += note("<", b"FDO\0", _DLOPEN, b'[{"soname": ["\\ud800.so"]}]')
    assert _read(image(notes=notes).build()).dlopen == (
        DlopenNote(("libz.so.1", "libz.so"), "zip", "Packs", "recommended"),
        DlopenNote(("liblzma.so.5",)),
        DlopenNote(("\\ud800.so",)),
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"no JSON", b"{}", b"3", b"[" * 60_000, b'[{"soname": [1]}]', b"[" + b" " * 70_000 + b"]", b"\xff"],
    ids=["empty", "text", "table", "number", "deep", "no names", "long", "no UTF-8"],
)
def test_notes_of_another_shape_say_nothing(
    image: Callable[..., Any], note: Callable[..., bytes], content: bytes
) -> None:
    notes = note("<", b"FDO\0", _DLOPEN, content) + note("<", b"FDO\0", _PACKAGE, content)
    native = _read(image(notes=notes).build())
    assert native.dlopen == ()
    assert native.package in {None, PackageNote("", "", "")}


def test_the_first_package_note_counts(image: Callable[..., Any], note: Callable[..., bytes]) -> None:
    text = {
        "type": "deb",
        "name": "demo",
        "version": "1-2",
        "osCpe": "cpe:/o:debian:debian_linux:13",
        "moduleVersion": 3,
    }
    notes = note("<", b"FDO\0", _PACKAGE, json.dumps(text).encode() + b"\0\0\0")
    notes += note("<", b"FDO\0", _PACKAGE, b'{"name": "other"}')
    expected = PackageNote("deb", "demo", "1-2", "cpe:/o:debian:debian_linux:13")
    assert _read(image(notes=notes).build()).package == expected
    assert _read(image(notes=notes, has_segments=False, type=1).build()).package == expected


_EXTENSION = """
extern void *PyList_New(long); extern int PyType_GetName(void *);
#ifdef OTHER
extern void *PyCode_New(void);
#endif
int PyOS_mine;
void *PyInit_module(void) {
#ifdef OTHER
    PyCode_New();
#endif
    PyType_GetName(0);
    return PyList_New(PyOS_mine);
}
"""


@pytest.mark.compiler
@pytest.mark.parametrize("style", ["gnu", "sysv", "both"])
@pytest.mark.parametrize("stripped", [False, True], ids=["whole", "without section headers"])
def test_imports_are_found_through_either_hash_table(
    compiled: Callable[..., Path], style: str, *, stripped: bool
) -> None:
    data = bytearray(compiled(_EXTENSION, "-shared", "-fPIC", f"-Wl,--hash-style={style}").read_bytes())
    if stripped:
        struct.pack_into("<Q", data, 40, 0)
        struct.pack_into("<HHH", data, 58, 0, 0, 0)
    assert _read(bytes(data)).python == PythonApi(limited=True, floor="3.11")


@pytest.mark.parametrize(
    "extra", [((6, BASE),), ((6, BASE), (4, BASE)), ((6, BASE), (0x6FFFFEF5, BASE + 8))], ids=["none", "count", "GNU's"]
)
def test_symbols_of_unknown_number_say_nothing(image: Callable[..., Any], extra: tuple[tuple[int, int], ...]) -> None:
    native = _read(image(extra=extra, has_sections=False).build())
    assert (native.python, native.kind) == (None, "shared")


@pytest.mark.compiler
def test_names_beyond_the_stable_abi_are_kept(compiled: Callable[..., Path]) -> None:
    native = _read(compiled(_EXTENSION, "-shared", "-fPIC", "-DOTHER").read_bytes())
    assert native.python == PythonApi(limited=False, floor=None, beyond=("PyCode_New",))


@pytest.mark.compiler
def test_a_module_that_exports_nothing_is_read_too(compiled: Callable[..., Path]) -> None:
    text = "extern int PyList_New(long); __attribute__((constructor)) static void start(void) { PyList_New(0); }\n"
    native = _read(compiled(text, "-shared", "-fPIC", "-fvisibility=hidden").read_bytes())
    assert native.python == PythonApi(limited=True, floor="3.2")


@pytest.mark.compiler
def test_the_crates_of_an_auditable_build_are_read(compiled: Callable[..., Path], tmp_path: Path) -> None:
    library = compiled("int answer(void) { return 42; }\n", "-shared", "-fPIC")
    packed = zlib.compress(json.dumps({"packages": [{"name": "a", "version": "1", "source": "crates.io"}]}).encode())
    (tmp_path / "crates").write_bytes(packed)
    crates, out = tmp_path / "crates", tmp_path / "out.so"
    subprocess.run(["objcopy", f"--add-section=.dep-v0={crates}", str(library), str(out)], check=True)
    assert _read((tmp_path / "out.so").read_bytes()).crates == (LinkedCrate("a", "1", "crates.io"),)
