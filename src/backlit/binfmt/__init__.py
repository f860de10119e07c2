"""Native code read from its own bytes: one binary format a file, each with a bounded reader of ours.

A reader runs nothing, follows no name to another file, and answers any bytes with :class:`NativeFile` values or a
:class:`FormatError` in time and memory bounded by their number.
"""

from __future__ import annotations

import stat
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Protocol

from backlit.support.cursor import Memory
from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.model.native import NativeFile
    from backlit.support.cursor import Source

HEAD = 64
"""How many bytes from the start are enough for any reader to know its format."""


class BinaryReader(Protocol):
    """A binary format."""

    name: str
    """Its name, as :attr:`NativeFile.format` has it: ``elf``."""

    def recognises(self, head: bytes) -> bool:
        """Tell from the first :data:`HEAD` bytes, fewer if there are no more, whether a file has this format."""
        ...

    def read(self, data: Source, path: str) -> tuple[NativeFile, ...]:
        """Give what a file of this format says of itself, one value for each architecture in it.

        `path` is its path in the answer and in errors. Keeps no reference to `data`.

        :raises FormatError: if the bytes break the format's rules; nothing else is raised, whatever the bytes.
        """
        ...


def read_source(data: Source, path: str) -> tuple[NativeFile, ...]:
    """Give what a file says of itself, one value for each architecture in it, in file order.

    None at all if its first bytes are those of no known format.

    :raises FormatError: if they are, and the rest breaks the format's rules.
    """
    reader = _reader_of(bytes(data[:HEAD]))
    return reader.read(data, path) if reader else ()


def read(data: bytes | bytearray | memoryview | mmap, path: str) -> NativeFile | None:
    """Give what a file says of itself; None if its first bytes are those of no known format.

    Of a file for several architectures, what it says of the first.

    :raises FormatError: if they are, and the rest breaks the format's rules.
    """
    with memoryview(data) as view:
        return next(iter(read_source(Memory(view), path)), None)


def read_file(path: Path) -> NativeFile | None:
    """Give what a file on disk says of itself; None if it is no regular file, or of no known format.

    Its path in the answer is the path given. Only the pages that are looked at are read from disk.

    :raises FormatError: if it has a known format's first bytes and breaks its rules.
    :raises OSError: if it cannot be opened.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        return None
    with path.open("rb") as file:
        if not _reader_of(file.read(HEAD)):
            return None
        with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return read(data, str(path))


def architecture_of(path: Path) -> str | None:
    """Give the architecture of an ELF file, or an archive of such, as :attr:`NativeFile.architecture` spells it.

    None for all else: a linker's script, a file of another format. Reads a few bytes.

    :raises OSError: if it cannot be read.
    """
    from backlit.binfmt import _machine  # noqa: PLC0415 - it needs a reader, and readers need this module

    return _machine.architecture_of(path)


def _reader_of(head: bytes) -> BinaryReader | None:
    readers: tuple[BinaryReader, ...] = adapters_in(__name__)
    return next((reader for reader in readers if reader.recognises(head)), None)
