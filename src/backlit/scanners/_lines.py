"""The lines of a text that have one of some words: an expression that is tried on these alone need not be quick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AnyStr, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_FEEDS: Final[dict[type, Any]] = {str: "\n", bytes: b"\n"}


def lines_with(text: AnyStr, words: Sequence[AnyStr]) -> Iterator[tuple[int, int]]:
    """Give where lines begin and end that have one of some words, in the order of the text; without line feeds."""
    feed: AnyStr = _FEEDS[type(text)]
    found: dict[int, int] = {}
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = text.find(feed, at)
            end = end if end >= 0 else len(text)
            found[text.rfind(feed, 0, at) + 1] = end
            at = text.find(word, end)
    yield from sorted(found.items())
