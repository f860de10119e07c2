"""Response files, as GNU tools read them."""

from __future__ import annotations

import pytest

from backlit.trace.dialects import response


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ()),
        ("a.o b.o\n-lz\t-o x", ("a.o", "b.o", "-lz", "-o", "x")),
        ("'a b' \"c d\"", ("a b", "c d")),
        (r"a\ b c\\d", ("a b", "c\\d")),
        (r'"a\"b" ' + r"'c\'d'", ('a"b', "c'd")),
        (r"-DX=\"1\"", ('-DX="1"',)),
        ("x'y z'w", ("xy zw",)),
    ],
)
def test_words(content: str, words: tuple[str, ...]) -> None:
    assert response.split(content) == words


def test_words_stand_where_the_file_was_named() -> None:
    assert response.put_in_place(("-c", "@a", "-v", "@b"), [(1, "x y")]) == ("-c", "x", "y", "-v", "@b")
