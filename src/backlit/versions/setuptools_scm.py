"""setuptools-scm computes the version under setuptools, and gives it the list of files.

Versions 7, 8 and 10 (with vcs-versioning 2).

Recognised, where the backend is setuptools and the version is left open, by

* ``[tool.setuptools_scm]`` in pyproject.toml, or ``[tool.vcs-versioning]`` (10 and later);
* ``setuptools-scm[simple]`` among the build requirements (9.2 and later);
* ``use_scm_version`` or a call of ``get_version()`` in setup.py.

A version that setuptools itself is told, by ``[tool.setuptools.dynamic]`` or by ``version=`` in setup.py, wins over the
table. A table with a dash, ``[tool.setuptools-scm]``, and ``use_scm_version`` in setup.cfg are read by no version.

Told by ``SETUPTOOLS_SCM_PRETEND_VERSION_FOR_<NAME>``, in the two spellings that the versions look for. A setup.py that
calls ``get_version()`` gives no project name, so there the variable for all projects is the only one; likewise in
version 7 where setup.py has ``use_scm_version`` and the name stands in pyproject.toml only.

The variable replaces the version, not the list of files, without which package data are silently lost: the list is
restored through setuptools' file finders. The version file is still written.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _backends, _scm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_TABLES: Final = ("setuptools_scm", "vcs-versioning")
"""In the order in which setuptools-scm 10 looks."""

_KEYWORD: Final = r"^[^#\n]*\buse_scm_version[\"']?\s*[=:]"
_CALL: Final = r"^[^#\n]*\b(?:setuptools_scm\.|vcs_versioning\.)?get_version\("


class SetuptoolsScm:
    """The adapter."""

    name = "setuptools-scm"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("scm", "vcs-versioning", "vcs_versioning")

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py, table or build requirement puts setuptools-scm in charge."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        if _has_keyword(project):
            where = project.line_of("setup.py", _KEYWORD)
            return Claim(self.name, where, "use_scm_version", home=_home_in_setup(project))
        if _calls_get_version(project):
            detail = "setuptools_scm.get_version()"
            return Claim(self.name, project.line_of("setup.py", _CALL), detail, home=_home_in_setup(project))
        return None if _is_told_otherwise(project) else _claim_by_pyproject(project, self.name)

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the pretended versions, the project's own first."""
        return _scm.strongest_first(None if _calls_get_version(project) else projects.name_of(project))

    def inject(self, project: Project, version: str) -> Injection:
        """Give the project's own variables, and the list of files."""
        name = projects.name_of(project)
        names = () if name is None or _calls_get_version(project) else _scm.for_one(name)
        for_all = _scm.ALL_PROJECTS[:1] if not names or _hides_name(project) else ()
        return Injection(
            environment=tuple((variable, version) for variable in for_all),
            inherited=tuple((variable, version) for variable in names),
            restores_files=True,
            version_files=_version_files(project),
        )


def _claim_by_pyproject(project: Project, tool: str) -> Claim | None:
    table = next((name for name in _TABLES if name in project.table("tool")), None)
    if table is not None:
        pattern = rf"^\s*\[\s*tool\s*\.\s*[\"']?{re.escape(table)}[\"']?\s*[\].]"
        claim = _backends.claim_in_pyproject(project, tool, pattern, f"[tool.{table}]")
        return claim._replace(home=_scm.home(project.table("tool", table)))
    if project.table("project") and _backends.requires_extra(project, "setuptools-scm", "simple"):
        pattern = r"(?i)setuptools[-_.]scm\s*\[[^\]]*simple"
        return _backends.claim_in_pyproject(project, tool, pattern, "setuptools-scm[simple]")
    return None


def _has_keyword(project: Project) -> bool:
    return "use_scm_version" in project.text("setup.py") and (
        "use_scm_version" in _backends.setup_call(project).names
        or re.search(_KEYWORD, project.text("setup.py"), re.MULTILINE) is not None
    )


def _calls_get_version(project: Project) -> bool:
    text = project.text("setup.py")
    # versioneer and others have a function of that name too.
    known = "setuptools_scm" in text or "vcs_versioning" in text
    return known and not _has_keyword(project) and re.search(_CALL, text, re.MULTILINE) is not None


def _home_in_setup(project: Project) -> str:
    """Give the ``root`` that setup.py states beside its call; see ``Claim.home``."""
    text = project.text("setup.py")
    found = re.search(r"\broot[\"']?\s*[=:]\s*[\"'](\.\.[./]*)[\"']", text)
    climbs = re.search(r"\bsearch_parent_directories[\"']?\s*[=:]\s*True\b", text)
    return found[1] if found else "*" if climbs else ""


def _is_told_otherwise(project: Project) -> bool:
    return "version" in project.table("tool", "setuptools", "dynamic") or (
        "version" in _backends.setup_call(project).names
    )


def _hides_name(project: Project) -> bool:
    """Tell whether setuptools-scm 7 sees no name when setup.py asks it: it does not look into ``[project]`` then."""
    stated = "name" in _backends.setup_call(project).names or "name" in _backends.setup_cfg(project, "metadata")
    return _has_keyword(project) and not stated


def _version_files(project: Project) -> tuple[str, ...]:
    section = next((found for name in _TABLES if (found := project.table("tool", name))), {})
    (root,) = _backends.text_at(section, "root") or (".",)
    files = [*_backends.text_at(section, "version_file")]
    files += [posixpath.join(root, path) for path in _backends.text_at(section, "write_to")]
    if _has_keyword(project) or _calls_get_version(project):
        pattern = r"\b(?:write_to|version_file)[\"']?\s*[=:]\s*[\"']([^\"'\n]+)[\"']"
        files += re.findall(pattern, project.text("setup.py"))
    normal = (posixpath.normpath(path) for path in files)
    return tuple(dict.fromkeys(path for path in normal if not path.startswith(("../", "/"))))


ADAPTER: Final[VersionTool] = SetuptoolsScm()
