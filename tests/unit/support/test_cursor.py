"""Bounds-checked reading."""

from __future__ import annotations

import struct
from typing import Literal

import pytest
from hypothesis import given, strategies as st

from backlit.errors import FormatError
from backlit.support.cursor import Cursor, Memory, Part


def _cursor(data: bytes, order: Literal["<", ">"] = "<", where: str = "") -> Cursor:
    return Cursor(Memory(memoryview(data)), order=order, where=where)


@pytest.mark.parametrize(("order", "number"), [("<", 0x0201), (">", 0x0102)], ids=["little", "big"])
def test_numbers_are_read_in_the_order_given(order: Literal["<", ">"], number: int) -> None:
    assert _cursor(b"\1\2", order=order).unpack("H", 0, "number") == (number,)


@pytest.mark.parametrize("offset", [-1, 3, 4, 2**64], ids=["before", "across the end", "at the end", "far beyond"])
def test_a_read_outside_the_bytes_is_refused_with_its_offset(offset: int) -> None:
    with pytest.raises(FormatError, match="number of 2 bytes lies outside") as caught:
        _cursor(b"abcd", where="some/file").unpack("H", offset, "number")
    assert caught.value.offset == offset
    assert caught.value.where == "some/file"


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(FormatError):
        _cursor(b"abcd").bytes_at(2, -1, "piece")


@given(st.binary(max_size=64), st.integers(-80, 80), st.integers(-80, 80))
def test_bytes_come_back_as_they_are_or_not_at_all(data: bytes, offset: int, size: int) -> None:
    cursor = _cursor(data)
    if 0 <= offset <= offset + size <= len(data):
        assert cursor.bytes_at(offset, size, "piece") == data[offset : offset + size]
    else:
        with pytest.raises(FormatError):
            cursor.bytes_at(offset, size, "piece")


def test_a_table_is_read_by_its_stride() -> None:
    data = struct.pack("<HHHHHH", 1, 0, 2, 0, 3, 0)
    assert list(_cursor(data).table("H", 0, 3, 4, "table")) == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("offset", "count", "stride"),
    [(0, 4, 4), (8, 2, 4), (0, 2**60, 4), (0, 2, 0), (0, 2, 3)],
    ids=["one too many", "starts late", "huge count", "stride of nothing", "stride below an entry"],
)
def test_a_table_is_checked_before_its_first_entry(offset: int, count: int, stride: int) -> None:
    with pytest.raises(FormatError):
        _cursor(bytes(12)).table("I", offset, count, stride, "table")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"libc\0rest", "libc"),
        (b"\0", ""),
        (b"a" * 300 + b"\0", "a" * 300),
        (b"a\xff\0", "a\\xff"),
        ("é\0".encode(), "é"),
    ],
    ids=["short", "empty", "longer than one step", "no UTF-8", "UTF-8"],
)
def test_a_string_ends_at_its_nul(data: bytes, text: str) -> None:
    assert _cursor(data).string(0, len(data), 1_000, "name") == text


@pytest.mark.parametrize(
    ("data", "end", "message"),
    [
        (b"libc", 4, "name has no end"),
        (b"libc\0", 4, "name has no end"),
        (b"", 0, "name has no end"),
        (b"libc\0", 6, "lies outside"),
        (b"a" * 301 + b"\0", 302, "longer than 300 bytes"),
    ],
    ids=["no nul", "nul after the end", "nothing", "end outside", "too long"],
)
def test_a_string_without_an_end_is_refused(data: bytes, end: int, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        _cursor(data).string(0, end, 300, "name")


@given(st.binary(max_size=700), st.integers(0, 700), st.integers(0, 600))
def test_a_string_is_what_partition_finds(data: bytes, offset: int, limit: int) -> None:
    text, nul, _ = data[offset:].partition(b"\0")
    if offset <= len(data) and nul and len(text) <= limit:
        assert _cursor(data).string(offset, len(data), limit, "name") == text.decode(errors="backslashreplace")
    else:
        with pytest.raises(FormatError):
            _cursor(data).string(offset, len(data), limit, "name")


def test_a_count_is_held_against_its_limit() -> None:
    cursor = _cursor(b"")
    cursor.limit(3, 3, "things", 7)
    with pytest.raises(FormatError, match="4 things") as caught:
        cursor.limit(4, 3, "things", 7)
    assert caught.value.offset == 7


def test_nothing_holds_on_to_the_bytes_after_a_read() -> None:
    data = bytearray(b"name\0")
    view = memoryview(data)
    Cursor(Memory(view)).string(0, 5, 10, "name")
    view.release()
    data.append(0)
    assert len(data) == 6


def test_a_part_stands_alone() -> None:
    part = Part(Memory(memoryview(b"0123456789")), 2, 5)
    assert (len(part), bytes(part[1:4]), bytes(part[3:])) == (5, b"345", b"56")
    with pytest.raises(FormatError):
        Cursor(part).bytes_at(3, 3, "piece")


def test_what_will_be_wanted_is_told_where_it_is_inflated() -> None:
    asked: list[tuple[int, int]] = []

    class _Inflated(Memory):
        def keep(self, start: int, size: int) -> None:
            asked.append((start, size))

    cursor = Cursor(Part(_Inflated(memoryview(bytes(100))), 10, 50))
    cursor.keep(5, 20, 20)
    cursor.keep(5, 21, 20)
    assert asked == [(15, 20)]
