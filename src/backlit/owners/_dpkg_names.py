"""Which of Debian's packages likely has a file, by their names: who asks these first seldom reads them all.

A guess at the order, and nothing more: a file's package is the one whose list has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def likelihood(paths: Iterable[str]) -> Callable[[str], int]:
    """Give what ranks the names of packages for these paths: 0 for the likeliest."""
    exact: set[str] = set()
    programs: set[str] = set()
    stems: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if library := _LIBRARY.fullmatch(name):
            exact.add(_plain(library[1] + library[2]) if library[2] else _plain(f"{library[1]}dev"))
        elif name.endswith(".pc"):
            exact |= {_plain(f"{prefix}{name[:-3]}dev") for prefix in ("", "lib")}
        elif folder.endswith("bin"):
            programs.add(name)
        elif below := _BELOW.search(path):
            stems.add(below[1].lower())

    sought = tuple(stems) if len(stems) <= _FEW else ()  # of many folders, most packages have some

    def rank(package: str) -> int:
        first = package.partition("-")[0]
        if _plain(package) in exact or package in programs or first in programs or first in _ALWAYS:
            return 0
        if package.endswith("-dev") or "-dev-" in package:
            return 1 if any(stem in package for stem in sought) else 2
        return 3 if package.startswith("lib") else 4

    return rank


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


_LIBRARY: Final = re.compile(r"(lib.+?)\.so(?:\.(\d+)[\d.]*)?")
"""Debian Policy 8.1: ``libfoo.so.1`` is in ``libfoo1``; and ``libfoo.so`` in ``libfoo-dev``, mostly."""

_BELOW: Final = re.compile(r"/include/(?:[^/]+-linux-gnu[^/]*/)?([A-Za-z]{3,})")

_FEW: Final = 40

_ALWAYS: Final = frozenset({"binutils", "cpp", "g++", "gcc", "libc6", "libgcc", "libstdc++", "linux"})
"""First words of packages that most builds take something from."""
