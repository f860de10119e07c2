"""Side "build": questions to pkg-config and ``*-config`` programs, and what they say of the libraries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from backlit.model.invocation import Query
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation, places: Places) -> None:
    """Write the questions that were answered into the ledger; `probed` tells of the others."""
    for query in observation.trace.queries:
        for name in names_of(query) if not has_failed(query) else ():
            _enter_one(ledger, query, name, places)


def has_failed(query: Query) -> bool:
    """Tell whether the answer was no, or there was nobody to ask."""
    return query.answered is False or not query.invocation.found


def names_of(query: Query) -> tuple[str, ...]:
    """Give what was asked for: modules, or the ``*-config`` program that answers for one library."""
    return query.modules or ((query.tool,) if query.tool.endswith("-config") and query.tool != "pkg-config" else ())


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


def _version(module: str, places: Places) -> str | None:
    """Give ``Version`` of a module's .pc files in the usual folders; None if there is none, or they disagree."""
    found = {version for folder in _pc_folders(places.sysroots) if (version := _version_in(folder, module, places))}
    return found.pop() if len(found) == 1 else None


def _version_in(folder: Path, module: str, places: Places) -> str | None:
    path = folder / f"{module}.pc"
    if not path.is_file() or not places.is_machine(str(path)):
        return None
    found = re.search(r"^Version:[ \t]*(\S+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found and "$" not in found[1] else None


def _pc_folders(sysroots: tuple[str, ...]) -> list[Path]:
    # pkg-config's built-in path on every distribution that has these; PKG_CONFIG_PATH may name others, which are then
    # not looked at: the version stays unknown rather than being another file's. A machine may hold the libraries of
    # several, and a cross build is none of what is outside its sysroot.
    roots = [Path(root or "/") for root in sysroots or ("",)]
    per_machine = sorted(path for root in roots for path in (root / "usr/lib").glob("*-linux-*/pkgconfig"))
    usual = ("usr/lib64/pkgconfig", "usr/lib/pkgconfig", "usr/share/pkgconfig")
    return [*per_machine, *(root / folder for root in roots for folder in usual)]
