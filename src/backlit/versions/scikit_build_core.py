"""scikit-build-core computes the version, by asking a provider.

Recognised, where the backend is scikit-build-core's own and the version is left open, by

* ``metadata.version.provider = "scikit_build_core.metadata.setuptools_scm"`` in ``[tool.scikit-build]``;
* ``provider = "vcs_versioning"`` in ``[[tool.dynamic-metadata]]``.

Told by ``SETUPTOOLS_SCM_PRETEND_VERSION_FOR_<NAME>``, and by ``VCS_VERSIONING_PRETEND_VERSION_FOR_<NAME>``, which the
second provider reads alone. The version file of ``[tool.setuptools_scm]`` is still written; files are chosen by
scikit-build-core's own rules, and none is lost.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, Final

from backlit.config import project as projects, settings
from backlit.versions import Claim, Injection, _backends, _scm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_BACKEND: Final = "scikit_build_core.build"
_PROVIDER: Final = "scikit_build_core.metadata.setuptools_scm"
_DYNAMIC: Final = "vcs_versioning"


class ScikitBuildCore:
    """The adapter."""

    name = "scikit-build-core"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose provider of the version is setuptools-scm or vcs-versioning."""
        if not _backends.is_one(project, backend, _BACKEND) or not _backends.leaves_version_open(project):
            return None
        if _provider(project) == _PROVIDER:
            detail = f'metadata.version.provider = "{_PROVIDER}"'
            return _backends.claim_in_pyproject(project, self.name, rf"[\"']{_PROVIDER}[\"']", detail)
        if _is_dynamic(project):
            pattern = rf"\bprovider\s*=\s*[\"']{_DYNAMIC}"
            return _backends.claim_in_pyproject(project, self.name, pattern, f'provider = "{_DYNAMIC}"')
        return None

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the pretended versions, the project's own first; the second provider reads its own alone."""
        found = _scm.strongest_first(projects.name_of(project))
        return tuple(name for name in found if name.startswith("VCS_")) if _is_dynamic(project) else found

    def inject(self, project: Project, version: str) -> Injection:
        """Give the project's own variables; those for all projects where the tree does not state its name."""
        name = projects.name_of(project)
        names = (*_scm.for_one(name), f"{_scm.ALL_PROJECTS[1]}_FOR_{settings.suffix_of(name)}") if name else ()
        return Injection(
            environment=() if names else tuple((variable, version) for variable in _scm.ALL_PROJECTS),
            inherited=tuple((variable, version) for variable in names),
            version_files=_version_files(project),
        )


def _provider(project: Project) -> object:
    return project.table("tool", "scikit-build", "metadata", "version").get("provider")


def _is_dynamic(project: Project) -> bool:
    listed: Any = project.table("tool").get("dynamic-metadata")
    entries = listed if isinstance(listed, list) else []
    return any(isinstance(entry, dict) and str(entry.get("provider", "")).startswith(_DYNAMIC) for entry in entries)


def _version_files(project: Project) -> tuple[str, ...]:
    table = project.table("tool", "setuptools_scm") or project.table("tool", "vcs-versioning")
    paths = _backends.text_at(table, "version_file", "write_to")
    return tuple(path for path in map(posixpath.normpath, paths) if not path.startswith(("../", "/")))


ADAPTER: Final[VersionTool] = ScikitBuildCore()
