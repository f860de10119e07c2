"""The arguments of an archiver: ``ar rcs libfoo.a a.o b.o``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.model.invocation import Role
from backlit.trace import tables
from backlit.trace.dialects import Parsed, absolute

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITES: Final = frozenset("rq")
_PLACES: Final = frozenset("abi")
_WITH_ARGUMENT: Final = frozenset({"--plugin", "--target", "--output", "--format", "--record-libdeps", "-l"})


def parse(arguments: Sequence[str], cwd: str, family: tables.Family, _language: str) -> Parsed:
    """Give what the arguments ask for: only putting objects into an archive is more than a question."""
    words = list(_plain(arguments))
    if not words or any(tables.fits(word, family.probes) for word in arguments):
        return Parsed(role=Role.PROBE)
    operation, *names = words
    letters = set(operation.removeprefix("-"))
    names = names[1:] if letters & _PLACES else names
    if not letters & _WRITES or not names:
        return Parsed(role=Role.PROBE)
    paths = [absolute(cwd, name) for name in names]
    return Parsed(role=Role.LINK, output=paths[0], objects=tuple(paths[1:]))


def _plain(arguments: Sequence[str]) -> list[str]:
    """Leave long options out, with their values; the operation may start with a dash."""
    plain: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in _WITH_ARGUMENT:
            next(words, "")
        elif not word.startswith("--"):
            plain.append(word)
    return plain
