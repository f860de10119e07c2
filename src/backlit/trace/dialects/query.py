"""The arguments of pkg-config: which modules are asked for, and which versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONDITIONS: Final = {"--atleast-version": ">=", "--exact-version": "=", "--max-version": "<="}
_WITH_ARGUMENT: Final = frozenset(
    {*_CONDITIONS, "--variable", "--define-variable", "--atleast-pkgconfig-version", "--prefix-variable", "--with-path"}
)
_SPECIFIER: Final = re.compile(r"([^\s,<>=!]+)(?:\s*(>=|<=|!=|=|<|>)\s*([^\s,]+))?")


class Asked(NamedTuple):
    """What pkg-config was asked."""

    modules: tuple[str, ...]
    """Modules, in order; empty for a question about pkg-config itself."""
    constraints: tuple[str, ...]
    """Version conditions, in order."""


def parse(arguments: Sequence[str]) -> Asked:
    """Give what the arguments ask for: ``"libxml-2.0 >= 2.9" zlib``, in one word or several."""
    conditions: list[tuple[str, str]] = []
    words: list[str] = []
    for option, value in _pairs(arguments):
        if not option:
            words.append(value)
        elif option in _CONDITIONS:
            conditions.append((_CONDITIONS[option], value))
    found = _SPECIFIER.findall(" ".join(words))
    modules = tuple(name for name, _, _ in found)
    constraints = [f"{name} {operator} {version}" for name, operator, version in found if operator]
    constraints += [f"{name} {operator} {version}" for operator, version in conditions for name in modules]
    return Asked(modules, tuple(constraints))


def _pairs(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            yield "", word
            continue
        option, equals, value = word.partition("=")
        yield option, value if equals or option not in _WITH_ARGUMENT else next(words, "")
