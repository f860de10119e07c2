"""A project's build code: the message that it ends with, where that says that something is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words

if TYPE_CHECKING:
    from collections.abc import Iterator


_LONGEST: Final = 60
"""How many lines of advice may follow a message."""

_ERROR: Final = re.compile(r"(?i)\W*(?:fatal )?error\b|.*!$")

_POINTS: Final = re.compile(
    r"(?i)\b(?:see|check|read|look at)\b[^.]{0,40}\b(?:above|previous)\b|errors? (?:message )?above"
)
"""What an exception says whose reason was printed before it."""


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
            if words := _words.in_sentence(line):
                yield Failure(Lack.WORDS, words, "", output.lines[index].strip(), index, stops=False)


ADAPTER: Final[Family] = OwnWords()
