"""How each version tool is told a version: one tool a file.

A module's docstring is its section in the reference. An adapter answers, it never sets anything: the pipeline does.
Loaded inside a hook; see docs/adr/0007 for what that costs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project


class Claim(NamedTuple):
    """A tool's claim to be the one that computes the project's version, with the evidence."""

    tool: str
    """The tool's name: ``setuptools-scm``."""
    where: str
    """File and line, or file and table: ``pyproject.toml:12``, ``setup.py:4``."""
    detail: str
    """What stands there: ``[tool.setuptools_scm]``, ``use_scm_version=True``."""
    states: str | None = None
    """The version that stands in the tree itself, where it can be read without running anything; None if a tool has to
    compute it."""


class Injection(NamedTuple):
    """What makes a tool give one version."""

    environment: tuple[tuple[str, str], ...] = ()
    """Variables to set while the hook runs."""
    files: tuple[tuple[str, str], ...] = ()
    """Files to write, by path relative to the tree, with their text. Any file here makes a scratch copy necessary."""
    restores_files: bool = False
    """True if the tool also gives the build its list of files, from the VCS: the list is then restored through
    setuptools' file finders."""
    version_files: tuple[str, ...] = ()
    """Files the tool writes the version to, relative to the tree; the artifact's are opened afterwards."""


class VersionTool(Protocol):
    """A tool that gives a project its version."""

    name: str
    """Its project's name: ``setuptools-scm``."""
    climbs: bool
    """True if it finds a repository further up by a way of its own, which GIT_CEILING_DIRECTORIES does not stop."""

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Tell whether this tool computes the project's version under this backend; None if not.

        Judged by the active backend: a table that the backend does not read is no claim. Reads files, runs nothing.
        """
        ...

    def variables(self, project: Project) -> tuple[str, ...]:
        """Name the tool's own variables that would give this project its version, strongest first."""
        ...

    def inject(self, project: Project, version: str) -> Injection:
        """Give what makes the tool give `version`, which is canonical, to this project and to as few others as can be.

        :raises VersionError: if this tool cannot be told.
        """
        ...


def tool_in_charge(project: Project, backend: BackendSpec) -> tuple[VersionTool, Claim] | None:
    """Give the tool that computes the project's version, with its claim; None if no adapter knows it."""
    # A version that stands in the tree leaves nothing to compute, and the other adapters need not be loaded, at half a
    # millisecond each. Only under setuptools may a tool win over one: setuptools-scm 7 and 8 over setup.cfg's.
    # By name: an adapter that another one could be reached from would be no stranger to it.
    static: VersionTool = import_module(f"{__name__}.static").ADAPTER
    stated = static.claim(project, backend)
    if "version" in project.table("project"):
        return stated and (static, stated)
    if stated is not None and backend.module.partition(".")[0] in _EXCLUSIVE:
        return static, stated
    for tool in adapters_in(__name__):
        claim: Claim | None = tool.claim(project, backend)
        if claim is not None:
            return tool, claim
    return None


_EXCLUSIVE = frozenset({"flit_core", "hatchling", "pdm", "poetry"})
"""Backends that take either a version from the tree or one from a tool, never both; by their top package."""
