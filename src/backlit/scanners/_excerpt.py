"""What of a large Python source may open a library: most of it was made by a program, and binds functions."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STATEMENT: Final = re.compile(r"\n(?!else\b|elif\b|except\b|finally\b)(?=[A-Za-z_@])")
"""Sought by its line feed, for to try each line takes longer."""

_MARKS: Final = (re.compile(r"\.(?:so|dll|dylib)\b"), re.compile("user_options"))
"""A library's file; and options that a command has, for by these somebody may choose what is opened."""

_QUOTES: Final = ('"' * 3, "'" * 3)


def of(text: str, telling: Sequence[re.Pattern[str]]) -> str:
    """Give a source without what binds others: functions and classes that open nothing, statements without a text.

    Each line stays where it was. What is left may be no source, where something is not what it looks like.
    """
    text = "".join(_without_long_texts(text))
    marks = sorted(found.start() for form in (*telling, *_MARKS) for found in form.finditer(text))
    starts = [0, *(found.end() for found in _STATEMENT.finditer(text)), len(text)]
    parts: list[str] = []
    first: int | None = None
    for start, end in pairwise(starts):
        first = start if first is None else first
        if not text.startswith("@", start):  # a decorator belongs to what it stands before
            tells = _may_tell(text, first, end, marks)
            parts.append(text[first:end] if tells else "\n" * text.count("\n", first, end))
            first = None
    return "".join(parts)


def _without_long_texts(text: str) -> Iterator[str]:
    """Give a source in pieces, without the texts over several lines: where libraries are opened, they document."""
    at = 0
    following = {quotes: text.find(quotes) for quotes in _QUOTES}
    while found := [(start, quotes) for quotes, start in following.items() if start >= 0]:
        start, quotes = min(found)
        end = text.find(quotes, start + 3)
        if end < 0:
            break
        yield text[at : start + 3] + "\n" * text.count("\n", start, end)
        yield quotes
        at = end + 3
        following = {mark: text.find(mark, at) if 0 <= first < at else first for mark, first in following.items()}
    yield text[at:]


def _may_tell(text: str, start: int, end: int, marks: Sequence[int]) -> bool:
    if text.startswith(("def ", "class ", "async ", "@"), start):
        return bisect_left(marks, start) < bisect_left(marks, end)
    is_text = text.find('"', start, end) >= 0 or text.find("'", start, end) >= 0
    return is_text or text.startswith(_FOLLOWED_BY_MORE, start)


_FOLLOWED_BY_MORE: Final = ("import ", "from ", "if ", "try:", "for ", "while ", "with ")
