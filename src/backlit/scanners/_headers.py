"""The headers that a tree has itself."""

from __future__ import annotations

import re
from typing import Final

_ELSEWHERE: Final = re.compile(r"(?i)(?:^|[/_-])(?:win|win32|win64|windows|mingw|msvc)/")


class Own:
    """The headers that the tree has itself, its vendored copies' among them."""

    def __init__(self, paths: frozenset[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        for path in paths:
            if _ELSEWHERE.search(path):
                continue  # brought for a platform that has no package of it
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def has(self, header: str) -> bool:
        """Tell whether a file of the tree may be meant: one whose path ends so."""
        plain = header.replace("\\", "/").lstrip("./")
        named = self._by_name.get(plain.rpartition("/")[2], ())
        return any(path == plain or path.endswith(f"/{plain}") for path in named)
