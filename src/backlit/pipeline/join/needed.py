"""Side "artifact": libraries that the finished binaries name in their dynamic section."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind

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
        for soname in dict.fromkeys(binary.needed):
            path = led_to.get(soname)
            if soname in own or ledger.resolver.is_platform(NameKind.SONAME, soname, path):
                continue
            entry = ledger.entry(ledger.resolver.library(NameKind.SONAME, soname, path))
            entry.call(NameKind.SONAME, soname)
            entry.see(Side.ARTIFACT, Kind.NEEDED, where=binary.path, detail=soname)
            entry.linkage.add("dynamic")
            entry.used = True
            entry.direct = entry.direct or not is_bundled(binary.path)
            explained = any(link.explains(soname) for link in by_binary.get(binary.path, ()))
            if observation.traced and observation.trace.compilations and not explained and not is_bundled(binary.path):
                ledger.note(_unexplained(binary, soname))


def provided_by(binaries: tuple[NativeFile, ...]) -> frozenset[str]:
    """Give the names under which the loader finds the artifact's own binaries."""
    names = {binary.path.rpartition("/")[2] for binary in binaries}
    return frozenset(names | {binary.soname for binary in binaries if binary.soname})


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
