"""setuptools-git-version takes the version from ``git describe``, under setuptools.

Version 1, which needs a setuptools that still has pkg_resources (before 82).

Recognised, where the backend is setuptools and the version is left open, by ``version_format`` in a setup.py, where
setuptools-git-version is among the build requirements or is named in setup.py.

Told by a repository with the tag ``<version>`` in a scratch copy, which it takes as it is. Where there is no git it
takes the version from the project's egg-info, as in an sdist; that is written too, and is found where setuptools'
legacy backend, or setup.py, has the tree on the path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _backends

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_NAME: Final = "setuptools-git-version"
_KEYWORD: Final = r"^[^#\n]*\bversion_format[\"']?\]?\s*[=:]"


class SetuptoolsGitVersion:
    """The adapter."""

    name = _NAME
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("git_version", "git-version", "version_format")

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py has a ``version_format`` and which asks for the tool."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        text = project.text("setup.py")
        asks = _NAME in project.requires or re.search(r"\bsetuptools[-_]git[-_]version\b", text) is not None
        if "version" in project.table("tool", "setuptools", "dynamic") or not asks:
            return None
        if re.search(_KEYWORD, text, re.MULTILINE) is None:
            return None
        return Claim(self.name, project.line_of("setup.py", _KEYWORD), "version_format")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name none: the tool reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give a repository, and the egg-info that serves without git."""
        return Injection(
            files=_egg_info(project, version),
            repository=(version,),
        )


def _egg_info(project: Project, version: str) -> tuple[tuple[str, str], ...]:
    name = projects.name_of(project)
    if name is None:
        return ()
    # As setuptools names the folder: ``safe_name``, then ``filename_component``.
    folder = re.sub(r"[^A-Za-z0-9.]+", "-", name).replace("-", "_").strip("_")
    return ((f"{folder}.egg-info/PKG-INFO", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n"),)


ADAPTER: Final[VersionTool] = SetuptoolsGitVersion()
