"""Where the sides contradict each other: what is declared and what was taken, a copy and the machine's, two versions.

A side that is silent contradicts nobody: a header leaves no trace in an artifact, and no build asks for what is only
declared for running. Links that nothing needs, and needs that no link explains, are told by `linked` and `needed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.config.project import Project
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation, project: Project) -> None:
    """Write each contradiction as a diagnostic."""
    was_seen = observation.traced and bool(observation.trace.compilations)
    external = project.table("external")
    for entry in ledger.entries():
        for diagnostic in (*_declared(entry, external, was_seen=was_seen), *_copied(entry), *_versions(entry)):
            ledger.note(diagnostic)


def _declared(entry: Entry, external: Mapping[str, object], *, was_seen: bool) -> Iterator[Diagnostic]:
    """Compare with ``[external]``: its host requirements with what the build took, and the other way round."""
    told = [key[2] for key in entry.evidence if key[:2] == (Side.SOURCE, Kind.DECLARED)]
    if was_seen and not entry.used and any(detail.startswith("host-requires:") for detail in told):
        message = f"external.host-requires has {entry.resolved.id}, and the build took nothing of it"
        yield _note("declared-unused", "pyproject.toml", message, "leave it out, if no other platform's build needs it")
    is_taken = entry.used and entry.direct and bool(entry.linkage & _FROM_MACHINE) and not entry.builds
    if is_taken and not told and external.get("host-requires") is not None:
        message = f"the build took {entry.resolved.id}, which external.host-requires does not have"
        yield _note("undeclared", "pyproject.toml", message, f"add '{entry.resolved.id}' to it")


_FROM_MACHINE: Final = frozenset({"dynamic", "static", "header-only"})


def _copied(entry: Entry) -> Iterator[Diagnostic]:
    if "vendored" not in entry.linkage:
        return
    if entry.linkage & {"dynamic", "static"} and not _is_of_artifact(entry):
        message = f"a copy of {entry.resolved.id} is compiled in, and the machine's is linked as well"
        yield _warn("copy-and-system", _where(entry), message, "take one of the two: their versions may differ")
    elif any(key[1] is Kind.INCLUDED and key[2] == _BY_PROJECT for key in entry.evidence):
        message = f"a copy of {entry.resolved.id} is compiled in, with headers of the machine's"
        yield _warn("copy-with-system-headers", _where(entry), message, "let the copy's own headers be found first")


_BY_PROJECT: Final = "named by the project's own source"


def _is_of_artifact(entry: Entry) -> bool:
    """Tell whether the copy is one that was put into the artifact, as auditwheel does: then that is what is linked."""
    return not any(key[:2] == (Side.BUILD, Kind.BUNDLED) for key in entry.evidence)


def _where(entry: Entry) -> str:
    """Give the copy's first place."""
    return min(place for key, places in entry.evidence.items() if key[1] is Kind.BUNDLED for place in places)


def _versions(entry: Entry) -> Iterator[Diagnostic]:
    """Say that a library was seen in two versions under one name, unless one says only more of the same.

    Names are kept apart, for a module may count otherwise than its project: ``freetype2`` 24.1.18 is FreeType 2.12.1.
    """
    for name, told in sorted(entry.versions.items()):
        versions = sorted(told)
        if any(not _is_part(one, other) for one in versions for other in versions if one < other):
            seen = ", ".join(f"{version} ({', '.join(sorted(told[version]))})" for version in versions)
            message = f"{name} of {entry.resolved.id} was seen in several versions: {seen}"
            yield _warn("version-conflict", name, message, "see that all of the build finds the same one")


def _is_part(one: str, other: str) -> bool:
    """Tell whether a version is the beginning of another: ``6.4`` of ``6.4.20221231``."""
    short, long = sorted((one.split("."), other.split(".")), key=len)
    return long[: len(short)] == short


def _note(code: str, where: str, message: str, cure: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.NOTE, where=where, message=message, cure=cure)


def _warn(code: str, where: str, message: str, cure: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.WARNING, where=where, message=message, cure=cure)
