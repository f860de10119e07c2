"""What the adapters of hatchling's version sources share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.support.toml import table_of
from backlit.versions import Claim, _backends

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project

BACKEND: Final = "hatchling.build"


def table(project: Project, *names: str) -> dict[str, Any]:
    """Give a table of hatch's configuration, such as ``version``; one in hatch.toml stands before pyproject.toml's."""
    own = table_of(project.text("hatch.toml"))
    found: Any = own if names[0] in own else project.table("tool", "hatch")
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def claim(project: Project, backend: BackendSpec, tool: str, source: str) -> Claim | None:
    """Give a tool's claim where hatchling is the backend, the version is left open, and `source` is its source."""
    if table(project, "version").get("source") != source:
        return None
    if not _backends.is_one(project, backend, BACKEND) or not _backends.leaves_version_open(project):
        return None
    file = "hatch.toml" if "version" in table_of(project.text("hatch.toml")) else "pyproject.toml"
    pattern = rf"\bsource[\"']?\s*=\s*[\"']{re.escape(source)}[\"']"
    return Claim(tool, project.line_of(file, pattern), f'[tool.hatch.version] source = "{source}"')


def version_files(project: Project, hook: str, key: str) -> tuple[str, ...]:
    """Give the files that build hooks write the version to: the tool's own `hook`, by its `key`, and hatch's own."""
    build = table(project, "build")
    places = [build, *_tables(build.get("targets"))]
    hooks = [found for place in places if isinstance(found := place.get("hooks"), dict)]
    wanted = ((hook, key), ("version", "path"))
    return tuple(
        dict.fromkeys(
            path
            for name, option in wanted
            for found in hooks
            if isinstance(part := found.get(name), dict)
            for path in _backends.text_at(part, option)
        )
    )


def for_hooks(project: Project, version: str) -> tuple[tuple[str, str], ...]:
    """Give the variables that a metadata hook obeys which asks for the version once more, whatever the source is."""
    hooks = table(project, "metadata", "hooks")
    return ((UV_VARIABLE, version),) if "uv-dynamic-versioning" in hooks else ()


UV_VARIABLE: Final = "UV_DYNAMIC_VERSIONING_BYPASS"
"""Read by uv-dynamic-versioning's version source, and by its metadata hook, which goes with any source."""


def pkg_info(project: Project, version: str) -> tuple[tuple[str, str], ...]:
    """Give the PKG-INFO that lets `version` through, as a file to write; nothing if none is in the way.

    hatchling takes the version of a PKG-INFO at the top before it asks any version source.
    """
    text = project.text("PKG-INFO")
    headers, separator, body = text.partition("\n\n")
    changed = re.sub(r"(?m)^Version:.*$", f"Version: {version}", headers, count=1)
    return (("PKG-INFO", changed + separator + body),) if changed != headers else ()


def _tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value.values() if isinstance(item, dict)] if isinstance(value, dict) else []
