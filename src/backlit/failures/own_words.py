"""A project's build code: the message that it ends with, where that says that something is missing."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_LONGEST: Final = 60
"""How many lines of advice may follow a message."""

_ERROR: Final = re.compile(r"(?i)\W*(?:fatal )?error\b|.*!$")

_POINTS: Final = re.compile(
    r"(?i)\b(?:see|check|read|look at)\b[^.]{0,40}\b(?:above|previous)\b|errors? (?:message )?above"
    r"|No distribution was found\. Ensure that `setup\.py` is not empty"  # setuptools, of a setup.py that ended itself
)
"""What an exception says whose reason was printed before it."""

_LISTS: Final = re.compile(r"(?i).*\b(?:missing|not found|not installed|required|install)\b.*:")
_ITEM: Final = re.compile(r"\s+(?:[-*•+]|\d+[.)]) (?P<name>[A-Za-z][\w.+-]*)(?: .*)?")
"""A line of a list; what is in it may be explained behind."""


class OwnWords:
    """Messages that nobody but the project writes."""

    name = "own_words"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give the words of the end that may be the names of what is missing."""
        points = _POINTS.search(output.close()) is not None
        first = min(output.stopped, output.traceback if points else output.end) - _LONGEST
        for index in range(max(first, 0), output.stopped):
            line = output.lines[index]
            if index < output.end and ((output.raised and not points) or not _ERROR.match(line)):
                continue
            rest = output.lines[index : output.stopped]
            if alike := _alike(rest):
                said = f"{' '.join(line.split()[:_SAME])}: {', '.join(alike)}"
                yield Failure(Lack.WORDS, alike, "", said, index)
            elif listed := _list_below(rest):
                yield Failure(Lack.WORDS, listed, "", f"{line.strip()} {', '.join(listed)}", index)
            elif words := _words.in_sentence(line):
                yield Failure(Lack.WORDS, words, "", line.strip(), index, stops=False)


def _list_below(lines: Sequence[str]) -> tuple[str, ...]:
    """Give the items of the list that a line is the heading of, where it says that they are missing."""
    if not _LISTS.fullmatch(lines[0]):
        return ()
    items = takewhile(lambda found: found is not None, map(_ITEM.fullmatch, lines[1:]))
    return tuple(found["name"] for found in items if found is not None)


def _alike(lines: Sequence[str]) -> tuple[str, ...]:
    """Give what each of some lines names that begin alike, if these are the last: ``You are missing gmp``."""
    named = [_words.in_sentence(line)[:1] for line in lines if line.split()[:_SAME] == lines[0].split()[:_SAME]]
    return tuple(name for (name,) in named) if len(named) == len(lines) > 1 and all(named) else ()


_SAME: Final = 3
"""How many words they have in common."""


ADAPTER: Final[Family] = OwnWords()
