"""Side "build": questions to pkg-config and ``*-config`` programs, and what they say of the libraries."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline.join.modules import Modules
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backlit.model.invocation import Query
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation, places: Places) -> None:
    """Write the questions that were answered into the ledger; `probed` tells of the others.

    What a build system noted as the answer counts; else the version is that of the file which pkg-config opens.
    """
    trace = observation.trace
    answered = [query for query in trace.queries if not has_failed(query)]
    noted = {search.name: search.version for search in trace.searches if search.sense in _NOTED and search.version}
    machine = cache(lambda asked: Modules(asked.program, _environment(asked), places.sysroots))
    for query in answered:
        answer = _answer(ledger, query, places)
        for name in names_of(query):
            entry = _enter_one(ledger, query, name, answer)
            if entry is not None and query.modules and "/" not in name:
                module = None if name in noted else machine(_Asked.by(query)).find(name)
                version = noted.get(name) or (module.version if module else None)
                if version is not None:
                    ledger.say_version(entry, name, version, "pkg-config")
            elif entry is not None and (version := _told_version(answer)):
                ledger.say_version(entry, name, version, name)
    _enter_behind(ledger, answered, machine)


class _Asked(NamedTuple):
    """One pkg-config as it was started."""

    program: str
    variables: tuple[str, ...] | None

    @classmethod
    def by(cls, query: Query) -> _Asked:
        return cls(query.invocation.program, query.invocation.variables)


def _environment(asked: _Asked) -> Mapping[str, str] | None:
    return None if asked.variables is None else dict(each.split("=", 1) for each in asked.variables)


_NOTED: Final = frozenset({NameKind.PKGCONFIG, NameKind.MESON})


def _enter_behind(ledger: Ledger, answered: list[Query], machine: Callable[[_Asked], Modules]) -> None:
    """Write which libraries are there only because a module that was asked for opens theirs.

    A module that is opened, and of which nothing is compiled or linked in, is one all the same: pkg-config gives no
    flags where its file is missing.
    """
    asked = {name for query in answered for name in query.modules}
    for by, name, is_opened in sorted(_questions(answered), key=repr):
        for other, how in machine(by).behind(name) if "/" not in name else ():
            resolved = ledger.resolver.library(NameKind.PKGCONFIG, other)
            entry = ledger.known(resolved.id)
            if other in asked or (entry is not None and entry.direct):
                continue
            if entry is None and is_opened and not ledger.resolver.is_platform(NameKind.PKGCONFIG, other):
                entry = ledger.entry(resolved)
            if entry is not None:
                entry.call(NameKind.PKGCONFIG, other)
                entry.see(Side.BUILD, Kind.QUERIED, where="pkg-config", detail=f"{other}, opened by {how} of {name}")


def _questions(answered: list[Query]) -> set[tuple[_Asked, str, bool]]:
    """Give program and module of each question, and whether what is behind the module was opened for an answer.

    Compiler flags need every file behind it, private ones too; those of a static link likewise.
    """
    opened = {
        name
        for query in answered
        if any(word.startswith("--cflags") or word == "--static" for word in query.invocation.arguments)
        for name in query.modules
    }
    return {(_Asked.by(query), name, name in opened) for query in answered for name in query.modules}


def has_failed(query: Query) -> bool:
    """Tell whether the answer was no, or there was nobody to ask."""
    return query.answered is False or not query.invocation.found


def names_of(query: Query) -> tuple[str, ...]:
    """Give what was asked for: modules, or the ``*-config`` program that answers for one library."""
    return query.modules or ((query.tool,) if query.tool != "pkg-config" else ())


def _answer(ledger: Ledger, query: Query, places: Places) -> str:
    """Give what a ``*-config`` program says of its version, where the build asked it; empty where it did not.

    The program is asked again: what it said then went to the build alone. One of the project's, or that answers for no
    library, is not.
    """
    program, arguments = query.invocation.program, query.invocation.arguments
    is_asked = not query.modules and arguments == ("--version",) and places.is_machine(program)
    if not is_asked or ledger.resolver.catalogue.identify(NameKind.CONFIG_TOOL, query.tool) is None:
        return ""
    return identify.version_of_config(program) or ""


def _told_version(answer: str) -> str | None:
    """Give the version that an answer holds: ``Kerberos 5 release 1.20.1``, ``PostgreSQL 18devel``, ``2.9.14``."""
    found = _DOTTED.search(answer) or _LAST.search(answer)
    return found[1] if found else None


_DOTTED: Final = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+[\w.+~-]*)")
_LAST: Final = re.compile(r"(?:^|\s)(\d+\w*)$")


def _enter_one(ledger: Ledger, query: Query, name: str, answer: str) -> Entry | None:
    kind = NameKind.PKGCONFIG if query.modules else NameKind.CONFIG_TOOL
    if ledger.resolver.is_platform(kind, name):
        return None
    if kind is NameKind.CONFIG_TOOL and ledger.resolver.catalogue.identify(kind, name) is None:
        return None  # python3-config, or a program of the project's own: a tool, and reported as one
    entry = ledger.entry(ledger.resolver.library(kind, name))
    if kind is NameKind.PKGCONFIG:
        entry.call(kind, name)
    entry.direct = True
    asked = query.constraints or ((name,) if query.modules else query.invocation.arguments)
    said = f": {answer}" if answer else ""
    entry.see(Side.BUILD, Kind.QUERIED, where=query.tool, detail=f"{' '.join(asked)}{said}"[:200])
    return entry
