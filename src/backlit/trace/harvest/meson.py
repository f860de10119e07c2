"""What meson asked while it configured: ``meson-logs/meson-log.txt`` of one build folder.

meson keeps the paths of the programs it finds, in ``build.ninja`` and in its own state, so no shim may be among them.
Its log has each question to pkg-config and to ``*-config`` programs with the answer, and each such program that it
looked for in vain.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Final, NamedTuple

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


def read(folder: str) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    """Give what meson asked, in its order, and a sentence if its log cannot be read."""
    path = Path(folder, FILE)
    try:
        if path.stat().st_size > LIMIT:
            return (), (f"{FILE}: longer than {LIMIT} bytes",)
        return parse(os.fsdecode(path.read_bytes()), folder), ()
    except OSError as error:
        return (), (f"{FILE}: {error.strerror}",)


def parse(text: str, folder: str = "/") -> tuple[Asked, ...]:
    """Give what stands in a log; lines that tell of no program are passed over."""
    asked: list[Asked] = []
    for found in _LINE.finditer(text):
        if found["missing"]:
            asked.append(Asked(folder, (found["missing"],), None, found=False))
        elif words := _words(found["called"] or found["ran"] or ""):
            status = int(found["status"]) if found["status"] else None
            asked.append(Asked(folder, words, status, found=True))
    return tuple(asked)


_LINE: Final = re.compile(
    r"^(?:Called: `(?P<called>[^\n]*)` -> (?P<status>-?\d{1,4})|Running command: (?P<ran>[^\n]*)"
    r"|(?P<missing>[A-Za-z0-9.+_-]+[-_]config) found: NO)\b[^\n]*$",
    re.MULTILINE,
)


def _words(line: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return ()
