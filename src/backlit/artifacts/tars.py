"""Compressed tar archives read as a stream: sdists.

A reader of our own rather than :mod:`tarfile`, which recurses, searches headers with expressions that take quadratic
time (CVE-2024-6232), goes backwards without end (CVE-2025-8194), and takes longer to import than many sdists take to
read.
Read are the formats that :mod:`tarfile`, GNU tar and bsdtar write: ustar, GNU and pax.

After POSIX.1-2017, pax, "ustar Interchange Format", and GNU tar's manual, "Basic Tar Format".
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from backlit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOCK: Final = 512
_CHUNK: Final = 65_536
_MOST_BYTES: Final = 2 << 30
_MOST_RATIO: Final = 200
_FREE_BYTES: Final = 16 << 20
_MOST_HEADERS: Final = 3 * 65_535
"""A member has up to three."""
_MOST_HEADER_BYTES: Final = 1 << 20

_ADLER: Final = 65_521
"""The prime that Adler-32's halves are taken by (RFC 1950)."""

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
    """Give the files and links inside a ``.tar.gz``, in file order; folders are left out.

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
        stream = _Stream(_Inflated(file.read).read, most, path.name)
        yield from _members(stream)
        while stream.read(_CHUNK):  # To the end, where the checksum is.
            pass


class _Inflated:
    """A gzip file's bytes, with its checksum held against them; in the standard library's way, most time is overhead.

    After RFC 1952: several members may follow one another, and zeros may follow the last.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._inflater = zlib.decompressobj(wbits=31)
        self._kept = b""

    def read(self, size: int) -> bytes:
        """Give at most `size` bytes; none at the end.

        :raises EOFError: if the file breaks off.
        """
        while True:
            if self._inflater.eof and not self._next():
                return b""
            given = self._inflater.unconsumed_tail or self._kept or self._read(_CHUNK)
            self._kept = b""
            if not given and not self._inflater.eof:
                flushed = self._inflater.decompress(b"", size)
                if flushed:
                    return flushed
                raise EOFError("it breaks off")
            if content := self._inflater.decompress(given, size):
                return content

    def _next(self) -> bool:
        """Go on to the next member; False if there is none."""
        rest = self._inflater.unused_data
        while not rest.strip(b"\0"):
            rest = self._read(_CHUNK)
            if not rest:
                return False
        self._kept = rest.lstrip(b"\0")
        self._inflater = zlib.decompressobj(wbits=31)
        return True


class _Stream:
    """Bytes read once, forwards, up to a limit."""

    def __init__(self, read: Callable[[int], bytes], most: int, where: str) -> None:
        self._read = read
        self._most = most
        self._where = where
        self._ahead = b""
        self._at = 0
        """How much of what was read ahead has been given."""
        self.position = 0

    def read(self, size: int) -> bytes:
        """Give the next `size` bytes; fewer at the end."""
        if self.position + size > self._most:
            raise self.fault(f"expands to more than {self._most} bytes")
        end = self._at + size
        if end > len(self._ahead):
            self._fill(size)
            end = size
        content = self._ahead[self._at : end]
        self._at = end
        self.position += len(content)
        return content

    def _fill(self, size: int) -> None:
        """Have at least `size` bytes ahead, unless it ends before."""
        parts = [self._ahead[self._at :]]
        missing = size - len(parts[0])
        try:
            while missing > 0 and (part := self._read(max(missing, _CHUNK))):
                parts.append(part)
                missing -= len(part)
        except (OSError, EOFError, zlib.error) as error:
            raise self.fault(f"no gzip archive that can be read: {error}") from error
        self._ahead, self._at = b"".join(parts), 0

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
        while self.position < position:
            self.exactly(min(position - self.position, _CHUNK))

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
        numbers = _number(block[148:156])
        # Adler-32 has the sum of all bytes, and one, in its lower half; what it leaves out is what makes it quick.
        summed = zlib.adler32(block[:148] + 8 * b" " + block[156:]) & 0xFFFF
        if numbers is None or (numbers + 1) % _ADLER != summed:
            raise stream.fault("no tar header: wrong checksum")
        size = _number(block[124:136])
        if size is None:
            raise stream.fault("no tar header: wrong size")
        name, prefix = _text(block[:100]), _text(block[345:500])
        # GNU's own header has the same mark but for its last bytes, and other things where ustar's prefix is.
        if prefix and block[257:263] == b"ustar\0":
            name = prefix + b"/" + name
        yield name, size, block[156:157]


def _number(field: bytes) -> int | None:
    """Give the number in a field: octal text, or, with its first bit set, bytes; None if it is none or negative."""
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
    """Give what an extended header says of the header after it."""
    if size > _MOST_HEADER_BYTES:
        raise stream.fault(f"a tar header of {size} bytes")
    content = stream.exactly(size)
    if type_ == b"L":
        return {"path": _text(content)}
    said: dict[str, bytes] = {}
    at = 0
    while at < len(content) and content[at]:
        digits, _, _ = content[at : at + 20].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        record = content[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise stream.fault("no pax header: wrong record")
        said[key.decode(errors="backslashreplace")] = value[:-1]
        at += length
    return said


def _member(stream: _Stream, path: bytes, size: int, type_: bytes, said: dict[str, bytes]) -> Member | None:
    name = path.decode(errors="backslashreplace")
    if type_ == _FOLDER or (type_ in _REGULAR and name.endswith("/")):
        return None
    is_link = type_ in _LINKS
    if not (is_link or type_ in _REGULAR) or any(key.startswith("GNU.sparse.") for key in said):
        raise stream.fault(f"member {name!r}: neither file nor folder nor link")
    return Member(name, size, lambda: stream.exactly(size), is_link=is_link)
