"""Reader of ninja's ``.ninja_deps``: every header of every object, as the compilers listed them.

Format, version 3 and 4 (``src/deps_log.h`` of ninja): the line ``# ninjadeps``, the version as a 32-bit number, then
records. A record is a 32-bit size, whose top bit tells a list of headers from a path. A path is its bytes, padded with
NUL to a multiple of 4, and the complement of its number. A list is the number of the output, its time (4 bytes in
version 3, 8 in 4), and the numbers of the headers; the last list of an output counts. All in the machine's byte order.
"""

from __future__ import annotations

import os
import struct
from typing import Final

from backlit.errors import FormatError

SIGNATURE: Final = b"# ninjadeps\n"
"""How the file begins."""
_TIME_SIZES: Final = {3: 4, 4: 8}
_IS_LIST: Final = 0x80000000
_WORD: Final = struct.Struct("=I")


def parse(data: bytes) -> dict[str, tuple[str, ...]]:
    """Give the headers of each output, paths as ninja wrote them, in the order of the compiler.

    A torn end is passed over, as ninja itself does.

    :raises FormatError: if it is no such file, of another version, or a number in it stands for no path.
    """
    if not data.startswith(SIGNATURE):
        raise FormatError("not a list of ninja's headers", offset=0)
    start = len(SIGNATURE)
    if len(data) < start + _WORD.size:
        raise FormatError("no version", offset=start)
    (version,) = _WORD.unpack_from(data, start)
    if version not in _TIME_SIZES:
        raise FormatError(f"version {version} is not known", offset=start)
    return _records(data, start + _WORD.size, _TIME_SIZES[version])


def _records(data: bytes, at: int, time_size: int) -> dict[str, tuple[str, ...]]:
    paths: list[str] = []
    lists: dict[int, memoryview[int]] = {}  # a number takes 4 bytes in it, and 36 as an object of a tuple's
    while at + _WORD.size <= len(data):
        (word,) = _WORD.unpack_from(data, at)
        size, body = word & ~_IS_LIST, at + _WORD.size
        if body + size > len(data):
            break
        if size % 4 or size < 4:  # noqa: PLR2004 - whole words
            raise FormatError(f"a record of {size} bytes", offset=at)
        if word & _IS_LIST:
            if size < 4 + time_size:
                raise FormatError("a list without its output", offset=at)
            numbers = memoryview(data[body : body + size]).cast("I")
            lists[numbers[0]] = numbers[1 + time_size // 4 :]
        else:
            paths.append(_path(data[body : body + size], len(paths), at))
        at = body + size
    try:
        return {paths[output]: tuple(map(paths.__getitem__, numbers)) for output, numbers in lists.items()}
    except IndexError:
        raise FormatError("a number stands for no path") from None


def _path(record: bytes, number: int, at: int) -> str:
    (check,) = _WORD.unpack_from(record, len(record) - 4)
    if check ^ 0xFFFFFFFF != number:
        raise FormatError(f"path {number} has another's number", offset=at)
    name = record[:-4]
    for _ in range(3):
        name = name.removesuffix(b"\0")
    return os.fsdecode(name)
