"""Modules that are imported only where their absence is caught."""

from __future__ import annotations

import pytest

from backlit.scanners._optional_imports import imports_of, optional_in

FALLBACK = b"""\
import sys, json as j
try:
    from fast import Decode
except ImportError:
    from pkg.slow import (Decode,
        Other)
    import pkg.third
"""

NESTED = b"""\
try:
    import a.b
    try:
        from ..first import x
    except ImportError:
        from .second import x
except ImportError:
    from . import third
import after
"""


@pytest.mark.parametrize(
    ("source", "tried", "plain"),
    [
        (FALLBACK, {"fast", "Decode"}, {"sys", "json", "slow", "third", "Decode"}),
        (NESTED, {"b", "first", "second", "x"}, {"third", "after"}),
        (b"def f():\n    try:\n        pass\n    finally:\n        import z\n", set(), {"z"}),
    ],
    ids=["handler", "nested", "finally"],
)
def test_what_stands_in_a_try_is_told_from_the_rest(source: bytes, tried: set[str], plain: set[str]) -> None:
    imports = imports_of(source)
    assert imports is not None
    assert _named_in(imports.tried) == tried
    assert _named_in(imports.plain) == plain


def test_a_module_that_is_also_imported_elsewhere_is_not_optional() -> None:
    sources = [
        b"try:\n    import one, other\n    import two\nexcept ImportError:\n    pass\n",
        b"from pkg import two\nimport three\n",
    ]
    asked = frozenset({"one", "two", "three", "four"})
    assert optional_in(map(imports_of, sources), asked) == optional_in(sources, asked) == {"one"}


def test_sources_are_not_looked_into_where_no_module_is_asked_for() -> None:
    assert optional_in(iter([b"try:\n    import one\nexcept ImportError:\n    pass\n"]), frozenset()) == frozenset()


def test_a_line_that_names_no_module_makes_none_optional() -> None:
    imports = imports_of(b"try:\n    from . import\nexcept ImportError:\n    pass\n")
    assert imports is not None
    assert optional_in([imports], frozenset({""})) == frozenset()


def _named_in(lines: tuple[bytes, ...]) -> set[str]:
    """Give the names of the last parts that lines import."""
    names = {name for line in lines for name in line.decode().replace("(", " ").replace(",", " ").split()}
    return {name.rpartition(".")[2] for name in names} - {"import", "from", "as", "j", "pkg", "a", ""}
