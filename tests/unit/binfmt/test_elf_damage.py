"""Damaged and hostile ELF files: an answer or a FormatError, and an end."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from backlit import binfmt
from backlit.errors import FormatError
from damaged import answer_holds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LIBRARY = '#include <stdio.h>\nint answer(void) { return puts("42"); }\n'
_FLAGS = ("-shared", "-fPIC", "-Wl,-soname,libanswer.so.1", "-Wl,-rpath,/opt/lib", "-Wl,-z,noseparate-code", "-s")


@pytest.fixture
def small(image: Callable[..., Any], note: Callable[..., bytes]) -> Any:  # noqa: ANN401 - the class is the conftest's
    return image(
        needed=("libc.so.6", "libz.so.1"),
        soname="libmine.so",
        runpath="/opt/lib",
        needs=(("libc.so.6", ("GLIBC_2.34", "GLIBC_2.4")), ("libz.so.1", ("ZLIB_1.2.0",))),
        interpreter=b"/lib/ld.so\0",
        notes=note("<", b"GNU\0", 3, b"\xab\xcd"),
        comment=b"GCC\0",
    )


@pytest.fixture(scope="module")
def library(compiled: Callable[..., Path]) -> bytes:
    return compiled(_LIBRARY, *_FLAGS).read_bytes()


def test_a_file_cut_anywhere_is_refused(small: Any) -> None:  # noqa: ANN401 - see the fixture
    data = small.build()
    for length in range(4, len(data)):
        with pytest.raises(FormatError):
            binfmt.read(data[:length], "cut")


@pytest.mark.compiler
def test_a_library_cut_anywhere_is_refused(library: bytes) -> None:
    for length in range(4, len(library)):
        with pytest.raises(FormatError):
            binfmt.read(library[:length], "cut")


@pytest.mark.parametrize("fewer", [0, 1, 2, 3])
def test_less_than_the_magic_is_no_elf(fewer: int) -> None:
    assert binfmt.read(b"\x7fELF"[:fewer], "short") is None


@pytest.mark.parametrize("value", [0x00, 0x01, 0x7F, 0x80, 0xFF])
def test_any_byte_may_be_wrong(small: Any, value: int) -> None:  # noqa: ANN401 - see the fixture
    data = small.build()
    read = 0
    for at in range(len(data)):
        read += answer_holds(data[:at] + bytes([value]) + data[at + 1 :])
    assert read > len(data) // 4, "most bytes of a file are no offsets: the reader must not refuse everything"


@pytest.mark.compiler
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_bytes_of_a_library_may_be_wrong(library: bytes, changes: list[tuple[float, int]]) -> None:
    mutant = bytearray(library)
    for place, value in changes:
        # Most of what is read stands in the first tenth, and in the table at the end.
        mutant[int(place**3 * len(library))] = value
        mutant[-1 - int(place**3 * 2000)] = value
    answer_holds(mutant)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_may_follow_the_magic(rest: bytes) -> None:
    answer_holds(b"\x7fELF" + rest)


@settings(deadline=None)
@given(st.sampled_from([1, 2]), st.sampled_from([1, 2]), st.binary(min_size=57, max_size=400))
def test_any_tables_may_follow_the_identification(class_: int, order: int, rest: bytes) -> None:
    answer_holds(b"\x7fELF" + bytes([class_, order, 1]) + rest)


# Where the header of 64 bits has what, and in which layout.
_HEADER = {"phoff": (32, "Q"), "shoff": (40, "Q"), "phentsize": (54, "H"), "phnum": (56, "H")} | {
    "shentsize": (58, "H"),
    "shnum": (60, "H"),
}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"shentsize": 0, "shnum": 0xFFFF}, "entries of 0 bytes"),
        ({"shentsize": 63}, "entries of 63 bytes"),
        ({"phentsize": 0}, "entries of 0 bytes"),
        ({"phoff": 2**63}, "program header table"),
        ({"shoff": 2**64 - 1}, "section header table"),
        ({"phnum": 4_000}, "program header table"),
        ({"phnum": 5_000}, "5000 program headers"),
        ({"shnum": 0xFFF0}, "section header table"),
    ],
    ids=lambda value: ",".join(f"{key}={field}" for key, field in value.items()) if isinstance(value, dict) else "",
)
def test_a_header_that_lies_is_refused(small: Any, fields: dict[str, int], message: str) -> None:  # noqa: ANN401 - see the fixture
    data = bytearray(small.build())
    for name, value in fields.items():
        offset, layout = _HEADER[name]
        struct.pack_into(f"<{layout}", data, offset, value)
    with pytest.raises(FormatError, match=message) as caught:
        binfmt.read(data, "liar")
    assert caught.value.offset is not None
    assert caught.value.where == "liar"


@pytest.mark.parametrize("ident", [(4, 0), (4, 3), (5, 0), (5, 3)], ids=["class 0", "class 3", "order 0", "order 3"])
def test_an_unknown_class_or_byte_order_is_refused(small: Any, ident: tuple[int, int]) -> None:  # noqa: ANN401 - see the fixture
    data = bytearray(small.build())
    data[ident[0]] = ident[1]
    with pytest.raises(FormatError, match="known class and byte order"):
        binfmt.read(data, "odd")


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (((5, 2**40),), "string table is at address"),
        (((5, 0),), "string table is at address"),
        (((10, 0),), "outside it"),
        (((1, 2**31),), "outside it"),
        (((14, 2**64 - 1),), "outside it"),
        (((0x6FFFFFFE, 2**63),), "version needs is at address"),
        (tuple((1, 1) for _ in range(5_000)), "needed libraries"),
        (tuple((2, 1) for _ in range(20_000)), "dynamic entries"),
    ],
    ids=["strings far", "strings before", "no strings", "name outside", "soname outside", "needs", "names", "entries"],
)
def test_a_dynamic_section_that_lies_is_refused(
    image: Callable[..., Any], extra: tuple[tuple[int, int], ...], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        binfmt.read(image(needed=("libc.so.6",), extra=extra).build(), "liar")


def test_version_needs_that_overlap_come_to_an_end(image: Callable[..., Any]) -> None:
    made = image(needs=(("libc.so.6", ("A_1",)),), comment=bytes(400_000))
    data = bytearray(made.build())
    at = made.offsets["needs"]
    struct.pack_into("<HHIII", data, at, 1, 0xFFFF, 1, 1, 1)
    data = data.replace(struct.pack("<QQ", 0x6FFFFFFF, 1), struct.pack("<QQ", 0x6FFFFFFF, 2**63))
    with pytest.raises(FormatError):
        binfmt.read(data, "cycle")


def test_a_version_need_that_links_to_itself_is_read_once(image: Callable[..., Any]) -> None:
    made = image(needs=(("libc.so.6", ("A_1", "A_2")),))
    data = bytearray(made.build())
    struct.pack_into("<I", data, made.offsets["needs"] + 16 + 12, 0)
    native = binfmt.read(data, "self")
    assert native is not None
    assert [floor.version for floor in native.versions] == ["1"]


@pytest.mark.parametrize(
    ("interpreter", "message"),
    [(b"/lib/ld.so", "has no end"), (b"/" * 5_000 + b"\0", "longer than 4096")],
    ids=["no end", "too long"],
)
def test_a_loader_s_path_must_end(image: Callable[..., Any], interpreter: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        binfmt.read(image(interpreter=interpreter).build(), "liar")


def test_a_name_of_megabytes_is_refused(image: Callable[..., Any]) -> None:
    with pytest.raises(FormatError, match="longer than 4096 bytes"):
        binfmt.read(image(needed=("a" * 2_000_000,)).build(), "long")


def test_notes_without_end_give_no_build_id(image: Callable[..., Any], note: Callable[..., bytes]) -> None:
    native = binfmt.read(image(notes=bytes(12 * 5_000) + note("<", b"GNU\0", 3, b"\1")).build(), "many")
    assert native is not None
    assert native.build_id is None


def test_a_table_of_names_that_is_not_there_is_refused(image: Callable[..., Any]) -> None:
    made = image(needed=("libc.so.6",), has_segments=False)
    data = bytearray(made.build())
    struct.pack_into("<I", data, made.offsets["sections"] + 3 * 64 + 40, 99)
    with pytest.raises(FormatError, match="no section 99"):
        binfmt.read(data, "liar")


def test_comments_of_megabytes_are_refused(image: Callable[..., Any]) -> None:
    with pytest.raises(FormatError, match="bytes of comment"):
        binfmt.read(image(comment=bytes(2_000_000)).build(), "long")
