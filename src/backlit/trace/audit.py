"""What this process starts itself, and the moment a build tree is deleted: a Python audit hook.

One hook is added to the process, at the first session, and stays: Python has no way to take one away. It is asked at
every audit event, thousands in a build, so it looks the event's name up and returns. Sessions are a stack: only the
innermost one listens.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Listener(Protocol):
    """One session's ear."""

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Take one event; must not raise."""
        ...


EVENTS: Final = frozenset(
    {
        "import",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.system",
        "shutil.rmtree",
        "subprocess.Popen",
    }
)
"""Events of interest."""

_LISTENERS: Final[list[Listener]] = []
_INSTALLED: Final[list[int]] = []


def push(listener: Listener) -> None:
    """Let `listener` hear every event of interest until it is popped; those below it on the stack hear nothing."""
    if not _INSTALLED:
        _INSTALLED.append(os.getpid())
        sys.addaudithook(_hook)
    _LISTENERS.append(listener)


def pop(listener: Listener) -> None:
    """Take the newest entry of `listener` off the stack."""
    for index in range(len(_LISTENERS) - 1, -1, -1):
        if _LISTENERS[index] is listener:
            del _LISTENERS[index]
            return


def _hook(event: str, arguments: Sequence[Any]) -> None:
    if event in EVENTS and _LISTENERS:
        _LISTENERS[-1].hear(event, arguments)
