"""Zip archives opened with care: wheels, and sdists of that form.

The archive is read by its central directory, in memory, member by member. Whatever two tools might read in two ways is
refused: bytes before or after the archive, a member twice, members that share bytes, headers that disagree. So is
whatever would fill a disk or a memory.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from backlit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from backlit.support.cursor import Source

MOST_MEMBERS: Final = 65_535
MOST_BYTES: Final = 2 << 30
MOST_MEMBER_BYTES: Final = 512 << 20
MOST_RATIO: Final = 200
FREE_BYTES: Final = 16 << 20
"""A member up to this size may expand as it likes: patchelf pads a small library to a page of 2 MiB, mostly zeros,
which passes any ratio that is of use (one of pillow's does so 224 times), and no machine is hurt by 16 MiB."""

_MOST_DIRECTORY_BYTES: Final = 64 << 20
_HEAD: Final = 4_096
"""Deflated bytes that are enough for a file's first ones: the codes that may stand before them take 300 at most."""
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,  # a method, a version or a patch that zipfile does not know
    RuntimeError,  # encrypted
    EOFError,
    OSError,  # an offset outside the file
    ValueError,  # likewise; and names that are not in the encoding they are marked with
)
_END: Final = struct.Struct("<4s4H2LH")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LONGEST_TAIL: Final = 76 + _END.size + 65_535
"""The records at an archive's end: both of zip64, the end of central directory, the longest comment."""
_UTF8: Final = 0x800
_LOCKED: Final = 0x61
"""Encrypted, patched, strongly encrypted."""
_SIZES_FOLLOW: Final = 0x8
_IN_ZIP64: Final = 0xFFFFFFFF


@contextmanager
def open_zip(path: Path) -> Iterator[ZipFile]:
    """Give an archive whose central directory keeps to the rules.

    :raises FormatError: if it does not.
    :raises InputError: if the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    with file:
        try:
            size = _check_end(file)
            archive = zipfile.ZipFile(file)
            _check_members(archive.filelist, size)
        except FormatError as error:
            raise FormatError(error.problem, where=path.name) from None
        except _DAMAGE as error:
            raise FormatError(f"no zip archive that can be read: {error}", where=path.name) from error
        with archive:
            yield archive


def check_local_headers(archive: ZipFile) -> dict[str, int]:
    """Hold each member's own header against the central directory; other tools read an archive by the former.

    Gives where each member's data start.

    :raises FormatError: if they disagree.
    """
    starts: dict[str, int] = {}
    for info in archive.filelist:
        start = _start_of_data(archive, info)
        if start is None:
            raise FormatError("its own header and the central directory disagree", where=info.filename)
        starts[info.filename] = start
    return starts


def member(archive: ZipFile, info: ZipInfo, start: int) -> Source:
    """Give a member whose data start at `start`; a large one is inflated as far as it is read.

    :raises FormatError: if it cannot be inflated.
    """
    from backlit.artifacts import inflate  # noqa: PLC0415 - a glance must not load it
    from backlit.support.cursor import Memory  # noqa: PLC0415 - likewise

    _check_method(info)
    file = archive.fp
    assert file is not None  # noqa: S101 - the archive is open
    if info.compress_type == zipfile.ZIP_DEFLATED:
        place = (file, start, info.compress_size, info.file_size)
        is_small = info.file_size <= inflate.SMALL
        return Memory(memoryview(inflate.at_once(*place))) if is_small else inflate.Inflated(*place)
    if info.compress_size != info.file_size:
        raise FormatError(f"damaged: {info.compress_size} bytes where {info.file_size} should be", where=info.filename)
    return inflate.Stored(file, start, info.file_size)


def head_of(archive: ZipFile, info: ZipInfo, start: int, size: int) -> bytes:
    """Give the first `size` bytes of a member whose data start at `start`; no more than a page of it is inflated.

    :raises FormatError: if they are damaged.
    """
    return _inflated(archive, info, start, min(_HEAD, info.compress_size), size)


def read_member(archive: ZipFile, info: ZipInfo, most: int = MOST_MEMBER_BYTES) -> bytes:
    """Give the whole of a member, checked against its checksum.

    :raises FormatError: if it is damaged, or larger than `most` bytes.
    """
    if info.file_size > most:
        raise FormatError(f"{info.file_size} bytes: more than {most}", where=info.filename)
    content = read_head(archive, info, info.file_size)
    if len(content) != info.file_size:
        raise FormatError(f"damaged: ends after {len(content)} of {info.file_size} bytes", where=info.filename)
    return content


def read_head(archive: ZipFile, info: ZipInfo, size: int) -> bytes:
    """Give the first `size` bytes of a member, fewer if there are no more; all of them are held against its checksum.

    :raises FormatError: if they are damaged.
    """
    start = _start_of_data(archive, info)
    if start is None:
        raise FormatError("damaged: its own header and the central directory disagree", where=info.filename)
    is_whole = size >= info.file_size
    head = _inflated(archive, info, start, info.compress_size if is_whole else min(_HEAD, info.compress_size), size)
    if is_whole and len(head) == info.file_size and zlib.crc32(head) != info.CRC:
        raise FormatError("damaged: wrong checksum", where=info.filename)
    return head


def _inflated(archive: ZipFile, info: ZipInfo, start: int, packed: int, size: int) -> bytes:
    """Give the first `size` bytes that the first `packed` bytes of a member's data hold."""
    _check_method(info)
    file = archive.fp
    assert file is not None  # noqa: S101 - the archive is open
    file.seek(start)
    content = file.read(packed)
    if info.compress_type == zipfile.ZIP_STORED or not size:
        return content[:size]
    try:
        return zlib.decompressobj(-15).decompress(content, size)
    except zlib.error as error:
        raise FormatError(f"damaged: {error}", where=info.filename) from error


