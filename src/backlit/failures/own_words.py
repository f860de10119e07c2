"""A project's build code: the message that it ends with, where that says that something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words

if TYPE_CHECKING:
    from collections.abc import Iterator


class OwnWords:
    """Messages that nobody but the project writes."""

    name = "own_words"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give the words of the end that may be the names of what is missing."""
        for index in range(output.end, output.stopped):
            if words := _words.in_sentence(output.lines[index]):
                yield Failure(Lack.WORDS, words, "", output.lines[index].strip(), index, stops=False)


ADAPTER: Final[Family] = OwnWords()
