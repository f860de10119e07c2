"""Headers that neither the catalogue nor a package knows: whose library's they are, as far as anything tells.

A header alone has no name of a library. What groups them: the prefix that they are installed in, where one library or
one module for pkg-config is all that it holds; and for headers that the project does not name itself, those that open
them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.names import NameKind
from backlit.support.files import start_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.resolve import Resolved, Resolver


class Header(NamedTuple):
    """One header of the machine that a compiler opened."""

    path: str
    """Absolute real path."""
    name: str
    """As an ``#include`` would name it: relative to the include folder it was found in."""
    own: bool
    """True if the project's own source or header names it in an ``#include``."""


def placed(ledger: Ledger, headers: Iterable[Header]) -> dict[str, Resolved]:
    """Give each header's library, by the header's path; what was linked has to be in the ledger.

    A header that nothing groups with others stands for a library of its own name.
    """
    resolver = ledger.resolver
    names = {header.path: header for header in headers}
    found = {path: resolver.library(NameKind.HEADER, header.name, path) for path, header in names.items()}
    strange = {path for path, resolved in found.items() if _is_strange(resolver, path, resolved)}
    if not strange:
        return found
    linked = {entry.resolved: frozenset(entry.unowned) for entry in ledger.entries() if entry.unowned}
    for path in strange:
        found[path] = _of_prefix(resolver, path, linked) or found[path]
    openers = {
        path: resolved
        for path, resolved in found.items()
        if (path not in strange or names[path].own) and resolver.owner(path) is None
    }
    alone = strange - openers.keys() - {path for path in strange if _is_told_of(ledger, path, found[path])}
    for path, opener in _opened(openers, alone).items():
        found[path] = openers[opener]
    return found


def _is_strange(resolver: Resolver, path: str, resolved: Resolved) -> bool:
    return resolved.canonical == "unknown" and resolver.owner(path) is None


def _is_told_of(ledger: Ledger, path: str, resolved: Resolved) -> bool:
    """Tell whether a library of the header's own name was linked, or has a module beside it."""
    if ledger.known(resolved.id) is not None:
        return True
    prefix = _prefix(path)
    return prefix is not None and resolved.id.rpartition("/")[2] in {stem.lower() for stem in _held(prefix).modules}


class _Held(NamedTuple):
    """What a prefix holds."""

    libraries: frozenset[str]
    """Names of libraries as a link has them: ``foo`` for ``libfoo.so.1``."""
    modules: frozenset[str]
    """Names of pkg-config's modules."""


def _prefix(path: str) -> str | None:
    """Give the prefix that a header was installed in; None if its path does not say."""
    prefix, inside, _ = path.rpartition("/include/")
    return prefix if inside else None


@cache
def _held(prefix: str) -> _Held:
    folders = [Path(prefix, name) for name in ("lib", "lib64", "lib32")]
    folders += [folder for folder in Path(prefix, "lib").glob("*-linux-*") if folder.is_dir()]
    files = {file.name for folder in folders if folder.is_dir() for file in folder.iterdir()}
    modules = {pc.stem for folder in (*folders, Path(prefix, "share")) for pc in folder.glob("pkgconfig/*.pc")}
    libraries = {found[1] for name in files if (found := _LIBRARY.match(name))}
    return _Held(frozenset(libraries), frozenset(modules))


_LIBRARY: Final = re.compile(r"lib(.+?)\.(?:a|so|dylib)(?:\.[\d.]+)?$")


def _of_prefix(resolver: Resolver, path: str, linked: dict[Resolved, frozenset[str]]) -> Resolved | None:
    """Give the one library that a header's prefix holds: the one linked from there, or its module's."""
    prefix = _prefix(path)
    held = _held(prefix) if prefix else _Held(frozenset(), frozenset())
    if len(held.libraries) > 1 or len(held.modules) > 1:
        return None
    if held.libraries:
        of_link = {library for library, files in linked.items() if any(file.startswith(f"{prefix}/") for file in files)}
        if len(of_link) == 1:
            return of_link.pop()
    return resolver.library(NameKind.PKGCONFIG, min(held.modules)) if held.modules else None


def _opened(openers: dict[str, Resolved], others: set[str]) -> dict[str, str]:
    """Give, of headers that nobody names, the first that leads to each by its includes, in the same folder of headers.

    Where all that could lead there are one library's, they need not be read.
    """
    found: dict[str, str] = {}
    by_root: dict[str, set[str]] = {}
    for path in others:
        by_root.setdefault(_root(path), set()).add(path)
    for root, paths in by_root.items():
        here = sorted(path for path in openers if _root(path) == root)
        if len({openers[path] for path in here}) == 1:
            found |= dict.fromkeys(paths, here[0])
            continue
        for opener in here:
            for path in _reached(opener, paths):
                found.setdefault(path, opener)
    return found


def _root(path: str) -> str:
    prefix = _prefix(path)
    return f"{prefix}/include" if prefix is not None else path.rpartition("/")[0]


def _reached(opener: str, paths: set[str]) -> set[str]:
    reached: set[str] = set()
    waiting = [opener]
    while waiting:
        new = {path for name in _includes(waiting.pop()) for path in paths if path.endswith(f"/{name}")} - reached
        reached |= new
        waiting += new
    return reached


@cache
def _includes(path: str) -> frozenset[str]:
    try:
        text = start_of(path, _SIZE)
    except OSError:
        return frozenset()  # gone by now
    return frozenset(name.decode(errors="replace").lstrip("./") for name in _INCLUDE.findall(text))


_SIZE: Final = 4 << 20
"""As much of a header is read, in bytes."""

_INCLUDE: Final = re.compile(
    rb"^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*[<\"]([^>\"\n\0]+)[>\"]", re.MULTILINE
)
