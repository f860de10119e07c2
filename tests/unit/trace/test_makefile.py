"""Rules that compilers write."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit.trace import makefile


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.o: a.c /usr/include/zlib.h\n", [(("a.o",), ("a.c", "/usr/include/zlib.h"))]),
        ("a.o: \\\n a.c \\\n b.h\n", [(("a.o",), ("a.c", "b.h"))]),
        ("a.o b.d: a.c\n", [(("a.o", "b.d"), ("a.c",))]),
        ("b.o: h\\#$$x/q\\ r.h\n", [(("b.o",), ("h#$x/q r.h",))]),
        ("b.h:\n\nc.h:\n", []),
        ("a.o: a.c\nb.o: b.c\n", [(("a.o",), ("a.c",)), (("b.o",), ("b.c",))]),
    ],
    ids=["one", "continued", "two targets", "escapes", "phony", "two rules"],
)
def test_rules(text: str, expected: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    assert [tuple(rule) for rule in makefile.parse(text)] == expected


@given(st.text())
def test_any_text_gives_rules(text: str) -> None:
    assert all(rule.prerequisites for rule in makefile.parse(text))
