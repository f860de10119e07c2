"""What setup.cfg and setup.py state, read without running them."""

from __future__ import annotations

import ast
import configparser
import re
from typing import TYPE_CHECKING, NamedTuple

from backlit.config.syntax import nodes, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator


class SetupCall(NamedTuple):
    """The keywords of the ``setup()`` call in a setup.py."""

    constants: dict[str, str]
    """Keywords whose value is a string, or a name assigned one string at the top of the file and nothing else."""
    names: frozenset[str]
    """All keywords."""
    line: int
    """Line of the call, from 1; 0 if there is no call."""


def read_cfg(text: str) -> dict[str, dict[str, str]]:
    """Give the sections of a setup.cfg; empty if it is not one."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser[section]) for section in parser.sections()}


def read_setup(text: str) -> SetupCall:
    """Give the ``setup()`` call of a setup.py; an empty one if there is none, or the file does not parse."""
    tree = parsed(text)
    known = _top_level_strings(tree)
    for node in nodes(text):
        if isinstance(node, ast.Call) and _called(node.func) == "setup":
            values = {word.arg: _string(word.value, known) for word in node.keywords if word.arg}
            constants = {name: value for name, value in values.items() if value is not None}
            return SetupCall(constants, frozenset(values), node.lineno)
    return SetupCall({}, frozenset(), 0)


def setup_requires(text: str) -> tuple[str, ...]:
    """Give the requirements that the ``setup()`` call of a setup.py names in ``setup_requires``."""
    return strings_of(text, "setup_requires")


def strings_of(text: str, keyword: str) -> tuple[str, ...]:
    """Give the lines of the strings that the ``setup()`` call of a setup.py has in one of its keywords.

    Of a list that is put together, the strings in it; of a name, those in what it is assigned at the top of the file.
    """
    tree = parsed(text)
    assigned = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for node in nodes(text) if isinstance(node, ast.Call) and _called(node.func) == "setup")
    values = (word.value for call in calls for word in call.keywords if word.arg == keyword)
    found = (assigned.get(value.id, value) if isinstance(value, ast.Name) else value for value in values)
    strings = (node.value for value in found for node in ast.walk(value) if isinstance(node, ast.Constant))
    return tuple(line for text in strings if isinstance(text, str) for line in text.split("\n"))


def setup_requires_in_cfg(text: str) -> tuple[str, ...]:
    """Give the requirements that a setup.cfg names in ``setup_requires``."""
    listed = read_cfg(text).get("options", {}).get("setup_requires", "")
    return tuple(item.strip() for item in re.split(r"[\n;]", listed) if item.strip())


def name_of(setup_cfg: str, setup_py: str) -> str | None:
    """Give the project's name that either file states; None if neither does."""
    if "name" in setup_cfg:
        name = read_cfg(setup_cfg).get("metadata", {}).get("name")
        if name:
            return name.strip()
    return read_setup(setup_py).constants.get("name") if "name" in setup_py else None


def _called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _top_level_strings(tree: ast.Module) -> dict[str, str]:
    """Give the names that the file assigns one string to, and nothing else."""
    nodes = (node for node in _outside_functions(tree) if isinstance(node, ast.Name))
    stored = [node.id for node in nodes if isinstance(node.ctx, ast.Store)]
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            found.update({name: node.value.value for name in names if stored.count(name) == 1})
    return found


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _string(value: ast.expr, known: dict[str, str]) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return known.get(value.id) if isinstance(value, ast.Name) else None
