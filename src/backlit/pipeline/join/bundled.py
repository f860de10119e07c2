"""Side "artifact": libraries inside the artifact, as auditwheel puts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline.join import loading
from backlit.pipeline.join.needed import is_bundled

if TYPE_CHECKING:
    from backlit.model.native import NativeFile
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.resolve import Resolver
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation) -> None:
    """Write the artifact's own copies of libraries into the ledger."""
    for binary in observation.artifact.binaries:
        if not is_bundled(binary.path) and not _is_dll_of_another(binary, ledger.resolver):
            continue
        recorded = without_hash(binary.soname or binary.path.rpartition("/")[2])
        kind, plain = loading.named(binary, recorded, ledger.resolver)
        if loading.is_system(binary, recorded, kind, plain, ledger.resolver):
            continue
        entry = ledger.entry(ledger.resolver.library(kind, plain))
        name = recorded.rpartition("/")[2]
        entry.call(NameKind.SONAME, name)
        entry.see(Side.ARTIFACT, Kind.BUNDLED, where=binary.path, detail=f"{name}{_by_note(binary)}")
        entry.version = entry.version or _upstream(binary)
        entry.linkage.add("vendored")
        entry.used = True
        entry.direct = True


def _by_note(binary: NativeFile) -> str:
    """Give what a copy says of the distribution's package that it was (``.note.package``)."""
    note = binary.package
    if note is None or not note.name:
        return ""
    return f" ({' '.join(part for part in (note.type, 'package', note.name, note.version) if part)})"


_REVISED: Final = frozenset({"deb", "rpm"})
"""Kinds of packages whose versions are ``[epoch:]upstream-revision``."""


def _upstream(binary: NativeFile) -> str | None:
    """Give the copy's own version by its note: the package's without epoch and revision; None if it is unsaid."""
    note = binary.package
    if note is None or note.type not in _REVISED or "-" not in note.version:
        return None
    return note.version.rpartition("-")[0].rpartition(":")[2]


def _is_dll_of_another(binary: NativeFile, resolver: Resolver) -> bool:
    """Tell whether a DLL is one that the catalogue knows: on Windows they lie beside the modules that need them."""
    if binary.format != "pe" or binary.python is not None or not binary.path.lower().endswith(".dll"):
        return False
    return resolver.catalogue.identify(*loading.named(binary, binary.path.rpartition("/")[2], resolver)) is not None


def without_hash(soname: str) -> str:
    """Give the name a library had before auditwheel put a hash into it: ``libz-1a2b3c4d.so.1`` was ``libz.so.1``.

    What came out of another wheel has two.
    """
    return re.sub(r"(?:-[0-9a-f]{8})+(?=\.so)", "", soname)
