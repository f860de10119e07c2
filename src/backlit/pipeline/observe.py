"""Stage 3: what there is to see: the artifact and the trace.

Reads only. Runs while the scratch copy still stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backlit import artifacts
from backlit.model.invocation import Trace

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.model.artifact import Artifact
    from backlit.pipeline.delegate import Outcome
    from backlit.pipeline.plan import Plan


class Observation(NamedTuple):
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


def observe(plan: Plan, outcome: Outcome, made: Path) -> Observation:
    """Read the artifact and the trace of one build.

    :raises InputError: if the artifact cannot be read as a whole; a part that cannot be read is a diagnostic in it.
    """
    trace = outcome.session.read() if outcome.session else Trace()
    tree = str(outcome.tree)
    return Observation(
        artifact=artifacts.inspect(made),
        trace=trace,
        traced=outcome.session is not None and plan.settings.trace != "off",
        tree=tree,
        root=str(plan.project.root),
    )
