"""Stage 3: what there is to see: the artifact, the trace, the declared table, the sources' own includes.

Reads only. Runs while the scratch copy still stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit import artifacts
from backlit.model.artifact import Artifact
from backlit.model.invocation import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.pipeline.delegate import Outcome
    from backlit.pipeline.plan import Plan

_SOURCE_LIMIT: Final = 64 << 20
"""Largest source read for its includes, in bytes: generated C can be large, but not larger."""

_INCLUDE: Final = re.compile(rb"^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*[<\"]([^>\"\n]+)[>\"]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """All that was seen of one build, from the three sides."""

    artifact: Artifact
    """The artifact, read."""
    trace: Trace
    """The build, understood; empty if it was not observed."""
    traced: bool
    """False if observation was switched off, or the hook is one that is not observed."""
    tree: str
    """Absolute path of the folder that the build ran in."""
    root: str
    """Absolute path of the project's own folder; differs from `tree` for a scratch copy."""
    own_includes: frozenset[str]
    """What the project's own sources and headers name in ``#include``, as written."""


def observe(plan: Plan, outcome: Outcome, made: Path) -> Observation:
    """Read the artifact and the trace of one build.

    :raises InputError: if the artifact cannot be read as a whole; a part that cannot be read is a diagnostic in it.
    """
    trace = outcome.session.read() if outcome.session else Trace()
    tree = str(outcome.tree)
    own = {source for item in trace.compilations for source in item.sources}
    own |= {header for item in trace.compilations for header in item.headers if header.startswith(f"{tree}/")}
    return Observation(
        artifact=artifacts.inspect(made),
        trace=trace,
        traced=outcome.session is not None and plan.settings.trace != "off",
        tree=tree,
        root=str(plan.project.root),
        own_includes=frozenset(_includes_of(sorted(own))),
    )


def _includes_of(paths: Iterable[str]) -> set[str]:
    """Give what files name in ``#include``; a file that is gone or too large tells nothing."""
    found: set[str] = set()
    for name in paths:
        path = Path(name)
        try:
            if path.stat().st_size <= _SOURCE_LIMIT:
                found.update(item.decode(errors="replace") for item in _INCLUDE.findall(path.read_bytes()))
        except OSError:
            continue
    return found
