"""A scratch copy is the tree, elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backlit.pipeline import scratch

if TYPE_CHECKING:
    from pathlib import Path


def make_tree(folder: Path) -> Path:
    root = folder / "proj"
    (root / "pkg").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "pkg" / "__pycache__").mkdir()
    (root / "pkg" / "run.sh").write_text("#!/bin/sh\n")
    (root / "pkg" / "run.sh").chmod(0o755)
    os.utime(root / "pkg" / "run.sh", ns=(1_000_000_007, 2_000_000_009))
    (root / "link").symlink_to("pkg/run.sh")
    (root / "dangling").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    return root


def test_names_modes_times_and_links_are_kept(tmp_path: Path) -> None:
    copy = scratch.copy(make_tree(tmp_path), tmp_path / "s")
    state = (copy / "pkg" / "run.sh").stat()
    assert (copy.name, state.st_mode & 0o777, state.st_mtime_ns) == ("proj", 0o755, 2_000_000_009)
    assert ((copy / "link").readlink().name, (copy / "dangling").is_symlink()) == ("run.sh", True)


def test_caches_and_pipes_are_left_out(tmp_path: Path) -> None:
    copy = scratch.copy(make_tree(tmp_path), tmp_path / "s")
    assert sorted(path.name for path in copy.iterdir()) == [".git", "dangling", "link", "pkg"]
    assert [path.name for path in (copy / "pkg").iterdir()] == ["run.sh"]


def test_a_git_file_names_the_same_folder_from_the_copy(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    (root / ".git").rmdir()
    (root / ".git").write_text("gitdir: ../.git/modules/proj\n")
    copy = scratch.copy(root, tmp_path / "s")
    assert (copy / ".git").read_text() == f"gitdir: {tmp_path}/.git/modules/proj\n"
    assert (root / ".git").read_text() == "gitdir: ../.git/modules/proj\n"


def test_files_are_written_into_the_copy_only(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    copy = scratch.copy(root, tmp_path / "s", files=[("link", "told"), ("new/file.txt", "new")])
    assert ((copy / "link").read_text(), (copy / "new" / "file.txt").read_text()) == ("told", "new")
    assert ((root / "pkg" / "run.sh").read_text(), (root / "new").exists()) == ("#!/bin/sh\n", False)


def test_a_read_only_tree_gives_a_copy_that_can_be_written(tmp_path: Path) -> None:
    root = make_tree(tmp_path)
    (root / "pkg").chmod(0o555)
    copy = scratch.copy(root, tmp_path / "s")
    (root / "pkg").chmod(0o755)
    assert (copy / "pkg").stat().st_mode & 0o200
