"""Rules of make, as compilers write them: the headers that each object was made of."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """One ``targets: prerequisites``."""

    targets: tuple[str, ...]
    """Names before the colon, in order."""
    prerequisites: tuple[str, ...]
    """Names after it, in order, may repeat."""


def parse(text: str) -> tuple[Rule, ...]:
    r"""Give the rules that have prerequisites, in order. What is no rule is passed over.

    gcc writes a space in a name as ``\ ``, ``#`` as ``\#`` and ``$`` as ``$$``; names as it wrote them may be relative
    to its folder.
    """
    rules: list[Rule] = []
    text = text.replace("\\\r\n", " ") if "\r" in text else text
    for line in text.replace("\\\n", " ").split("\n"):
        before, colon, after = _cut(line)
        if colon and (prerequisites := _words(after)):
            rules.append(Rule(_words(before), prerequisites))
    return tuple(rules)


_COLON: Final = re.compile(r":(?=\s|$)")
_WORD: Final = re.compile(r"(?:\\[ #:]|\$\$|\S)+")
_ESCAPE: Final = re.compile(r"\\([ #:])|\$(\$)")


def _cut(line: str) -> tuple[str, bool, str]:
    found = _COLON.search(line)
    return (line[: found.start()], True, line[found.end() :]) if found else (line, False, "")


def _words(text: str) -> tuple[str, ...]:
    if "\\" not in text and "$" not in text:
        return tuple(text.split())
    return tuple(
        _ESCAPE.sub(lambda found: found[1] or found[2], word) if "\\" in word or "$" in word else word
        for word in _WORD.findall(text)
    )
