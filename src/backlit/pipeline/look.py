"""What can be told without building: which version would be given, and what a finished wheel takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from backlit.config import settings as settings_, vcs
from backlit.pipeline import place, planning
from backlit.pipeline.plan import EDITABLE_HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from backlit.config.project import Project
    from backlit.model.report import Report
    from backlit.pipeline.plan import Plan


def explain(
    root: Path, config_settings: Mapping[str, Any] | None = None, *, hook: str = "build_wheel"
) -> dict[str, Any]:
    """Give what a build of the tree at `root` would be told, and why, as JSON values. Runs nothing of the project's.

    :raises BacklitError: if the tree, a setting or the version cannot be used.
    """
    plan = planning.plan(root, hook, config_settings)
    return {
        "name": plan.name,
        "hook": hook,
        "backend": plan.backend.name,
        "backend_where": plan.backend.where,
        "tool": plan.tool_name,
        "tool_evidence": f"{plan.claim.where}: {plan.claim.detail}" if plan.claim else None,
        "others": [*_others(plan)],
        "version": plan.decision.value,
        "origin": plan.decision.origin,
        "where": plan.decision.where,
        "asked": plan.decision.asked,
        "told": _told(plan),
        "place": "scratch copy" if plan.why_copy else "in place",
        "reason": plan.why_copy or _why_in_place(plan),
        "copy": _copy(plan) if plan.why_copy else None,
        "files": _files(plan) if plan.restores else None,
        "advice": _advice(plan),
    }


def _told(plan: Plan) -> dict[str, Any]:
    """Give how the tool would be told; all empty if it is left to find the version by itself."""
    told = plan.injection
    if told is None:
        return {"variables": [], "files": [], "tags": [], "version_files": []}
    variables = [(name, value, False) for name, value in told.environment]
    variables += [(name, value, True) for name, value in told.inherited]
    return {
        "variables": [{"name": name, "value": value, "inherited": inherited} for name, value, inherited in variables],
        "files": [{"path": path, "bytes": len(text.encode("utf-8", "replace"))} for path, text in told.files],
        "tags": [*(plan.outside_tags or told.repository)],
        "version_files": [*told.version_files],
    }


def _why_in_place(plan: Plan) -> str:
    if plan.hook in EDITABLE_HOOKS:
        return "what an editable build makes points there"
    return "the environment is enough" if plan.injection is not None else "nothing is told"


def _copy(plan: Plan) -> dict[str, Any]:
    from backlit.pipeline import extent  # noqa: PLC0415 - only where there would be a copy

    top = plan.home or plan.project.root
    found = extent.of(top)
    own = vcs.own(top) is not None and place.asks_repository(plan)
    return {"files": found.files, "bytes": found.size, "left_out": [*found.left_out], "repository": own}


def _files(plan: Plan) -> dict[str, Any]:
    from backlit.config import file_list  # noqa: PLC0415 - only where the list is restored

    return {"in_place_of": plan.restores, "count": len(file_list.snapshot(plan.project.root))}


def _others(plan: Plan) -> Iterator[dict[str, str]]:
    """Give the version tools that the project names and that are not in charge, with what keeps them from it."""
    from backlit import versions  # noqa: PLC0415 - loads all adapters, as no hook does
    from backlit.support.plugins import adapters_in  # noqa: PLC0415 - likewise

    claims = {charge.tool.name: charge.claim for charge in versions.charges(plan.project, plan.backend)[1:]}
    for tool in adapters_in(versions.__name__):
        is_asked = tool is plan.tool or tool.last_resort or tool.name == "static"
        where = None if is_asked else _mention(plan.project, tool.name)
        if tool.name in claims:
            claim = claims[tool.name]
            yield {"tool": tool.name, "where": claim.where, "why_not": f"claims the project too: {claim.detail}"}
        elif where is not None:
            yield {"tool": tool.name, "where": where, "why_not": _why_not(plan)}


def _mention(project: Project, name: str) -> str | None:
    """Give file and line that name a tool, however it is spelled; None if nothing does."""
    pattern = rf"^[^#\n]*(?i:\b{name.replace('-', '[-_.]')}\b)(?![-_.]\w)"
    for path in ("pyproject.toml", "setup.cfg", "setup.py"):
        if re.search(pattern, project.text(path), re.MULTILINE):
            return project.line_of(path, pattern)
    return None


def _why_not(plan: Plan) -> str:
    if plan.claim is None:
        return f"{plan.backend.name} does not let it give the version"
    return f"{plan.claim.detail} gives the version" if plan.claim.states else f"{plan.claim.tool} is in charge"


def _advice(plan: Plan) -> str | None:
    """Say what to set where the version would have to be computed, and there is nothing to compute it from."""
    variable = f"{settings_.variable_for(plan.name)} or BACKLIT_VERSION" if plan.name else "BACKLIT_VERSION"
    if plan.lacks_git:
        return (
            f"{plan.tool_name or 'the project'} is told by a repository, and there is no git to make one: install git"
        )
    if plan.decision.origin != "none":
        return None
    if plan.tool_name is None:
        return f"no version tool that backlit knows is in charge: set {variable} if the build finds no version"
    return f"{plan.tool_name} has to compute the version, and nothing is here to compute it from: set {variable}"


def scan_wheel(path: Path) -> Report:
    """Give the report of a finished wheel.

    :raises InputError: if it cannot be read.
    """
    from backlit import artifacts  # noqa: PLC0415 - `explain` needs neither
    from backlit.pipeline import assemble  # noqa: PLC0415 - likewise

    return assemble.of_artifact(artifacts.inspect(path))
