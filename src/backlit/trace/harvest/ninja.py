"""What ninja was told and what it did: ``build.ninja``, ``.ninja_log``, ``.ninja_deps`` of one build folder.

https://ninja-build.org/manual.html#ref_ninja_file tells the language. Only outputs that the log names were made.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.errors import FormatError
from backlit.trace.harvest import ninja_deps, shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FILE: Final = "build.ninja"
"""The file that makes a folder a build folder of ninja."""
LIMIT: Final = 256 << 20
"""Bytes of one file, at most."""
_DEPTH: Final = 50


class Edge(NamedTuple):
    """One command that ninja ran."""

    cwd: str
    """Absolute path of the folder it ran in."""
    words: tuple[str, ...]
    """Program and arguments, response files put in place."""
    headers: tuple[str, ...]
    """What the compiler opened, absolute, the source among them; empty if not known."""
    outputs: tuple[str, ...]
    """What it made, absolute."""


class Build(NamedTuple):
    """One build folder."""

    folder: str
    """Absolute path."""
    edges: tuple[Edge, ...]
    """Commands that ran, in the order of build.ninja."""
    ran: bool
    """True if ninja has run here."""
    faults: tuple[str, ...]
    """What could not be read."""


class _Scope(NamedTuple):
    variables: dict[str, str]
    rules: dict[str, dict[str, str]]
    parent: _Scope | None

    def get(self, name: str) -> str:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
        return ""

    def rule(self, name: str) -> dict[str, str]:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.rules:
                return scope.rules[name]
            scope = scope.parent
        return {}


class _Statement(NamedTuple):
    outputs: list[str]
    rule: str
    inputs: list[str]
    variables: dict[str, str]
    scope: _Scope

    def get(self, name: str, depth: int = 0) -> str:
        """Give a variable as the command sees it: the statement's, the rule's, the file's."""
        if name == "in":
            return " ".join(map(shlex.quote, self.inputs))
        if name == "out":
            return " ".join(map(shlex.quote, self.outputs))
        if name in self.variables:
            return self.variables[name]
        raw = self.scope.rule(self.rule).get(name)
        if raw is None:
            return self.scope.get(name)
        if depth > _DEPTH:
            raise FormatError(f"rule {self.rule!r} expands to itself")
        return _expanded(raw, lambda inner: self.get(inner, depth + 1))


def read(folder: str) -> Build:
    """Give what ninja ran in a build folder. Never raises for what stands in its files."""
    faults: list[str] = []
    log = _read(folder, ".ninja_log", faults)
    made = _logged(os.fsdecode(log)) if log is not None else None
    headers: dict[str, tuple[str, ...]] = {}
    data = _read(folder, ".ninja_deps", faults)
    try:
        headers = ninja_deps.parse(data) if data else {}
    except FormatError as error:
        faults.append(f".ninja_deps: {error}")
    edges: list[Edge] = []
    absolute = _Absolute(folder)
    try:
        for statement in _statements(folder, FILE, _Scope({}, {}, None), 0):
            if made is None or not made.isdisjoint(statement.outputs):
                edges += _edges(statement, absolute, headers)
    except (FormatError, RecursionError) as error:
        faults.append(f"{FILE}: {error}")
    except OSError as error:
        faults.append(f"{FILE}: {error.strerror}")
    return Build(folder, tuple(edges), made is not None, tuple(faults))


def _read(folder: str, name: str, faults: list[str]) -> bytes | None:
    path = Path(folder, name)
    try:
        if path.stat().st_size > LIMIT:
            faults.append(f"{name}: longer than {LIMIT} bytes")
            return None
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        faults.append(f"{name}: {error.strerror}")
        return None


def _logged(log: str) -> set[str]:
    lines = (line.split("\t") for line in log.splitlines())
    return {fields[3] for fields in lines if len(fields) > 4}  # noqa: PLR2004 - start, end, time, output, hash


