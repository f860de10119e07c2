"""Every error that backlit raises itself.

::

    BacklitError
    |-- InputError      2   the source, the wheel or the file given cannot be used
    |   `-- FormatError 2   bytes that are not what they should be, with the offset
    |-- ConfigError     2   a setting, a table or an argument cannot be used
    |-- VersionError    3   the version is bad, or the build did not obey it
    `-- BackendError    4   the real backend failed, or cannot be had

The number is the exit code of the command line, and of a hook: a fault of ours is one line there, and no traceback.
"""

from __future__ import annotations

from typing import ClassVar


class BacklitError(Exception):
    """Something backlit cannot go on with; ``str()`` names the place, the problem and the cure."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problem: str, *, where: str = "", cure: str = "") -> None:
        self.problem = problem
        self.where = where
        self.cure = cure
        super().__init__(problem)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.cure}" if self.cure else ""
        return f"{place}{self.problem}{cure}"


class InputError(BacklitError):
    """What was given to read or build cannot be used."""


class FormatError(InputError):
    """Bytes that break their format's rules; the only error a reader of untrusted bytes raises."""

    def __init__(self, problem: str, *, offset: int | None = None, where: str = "", cure: str = "") -> None:
        self.offset = offset
        at = "" if offset is None else f" at byte {offset}"
        super().__init__(f"{problem}{at}", where=where, cure=cure)


class ConfigError(BacklitError):
    """A setting cannot be used."""


class VersionError(BacklitError):
    """The version is no version, or the artifact does not carry it."""

    exit_code = 3


class BackendError(BacklitError):
    """The real backend failed, or cannot be imported."""

    exit_code = 4
