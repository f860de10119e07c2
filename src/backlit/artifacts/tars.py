"""Compressed tar archives read as a stream: sdists.

A reader of our own rather than :mod:`tarfile`, which recurses, searches headers with expressions that take quadratic
time (CVE-2024-6232), goes backwards without end (CVE-2025-8194), and takes longer to import than many sdists take to
read.
Read are the formats that :mod:`tarfile`, GNU tar and bsdtar write: ustar, GNU and pax. An sdist may have thousands of
members with two headers each, so what is done for each is kept short.

After POSIX.1-2017, pax, "ustar Interchange Format", and GNU tar's manual, "Basic Tar Format".
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Final

from backlit.artifacts.compressed import CHUNK, reader_of
from backlit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from backlit.artifacts.compressed import Compressed

_BLOCK: Final = 512
_MOST_BYTES: Final = 2 << 30
_MOST_RATIO: Final = 200
_FREE_BYTES: Final = 16 << 20
_MOST_HEADERS: Final = 3 * 65_535
"""A member has up to three."""
_MOST_HEADER_BYTES: Final = 1 << 20

_ADLER: Final = 65_521
"""The prime that Adler-32's halves are taken by (RFC 1950)."""

_BLANK: Final = 8 * ord(" ")
"""The sum of a checksum's field that is blank."""

_HEADER: Final = struct.Struct("100s 24x 12s 12x 8s c 100x 6s 82x 155s 12x")
"""Name, size, checksum, type, mark, and ustar's prefix of the name."""

_REGULAR: Final = frozenset({b"0", b"\0", b"7"})
_LINKS: Final = frozenset({b"1", b"2"})
_FOLDER: Final = b"5"


class Member:
    """A file or a link inside an archive."""

    __slots__ = ("is_link", "name", "read", "size")

    def __init__(self, name: str, size: int, read: Callable[[], bytes], *, is_link: bool = False) -> None:
        self.name = name
        """Its path, as recorded."""
        self.size = size
        """Its size in bytes."""
        self.read = read
        """Gives its whole content; works until the next member is asked for."""
        self.is_link = is_link
        """True for a symbolic or hard link, which has no content of its own."""


