"""Stage 1: what this build will be told, decided from files and variables only.

Metadata and wheel are two processes under some front ends: the same tree and the same variables give the same plan.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.config import pep440, project as projects, settings as settings_, vcs, version_sources
from backlit.errors import VersionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backlit.config.project import BackendSpec, Project
    from backlit.config.settings import Settings
    from backlit.versions import Claim, Injection, VersionTool

EDITABLE_HOOKS: Final = ("build_editable", "prepare_metadata_for_build_editable", "get_requires_for_build_editable")
"""Hooks that must run in the tree itself: what they make points there."""


class Decision(NamedTuple):
    """Which version the build is to have, and why."""

    value: str | None
    """Canonical (PEP 440); None if the tool in charge is left to find it."""
    origin: str
    """As in the report: ``config-setting``, ``environment``, ``tool-variable``, ``vcs``, ``pkg-info``,
    ``git-archival``, ``static``, ``distribution`` or ``none``."""
    where: str
    """The exact place."""
    asked: bool
    """True if somebody asked for this version: then an artifact that does not carry it is an error."""


class Plan(NamedTuple):
    """All that is decided before the real backend is imported."""

    project: Project
    """The tree."""
    name: str | None
    """The project's name, as the tree states it; None if it does not."""
    backend: BackendSpec
    """The real backend."""
    settings: Settings
    """What the front end and the environment ask for."""
    hook: str
    """The hook called."""
    decision: Decision
    """The version."""
    tool: VersionTool | None
    """The version tool in charge; None if none is known, or none had to be looked for."""
    claim: Claim | None
    """The evidence for `tool`."""
    injection: Injection | None
    """How `tool` is told; None if it is left in charge."""
    environment: tuple[tuple[str, str | None], ...]
    """Changes to the environment while the hook runs; None removes a variable."""
    why_copy: str
    """Why the hook runs in a scratch copy; empty if it runs in place."""

    @property
    def tool_name(self) -> str | None:
        """The version tool's name; None if none is known, or the version simply stands in the tree."""
        return self.tool.name if self.tool is not None and self.tool.name != "static" else None


def plan(root: Path, hook: str, config_settings: Mapping[str, Any] | None) -> Plan:
    """Decide what one call of `hook` will be told, for the tree at `root`.

    :raises BacklitError: if the tree, a setting or the version cannot be used.
    """
    project = projects.load(root)
    name = projects.name_of(project)
    settings = settings_.read(project, name, config_settings)
    override = settings.backend and (settings.backend.value, settings.backend.where)
    backend = projects.real_backend(project, override)
    tool, claim = _tool_in_charge(project, backend)
    decision = _decide(project, name, settings, tool, claim)
    injection = None
    if decision.value is not None and decision.origin not in _LEFT_ALONE and tool is not None:
        _check_stated(claim, decision, settings)
        injection = tool.inject(project, decision.value)
    foreign = vcs.foreign(root)
    return Plan(
        project=project,
        name=name,
        backend=backend,
        settings=settings,
        hook=hook,
        decision=decision,
        tool=tool,
        claim=claim,
        injection=injection,
        environment=_environment(root, foreign, injection),
        why_copy=_why_copy(hook, settings, tool, injection, foreign),
    )


_LEFT_ALONE: Final = ("vcs", "tool-variable", "none")
"""Origins under which the tool finds the version by itself."""


def _tool_in_charge(project: Project, backend: BackendSpec) -> tuple[VersionTool | None, Claim | None]:
    from backlit.versions import tool_in_charge  # noqa: PLC0415 - the adapters load late, to be counted in one place

    return tool_in_charge(project, backend) or (None, None)


def _decide(
    project: Project, name: str | None, settings: Settings, tool: VersionTool | None, claim: Claim | None
) -> Decision:
    """Follow the order of precedence: asked for, the tool's own variable, own VCS, what an archive carries."""
    asked = settings.version
    if asked is not None and asked.value == "auto":
        asked = version_sources.from_distribution(project.root, name, settings_.environment())
    if asked is not None:
        return Decision(pep440.canonical(asked.value, where=asked.where), asked.origin, asked.where, asked=True)
    environment = settings_.environment()
    for variable in tool.variables(project) if tool else ():
        if environment.get(variable):
            return Decision(None, "tool-variable", f"environment variable {variable}", asked=False)
    if claim is not None and claim.states is not None:
        return Decision(_canonical_or_none(claim.states), "static", claim.where, asked=False)
    if marker := vcs.own(project.root):
        return Decision(None, "vcs", marker, asked=False)
    return _carried(project)


def _carried(project: Project) -> Decision:
    """Give the version that an sdist's PKG-INFO or an archive's ``.git_archival.txt`` carries."""
    for origin, found in (
        ("pkg-info", version_sources.from_pkg_info(project)),
        ("git-archival", version_sources.from_git_archival(project)),
    ):
        value = found and _canonical_or_none(found.value)
        if found and value:
            return Decision(value, origin, found.where, asked=False)
    return Decision(None, "none", "", asked=False)


def _canonical_or_none(text: str) -> str | None:
    try:
        return pep440.canonical(text, where="")
    except VersionError:
        return None


def _check_stated(claim: Claim | None, decision: Decision, settings: Settings) -> None:
    """Refuse before the build what the build would refute after it."""
    if claim is None or claim.states is None or decision.value is None or pep440.same(claim.states, decision.value):
        return
    if decision.asked and settings.on_mismatch == "error":
        raise VersionError(
            f"the tree states version {claim.states}, but {decision.value} is asked for ({decision.where})",
            where=claim.where,
            cure=f"ask for {claim.states}, change the tree, or set on-mismatch = 'warn' in [tool.backlit.version]",
        )


def _environment(root: Path, foreign: Path | None, injection: Injection | None) -> tuple[tuple[str, str | None], ...]:
    present = settings_.environment()
    changes: dict[str, str | None] = dict.fromkeys(settings_.private_variables(present))
    if vcs.own(root) != ".git":
        changes |= dict.fromkeys(name for name in vcs.GIT_VARIABLES if name in present)
    if foreign is not None:
        # git looks no higher than the folder before the project: the repository above is somebody else's.
        ceilings = [str(foreign), present.get("GIT_CEILING_DIRECTORIES", "")]
        changes["GIT_CEILING_DIRECTORIES"] = os.pathsep.join(filter(None, ceilings))
    changes.update(injection.environment if injection else ())
    return tuple(changes.items())


def _why_copy(
    hook: str, settings: Settings, tool: VersionTool | None, injection: Injection | None, foreign: Path | None
) -> str:
    if hook in EDITABLE_HOOKS:
        return ""
    if injection is not None and injection.files:
        return f"{tool.name if tool else 'the version tool'} is told by a file: {injection.files[0][0]}"
    if foreign is not None and os.pathsep in str(foreign):
        return f"git cannot be kept out of {foreign}: the variable for that takes no {os.pathsep!r}"
    if foreign is not None and tool is not None and tool.climbs and injection is None:
        return f"{tool.name} would take its version from the repository at {foreign}"
    return "asked for by the front end" if settings.copy == "always" else ""
