"""Which machine a file that a linker takes is for, from its first bytes alone.

A linker passes over libraries for other machines while it looks for one, and takes what says nothing of a machine, as
its own scripts do. An archive (ar(5)) is for the machine of the first object in it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from backlit.binfmt import elf

if TYPE_CHECKING:
    from pathlib import Path


def architecture_of(path: Path) -> str | None:
    """Give the architecture of an ELF file or archive, as `NativeFile.architecture` spells it; None for all else.

    :raises OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(elf.MACHINE_HEAD)
        if not head.startswith(_ARCHIVE):
            return elf.machine(head)
        file.seek(len(_ARCHIVE))
        return _of_archive(file)


_ARCHIVE: Final = b"!<arch>\n"
_HEADER: Final = 60
_TABLES: Final = 4
"""Members that are no objects, at most: indexes of symbols and long names stand first."""


def _of_archive(file: IO[bytes]) -> str | None:
    for _ in range(_TABLES):
        header = file.read(_HEADER)
        size = header[48:58].strip()
        if len(header) < _HEADER or not size.isdigit():
            return None
        start = file.tell()
        name = header[:16].decode(errors="replace").strip()
        skipped = int(name[3:]) if name.startswith("#1/") and name[3:].isdigit() else 0  # BSD: the name stands before
        file.seek(skipped, 1)
        if found := elf.machine(file.read(elf.MACHINE_HEAD)):
            return found
        file.seek(start + int(size) + int(size) % 2)
    return None
