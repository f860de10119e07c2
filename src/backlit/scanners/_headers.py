"""The headers that a tree has itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from backlit.scanners._listing import by_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELSEWHERE: Final = re.compile(r"(?i)(?:^|[/_-])(?:win|win32|win64|windows|mingw|msvc)/")


_MADE: Final = (".in", ".cmake", ".cmake.in")
"""Endings of what a build makes a header of."""


@lru_cache(maxsize=1)
def own_headers(paths: frozenset[str]) -> Own:
    """Give the headers among the files of a tree; several scanners ask of the same one."""
    return Own(paths)


class Own:
    """The headers that the tree has itself, its vendored copies' among them."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._folders: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for folder, names in by_folder(paths).items():
            # Not what is brought for a platform that has no package of it.
            if not _ELSEWHERE.search(f"{folder}/"):
                for name in names:
                    self._folders.setdefault(name, []).append(folder)

    def has(self, header: str) -> bool:
        """Tell whether a file of the tree may be meant."""
        return bool(self.meant_by(header))

    def meant_by(self, header: str) -> tuple[str, ...]:
        """Give the files of the tree that may be meant: those whose paths end so."""
        known = self._known.get(header)
        if known is None:
            known = self._known[header] = tuple(self._ending(header.replace("\\", "/").lstrip("./")))
        return known

    def _ending(self, path: str) -> Iterator[str]:
        """Give the files whose paths end so, or are what a build makes such a file of."""
        inside, _, name = path.rpartition("/")
        for made in (name, *(f"{name}{ending}" for ending in _MADE)):
            for folder in self._folders.get(made, ()):
                if not inside or folder == inside or folder.endswith(f"/{inside}"):
                    yield f"{folder}/{made}" if folder else made
