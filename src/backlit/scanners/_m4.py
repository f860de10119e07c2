"""Calls of macros in ``configure.ac``, as m4 reads them: arguments apart, one level of quotes taken off."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Argument(NamedTuple):
    """One argument."""

    text: str
    """Without the brackets that quote it."""
    at: int
    """Where it begins in the file."""


_COMMENT: Final = re.compile(r"\bdnl\b[^\n]*|(?<![\w$\\[({\"'])#[^\n]*")

_MARK: Final = re.compile(r"[\[\](),]")

LONGEST: Final = 400_000
"""What is beyond is not read, in characters."""


def without_comments(text: str) -> str:
    """Give a text with its comments blanked, all else at its place."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), text[:LONGEST])


def arguments(text: str, at: int, end: int) -> tuple[tuple[Argument, ...], int]:
    """Give the arguments of a call whose ``(`` stands right before `at`, and where the call ends."""
    found: list[Argument] = []
    start, quotes, brackets = at, 0, 0
    for mark in _MARK.finditer(text, at, end):
        sign = mark[0]
        if sign in "[]":
            quotes = max(0, quotes + (1 if sign == "[" else -1))
        elif quotes:
            continue
        elif sign == "(":
            brackets += 1
        elif sign == ")" and brackets:
            brackets -= 1
        elif sign == ")" or not brackets:
            found.append(_unquoted(text, start, mark.start()))
            start = mark.end()
            if sign == ")":
                return tuple(found), mark.end()
    found.append(_unquoted(text, start, end))
    return tuple(found), end


def _unquoted(text: str, start: int, end: int) -> Argument:
    raw = text[start:end]
    inner = raw.strip()
    at = start + len(raw) - len(raw.lstrip())
    if inner.startswith("[") and inner.endswith("]"):
        return Argument(inner[1:-1], at + 1)
    return Argument(inner, at)
