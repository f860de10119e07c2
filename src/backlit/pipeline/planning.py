"""Stage 1: what this build will be told, decided from files and variables only.

Metadata and wheel are two processes under some front ends: the same tree and the same variables give the same plan.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from backlit.config import pep440, project as projects, settings as settings_, vcs, version_sources
from backlit.errors import VersionError
from backlit.pipeline import place
from backlit.pipeline.plan import EDITABLE_HOOKS, Decision, Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backlit.config.project import BackendSpec, Project
    from backlit.config.settings import Settings
    from backlit.versions import Charge, Claim, Injection, VersionTool


def plan(root: Path, hook: str, config_settings: Mapping[str, Any] | None) -> Plan:
    """Decide what one call of `hook` will be told, for the tree at `root`.

    :raises BacklitError: if the tree, a setting or the version cannot be used.
    """
    project = projects.load(root)
    name = projects.name_of(project)
    settings = settings_.read(project, name, config_settings)
    override = settings.backend and (settings.backend.value, settings.backend.where)
    backend = projects.real_backend(project, override)
    charges = _charges(project, backend)
    tool, claim = charges[0] if charges else (None, None)
    decision = _decide(project, name, settings, tool, claim)
    _check_sole(charges, decision)
    _check_stated(claim, decision, settings)
    injection = _injection(project, decision, settings, tool)
    if injection is not None and place.needs_commit(root, hook, backend, injection):
        injection = injection._replace(repository=injection.repository or _usual_tags(decision))
    injection, lacks_git = _fitted(injection, decision, settings, editable=hook in EDITABLE_HOOKS)
    home = _home(project, claim)
    foreign = None if home else vcs.foreign(root)
    made = Plan(
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
        # What the other hooks make has no files of the project's.
        restores=_restores(project, backend, decision, claim, injection) if hook.startswith("build_") else "",
        lacks_git=lacks_git,
        home=home,
    )
    return made._replace(why_copy=place.why_copy(made, foreign))


_LEFT_ALONE: Final = ("vcs", "none")
"""Origins under which the tool finds the version by itself."""


def _charges(project: Project, backend: BackendSpec) -> tuple[Charge, ...]:
    from backlit.versions import charges  # noqa: PLC0415 - the adapters load late, to be counted in one place

    return charges(project, backend)


def _usual_tags(decision: Decision) -> tuple[str, ...]:
    from backlit.versions import usual_tags  # noqa: PLC0415 - see _charges

    return usual_tags(decision.value) if decision.value is not None else ()


def _injection(project: Project, decision: Decision, settings: Settings, tool: VersionTool | None) -> Injection | None:
    """Give how the tool is told; None if it is left to find the version by itself."""
    if decision.value is None or decision.origin in _LEFT_ALONE:
        return None
    own_code = tool is None or (tool.last_resort and tool.reads_pkg_info)
    if own_code and settings.tag is None and _takes_care_of_itself(project, decision.value):
        return None
    if tool is None and decision.asked:
        from backlit.versions import general  # noqa: PLC0415 - see _charges

        return general(decision.value)
    if tool is None or (tool.reads_pkg_info and decision.origin == "pkg-info"):
        return None
    told = tool.inject(project, decision.value)
    if decision.origin != "tool-variable":
        return told
    # The variable says the version, and would be enough but for the files: pbr's list of them.
    return told if told.files else None


def _takes_care_of_itself(project: Project, version: str) -> bool:
    """Tell whether the tree is an sdist of this version: what a project's own code says in one, it says without a VCS.

    A made-up repository might only confuse it, as where it counts commits.
    """
    carried = version_sources.from_pkg_info(project)
    return carried is not None and vcs.own(project.root) is None and pep440.same(carried.value, version)


def _fitted(
    injection: Injection | None, decision: Decision, settings: Settings, *, editable: bool
) -> tuple[Injection | None, bool]:
    """Give what can be done of an injection here, and whether a repository had to be left out for want of git."""
    if injection is None or decision.value is None:
        return injection, False
    stands_in = editable and bool(injection.files) and not injection.variables
    if not injection.repository and not stands_in:
        return injection, False
    from backlit.pipeline import repository  # noqa: PLC0415 - few builds need one

    if not repository.can_be_made():
        # Still built: the code may take its version from elsewhere, and the artifact is checked afterwards.
        tells_more = injection.files or injection.variables
        return (injection._replace(repository=()) if tells_more else None), True
    template = settings.tag.value if settings.tag else None
    usual = _usual_tags(decision) if stands_in else ()
    inside, outside = (
        repository.tags_of(tags, template, decision.value) if tags else ()
        for tags in (injection.repository, injection.outside or injection.repository or usual)
    )
    return injection._replace(repository=inside, outside=outside), False


def _restores(
    project: Project, backend: BackendSpec, decision: Decision, claim: Claim | None, injection: Injection | None
) -> str:
    """Say who would give setuptools the list of files, had it a VCS to ask; empty if nobody would, or it has one."""
    if _has_list(project, claim) or (not decision.asked and _is_listed(project)):
        return ""
    if claim is not None and injection is not None and injection.restores_files:
        return f"{claim.where}: {claim.tool}"
    from backlit.config import finders  # noqa: PLC0415 - a build under a VCS needs none

    return finders.required(project, backend) or ""


def _has_list(project: Project, claim: Claim | None) -> bool:
    """Tell whether the project's own repository is there to give the list."""
    return vcs.can_be_asked(_home(project, claim) or project.root)


