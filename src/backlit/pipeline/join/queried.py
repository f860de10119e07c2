"""Side "build": questions to pkg-config and ``*-config`` programs, and what they say of the libraries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from backlit.model.invocation import Query
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation, places: Places) -> None:
    """Write the questions into the ledger; one whose answer was no becomes a diagnostic instead."""
    answered = {name for query in observation.trace.queries if not _has_failed(query) for name in _names(query)}
    for query in observation.trace.queries:
        for name in _names(query):
            if _has_failed(query):
                if name not in answered:
                    ledger.note(_failed(query, name, places))
                continue
            _enter_one(ledger, query, name, places)


def _has_failed(query: Query) -> bool:
    return query.answered is False or not query.invocation.found


def _enter_one(ledger: Ledger, query: Query, name: str, places: Places) -> None:
    kind = NameKind.PKGCONFIG if query.modules else NameKind.CONFIG_TOOL
    if ledger.resolver.is_platform(kind, name):
        return
    if kind is NameKind.CONFIG_TOOL and ledger.resolver.catalogue.identify(kind, name) is None:
        return  # python3-config, or a program of the project's own: a tool, and reported as one
    entry = ledger.entry(ledger.resolver.library(kind, name))
    if kind is NameKind.PKGCONFIG:
        entry.call(kind, name)
        entry.version = entry.version or _version(name, places)
    entry.direct = True
    asked = query.constraints or ((name,) if query.modules else query.invocation.arguments)
    entry.see(Side.BUILD, Kind.QUERIED, where=query.tool, detail=" ".join(asked)[:200])


def _names(query: Query) -> tuple[str, ...]:
    return query.modules or ((query.tool,) if query.tool.endswith("-config") and query.tool != "pkg-config" else ())


def _failed(query: Query, name: str, places: Places) -> Diagnostic:
    asked = f"{query.tool} {places.told(name)}" if query.modules else query.tool
    missing = "no such program" if not query.invocation.found else "it said no"
    return Diagnostic(
        code="probe-failed",
        severity=Severity.WARNING,
        where=asked,
        message=f"the build looked for {places.told(name)} with {query.tool}, and {missing}",
        cure="install what provides it, if the build should use it",
    )


def _version(module: str, places: Places) -> str | None:
    """Give ``Version`` of a module's .pc file in the machine's usual folders; None if it is not there."""
    for folder in _pc_folders():
        path = folder / f"{module}.pc"
        if path.is_file() and places.is_machine(str(path)):
            found = re.search(r"^Version:[ \t]*(\S+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
            return found[1] if found and "$" not in found[1] else None
    return None


def _pc_folders() -> list[Path]:
    # pkg-config's built-in path on every distribution that has these; PKG_CONFIG_PATH may name others, which are then
    # not looked at: the version stays unknown rather than being another file's.
    per_machine = sorted(Path("/usr/lib").glob("*-linux-*/pkgconfig"))
    return [*per_machine, Path("/usr/lib64/pkgconfig"), Path("/usr/lib/pkgconfig"), Path("/usr/share/pkgconfig")]
