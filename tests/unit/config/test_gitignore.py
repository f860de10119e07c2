"""What .gitignore leaves out, held against git itself."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from backlit.config import gitignore, tracked

NAMES = ("a", "b", "ab", "a.c", "b c", "!x", "#y", "a-b", "]", "[a]", "é", "x\\y", "A", "a ", "1", "{", "\t")
BELOW = ("a", "b", "ab", "d2/a", "d2/ab/b", "d2/d/a", "a.c")
PATHS = sorted({*NAMES, *(f"{folder}/{path}" for folder in ("d", "e", "abc", "a*") for path in BELOW)})
PARTS = (
    *("a", "b", "ab", "d", "d2", "e", "abc", "*", "**", "***", "?", "/", "/", "[ab]", "[!a]", "[^a-c]", "[a-]", "[]a]"),
    *("[[:alpha:]]", "[[:x:]]", "[[:a]", "[a", "\\", "!", "#", " ", ".c", "\\*", "é", "[é]", "-", "[\\]a]", "[a-\\c]"),
    *("A", "\t", "[/]", "[!/]", "[--0]", "[]-a]", "[a-b-c]", "[[:upper:][:digit:]]", "[![:punct:]]", "[[:]a]"),
)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["*.c"], id="ending"),
        pytest.param(["a"], id="name-anywhere"),
        pytest.param(["/a"], id="name-at-the-top"),
        pytest.param(["d/"], id="folder-anywhere"),
        pytest.param(["a/"], id="folder-only"),
        pytest.param(["d/a"], id="path-is-anchored"),
        pytest.param(["d/*", "!d/a"], id="taken-back"),
        pytest.param(["d/", "!d/a"], id="not-taken-back-inside-a-folder-left-out"),
        pytest.param(["!a", "a"], id="last-one-decides"),
        pytest.param(["**/d2/a"], id="stars-first"),
        pytest.param(["d/**"], id="stars-last"),
        pytest.param(["d/**/a"], id="stars-between"),
        pytest.param(["d**/a"], id="stars-after-a-name"),
        pytest.param(["**\\/a"], id="stars-before-an-escaped-slash"),
        pytest.param(["# a", "\\#y"], id="comment"),
        pytest.param(["\\!x"], id="escaped-exclamation-mark"),
        pytest.param(["a  ", "b\\ c "], id="spaces-at-the-end"),
        pytest.param(["a\\ "], id="space-kept-by-a-backslash"),
        pytest.param(["a\t"], id="tab-is-kept"),
        pytest.param(["a\\"], id="backslash-at-the-end"),
        pytest.param(["a\r"], id="carriage-return"),
        pytest.param(["\ufeffa"], id="byte-order-mark"),
        pytest.param(["[a"], id="open-bracket"),
        pytest.param(["[[:alpha:"], id="open-class"),
        pytest.param(["[]]"], id="closing-bracket-first"),
        pytest.param(["??"], id="question-mark-is-one-byte"),
        pytest.param(["/", "!", "//a", "a//"], id="nothing-but-signs"),
        pytest.param(["*", "!*/", "!ab"], id="all-but-one"),
    ],
)
def test_git_says_the_same(lines: list[str]) -> None:
    assert _kept_by_us("\n".join(lines)) == _kept_by_git("\n".join(lines))


_lines = st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join), max_size=4)


@settings(deadline=None, max_examples=150)
@given(top=_lines, below=_lines, end=st.sampled_from(["\n", "\r\n", ""]))
def test_git_says_the_same_of_any_pattern_at_two_levels(top: list[str], below: list[str], end: str) -> None:
    texts = ["\n".join(lines) + end for lines in (top, below)]
    assert _kept_by_us(*texts) == _kept_by_git(*texts)


@given(st.binary(max_size=60))
def test_any_bytes_give_patterns(text: bytes) -> None:
    for rule in gitignore.rules_in(text):
        assert rule.speaks_of(b"some/path", is_folder=False) in {True, False}


def _kept_by_us(top: str, below: str = "") -> list[str]:
    root = _tree()
    _write(root, top, below)
    return [path for path in tracked.files_in(str(root)) if not path.endswith(".gitignore")]


def _kept_by_git(top: str, below: str = "") -> list[str]:
    root = _tree()
    _write(root, top, below)
    command = ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"]
    done = subprocess.run(command, cwd=root, input="\0".join(PATHS).encode(), capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    ignored = set(done.stdout.decode().split("\0"))
    return [path for path in PATHS if path not in ignored]


def _write(root: Path, top: str, below: str) -> None:
    (root / ".gitignore").write_text(top, encoding="utf-8", newline="")
    (root / "d" / ".gitignore").write_text(below, encoding="utf-8", newline="")


@cache
def _tree() -> Path:
    """Give a repository with every path of PATHS in it; it goes with the process."""
    folder = TemporaryDirectory(prefix="gitignore-")
    _KEPT.append(folder)
    root = Path(folder.name)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    for name in PATHS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return root


_KEPT: list[TemporaryDirectory[str]] = []
