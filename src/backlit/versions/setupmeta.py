"""setupmeta computes the version from git, under setuptools.

Versions 2 and 3.

Recognised, where the backend is setuptools and the version is left open, by ``versioning`` in a setup.py that has
setupmeta among its ``setup_requires``. In setup.cfg they count for nothing.

Told by a PKG-INFO in a scratch copy, from which setupmeta takes any version as it is, whatever ``versioning`` says.
Beside it by ``SCM_DESCRIBE``, which speaks to every project: for an editable build, which runs in the tree itself, and
where setup.py has a version of its own. setupmeta renders that one as ``versioning`` says, in three numbers, so that
only the formats ``dev``, ``post`` and their like give it back; it knows no epoch and no local version.

It looks for ``.git`` further up by itself, and takes a stranger's tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.versions import Claim, Injection, _backends, _pkg_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_VARIABLE: Final = "SCM_DESCRIBE"
_KEYWORD: Final = r"^[^#\n]*\bversioning[\"']?\]?\s*[=:]"
_ASKS: Final = r"^[^#\n]*[\"']setupmeta\b"
"""A line of setup.py that asks for setupmeta: it does nothing unless it is among ``setup_requires`` there."""


class Setupmeta:
    """The adapter."""

    name = "setupmeta"
    climbs = True
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("setupmeta",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py has ``versioning`` and asks for setupmeta."""
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        text = project.text("setup.py")
        if "version" in project.table("tool", "setuptools", "dynamic") or not re.search(_ASKS, text, re.MULTILINE):
            return None
        if re.search(_KEYWORD, text, re.MULTILINE) is None:
            return None
        return Claim(self.name, project.line_of("setup.py", _KEYWORD), "versioning")

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name the output of ``git describe`` that stands in for git."""
        return (_VARIABLE,)

    def inject(self, project: Project, version: str) -> Injection:
        """Give a PKG-INFO, and the variable where it can carry the version."""
        described = _described(version)
        return Injection(
            environment=() if described is None else ((_VARIABLE, described),),
            files=(*_pkg_info.stating(project, version), *_bootstrap(project, version)),
        )


def _bootstrap(project: Project, version: str) -> Iterator[tuple[str, str]]:
    """Give the metadata that an sdist has and a setup.py looks for, to tell whether setupmeta can be asked for yet.

    setupmeta's own does: without, it asks for nothing, and a front end that isolates the build installs nothing.
    """
    for folder in dict.fromkeys(re.findall(r"[\"']([\w.-]+\.egg-info)[\"']", project.text("setup.py"))):
        path = f"{folder}/{_pkg_info.FILE}"
        if not project.text(path):
            yield path, f"Metadata-Version: 2.1\nName: {folder.removesuffix('.egg-info')}\nVersion: {version}\n\n"


def _described(version: str) -> str | None:
    """Give a version as setupmeta reads it back, in three numbers; None if it would read another one."""
    found = re.fullmatch(r"(\d+)(\.\d+)?(\.\d+)?((?:a|b|rc|\.post|\.dev)\d+)?", version)
    if found is None:
        return None
    major, minor, patch, rest = found.groups()
    return f"{major}{minor or '.0'}{patch or '.0'}{rest or ''}"


ADAPTER: Final[VersionTool] = Setupmeta()
