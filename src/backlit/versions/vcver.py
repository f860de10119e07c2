"""vcver computes the version from git, under setuptools.

Version 0.2.

Recognised, where the backend is setuptools and the version is left open, by ``vcver`` in a setup.py, as a keyword or by
a call of ``vcver.get_version()``.

Told by its version file, VERSION unless ``version_file`` names another, in a scratch copy: without git vcver takes the
version from there, as it is. Since git comes first, the copy has no repository, and vcver looks for one further up by
itself. In an sdist the version stands in that file. An editable build, which runs in the tree itself, cannot be told.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from backlit.config import vcs
from backlit.versions import Claim, Injection, _backends

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_USES: Final = r"^[^#\n]*(?:\bvcver[\"']?\]?\s*[=:]|\bvcver\.get_version\b|\bfrom\s+vcver\s+import\b)"


class Vcver:
    """The adapter."""

    name = "vcver"
    climbs = True
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("vcver",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py uses vcver."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        told_otherwise = "version" in project.table("tool", "setuptools", "dynamic")
        if told_otherwise or re.search(_USES, project.text("setup.py"), re.MULTILINE) is None:
            return None
        # A checkout's own file is left over from its last build.
        states = None if vcs.own(project.root) else project.text(_file(project)).strip() or None
        return Claim(self.name, project.line_of("setup.py", _USES), "vcver", states)

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name none: vcver reads no variable for the version."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give the version file, where nothing is in its way."""
        return Injection(
            files=((_file(project), version),),
            hides_repository=True,
        )


def _file(project: Project) -> str:
    """Give the path of the version file; the usual one if setup.py names none inside the tree."""
    found = re.search(r"\bversion_file[\"']?\s*[:=]\s*[\"']([^\"'\n]+)[\"']", project.text("setup.py"))
    path = posixpath.normpath(found[1]) if found else _USUAL
    return _USUAL if path.startswith(("../", "/")) or path in {".", ".."} else path


_USUAL: Final = "VERSION"

ADAPTER: Final[VersionTool] = Vcver()
