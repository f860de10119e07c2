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
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import adler32

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

_HEADER: Final = struct.Struct("100s 24x 12s 12x 8s c")
"""Name, size, checksum and type, with which a header begins."""

_MARK: Final = slice(257, 263)

_PREFIX: Final = slice(345, 500)
"""Where the beginning of a name that is too long for its field stands in ustar's header."""

_REGULAR: Final = frozenset({b"0", b"\0", b"7"})
_LINKS: Final = frozenset({b"1", b"2"})
_FOLDER: Final = b"5"
_WITHOUT_CONTENT: Final = frozenset({*_LINKS, _FOLDER})
_EXTENDED: Final = frozenset({b"x", b"L"})
"""Headers that say something of the header after them: pax's, and GNU's of a long name."""
_PASSED: Final = frozenset({b"g", b"K"})
"""Likewise of all after them, and of a link: nothing that counts."""


class Member(NamedTuple):
    """A file or a link inside an archive."""

    name: str
    """Its path, as recorded."""
    size: int
    """Its size in bytes."""
    read: Callable[[], bytes]
    """Gives its whole content; works once, until the next member is asked for."""
    is_link: bool = False
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
        stream.end()


class _Stream:
    """Bytes read forwards, up to a limit: what was expanded last is held, and only what is asked for is copied."""

    def __init__(self, source: Compressed, most: int, where: str) -> None:
        self._source = source
        self._most = most
        self._where = where
        self.held = b""
        self.start = 0
        """The position of the first byte that is held."""

    def at(self, position: int, size: int) -> bytes:
        """Give the bytes from a position, which lies no further back than the last one did; fewer at the end."""
        start = position - self.start
        content = self.held[start : start + size]
        return content if len(content) == size else self._further(position, size)

    def exactly(self, position: int, size: int) -> bytes:
        """Give the bytes from a position."""
        content = self.at(position, size)
        if len(content) != size:
            raise self.fault("the tar archive breaks off", position)
        return content

    def end(self) -> None:
        """Expand what is left: the checksum stands at the end."""
        while self._next():
            pass

    def _further(self, position: int, size: int) -> bytes:
        """Expand up to a position, and give the bytes that stand there."""
        if position + size > self._most:
            raise self.fault(f"expands to more than {self._most} bytes", position)
        while position > self.start + len(self.held):
            if not self._next():
                raise self.fault("the tar archive breaks off", position)
        start = position - self.start
        parts = [self.held[start : start + size]]
        missing = size - len(parts[0])
        while missing > 0 and self._next():
            parts.append(self.held[:missing])
            missing -= len(parts[-1])
        return b"".join(parts)

    def _next(self) -> bool:
        """Hold the bytes after those that were held; False at the end, where these stay."""
        end = self.start + len(self.held)
        if end > self._most:
            raise self.fault(f"expands to more than {self._most} bytes", end)
        try:
            following = self._source.read(CHUNK)
        except (OSError, EOFError) as error:
            raise self.fault(f"no {self._source.kind} archive that can be read: {error}", end) from error
        if following:
            self.held, self.start = following, end
        return bool(following)

    def fault(self, problem: str, position: int) -> FormatError:
        return FormatError(problem, offset=position, where=self._where)

    def no_file(self, name: str, position: int) -> FormatError:
        return self.fault(f"member {name!r}: neither file nor folder nor link", position)


class _Said(NamedTuple):
    """What extended headers say of the header after them."""

    path: bytes | None = None
    size: bytes | None = None
    is_sparse: bool = False


_NOTHING: Final = _Said()


