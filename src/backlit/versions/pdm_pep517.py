"""pdm-pep517, the backend before pdm-backend, computes the version from the VCS itself.

Recognised, under ``pdm.pep517.api``, by ``source = "scm"`` or ``use_scm = true`` in the table ``version`` of
``[tool.pdm]``, or of ``[project]`` as versions before 0.9 have it.

Told by ``PDM_PEP517_SCM_VERSION``, which speaks to every project and cuts a local version (``+...``) off. For one with
such a part, and for the table in ``[project]``, where no variable was read yet, pyproject.toml has the version in a
scratch copy. Without a VCS the version is 0.0.0, silently. Like pdm-backend it climbs to a repository further up,
whatever the environment says. The file that ``write_to`` names is still written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from backlit.versions import Injection, _backends, _pdm, _toml

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_VARIABLE: Final = "PDM_PEP517_SCM_VERSION"


class PdmPep517:
    """The adapter."""

    name = "pdm-pep517"
    climbs = True
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("pdm",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version comes from the VCS."""
        table = _table(project)
        dynamic = project.table("project").get("dynamic")
        if not (isinstance(dynamic, list) and "version" in dynamic):
            return None
        if table.get("source") != "scm" and table.get("use_scm") is not True:
            return None
        if not _backends.is_one(project, backend, "pdm.pep517.api"):
            return None
        pattern = r"\bsource\s*=\s*[\"']scm[\"']|\buse_scm\s*=\s*true"
        return _backends.claim_in_pyproject(project, self.name, pattern, "version from the VCS")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - one for all projects
        """Name the one variable."""
        return (_VARIABLE,)

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable, and pyproject.toml where the variable is not enough."""
        text = None
        if "+" in version or isinstance(project.table("project").get("version"), dict):
            text = _toml.with_version(project.text("pyproject.toml"), version)
        return Injection(
            environment=((_VARIABLE, version),),
            files=() if text is None else (("pyproject.toml", text),),
            version_files=_pdm.version_files(project),
        )


def _table(project: Project) -> dict[str, Any]:
    """Give the table; the one in ``[project]`` is read where there is no other."""
    return project.table("tool", "pdm", "version") or project.table("project", "version")


ADAPTER: Final[VersionTool] = PdmPep517()
