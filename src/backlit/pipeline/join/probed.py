"""Side "build": what the build looked for, by build systems' own searches; and what was nowhere to be found.

A library is found if anything of it was: one that a second name or another tool led to is no failed probe. A copy in
the project's own tree does not count: that the machine's was looked for in vain is why it was taken.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side
from backlit.model.invocation import Search
from backlit.model.names import NameKind
from backlit.pipeline.join.linked import is_there
from backlit.pipeline.join.queried import has_failed, names_of
from backlit.trace import identify, tries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.invocation import Compilation, Query
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


def paths_of(observation: Observation, places: Places) -> set[str]:
    """Give the paths whose owners are wanted."""
    return {search.path for search in observation.trace.searches if search.path and places.is_machine(search.path)}


def enter(ledger: Ledger, observation: Observation, places: Places) -> None:
    """Write what was found into the ledger, and what was not, by nobody, as a diagnostic each."""
    noted = observation.trace.searches
    searches = [search for search in (*noted, *_tried(observation)) if not _is_platform(ledger, search)]
    # A package says that its library was asked for; a lone header or file only tells more of what is known already.
    for search in sorted(searches, key=lambda search: search.sense not in _PACKAGES):
        if search.found and not places.is_own(search.path or "/"):
            _enter_one(ledger, search)
    failed = tuple(_failed(ledger, observation, places))
    for _, diagnostic in failed:
        ledger.note(diagnostic)
    named = {name.casefold() for name, _ in failed} | {each.name.casefold() for each in searches if each.found}
    for diagnostic in _missing_programs(ledger, observation):
        ledger.note(diagnostic)
    for search in searches:
        if not search.found and search.name.casefold() not in named and _is_missed(ledger, search):
            ledger.note(_missing(search))


_PACKAGES: Final = frozenset({NameKind.CMAKE, NameKind.MESON, NameKind.PKGCONFIG})
"""Senses in which a name is a whole package's."""

_FINDS: Final = frozenset({Kind.QUERIED, Kind.LINKED, Kind.INCLUDED, Kind.PROBED, Kind.NEEDED})
"""What shows that a library was there."""


def _tried(observation: Observation) -> Iterator[Search]:
    """Give what a command that failed asked for and of which there is no file: libraries of a link, a header.

    A build that goes on without it has tried: setup.py by itself, or an extension that may be left out. What CMake,
    meson and configure try they note themselves.
    """
    trace = observation.trace
    noted = {(search.sense, search.name) for search in trace.searches}
    sources = dict(trace.tried)
    failed = [item for item in trace.compilations if item.invocation.status]
    for item in sorted(failed, key=lambda item: item.invocation.arguments):
        lacking = [(NameKind.LINK, name) for name in dict.fromkeys(item.libraries) if not is_there(name, item)]
        header = _missing_header(item, sources)
        for sense, name in [*lacking, *([(NameKind.HEADER, header)] if header else [])]:
            if (sense, name) not in noted:
                noted.add((sense, name))
                yield Search(item.invocation.program.rpartition("/")[2], sense, name, found=False)


def _missing_header(compilation: Compilation, tried: Mapping[str, tuple[str, ...]]) -> str | None:
    """Give the first header that a source names and that no folder has: the one that ended the compilation."""
    by_itself = identify.include_dirs(compilation.invocation.program, compilation.language, compilation.flags)
    if not by_itself:
        return None  # a compiler that does not say where it looks
    for source in compilation.sources:
        folders = (source.rpartition("/")[0], *compilation.include_dirs, *by_itself)
        for name in tried.get(source) or tries.included(source):
            if not any(os.path.exists(f"{folder}/{name}") for folder in folders):  # noqa: PTH110 - hundreds of strings
                return name
    return None


def _is_platform(ledger: Ledger, search: Search) -> bool:
    return ledger.resolver.is_platform(search.sense, search.name, search.path or None)


