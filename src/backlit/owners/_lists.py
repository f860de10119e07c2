"""Databases that have a list of files for each package: which of the lists have the names that are wanted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def holders(
    lists: Iterable[tuple[str, Iterable[bytes]]], files: Iterable[Sequence[Sequence[str]]], *, to_the_end: bool = False
) -> dict[str, list[str]]:
    """Give the packages whose lists have each spelling of each name of the files; what none has is left out.

    A file is its names, and a name its spellings. `lists` are packages with what they hold, read one after the other
    and no further than until the first name of each file was found, unless all are to be read `to_the_end`.
    """
    first: dict[bytes, set[int]] = {}
    wanted: set[bytes] = set()
    for number, names in enumerate(files):
        wanted.update(os.fsencode(spelling) for name in names for spelling in name)
        for spelling in names[0] if names else ():
            first.setdefault(os.fsencode(spelling), set()).add(number)
    left = {number for numbers in first.values() for number in numbers}
    found: dict[str, list[str]] = {}
    for package, held in lists if wanted else ():
        for name in wanted.intersection(held):
            found.setdefault(os.fsdecode(name), []).append(package)
            left -= first.get(name, set())
        if not left and not to_the_end:
            break
    return found
