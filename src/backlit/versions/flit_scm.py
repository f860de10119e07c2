"""flit-scm asks setuptools-scm for the version and writes it to a file, which flit then reads.

Recognised by the backend ``flit_scm:buildapi`` and ``[tool.setuptools_scm]``.

Told by ``SETUPTOOLS_SCM_PRETEND_VERSION``: flit-scm gives setuptools-scm no project name, unless ``dist_name`` stands
in ``[tool.setuptools_scm]``; then the variable for that name does it. The file is written while the backend is
imported, so the backend is imported in the place that is built, once for each hook. Files are chosen by flit's own
rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _scm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_TABLE: Final = ("tool", "setuptools_scm")


class FlitScm:
    """The adapter."""

    name = "flit-scm"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ("flit_scm",)
    last_resort = False
    marks: tuple[str, ...] = ("flit_scm",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose backend is flit-scm, with setuptools-scm's table."""
        if backend.module != "flit_scm" or not _backends.leaves_version_open(project):
            return None
        # An empty table is enough for it to ask.
        if _TABLE[-1] not in project.table(*_TABLE[:-1]):
            return None
        pattern = r"\bbuild-backend\s*=\s*[\"']flit_scm"
        claim = _backends.claim_in_pyproject(project, self.name, pattern, f'build-backend = "{backend.name}"')
        return claim._replace(home=_scm.home(project.table(*_TABLE)))

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the pretended versions that setuptools-scm looks for when flit-scm asks it."""
        return _scm.strongest_first(_dist_name(project))

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable for all projects, or the one for ``dist_name``."""
        name = _dist_name(project)
        return Injection(
            environment=() if name else ((_scm.ALL_PROJECTS[0], version),),
            inherited=tuple((variable, version) for variable in _scm.for_one(name)) if name else (),
            version_files=_backends.text_at(project.table(*_TABLE), "version_file", "write_to"),
        )


def _dist_name(project: Project) -> str | None:
    return next(iter(_backends.text_at(project.table(*_TABLE), "dist_name")), None)


ADAPTER: Final[VersionTool] = FlitScm()