def _enter_one(ledger: Ledger, search: Search) -> None:
    resolved = ledger.resolver.library(search.sense, search.name, search.path or None)
    is_package = search.certain and search.sense in _PACKAGES
    entry = ledger.known(resolved.id)
    if entry is None:
        known = resolved.canonical != "unknown" or ledger.resolver.owner(search.path or None) is not None
        if not is_package or not known:
            return
        entry = ledger.entry(resolved)
        entry.direct = True
    if is_package:
        entry.call(search.sense, search.name)
        if search.version:
            ledger.say_version(entry, search.name, search.version, search.tool)
    version = f" {search.version}" if search.version else ""
    detail = f"{search.tool} found {search.name}{version}"
    entry.see(Side.BUILD, Kind.PROBED, where=search.record, detail=detail, confidence=resolved.confidence)


def _was_found(ledger: Ledger, kind: NameKind, name: str) -> bool:
    entry = ledger.known(ledger.resolver.library(kind, name).id)
    return entry is not None and any(key[1] in _FINDS for key in entry.evidence)


def _failed(ledger: Ledger, observation: Observation, places: Places) -> Iterator[tuple[str, Diagnostic]]:
    """Give each question whose answer was no, by its name, where the library was not found in another way."""
    queries = observation.trace.queries
    answered = {name for query in queries if not has_failed(query) for name in names_of(query)}
    answered |= {name.removesuffix("-config") for name in answered}  # numpy, which no catalogue of libraries has
    releases = {_VERSION.sub("", name) for name in answered if _VERSION.search(name)}
    for query in queries:
        kind = NameKind.PKGCONFIG if query.modules else NameKind.CONFIG_TOOL
        for name in names_of(query) if has_failed(query) else ():
            other_release = bool(_VERSION.search(name)) and _VERSION.sub("", name) in releases
            if name not in answered and not other_release and not _was_found(ledger, kind, name):
                yield name, _failed_query(query, name, places)


_VERSION: Final = re.compile(r"[-._]?\d[\d.]*$")
"""A release in a module's name: of ``libtiff-5`` and ``libtiff-4`` a machine has one."""


def _failed_query(query: Query, name: str, places: Places) -> Diagnostic:
    asked = f"{query.tool} {places.told(name)}" if query.modules else query.tool
    missing = "no such program" if not query.invocation.found else "it said no"
    return Diagnostic(
        code="probe-failed",
        severity=Severity.WARNING,
        where=asked,
        message=f"the build looked for {places.told(name)} with {query.tool}, and {missing}",
        cure="install what provides it, if the build should use it",
    )


def _is_missed(ledger: Ledger, search: Search) -> bool:
    """Tell whether a search that failed was for a library that was nowhere: not for a function, a flag, a system."""
    is_known = ledger.resolver.catalogue.identify(search.sense, search.name) is not None
    is_package = search.certain and search.sense in _PACKAGES
    return (is_known or is_package) and not _was_found(ledger, search.sense, search.name)


def _missing_programs(ledger: Ledger, observation: Observation) -> Iterator[Diagnostic]:
    """Give the build tools that were started, or looked for, and are not there; version control is asked by habit."""
    runs = observation.trace.runs
    there = {run.tool for run in runs if run.invocation.found}
    for tool in sorted({run.tool for run in runs} - there - _BY_HABIT):
        if ledger.resolver.catalogue.tool(tool) is not None:
            yield Diagnostic(
                code="probe-failed",
                severity=Severity.WARNING,
                where=tool,
                message=f"the build looked for the program {tool}, and there is none",
                cure="install what provides it, if the build should use it",
            )


_BY_HABIT: Final = frozenset({"git", "mercurial"})


def _missing(search: Search) -> Diagnostic:
    what = {NameKind.HEADER: "the header ", NameKind.LINK: "the library "}.get(search.sense, "")
    return Diagnostic(
        code="probe-failed",
        severity=Severity.WARNING,
        where=f"{search.tool} {search.name}",
        message=f"the build looked for {what}{search.name} with {search.tool}, and did not find it",
        cure="install what provides it, if the build should use it",
    )
