"""What one hook prints, it and the processes that it starts, kept while it passes on unchanged.

The words of the tool that failed are nowhere else. What Python code writes to ``sys.stdout`` and ``sys.stderr`` is
noted as it is written. What processes write goes to descriptors 1 and 2, so from the first process on these lead
through ``tee``, which hands on each byte at once and keeps a copy in the session's folder:

* a pipe or a socket is replaced by a pipe, a terminal by a pseudoterminal of the same size, in raw mode; so
  ``isatty`` answers as before, and one file open as both 1 and 2 stays one, with its order;
* a file is not replaced: what was added to it is read from it afterwards;
* ``tee`` is a process, no thread: what was printed before this process crashed is still handed on, code that holds the
  interpreter's lock while it prints cannot wait for a reader that needs the lock, and no build forks a process with
  two threads.

A hook that starts no process has none of this. Where there is no ``tee``, or a descriptor is closed, nothing is
replaced and less is known.
"""

from __future__ import annotations

import os
import stat
import sys
from _thread import get_ident
from collections import deque
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

from backlit.trace import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backlit.support.process import Beside
    from backlit.trace import Session

MOST: Final = 256 * 1024
"""How much of the end of each copy is read, in bytes."""

_SECONDS: Final = 1.0
"""How long the end of a ``tee`` is waited for: a process that outlives the hook, such as a compiler's cache, may hold
the pipe's other end, and then it goes on handing on what that one prints."""

_STARTS: Final = audit.EVENTS - {"import", "os.exec", "shutil.rmtree"}


class Printed:
    """The output of one hook. `folder` is private to it and exists; `session` hears what is heard here."""

    def __init__(self, folder: Path, session: Session | None) -> None:
        self._folder = str(folder)
        self._session = session
        self._pid = os.getpid()
        self._noted: deque[str] = deque(maxlen=2000)
        self._files: list[_File] = []
        self._relays: list[_Relay] = []
        self._relayed = False
        self._relaying = 0
        """The thread that starts ``tee`` just now."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what is printed until the block is left; descriptors are then as they were. Exceptions pass."""
        self._files = [found for found in map(_file_at, (1, 2)) if found is not None]
        with ExitStack() as stack:
            for stream in (sys.stdout, sys.stderr):
                stack.enter_context(_noted_in(self._noted, stream))
            audit.push(self)
            stack.callback(audit.pop, self)
            try:
                yield
            finally:
                if os.getpid() == self._pid:  # not in a forked process that leaves this block by its own error
                    for relay in self._relays:
                        relay.close()

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Take an audit event; never raises."""
        me = get_ident()
        if me == self._relaying:
            return  # tee's own start
        if self._session is not None and self._session.folder:
            self._session.hear(event, arguments)  # first: the loader looks for what it makes, in tee too
        if event in _STARTS and not self._relayed and os.getpid() == self._pid:
            self._relayed, self._relaying = True, me
            self._relay()
            self._relaying = 0

    def text(self) -> str:
        """Give what was printed, without the beginning where it is long.

        What Python code wrote comes first, and again where it passed a descriptor.
        """
        copies = [relay.text() for relay in self._relays]
        copies += [_added_to(found) for found in self._files if stat.S_ISREG(found.mode)]
        return "\n".join(filter(None, ("".join(self._noted), *dict.fromkeys(copies))))

    def _relay(self) -> None:
        """Lead what is no file through a ``tee``: once for each open file."""
        groups: dict[tuple[int, int, int], list[int]] = {}
        for found in self._files:
            if not stat.S_ISREG(found.mode):
                groups.setdefault(found.identity, []).append(found.descriptor)
        for number, descriptors in enumerate(groups.values()):
            relay = _started(tuple(descriptors), f"{self._folder}/printed-{number}")
            if relay is not None:
                self._relays.append(relay)


class _File(NamedTuple):
    """What a descriptor leads to."""

    descriptor: int
    mode: int
    identity: tuple[int, int, int]
    size: int
    """Where the next byte goes; for a file."""


def _file_at(descriptor: int) -> _File | None:
    try:
        status = os.fstat(descriptor)
        size = 0
        if stat.S_ISREG(status.st_mode):
            size = max(os.lseek(descriptor, 0, os.SEEK_CUR), status.st_size)
    except OSError:
        return None  # closed
    return _File(descriptor, status.st_mode, (status.st_dev, status.st_ino, status.st_rdev), size)


def _added_to(found: _File) -> str:
    """Read what was added to a file that output goes to; empty if it cannot be read."""
    return _end_of(f"/proc/self/fd/{found.descriptor}", found.size)


def _end_of(path: str, start: int) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a string
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start, size - MOST))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


@contextmanager
def _noted_in(kept: deque[str], stream: TextIO | None) -> Iterator[None]:
    """Note what is written to a stream, in itself: it stays the same object, of its own class."""
    try:
        members, write = vars(stream), stream.write  # type: ignore[union-attr] # what has none is left alone
    except (TypeError, AttributeError):
        yield
        return
    before = members.get("write")

    def noted(text: str) -> int:
        kept.append(str(text)[-8192:])
        return write(text)

    members["write"] = noted
    try:
        yield
    finally:
        if members.get("write") is noted:
            del members["write"]
            members.update({"write": before} if before else {})


class _Relay(NamedTuple):
    """Descriptors that lead through a ``tee``."""

    descriptors: tuple[int, ...]
    kept: int
    """What they led to."""
    copy: str
    """Path of the copy."""
    tee: Beside

    def close(self) -> None:
        """Lead the descriptors where they led before, once all that was printed has been handed on."""
        for descriptor in self.descriptors:
            os.dup2(self.kept, descriptor)
        os.close(self.kept)
        self.tee.has_ended(seconds=_SECONDS)

    def text(self) -> str:
        return _end_of(self.copy, 0)


def _started(descriptors: tuple[int, ...], copy: str) -> _Relay | None:
    """Lead descriptors of one open file through a ``tee``; None, and nothing changed, if there is none."""
    from backlit.support import process  # noqa: PLC0415 - a hook that starts no process needs none

    opened: list[int] = []
    try:
        opened += (ends := _ends_like(descriptors[0]))
        opened.append(kept := os.dup(descriptors[0]))
        tee = process.beside(["tee", "-i", copy], stdin=ends[0], stdout=kept)
    except OSError:
        for descriptor in opened:
            os.close(descriptor)
        return None
    for descriptor in descriptors:
        os.dup2(ends[1], descriptor)
    for descriptor in ends:
        os.close(descriptor)
    return _Relay(descriptors, kept, copy, tee)


def _ends_like(descriptor: int) -> tuple[int, int]:
    """Give an end to read and one to write: of a pseudoterminal if `descriptor` is a terminal, else of a pipe."""
    if not os.isatty(descriptor):
        return os.pipe()
    import fcntl  # noqa: PLC0415 - few builds run on a terminal
    import termios  # noqa: PLC0415 - likewise
    import tty  # noqa: PLC0415 - likewise

    master, slave = os.openpty()
    try:
        tty.setraw(slave)  # the real terminal does to each line's end what there is to do
    except termios.error as error:
        raise OSError(*error.args) from error
    size = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    return master, slave
