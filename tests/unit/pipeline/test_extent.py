"""What a scratch copy would hold, held against a scratch copy."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import extent, scratch

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {"setup.py": "x", "a/b/c.txt": "12345", "a/.gitignore": "*.txt", "build/make.sh": "sh"}
MADE = {
    ".tox/py/a": "1",
    "a/__pycache__/b.pyc": "22",
    "env/pyvenv.cfg": "333",
    "env/lib/x.py": "4444",
    "out/CMakeCache.txt": "5",
    "out/CMakeFiles/a": "66",
    "dist/a-1.whl": "777",
}


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def copied(root: Path, parent: Path) -> tuple[int, int]:
    """Give how many files a copy of the tree has, and their size, without the repository's own."""
    parent.mkdir()
    tree = scratch.copy(root, parent).tree
    names = [path for path in tree.rglob("*") if ".git" not in path.relative_to(tree).parts]
    files = [path for path in names if path.is_symlink() or path.is_file()]
    return len(files), sum(path.lstat().st_size for path in files)


@pytest.mark.parametrize(
    ("files", "left_out"),
    [
        pytest.param(SOURCES, (), id="sources"),
        pytest.param({**SOURCES, **MADE}, (".tox", "a/__pycache__", "dist", "env", "out"), id="and what was made"),
        pytest.param({}, (), id="nothing"),
    ],
)
def test_the_extent_is_a_copys(tmp_path: Path, files: dict[str, str], left_out: tuple[str, ...]) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    plant(root, files)
    (root / "link").symlink_to("setup.py")
    (root / "gone").symlink_to("nowhere")
    found = extent.of(root)
    assert found.left_out == left_out
    assert (found.files, found.size) == copied(root, tmp_path / "private")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_what_the_projects_repository_tracks_is_copied_however_it_is_called(tmp_path: Path) -> None:
    root = plant(tmp_path / "tree", {**SOURCES, **MADE})
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "add", "--force", "setup.py", "out", "env/lib"], cwd=root, check=True)
    found = extent.of(root)
    assert found.left_out == (".tox", "a/__pycache__", "dist")
    assert (found.files, found.size) == copied(root, tmp_path / "private")
