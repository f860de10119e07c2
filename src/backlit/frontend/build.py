"""One build for a person: the same hooks that any front end calls, in an environment of their own."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.catalog import additions
from backlit.config import pep440, project as projects, settings as settings_
from backlit.errors import ConfigError
from backlit.frontend import environment as environments, output, sources
from backlit.frontend.hooks import Hooks
from backlit.frontend.progress import Silent
from backlit.pipeline import finish, planning, shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.config.project import Project
    from backlit.frontend.environment import Environment
    from backlit.frontend.progress import Progress
    from backlit.frontend.sources import Source

REPORTS: Final = "backlit-report"
"""The folder for reports, beside the one for artifacts: upload tools take all that is in the latter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """What somebody wants built."""

    source: str
    """A folder, an sdist, or ``NAME==VERSION``."""
    kinds: tuple[str, ...] = ("wheel",)
    """``wheel``, ``sdist``, or both; each is built straight from the tree."""
    outdir: Path = Path("dist")
    """Where artifacts go; made if missing."""
    version: str | None = None
    """The version to give the build; None leaves it to the variables and the tree."""
    report: Path | None = None
    """Where reports go: a folder, or a file ending ``.json``. None: as the variables and the project's table say, else
    ``backlit-report`` beside `outdir`."""
    isolation: bool = True
    """False builds in the running interpreter's environment, as it is."""
    mappings: tuple[str, ...] = ()
    """Files or folders that add to the catalogue, as `backlit.catalog.additions` reads them; the last one wins."""
    config_settings: Mapping[str, Any] = field(default_factory=dict)
    """Config settings, the real backend's and ours (``backlit.*``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One artifact."""

    kind: str
    """``wheel`` or ``sdist``."""
    path: Path
    """Where it is."""
    report_path: Path | None
    """Where its report is; None if none was written: the hook has said why."""
    report: dict[str, Any] | None
    """The report, parsed; None if none was written."""


def build(request: BuildRequest, progress: Progress | None = None) -> tuple[Built, ...]:
    """Build what is asked for, in the order of ``request.kinds``, each artifact with its report.

    While it runs, standard output leads to standard error: what the real backend prints is no result of ours.

    :raises BacklitError: if the request, the source, the version or the real backend cannot be used.
    :raises ToldError: if a hook's process raised one of these.
    """
    told = progress or Silent()
    with output.reserved(), sources.opened(request.source, told) as source:
        # Whatever can be refused is refused here, before an environment is made.
        project = projects.load(source.path)
        requires = environments.requires_of(project)
        report = _report_path(request, project, source)
        settings = _config_settings(request, report, source)
        plans = [(kind, planning.plan(source.path, f"build_{kind}", settings)) for kind in request.kinds]
        _make_outdir(request.outdir)
        with _environment(request, requires, told) as environment:
            made = []
            for kind, plan in plans:
                with shared.offered(plan) as variables:
                    hooks = Hooks(source.path, environment, settings, plan.backend.name, variables)
                    made.append(_built(kind, hooks, request.outdir, report, told))
            return tuple(made)


def _report_path(request: BuildRequest, project: Project, source: Source) -> Path:
    """Give the absolute path for reports; a relative one starts in the current folder, the table's in the project's."""
    path = request.report
    if path is None:
        setting = settings_.read(project, projects.name_of(project), request.config_settings).report
        if setting is None:
            path = request.outdir.absolute().parent / REPORTS
        elif setting.origin == "table" and source.kind == "folder":
            path = source.path / setting.value
        else:
            path = Path(setting.value)
    if path.suffix == ".json" and len(request.kinds) > 1:
        raise ConfigError("is one file, and two artifacts are built", where=str(path), cure="name a folder for reports")
    return path.absolute()


def _config_settings(request: BuildRequest, report: Path, source: Source) -> dict[str, Any]:
    settings: dict[str, Any] = {**request.config_settings, "backlit.report": str(report)}
    if request.version is not None:
        automatic = request.version == "auto"
        settings["backlit.version"] = "auto" if automatic else pep440.asked(request.version, where="--version")
    if request.mappings:
        additions.named(request.mappings)  # refused here if it is to be refused
        settings["backlit.mapping"] = [str(Path(path).absolute()) for path in request.mappings]
    if source.kind == "folder":
        # Backends leave build folders behind, and this tree is the user's.
        settings.setdefault("backlit.copy", "always")
    if not settings_.environment().get("BACKLIT_LOG"):
        # The hook's one line says less than the table that follows.
        settings.setdefault("backlit.log", "quiet")
    return settings


def _make_outdir(outdir: Path) -> None:
    """Make the folder for artifacts; one for reports that cannot be made is a warning of the hook's, and no error."""
    try:
        outdir.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=outdir).close()
    except OSError as error:
        problem = f"cannot be written to: {error.strerror}"
        raise ConfigError(problem, where=str(outdir), cure="name another folder for artifacts") from error


@contextmanager
def _environment(request: BuildRequest, requires: tuple[str, ...], progress: Progress) -> Iterator[Environment]:
    if request.isolation:
        with environments.isolated(requires, progress) as environment:
            yield environment
    else:
        yield environments.current()


def _built(kind: str, hooks: Hooks, outdir: Path, report: Path, progress: Progress) -> Built:
    hooks.prepare(kind)
    before = _stamps(report)
    progress.say(f"Building the {kind} with {hooks.backend}")
    path = hooks.build(kind, outdir)
    report_path = finish.destination_for(str(report), path.name, Path())
    # A report of an earlier build may stand there, and a report that cannot be written is only a warning of the hook's.
    if _stamps(report).get(report_path) in {None, before.get(report_path)}:
        return Built(kind=kind, path=path, report_path=None, report=None)
    document = json.loads(report_path.read_text(encoding="utf-8"))
    return Built(kind=kind, path=path, report_path=report_path, report=document)


def _stamps(report: Path) -> dict[Path, tuple[int, int]]:
    """Tell apart the files that stand where reports go: each write makes a new one."""
    paths = [report] if report.suffix == ".json" else [*report.glob("*.json")]
    statuses = {path: path.stat() for path in paths if path.is_file()}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in statuses.items()}
