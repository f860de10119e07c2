"""Lines that have one of some words."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit.scanners._lines import lines_with

WORDS = ("ab", "c")


@given(st.text(alphabet="abc \n"))
def test_they_are_given_once_each_and_in_order(text: str) -> None:
    found = [text[start:end] for start, end in lines_with(text, WORDS)]
    assert found == [line for line in text.split("\n") if any(word in line for word in WORDS)]


@pytest.mark.parametrize("words", [(b"x",), (b"\r",)])
def test_bytes_are_read_too(words: tuple[bytes, ...]) -> None:
    assert list(lines_with(b"a\r\nx\r\n", words)) == ([(3, 5)] if words == (b"x",) else [(0, 2), (3, 5)])
