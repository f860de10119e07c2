"""Versions that stand in a file as plain text, found without running it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator


def assigned(source: str, name: str) -> str | None:
    """Give the literal that Python `source` first assigns to `name` at its top level; None if that is none.

    A tuple or a list of parts is joined with dots, as setuptools does.
    """
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    body = syntax.parsed(source).body
    value = next((value for target, value in _assignments(body) if target == name), None)
    try:
        literal = None if value is None else ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    if isinstance(literal, tuple | list) and all(isinstance(part, str | int) for part in literal):
        return ".".join(map(str, literal)) or None
    return literal if isinstance(literal, str) and literal else None


def matched(text: str, pattern: str, group: str | int) -> str | None:
    """Give what `group` of the first match of `pattern` holds, ``^`` and ``$`` at each line; None if nothing."""
    try:
        found = re.search(pattern, text, re.MULTILINE)
        return found[group] or None if found else None
    except (re.error, IndexError):
        return None


def _assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    import ast  # noqa: PLC0415 - see above

    for statement in body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
