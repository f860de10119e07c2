"""Side "build": libraries whose headers were compiled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backlit.catalog import NameKind
from backlit.model.evidence import Confidence, Kind, Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


class Header(NamedTuple):
    """One header of the machine that a compiler opened."""

    path: str
    """Absolute real path."""
    name: str
    """As an ``#include`` would name it: relative to the include folder it was found in."""
    own: bool
    """True if the project's own source or header names it in an ``#include``."""


def paths_of(observation: Observation, places: Places) -> set[str]:
    """Give the paths whose owners are wanted."""
    return {header.path for header in _headers(observation, places)}


def enter(ledger: Ledger, observation: Observation, places: Places) -> None:
    """Write the headers' libraries into the ledger.

    A library none of whose headers the project names itself came in through another one: not direct.
    """
    for header in _headers(observation, places):
        if ledger.resolver.is_platform(NameKind.HEADER, header.name, header.path):
            continue
        resolved = ledger.resolver.library(NameKind.HEADER, header.name, header.path)
        owner = ledger.resolver.owner(header.path)
        held = ledger.resolver.held_by(owner) if owner else None
        # The package that holds the file knows better than a folder's name.
        entry = ledger.entry(held if held and resolved.confidence is not Confidence.HIGH else resolved)
        entry.own(owner.purl if owner else None, "host")
        _see(entry, header)


def _see(entry: Entry, header: Header) -> None:
    if header.own:
        entry.call(NameKind.HEADER, header.name)
        entry.direct = True
    by = "named by the project's own source" if header.own else "opened through another header"
    entry.see(Side.BUILD, Kind.INCLUDED, where=header.name, detail=by)
    if not header.own and entry.direct and not entry.used:
        return  # a link asked for it in vain; that another library's header opens one of its own is no use of it
    entry.used = True
    if not entry.linkage:
        entry.linkage.add("header-only")


def _headers(observation: Observation, places: Places) -> list[Header]:
    """Give the machine's headers that were opened, those first that the project names itself."""
    found: dict[str, str] = {}
    for compilation in observation.trace.compilations:
        folders = sorted((f"{folder.rstrip('/')}/" for folder in compilation.include_dirs), key=len, reverse=True)
        for path in compilation.headers:
            if path not in found and places.is_machine(path):
                found[path] = _name(path, folders)
    own = observation.own_includes
    headers = [Header(path, name, _is_named(path, name, own)) for path, name in sorted(found.items())]
    return sorted(headers, key=lambda header: not header.own)


_ROOTS = ("/usr/include/", "/usr/local/include/", "/opt/include/")


def _name(path: str, folders: Iterable[str]) -> str:
    """Give a header's name below the include folder; Debian's per-machine folder is one too."""
    for folder in (*folders, *_ROOTS):
        if path.startswith(folder):
            name = path[len(folder) :]
            head, _, rest = name.partition("/")
            return rest if rest and head.count("-") >= 2 and "linux" in head else name  # noqa: PLR2004 - a triplet has two
    parts = path.rpartition("/include/")
    return parts[2] if parts[1] else path.rpartition("/")[2]


def _is_named(path: str, name: str, own: frozenset[str]) -> bool:
    """Tell whether an ``#include`` of the project means this file: by its whole name, or by the end of its path."""
    if name in own:
        return True
    parts = path.split("/")
    return any("/".join(parts[-count:]) in own for count in range(1, min(len(parts), 6)))