def _members(stream: _Stream) -> Iterator[Member]:
    said = _NOTHING
    at = count = 0
    while header := _header(stream, at):
        name, size, type_ = header
        count += 1
        if count > _MOST_HEADERS:
            raise stream.fault(f"more than {_MOST_HEADERS} headers", at)
        at += _BLOCK
        if type_ in _EXTENDED:
            said = _extended(stream, at, size, type_, said)
        elif type_ not in _PASSED:
            if type_ in _WITHOUT_CONTENT:
                size = 0
            elif said.size is not None and type_ in _REGULAR:
                size = _size_of(stream, at, said.size)
            member = _member(stream, at, size, type_, name if said.path is None else said.path)
            if member:
                if said.is_sparse:
                    raise stream.no_file(member.name, at)
                yield member
            said = _NOTHING
        at += -(-size // _BLOCK) * _BLOCK


def _header(stream: _Stream, at: int) -> tuple[bytes, int, bytes] | None:
    """Give name, size and type of the header at a position; None for a block of zeros, and at the end."""
    start = at - stream.start
    block = stream.held[start : start + _BLOCK]  # as `at` has it, which takes longer
    if len(block) != _BLOCK and len(block := stream.at(at, _BLOCK)) != _BLOCK:
        if any(block):
            raise stream.fault("the tar archive breaks off", at)
        return None
    name, length, checksum, type_ = _HEADER.unpack_from(block)
    # Adler-32, which is quick, has the sum of all bytes and one in its lower half, modulo a prime.
    if adler32(block) & 0xFFFF != _adler_of(checksum):
        if any(block):
            raise stream.fault("no tar header: wrong checksum", at)
        return None
    size = _number(length)
    if size is None:
        raise stream.fault("no tar header: wrong size", at)
    name = name.partition(b"\0")[0]
    # GNU's own header has the same mark but for its last bytes, and other things where ustar's prefix is.
    if block[345] and block[_MARK] == b"ustar\0":
        name = _text(block[_PREFIX]) + b"/" + name
    return name, size, type_


@lru_cache(maxsize=4096)
def _adler_of(checksum: bytes) -> int | None:
    """Give the lower half of Adler-32 that a header has whose checksum is this; None if it is no number.

    A checksum is the sum of all bytes, as if its own field were blank.
    """
    number = _number(checksum)
    return None if number is None else (number + 1 + sum(checksum) - _BLANK) % _ADLER


def _number(field: bytes) -> int | None:
    """Give the number in a field: octal text, or, with its first bit set, bytes; None if it is none or negative."""
    digits = field.rstrip(b"\0 ")
    if not digits.isdigit():
        if field[0] & 0x80:
            return int.from_bytes(field[1:]) if field[0] == 0x80 else None  # noqa: PLR2004 - the mark of a positive number
        digits = _text(field).strip()
        if not digits:
            return 0
    try:
        return int(digits, 8) if digits.isdigit() else None
    except ValueError:  # an 8 or a 9
        return None


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _size_of(stream: _Stream, at: int, digits: bytes) -> int:
    """Give how many bytes follow a header where pax says it, since the header's own field may be too short."""
    if not digits.isdigit() or len(digits) > 20:  # noqa: PLR2004 - more than any 64-bit number has
        raise stream.fault("no pax header: wrong size", at)
    return int(digits)


def _extended(stream: _Stream, at: int, size: int, type_: bytes, before: _Said) -> _Said:
    """Give what an extended header says of the header after it, and what those before it said."""
    if size > _MOST_HEADER_BYTES:
        raise stream.fault(f"a tar header of {size} bytes", at)
    start = at - stream.start
    content = stream.held[start : start + size]  # as above
    if len(content) != size:
        content = stream.exactly(at, size)
    if type_ == b"L":
        return before._replace(path=_text(content))
    said = _said_in(content)
    if said is None:
        raise stream.fault("no pax header: wrong record", at)
    if before is _NOTHING:
        return said
    return _Said(
        before.path if said.path is None else said.path,
        before.size if said.size is None else said.size,
        before.is_sparse or said.is_sparse,
    )


@lru_cache(maxsize=1)
def _said_in(content: bytes) -> _Said | None:
    """Give what the records of pax say, as far as it counts; None if they are none.

    Most members of an archive have the same ones, which say a time.
    """
    path = length = None
    is_sparse = False
    at, size = 0, len(content)
    while at < size and content[at]:
        record = _RECORD.match(content, at)
        end = at + int(record[1]) if record else 0
        if record is None or end <= record.end() or end > size or content[end - 1] != _LINE_FEED:
            return None
        key, value = record[2], content[record.end() : end - 1]
        if key == b"path":
            path = value
        elif key == b"size":
            length = value
        is_sparse = is_sparse or b"GNU.sparse." in key
        at = end
    return _Said(path, length, is_sparse)


_RECORD: Final = re.compile(rb"(\d{1,19}) ([^=]*)=")

_LINE_FEED: Final = ord("\n")


def _member(stream: _Stream, at: int, size: int, type_: bytes, path: bytes) -> Member | None:
    name = path.decode("utf-8", "backslashreplace")
    is_regular = type_ in _REGULAR
    if type_ == _FOLDER or (is_regular and name.endswith("/")):
        return None
    if not (is_regular or type_ in _LINKS):
        raise stream.no_file(name, at)
    return Member(name, size, partial(stream.exactly, at, size), not is_regular)
