"""Python sources as trees: those of Python 2, too."""

from __future__ import annotations

import ast
import re
from typing import Final

LONGEST: Final = 2 << 20
"""Largest source that is parsed, in characters: what is larger is generated."""


def parse(text: str) -> ast.Module | None:
    """Parse a source; None if it is none, or is beyond all measure."""
    if len(text) > LONGEST:
        return None
    return _parsed(text) or _parsed(_of_python_2(text))


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_python_2(text: str) -> str:
    """Give a source of Python 2 without what Python 3 cannot read, line for line; for us, nothing stands in it."""
    text = re.sub(r"(?m)^([^\n'\"#]*?)\b(?:print|exec)\b(?![ \t]*[(=.,:])[^\n]*", r"\1pass", text)
    text = re.sub(r"(?m)^([ \t]*except[ \t]+[^:,\n]+),[ \t]*(\w+)[ \t]*:", r"\1 as \2:", text)
    text = re.sub(r"(?m)^([ \t]*raise[ \t]+[\w.]+),[^\n]*", r"\1", text)
    return re.sub(r"(?<![\w.])0([0-7]+)(?![\w.])", r"0o\1", text)


_PLAIN: Final = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "asname", "module", "level", "kind", "type_comment"}
)
"""Fields of nodes that hold no nodes, or such as stand for themselves in many places."""


HOLDING: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    kind: () if kind is ast.Constant else tuple(field for field in kind._fields if field not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that may hold others."""
