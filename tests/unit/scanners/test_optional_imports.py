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
        (FALLBACK, {"fast", "Decode"}, {"sys", "j", "slow", "third"}),
        (NESTED, {"b", "first", "second", "x"}, {"third", "after"}),
        (b"def f():\n    try:\n        pass\n    finally:\n        import z\n", set(), {"z"}),
    ],
    ids=["handler", "nested", "finally"],
)
def test_what_stands_in_a_try_is_told_from_the_rest(source: bytes, tried: set[str], plain: set[str]) -> None:
    imports = imports_of(source)
    assert imports is not None
    assert tried <= imports.tried
    assert plain - {"j"} <= imports.plain
    assert not (tried - {"Decode"}) & imports.plain


def test_a_module_that_is_also_imported_elsewhere_is_not_optional() -> None:
    sources = [b"try:\n    import one\n    import two\nexcept ImportError:\n    pass\n", b"from pkg import two\n"]
    assert optional_in(imports for source in sources if (imports := imports_of(source))) == {"one"}
