"""Stage 3: what there is to see: the artifact and the trace.

Reads only. Runs while the scratch copy still stands.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from backlit import artifacts, binfmt
from backlit.errors import FormatError
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.invocation import Role, Trace
from backlit.trace import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.artifact import Artifact
    from backlit.model.native import NativeFile
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
    whole: bool = False
    """True if the hooks before the one that made the artifact were watched as well."""


def observe(plan: Plan, outcome: Outcome, made: Path) -> Observation:
    """Read the artifact and the trace of one build.

    :raises InputError: if the artifact cannot be read as a whole; a part that cannot be read is a diagnostic in it.
    """
    trace = outcome.session.read() if outcome.session else Trace()
    if outcome.seen_before:
        trace = joined.joined(trace, *outcome.seen_before)
    tree = str(outcome.tree)
    artifact = artifacts.inspect(made, kind="editable" if plan.hook == "build_editable" else None)
    if artifact.kind == "editable":
        # An editable wheel points to the tree: what was built stands there, not in it.
        artifact = artifact._replace(binaries=artifact.binaries or tuple(_linked_in_tree(trace, tree)))
    found = _paths_left(made, tree) if tree != str(plan.project.root) else ()
    return Observation(
        artifact=artifact._replace(diagnostics=(*artifact.diagnostics, *found)),
        trace=trace,
        traced=outcome.session is not None and plan.settings.trace != "off",
        tree=tree,
        root=str(plan.project.root),
        whole=outcome.seen_before is not None,
    )


def _linked_in_tree(trace: Trace, tree: str) -> Iterator[NativeFile]:
    """Give what the build linked and left in the tree, sorted by path relative to it."""
    links = {item.output for item in trace.compilations if item.role in {Role.LINK, Role.COMPILE_AND_LINK}}
    for output in sorted(path for path in links if path and path.startswith(f"{tree}/")):
        try:
            native = binfmt.read_file(Path(output))
        except (FormatError, OSError):
            continue  # a link that failed, or whose output was moved: nothing is known of it
        if native is not None:
            yield native._replace(path=output[len(tree) + 1 :])


def _paths_left(made: Path, tree: str) -> tuple[Diagnostic, ...]:
    """Give a diagnostic for each member that has the scratch copy's path in it.

    Compilers are told to write the path of the tree itself (`backlit.trace.prefix_map` says which are); what a build
    system writes by itself goes by that.
    """
    message = "holds the path of the scratch copy that was built, which is another one in each build"
    cure = "build it in place: through a front end that calls the hook, such as 'python -m build'"
    return tuple(
        Diagnostic(code="scratch-path", severity=Severity.WARNING, where=name, message=message, cure=cure)
        for name in artifacts.members_with(made, os.fsencode(tree))
    )
