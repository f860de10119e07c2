"""hatch-vcs computes the version under hatchling, by asking setuptools-scm.

Recognised by ``[tool.hatch.version] source = "vcs"``, in hatch.toml too.

Told by ``SETUPTOOLS_SCM_PRETEND_VERSION``. hatch-vcs gives setuptools-scm no project name, so this variable, which
speaks to every project, is the only one that it obeys; where ``raw-options`` has a ``dist_name``, the variable for
that name does it. A PKG-INFO with another version is replaced in a scratch copy, since hatchling reads it first. The
version file is written by the build hook; files are chosen by hatchling's own rules, and none is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.versions import Injection, _backends, _hatch, _scm

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project
    from backlit.versions import Claim, VersionTool


class HatchVcs:
    """The adapter."""

    name = "hatch-vcs"
    climbs = False
    reads_pkg_info = True
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("vcs",)

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose version source is ``vcs``."""
        claim = _hatch.claim(project, backend, self.name, "vcs")
        return claim and claim._replace(home=_scm.home(_hatch.table(project, "version", "raw-options")))

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the pretended versions that setuptools-scm looks for when hatch-vcs asks it."""
        return _scm.strongest_first(_dist_name(project))

    def inject(self, project: Project, version: str) -> Injection:
        """Give the variable for all projects, or the one for ``dist_name``."""
        name = _dist_name(project)
        return Injection(
            environment=(
                *(() if name else ((_scm.ALL_PROJECTS[0], version),)),
                *_hatch.for_hooks(project, version),
            ),
            inherited=tuple((variable, version) for variable in _scm.for_one(name)) if name else (),
            files=_hatch.pkg_info(project, version),
            version_files=_hatch.version_files(project, "vcs", "version-file"),
        )


def _dist_name(project: Project) -> str | None:
    options = _hatch.table(project, "version", "raw-options")
    return next(iter(_backends.text_at(options, "dist_name")), None)


ADAPTER: Final[VersionTool] = HatchVcs()
