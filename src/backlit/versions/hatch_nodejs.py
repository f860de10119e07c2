"""hatch-nodejs-version: the version stands in package.json.

Recognised by ``[tool.hatch.version] source = "nodejs"``, in hatch.toml too; ``path`` names another file.

Told nothing: the version is in the tree, in npm's spelling, and another one that is asked for is refused before the
build.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _hatch

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool


class HatchNodejs:
    """The adapter."""

    name = "hatch-nodejs-version"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("nodejs",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is ``nodejs``, with the version of its file."""
        claim = _hatch.claim(project, backend, self.name, "nodejs")
        if claim is None:
            return None
        path = next(iter(_backends.text_at(_hatch.table(project, "version"), "path")), "package.json")
        version = _version_in(project.text(path))
        if version is None:
            return claim
        return claim._replace(where=project.line_of(path, r"[\"']version[\"']\s*:"), states=version)

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: a file obeys no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give nothing; only a PKG-INFO that hatchling would read first must not say otherwise."""
        return Injection(
            environment=_hatch.for_hooks(project, version),
            files=_hatch.pkg_info(project, version),
            version_files=_hatch.version_files(project, "version", "path"),
        )


def _version_in(text: str) -> str | None:
    """Give the version of a package.json, as it stands there: PEP 440 reads ``1.0.0-alpha.1`` as npm means it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    version = document.get("version") if isinstance(document, dict) else None
    return version if isinstance(version, str) and version else None


ADAPTER: Final[VersionTool] = HatchNodejs()
