"""Config settings on the command line, and text made fit for a terminal."""

from __future__ import annotations

import pytest

from backlit.cli._arguments import config_settings_of
from backlit.cli._text import one_line


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        ([], {}),
        (["a=1"], {"a": "1"}),
        (["a=1=2", "b"], {"a": "1=2", "b": ""}),
        (["a=1", "a=2", "a=3"], {"a": ["1", "2", "3"]}),
    ],
    ids=["none", "one", "equals-signs", "thrice"],
)
def test_settings_are_text_or_a_list(given: list[str], settings: dict[str, object]) -> None:
    assert config_settings_of(given) == settings


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain ä 漢", "plain ä 漢"),
        ("a\nb\r\n c", "a b c"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\udcff", "\\udcff"),
    ],
    ids=["plain", "lines", "escapes", "direction", "undecodable"],
)
def test_text_becomes_one_harmless_line(text: str, line: str) -> None:
    assert one_line(text) == line
