"""Code of the project's own takes the version from an environment variable, under setuptools.

Recognised, where no other tool is and the version is left open, by a look at a variable with ``VERSION`` in its name,
``os.environ[...]``, ``os.environ.get(...)`` or ``os.getenv(...)``, whose value becomes the version unchanged. The code
is read, not run: from ``version=`` in setup.py, or from the attribute that setuptools is told, through names, what
functions return, ``or`` and ``if``, into modules of the tree.

Told by that variable. What it does where the code looks elsewhere first, the check of the artifact says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects, settings
from backlit.versions import Claim, Injection, _computed, _own_code

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool
    from backlit.versions._flow import Lookup


class SetupByVariable:
    """The adapter."""

    name = "setup-variable"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = True
    marks: tuple[str, ...] = ("setup",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose code makes a variable its version."""
        for variable, path, line in _lookups(project, backend):
            return Claim(self.name, f"{path}:{line}", f"{variable} of the environment")
        return None

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name those that the code looks up."""
        found = _lookups(project, projects.real_backend(project))
        return tuple(dict.fromkeys(variable for variable, _, _ in found))

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variables; those that name the project are inherited."""
        mark = settings.suffix_of(projects.name_of(project) or "")
        told = [(variable, f"_{mark}_" in f"_{variable.upper()}_") for variable in self.variables(project)]
        return Injection(
            environment=tuple((variable, version) for variable, is_own in told if not is_own),
            inherited=tuple((variable, version) for variable, is_own in told if is_own),
        )


def _lookups(project: Project, backend: BackendSpec) -> tuple[Lookup, ...]:
    start = _own_code.start(project, backend)
    folders = _own_code.folders(project)
    if start is None or not _computed.may_have(_ENVIRONMENT, project, (start.path,), folders):
        return ()
    from backlit.versions import _flow  # noqa: PLC0415 - loads the parser of Python, for few projects

    found = _flow.lookups(project, start, folders)
    return tuple(lookup for lookup in found if "VERSION" in lookup.variable.upper())


_ENVIRONMENT: Final = re.compile("environ|getenv")

ADAPTER: Final[VersionTool] = SetupByVariable()
