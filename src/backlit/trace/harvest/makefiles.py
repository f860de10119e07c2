"""What make ran for CMake: ``CMakeFiles/<target>.dir`` of a build folder with the generator ``Unix Makefiles``.

``build.make`` has each compiler command, with variables from ``flags.make``; ``link.txt`` has the links. Only what was
made, and is still there, counts.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace import makefile
from backlit.trace.harvest import shell

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT: Final = 64 << 20
"""Bytes of one file, at most."""


class Made(NamedTuple):
    """One command that make ran."""

    cwd: str
    """Absolute path of the folder it ran in."""
    words: tuple[str, ...]
    """Program and arguments."""
    headers: tuple[str, ...]
    """What the compiler opened, absolute, the source among them; empty if not known."""
    outputs: tuple[str, ...]
    """What it made, absolute."""


def read(folder: str) -> tuple[tuple[Made, ...], tuple[str, ...]]:
    """Give the commands of every target of a build folder, and a sentence for each file that cannot be read."""
    made: list[Made] = []
    faults: list[str] = []
    for target in sorted(Path(folder).rglob("CMakeFiles/*.dir")):
        try:
            if (target / "build.make").is_file():
                made += _compiled(target)
                made += _linked(target)
        except OSError as error:
            faults.append(f"{target.name}: {error.strerror}")
        except ValueError as error:
            faults.append(f"{target.name}: {error}")
    return tuple(made), tuple(faults)


_DEFINITION: Final = re.compile(r"^([A-Za-z0-9_]+) = ?(.*)$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\$\(([A-Za-z0-9_]+)\)")


def _compiled(target: Path) -> Iterator[Made]:
    flags = {name: value.replace("\\#", "#") for name, value in _DEFINITION.findall(_text(target / "flags.make"))}
    home = target.parent.parent
    for line in _text(target / "build.make").split("\n"):
        if line.startswith("\t") and " -c " in line and "_FLAGS)" in line:
            full = _VARIABLE.sub(lambda found: flags.get(found[1], found[0]), line[1:]).replace("$$", "$")
            for cwd, words in shell.commands(full.lstrip("@"), str(home)):
                yield from _command(cwd, words, headers=True)


def _linked(target: Path) -> Iterator[Made]:
    link = target / "link.txt"
    if not link.is_file():
        return
    for line in _text(link).split("\n"):
        for cwd, words in shell.commands(line, str(target.parent.parent)):
            yield from _command(cwd, _with_responses(cwd, words), headers=False)


def _command(cwd: str, words: tuple[str, ...], *, headers: bool) -> Iterator[Made]:
    output = next((after for word, after in pairwise(words) if word == "-o"), "")
    path = os.path.normpath(os.path.join(cwd, output))  # noqa: PTH118 - as the file gave it
    if output and not os.path.exists(path):  # noqa: PTH110 - likewise
        return
    opened = _headers(cwd, words) if headers else ()
    yield Made(cwd, words, opened, (path,) if output else ())


def _headers(cwd: str, words: tuple[str, ...]) -> tuple[str, ...]:
    name = next((after for word, after in pairwise(words) if word == "-MF"), "")
    path = Path(cwd, name)
    if not name or not path.is_file():
        return ()
    rules = makefile.parse(_text(path))
    return tuple(os.path.normpath(os.path.join(cwd, header)) for rule in rules for header in rule.prerequisites)  # noqa: PTH118


def _with_responses(cwd: str, words: tuple[str, ...]) -> tuple[str, ...]:
    full: list[str] = []
    for word in words:
        path = Path(cwd, word[1:])
        if word.startswith("@") and path.is_file():
            full += [each for _, command in shell.commands(_text(path), cwd) for each in command]
        else:
            full.append(word)
    return tuple(full)


def _text(path: Path) -> str:
    if path.stat().st_size > LIMIT:
        raise ValueError(f"longer than {LIMIT} bytes")
    return os.fsdecode(path.read_bytes())
