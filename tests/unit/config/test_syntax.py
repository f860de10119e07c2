"""Python source, parsed and taken apart."""

from __future__ import annotations

import ast

from backlit.config import syntax

CODE = """\
import a
try:
    import b
except ImportError:
    import c
else:
    import d
finally:
    import e
match a:
    case 1:
        import f
def function():
    if a:
        import g
    elif b:
        import h
class Class:
    with a:
        import i
"""


def test_statements_are_those_that_a_walk_through_all_nodes_finds() -> None:
    walked = [node for node in syntax.nodes(CODE) if isinstance(node, ast.stmt)]
    found = [node for node in syntax.statements(CODE) if isinstance(node, ast.stmt)]
    assert len(found) == len(walked)
    assert {id(node) for node in found} == {id(node) for node in walked}


def test_what_is_no_python_has_no_statements() -> None:
    assert syntax.statements("(") == ()
