"""Side "artifact": libraries inside the artifact, as auditwheel puts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline.join.needed import is_bundled

if TYPE_CHECKING:
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation) -> None:
    """Write the artifact's own copies of libraries into the ledger."""
    for binary in observation.artifact.binaries:
        if not is_bundled(binary.path):
            continue
        soname = without_hash(binary.soname or binary.path.rpartition("/")[2])
        if ledger.resolver.is_platform(NameKind.SONAME, soname):
            continue
        entry = ledger.entry(ledger.resolver.library(NameKind.SONAME, soname))
        entry.call(NameKind.SONAME, soname)
        entry.see(Side.ARTIFACT, Kind.BUNDLED, where=binary.path, detail=soname)
        entry.linkage.add("vendored")
        entry.used = True
        entry.direct = True


def without_hash(soname: str) -> str:
    """Give the name a library had before auditwheel put a hash into it: ``libz-1a2b3c4d.so.1`` was ``libz.so.1``."""
    return re.sub(r"-[0-9a-f]{8}(?=\.so)", "", soname)
