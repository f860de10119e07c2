"""Bounds-checked reading of untrusted bytes.

Every read names its offset from the start of the bytes, and lies inside them or raises :class:`FormatError`. What is
given back is a copy, so that a mapped file can be closed as soon as its reader is done.

The bytes may stand in memory, or come one part at a time from where they are compressed: all that is asked of them is
their number, and slices.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Protocol

from backlit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

_STEP = 256
"""How many bytes a search for a string's end looks at in one go."""


class Source(Protocol):
    """Bytes in memory, or ones that are inflated while they are read."""

    def __len__(self) -> int:
        """Give how many bytes there are."""
        ...

    def __getitem__(self, part: slice, /) -> bytes | memoryview:
        """Give the bytes of a slice that lies inside, with a step of one."""
        ...

    def keep(self, start: int, size: int, /) -> None:
        """Say beforehand that these bytes will be wanted, though others that stand behind them are read first."""
        ...


class Memory:
    """Bytes in memory."""

    __slots__ = ("_data",)

    def __init__(self, data: memoryview) -> None:
        """Read `data`: single bytes, in one piece."""
        self._data = data

    def __len__(self) -> int:
        """Give how many bytes there are."""
        return len(self._data)

    def __getitem__(self, part: slice) -> memoryview:
        """Give the bytes of a slice."""
        return self._data[part]

    def keep(self, start: int, size: int) -> None:
        """Do nothing: all bytes are at hand."""


class Part:
    """Bytes inside others, as if they stood alone."""

    __slots__ = ("_size", "_source", "_start")

    def __init__(self, source: Source, start: int, size: int) -> None:
        """Read the `size` bytes from `start`, all of which lie inside."""
        self._source = source
        self._start = start
        self._size = size

    def __len__(self) -> int:
        """Give how many bytes there are."""
        return self._size

    def __getitem__(self, part: slice) -> bytes | memoryview:
        """Give the bytes of a slice that lies inside."""
        start, stop, _ = part.indices(self._size)
        return self._source[self._start + start : self._start + stop]

    def keep(self, start: int, size: int) -> None:
        """Say beforehand that these bytes will be wanted."""
        self._source.keep(self._start + start, size)


class Cursor:
    """Bytes of one byte order, read at given offsets."""

    def __init__(self, data: Source, *, order: Literal["<", ">"] = "<", where: str = "") -> None:
        """Read `data`; `where` is named by each error."""
        self._data = data
        self._where = where
        self.order: Literal["<", ">"] = order
        """The byte order, as :mod:`struct` writes it."""
        self.size = len(data)
        """How many bytes there are."""

    def span(self, offset: int, size: int, what: str) -> int:
        """Give the end of `size` bytes from `offset`.

        :raises FormatError: if they are not all inside; it calls them `what`.
        """
        if offset < 0 or size < 0 or offset + size > self.size:
            raise self.fault(f"{what} of {size} bytes lies outside the file's {self.size}", offset)
        return offset + size

    def bytes_at(self, offset: int, size: int, what: str) -> bytes:
        """Give a copy of `size` bytes from `offset`.

        :raises FormatError: if they are not all inside.
        """
        return bytes(self._data[offset : self.span(offset, size, what)])

    def keep(self, offset: int, size: int, most: int) -> None:
        """Say that `size` bytes from `offset` will be wanted; nothing is said if they are more than `most`."""
        if size <= most:
            self._data.keep(offset, size)

    def unpack(self, layout: str, offset: int, what: str) -> tuple[int, ...]:
        """Give the numbers of a :mod:`struct` layout written without its byte order, unpadded, from `offset`.

        :raises FormatError: if they are not all inside.
        """
        layout = self.order + layout
        return struct.unpack(layout, self._data[offset : self.span(offset, struct.calcsize(layout), what)])

    def table(self, layout: str, offset: int, count: int, stride: int, what: str) -> Iterator[tuple[int, ...]]:
        """Give `count` entries of one layout, the first at `offset`, each `stride` bytes after the one before.

        The whole table is checked before the first entry is given.

        :raises FormatError: if it is not all inside, or an entry is longer than `stride`.
        """
        layout = self.order + layout
        unread = stride - struct.calcsize(layout)
        if unread < 0:
            raise self.fault(f"{what} has entries of {stride} bytes", offset)
        end = self.span(offset, count * stride, what)
        return struct.iter_unpack(f"{layout}{unread}x", bytes(self._data[offset:end]))

    def string(self, offset: int, end: int, limit: int, what: str) -> str:
        r"""Give the text from `offset` to the NUL byte that must stand before `end`.

        Bytes that are no UTF-8 become ``\xff``, so that the text can be printed and written anywhere.

        :raises FormatError: if there is no NUL byte before `end`, or none within `limit` bytes.
        """
        self.span(offset, end - offset, what)
        text = b""
        while True:
            at = offset + len(text)
            chunk = bytes(self._data[at : min(end, at + _STEP)])
            before, nul, _ = chunk.partition(b"\0")
            text += before
            if len(text) > limit:
                break
            if nul:
                return text.decode(errors="backslashreplace")
            if at + len(chunk) == end:
                raise self.fault(f"{what} has no end", offset)
        raise self.fault(f"{what} is longer than {limit} bytes", offset)

    def limit(self, count: int, most: int, what: str, offset: int) -> None:
        """Hold a count, read at an offset, against the most that is read.

        :raises FormatError: if it is more; it calls what is counted `what`.
        """
        if count > most:
            raise self.fault(f"{count} {what}, and no more than {most} are read,", offset)

    def fault(self, problem: str, offset: int) -> FormatError:
        """Give the error to raise for a problem at an offset."""
        return FormatError(problem, offset=offset, where=self._where)
