"""hatchling runs the project's own code for the version, or a plugin that nothing else is known of.

Recognised, where no other tool is, by

* ``[tool.hatch.version] source = "code"`` with an expression that is no literal;
* any other ``source`` that backlit does not know, and a file that is not there yet;
* a metadata hook where there is no ``[tool.hatch.version]``: then it is the hook that sets the version.

Told by pyproject.toml, in a scratch copy, with the version in ``[project]`` and no longer dynamic; an sdist carries it
so. As in any sdist of hatchling's, metadata hooks are not run if the version was all that ``dynamic`` lists. Beside it
a repository with the version's tags is made, where there is git, for hooks of the project's own (hatch_build.py) that
ask git themselves; an editable build, where no file may be written, has the repository alone.

Code of the tree that asks no VCS says what it says: it is left alone, and has to agree with the version asked for. Code
that writes files has to run: it is told by the repository alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from backlit.versions import Claim, Injection, _backends, _computed, _hatch, _toml, usual_tags

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool


class Hatchling:
    """The adapter."""

    name = "hatchling"
    # Code of the project's own may look for a repository in any way.
    climbs = True
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = True
    marks: tuple[str, ...] = ("hatch",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is code, a plugin or a metadata hook."""
        if not _backends.is_one(project, backend, _hatch.BACKEND) or not _backends.leaves_version_open(project):
            return None
        if not project.table("project"):
            return None
        table = _hatch.table(project, "version")
        if table:
            return _hatch.claim(project, backend, self.name, _source(table)) or Claim(
                self.name, project.line_of("pyproject.toml", _HEADER), "[tool.hatch.version]"
            )
        hooks = _hatch.table(project, "metadata", "hooks")
        if not hooks:
            return None
        pattern = r"^\s*\[\s*(?:tool\s*\.\s*hatch\s*\.\s*)?metadata\s*\.\s*hooks\b"
        return Claim(self.name, project.line_of("pyproject.toml", pattern), f"metadata hook {', '.join(hooks)}")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: a plugin's own is not known."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give pyproject.toml, and a repository beside it; the repository alone to code that has to run."""
        text = None if _has_to_run(project) else _toml.with_version(project.text("pyproject.toml"), version)
        return Injection(
            environment=_hatch.for_hooks(project, version),
            files=_hatch.pkg_info(project, version) if text is None else (("pyproject.toml", text),),
            repository=usual_tags(version),
            version_files=_hatch.version_files(project, "version", "path"),
        )


def _source(table: dict[str, Any]) -> str:
    source = table.get("source", "regex")
    return source if isinstance(source, str) else ""


def _has_to_run(project: Project) -> bool:
    """Tell whether the source is code of the tree that asks no VCS, or writes files."""
    table = _hatch.table(project, "version")
    paths = _backends.text_at(table, "path")
    if _source(table) != "code" or not paths:
        return False
    search = table.get("search-paths")
    folders = [folder for folder in search if isinstance(folder, str)] if isinstance(search, list) else []
    return not _computed.asks_vcs(project, paths, folders) or _computed.writes_files(project, paths, folders)


_HEADER: Final = r"^\s*\[\s*tool\s*\.\s*hatch\s*\.\s*version\b|^\s*\[\s*tool\s*\.\s*hatch\s*\]"

ADAPTER: Final[VersionTool] = Hatchling()
