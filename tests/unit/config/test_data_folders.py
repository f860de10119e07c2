"""Where data of programs are, by the specification of freedesktop.org."""

from __future__ import annotations

import sys

import pytest

from backlit.config.data_folders import data_folders

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has folders of its own")


@pytest.mark.parametrize(
    ("shared", "own", "expected"),
    [
        pytest.param("/a:/b", "/own", ("/b", "/a", "/own"), id="the-first-counts-most"),
        pytest.param("", "", ("/usr/share", "/usr/local/share", "/home/x/.local/share"), id="unset"),
        pytest.param("a:/b", "own", ("/b",), id="relative-ones-are-none"),
    ],
)
def test_the_most_particular_is_last(
    monkeypatch: pytest.MonkeyPatch, shared: str, own: str, expected: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.setenv("XDG_DATA_DIRS", shared)
    monkeypatch.setenv("XDG_DATA_HOME", own)
    assert data_folders() == expected
