"""What ``.gitignore`` files leave out, decided as git decides it. Runs no git.

Follows ``dir.c`` and ``wildmatch.c`` of git (https://git-scm.com/docs/gitignore). Names are matched as bytes, as there:
``?`` is one byte. Case matters, as where ``core.ignoreCase`` is off.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SPECIAL: Final = re.compile(rb"[*?\[\\]")


class Rule(NamedTuple):
    """One pattern."""

    negated: bool
    """True if it takes back what an earlier pattern left out."""
    folders_only: bool
    """True if it leaves out folders only."""
    by_name: bool
    """True if it speaks of the last part of a path, False if of the path from the file's folder on."""
    literal: bytes | None
    """The name or path itself, where the pattern has no wildcard."""
    ending: bytes | None
    """The end of the name, where the pattern is a name that starts with ``*`` and has no other wildcard."""
    expression: re.Pattern[bytes] | None
    """What to match otherwise; None if nothing can match, as for an open bracket."""

    def speaks_of(self, path: bytes, *, is_folder: bool) -> bool:
        """Tell whether the pattern matches `path`, which is relative to the folder of its file."""
        if self.folders_only and not is_folder:
            return False
        text = path.rpartition(b"/")[2] if self.by_name else path
        if self.literal is not None:
            return text == self.literal
        if self.ending is not None:
            return text.endswith(self.ending)
        return self.expression is not None and self.expression.fullmatch(text) is not None


def rules_in(text: bytes) -> tuple[Rule, ...]:
    """Give the patterns of a ``.gitignore`` file, in order."""
    lines = text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    patterns = (_trimmed(line.removesuffix(b"\r").partition(b"\0")[0]) for line in lines if not line.startswith(b"#"))
    return tuple(_rule(pattern) for pattern in patterns if pattern)


def verdict(rules: tuple[Rule, ...], path: bytes, *, is_folder: bool) -> bool | None:
    """Tell whether one file's patterns leave `path` out; None if none of them speaks of it. The last one decides."""
    for rule in reversed(rules):
        if rule.speaks_of(path, is_folder=is_folder):
            return not rule.negated
    return None


def _trimmed(line: bytes) -> bytes:
    """Take away the spaces at the end that no backslash protects; as ``trim_trailing_spaces`` does."""
    kept = at = 0
    while at < len(line):
        at += 2 if line[at : at + 1] == b"\\" else 1
        if line[at - 1 : at] != b" " or line[at - 2 : at - 1] == b"\\":
            kept = at
    # A line that ends with a lone backslash is left as it is.
    return line if at > len(line) else line[:kept]


def _rule(pattern: bytes) -> Rule:
    negated = pattern.startswith(b"!")
    body = pattern.removeprefix(b"!")
    folders_only = body.endswith(b"/")
    body = body.removesuffix(b"/")
    by_name = b"/" not in body
    body = body.removeprefix(b"/")
    special = _SPECIAL.search(body)
    literal = body if special is None else None
    ends = by_name and body.startswith(b"*") and _SPECIAL.search(body, 1) is None
    plain = literal is not None or ends
    return Rule(
        negated=negated,
        folders_only=folders_only,
        by_name=by_name,
        literal=literal,
        ending=body[1:] if ends else None,
        expression=None if plain else _Translation(body, cut=special.start() if special else 0).expression(),
    )


class _Unmatchable(Exception):  # noqa: N818 - an answer, not a fault
    """The pattern is broken and matches nothing."""