def members_of(path: Path) -> Iterator[Member]:
    """Give the files and links inside a ``.tar.gz``, ``.tar.bz2`` or ``.tar.xz``, in file order, without the folders.

    :raises FormatError: if the archive is damaged, too large, or has devices or sparse files inside.
    :raises InputError: if the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    with file:
        size = file.seek(0, 2)
        file.seek(0)
        most = min(_MOST_BYTES, _FREE_BYTES + _MOST_RATIO * size)
        stream = _Stream(reader_of(path.name)(file.read), most, path.name)
        yield from _members(stream)
        while stream.read(CHUNK):  # To the end, where the checksum is.
            pass


class _Stream:
    """Bytes read once, forwards, up to a limit."""

    def __init__(self, source: Compressed, most: int, where: str) -> None:
        self._source = source
        self._most = most
        self._where = where
        self._ahead = b""
        self._at = 0
        """How much of what was read ahead has been given."""
        self._before = 0
        """The position of the first byte of what was read ahead."""

    @property
    def position(self) -> int:
        """How many bytes have been given, or passed over."""
        return self._before + self._at

    def read(self, size: int) -> bytes:
        """Give the next `size` bytes; fewer at the end."""
        start, end = self._at, self._at + size
        if end > len(self._ahead):
            self._fill(size)
            start, end = 0, min(size, len(self._ahead))
        self._at = end
        return self._ahead[start:end]

    def exactly(self, size: int) -> bytes:
        """Give the next `size` bytes."""
        content = self.read(size)
        if len(content) != size:
            raise self.fault("the tar archive breaks off")
        return content

    def skip_to(self, position: int) -> None:
        """Move on to a position."""
        if position > self._most:
            raise self.fault(f"expands to more than {self._most} bytes")
        while position > self._before + len(self._ahead):
            self._at = len(self._ahead)
            self._fill(min(position - self.position, CHUNK))
            if not self._ahead:
                raise self.fault("the tar archive breaks off")
        self._at = position - self._before

    def _fill(self, size: int) -> None:
        """Have at least `size` bytes ahead, unless it ends before."""
        if self.position + size > self._most:
            raise self.fault(f"expands to more than {self._most} bytes")
        parts = [self._ahead[self._at :]]
        missing = size - len(parts[0])
        try:
            while missing > 0 and (part := self._source.read(max(missing, CHUNK))):
                parts.append(part)
                missing -= len(part)
        except (OSError, EOFError, zlib.error) as error:
            raise self.fault(f"no {self._source.kind} archive that can be read: {error}") from error
        self._before += self._at
        self._ahead, self._at = b"".join(parts), 0

    def fault(self, problem: str) -> FormatError:
        return FormatError(problem, offset=self.position, where=self._where)


def _members(stream: _Stream) -> Iterator[Member]:
    said: dict[str, bytes] = {}
    for count, (name, own_size, type_) in enumerate(_headers(stream)):
        if count >= _MOST_HEADERS:
            raise stream.fault(f"more than {_MOST_HEADERS} headers")
        start = stream.position
        size = _size_of(stream, own_size, type_, said)
        if type_ in {b"x", b"L"}:
            said |= _extended(stream, size, type_)
        elif type_ not in {b"g", b"K"}:
            member = _member(stream, said.get("path", name), size, type_, said)
            said = {}
            if member:
                yield member
        stream.skip_to(start + -(-size // _BLOCK) * _BLOCK)


def _headers(stream: _Stream) -> Iterator[tuple[bytes, int, bytes]]:
    """Give name, size and type of each header, up to the first block of zeros, or the end."""
    while (block := stream.read(_BLOCK)) and any(block):
        if len(block) != _BLOCK:
            raise stream.fault("the tar archive breaks off")
        name, length, checksum, type_, mark, prefix = _HEADER.unpack(block)
        number = _number(checksum)
        # The sum of all bytes, as if its own field were blank. Adler-32, which is quick, has it and one in its lower
        # half, modulo a prime.
        if number is None or (number + 1 + sum(checksum) - _BLANK) % _ADLER != zlib.adler32(block) & 0xFFFF:
            raise stream.fault("no tar header: wrong checksum")
        size = _number(length)
        if size is None:
            raise stream.fault("no tar header: wrong size")
        name = _text(name)
        # GNU's own header has the same mark but for its last bytes, and other things where ustar's prefix is.
        if prefix[0] and mark == b"ustar\0":
            name = _text(prefix) + b"/" + name
        yield name, size, type_


def _number(field: bytes) -> int | None:
    """Give the number in a field: octal text, or, with its first bit set, bytes; None if it is none or negative."""
    digits = field.rstrip(b"\0 ")
    if not digits.isdigit():
        if field[0] & 0x80:
            return int.from_bytes(field[1:]) if field[0] == 0x80 else None  # noqa: PLR2004 - the mark of a positive number
        digits = _text(field).strip()
        if not digits:
            return 0
    return int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else None


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _size_of(stream: _Stream, size: int, type_: bytes, said: dict[str, bytes]) -> int:
    """Give how many bytes follow a header: pax may say it where the header's own field is too short."""
    if type_ in _LINKS or type_ == _FOLDER:
        return 0
    if type_ not in _REGULAR or "size" not in said:
        return size
    digits = said["size"]
    if not digits.isdigit() or len(digits) > 20:  # noqa: PLR2004 - more than any 64-bit number has
        raise stream.fault("no pax header: wrong size")
    return int(digits)


def _extended(stream: _Stream, size: int, type_: bytes) -> dict[str, bytes]:
    """Give what an extended header says of the header after it: its path and size, and that it is sparse."""
    if size > _MOST_HEADER_BYTES:
        raise stream.fault(f"a tar header of {size} bytes")
    content = stream.exactly(size)
    if type_ == b"L":
        return {"path": _text(content)}
    said: dict[str, bytes] = {}
    at = 0
    while at < size and content[at]:
        record = _RECORD.match(content, at)
        end = at + int(record[1]) if record else 0
        if record is None or end <= record.end() or end > size or content[end - 1] != _LINE_FEED:
            raise stream.fault("no pax header: wrong record")
        if key := _KEPT.get(record[2]) or (b"GNU.sparse." in record[2] and "sparse"):
            said[key] = content[record.end() : end - 1]
        at = end
    return said


_RECORD: Final = re.compile(rb"(\d{1,19}) ([^=]*)=")

_LINE_FEED: Final = ord("\n")

_KEPT: Final = {b"path": "path", b"size": "size"}


def _member(stream: _Stream, path: bytes, size: int, type_: bytes, said: dict[str, bytes]) -> Member | None:
    name = path.decode(errors="backslashreplace")
    if type_ == _FOLDER or (type_ in _REGULAR and name.endswith("/")):
        return None
    is_link = type_ in _LINKS
    if not (is_link or type_ in _REGULAR) or "sparse" in said:
        raise stream.fault(f"member {name!r}: neither file nor folder nor link")
    return Member(name, size, lambda: stream.exactly(size), is_link=is_link)
