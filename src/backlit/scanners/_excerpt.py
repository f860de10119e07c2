"""What of a large Python source may open a library: most of it was made by a program, and binds functions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATEMENT: Final = re.compile(r"^(?!else\b|elif\b|except\b|finally\b)[A-Za-z_@]", re.MULTILINE)

_LONG_TEXT: Final = re.compile(r"(\"{3}|'{3})[\s\S]*?\1")
"""A text over several lines: where libraries are opened, it is documentation."""

_FILE: Final = re.compile(r"\.(?:so|dll|dylib)\b")


def of(text: str, telling: Sequence[re.Pattern[bytes]]) -> str:
    """Give a source without what binds others: functions and classes that open nothing, statements without a text.

    Each line stays where it was. What is left may be no source, where something is not what it looks like.
    """
    text = _LONG_TEXT.sub(lambda found: found[1] + "\n" * found[0].count("\n") + found[1], text)
    starts = [0, *(found.start() for found in _STATEMENT.finditer(text)), len(text)]
    parts: list[str] = []
    decorated = ""
    for start, end in pairwise(starts):
        part = decorated + text[start:end]
        decorated = part if text.startswith("@", start) else ""
        if not decorated:
            parts.append(part if _may_tell(part, telling) else "\n" * part.count("\n"))
    return "".join(parts)


def _may_tell(statement: str, telling: Sequence[re.Pattern[bytes]]) -> bool:
    if statement.startswith(("def ", "class ", "async ", "@")):
        data = statement.encode("utf-8", "replace")
        return any(form.search(data) for form in telling) or _FILE.search(statement) is not None
    return '"' in statement or "'" in statement or statement.startswith(_FOLLOWED_BY_MORE)


_FOLLOWED_BY_MORE: Final = ("import ", "from ", "if ", "try:", "for ", "while ", "with ")
