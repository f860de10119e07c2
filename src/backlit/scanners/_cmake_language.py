"""The language of CMake, parsed: commands with their arguments, in the blocks that conditions and loops make.

Formats: the manual page cmake-language(7). What is no CMake is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Argument(NamedTuple):
    """One argument of a command; brackets within arguments stand for themselves."""

    text: str
    """As written, escapes resolved, variables not."""
    quoted: bool = False
    """Whether it stands in quotes: then it is one text, whatever its variables hold."""
    literal: bool = False
    """Whether it stands in ``[[ ]]``: then it holds no variables."""


class Command(NamedTuple):
    """One call of a command."""

    name: str
    """In lower case."""
    arguments: tuple[Argument, ...]
    line: int


class Choice(NamedTuple):
    """``if`` with all its branches; the test of ``else`` is empty."""

    branches: tuple[tuple[tuple[Argument, ...], tuple[Node, ...]], ...]


class Block(NamedTuple):
    """``foreach``, ``while``, ``function``, ``macro`` or ``block`` with what stands in it."""

    head: Command
    body: tuple[Node, ...]


Node = Command | Choice | Block
"""Anything of a parsed file."""

_OUTSIDE: Final = re.compile(r"[ \t\r\n]+|(?P<bracket>#\[=*\[)|#[^\n]*|(?P<name>[A-Za-z_]\w*)[ \t]*\(|[^\n]")

_INSIDE: Final = re.compile(
    r"(?P<space>[ \t\r\n;]+)"
    r"|(?P<bracket>#?\[=*\[)"
    r"|(?P<comment>\#[^\n]*)"
    r'|"(?P<quoted>(?:[^"\\]|\\[\s\S])*)"'
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<plain>(?:[^\s()#\"\\;]|\\[\s\S])(?:[^\s()#\"\\;]|\\[\s\S]|\"[^\"\n()]*\")*)"
)

_ENDS: Final = {
    "foreach": "endforeach",
    "while": "endwhile",
    "function": "endfunction",
    "macro": "endmacro",
    "block": "endblock",
}

_DEEPEST: Final = 60
"""How far blocks stand in one another."""


def parse(commands: Sequence[Command]) -> tuple[Node, ...]:
    """Put the commands of a file into their blocks; those that are not closed end with it."""
    at = 0

    def block(ends: frozenset[str], depth: int) -> tuple[Node, ...]:
        nonlocal at
        nodes: list[Node] = []
        while at < len(commands) and commands[at].name not in ends:
            command = commands[at]
            at += 1
            if depth > _DEEPEST:
                continue
            if command.name == "if":
                nodes.append(choice(command, depth))
            elif command.name in _ENDS:
                body = block(frozenset({_ENDS[command.name]}), depth + 1)
                at += 1
                nodes.append(Block(command, body))
            elif not command.name.startswith("end"):
                nodes.append(command)
        return tuple(nodes)

    def choice(command: Command, depth: int) -> Choice:
        nonlocal at
        branches, test = [], command.arguments
        while True:
            branches.append((test, block(_BRANCHING, depth + 1)))
            following = commands[at] if at < len(commands) else None
            at += 1
            if following is None or following.name == "endif":
                return Choice(tuple(branches))
            test = following.arguments if following.name == "elseif" else ()

    return block(frozenset(), 0)


_BRANCHING: Final = frozenset({"elseif", "else", "endif"})


def commands_in(text: str) -> Iterator[Command]:
    """Give the commands of a file in order, blocks not told apart."""
    at, line, counted = 0, 1, 0
    while found := _OUTSIDE.match(text, at):
        at = found.end()
        if found["bracket"]:
            at = _after_bracket(text, found["bracket"], at)[1]
        elif found["name"]:
            line += text.count("\n", counted, found.start())
            counted = found.start()
            arguments, at = _arguments(text, at)
            yield Command(found["name"].lower(), arguments, line)


def _arguments(text: str, at: int) -> tuple[tuple[Argument, ...], int]:
    """Read arguments up to the bracket that closes the call; give them, and where the rest begins."""
    arguments: list[Argument] = []
    depth = 0
    while found := _INSIDE.match(text, at):
        at = found.end()
        kind = found.lastgroup
        if kind == "bracket":
            inner, at = _after_bracket(text, found[0].removeprefix("#"), at)
            if not found[0].startswith("#"):
                arguments.append(Argument(inner, quoted=True, literal=True))
        elif kind == "quoted":
            arguments.append(Argument(_unescaped(found["quoted"].replace("\\\n", "")), quoted=True))
        elif kind == "plain":
            arguments.append(Argument(_unescaped(found[0])))
        elif kind in {"open", "close"}:
            depth += 1 if kind == "open" else -1
            if depth < 0:
                return tuple(arguments), at
            arguments.append(Argument(found[0]))
    return tuple(arguments), len(text)


def _after_bracket(text: str, opening: str, at: int) -> tuple[str, int]:
    """Give what stands in a bracket, and where the rest begins; one that is not closed takes all."""
    closing = opening.replace("#", "").replace("[", "]")
    end = text.find(closing, at)
    return (text[at:], len(text)) if end < 0 else (text[at:end], end + len(closing))


_ESCAPED: Final = re.compile(r"\\([\s\S])")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), text)
