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
    if "version" in project.table("project"):
        # Nothing is left to compute: the other adapters need not be loaded, at half a millisecond each.
        tools = (import_module(f"{__name__}.static").ADAPTER,)
    else:
        tools = adapters_in(__name__)
    for tool in tools:
        claim: Claim | None = tool.claim(project, backend)
        if claim is not None:
            return tool, claim
    return None
