"""Command lines of build systems."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit.trace.harvest import shell


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gcc -c a.c", [("/b", ("gcc", "-c", "a.c"))]),
        (": && gcc a.o -o a && :", [("/b", ("gcc", "a.o", "-o", "a"))]),
        ("cd sub && gcc -c a.c", [("/b/sub", ("gcc", "-c", "a.c"))]),
        ("cd /x/y && cd .. && gcc", [("/x", ("gcc",))]),
        ('gcc -DX=\\"1\\" "-DY=a b"', [("/b", ("gcc", '-DX="1"', "-DY=a b"))]),
        ("CC=x LANG=C gcc -v", [("/b", ("gcc", "-v"))]),
        ("gcc -E a.c > out 2>&1", [("/b", ("gcc", "-E", "a.c"))]),
        ("a;b|c", [("/b", ("a",)), ("/b", ("b",)), ("/b", ("c",))]),
        ("gcc 'open", []),
        ("", []),
    ],
)
def test_commands(line: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert shell.commands(line, "/b") == expected


@given(st.text("ab '\"\\;&|<>=cd$\n"))
def test_any_line_gives_commands(line: str) -> None:
    assert all(words for _, words in shell.commands(line, "/b"))
