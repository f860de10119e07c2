"""A tree's files by the folders that they are in: what several scanners ask of the same tree."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@lru_cache(maxsize=1)
def by_folder(paths: frozenset[str]) -> Mapping[str, set[str]]:
    """Give the names of the files in each folder that has any; the top is ``""``."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder, _, name = path.rpartition("/")
        found[folder].add(name)
    return dict(found)


@lru_cache(maxsize=1)
def names_in(paths: frozenset[str]) -> frozenset[str]:
    """Give the names of all files, without their folders."""
    return frozenset().union(*by_folder(paths).values())
