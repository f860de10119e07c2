"""What source imports: nothing that its syntax says is missed by its text."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from backlit.versions import _imports

_WRITTEN = [
    "import a",
    "import a.b as c, d",
    "if x: import a; import b.c as d",
    "from a import b",
    "from a.b import (c, d as e,\n  f)",
    "from a import (  # why (really)\n    b,  # more\n    c,\n)",
    "from . import a",
    "from .import a",
    "from.a import b",
    "from . a . b import c",
    "from ...a import b",
    "from a import *",
    "import a, \\\n  b",
    "from a \\\n  import b, \\\n  c",
    "def f():\n    x = yield from foo\n    from a import b\n    yield from foo\n    import c",
    "try:\n    import a\nexcept ImportError:\n\tfrom b import a",
]


def _covered(text: str) -> bool:
    """Tell whether all that the syntax says is among what is possible, name by name."""
    possible = {(each.module, each.level, name) for each in _imports.possible(text) for name in each.names}
    stars = {(each.module, each.level) for each in _imports.possible(text)}
    certain = [(each.module, each.level, name) for each in _imports.of(text) for name in each.names]
    return all(one in possible or (one[2] == "*" and one[:2] in stars) for one in certain)


@pytest.mark.parametrize("text", _WRITTEN)
def test_imports_are_read_and_none_is_missed_without_the_parser(text: str) -> None:
    assert any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(text)))
    assert list(_imports.of(text))
    assert _covered(text)


def test_none_is_missed_in_the_standard_library() -> None:
    sources = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-i]*.py"))
    assert len(sources) > 50
    assert [path.name for path in sources if not _covered(path.read_text(encoding="utf-8"))] == []


_PARTS = st.sampled_from([*" \n\t\\().,;:#*", "from", "import", "a", "b", "x = 1", "as", "\\\n", "    ", "if a:"])


@given(st.lists(_PARTS, max_size=14).map("".join))
@example("from a import(b)")
def test_none_is_missed_in_what_somehow_parses(text: str) -> None:
    assert _covered(text)


def test_what_is_no_python_imports_nothing() -> None:
    assert list(_imports.of("import (")) == []