def _is_listed(project: Project) -> bool:
    """Tell whether the tree is an sdist that setuptools made: it then goes by the list in there."""
    if not project.text("PKG-INFO"):
        return False
    return any(next(project.root.glob(f"{base}*.egg-info/SOURCES.txt"), None) for base in ("", "*/"))


def _decide(
    project: Project, name: str | None, settings: Settings, tool: VersionTool | None, claim: Claim | None
) -> Decision:
    """Follow the order of precedence: asked for, the tool's own variable, own VCS, what an archive carries."""
    asked = settings.version
    environment = settings_.environment()
    if asked is not None and asked.value == "auto":
        from backlit.config import distribution  # noqa: PLC0415 - few builds ask for it

        asked = distribution.version_of(project, name, environment, asked=f"{asked.where}=auto")
    if asked is not None:
        return Decision(pep440.asked(asked.value, where=asked.where), asked.origin, asked.where, asked=True)
    for variable in tool.variables(project) if tool else ():
        if environment.get(variable):
            value = _canonical_or_none(environment[variable])
            return Decision(value, "tool-variable", f"environment variable {variable}", asked=False)
    if claim is not None and claim.states is not None:
        return Decision(_canonical_or_none(claim.states), "static", claim.where, asked=False)
    home = _home(project, claim)
    if marker := vcs.own(home or project.root):
        return Decision(None, "vcs", str(home / marker) if home else marker, asked=False)
    return _carried(project)


def _home(project: Project, claim: Claim | None) -> Path | None:
    """Give the top of the repository further up that the project itself says is its own; None for none."""
    return vcs.home(project.root, claim.home) if claim is not None and claim.home else None


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


def _check_sole(charges: tuple[Charge, ...], decision: Decision) -> None:
    """Refuse to tell one of two tools: which of them gives the version is known to neither."""
    if len(charges) < 2 or not decision.asked:  # noqa: PLR2004 - two are too many
        return
    named = [f"{claim.tool} ({claim.where}: {claim.detail})" for _, claim in charges]
    raise VersionError(
        f"{len(named)} version tools are configured, {', '.join(named[:-1])} and {named[-1]}, and nothing says which "
        f"of them gives the version, so that {decision.value} could be told to it ({decision.where})",
        where=charges[0].claim.where,
        cure="take out what belongs to one that is not in use, or set the variable of the one that is, and not ours",
    )


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
    if vcs.own(root) != ".git" or (injection is not None and injection.repository):
        changes |= dict.fromkeys(name for name in vcs.GIT_VARIABLES if name in present)
    if foreign is not None:
        # git looks no higher than the folder before the project: the repository above is somebody else's.
        ceilings = [str(foreign), present.get("GIT_CEILING_DIRECTORIES", "")]
        changes["GIT_CEILING_DIRECTORIES"] = os.pathsep.join(filter(None, ceilings))
    changes.update(injection.variables if injection else ())
    return tuple(changes.items())
