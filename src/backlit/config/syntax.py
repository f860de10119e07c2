"""The syntax of Python files, read and never run; each text is parsed once in a process."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Final


@lru_cache(maxsize=64)  # of one project few files are read, several of them by many readers
def parsed(text: str) -> ast.Module:
    """Give the syntax tree of Python source, not to be changed; an empty one if it is none."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


@lru_cache(maxsize=64)
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Give the nodes of that tree in the order of ``ast.walk``, which is dearer than parsing is."""
    return tuple(ast.walk(parsed(text)))


@lru_cache(maxsize=64)
def statements(text: str) -> tuple[ast.AST, ...]:
    """Give the statements of that tree, inner ones too, outer ones first: far fewer than its nodes."""
    found: list[ast.AST] = blocks(parsed(text))
    for node in found:  # it grows meanwhile
        found += blocks(node)
    return tuple(found)


def blocks(node: ast.AST) -> list[ast.AST]:
    """Give what stands right in the blocks of a statement, or of a handler or a case, one after the other."""
    return [each for name in _BLOCKS if isinstance(block := getattr(node, name, None), list) for each in block]


_BLOCKS: Final = ("body", "handlers", "orelse", "finalbody", "cases")
