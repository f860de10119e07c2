"""uv-dynamic-versioning computes the version under hatchling, through dunamai.

Recognised by ``[tool.hatch.version] source = "uv-dynamic-versioning"``, in hatch.toml too.

Told by ``UV_DYNAMIC_VERSIONING_BYPASS``, which speaks to every project. It reaches the metadata hook of the same name
too, which renders the version into dependencies and which a PKG-INFO does not reach. A PKG-INFO with another version is
replaced in a scratch copy, since hatchling reads it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _hatch

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_VARIABLE: Final = "UV_DYNAMIC_VERSIONING_BYPASS"


class UvDynamicVersioning:
    """The adapter."""

    name = "uv-dynamic-versioning"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source has the tool's name."""
        return _hatch.claim(project, backend, self.name, "uv-dynamic-versioning")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - one for all projects
        """Name the one variable."""
        return (_VARIABLE,)

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable, which speaks to every project."""
        return Injection(
            environment=((_VARIABLE, version),),
            files=_hatch.pkg_info(project, version),
            version_files=_hatch.version_files(project, "version", "path"),
        )


ADAPTER: Final[VersionTool] = UvDynamicVersioning()
