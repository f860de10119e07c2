"""Modules of a tree that are imported only where their absence is caught: what these open, nobody must have.

Read from the lines of sources, since every source of a tree is asked: a ``try`` and what stands deeper below it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Imports(NamedTuple):
    """What one source imports, by the last parts of names."""

    tried: frozenset[str]
    """Imported inside a ``try``."""
    plain: frozenset[str]
    """Imported outside of any."""


_LINE: Final = re.compile(
    rb"^([ \t]*)(?:(try)[ \t]*:|(except|finally)\b|(from)[ \t]+([.\w]+)[ \t]+import\b([^\n#]*)|import[ \t]+([^\n#]*))",
    re.MULTILINE,
)

_WORD: Final = re.compile(rb"([A-Za-z_]\w*)[ \t]*(?:as\b[^,]*)?(?:,|\)|\\|$)")


def imports_of(data: bytes) -> Imports | None:
    """Give what a source imports; None for one that imports nothing."""
    if b"import" not in data:
        return None
    return _read(data) if b"try:" in data and _INDENTED.search(data) else _read_plain(data)


_INDENTED: Final = re.compile(rb"\n[ \t]+(?:import|from)[ \t]")


def _read_plain(data: bytes) -> Imports:
    """Read a source in which no import stands below anything: where the word is, most lines have none."""
    plain: set[str] = set()
    at = data.find(b"import")
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        line = data[start : end if end >= 0 else len(data)]
        if line.startswith((b"import ", b"from ")):
            before, _, listed = line.partition(b"import")
            names = [word.partition(b" as ")[0] for word in listed.strip(b" \t\r()\\").split(b",")]
            names += [before[5:]]
            plain.update(name.strip(b" \t").rpartition(b".")[2].decode(errors="replace") for name in names)
        at = data.find(b"import", max(end, at + 6)) if end >= 0 else -1
    return Imports(frozenset(), frozenset(plain - {""}))


def _read(data: bytes) -> Imports:
    open_: list[int] = []
    found: tuple[set[str], set[str]] = (set(), set())
    for line in _LINE.finditer(data):
        indent = len(line[1].expandtabs())
        while open_ and open_[-1] >= indent:
            open_.pop()
        if line[2]:
            open_.append(indent)
        elif not line[3]:
            found[not open_].update(_names(line))
    return Imports(frozenset(found[0]), frozenset(found[1]))


def _names(line: re.Match[bytes]) -> Iterable[str]:
    listed = line[6] if line[4] else line[7]
    yield from (word.decode() for word in _WORD.findall(listed.strip(b" \t()")))
    if line[4]:
        yield line[5].rpartition(b".")[2].decode()


def optional_in(imports: Iterable[Imports]) -> frozenset[str]:
    """Give the last parts of the modules' names that are imported, and nowhere outside of a ``try``."""
    tried: set[str] = set()
    plain: set[str] = set()
    for one in imports:
        tried |= one.tried
        plain |= one.plain
    return frozenset(tried - plain)
