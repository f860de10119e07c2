"""Names with wildcards: a table of them, asked for one that fits."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def fitting(name: str, globs: Iterable[str]) -> str | None:
    """Give the first of several wildcards that fits a name; only those that begin as it does cost an expression."""
    listed = tuple(globs)
    if not name.startswith(_beginnings(listed)):
        return None
    return next((glob for glob in listed if name.startswith(_beginnings((glob,))) and fnmatchcase(name, glob)), None)


@cache
def _beginnings(globs: tuple[str, ...]) -> tuple[str, ...]:
    """Give what stands before the first wildcard in each."""
    return tuple(re.split(r"[*?[]", glob, maxsplit=1)[0] for glob in globs)
