"""Stage 4: the report, from the plan, the outcome, the observation and the verdict; written whole or not at all."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

import backlit
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.invocation import Role
from backlit.model.report import (
    BackendFacts,
    Coverage,
    PlatformFacts,
    ProjectFacts,
    Report,
    RunFacts,
    VersionFacts,
)
from backlit.pipeline import crates, machines
from backlit.pipeline.join import join, unowned
from backlit.pipeline.machines import Machines
from backlit.pipeline.programs import compilers_of, tools_of
from backlit.support.files import write_atomically
from backlit.support.values import plain

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.model.artifact import Artifact
    from backlit.pipeline.delegate import Outcome
    from backlit.pipeline.observe import Observation
    from backlit.pipeline.plan import Plan
    from backlit.pipeline.verify import Verdict


def assemble(plan: Plan, outcome: Outcome, observation: Observation, verdict: Verdict) -> Report:
    """Give the report of one build."""
    libraries, unjoined, resolver = join(plan, observation)
    trace, artifact = observation.trace, observation.artifact
    return Report(
        project=ProjectFacts(name=artifact.name, version=artifact.version, source=plan.project.root.name),
        version=_version(plan, verdict),
        backend=BackendFacts(name=plan.backend.name, version=_version_of(plan.backend.module), hook=plan.hook),
        platform=platform_of(artifact),
        coverage=_coverage(plan, observation),
        compilers=compilers_of(trace, resolver, Machines.of(artifact.binaries)),
        tools=tools_of(trace, resolver),
        libraries=libraries,
        binaries=artifact.binaries,
        crates=crates.crates_of(observation),
        diagnostics=tuple(sorted({*unjoined, *artifact.diagnostics, *_faults(observation), *_disagreements(verdict)})),
        run=RunFacts(
            backlit=backlit.__version__,
            seconds=round(outcome.seconds, 3),
            source_path=str(plan.project.root),
            programs=tuple(sorted(trace.programs)),
            unowned=unowned.whole(libraries, resolver.unowned),
        ),
    )


def of_artifact(artifact: Artifact) -> Report:
    """Give the report of a finished artifact alone: nothing is known of its build."""
    from backlit.pipeline.join import join_artifact  # noqa: PLC0415 - the one caller besides a build

    libraries, unjoined = join_artifact(artifact)
    return Report(
        project=ProjectFacts(name=artifact.name, version=artifact.version, source=artifact.filename),
        version=VersionFacts(value=artifact.version, origin="artifact", where=artifact.filename),
        backend=None,
        platform=platform_of(artifact)._replace(python=""),
        coverage=Coverage(mechanism=(), seen=0, missed=("The build itself was not seen: only the artifact was read.",)),
        libraries=libraries,
        binaries=artifact.binaries,
        crates=crates.of_artifact(artifact),
        diagnostics=tuple(sorted({*unjoined, *artifact.diagnostics})),
        run=RunFacts(backlit=backlit.__version__),
    )


def document(report: Report) -> dict[str, Any]:
    """Give the report as JSON values, in the order of its fields."""
    fields: dict[str, Any] = plain(report)
    return {"schema": fields.pop("schema"), **fields}


def write(report: Report, path: Path) -> None:
    """Write the report as JSON: keys sorted, ASCII, one newline at the end, the whole file or nothing.

    :raises OSError: if it cannot be written.
    """
    write_atomically(path, json.dumps(document(report), indent=2, sort_keys=True) + "\n")


def platform_of(artifact: Artifact) -> PlatformFacts:
    """Give build and host machine; the host is what the binaries' headers say, never the wheel's tag."""
    here = build_machine()
    systems: dict[str, set[str]] = {}
    for machine in Machines.of(artifact.binaries).hosts:
        system, _, architecture = machine.partition("-")
        systems.setdefault(system, set()).add(architecture)
    host = "+".join(f"{system}-{'+'.join(sorted(found))}" for system, found in sorted(systems.items())) or None
    return here._replace(host=host, cross=None if host is None else host != here.build)


def build_machine() -> PlatformFacts:
    """Give the machine that this runs on; for which host is not known."""
    version = f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}"
    return PlatformFacts(build=machines.this(), host=None, cross=None, python=version)


def _version(plan: Plan, verdict: Verdict) -> VersionFacts:
    injected = (
        [
            *(name for name, _ in plan.injection.variables),
            *(name for name, _ in plan.injection.files),
            *(f"tag {name}" for name in plan.injection.repository),
        ]
        if plan.injection
        else []
    )
    return VersionFacts(
        value=plan.decision.value,
        origin=plan.decision.origin,
        where=plan.decision.where,
        tool=plan.tool_name,
        tool_evidence=f"{plan.claim.where}: {plan.claim.detail}" if plan.claim else "",
        injected_by=tuple(sorted(injected)),
        verified=verdict.agrees,
    )


def _version_of(module: str) -> str | None:
    """Give the version of the distribution that an imported backend came from; None if it says none."""
    top = sys.modules.get(module.partition(".")[0])
    version = getattr(top, "__version__", None)
    return version if isinstance(version, str) else None


def _coverage(plan: Plan, observation: Observation) -> Coverage:
    trace = observation.trace
    seen = len(trace.compilations) + len(trace.queries) + len(trace.runs) + trace.ignored
    if not observation.traced:
        return Coverage(mechanism=(), seen=0, missed=("The build was not observed: BACKLIT_TRACE is off.",))
    missed = trace.missed
    if observation.artifact.binaries and not any(item.role is not Role.PROBE for item in trace.compilations):
        # setuptools compiles as early as in get_requires_for_build_wheel where it is given options for that.
        missed = tuple(sorted((*missed, _NO_COMPILER)))
    runs_again = plan.backend.module.partition(".")[0] == "setuptools" and not observation.whole
    if observation.artifact.binaries and runs_again:
        missed = tuple(sorted((*missed, SETUP_RUNS)))
    return Coverage(mechanism=tuple(trace.mechanisms), seen=seen, missed=missed)


SETUP_RUNS: Final = "setup.py runs in other hooks of the same build too, and what it did there is not seen."
_NO_COMPILER: Final = (
    "No compiler or linker was seen, though the artifact has native files: they were made before this hook, in another "
    "one or by hand, or come from elsewhere."
)


def _faults(observation: Observation) -> list[Diagnostic]:
    return [
        Diagnostic(code="unread-record", severity=Severity.WARNING, where="trace", message=fault)
        for fault in observation.trace.faults
    ]


def _disagreements(verdict: Verdict) -> list[Diagnostic]:
    found = [("version-mismatch", sentence) for sentence in verdict.disagreements]
    found += [("files-lost", f"The artifact {verdict.loss}.")] if verdict.loss else []
    return [
        Diagnostic(code=code, severity=Severity.WARNING, where="artifact", message=sentence) for code, sentence in found
    ]
