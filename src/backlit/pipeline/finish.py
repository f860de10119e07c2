"""After the real backend's hook: the version is checked, and what was seen is told or written down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backlit.artifacts import glance as glances
from backlit.errors import FormatError
from backlit.pipeline import verify

if TYPE_CHECKING:
    from backlit.artifacts.glance import Glance
    from backlit.config.settings import Setting
    from backlit.model.artifact import Artifact
    from backlit.model.report import Library
    from backlit.pipeline.delegate import Outcome
    from backlit.pipeline.plan import Plan
    from backlit.pipeline.verify import Verdict


def finish(plan: Plan, outcome: Outcome, made: Path) -> None:
    """Check the version of the artifact `made`, and report on it.

    A fault of the observation never fails the build: it is said in one line, and the artifact stays.

    :raises VersionError: if the artifact does not carry the version that was asked for.
    """
    try:
        glance = glances.glance(made)
    except FormatError as error:
        if plan.decision.asked and plan.settings.on_mismatch == "error":
            raise verify.unverified(plan, error) from error
        _say(plan, f"warning: {made.name} cannot be read, so there is no report: {error}", always=True)
        return
    verdict = verify.check(plan, made, glance, outcome.listing)
    for disagreement in verdict.disagreements:
        _say(
            plan,
            f"warning: {plan.decision.value} was expected ({plan.decision.where}), but {disagreement}",
            always=True,
        )
    if verdict.loss:
        _say(plan, f"warning: {made.name} {verdict.loss}", always=True)
    try:
        kept = plan.settings.report
        said = _report(plan, outcome, made, verdict, kept) if kept else _brief(glance, made)
    except Exception as error:  # noqa: BLE001 - see the next line
        # A build that succeeded must not fail for its report.
        said = f"warning: no report: {type(error).__name__}: {error} (BACKLIT_LOG=debug says where)"
        if plan.settings.log == "debug":
            sys.excepthook(type(error), error, error.__traceback__)
    _say(plan, f"{glance.filename}: {said}", always=said.startswith("warning"))


def _brief(glance: Glance, made: Path) -> str:
    """Say what the artifact itself shows: a report that nobody keeps is not worth its cost."""
    how = "set BACKLIT_REPORT to a folder to keep the report"
    if not glance.native:
        return f"no native code; {how}"
    from backlit import artifacts  # noqa: PLC0415 - loaded only where there is something native
    from backlit.pipeline.join import join_artifact  # noqa: PLC0415 - likewise

    artifact = artifacts.inspect(made)
    return f"{_summary(artifact, join_artifact(artifact)[0])}; {how}"


def _report(plan: Plan, outcome: Outcome, made: Path, verdict: Verdict, kept: Setting) -> str:
    from backlit.pipeline import assemble, observe  # noqa: PLC0415 - loaded only where a report is kept

    path = destination_for(kept.value, made.name, plan.project.root)
    observation = observe.observe(plan, outcome, made)
    report = assemble.assemble(plan, outcome, observation, verdict)
    try:
        assemble.write(report, path)
    except OSError as error:
        return f"warning: the report cannot be written to {path} ({kept.where}): {error.strerror}"
    return f"{_summary(observation.artifact, report.libraries)}; report in {path}"


def destination_for(value: str, artifact: str, root: Path) -> Path:
    """Give the report's path: `value` itself if it ends ``.json``, else a file named for the artifact below it.

    A relative path is taken from the project's folder, and ``~`` is the user's.
    """
    path = root / Path(value).expanduser()
    return path if path.suffix == ".json" else path / f"{stem_of(artifact)}.json"


def stem_of(artifact: str) -> str:
    """Give an artifact's file name without its ending; a wheel and an sdist of one version keep apart by their tags."""
    for ending in (".whl", ".tar.gz", ".zip"):
        if artifact.endswith(ending):
            return artifact.removesuffix(ending)
    return artifact


def _summary(artifact: Artifact, libraries: tuple[Library, ...]) -> str:
    unread = sum(item.code in {"unreadable-binary", "unread-binary"} for item in artifact.diagnostics)
    counts = [_count(len(artifact.binaries), "native file")] if artifact.binaries else []
    counts += [f"{_count(unread, 'native file')} that cannot be read"] if unread else []
    names = [library.id.rpartition("/")[2] for library in libraries if library.used and library.direct]
    return ", ".join((*(counts or ["no native code"]), *names))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _say(plan: Plan, message: str, *, always: bool = False) -> None:
    """Say one line on standard error: standard output is the front end's."""
    if always or plan.settings.log != "quiet":
        sys.stderr.write(f"backlit: {message}\n")
