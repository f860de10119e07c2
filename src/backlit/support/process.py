"""The only door to other processes."""

from __future__ import annotations

import subprocess  # noqa: TID251 - this is the door
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Finished(NamedTuple):
    """A process that has ended."""

    status: int
    """Exit status; negative is a signal's number; 127 if it could not be started."""
    output: str
    """Standard output, undecodable bytes replaced."""
    errors: str
    """Standard error, undecodable bytes replaced; the reason if it could not be started."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = 60.0,
) -> Finished:
    """Run a command to its end, without a shell, without standard input, and keep what it printed.

    `environment` is the whole environment; the caller's own if left out. Never raises for the command's own failure:
    one that cannot be started, or runs longer than `seconds`, has a status that is not 0 and says why.
    """
    try:
        done = subprocess.run(  # noqa: S603 - callers pass lists, and there is no shell
            [str(part) for part in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finished(124, "", f"still running after {seconds:g} s")
    except (OSError, ValueError) as error:
        return Finished(127, "", str(error))
    return Finished(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def stream(
    command: Sequence[str | Path], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> int:
    """Run a command to its end with this process's own output, without standard input; give its exit status.

    :raises OSError: if it cannot be started.
    """
    return subprocess.run(  # noqa: S603 - callers pass lists, and there is no shell
        [str(part) for part in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode
