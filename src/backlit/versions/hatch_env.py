"""hatchling takes the version from a variable that the project names.

Recognised by ``[tool.hatch.version] source = "env"``, in hatch.toml too.

Told by the variable that ``variable`` names. Another project may name the same one, so processes that the hook starts
do not see it. A PKG-INFO with another version is replaced in a scratch copy, since hatchling reads it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _hatch

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool


class HatchEnv:
    """The adapter."""

    name = "hatchling-env"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("hatch",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is ``env``."""
        return _hatch.claim(project, backend, self.name, "env") if self.variables(project) else None

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the project's variable."""
        return _backends.text_at(_hatch.table(project, "version"), "variable")

    def inject(self, project: Project, version: str) -> Injection:
        """Give the project's variable."""
        return Injection(
            environment=(
                *((name, version) for name in self.variables(project)),
                *_hatch.for_hooks(project, version),
            ),
            files=_hatch.pkg_info(project, version),
            version_files=_hatch.version_files(project, "version", "path"),
        )


ADAPTER: Final[VersionTool] = HatchEnv()
