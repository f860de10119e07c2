"""The three sides joined into libraries: what was asked for, linked, included, needed, bundled and declared.

Each side reads an observation and writes what it finds into one :class:`~backlit.pipeline.join.ledger.Ledger`; that
keeps evidence of different kinds apart and gives the libraries at the end.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from backlit.catalog import Catalogue
from backlit.model.invocation import Trace
from backlit.pipeline.join import bundled, needed
from backlit.pipeline.join.ledger import Ledger
from backlit.pipeline.join.resolve import Resolver
from backlit.pipeline.machines import Machines
from backlit.pipeline.observe import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.artifact import Artifact
    from backlit.model.diagnostic import Diagnostic
    from backlit.model.invocation import Compilation
    from backlit.model.report import Library
    from backlit.model.signal import Finding
    from backlit.pipeline.plan import Plan


def join(plan: Plan, observation: Observation) -> tuple[tuple[Library, ...], tuple[Diagnostic, ...], Resolver]:
    """Give the libraries of one build, sorted by id, what could not be joined, and the resolver for other paths."""
    # The brief look that a hook takes where no report is kept needs the artifact's side alone.
    from backlit.pipeline.join import (  # noqa: PLC0415 - see above
        agreement,
        declared,
        included,
        linked,
        probed,
        queried,
        unowned,
        vendored,
        wrapped,
    )
    from backlit.pipeline.join.places import Places  # noqa: PLC0415 - likewise

    places = Places.of(observation)
    shipped, tools = _apart(observation)
    links, links_of_tools = linked.links_of(shipped, places), linked.links_of_build_tools(tools, places)
    programs = {form for path in observation.trace.programs for form in (path, os.path.realpath(path))}
    files = linked.paths_of((*links, *links_of_tools)) | probed.paths_of(observation, places)
    hosts = frozenset(binary.architecture for binary in observation.artifact.binaries)
    resolver = Resolver.over(files | included.paths_of(observation, places) | programs, hosts)
    ledger = Ledger(resolver)
    linked.enter(ledger, links)
    needed.enter(ledger, observation, links)
    bundled.enter(ledger, observation)
    included.enter(ledger, shipped, places)
    vendored.enter(ledger, observation, places, plan.name)
    wrapped.enter(ledger, observation)
    queried.enter(ledger, observation, places)
    probed.enter(ledger, observation, places)
    declared.enter(ledger, plan.project)
    included.enter(ledger, tools, places, role="build")
    linked.enter_build_tools(ledger, links_of_tools)
    unowned.enter(ledger, places, observation.trace.programs)
    agreement.enter(ledger, observation, plan.project)
    return ledger.libraries(), ledger.diagnostics(), resolver


def _apart(observation: Observation) -> tuple[Observation, Observation]:
    """Give what was compiled for the machine of the artifact, and in a cross build what was for this one."""
    machines = Machines.of(observation.artifact.binaries)
    shipped: list[Compilation] = []
    tools: list[Compilation] = []
    for item in observation.trace.compilations:
        (tools if machines.role(item) == "build" else shipped).append(item)
    parts = (observation.trace._replace(compilations=tuple(part)) for part in (shipped, tools))
    first, second = (observation._replace(trace=trace) for trace in parts)
    return first, second


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

    resolver = _by_name()
    ledger = Ledger(resolver)
    asked.enter(ledger, findings)
    return ledger.libraries(), ledger.diagnostics(), resolver


@cache
def _by_name() -> Resolver:
    """Give the resolver of names alone, for which no file has an owner: one for all sources that a process reads."""
    return Resolver(Catalogue.load(), {})
