r"""Stand-ins for the parts of a gcc for another machine, which add an argument and become the real part.

gcc looks for ``cc1``, ``as`` and its other parts in the folders of ``COMPILER_PATH`` first, below them in
``<machine>/<version>``: a compiler for this machine finds none of ours. Another compiler of the same machine and
version may come by, one that was not on ``PATH``; gcc tells by ``COLLECT_GCC`` which one it is, and that one is then
asked.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.shell import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VARIABLE: Final = "COMPILER_PATH"
"""Where gcc looks for its parts before its own folders; read by gcc alone, for any machine."""

_PARTS: Final = {
    **dict.fromkeys(("cc1", "cc1plus", "cc1obj", "f951", "lto1"), "-ffile-prefix-map={}"),
    "as": "--debug-prefix-map={}",
}
"""Parts that write paths, and what tells them another one."""


class Compiler(NamedTuple):
    """A gcc for another machine."""

    programs: tuple[str, ...]
    """Absolute paths of its drivers."""
    place: str
    """``<machine>/<version>``, as its folders are named."""
    folders: tuple[str, ...]
    """Where it looks for its parts, in its order."""


def texts(compilers: Iterable[Compiler], mapped: str, before: str | None) -> Iterator[tuple[str, str]]:
    """Give place and text of each stand-in, ``<machine>/<version>/cc1``; `mapped` is ``<folder>=<other folder>``.

    `before` is what the variable was without us.
    """
    real: dict[tuple[str, str], list[tuple[Compiler, str]]] = {}
    for compiler in compilers:
        for part in _PARTS:
            paths = (f"{folder.rstrip('/')}/{part}" for folder in compiler.folders)
            path = next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), None)  # noqa: PTH113
            if path is not None:
                real.setdefault((compiler.place, part), []).append((compiler, path))
    for (place, part), known in real.items():
        yield f"{place}/{part}", _text(part, known, _PARTS[part].format(mapped), before)


def folders_in(answer: str) -> tuple[str, ...]:
    """Give the folders where a gcc looks for its parts, from its answer to ``-print-search-dirs``."""
    found = re.search(r"^programs: =?(.*)$", answer, re.MULTILINE)
    return tuple(found[1].split(os.pathsep)) if found else ()


def _text(part: str, known: list[tuple[Compiler, str]], argument: str, before: str | None) -> str:
    cases = ""
    for compiler, path in known:
        names = {name for program in compiler.programs for name in _names(program)}
        cases += f"{'|'.join(map(quoted, sorted(names)))}) _backlit_r={quoted(path)} ;;\n"
    without = f"{VARIABLE}={quoted(before)}" if before is not None else f"-u {VARIABLE}"
    return f"""\
#!/bin/sh
# Made by backlit for one build: adds an argument, then becomes the compiler's own {part}.
case ${{COLLECT_GCC-}} in
{cases}*) _backlit_r=$(env {without} "$COLLECT_GCC" -print-prog-name={part}) ;;
esac
exec "$_backlit_r" "$@" {quoted(argument)}
"""


def _names(program: str) -> tuple[str, ...]:
    """Give what gcc may call itself: by the path it was started by, by what that is a link to, by its name alone."""
    return program, os.path.realpath(program), os.path.basename(program)  # noqa: PTH119 - a path as it was found
