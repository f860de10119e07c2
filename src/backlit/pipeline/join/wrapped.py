"""Side "build": libraries that Rust crates wrap, as their build scripts told cargo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.evidence import Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline import crates

if TYPE_CHECKING:
    from backlit.pipeline.crates import Named
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.observe import Observation


def enter(ledger: Ledger, observation: Observation) -> None:
    """Write what crates link into the ledger; what one builds from a copy of its own is inside the artifact."""
    for crate in crates.named(observation):
        for name in dict.fromkeys(crate.libraries):
            if not ledger.resolver.is_platform(NameKind.LINK, name):
                _enter_one(ledger, crate, name)


def _enter_one(ledger: Ledger, crate: Named, name: str) -> None:
    resolved = ledger.resolver.library(NameKind.LINK, name)
    entry = ledger.entry(resolved)
    if not crate.root:
        entry.call(NameKind.CRATE, crate.name)
    entry.direct = True
    where = f"crate {crate.name} {crate.version}".rstrip()
    if name in crate.built:
        entry.see(Side.BUILD, Kind.BUNDLED, where=where, detail=f"{name}, built from the crate's own copy")
        entry.linkage.add("vendored")
        entry.used = True
    else:
        entry.call(NameKind.LINK, name)
        entry.see(Side.BUILD, Kind.LINKED, where=where, detail=f"-l{name}", confidence=resolved.confidence)
