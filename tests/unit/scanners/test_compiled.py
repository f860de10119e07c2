"""Which sources a build compiles."""

from __future__ import annotations

import pytest

from backlit.scanners._compiled import gathers


@pytest.mark.parametrize(
    "text",
    [
        *("glob('*.c')", "file(GLOB sources)", "os.listdir(x)", "for x in os.walk(y)", "os.scandir(x)", "x.iterdir()"),
        *("name.endswith(end)", "AUX_SOURCE_DIRECTORY(. x)", "$(wildcard x)", "sources = *.cpp", "*.MM", "%.o: x"),
    ],
)
def test_a_build_that_takes_what_lies_there_gathers(text: str) -> None:
    assert gathers(["", text])


@pytest.mark.parametrize("text", ["hyperglobal", "walking", "wildcards", "a.c", "*.h"])
def test_a_word_that_only_looks_like_it_gathers_nothing(text: str) -> None:
    assert not gathers([text])
