"""Copies of other projects in the tree of which something was compiled, with name and version as their own files say.

The scanner of vendored copies judges; it is shown only the folders that the compilers were in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.model.signal import VendoredCopy
from backlit.scanners import Content, Tree
from backlit.scanners.vendored import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def found_in(tree: str, compiled: Iterable[str], opened: Iterable[str]) -> tuple[VendoredCopy, ...]:
    """Give the copies that sources in `compiled` belong to, sorted by path. Reads files, runs nothing.

    `compiled` and `opened`, the headers, are relative to `tree`, with ``/``.
    """
    sources = frozenset(compiled)
    headers = frozenset(opened)
    if not sources:
        return ()
    paths = {path for folder in _folders(sources | headers) for path in _files(tree, folder)} | sources | headers
    wanted = sorted(path for path in paths if _tells(path, sources, headers, paths))
    kept: dict[str, object] = {}
    for path in wanted[:_MOST]:
        if (data := _start(f"{tree}/{path}")) and (digest := ADAPTER.digest(Content(path, data))) is not None:
            kept[path] = digest
    texts: dict[str, str] = {
        name: _start(f"{tree}/{name}").decode(errors="replace") for name in _TELLING if name in paths
    }
    copies = (item for item in ADAPTER.findings(_seen(paths, texts, kept)) if isinstance(item, VendoredCopy))
    return tuple(sorted(copy for copy in copies if sources_of(copy, sources)))


def sources_of(copy: VendoredCopy, sources: Iterable[str]) -> int:
    """Count the sources that belong to a copy: in its folder, or of the name of the header that tells of it."""
    if copy.path.endswith((".h", ".hpp")):
        stem = copy.path.rpartition(".")[0]
        return sum(source.rpartition(".")[0] == stem for source in sources)
    return sum(source == copy.path or source.startswith(f"{copy.path}/") for source in sources)


def _seen(paths: set[str], texts: Mapping[str, str], kept: dict[str, object]) -> Tree:
    return Tree(frozenset(paths), texts, {ADAPTER.name: kept})


_TELLING: Final[tuple[str, ...]] = ("PKG-INFO", "pyproject.toml", "setup.py")
_MOST: Final = 2000
"""Files read, at most."""
_READ: Final = 60_001
"""Bytes read of each: the scanner looks no further, and takes what is longer for an amalgamation at most."""
_BY_NAME: Final = frozenset(name for name in ADAPTER.files if not name.startswith("*"))


def _folders(paths: Iterable[str]) -> set[str]:
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _files(tree: str, folder: str) -> list[str]:
    try:
        with os.scandir(f"{tree}/{folder}") as entries:
            return [f"{folder}/{entry.name}".lstrip("/") for entry in entries if entry.is_file()]
    except OSError:
        return []  # a build folder that is gone


def _tells(path: str, sources: frozenset[str], headers: frozenset[str], paths: set[str]) -> bool:
    """Tell whether a file is worth reading: of headers those that were opened, of sources those compiled."""
    folder, _, name = path.rpartition("/")
    if name.endswith((".c", ".cpp")):
        return path in sources
    if name.endswith((".h", ".hpp")):
        return path in headers or f"{path.rpartition('.')[0]}.c" in paths
    return bool(folder) and (name in _BY_NAME or name.endswith(".in"))


def _start(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_READ)
    except OSError:
        return b""
