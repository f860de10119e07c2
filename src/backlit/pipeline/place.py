"""Where the hook runs: in the tree itself, or in a scratch copy, and why."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from backlit.pipeline.plan import EDITABLE_HOOKS

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.pipeline.plan import Plan
    from backlit.versions import Injection, VersionTool

TIDY: Final = frozenset({"flit_core", "hatchling", "poetry", "uv_build"})
"""Backends that leave nothing in the tree they build, unless a version file is written; by their top package."""


def why_copy(plan: Plan, foreign: Path | None) -> str:
    """Say why a plan's hook runs in a scratch copy; empty if it runs in place. `foreign` is as :mod:`vcs` tells it.

    A build that nothing is injected into runs where the front end started it, as without backlit.
    """
    if plan.hook in EDITABLE_HOOKS:
        return ""
    name = plan.tool.name if plan.tool else "the project"
    return (
        _told_by_file(name, plan.injection)
        or _written_in(name, plan.backend.name, plan.injection)
        or _open_above(foreign, plan.tool, plan.injection)
        or ("asked for by the front end" if plan.settings.copy == "always" else "")
    )


def _told_by_file(name: str, injection: Injection | None) -> str:
    if injection is not None and injection.files:
        return f"{name} is told by a file: {injection.files[0][0]}"
    if injection is not None and injection.repository:
        return f"{name} is told by a repository with the tag {injection.repository[0]}"
    return ""


def _written_in(name: str, backend: str, injection: Injection | None) -> str:
    """Say what would write in the tree; the tree is never written where a version is injected."""
    if injection is None or not injection.variables:
        return ""
    if injection.version_files:
        return f"{name} writes {injection.version_files[0]}"
    return "" if re.split(r"[.:]", backend)[0] in TIDY else f"{backend} writes in the tree that it builds"


def _open_above(foreign: Path | None, tool: VersionTool | None, injection: Injection | None) -> str:
    if foreign is not None and os.pathsep in str(foreign):
        return f"git cannot be kept out of {foreign}: the variable for that takes no {os.pathsep!r}"
    if foreign is not None and tool is not None and tool.climbs and injection is None:
        return f"{tool.name} would take its version from the repository at {foreign}"
    return ""