def _check_method(info: ZipInfo) -> None:
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or info.flag_bits & _LOCKED:
        raise FormatError("encrypted, or compressed by a method other than deflate", where=info.filename)


def check_name(name: str) -> None:
    r"""Hold a member's path against the rules: relative, no ``..``, no NUL.

    :raises FormatError: if it breaks them.
    """
    parts = name.replace("\\", "/").split("/")
    if not parts[0] or ".." in parts or "\0" in name or (parts[0].endswith(":") and len(parts) > 1):
        raise FormatError(f"member {name!r}: its path leads out of the archive, or is none")


def _check_end(file: IO[bytes]) -> int:
    """Check the records at the end and the number of entries, before zipfile makes an object of each; give the size."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise FormatError("no zip archive")
    *_, length, _, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise FormatError("bytes follow the end of the zip archive")
    end = size - len(tail) + at
    if tail[:at][-20:].startswith(b"PK\6\7") and tail[:at][-76:].startswith(b"PK\6\6"):
        (length,) = struct.unpack_from("<Q", tail, at - 36)
        end -= 76
    if length > min(end, _MOST_DIRECTORY_BYTES):
        raise FormatError(f"central directory of {length} bytes")
    file.seek(end - length)
    # Each entry has this mark; a name that has it too is no name that anyone needs.
    if file.read(length).count(b"PK\1\2") > MOST_MEMBERS:
        raise FormatError(f"more than {MOST_MEMBERS} members")
    return size


def _check_members(members: list[ZipInfo], size: int) -> None:
    seen: set[str] = set()
    total = 0
    for info in members:
        check_name(info.orig_filename)
        if info.filename in seen:
            raise FormatError(f"member {info.filename!r}: there twice")
        seen.add(info.filename)
        _check_size(info)
        total += info.file_size
    if total > MOST_BYTES:
        raise FormatError(f"{total} bytes in all members: more than {MOST_BYTES}")
    _check_places(members, size)


def _check_size(info: ZipInfo) -> None:
    if info.file_size > MOST_MEMBER_BYTES:
        raise FormatError(f"member {info.filename!r}: {info.file_size} bytes: more than {MOST_MEMBER_BYTES}")
    if info.file_size > FREE_BYTES and info.file_size > MOST_RATIO * info.compress_size:
        much = f"{info.compress_size} bytes expand to {info.file_size}, more than {MOST_RATIO} times as many"
        raise FormatError(f"member {info.filename!r}: {much}")


def _check_places(members: list[ZipInfo], size: int) -> None:
    end = 0
    for info in sorted(members, key=_place):
        if info.header_offset < end or (end == 0 and info.header_offset):
            raise FormatError(f"member {info.filename!r}: shares bytes with another, or bytes stand before the first")
        end = info.header_offset + _LOCAL.size + info.compress_size
    if end > size:
        raise FormatError("a member ends after the file", offset=end)


def _place(info: ZipInfo) -> int:
    return info.header_offset


def _start_of_data(archive: ZipFile, info: ZipInfo) -> int | None:
    """Give where a member's data start; None if its own header and the central directory disagree."""
    file = archive.fp
    assert file is not None  # noqa: S101 - the archive is open
    file.seek(info.header_offset)
    name = _raw_name(info)
    header = file.read(_LOCAL.size + len(name))
    # That a header's worth of bytes is there was seen when the places of all members were checked.
    magic, _, flags, method, _, _, crc, packed, size, name_length, extra = _LOCAL.unpack_from(header)
    if magic != b"PK\3\4" or method != info.compress_type or name_length != len(name) or not header.endswith(name):
        return None
    agrees = (crc, packed, size) == (info.CRC, info.compress_size, info.file_size)
    is_left_open = flags & _SIZES_FOLLOW or _IN_ZIP64 in {packed, size}
    return info.header_offset + _LOCAL.size + name_length + extra if agrees or is_left_open else None


def _raw_name(info: ZipInfo) -> bytes:
    name = info.orig_filename
    return name.encode("utf-8" if info.flag_bits & _UTF8 or name.isascii() else "cp437")
