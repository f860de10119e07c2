"""Whether the libraries that a tree asks for are here, and in which version."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.names import NameKind
from backlit.pipeline.doctor import needs, versions
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backlit.pipeline.doctor.lookup import Found, Lookup
    from backlit.pipeline.doctor.needs import Library

_SECONDS: Final = 20.0


class Seen(NamedTuple):
    """What a look for one library gave."""

    found: Found | None
    """The file that shows it; None if none does."""
    looked_up: bool
    """False if it goes by no name that can be looked up."""
    version: str | None = None
    """The version that counts for the constraints; None if there are none, or nothing states one."""
    fits: bool = True
    """False if that version is not among those asked for."""


def look_for(library: Library, names: Mapping[NameKind, tuple[str, ...]], lookup: Lookup) -> Seen:
    """Look for a library by what it is asked for as; by all `names` it is known by, where that cannot be looked up.

    One of several names is enough: sources try one spelling after another. But a header alone is not, where the source
    links, too, and a program that tells flags is not, where the flags lead nowhere: Debian's ``pg_config`` is there
    without any header.
    """
    asked = _by_kind(library.names)
    if library.need == needs.RUNTIME:
        return _to_run_with(asked, lookup)
    found = {kind: _first(lookup, kind, spellings) for kind, spellings in asked.items() if kind in _LOOKED_UP}
    seen = next((found[kind] for kind in _SURE if found.get(kind)), None) or _by_header(asked, found, names, lookup)
    if seen is not None:
        return _in_version(library, seen, lookup)
    header = found.get(NameKind.HEADER)
    if NameKind.PKGCONFIG in asked or (found.keys() & _DECISIVE and header is None):
        return Seen(None, looked_up=True)
    known = {kind: _first(lookup, kind, names.get(kind)) for kind in (*_SURE, NameKind.HEADER)}
    by_any = next((each for each in known.values() if each), None)
    return Seen(by_any, looked_up=bool(found or any(names.get(kind) for kind in known)))


def _by_header(
    asked: Mapping[NameKind, tuple[str, ...]],
    found: Mapping[NameKind, Found | None],
    names: Mapping[NameKind, tuple[str, ...]],
    lookup: Lookup,
) -> Found | None:
    """Give the header that shows a library, or the program that tells where it is; None if neither does."""
    header, program = found.get(NameKind.HEADER), found.get(NameKind.CONFIG_TOOL)
    if header is not None and (NameKind.LINK not in asked or _first(lookup, NameKind.LINK, names.get(NameKind.LINK))):
        return header
    return program if program is not None and _flags_lead_somewhere(program, asked) else None


def _in_version(library: Library, seen: Found, lookup: Lookup) -> Seen:
    """Hold what was found against the versions asked for: all of those that must hold, else one of the others."""
    verdicts: dict[bool, list[bool]] = {True: [], False: []}
    stated = None
    for constraint in library.constraints:
        found = lookup.find(constraint.kind, constraint.name) if constraint.kind in _SURE else None
        if found is None or found.version is None:
            continue
        stated = stated or found.version
        verdict = versions.meets(found.version, constraint.versions)
        verdicts[constraint.must] += [] if verdict is None else [verdict]
    fits = all(verdicts[True]) and (any(verdicts[False]) or not verdicts[False] or bool(verdicts[True]))
    return Seen(seen, looked_up=True, version=stated or seen.version, fits=fits)


_SURE: Final = (NameKind.PKGCONFIG, NameKind.MESON, NameKind.CMAKE, NameKind.LINK, NameKind.SONAME)
"""Senses whose file is enough, the one that states a version first."""

_DECISIVE: Final = frozenset({NameKind.PKGCONFIG, NameKind.LINK, NameKind.HEADER})
"""Senses in which what is not found is not there: no other file of it could be taken instead."""

_LOOKED_UP: Final = frozenset({*_SURE, NameKind.HEADER, NameKind.CONFIG_TOOL})


def _by_kind(names: Iterable[tuple[NameKind, str]]) -> dict[NameKind, tuple[str, ...]]:
    kinds: dict[NameKind, tuple[str, ...]] = {}
    for kind, name in names:
        kinds[kind] = (*kinds.get(kind, ()), name)
    return kinds


def _first(lookup: Lookup, kind: NameKind, spellings: Iterable[str] | None) -> Found | None:
    return next((found for name in spellings or () if (found := lookup.find(kind, name))), None)


def _to_run_with(asked: Mapping[NameKind, tuple[str, ...]], lookup: Lookup) -> Seen:
    kinds = [kind for kind in (NameKind.SONAME, NameKind.LINK) if kind in asked]
    found = next((each for kind in kinds for name in asked[kind] if (each := lookup.to_run_with(kind, name))), None)
    return Seen(found, looked_up=bool(kinds))


def _flags_lead_somewhere(program: Found, asked: Mapping[NameKind, tuple[str, ...]]) -> bool:
    """Run a config program, as the build would, and tell whether its folders have what the source includes."""
    headers = asked.get(NameKind.HEADER, ())
    if not headers and NameKind.LINK not in asked:
        return True
    folders: list[str] = []
    for option in ("--cflags", "--includedir", "--include"):
        done = process.run([program.path, option], seconds=_SECONDS)
        if done.status == 0:
            folders += re.findall(r"(?:^|\s)(?:-I\s*)?(/\S+)", done.output)
    return any(os.path.isfile(f"{folder}/{header}") for folder in folders for header in headers)  # noqa: PTH113 - text
