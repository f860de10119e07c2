"""Diagnostics: what was found wrong or unseen after the real backend had returned."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a reader should care."""

    NOTE = "note"
    """Worth knowing."""
    WARNING = "warning"
    """Something is missing or looks wrong."""
    ERROR = "error"
    """Something is wrong; the build itself was not stopped for it."""


class Diagnostic(NamedTuple):
    """One finding."""

    code: str
    """A stable name, such as ``probe-failed``, ``unused-link``, ``version-conflict``, ``unreadable-binary``."""
    severity: Severity
    """How much to care."""
    where: str
    """The file, member or command concerned; empty if none."""
    message: str
    """One sentence: what was found."""
    cure: str = ""
    """One sentence: what to do about it; empty if nothing needs doing."""
