"""What stage 1 decides and all later stages read: the plan of one hook call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.config.project import BackendSpec, Project
    from backlit.config.settings import Settings
    from backlit.versions import Claim, Injection, VersionTool


EDITABLE_HOOKS: Final = ("build_editable", "prepare_metadata_for_build_editable", "get_requires_for_build_editable")
"""Hooks that must run in the tree itself: what they make points there."""


class Decision(NamedTuple):
    """Which version the build is to have, and why."""

    value: str | None
    """Canonical (PEP 440); None if the tool in charge is left to find it."""
    origin: str
    """As in the report: ``config-setting``, ``environment``, ``tool-variable``, ``vcs``, ``pkg-info``,
    ``git-archival``, ``static``, ``distribution``, ``folder`` or ``none``."""
    where: str
    """The exact place."""
    asked: bool
    """True if somebody asked for this version: then an artifact that does not carry it is an error."""


class Plan(NamedTuple):
    """All that is decided before the real backend is imported."""

    project: Project
    """The tree."""
    name: str | None
    """The project's name, as the tree states it; None if it does not."""
    backend: BackendSpec
    """The real backend."""
    settings: Settings
    """What the front end and the environment ask for."""
    hook: str
    """The hook called."""
    decision: Decision
    """The version."""
    tool: VersionTool | None
    """The version tool in charge; None if none is known, or none had to be looked for."""
    claim: Claim | None
    """The evidence for `tool`."""
    injection: Injection | None
    """How `tool` is told; None if it is left in charge, or nothing is known that would tell it."""
    environment: tuple[tuple[str, str | None], ...]
    """Changes to the environment while the hook runs; None removes a variable."""
    why_copy: str = ""
    """Why the hook runs in a scratch copy; empty if it runs in place."""
    home: Path | None = None
    """The top of a repository further up that the project itself says is its own; None for none."""
    restores: str = ""
    """What would give setuptools the list of files if there were a VCS to ask, with its place, such as
    ``pyproject.toml:3: setuptools-git``: setuptools is then given the list. Empty if nothing would."""
    lacks_git: bool = False
    """True if a repository would have told the version, and there is no git to make one."""

    @property
    def outside_tags(self) -> tuple[str, ...]:
        """Tags of a repository to make outside the tree: for an editable build, where no file may be written."""
        told = self.injection
        if told is None or self.hook not in EDITABLE_HOOKS or self.lacks_git:
            return ()
        return told.outside if told.files and not told.variables else told.repository

    @property
    def tool_name(self) -> str | None:
        """The version tool's name; None if none is known, or the version simply stands in the tree."""
        return self.tool.name if self.tool is not None and self.tool.name != "static" else None
