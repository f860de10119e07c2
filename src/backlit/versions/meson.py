"""meson.build gives the version to meson-python.

Recognised where the backend is meson-python and the version is left open, by ``version:`` in the ``project()`` call of
meson.build. A string there, or ``files('VERSION')``, states the version.

A computed one, ``run_command(...)``, is told

* by ``SETUPTOOLS_SCM_PRETEND_VERSION_FOR_<NAME>`` where the command runs ``-m setuptools_scm``; by the variable for all
  projects where it runs code that asks setuptools-scm;
* else by meson.build, in a scratch copy, with the version in place of the command; an sdist carries it so. Where
  another command of a meson.build runs the same script, to write a version file, a repository with the version's tags
  is made as well, if there is git.

A script of the tree that asks no VCS is left alone, and has to agree with the version asked for.

An sdist is what git has committed: ``meson dist`` refuses a tree without a VCS. So a repository is made in a scratch
copy for every sdist of meson-python's, with whatever version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Claim, Injection, _backends, _meson, _scm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool


class Meson:
    """The adapter."""

    name = "meson"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    # versioneer and others may be what the command runs.
    last_resort = True
    marks: tuple[str, ...] = ("meson",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version meson-python takes from meson.build."""
        if not _backends.is_one(project, backend, "mesonpy") or not _backends.leaves_version_open(project):
            return None
        text = project.text(_meson.FILE)
        keyword = _meson.version_keyword(text)
        if keyword is None:
            return None
        where = f"{_meson.FILE}:{text.count(chr(10), 0, keyword.start) + 1}"
        detail = " ".join(f"version: {keyword.text}".split())
        return Claim(self.name, where, detail, _meson.stated(project))

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name those that setuptools-scm reads, where the command runs it."""
        told = [name for name, _ in _meson.told(project, "0").inherited]
        return tuple(dict.fromkeys((*told, *(_scm.ALL_PROJECTS if told else ()))))

    def inject(self, project: Project, version: str) -> Injection:
        """Give what tells the command, or replaces it; nothing where the tree states the version."""
        return _meson.told(project, version)


ADAPTER: Final[VersionTool] = Meson()
