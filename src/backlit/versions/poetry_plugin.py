"""poetry-core, with the table of a plugin that it does not load.

``[tool.poetry-dynamic-versioning]`` under the backend ``poetry.core.masonry.api`` works on poetry's command line, where
the plugin is installed. Every other front end gets the placeholder of ``[tool.poetry]``, mostly 0.0.0, and no variable
helps.

Recognised by that backend, and a table with ``enable = true``.

Told by pyproject.toml, in a scratch copy: the version takes the placeholder's place, and the table is switched off, as
the plugin does in an sdist. The files of ``substitution`` and ``files`` are written there too, by the table's own
expressions; contents that jinja2 renders are not. An editable build runs in the tree itself, where no file may be
written: it keeps the placeholder, and is refused. Where ``from-file`` is set, its version is the one to have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _poetry, _toml

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool


class PoetryPlugin:
    """The adapter."""

    name = "poetry-plugin"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("poetry-dynamic-versioning",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose backend is poetry-core alone, and whose table is switched on."""
        if not _backends.is_one(project, backend, *_backends.POETRY) or not _poetry.is_enabled(project):
            return None
        claim = _backends.claim_in_pyproject(project, self.name, _poetry.HEADER, f"{_poetry.DETAIL}, unused")
        return claim._replace(states=_poetry.stated(project))

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: those of the plugin are not read."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give pyproject.toml with the version in place, and the files that would be substituted."""
        text = _toml.with_value(project.text("pyproject.toml"), ("tool", "poetry", "version"), version)
        text = text and _toml.with_value(text, (*_poetry.TABLE, "enable"), value=False)
        if text is None:
            return Injection()
        substituted = {**_poetry.substituted(project, version), "pyproject.toml": text}
        return Injection(
            files=tuple(sorted(substituted.items())), version_files=_poetry.version_files(project, version)
        )


ADAPTER: Final[VersionTool] = PoetryPlugin()
