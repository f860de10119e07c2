"""How each version tool is told a version: one tool a file.

A module's docstring is its section in the reference. An adapter answers, it never sets anything: the pipeline does.
Loaded inside a hook; see docs/adr/0007 for what that costs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

from backlit.versions import _index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    home: str = ""
    """Where the project itself says that its repository is, if that is further up: a folder relative to the tree, such
    as ``..``, or ``*`` for any. Empty if it does not say."""


class Injection(NamedTuple):
    """What makes a tool give one version."""

    environment: tuple[tuple[str, str], ...] = ()
    """Variables that the tool reads in the hook's own process. They may speak to every project, so the processes that
    the hook starts do not inherit them."""
    inherited: tuple[tuple[str, str], ...] = ()
    """Variables that processes started by the hook inherit too: those that name this project, ``..._FOR_<NAME>``, and
    those that only such a process reads, as where a meson.build runs the tool."""
    files: tuple[tuple[str, str], ...] = ()
    """Files to write, by path relative to the tree, with their text. Any file here makes a scratch copy necessary."""
    repository: tuple[str, ...] = ()
    """Tags of a real git repository to make in a scratch copy: all on its one commit, ``git describe`` gives the first.
    For tools that nothing but a repository tells; needs git. With `files` beside it, it is left out where there is no
    git."""
    outside: tuple[str, ...] = ()
    """Tags of the repository that stands in for `files` in an editable build, where none can be written; if empty,
    those in `repository`, or else the usual ones."""
    hides_repository: bool = False
    """True if the tool asks a repository of the project's own before it reads `files`: the copy goes without."""
    restores_files: bool = False
    """True if the tool also gives the build its list of files, from the VCS: the list is then restored through
    setuptools' file finders."""
    version_files: tuple[str, ...] = ()
    """Files the tool writes the version to, relative to the tree; the artifact's are opened afterwards."""

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """All variables, by name and value."""
        return (*self.environment, *self.inherited)


class VersionTool(Protocol):
    """A tool that gives a project its version."""

    name: str
    """Its project's name: ``setuptools-scm``."""
    climbs: bool
    """True if it finds a repository further up by a way of its own, which GIT_CEILING_DIRECTORIES does not stop."""
    reads_pkg_info: bool
    """True if it takes an sdist's version from PKG-INFO by itself: an sdist whose version nobody changes is left to
    it."""
    at_import: tuple[str, ...]
    """Top packages whose import already computes the version; they are imported anew for each hook. Empty for most."""
    last_resort: bool
    """True if it is asked only where no other tool claims the project: code of the project's own, not a tool's."""

    marks: tuple[str, ...]
    """Texts one of which a tree that it versions has in the files at its top, or as a name there: without one, the tool
    is not loaded. ``python -m backlit.versions._generate`` writes them into the index."""

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


class Charge(NamedTuple):
    """One tool's claim on a project."""

    tool: VersionTool
    """The tool."""
    claim: Claim
    """Its evidence."""


def charges(project: Project, backend: BackendSpec) -> tuple[Charge, ...]:
    """Give the tools that claim to compute the project's version; none if no adapter knows it.

    More than one is a contradiction in the tree, which only the tools themselves resolve.
    """
    # A version that stands in the tree leaves nothing to compute, and the other adapters need not be loaded, at half a
    # millisecond each. Only under setuptools may a tool win over one: setuptools-scm 7 and 8 over setup.cfg's.
    # By name: an adapter that another one could be reached from would be no stranger to it.
    static: VersionTool = import_module(f"{__name__}.static").ADAPTER
    stated = static.claim(project, backend)
    if isinstance(project.table("project").get("version"), str):
        return () if stated is None else (Charge(static, stated),)
    if stated is not None and backend.module.partition(".")[0] in _EXCLUSIVE:
        return (Charge(static, stated),)
    first = _claimed(_marked(project, backend, last_resort=False), project, backend)
    if first:
        return first
    if stated is not None:
        return (Charge(static, stated),)
    return _claimed(_marked(project, backend, last_resort=True), project, backend)[:1]


def tool_in_charge(project: Project, backend: BackendSpec) -> Charge | None:
    """Give the tool that computes the project's version, the first by name of several; None if no adapter knows it."""
    return next(iter(charges(project, backend)), None)


def usual_tags(version: str) -> tuple[str, ...]:
    """Give the two tags that nearly every project uses one of."""
    return (f"v{version}", version)


def general(version: str) -> Injection:
    """Give the general way, for a project that no adapter knows: a real repository with the usual tags."""
    return Injection(repository=usual_tags(version))


def _marked(project: Project, backend: BackendSpec, *, last_resort: bool) -> Iterator[VersionTool]:
    """Give the tools of which a mark is in the tree, each loaded only then."""
    texts = "\n".join((backend.name, *project.names, *(project.text(path) for path in _MARKED_FILES)))
    for name, last, marks in _index.TOOLS:
        if last is last_resort and any(mark in texts for mark in marks):
            yield import_module(f"{__name__}.{name}").ADAPTER


_MARKED_FILES = ("pyproject.toml", "hatch.toml", "setup.py", "setup.cfg", "meson.build")


def _claimed(tools: Iterable[VersionTool], project: Project, backend: BackendSpec) -> tuple[Charge, ...]:
    found = ((tool, tool.claim(project, backend)) for tool in tools)
    return tuple(Charge(tool, claim) for tool, claim in found if claim is not None)


_EXCLUSIVE = frozenset({"flit_core", "hatchling", "pdm", "poetry"})
"""Backends that take either a version from the tree or one from a tool, never both; by their top package."""
