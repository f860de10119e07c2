"""poetry-dynamic-versioning computes the version under poetry-core, through dunamai.

Recognised by the backend ``poetry_dynamic_versioning.backend`` and ``enable = true`` in
``[tool.poetry-dynamic-versioning]``, with the version in ``[tool.poetry]`` that is replaced; the name stands there or
in ``[project]``.

Told by ``POETRY_DYNAMIC_VERSIONING_OVERRIDE``, which names the project letter by letter, and by
``POETRY_DYNAMIC_VERSIONING_BYPASS``, which speaks to every project and which older versions read alone. A PKG-INFO is
not read. The files of ``substitution`` and ``files`` are still written; that and pyproject.toml itself are edited in
place, so the build runs in a scratch copy. What is put back at the end of the process is put back at the end of the
hook.

Where ``from-file`` is set the version stands in the tree, and another one is refused before the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _poetry

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_OVERRIDE: Final = "POETRY_DYNAMIC_VERSIONING_OVERRIDE"
_BYPASS: Final = "POETRY_DYNAMIC_VERSIONING_BYPASS"


class PoetryDynamicVersioning:
    """The adapter."""

    name = "poetry-dynamic-versioning"
    climbs = False
    reads_pkg_info = False
    # It patches poetry-core as it is imported, and remembers the project that it has seen.
    at_import: tuple[str, ...] = ("poetry_dynamic_versioning", "poetry")
    last_resort = False
    marks: tuple[str, ...] = ("poetry_dynamic_versioning",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose backend is the tool's own, and whose table is switched on."""
        if not _backends.is_one(project, backend, "poetry_dynamic_versioning.backend"):
            return None
        if not _poetry.is_enabled(project):
            return None
        claim = _backends.claim_in_pyproject(project, self.name, _poetry.HEADER, _poetry.DETAIL)
        return claim._replace(states=_poetry.stated(project))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name both variables; the one that names projects is asked first."""
        return (_OVERRIDE, _BYPASS)

    def inject(self, project: Project, version: str) -> Injection:
        """Give the project's own entry, and the variable for all projects."""
        name = _poetry.name_of(project)
        return Injection(
            environment=((_BYPASS, version),),
            inherited=((_OVERRIDE, f"{name}={version}"),) if name else (),
            version_files=_poetry.version_files(project, version),
        )


ADAPTER: Final[VersionTool] = PoetryDynamicVersioning()
