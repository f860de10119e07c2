"""katversion computes the version from git, under setuptools, and writes it into the packages.

Recognised, where the backend is setuptools and the version is left open, by ``use_katversion`` in a setup.py.

Told by a PKG-INFO in a scratch copy, from which katversion takes any version, before it asks git. ``__version__`` is
still written into each ``__init__.py``. An editable build runs in the tree itself: there a repository with the tag
``<version>`` stands in, which serves for versions of numbers and dots alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.versions import Claim, Injection, _backends, _pkg_info

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_KEYWORD: Final = r"^[^#\n]*\buse_katversion[\"']?\]?\s*[=:]\s*(?!False\b)"


class Katversion:
    """The adapter."""

    name = "katversion"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("katversion",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py says ``use_katversion``."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        told_otherwise = "version" in project.table("tool", "setuptools", "dynamic")
        if told_otherwise or re.search(_KEYWORD, project.text("setup.py"), re.MULTILINE) is None:
            return None
        return Claim(self.name, project.line_of("setup.py", _KEYWORD), "use_katversion")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name none: katversion reads no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give a PKG-INFO."""
        return Injection(
            files=_pkg_info.stating(project, version),
            outside=(version,),
            version_files=_version_files(project),
        )


def _version_files(project: Project) -> tuple[str, ...]:
    """Give the packages that ask katversion as they are imported, in lines that the build replaces by the version."""
    found = [path for pattern in ("*", "src/*") for path in project.root.glob(f"{pattern}/__init__.py")]
    names = sorted(path.relative_to(project.root).as_posix() for path in found)
    return tuple(name for name in names if "# BEGIN VERSION CHECK\n" in project.text(name))


ADAPTER: Final[VersionTool] = Katversion()
