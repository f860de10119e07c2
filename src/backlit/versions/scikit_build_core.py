"""scikit-build-core computes the version, by asking a provider.

Recognised, where the backend is scikit-build-core's own and the version is left open, by the provider of the version:
``metadata.version.provider`` in ``[tool.scikit-build]``, or ``provider`` in ``[[tool.dynamic-metadata]]`` (1.0 and
later). What is done depends on the provider:

* ``scikit_build_core.metadata.setuptools_scm``: told by ``SETUPTOOLS_SCM_PRETEND_VERSION_FOR_<NAME>``, or by the
  variables for all projects where the tree does not state its name;
* ``vcs_versioning``: told by ``VCS_VERSIONING_PRETEND_VERSION_FOR_<NAME>``, the only ones that it reads;
* ``setuptools_git_versioning``: told by a PKG-INFO in a scratch copy. scikit-build-core takes a tree with one for an
  sdist, so where an override asks ``from-sdist`` a repository is made instead;
* ``scikit_build_core.metadata.regex``: the version stands in the tree, and another one is refused before the build;
* any other, such as code of the project's own: a repository with the version's tags is made in a scratch copy.

The version file of ``[tool.setuptools_scm]`` is still written; files are chosen by scikit-build-core's own rules, and
none is lost.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import project as projects, settings
from backlit.versions import Claim, Injection, _backends, _pkg_info, _scm, usual_tags

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_BACKEND: Final = "scikit_build_core.build"
_SCM: Final = "scikit_build_core.metadata.setuptools_scm"
_REGEX: Final = "scikit_build_core.metadata.regex"
_VCS: Final = "vcs_versioning"
_GIT: Final = "setuptools_git_versioning"


class ScikitBuildCore:
    """The adapter."""

    name = "scikit-build-core"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("scikit",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project with a provider of the version, and state the version that a regular expression finds."""
        if not _backends.is_one(project, backend, _BACKEND) or not _backends.leaves_version_open(project):
            return None
        table = _provider(project)
        if table is None:
            return None
        provider = _name(table)
        pattern = rf"\bprovider[\"']?\s*=\s*[\"']{re.escape(provider)}" if provider else r"\bprovider[\"']?\s*="
        detail = f'provider = "{provider}"' if provider else "a provider of its own"
        claim = _backends.claim_in_pyproject(project, self.name, pattern, detail)
        if provider == _REGEX:
            return claim._replace(states=_matched(project, table))
        return claim._replace(home=_scm.home(project.table("tool", "setuptools_scm")))

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the pretended versions that the provider reads, the project's own first."""
        table = _provider(project)
        provider = _name(table or {})
        found = _scm.strongest_first(projects.name_of(project))
        if table is None or provider == _SCM:
            return found
        return tuple(name for name in found if name.startswith("VCS_")) if provider.startswith(_VCS) else ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give what the provider obeys."""
        provider = _name(_provider(project) or {})
        if provider == _SCM or provider.startswith(_VCS):
            return _by_variable(project, version)
        if provider == _REGEX:
            return Injection()
        if provider.startswith(_GIT) and "from-sdist" not in project.text("pyproject.toml"):
            return Injection(files=_pkg_info.stating(project, version))
        return Injection(repository=usual_tags(version))


def _provider(project: Project) -> dict[str, Any] | None:
    """Give the table that names the provider of the version; None if there is none."""
    table = project.table("tool", "scikit-build", "metadata", "version")
    if "provider" in table:
        return table
    listed: Any = project.table("tool").get("dynamic-metadata")
    entries = listed if isinstance(listed, list) else []
    return next((entry for entry in entries if isinstance(entry, dict) and _gives_version(entry)), None)


def _gives_version(entry: dict[str, Any]) -> bool:
    """Tell whether an entry may give the version: some providers give one field, others the one they are told to."""
    if "provider" not in entry or _name(entry).endswith("fancy_pypi_readme"):
        return False
    field: object = entry.get("field", "version")
    return field == "version"


def _name(table: dict[str, Any]) -> str:
    """Give the provider's name; empty if it is a module of the project's own."""
    provider = table.get("provider")
    return provider if isinstance(provider, str) and "provider-path" not in table else ""


def _by_variable(project: Project, version: str) -> Injection:
    name = projects.name_of(project)
    names = (*_scm.for_one(name), f"{_scm.ALL_PROJECTS[1]}_FOR_{settings.suffix_of(name)}") if name else ()
    return Injection(
        environment=() if names else tuple((variable, version) for variable in _scm.ALL_PROJECTS),
        inherited=tuple((variable, version) for variable in names),
        version_files=_version_files(project),
    )


def _matched(project: Project, table: dict[str, Any]) -> str | None:
    """Give what ``result`` makes of the first match of ``regex`` in ``input``, without ``remove``."""
    path = next(iter(_backends.text_at(table, "input")), "")
    pattern = next(iter(_backends.text_at(table, "regex")), _PATTERN)
    result = next(iter(_backends.text_at(table, "result")), "{value}")
    try:
        match = re.search(pattern, project.text(path) if path else "", re.MULTILINE)
        found = result.format(*match.groups(), **match.groupdict()) if match else ""
        return re.sub(str(table.get("remove") or "(?!)"), "", found) or None
    except (re.error, LookupError, ValueError, AttributeError):
        return None


_PATTERN: Final = r'(?i)^(__version__|VERSION)(?: ?\: ?str)? *= *([\'"])v?(?P<value>.+?)\2'
"""scikit-build-core's own (``scikit_build_core/metadata/regex.py``, Apache-2.0)."""


def _version_files(project: Project) -> tuple[str, ...]:
    table = project.table("tool", "setuptools_scm") or project.table("tool", "vcs-versioning")
    paths = _backends.text_at(table, "version_file", "write_to")
    return tuple(path for path in map(posixpath.normpath, paths) if not path.startswith(("../", "/")))


ADAPTER: Final[VersionTool] = ScikitBuildCore()
