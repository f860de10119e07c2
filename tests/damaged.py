"""What a reader's answer about a damaged binary has to keep to, besides that there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit import binfmt
from backlit.errors import FormatError
from backlit.support.cursor import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.native import NativeFile


def answer_holds(data: bytes | bytearray) -> bool:
    """Read a file, and tell whether it was read; False if it was refused.

    What is said of it has to stand in its bytes, and a refusal has to name it.
    """
    try:
        answer = binfmt.read_source(Memory(memoryview(bytes(data))), "mutant")
    except FormatError as error:
        refusal = error
    else:
        assert all(native.path == "mutant" for native in answer)
        assert all(native.size is not None and native.size <= len(data) for native in answer)
        assert [name for native in answer for name in _names(native) if not _stands(name, data)] == []
        return bool(answer)
    assert (refusal.where, bool(refusal.problem)) == ("mutant", True)
    return False


def _names(native: NativeFile) -> Iterator[str]:
    """Give what is read from a file as text. PE's comments are put into words, so they are not among it."""
    yield from native.needed + native.weak + native.delayed + native.reexported + native.rpath + native.runpath
    yield from (name for name in (native.soname, native.interpreter) if name)
    yield from (name for floor in native.versions for name in (floor.soname, floor.name, floor.version))
    yield from native.comments if native.format == "elf" else ()


def _stands(name: str, data: bytes | bytearray) -> bool:
    """Tell whether a name is in the bytes, which may be no UTF-8: then it is written with escapes."""
    return all(part.encode() in data for part in _plain_parts(name))


def _plain_parts(name: str) -> list[str]:
    return [part[3:] if number else part for number, part in enumerate(name.split("\\x"))]
