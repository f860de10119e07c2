"""The only door to other processes."""

from __future__ import annotations

import subprocess  # noqa: TID251 - this is the door
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


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


def each(function: Callable[[_Item], _Answer], items: Sequence[_Item], jobs: int) -> Iterator[_Answer | None]:
    """Give what a function gives for each item, in order, worked out by several processes of Python.

    None stands for an item whose process ended without an answer: it was killed, or ran out of memory. Function, items
    and answers travel between processes. What the function raises, rises here.
    """
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - most commands start one at a time

    done = 0
    try:
        for answer in _together(function, items, jobs):
            done += 1
            yield answer
    except BrokenProcessPool:
        # One process that ends takes all others with it: whose it was, the rest of the items tell one by one.
        for item in items[done:]:
            try:
                yield from _together(function, [item], 1)
            except BrokenProcessPool:
                yield None


def _together(function: Callable[[_Item], _Answer], items: Sequence[_Item], jobs: int) -> Iterator[_Answer]:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - see above

    with ProcessPoolExecutor(jobs) as pool:
        rest = iter(items)
        # Answers that nobody has fetched yet take memory.
        waiting = deque(pool.submit(function, item) for item in islice(rest, 3 * jobs))
        while waiting:
            answer = waiting.popleft().result()
            waiting.extend(pool.submit(function, item) for item in islice(rest, 1))
            yield answer


class Beside:
    """A program that runs beside this process. Made by `beside`."""

    def __init__(self, started: subprocess.Popen[bytes]) -> None:
        self._started = started

    def has_ended(self, *, seconds: float) -> bool:
        """Wait for its end, but not longer than `seconds`; tell whether it has ended."""
        try:
            self._started.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def beside(command: Sequence[str], *, stdin: int, stdout: int) -> Beside:
    """Start a program that runs beside this process, with two descriptors and no others, and no standard error.

    :raises OSError: if it cannot be started.
    """
    return Beside(
        subprocess.Popen(list(command), stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL)  # noqa: S603 - as above
    )
