"""The headers that a tree has itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

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
        self._by_name: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        elsewhere: dict[str, bool] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            if folder not in elsewhere:
                # Brought for a platform that has no package of it.
                elsewhere[folder] = _ELSEWHERE.search(f"{folder}/") is not None
            if not elsewhere[folder]:
                self._by_name.setdefault(name, []).append(path)

    def has(self, header: str) -> bool:
        """Tell whether a file of the tree may be meant."""
        known = self._known.get(header)
        return bool(self.meant_by(header) if known is None else known)

    def meant_by(self, header: str) -> tuple[str, ...]:
        """Give the files of the tree that may be meant: those whose paths end so."""
        known = self._known.get(header)
        if known is None:
            plain = header.replace("\\", "/").lstrip("./")
            made = (plain, *(f"{plain}{ending}" for ending in _MADE))
            named = ((form, path) for form in made for path in self._by_name.get(form.rpartition("/")[2], ()))
            known = tuple(path for form, path in named if path == form or path.endswith(f"/{form}"))
            self._known[header] = known
        return known
