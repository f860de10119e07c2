"""What a compiler says of itself: its version, the machine it compiles for, where it looks for libraries.

Asked after the hook, once for each compiler: these are the only processes that an observation starts.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.process import run
from backlit.trace import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS: Final = 20.0
_TARGET_FLAGS: Final = ("-m*", "--sysroot=*", "--target=*", "-B*", "-static*")


class Identity(NamedTuple):
    """A compiler's own word."""

    version: str | None
    """Such as ``12.2.0``; None if it did not tell."""
    target: str | None
    """Such as ``x86_64-linux-gnu``; None if it did not tell."""


@cache
def identify(path: str) -> Identity | None:
    """Ask a compiler for its version and target; None if it is no compiler known here, or cannot be run."""
    match = tables.match_program(path)
    if match is None or not path.startswith("/"):
        return None
    how = match.family.identify
    answer = _ask(path, how["version"])
    if answer is None:
        return None
    target = _first(how["target-pattern"], answer) if "target-pattern" in how else None
    if "target" in how:
        target = (_ask(path, how["target"]) or "").strip() or None
    return Identity(_first(how["version-pattern"], answer), target)


@cache
def search_dirs(path: str, flags: tuple[str, ...]) -> tuple[str, ...]:
    """Give the folders that a gcc-like driver looks for libraries in, in its order, absolute, those that exist.

    `flags` are its command's: those that change the target count. Empty if it does not tell.
    """
    match = tables.match_program(path)
    if match is None or match.family.dialect != "gcc" or not path.startswith("/"):
        return ()
    counting = [flag for flag in flags if tables.fits(flag, _TARGET_FLAGS)]
    answer = _ask(path, [*counting, "-print-search-dirs"]) or ""
    found = re.search(r"^libraries: =?(.*)$", answer, re.MULTILINE)
    if found is None:
        return ()
    folders = (os.path.realpath(folder) for folder in found[1].split(":") if folder.startswith("/"))
    return tuple(dict.fromkeys(folder for folder in folders if os.path.isdir(folder)))  # noqa: PTH112 - as the compiler gave it


def _ask(path: str, arguments: Iterable[str]) -> str | None:
    finished = run([path, *arguments], seconds=_SECONDS)
    return finished.output if finished.status == 0 else None


def _first(pattern: str, answer: str) -> str | None:
    found = re.search(pattern, answer)
    return found[1] if found else None
