"""Copies of other projects in the tree that were compiled in, with name and version as their own files say.

The scanner of vendored copies judges; it is shown only the folders that the compilers were in, and is not even loaded
where these show at a glance that there can be no copy, as in most builds.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.signal import VendoredCopy
    from backlit.pipeline.join.resolve import Resolved, Resolver


def found_in(tree: str, compiled: Iterable[str], opened: Iterable[str]) -> tuple[VendoredCopy, ...]:
    """Give the copies that files in `compiled` or `opened` belong to, sorted by path. Reads files, runs nothing.

    `compiled`, sources, and `opened`, headers, are relative to `tree`, with ``/``.
    """
    sources = frozenset(compiled)
    headers = frozenset(opened)
    if not sources:
        return ()
    paths = {path for folder in _folders(sources | headers) for path in _files(tree, folder)} | sources | headers
    if not _may_hold_copies(tree, paths, sources, headers):
        return ()
    return _judged(tree, paths, sources, headers)


def _judged(tree: str, paths: set[str], sources: frozenset[str], headers: frozenset[str]) -> tuple[VendoredCopy, ...]:
    from backlit.model.signal import VendoredCopy  # noqa: PLC0415 - see the module's docstring
    from backlit.scanners import Content, Tree  # noqa: PLC0415 - likewise
    from backlit.scanners.vendored import ADAPTER  # noqa: PLC0415 - likewise

    names = frozenset(name for name in ADAPTER.files if not name.startswith("*"))
    wanted = sorted(path for path in paths if _tells(path, sources, headers, paths, names))
    kept: dict[str, object] = {}
    for path in wanted[:_MOST]:
        if (data := _start(f"{tree}/{path}")) and (digest := ADAPTER.digest(Content(path, data))) is not None:
            kept[path] = digest
    texts: dict[str, str] = {
        name: _start(f"{tree}/{name}").decode(errors="replace") for name in _TELLING if name in paths
    }
    seen = Tree(frozenset(paths), texts, {ADAPTER.name: kept})
    copies = (item for item in ADAPTER.findings(seen) if isinstance(item, VendoredCopy) and not item.header)
    return tuple(sorted(copy for copy in copies if sources_of(copy, sources) or headers_of(copy, headers)))


def sources_of(copy: VendoredCopy, sources: Iterable[str]) -> int:
    """Count the sources that belong to a copy: in its folder, or of the name of the header, or macro, that tells it."""
    if copy.path.endswith(_HEADERS):
        folder, _, header = copy.path.rpartition("/")
        stems = {f"{folder}/{stem}".lstrip("/") for stem in (header.rpartition(".")[0], copy.name)}
        return sum(source.rpartition(".")[0] in stems for source in sources)
    return sum(source == copy.path or source.startswith(f"{copy.path}/") for source in sources)


def headers_of(copy: VendoredCopy, headers: Iterable[str]) -> int:
    """Count the headers in a copy's folder: a library of templates has no sources."""
    return sum(header.startswith(f"{copy.path}/") for header in headers)


def library_of(resolver: Resolver, copy: VendoredCopy) -> Resolved:
    """Give the library that a copy is of: by its name, or else by the header that tells it: LMDB's says ``MDB_``."""
    resolved = resolver.project(copy.name)
    header = copy.path.rpartition("/")[2]
    if resolved.canonical == "unknown" and header.endswith(_HEADERS):
        named = resolver.library(NameKind.HEADER, header)
        if named.canonical != "unknown" and is_akin(named.id, header.rpartition(".")[0]):
            return named
    return resolved


def is_akin(id_: str, header: str) -> bool:
    """Tell whether a header, or its folder, is named for a library: one name begins with the other."""
    library = _letters(id_.rpartition("/")[2])
    parts = (_letters(part) for part in header.split("/"))
    return any(library.startswith(part) or part.startswith(library) for part in parts)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removeprefix("lib")


_HEADERS: Final = (".h", ".hpp")
_TELLING: Final[tuple[str, ...]] = ("PKG-INFO", "pyproject.toml", "setup.py")
_MOST: Final = 2000
"""Files read, at most."""
_READ: Final = 60_001
"""Bytes read of each: the scanner looks no further."""
_AMALGAMATED: Final = 50_000
"""A source that is smaller, in bytes, is no amalgamation to the scanner either."""
_SHELF: Final = re.compile(
    r"(?i)(?:.*/)?(?:_?vendor|third|3rd|ext|deps|bundle|sub|lib[a-z]|.*[-_.](?:vendor|third))[^/]*(?:/.*)?"
)
"""Folders that copies are kept in, or that are named for a library; more than there really are."""
_PAPER: Final = re.compile(r"(?i).+/(?:copying|copyright|licen[cs]e|notice|authors|news|changelog)[^/]*")
_VERSION: Final = re.compile(rb"#[ \t]*define[ \t]+([A-Za-z]\w*_(?:VERSION|VER|MAJOR)\w*)")
_AMALGAMATION: Final = re.compile(rb"(?i)amalgam|single[- ]file")


def _may_hold_copies(tree: str, paths: set[str], sources: frozenset[str], headers: frozenset[str]) -> bool:
    """Tell whether a folder, its papers, its header, or a header or source that speaks of a release hint at a copy."""
    if any(_SHELF.fullmatch(source.rpartition("/")[0]) for source in sources) or any(map(_PAPER.fullmatch, paths)):
        return True
    folders = {source.rpartition("/")[0] for source in sources} - {""}
    if any(f"{folder}/{folder.rpartition('/')[2]}.h" in paths for folder in folders):
        return True
    stems = tuple({_plain(source.rpartition("/")[2].rpartition(".")[0]) for source in sources} - {""})
    for header in headers:
        macros = [_plain(name.decode()) for name in _VERSION.findall(_start(f"{tree}/{header}"))]
        own = _plain(header.rpartition("/")[2].rpartition(".")[0])
        if any(macro.startswith(stems) or (own and macro.startswith(own)) for macro in macros):
            return True
    large = (source for source in sources if source.endswith((".c", ".cpp")) and _is_large(f"{tree}/{source}"))
    return any(_AMALGAMATION.search(_start(f"{tree}/{source}"), 0, 3000) for source in large)


def _is_large(path: str) -> bool:
    try:
        return os.path.getsize(path) > _AMALGAMATED  # noqa: PTH202 - thousands of strings
    except OSError:
        return False


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower()).removeprefix("lib")


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


def _tells(path: str, sources: frozenset[str], headers: frozenset[str], paths: set[str], names: frozenset[str]) -> bool:
    """Tell whether a file is worth reading: of headers those that were opened, of sources those compiled."""
    folder, _, name = path.rpartition("/")
    if name.endswith((".c", ".cpp")):
        return path in sources
    if name.endswith((".h", ".hpp")):
        return path in headers or f"{path.rpartition('.')[0]}.c" in paths
    return (bool(folder) and (name in names or name.endswith(".in"))) or path == "setup.py"  # which has switches


def _start(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_READ)
    except OSError:
        return b""
