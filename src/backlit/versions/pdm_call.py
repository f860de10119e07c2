"""pdm-backend takes the version from a function of the project's own.

Recognised by ``[tool.pdm.version] source = "call"`` under ``pdm.backend``.

Told by pyproject.toml, in a scratch copy: another ``getter`` takes the place of the project's, so that the file that
``write_to`` names is still written. No variable is read. An sdist says its version without the getter.

That is done where the getter's code asks a VCS, or stands outside the tree. Code of the tree that asks none says what
it says: it is left alone, and has to agree with the version asked for. An editable build runs in the tree itself, where
no file may be written: its getter finds a repository made outside of the tree, which needs git; and so does a getter
that writes files, which has to run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _computed, _imports, _pdm, _toml, usual_tags

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool

_TABLE: Final = ("tool", "pdm", "version")


class PdmCall:
    """The adapter."""

    name = "pdm-backend-call"
    # The getter may ask pdm-backend's own function, which takes GIT_CEILING_DIRECTORIES away.
    climbs = True
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("pdm",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is ``call``."""
        if project.table(*_TABLE).get("source") != "call" or not _getter(project):
            return None
        if not _backends.is_one(project, backend, "pdm.backend") or not _backends.leaves_version_open(project):
            return None
        pattern = r"\bsource\s*=\s*[\"']call[\"']"
        return _backends.claim_in_pyproject(project, self.name, pattern, '[tool.pdm.version] source = "call"')

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: a function is called whatever the environment says."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give pyproject.toml with a getter that says the version; a repository where that cannot be done."""
        files = _pdm.version_files(project)
        # Two arguments: with one, pdm-backend 2.0 to 2.3 and later ones take it differently.
        getter = f"builtins:str.format('{{}}', '{version}')"
        text = _toml.with_value(project.text("pyproject.toml"), (*_TABLE, "getter"), getter)
        if text is None or _has_to_run(project):
            return Injection(repository=usual_tags(version), version_files=files)
        return Injection(files=(("pyproject.toml", text),), version_files=files)


def _getter(project: Project) -> str:
    return next(iter(_backends.text_at(project.table(*_TABLE), "getter")), "")


def _has_to_run(project: Project) -> bool:
    """Tell whether the getter is code of the tree that asks no VCS, or writes files."""
    module = re.match(r"[\w.]*", _getter(project))
    paths = [path for path in _imports.module_paths(module[0] if module else "", ("",)) if project.text(path)]
    return bool(paths) and (not _computed.asks_vcs(project, paths) or _computed.writes_files(project, paths))


ADAPTER: Final[VersionTool] = PdmCall()
