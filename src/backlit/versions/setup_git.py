"""Code of the project's own asks git for the version, under setuptools.

Recognised, where no other tool is and the version is left open, by a program of a VCS or a library for one, such as
``git describe`` or GitPython: in setup.py, in the module of the attribute that setuptools is told, in a file that
either of them names, or in a module of the tree that they import.

Told by a repository with the version's tags, in a scratch copy, which needs git. The usual tags are ``v1.2.3`` and
``1.2.3``; a prefix is taken from ``--match`` and ``removeprefix()`` in the code, if they name just one. Where the code
writes no file, the version also takes the code's place: that of ``version=...`` in setup.py, or in
``[project]``. That is enough where there is no git, and an sdist carries it so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _computed, _own_code, usual_tags

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_QUESTION: Final = r"^[^#\n]*(?:[\"'](?:git|hg|svn)\b|\bimport\s+(?:git|pygit2|dulwich)\b|\bfrom\s+(?:git|dulwich)\b)"


class SetupGit:
    """The adapter."""

    name = "setup-git"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = True
    marks: tuple[str, ...] = ("setup",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose code asks a VCS for its version."""
        start = _own_code.start(project, backend)
        if start is None:
            return None
        paths = _own_code.files(project, start)
        if not _computed.asks_vcs(project, paths, _own_code.folders(project)):
            return None
        path = next((path for path in paths if re.search(_QUESTION, project.text(path), re.MULTILINE)), start.path)
        return Claim(self.name, project.line_of(path, _QUESTION), "code that asks a VCS")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: which the code reads is not known."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:
        """Give a repository, and the version in place of the code where that is safe."""
        start = _own_code.start(project, projects.real_backend(project))
        if start is None:
            return Injection(repository=usual_tags(version))
        texts = [project.text(path) for path in _own_code.files(project, start)]
        tags = _tags("\n".join(texts), version)
        return Injection(files=_own_code.edits(project, start, version), repository=tags, outside=tags)


def _tags(text: str, version: str) -> tuple[str, ...]:
    """Give the usual tags, and before them the one with a prefix that the code asks for, where it is certain."""
    matched = re.findall(r"--match[=\s\"',]+([\w./-]+)[*?\[]", text)
    cut = re.findall(r"\.removeprefix\(\s*[\"']([\w./-]+)[\"']", text)
    prefixes = {prefix for prefix in (*matched, *cut) if prefix != "v" and not prefix[0].isdigit()}
    own = (f"{next(iter(prefixes))}{version}",) if len(prefixes) == 1 else ()
    return (*own, *usual_tags(version))


ADAPTER: Final[VersionTool] = SetupGit()
