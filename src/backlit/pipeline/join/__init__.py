"""The three sides joined into libraries: what was asked for, linked, included, needed, bundled and declared.

Each side reads an observation and writes what it finds into one :class:`~backlit.pipeline.join.ledger.Ledger`; that
keeps evidence of different kinds apart and gives the libraries at the end.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backlit.catalog import Catalogue
from backlit.model.invocation import Trace
from backlit.pipeline.join import bundled, needed
from backlit.pipeline.join.ledger import Ledger
from backlit.pipeline.join.resolve import Resolver
from backlit.pipeline.observe import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.artifact import Artifact
    from backlit.model.diagnostic import Diagnostic
    from backlit.model.report import Library
    from backlit.model.signal import Finding
    from backlit.pipeline.plan import Plan


def join(plan: Plan, observation: Observation) -> tuple[tuple[Library, ...], tuple[Diagnostic, ...], Resolver]:
    """Give the libraries of one build, sorted by id, what could not be joined, and the resolver for other paths."""
    # The brief look that a hook takes where no report is kept needs the artifact's side alone.
    from backlit.pipeline.join import declared, included, linked, queried, unowned, vendored  # noqa: PLC0415 - see above
    from backlit.pipeline.join.places import Places  # noqa: PLC0415 - likewise

    places = Places.of(observation)
    links = linked.links_of(observation, places)
    programs = {form for path in observation.trace.programs for form in (path, os.path.realpath(path))}
    resolver = Resolver.over(linked.paths_of(links) | included.paths_of(observation, places) | programs)
    ledger = Ledger(resolver)
    linked.enter(ledger, links)
    needed.enter(ledger, observation, links)
    bundled.enter(ledger, observation)
    included.enter(ledger, observation, places)
    vendored.enter(ledger, observation, places, plan.name)
    queried.enter(ledger, observation, places)
    declared.enter(ledger, plan.project)
    unowned.enter(ledger, places, observation.trace.programs)
    return ledger.libraries(), ledger.diagnostics(), resolver


def join_artifact(artifact: Artifact) -> tuple[tuple[Library, ...], tuple[Diagnostic, ...]]:
    """Give the libraries of a finished artifact: what its binaries need, and what it brings."""
    ledger = Ledger(Resolver(Catalogue.load(), {}))
    alone = Observation(artifact=artifact, trace=Trace(), traced=False, tree="", root="")
    needed.enter(ledger, alone, ())
    bundled.enter(ledger, alone)
    return ledger.libraries(), ledger.diagnostics()


def join_source(findings: Iterable[Finding]) -> tuple[tuple[Library, ...], tuple[Diagnostic, ...], Resolver]:
    """Give the libraries that a source tree asks for, and the resolver for other names."""
    from backlit.pipeline.join import asked  # noqa: PLC0415 - see above

    resolver = Resolver(Catalogue.load(), {})
    ledger = Ledger(resolver)
    asked.enter(ledger, findings)
    return ledger.libraries(), ledger.diagnostics(), resolver
