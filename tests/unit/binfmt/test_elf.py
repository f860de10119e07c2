"""The reader of ELF files, over files made by hand and by a compiler."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest

from backlit import binfmt
from backlit.model.native import VersionFloor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.model.native import NativeFile

_LIBRARY = "int answer(void) { return 42; }\n"
_PROGRAM = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'

_CLASSES = pytest.mark.parametrize(
    ("bits", "order"),
    [(32, "<"), (32, ">"), (64, "<"), (64, ">")],
    ids=["32-little", "32-big", "64-little", "64-big"],
)


def _read(data: bytes) -> NativeFile:
    native = binfmt.read(data, "pkg/module.so")
    assert native is not None
    return native


@_CLASSES
@pytest.mark.parametrize("has_sections", [True, False], ids=["sections", "stripped of sections"])
def test_everything_is_read_in_each_class_and_byte_order(
    image: Callable[..., Any], note: Callable[..., bytes], bits: int, order: str, *, has_sections: bool
) -> None:
    data = image(
        bits=bits,
        order=order,
        needed=("libz.so.1", "libc.so.6", "libz.so.1"),
        soname="libmine.so.2",
        rpath="$ORIGIN/../lib:/opt/lib",
        runpath="$ORIGIN",
        needs=(("libc.so.6", ("GLIBC_2.34", "GLIBC_2.4")), ("libz.so.1", ("ZLIB_1.2.0",))),
        notes=note(order, b"GNU\0", 1, bytes(16)) + note(order, b"GNU\0", 3, b"\xab\xcd\x01"),
        comment=b"GCC: (Debian) 12.2\0clang 15\0GCC: (Debian) 12.2\0",
        has_sections=has_sections,
    ).build()
    native = _read(data)
    assert (native.path, native.format, native.kind) == ("pkg/module.so", "elf", "shared")
    assert (native.bits, native.byteorder) == (bits, "little" if order == "<" else "big")
    assert native.needed == ("libz.so.1", "libc.so.6", "libz.so.1")
    assert native.soname == "libmine.so.2"
    assert native.rpath == ("$ORIGIN/../lib", "/opt/lib")
    assert native.runpath == ("$ORIGIN",)
    assert native.versions == (
        VersionFloor(soname="libc.so.6", name="GLIBC", version="2.34"),
        VersionFloor(soname="libz.so.1", name="ZLIB", version="1.2.0"),
    )
    assert native.build_id == "abcd01"
    assert native.comments == (("GCC: (Debian) 12.2", "clang 15") if has_sections else ())
    assert native.interpreter is None
    assert native.size == len(data)


@_CLASSES
def test_without_segments_the_sections_are_read(
    image: Callable[..., Any], note: Callable[..., bytes], bits: int, order: str
) -> None:
    native = _read(
        image(
            bits=bits,
            order=order,
            type=1,
            needed=("libz.so.1",),
            needs=(("libz.so.1", ("ZLIB_1.2.0",)),),
            notes=note(order, b"GNU\0", 3, b"\x01"),
            has_segments=False,
        ).build()
    )
    assert native.kind == "object"
    assert native.needed == ("libz.so.1",)
    assert [floor.version for floor in native.versions] == ["1.2.0"]
    assert native.build_id == "01"


@_CLASSES
def test_counts_too_large_for_the_header_are_read_from_the_first_section(
    image: Callable[..., Any], bits: int, order: str
) -> None:
    native = _read(
        image(bits=bits, order=order, needed=("libz.so.1",), comment=b"GCC\0", has_large_counts=True).build()
    )
    assert native.needed == ("libz.so.1",)
    assert native.comments == ("GCC",)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"type": 1, "has_segments": False}, "object"),
        ({"type": 2}, "executable"),
        ({"type": 3}, "shared"),
        ({"type": 3, "extra": ((0x6FFFFFFB, 0x08000001),)}, "executable"),
        ({"type": 3, "extra": ((0x6FFFFFFB, 0x1),)}, "shared"),
        ({"type": 3, "interpreter": b"/lib/ld.so\0"}, "executable"),
        ({"type": 3, "interpreter": b"/lib/ld.so\0", "soname": "libc.so.6"}, "shared"),
        ({"type": 4}, "other"),
        ({"type": 0xFE00}, "other"),
    ],
    ids=["object", "fixed", "library", "PIE", "now", "old PIE", "libc", "core", "system's own"],
)
def test_the_kind_is_what_the_file_is_for(image: Callable[..., Any], options: dict[str, Any], kind: str) -> None:
    assert _read(image(**options).build()).kind == kind


@pytest.mark.parametrize(
    ("machine", "bits", "order", "name"),
    [
        (62, 64, "<", "x86_64"),
        (62, 32, "<", "x86_64"),
        (3, 32, "<", "i686"),
        (40, 32, "<", "arm"),
        (183, 64, "<", "aarch64"),
        (183, 64, ">", "aarch64_be"),
        (243, 32, "<", "riscv32"),
        (243, 64, "<", "riscv64"),
        (20, 32, ">", "ppc"),
        (21, 64, ">", "ppc64"),
        (21, 64, "<", "ppc64le"),
        (22, 32, ">", "s390"),
        (22, 64, ">", "s390x"),
        (258, 64, "<", "loongarch64"),
        (8, 32, ">", "mips"),
        (8, 64, "<", "mips64"),
        (43, 64, ">", "sparc64"),
        (0x9026, 64, "<", "alpha"),
        (190, 64, "<", "unknown-190"),
    ],
)
def test_the_architecture_is_named_as_the_kernel_names_it(
    image: Callable[..., Any], machine: int, bits: int, order: str, name: str
) -> None:
    assert _read(image(machine=machine, bits=bits, order=order).build()).architecture == name


@pytest.mark.parametrize(
    ("names", "floors"),
    [
        (("GLIBC_2.9", "GLIBC_2.34", "GLIBC_2.3.4"), [("GLIBC", "2.34")]),
        (("GLIBC_2.34", "GLIBC_PRIVATE"), [("GLIBC", "2.34"), ("GLIBC_PRIVATE", "")]),
        (
            ("GLIBCXX_3.4.9", "GLIBCXX_3.4.29", "GLIBCXX_DEBUG", "CXXABI_1.3", "CXXABI_FLOAT128"),
            [("CXXABI", "1.3"), ("CXXABI_FLOAT128", ""), ("GLIBCXX", "3.4.29"), ("GLIBCXX_DEBUG", "")],
        ),
        (("OPENSSL_1_1_0", "OPENSSL_1_1_1d", "OPENSSL_1_1_1"), [("OPENSSL", "1_1_1d")]),
        (("Qt_5", "Qt_5.15", "Qt_5_PRIVATE_API"), [("Qt", "5.15"), ("Qt_5_PRIVATE_API", "")]),
        (("NCURSES6_TINFO_5.0.19991023",), [("NCURSES6_TINFO", "5.0.19991023")]),
        (("libcurl.so.4", "krb5_3_MIT", "Base"), [("Base", ""), ("krb5_3_MIT", ""), ("libcurl.so.4", "")]),
        (("A_2.05", "A_2.5"), [("A", "2.5")]),
        (
            ("2.5", "_2.5", "", "_", "A_", "A_2."),
            [(name, "") for name in ("", "2.5", "A_", "A_2.", "_", "_2.5")],
        ),
        ((f"A_{'9' * 900}", f"A_1{'0' * 900}"), [("A", f"1{'0' * 900}")]),
    ],
    ids=["numbers", "private", "C++", "letters", "Qt", "digits in the family", "no numbers", "zeros", "odd", "huge"],
)
def test_the_newest_version_of_each_family_is_kept(
    image: Callable[..., Any], names: tuple[str, ...], floors: list[tuple[str, str]]
) -> None:
    native = _read(image(needs=(("libx.so", names),)).build())
    assert [(floor.name, floor.version) for floor in native.versions] == floors


def test_families_of_two_libraries_are_kept_apart(image: Callable[..., Any]) -> None:
    native = _read(image(needs=(("libm.so.6", ("GLIBC_2.29",)), ("libc.so.6", ("GLIBC_2.4",)))).build())
    assert [(floor.soname, floor.version) for floor in native.versions] == [("libc.so.6", "2.4"), ("libm.so.6", "2.29")]


@pytest.mark.parametrize("padding", [4, 8])
def test_the_build_id_is_found_behind_other_notes(
    image: Callable[..., Any], note: Callable[..., bytes], padding: int
) -> None:
    notes = note("<", b"stapsdt\0", 3, bytes(21), padding) + note("<", b"GNU\0", 5, bytes(12), padding)
    notes += note("<", b"GNU\0", 3, b"\x00\xff", padding)
    assert _read(image(notes=notes, note_align=padding).build()).build_id == "00ff"


@pytest.mark.parametrize(
    "notes",
    [b"", b"\1\2\3", struct.pack("<III", 4, 2**31, 3) + b"GNU\0", struct.pack("<III", 2**32 - 1, 0, 3)],
    ids=["none", "too short", "content outside", "name outside"],
)
def test_notes_that_break_off_give_no_build_id(image: Callable[..., Any], notes: bytes) -> None:
    assert _read(image(notes=notes).build()).build_id is None


def test_names_that_are_no_utf8_can_be_written_anywhere(image: Callable[..., Any]) -> None:
    made = image(needed=("libABC.so",))
    native = _read(made.build().replace(b"libABC.so", b"lib\xff\xfeC.so"))
    assert native.needed == ("lib\\xff\\xfeC.so",)


def test_an_empty_rpath_has_no_folders(image: Callable[..., Any]) -> None:
    assert _read(image(rpath="").build()).rpath == ()


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("flag", "rpath", "runpath"),
    [("--disable-new-dtags", ("$ORIGIN/libs", "/opt/x"), ()), ("--enable-new-dtags", (), ("$ORIGIN/libs", "/opt/x"))],
    ids=["RPATH", "RUNPATH"],
)
def test_the_linker_decides_between_rpath_and_runpath(
    compiled: Callable[..., Path], flag: str, rpath: tuple[str, ...], runpath: tuple[str, ...]
) -> None:
    path = compiled(
        _LIBRARY, "-shared", "-fPIC", "-Wl,-rpath,$ORIGIN/libs:/opt/x", f"-Wl,{flag}", "-Wl,-soname,libanswer.so.1"
    )
    native = binfmt.read_file(path)
    assert native is not None
    assert (native.rpath, native.runpath, native.soname) == (rpath, runpath, "libanswer.so.1")
    assert native.kind == "shared"


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("flags", "kind", "has_interpreter"),
    [
        (("-pie", "-fPIE"), "executable", True),
        (("-no-pie",), "executable", True),
        (("-static",), "executable", False),
        (("-c",), "object", False),
    ],
    ids=["pie", "no-pie", "static", "object"],
)
def test_what_the_compiler_makes_is_told_apart(
    compiled: Callable[..., Path], flags: tuple[str, ...], kind: str, *, has_interpreter: bool
) -> None:
    native = binfmt.read_file(compiled(_PROGRAM, *flags))
    assert native is not None
    assert native.kind == kind
    assert (native.interpreter is not None) is has_interpreter
    assert any(comment.startswith("GCC:") for comment in native.comments)


@pytest.mark.compiler
def test_a_set_build_id_and_needed_libraries_are_read(compiled: Callable[..., Path]) -> None:
    path = compiled(_LIBRARY, "-shared", "-fPIC", "-Wl,--no-as-needed", "-lm", "-Wl,--build-id=0xc0ffee")
    native = binfmt.read_file(path)
    assert native is not None
    assert native.build_id == "c0ffee"
    assert native.needed == ("libm.so.6", "libc.so.6")
