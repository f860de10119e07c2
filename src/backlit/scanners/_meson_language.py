"""The language of ``meson.build``, parsed: statements and expressions as the reference manual's grammar has them.

Formats: the Meson reference manual, "Syntax" and its grammar. What is no Meson is read as far as it goes.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Text(NamedTuple):
    """A string; with ``@name@`` in it where it is formatted."""

    value: str
    formatted: bool = False


class Other(NamedTuple):
    """A number, ``true`` or ``false``."""

    value: bool | int


class Name(NamedTuple):
    """A variable."""

    name: str


class Items(NamedTuple):
    """An array."""

    items: tuple[Node, ...]


class Table(NamedTuple):
    """A dictionary."""

    pairs: tuple[tuple[Node, Node], ...]


class Call(NamedTuple):
    """A call of a function, or of a method of `of`."""

    name: str
    arguments: tuple[Node, ...]
    words: tuple[tuple[str, Node], ...]
    line: int
    of: Node | None = None

    def word(self, name: str) -> Node | None:
        """Give a keyword argument; None if it is not there."""
        return next((value for key, value in self.words if key == name), None)


class Index(NamedTuple):
    """A part of an array or a dictionary."""

    of: Node
    key: Node


class Operation(NamedTuple):
    """An operator with its one or two sides, or ``? :`` with its three."""

    operator: str
    sides: tuple[Node, ...]


class Assign(NamedTuple):
    """``name = value`` or ``name += value``."""

    name: str
    value: Node


class Loop(NamedTuple):
    """``foreach``."""

    names: tuple[str, ...]
    over: Node
    body: tuple[Node, ...]


class Choice(NamedTuple):
    """``if`` with all its branches; the test of ``else`` is None."""

    branches: tuple[tuple[Node | None, tuple[Node, ...]], ...]


Node = Text | Other | Name | Items | Table | Call | Index | Operation | Assign | Loop | Choice
"""Anything of a parsed file."""

_TOKEN: Final = re.compile(
    r"(?>(?:[ \t\r\f]+|\#[^\n]*)*)("
    r"\n|\\\n"
    r"|f?(?:'''[\s\S]*?'''|'(?:[^'\\\n]|\\[\s\S])*')"
    r"|[A-Za-z_]\w*"
    r"|0[xob][0-9a-fA-F]+|[0-9]+"
    r"|\+=|==|!=|<=|>=|[\s\S]|\Z)"
)
"""A token and what is passed before it: any character, where nothing else is there, and nothing at the end."""

_LINE, _GOES_ON, _TEXT, _NAME, _NUMBER, _SIGN, _NO_TOKEN = range(7)

_KINDS: Final = {
    "\n": _LINE,
    "\\": _GOES_ON,
    "'": _TEXT,
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", _NAME),
    **dict.fromkeys("0123456789", _NUMBER),
    **dict.fromkeys("+-*/%=<>!?:,.()[]{}", _SIGN),
}
"""What a token is, by its first character."""

_DEEPEST: Final = 60
"""How far expressions and blocks stand in one another."""


class _Token(NamedTuple):
    kind: int
    text: str
    line: int


class _Broken(Exception):  # noqa: N818 - not an error of ours
    """The text is no Meson from here on."""


def parse(text: str) -> tuple[Node, ...]:
    """Parse a file; what stands before the first thing that is no Meson, if there is such a thing."""
    parser = _Parser(text)
    with suppress(_Broken, RecursionError):
        parser.block(parser.top, (), 0)
    return tuple(parser.top)


class _Parser:
    """Reads tokens one after the other."""

    def __init__(self, text: str) -> None:
        # Three lists rather than one of tokens: most are asked for one thing, and there are tens of thousands.
        self._kinds: list[int] = []
        self._texts: list[str] = []
        self._lines: list[int] = []
        self._at = 0
        self.top: list[Node] = []
        self._split(text)

    # ------------------------------------------------------------ tokens

    def _split(self, text: str) -> None:
        """Split into tokens, with line ends only where they end a statement, outside of brackets; last is an end."""
        line, open_ = 1, 0
        for word in _TOKEN.findall(text):
            kind = _kind_of(word)
            if kind == _NO_TOKEN:
                break
            if kind == _GOES_ON or (kind == _LINE and open_):
                line += 1
                continue
            self._kinds.append(kind)
            self._texts.append(word)
            self._lines.append(line)
            if kind == _SIGN:
                open_ = max(0, open_ + _DEPTHS.get(word, 0))
            elif kind == _LINE:
                line += 1
            elif kind == _TEXT:
                line += word.count("\n")
        self._kinds.append(_NO_TOKEN)
        self._texts.append("")
        self._lines.append(0)

    def _take(self) -> _Token:
        at = self._at
        token = _Token(self._kinds[at], self._texts[at], self._lines[at])
        self._at += token.kind != _NO_TOKEN
        return token

    def _took(self, *texts: str) -> bool:
        # A text is a token with its quotes, so it is never taken for a sign or a name.
        if self._texts[self._at] not in texts:
            return False
        self._at += 1
        return True

    def _must(self, text: str) -> None:
        if not self._took(text):
            raise _Broken

    # ------------------------------------------------------------ statements

    def block(self, into: list[Node], ends: tuple[str, ...], depth: int) -> None:
        """Read statements up to one of the words that end the block."""
        while True:
            while self._kinds[self._at] == _LINE:
                self._at += 1
            kind = self._kinds[self._at]
            if kind == _NO_TOKEN or (kind == _NAME and self._texts[self._at] in ends):
                return
            into.append(self._statement(depth + 1))

    def _inner(self, ends: tuple[str, ...], depth: int) -> tuple[Node, ...]:
        body: list[Node] = []
        self.block(body, ends, depth)
        return tuple(body)

    def _statement(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise _Broken
        if self._took("if"):
            return self._choice(depth)
        if self._took("foreach"):
            return self._loop(depth)
        value = self._expression(depth)
        if isinstance(value, Name) and self._took("=", "+="):
            return Assign(value.name, self._expression(depth))
        return value

    def _choice(self, depth: int) -> Choice:
        branches: list[tuple[Node | None, tuple[Node, ...]]] = []
        test: Node | None = self._expression(depth)
        while True:
            branches.append((test, self._inner(("elif", "else", "endif"), depth)))
            if self._took("elif"):
                test = self._expression(depth)
            elif self._took("else"):
                test = None
            else:
                self._took("endif")
                return Choice(tuple(branches))

    def _loop(self, depth: int) -> Loop:
        names = [self._take().text]
        while self._took(","):
            names.append(self._take().text)
        self._must(":")
        over = self._expression(depth)
        body = self._inner(("endforeach",), depth)
        self._took("endforeach")
        return Loop(tuple(names), over, body)

    # ------------------------------------------------------------ expressions

    def _expression(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise _Broken
        if self._kinds[self._at] == _TEXT and depth < _DEEPEST and self._texts[self._at + 1] in _AFTER:
            self._at += 1  # most are nothing but a text
            return _text(self._texts[self._at - 1])
        test = self._binary(0, depth + 1)
        if not self._took("?"):
            return test
        yes = self._expression(depth + 1)
        self._must(":")
        return Operation("?", (test, yes, self._expression(depth + 1)))

    def _binary(self, level: int, depth: int) -> Node:
        """Read operations that bind as tightly as a level's, or more."""
        left = self._unary(depth)
        while (found := self._operator()) and found[1] >= level:
            self._at += found[2]
            left = Operation(found[0], (left, self._binary(found[1] + 1, depth)))
        return left

    def _operator(self) -> tuple[str, int, int] | None:
        """Give the operator that is next, how tightly it binds, and how many words it has; None if none is."""
        text = self._texts[self._at]
        if text in _LEVELS:
            return text, _LEVELS[text], 1
        if text == "not" and self._texts[self._at + 1] == "in":
            return "not in", _LEVELS["in"], 2
        return None

    def _unary(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise _Broken
        text = self._texts[self._at]
        if text in {"not", "-"}:
            self._at += 1
            return Operation(text, (self._unary(depth + 1),))
        return self._postfix(self._primary(depth), depth)

    def _postfix(self, value: Node, depth: int) -> Node:
        while True:
            text = self._texts[self._at]
            if text == ".":
                line = self._lines[self._at]
                self._at += 1
                name = self._take().text
                self._must("(")
                value = self._call(name, line, value, depth)
            elif text == "[":
                self._at += 1
                value = Index(value, self._expression(depth + 1))
                self._must("]")
            else:
                return value

    def _primary(self, depth: int) -> Node:
        token = self._take()
        if token.kind == _TEXT:
            return _text(token.text)
        if token.kind == _NUMBER:
            return Other(int(token.text, 0) if token.text[:1] != "0" else 0)
        if token.kind == _NAME:
            return self._word(token, depth)
        return self._bracketed(token.text, depth)

    def _word(self, token: _Token, depth: int) -> Node:
        if token.text in {"true", "false"}:
            return Other(token.text == "true")
        return self._call(token.text, token.line, None, depth) if self._took("(") else Name(token.text)

    def _bracketed(self, mark: str, depth: int) -> Node:
        if mark == "[":
            return Items(tuple(value for key, value in self._listed("]", depth) if key is None))
        if mark == "{":
            return Table(tuple((key, value) for key, value in self._listed("}", depth) if key is not None))
        if mark != "(":
            raise _Broken
        value = self._expression(depth + 1)
        self._must(")")
        return value

    def _call(self, name: str, line: int, of: Node | None, depth: int) -> Call:
        listed = list(self._listed(")", depth))
        arguments = tuple(value for key, value in listed if key is None)
        words = tuple((key.name, value) for key, value in listed if isinstance(key, Name))
        return Call(name, arguments, words, line, of)

    def _listed(self, end: str, depth: int) -> Iterator[tuple[Node | None, Node]]:
        """Read values, or keys with values, up to a closing bracket."""
        while not self._took(end):
            value = self._expression(depth + 1)
            if self._took(":"):
                yield value, self._expression(depth + 1)
            else:
                yield None, value
            if not self._took(","):
                self._must(end)
                return


def _kind_of(word: str) -> int:
    """Tell what a token is; what is none ends the file."""
    kind = _KINDS.get(word[:1], _NO_TOKEN)
    if kind == _NAME:
        return _TEXT if word[-1] == "'" else kind
    if (kind == _TEXT and len(word) == 1) or (word in {"!", "\\"}):
        return _NO_TOKEN
    return kind


_DEPTHS: Final = dict.fromkeys("([{", 1) | dict.fromkeys(")]}", -1)
"""How brackets change how many are open."""

_AFTER: Final = frozenset({",", ")", "]"})
"""What stands behind an expression that is one of several."""

_LEVELS: Final = {
    operator: level
    for level, operators in enumerate(("or", "and", "== != < <= > >= in", "+ -", "* / %"))
    for operator in operators.split()
}
"""How tightly operators bind."""


def _text(word: str) -> Text:
    formatted = word.startswith("f")
    word = word[formatted:]
    if word.startswith("'''"):
        return Text(word[3:-3], formatted)
    inner = word[1:-1]
    return Text(re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if "\\" in inner else inner, formatted)
