"""Side "build": libraries whose sources stand in the tree and were compiled in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.config.project import normalised
from backlit.model.evidence import Confidence, Kind, Side
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from backlit.pipeline.join.ledger import Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.join.resolve import Resolved
    from backlit.pipeline.observe import Observation

_SHELVES: Final = re.compile(
    r"(?:third[-_]?party|3rd[-_]?party|vendor(?:ed)?|extern(?:al)?s?|deps|subprojects|bundled?)", re.IGNORECASE
)
"""Folders that hold other projects' sources."""

_OWN_PAPERS: Final = ("COPYING", "LICENSE", "LICENCE", "COPYING.txt", "LICENSE.txt", "configure", "configure.ac")
"""What stands at the top of a project that has its own releases; a build file alone stands in any folder."""


def enter(ledger: Ledger, observation: Observation, places: Places, project: str | None) -> None:
    """Write vendored libraries into the ledger: a folder with a library's name, of which files were compiled."""
    counted: Counter[str] = Counter()
    for compilation in observation.trace.compilations:
        for source in compilation.sources:
            if places.is_own(source):
                counted.update(_folders(places.told(source)))
    for folder, count in sorted(counted.items()):
        resolved = _library(ledger, observation, folder, project)
        if resolved is None:
            continue
        entry = ledger.entry(resolved)
        entry.see(
            Side.BUILD,
            Kind.BUNDLED,
            where=folder,
            detail=f"{count} source file{'s' if count > 1 else ''} compiled in",
            confidence=resolved.confidence,
        )
        entry.linkage.discard("header-only")
        entry.linkage.add("vendored")
        entry.used = True
        entry.direct = True


def _folders(source: str) -> list[str]:
    parts = source.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _library(ledger: Ledger, observation: Observation, folder: str, project: str | None) -> Resolved | None:
    """Give the library that a folder's name means, where it is somebody else's project; None if it is not."""
    head, _, name = folder.rpartition("/")
    shelved = bool(_SHELVES.fullmatch(head.rpartition("/")[2]))
    has_papers = any((Path(observation.tree) / folder / paper).exists() for paper in _OWN_PAPERS)
    if not shelved and not has_papers:
        return None
    bare = re.sub(r"[-_]v?\d[\w.]*$", "", name)
    if project is not None and not shelved and normalised(bare) == normalised(project):
        return None
    for kind, spelled in (
        (NameKind.PKGCONFIG, bare),
        (NameKind.LINK, bare.removeprefix("lib")),
        (NameKind.SONAME, bare),
    ):
        known = ledger.resolver.catalogue.identify(kind, spelled.lower())
        if known is not None:
            return ledger.resolver.library(kind, spelled.lower())._replace(confidence=Confidence.MEDIUM)
    return None
