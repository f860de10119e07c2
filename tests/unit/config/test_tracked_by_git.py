"""Which files of a tree count as tracked, held against git itself on trees of any shape."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from backlit.config import tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

PARTS = ("a", "b", "ab", "a.c", "b.log", "x y", "é", "-a", "#h", "!n", "[a]", "data", "build.txt", "CMakeLists.txt")
FOLDERS = ("a", "b", "ab", "sub", "src", "é", "d.d", "build2", "[x]", "data")
PATTERNS = (
    *("*", "a", "/a", "a/", "*.log", "!b.log", "sub/", "/sub/*", "!/sub/a", "**/a", "a/**", "sub/**/b", "!a", "!sub/"),
    *("*.c", "[ab]", "d.d", "src/ab", "\\#h", "\\!n", "x y", "x\\ y", "# a", "", " ", "é", "data/*", "!data/a", "/src"),
    *("?", "??", "*/", "!*/", "/*", "!/src", "\\[a\\]", "ab/a", "a b", "-a", "sub", "b/", "**", "!**/b.log", "src/"),
)

_path = st.tuples(st.lists(st.sampled_from(FOLDERS), max_size=3), st.sampled_from(PARTS)).map(
    lambda parted: "/".join((*parted[0], parted[1]))
)
_rules = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=5).map("\n".join)
_ignores = st.dictionaries(st.lists(st.sampled_from(FOLDERS), max_size=2).map("/".join), _rules, max_size=3)


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """Give the folder of a repository that nothing is tracked in yet."""
    with TemporaryDirectory(prefix="tracked-") as folder:
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        yield Path(folder)


@settings(deadline=None, max_examples=150)
@given(
    paths=st.sets(_path, min_size=1, max_size=15),
    ignores=_ignores,
    links=st.sets(_path, max_size=2),
)
def test_a_checkout_has_the_same_files(root: Path, paths: set[str], ignores: dict[str, str], links: set[str]) -> None:
    _empty(root)
    for path in sorted(paths):
        _write(root / path, "")
    for path in sorted(links):
        if not (root / path).exists() and _make_folder((root / path).parent):
            (root / path).symlink_to("elsewhere")
    for folder, rules in ignores.items():
        _write(root / folder / ".gitignore", rules)
    assert tracked.files_in(str(root)) == _listed_by_git(root)


def _write(path: Path, text: str) -> None:
    """Write a file, unless its name, or one above it, is already something else's."""
    if _make_folder(path.parent) and not path.is_dir():
        path.write_text(text, encoding="utf-8")
        # A whole second may be an archive's time, and then counts.
        os.utime(path, ns=(1_700_000_000_000_000_001, 1_700_000_000_000_000_001))


def _make_folder(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    return path.is_dir() and not path.is_symlink()


def _empty(root: Path) -> None:
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _listed_by_git(root: Path) -> tuple[str, ...]:
    command = [
        "git",
        "-c",
        "core.excludesFile=/dev/null",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    return tuple(sorted(os.fsdecode(name) for name in done.stdout.split(b"\0") if name))
