"""pbr computes the version and the list of files under setuptools.

Recognised by ``pbr=True`` in setup.py, under setuptools or ``pbr.build``, or by the backend ``pbr.build`` and a
``[project]`` table whose version is dynamic.

Told by ``PBR_VERSION``, which speaks to every project. Where setup.py and setup.cfg are in charge, pbr takes the list
of files from git, and where the tree has no repository of its own from ``<name>.egg-info/SOURCES.txt``: without either,
package data are silently lost, whole subpackages among them. It asks no file finder, so the list is written to
SOURCES.txt in a scratch copy; for an sdist ``SKIP_GIT_SDIST`` makes pbr read it. AUTHORS and ChangeLog come from git's
history and are not made then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config import project as projects
from backlit.versions import Claim, Injection, _backends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool

_BACKEND: Final = "pbr.build"


class Pbr:
    """The adapter."""

    name = "pbr"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("pbr",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py says ``pbr=True``, or whose backend is pbr's own."""
        if not _backends.is_one(project, backend, _BACKEND, _backends.SETUPTOOLS):
            return None
        if not _backends.leaves_version_open(project):
            return None
        if _has_keyword(project):
            return Claim(self.name, project.line_of("setup.py", r"\bpbr\s*="), "pbr=True")
        if backend.module == _BACKEND and project.table("project"):
            pattern = r"\bbuild-backend\s*=\s*[\"']pbr\.build"
            return _backends.claim_in_pyproject(project, self.name, pattern, 'build-backend = "pbr.build"')
        return None

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the same for all projects
        """Name pbr's variable and its older one."""
        return ("PBR_VERSION", "OSLO_PACKAGE_VERSION")

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable, and the list of files where pbr is the one that chooses them."""
        told = ("PBR_VERSION", version)
        if not _chooses_files(project) or not project.text("setup.cfg") or _asks_git(project):
            # Then setuptools' own rules choose the files, with git and without; or git is there to be asked.
            return Injection(environment=(told,))
        return Injection(environment=(told, ("SKIP_GIT_SDIST", "1")), files=tuple(_sources(project)))


def _has_keyword(project: Project) -> bool:
    return "pbr" in project.text("setup.py") and "pbr" in _backends.setup_call(project).names


def _chooses_files(project: Project) -> bool:
    """Tell whether pbr's commands take part: by its keyword, or where setup.py has pbr give all keywords."""
    return _has_keyword(project) or "setup_cfg_to_args(" in project.text("setup.py")


def _asks_git(project: Project) -> bool:
    from backlit.config import vcs  # noqa: PLC0415 - other tools' projects need none

    return vcs.own(project.root) == ".git" and vcs.can_be_asked(project.root)


def _sources(project: Project) -> Iterator[tuple[str, str]]:
    """Give SOURCES.txt in each place where setuptools may look for it."""
    from backlit.config import file_list  # noqa: PLC0415 - other tools' projects need none

    name = projects.name_of(project) or project.root.name
    # As setuptools names the folder: ``safe_name``, then ``filename_component``.
    folder = re.sub(r"[^A-Za-z0-9.]+", "-", name).replace("-", "_").strip("_") + ".egg-info"
    text = "".join(f"{path}\n" for path in file_list.snapshot(project.root) if _can_be_a_line(path))
    for base in dict.fromkeys(_bases(project)):
        yield f"{base}{folder}/SOURCES.txt", text


def _bases(project: Project) -> Iterator[str]:
    """Give the folders that egg-info may stand in: the top, and the one that packages are in."""
    setuptools = project.table("tool", "setuptools")
    mapped = setuptools.get("package-dir")
    named = (
        _backends.setup_cfg(project, "files").get("packages_root"),
        mapped.get("") if isinstance(mapped, dict) else None,
        "src" if (project.root / "src").is_dir() else None,
    )
    yield ""
    yield from (f"{base.strip('/')}/" for base in named if isinstance(base, str) and base.strip("./"))


def _can_be_a_line(path: str) -> bool:
    return path.isprintable() and path == path.strip()


ADAPTER: Final[VersionTool] = Pbr()
