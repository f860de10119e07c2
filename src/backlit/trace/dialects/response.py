"""Response files: arguments that a program reads from a file named ``@file``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD: Final = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+""", re.DOTALL)
_PIECE: Final = re.compile(r"""\\(.)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'""", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


def split(content: str) -> tuple[str, ...]:
    """Give the words of a response file, as GNU tools read one (``buildargv`` of libiberty).

    Words are parted by white space; quotes of both kinds group; a backslash takes the next character as it is, inside
    quotes too. An open quote at the end is left out.
    """
    return tuple(_plain(found[0]) for found in _WORD.finditer(content))


def put_in_place(arguments: Sequence[str], contents: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Give the arguments with the words of each response file in place; `contents` are its index and content."""
    by_index = dict(contents)
    full: list[str] = []
    for index, argument in enumerate(arguments):
        full += split(by_index[index]) if index in by_index else (argument,)
    return tuple(full)


def _plain(word: str) -> str:
    if not set(word) & {'"', "'", "\\"}:
        return word
    return _PIECE.sub(lambda found: found[1] or _ESCAPE.sub(r"\1", found[2] or found[3] or ""), word)
