"""pdm-backend computes the version from the VCS itself.

Recognised by ``[tool.pdm.version] source = "scm"`` under ``pdm.backend``.

Told by ``PDM_BUILD_SCM_VERSION``, which speaks to every project. It climbs to a repository further up whatever the
environment says: it takes ``GIT_CEILING_DIRECTORIES`` away before it asks git. Files are chosen by its own rules, and
the file that ``write_to`` names is still written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _pdm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_VARIABLE: Final = "PDM_BUILD_SCM_VERSION"


class PdmScm:
    """The adapter."""

    name = "pdm-backend"
    climbs = True
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("pdm",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is ``scm``."""
        if project.table("tool", "pdm", "version").get("source") != "scm":
            return None
        if not _backends.is_one(project, backend, "pdm.backend") or not _backends.leaves_version_open(project):
            return None
        pattern = r"\bsource\s*=\s*[\"']scm[\"']"
        return _backends.claim_in_pyproject(project, self.name, pattern, '[tool.pdm.version] source = "scm"')

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - one for all projects
        """Name the one variable."""
        return (_VARIABLE,)

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable, which speaks to every project."""
        return Injection(environment=((_VARIABLE, version),), version_files=_pdm.version_files(project))


ADAPTER: Final[VersionTool] = PdmScm()
