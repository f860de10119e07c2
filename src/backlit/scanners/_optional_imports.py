"""Modules of a tree that are imported only where their absence is caught: what these open, nobody must have.

Every source of a tree is asked, so nothing is parsed: the word is sought; and, where a line that imports is indented,
what stands deeper below a ``try``. Which names are in a line is looked at last: most trees open nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Imports(NamedTuple):
    """The lines of one source that import something, without what they are indented by."""

    tried: tuple[bytes, ...]
    """Inside a ``try``."""
    plain: tuple[bytes, ...]
    """Outside of any."""


def imports_of(data: bytes) -> Imports | None:
    """Give what a source imports; None for one that imports nothing."""
    tried: list[bytes] = []
    plain: list[bytes] = []
    blocks: tuple[range, ...] | None = None
    at = data.find(b"import")
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        line = data[start:end].lstrip(b" \t")
        if line.startswith(_IMPORTING):
            inside = False
            if end - start > len(line):
                blocks = tuple(_tried_in(data)) if blocks is None else blocks
                inside = any(start in block for block in blocks)
            (tried if inside else plain).append(line)
        at = data.find(b"import", end)
    return Imports(tuple(tried), tuple(plain)) if tried or plain else None


_IMPORTING: Final = (b"import ", b"from ")

_NOTHING: Final = frozenset({""})
"""What stands where a line names no module."""


def _tried_in(data: bytes) -> Iterator[range]:
    """Give the stretches of a source that stand deeper than a ``try`` above them."""
    at = data.find(b"try:")
    while at >= 0:
        indent = data[data.rfind(b"\n", 0, at) + 1 : at]
        if not indent.strip(b" \t"):
            end = _shallower(len(indent)).search(data, at)
            yield range(at, end.start() if end else len(data))
        at = data.find(b"try:", at + 4)


@cache
def _shallower(indent: int) -> re.Pattern[bytes]:
    """Give the expression for the line feed before the next line that stands no deeper; comments may stand anywhere."""
    return re.compile(rb"\n[ \t]{0,%d}[^\s#]" % indent)


def _names(line: bytes) -> list[str]:
    """Give the last parts of the names in a line that imports: ``from a.b import c as d, e`` has b, c and e."""
    text = line.partition(b"#")[0].decode(errors="replace")
    module, _, listed = text[5:].partition(" import") if text.startswith("from") else ("", "", text[7:])
    names = [word.partition(" as ")[0] for word in listed.split(",")]
    return [name.strip(" \t\r()\\").rpartition(".")[2] for name in (module, *names)]


def optional_in(imports: Iterable[Imports | bytes | None], asked: frozenset[str]) -> frozenset[str]:
    """Give which of some modules, by the last parts of their names, are imported, and nowhere outside of a ``try``.

    `imports` are those of the sources, or sources themselves, which are looked into only if any module is asked for.
    """
    read = (imports_of(each) if isinstance(each, bytes) else each for each in imports) if asked else ()
    sources = tuple(filter(None, read))
    tried = (name for source in sources for line in source.tried for name in _names(line))
    found = asked.intersection(tried) - _NOTHING
    plain = (name for source in sources for line in source.plain for name in _names(line))
    return found.difference(plain) if found else found
