"""What sources include that are compiled only to learn something.

A setup.py writes such a source, starts the compiler, sees whether that fails, and deletes the source: so it is read
when the compiler starts. What stands under an ``#if`` may not be meant for this machine, and is passed over.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def named_by(program: str, arguments: Sequence[str], cwd: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each source of a compiler's command that is a try: its absolute path, and what it includes."""
    sources = [word for word in arguments if word.endswith(_ENDINGS) and not word.startswith("-")]
    if not sources:
        return
    from backlit.trace import tables  # noqa: PLC0415 - costs the reading of every table

    if tables.match(os.path.basename(program)) is None:  # noqa: PTH119 - as it was called
        return
    for source in sources:
        path = os.path.normpath(os.path.join(cwd, source))  # noqa: PTH118 - as the compiler will open it
        if tables.is_try(path) and (found := included(path)):
            yield path, found


def included(path: str) -> tuple[str, ...]:
    """Give the names after each ``#include`` that no ``#if`` surrounds, in order; empty if it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            text = file.read(_LIMIT)
    except OSError:
        return ()
    depth, found = 0, []
    for directive, name in _DIRECTIVE.findall(text):
        if directive.startswith(b"if"):
            depth += 1
        elif directive == b"endif":
            depth -= 1
        elif not depth:
            found.append(os.fsdecode(name))
    return tuple(dict.fromkeys(found))


_ENDINGS: Final = (".c", ".cc", ".cpp", ".cxx", ".C")
_LIMIT: Final = 1 << 20
"""Bytes of a source that are read: what it includes stands at its beginning."""
_DIRECTIVE: Final = re.compile(
    rb"^[ \t]*#[ \t]*(?:(if|ifdef|ifndef|endif)\b|include[ \t]*[<\"]([^>\"\n]+)[>\"])", re.MULTILINE
)
