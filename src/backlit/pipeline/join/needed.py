"""Side "artifact": libraries that the finished binaries name in their dynamic section."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline.join import loading

if TYPE_CHECKING:
    from backlit.model.native import NativeFile
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.linked import Link
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation, links: tuple[Link, ...]) -> None:
    """Write what each binary needs into the ledger, apart from what the artifact brings itself.

    What only a bundled library needs is not direct. A need that no link which was seen explains becomes a diagnostic:
    that turns a miss of the observation into a visible gap.
    """
    own = provided_by(observation.artifact.binaries)
    led_to = {link.soname: link.path for link in links if link.soname}
    by_binary: dict[str, list[Link]] = {}
    for link in links:
        by_binary.setdefault(link.binary.path, []).append(link)
    for binary in observation.artifact.binaries:
        for soname, how in loading.asked_of_loader(binary):
            path = led_to.get(soname)
            kind, name = loading.named(binary, soname, ledger.resolver)
            if loading.base_name(binary, soname) in own or ledger.resolver.is_platform(kind, name, path):
                continue
            if loading.is_system(binary, soname, kind, name, ledger.resolver):
                continue
            entry = ledger.entry(ledger.resolver.library(kind, name, path))
            entry.call(NameKind.SONAME, soname)
            detail = f"{soname} ({how})" if how else soname
            entry.see(Side.ARTIFACT, Kind.NEEDED, where=binary.path, detail=detail)
            entry.linkage.add("dynamic")
            entry.used = True
            entry.direct = entry.direct or not is_bundled(binary.path)
            explained = any(link.explains(soname) for link in by_binary.get(binary.path, ()))
            if observation.traced and observation.trace.compilations and not explained and not is_bundled(binary.path):
                ledger.note(_unexplained(binary, soname))
        _enter_opened(ledger, binary, own)


def _enter_opened(ledger: Ledger, binary: NativeFile, own: frozenset[str]) -> None:
    """Write what a binary declares to open while it runs: the first name of each that the artifact does not bring."""
    for note in binary.dlopen:
        name = next(iter(note.sonames), None)
        if name is None or not own.isdisjoint(note.sonames) or ledger.resolver.is_platform(NameKind.SONAME, name):
            continue
        entry = ledger.entry(ledger.resolver.library(NameKind.SONAME, name))
        for spelling in note.sonames:
            entry.call(NameKind.SONAME, spelling)
        what = " ".join(part for part in (note.priority, note.feature) if part)
        entry.see(Side.ARTIFACT, Kind.LOADED, where=binary.path, detail=f"{name} ({what})" if what else name)
        entry.linkage.add("dlopen")
        entry.runs = entry.used = True
        entry.direct = entry.direct or not is_bundled(binary.path)
        if entry.required != "yes":
            entry.required = "yes" if note.priority == "required" else "optional"


def provided_by(binaries: tuple[NativeFile, ...]) -> frozenset[str]:
    """Give the names under which the loader finds the artifact's own binaries."""
    names = {loading.base_name(binary, binary.path.rpartition("/")[2]) for binary in binaries}
    return frozenset(names | {loading.base_name(binary, binary.soname) for binary in binaries if binary.soname})


def is_bundled(path: str) -> bool:
    """Tell whether a member stands where auditwheel and delocate put libraries they take in."""
    return any(part.endswith((".libs", ".dylibs")) for part in os.path.dirname(path).split("/"))  # noqa: PTH120 - a member's path


def _unexplained(binary: NativeFile, soname: str) -> Diagnostic:
    return Diagnostic(
        code="unexplained-needed",
        severity=Severity.NOTE,
        where=binary.path,
        message=f"needs {soname}, which no link that was seen asked for",
    )
