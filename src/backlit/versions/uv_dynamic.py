"""uv-dynamic-versioning computes the version under hatchling, through dunamai.

Recognised by ``[tool.hatch.version] source = "uv-dynamic-versioning"``, in hatch.toml too.

Told by ``UV_DYNAMIC_VERSIONING_BYPASS`` (0.4 and later), which speaks to every project. It reaches the metadata hook of
the same name too, which renders the version into dependencies and which a PKG-INFO does not reach; beside another
version source the hook is told likewise. The parts of the version that a template may ask for, such as ``base``, are
all the whole version then. A PKG-INFO with another version is replaced in a scratch copy, since hatchling reads it
first.

Where ``from-file`` is set the version stands in the tree, and another one is refused before the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _hatch, _literals

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool


class UvDynamicVersioning:
    """The adapter."""

    name = "uv-dynamic-versioning"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("uv-dynamic-versioning",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source has the tool's name."""
        claim = _hatch.claim(project, backend, self.name, "uv-dynamic-versioning")
        stated = project.table("tool", "uv-dynamic-versioning", "from-file") if claim else {}
        path = next(iter(_backends.text_at(stated, "source")), None)
        if claim is None or path is None:
            return claim
        pattern = next(iter(_backends.text_at(stated, "pattern")), None)
        text = project.text(path).strip()
        version = text if pattern is None else _literals.matched(text, pattern, 1)
        return claim._replace(where=path, detail="from-file", states=version or None)

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - one for all projects
        """Name the one variable."""
        return (_hatch.UV_VARIABLE,)

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable, which speaks to every project."""
        return Injection(
            environment=((_hatch.UV_VARIABLE, version),),
            files=_hatch.pkg_info(project, version),
            version_files=_hatch.version_files(project, "version", "path"),
        )


ADAPTER: Final[VersionTool] = UvDynamicVersioning()