class _Translation:
    """A pattern of git's wildmatch on its way to an expression of :mod:`re`."""

    def __init__(self, pattern: bytes, *, cut: int) -> None:
        """`cut` is where the first wildcard stands: git compares what is before it apart from the rest."""
        self._pattern = pattern
        self._cut = cut
        self._at = cut

    def expression(self) -> re.Pattern[bytes] | None:
        out = [re.escape(self._pattern[: self._cut])]
        steps = {b"*": self._stars, b"?": self._one, b"[": self._bracket, b"\\": self._escaped}
        try:
            while (char := self._peek()) != b"":
                out.append(steps.get(char, self._plain)())
        except _Unmatchable:
            return None
        return re.compile(b"".join(out), re.DOTALL)

    def _peek(self, ahead: int = 0) -> bytes:
        return self._pattern[self._at + ahead : self._at + ahead + 1]

    def _take(self) -> bytes:
        char = self._peek()
        if char == b"":
            raise _Unmatchable
        self._at += 1
        return char

    def _plain(self) -> bytes:
        return re.escape(self._take())

    def _escaped(self) -> bytes:
        self._at += 1
        return self._plain()

    def _one(self) -> bytes:
        self._at += 1
        return b"[^/]"

    def _stars(self) -> bytes:
        start = self._at
        while self._peek() == b"*":
            self._at += 1
        # What stands before the cut is gone when git looks at the stars, so they count as first: such as ``a**/b``.
        opened = start == self._cut or self._pattern[start - 1 : start] == b"/"
        escaped = self._pattern.startswith(rb"\/", self._at)
        if self._at - start == 1 or not opened or not (escaped or self._peek() in {b"", b"/"}):
            return b"[^/]*"
        if escaped or self._peek() == b"":
            return b".*"
        self._at += 1
        return b"(?:.*/)?"

    def _bracket(self) -> bytes:
        """Translate a set of bytes; as the loop in ``dowild`` reads it, ``]`` and ``-`` in odd places included."""
        self._at += 1
        negated = self._peek() in {b"!", b"^"}
        self._at += negated
        members = self._members()
        inside = b"".join(rb"\x%02x" % byte for byte in sorted(members))
        if negated:
            return b"[^/" + inside + b"]"
        inside = b"".join(rb"\x%02x" % byte for byte in sorted(members - {ord("/")}))
        return b"[" + inside + b"]" if inside else b"(?!)"

    def _members(self) -> set[int]:
        members: set[int] = set()
        previous = b""
        while True:
            char = self._take()
            if char == b"\\":
                char = self._take()
                members.add(ord(char))
            elif char == b"-" and previous and self._peek() not in {b"", b"]"}:
                end = self._take()
                end = self._take() if end == b"\\" else end
                members.update(range(ord(previous), ord(end) + 1))
                char = b""
            elif char == b"[" and self._peek() == b":" and (named := self._class()) is not None:
                members |= named
                char = b""
            else:
                members.add(ord(char))
            previous = char
            if self._peek() == b"]":
                self._at += 1
                return members

    def _class(self) -> set[int] | None:
        """Read ``:alpha:]`` after its bracket; None if no colon closes it, and nothing is taken then."""
        end = self._pattern.find(b"]", self._at + 1)
        if end < 0:
            raise _Unmatchable
        if end == self._at + 1 or self._pattern[end - 1 : end] != b":":
            return None
        name = self._pattern[self._at + 1 : end - 1]
        if name not in _CLASSES:
            raise _Unmatchable
        self._at = end + 1
        return {byte for byte in range(128) if re.fullmatch(_CLASSES[name], bytes([byte]))}


_CLASSES: Final = {
    b"alnum": rb"[0-9A-Za-z]",
    b"alpha": rb"[A-Za-z]",
    b"blank": rb"[ \t]",
    b"cntrl": rb"[\x00-\x1f\x7f]",
    b"digit": rb"[0-9]",
    b"graph": rb"[!-~]",
    b"lower": rb"[a-z]",
    b"print": rb"[ -~]",
    b"punct": rb"[!-/:-@\[-`{-~]",
    b"space": rb"[ \t\n\r]",
    b"upper": rb"[A-Z]",
    b"xdigit": rb"[0-9A-Fa-f]",
}
"""As git's own ``ctype.c`` has them: its ``isspace`` knows neither form feed nor vertical tab."""
