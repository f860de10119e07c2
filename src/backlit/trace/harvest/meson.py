"""What meson asked while it configured: ``meson-logs/meson-log.txt`` of one build folder.

meson keeps the paths of the programs it finds, in ``build.ninja`` and in its own state, so no shim may be among them.
Its log has each question to pkg-config and to ``*-config`` programs with the answer, and each such program that it
looked for in vain. Other programs are named only where they were not found.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace.harvest import meson_searches

if TYPE_CHECKING:
    from backlit.model.invocation import Search

FILE: Final = "meson-logs/meson-log.txt"
"""The file that makes a folder a build folder of meson."""
LIMIT: Final = 256 << 20
"""Bytes of the file, at most."""


class Asked(NamedTuple):
    """One program that meson ran, or looked for."""

    folder: str
    """Absolute path of the build folder."""
    words: tuple[str, ...]
    """Program and arguments; the name alone where it was not found."""
    status: int | None
    """Exit status; None if it was not found, or is not known."""
    found: bool
    """False if there is no such program."""


class Told(NamedTuple):
    """What one build folder of meson tells."""

    asked: tuple[Asked, ...] = ()
    """What meson asked, in its order."""
    searches: tuple[Search, ...] = ()
    """What it looked for, sorted."""
    faults: tuple[str, ...] = ()
    """What could not be read, one sentence each."""


def read(folder: str) -> Told:
    """Give what meson asked and looked for. Never raises for what stands in its files."""
    path = Path(folder, FILE)
    try:
        if path.stat().st_size > LIMIT:
            return Told(faults=(f"{FILE}: longer than {LIMIT} bytes",))
        text = os.fsdecode(path.read_bytes())
    except OSError as error:
        return Told(faults=(f"{FILE}: {error.strerror}",))
    searches, faults = meson_searches.read(folder, text)
    return Told(parse(text, folder), searches, faults)


def parse(text: str, folder: str = "/") -> tuple[Asked, ...]:
    """Give what stands in a log; lines that tell of no program are passed over."""
    asked: list[Asked] = []
    for found in _LINE.finditer(text):
        if missing := found["missing"] or found["program"]:
            asked.append(Asked(folder, (missing,), None, found=False))
        elif words := _words(found["called"] or found["ran"] or ""):
            status = int(found["status"]) if found["status"] else None
            asked.append(Asked(folder, words, status, found=True))
    return tuple(asked)


_LINE: Final = re.compile(
    r"^(?:Called: `(?P<called>[^\n]*)` -> (?P<status>-?\d{1,4})|Running command: (?P<ran>[^\n]*)"
    r"|(?P<missing>[A-Za-z0-9.+_-]+[-_]config) found: NO"
    r"|(?:\w+\| )?Program (?P<program>[A-Za-z0-9.+_-]+) found: NO)\b[^\n]*$",
    re.MULTILINE,
)


def _words(line: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return ()
