"""What of a large Python source may open a library: most of it was made by a program, and binds functions."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STATEMENTS: Final = r"\n(?=%s(?!else\b|elif\b|except\b|finally\b)[A-Za-z_@])"
"""The line feed before a statement that is indented so, for to try each line takes longer."""

_MEMBER: Final = re.compile(r":[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]+)(?=[A-Za-z_@'\"])")
"""The first statement of a class, behind the line that ends its head."""

_MARKS: Final = (
    re.compile(r"\.(?:so|dll|dylib)\b"),
    re.compile("user_options"),
    re.compile(r"return ?[rf]?['\"]"),
    re.compile(r"self\.\w+ ?= ?[rf]?['\"]"),
)
"""A library's file; options that a command has, for by these somebody may choose what is opened; and where a function
gives a text on."""

_DEEPEST: Final = 40
"""What is indented further, in characters, is kept as it is."""

_QUOTES: Final = ('"' * 3, "'" * 3)


def of(text: str, telling: Sequence[re.Pattern[str]]) -> str:
    """Give a source without what binds others: functions, methods, classes that open nothing, statements without text.

    Each line stays where it was. What is left may be no source, where something is not what it looks like.
    """
    text = "".join(_without_long_texts(text))
    marks = sorted(found.start() for form in (*telling, *_MARKS) for found in form.finditer(text))
    return "".join(_telling_parts(text, range(len(text)), "", marks))


def _telling_parts(text: str, block: range, indent: str, marks: Sequence[int]) -> Iterator[str]:
    """Give what may tell of the statements of a block, which are indented so, and the line feeds of the rest."""
    starts = (found.end() for found in _statements(indent).finditer(text, block.start, block.stop))
    first: int | None = None
    for start, end in pairwise((block.start, *starts, block.stop)):
        first = start if first is None else first
        if text.startswith("@", start + len(indent)):  # a decorator belongs to what it stands before
            continue
        whole = range(first, end)
        member = _MEMBER.search(text, start, end) if text.startswith("class ", start + len(indent)) else None
        if not _may_tell(text, whole, indent, marks):
            yield "\n" * text.count("\n", first, end)
        elif member is None or not len(indent) < len(member[1]) <= _DEEPEST:
            yield text[first:end]
        else:
            yield text[first : member.start(1)]
            yield from _telling_parts(text, range(member.start(1), end), member[1], marks)
        first = None


@lru_cache(maxsize=64)
def _statements(indent: str) -> re.Pattern[str]:
    return re.compile(_STATEMENTS % indent)


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


def _may_tell(text: str, statement: range, indent: str, marks: Sequence[int]) -> bool:
    start, end = statement.start + len(indent), statement.stop
    marked = bisect_left(marks, start) < bisect_left(marks, end)
    if marked or text.startswith(("def ", "class ", "async ", "@"), start):
        return marked
    is_text = text.find('"', start, end) >= 0 or text.find("'", start, end) >= 0
    return is_text or text.startswith(_FOLLOWED_BY_MORE, start)


_FOLLOWED_BY_MORE: Final = ("import ", "from ", "if ", "try:", "for ", "while ", "with ")