def _edges(statement: _Statement, absolute: _Absolute, headers: dict[str, tuple[str, ...]]) -> Iterator[Edge]:
    command = statement.get("command")
    if not command:
        return
    opened = next((headers[output] for output in statement.outputs if output in headers), ())
    content = statement.get("rspfile_content") if (response := statement.get("rspfile")) else ""
    for cwd, words in shell.commands(command, absolute.folder):
        full: list[str] = []
        for word in words:
            if response and word == f"@{response}":
                full += _split(content)
            else:
                full.append(word)
        yield Edge(cwd, tuple(full), absolute.every(opened), absolute.every(statement.outputs))


def _split(content: str) -> list[str]:
    try:
        return shlex.split(content)
    except ValueError:
        return []


class _Absolute(dict[str, str]):
    """Absolute paths by those that ninja wrote, which thousands of edges share."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def __missing__(self, path: str) -> str:
        self[path] = whole = os.path.normpath(os.path.join(self.folder, path))  # noqa: PTH118 - as ninja wrote them
        return whole

    def every(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.__getitem__, paths))


_TOKEN: Final = re.compile(r"(?:\$[ :$|]|\$\{[^}]*\}|\$[A-Za-z0-9_-]+|[^ :|$])+|:|\|\||\|@|\|")
_VARIABLE: Final = re.compile(r"\$(?:\{([A-Za-z0-9_.-]+)\}|([A-Za-z0-9_-]+)|(.))", re.DOTALL)
_BINDING: Final = re.compile(r"([A-Za-z0-9_.-]+)\s*=\s*(.*)", re.DOTALL)


def _expanded(text: str, get: Callable[[str], str]) -> str:
    if "$" not in text:
        return text
    return _VARIABLE.sub(lambda found: found[3] or get(found[1] or found[2]), text)


def _statements(folder: str, name: str, scope: _Scope, depth: int) -> Iterator[_Statement]:
    """Give the ``build`` statements of a file and of those it includes."""
    path = Path(folder, name)
    if depth > _DEPTH or path.stat().st_size > LIMIT:
        raise FormatError("too deep, or too long", where=name)
    for keyword, rest, bindings in _blocks(os.fsdecode(path.read_bytes())):
        if keyword == "rule":
            scope.rules[rest] = dict(bindings)
        elif keyword == "build":
            yield _build(rest, {key: _expanded(value, scope.get) for key, value in bindings}, scope)
        elif keyword in {"include", "subninja"}:
            inner = scope if keyword == "include" else _Scope({}, {}, scope)
            yield from _statements(folder, _expanded(rest, scope.get), inner, depth + 1)
        elif found := _BINDING.fullmatch(f"{keyword} {rest}"):
            scope.variables[found[1]] = _expanded(found[2], scope.get)


def _blocks(text: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Give first word, rest and indented bindings of each statement."""
    held: tuple[str, str, list[tuple[str, str]]] | None = None
    for line in _logical_lines(text):
        if line[0] != " ":
            if held is not None:
                yield held
            keyword, _, rest = line.partition(" ")
            held = keyword, rest.strip(), []
        elif held is not None and (found := _BINDING.fullmatch(line.strip())):
            held[2].append((found[1], found[2]))
    if held is not None:
        yield held


def _build(rest: str, variables: dict[str, str], scope: _Scope) -> _Statement:
    """Read ``OUTPUTS | IMPLICIT: RULE INPUTS | IMPLICIT || ORDER``."""
    outputs: list[str] = []
    inputs: list[str] = []
    rule = ""
    taken: list[str] | None = outputs
    for word in _TOKEN.findall(rest):
        if word == ":" and not rule and taken is not inputs:
            taken = inputs
        elif word in {"|", "||", "|@"}:
            # Implicit outputs are made too, but do not stand in $out; they are of no interest here.
            taken = None if taken is not outputs else []
        elif taken is inputs and not rule:
            rule = word
        elif taken is not None:
            taken.append(_expanded(word, scope.get))
    return _Statement(outputs, rule, inputs, variables, scope)


def _logical_lines(text: str) -> Iterator[str]:
    """Give lines without comments and empty ones, those that ``$`` goes on from joined."""
    held = ""
    for line in text.split("\n"):
        whole = held + (line.lstrip(" ") if held else line.rstrip("\r"))
        if (len(whole) - len(whole.rstrip("$"))) % 2:
            held = whole[:-1]
            continue
        held = ""
        if whole.strip() and not whole.lstrip().startswith("#"):
            yield whole
