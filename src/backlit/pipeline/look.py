"""What can be told without building: which version would be given, and what a finished wheel takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backlit.pipeline import planning

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backlit.model.report import Report


def explain(root: Path, config_settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give what a wheel build of the tree at `root` would be told, and why, as JSON values. Runs nothing.

    :raises BacklitError: if the tree, a setting or the version cannot be used.
    """
    plan = planning.plan(root, "build_wheel", config_settings)
    injection = plan.injection
    return {
        "name": plan.name,
        "backend": plan.backend.name,
        "backend_where": plan.backend.where,
        "tool": plan.tool_name,
        "tool_evidence": f"{plan.claim.where}: {plan.claim.detail}" if plan.claim else None,
        "version": plan.decision.value,
        "origin": plan.decision.origin,
        "where": plan.decision.where,
        "injected": [
            *(f"{name}={value}" for name, value in (injection.variables if injection else ())),
            *(f"file {name}" for name, _ in (injection.files if injection else ())),
            *(f"tag {name}" for name in (injection.repository if injection else ())),
        ],
        "place": "scratch copy" if plan.why_copy else "in place",
        "reason": plan.why_copy or "the environment is enough",
        "restored_files": bool(injection and injection.restores_files),
    }


def scan_wheel(path: Path) -> Report:
    """Give the report of a finished wheel.

    :raises InputError: if it cannot be read.
    """
    from backlit import artifacts  # noqa: PLC0415 - `explain` needs neither
    from backlit.pipeline import assemble  # noqa: PLC0415 - likewise

    return assemble.of_artifact(artifacts.inspect(path))
