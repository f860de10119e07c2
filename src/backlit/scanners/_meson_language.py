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
    r"(?:[ \t\r\f]+|\\\n|\#[^\n]*)*(?:"
    r"(?P<line>\n)"
    r"|(?P<text>f?(?:'''[\s\S]*?'''|'(?:[^'\\\n]|\\[\s\S])*'))"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>0[xob][0-9a-fA-F]+|\d+)"
    r"|(?P<sign>\+=|==|!=|<=|>=|[-+*/%=<>?:,.()\[\]{}]))"
)

_DEEPEST: Final = 60
"""How far expressions and blocks stand in one another."""


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


_END: Final = _Token("end", "", 0)


class _Broken(Exception):  # noqa: N818 - not an error of ours
    """The text is no Meson from here on."""


def parse(text: str) -> tuple[Node, ...]:
    """Parse a file; what stands before the first thing that is no Meson, if there is such a thing."""
    parser = _Parser(tuple(_tokens(text)))
    with suppress(_Broken, RecursionError):
        parser.block(parser.top, (), 0)
    return tuple(parser.top)


def _tokens(text: str) -> Iterator[_Token]:
    """Give the tokens; line ends only where they end a statement, outside of brackets."""
    at, line, open_ = 0, 1, 0
    while found := _TOKEN.match(text, at):
        kind = found.lastgroup or ""
        word, start = found[kind], found.start(kind)
        if start > at:
            line += text.count("\n", at, start)  # a line that goes on
        at = found.end()
        if kind == "line":
            if not open_:
                yield _Token(kind, word, line)
            line += 1
            continue
        yield _Token(kind, word, line)
        if kind == "sign":
            open_ = max(0, open_ + (word in "([{") - (word in ")]}"))
        elif kind == "text":
            line += word.count("\n")
    yield _END


class _Parser:
    """Reads tokens one after the other."""

    def __init__(self, tokens: tuple[_Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self.top: list[Node] = []

    # ------------------------------------------------------------ tokens

    def _take(self) -> _Token:
        token = self._tokens[self._at]
        self._at += token is not _END
        return token

    def _took(self, *texts: str) -> bool:
        # A text is a token with its quotes, so it is never taken for a sign or a name.
        if self._tokens[self._at].text not in texts:
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
            while self._tokens[self._at].kind == "line":
                self._at += 1
            token = self._tokens[self._at]
            if token.kind == "end" or (token.kind == "name" and token.text in ends):
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
        token = self._tokens[self._at]
        if token.kind == "text" and depth < _DEEPEST and self._tokens[self._at + 1].text in _AFTER:
            self._at += 1  # most are nothing but a text
            return _text(token.text)
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
        text = self._tokens[self._at].text
        if text in _LEVELS:
            return text, _LEVELS[text], 1
        if text == "not" and self._tokens[self._at + 1].text == "in":
            return "not in", _LEVELS["in"], 2
        return None

    def _unary(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise _Broken
        if self._took("not"):
            return Operation("not", (self._unary(depth + 1),))
        if self._took("-"):
            return Operation("-", (self._unary(depth + 1),))
        return self._postfix(self._primary(depth), depth)

    def _postfix(self, value: Node, depth: int) -> Node:
        while True:
            line = self._tokens[self._at].line
            if self._took("."):
                name = self._take().text
                self._must("(")
                value = self._call(name, line, value, depth)
            elif self._took("["):
                value = Index(value, self._expression(depth + 1))
                self._must("]")
            else:
                return value

    def _primary(self, depth: int) -> Node:
        token = self._take()
        if token.kind == "text":
            return _text(token.text)
        if token.kind == "number":
            return Other(int(token.text, 0) if token.text[:1] != "0" else 0)
        if token.kind == "name":
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
