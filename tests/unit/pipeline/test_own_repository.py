"""The repository of a scratch copy is true, and the original's is left alone: git and Mercurial are asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import scratch

if TYPE_CHECKING:
    from pathlib import Path

WHO = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")


def git(tree: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *WHO, *arguments], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def make_checkout(root: Path) -> Path:
    root.mkdir(parents=True)
    (root / "a.txt").write_text("a")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "all")
    git(root, "tag", "v1")
    return root


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Give mode, time and content of all below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        found[str(path)] = (state.st_mode, state.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
    return found


def contents_of(state: dict[str, tuple[int, int, bytes]]) -> dict[str, tuple[int, int, bytes]]:
    """Give a state without the times of objects: git renews that of an object that it would have written anew."""
    return {path: (mode, 0 if "/objects/" in path else time, text) for path, (mode, time, text) in state.items()}


def check(root: Path, everything: Path, scratch_folder: Path) -> Path:
    """Copy `root`; git calls the copy clean, may write in it, and nothing below `everything` changes. Give the copy."""
    before = state_of(everything)
    copy = scratch.copy(root, scratch_folder).tree
    assert git(copy, "describe", "--tags", "--dirty") == "v1"
    assert git(copy, "rev-parse", "--show-toplevel") == str(copy)
    # Plumbing that does not refresh the index: what is the same must be known to be the same.
    assert git(copy, "diff-index", "HEAD") == ""
    assert git(copy, "diff-files") == ""
    assert git(copy, "status", "--porcelain") == ""
    assert state_of(everything) == before
    (copy / "a.txt").write_text("changed")
    git(copy, "commit", "-qam", "more")
    git(copy, "tag", "v2")
    git(copy, "gc", "-q", "--prune=now")
    assert git(copy, "fsck") == ""
    assert contents_of(state_of(everything)) == contents_of(before)
    assert git(root, "describe", "--tags", "--dirty") == "v1"
    return copy


def test_a_checkout(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    copy = scratch.copy(root, tmp_path / "first").tree
    objects = [path for path in (copy / ".git" / "objects").rglob("*") if path.is_file()]
    assert {path.stat().st_nlink for path in objects} == {2}
    check(root, tmp_path / "all", tmp_path / "s")


def test_a_packed_checkout(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    git(root, "gc", "-q")
    check(root, tmp_path / "all", tmp_path / "s")


def test_a_worktree(tmp_path: Path) -> None:
    main = make_checkout(tmp_path / "all" / "main")
    git(main, "worktree", "add", "-q", "../tree")
    copy = check(tmp_path / "all" / "tree", tmp_path / "all", tmp_path / "s")
    assert (copy / ".git").is_file()
    assert str(tmp_path / "all") not in git(copy, "rev-parse", "--absolute-git-dir", "--git-common-dir")


def test_a_worktree_of_a_bare_repository(tmp_path: Path) -> None:
    main = make_checkout(tmp_path / "main")
    git(tmp_path, "clone", "-q", "--bare", "main", "all/bare.git")
    git(tmp_path / "all" / "bare.git", "worktree", "add", "-q", "../tree", "main")
    shutil.rmtree(main)
    check(tmp_path / "all" / "tree", tmp_path / "all", tmp_path / "s")


def test_a_submodule(tmp_path: Path) -> None:
    make_checkout(tmp_path / "library")
    outer = make_checkout(tmp_path / "all" / "outer")
    git(outer, "submodule", "--quiet", "add", str(tmp_path / "library"), "sub")
    check(outer / "sub", tmp_path / "all", tmp_path / "s")


@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_a_checkout_with_a_submodule(tmp_path: Path, *, absolute: bool) -> None:
    make_checkout(tmp_path / "library")
    outer = make_checkout(tmp_path / "all" / "outer")
    git(outer, "submodule", "--quiet", "add", str(tmp_path / "library"), "sub")
    git(outer, "commit", "-qm", "sub")
    git(outer, "tag", "-f", "v1")
    if absolute:
        (outer / "sub" / ".git").write_text(f"gitdir: {outer}/.git/modules/sub\n")
    copy = check(outer, tmp_path / "all", tmp_path / "s")
    assert git(copy / "sub", "rev-parse", "--show-toplevel", "--absolute-git-dir") == (
        f"{copy}/sub\n{copy}/.git/modules/sub"
    )


def test_a_worktree_with_a_submodule(tmp_path: Path) -> None:
    make_checkout(tmp_path / "library")
    outer = make_checkout(tmp_path / "all" / "outer")
    git(outer, "submodule", "--quiet", "add", str(tmp_path / "library"), "sub")
    git(outer, "commit", "-qm", "sub")
    git(outer, "tag", "-f", "v1")
    git(outer, "worktree", "add", "-q", "../tree")
    git(tmp_path / "all" / "tree", "submodule", "--quiet", "update", "--init")
    copy = check(tmp_path / "all" / "tree", tmp_path / "all", tmp_path / "s")
    assert git(copy / "sub", "rev-parse", "--show-toplevel") == f"{copy}/sub"


def test_a_shallow_clone(tmp_path: Path) -> None:
    main = make_checkout(tmp_path / "main")
    (main / "b.txt").write_text("b")
    git(main, "add", ".")
    git(main, "commit", "-qm", "b")
    git(main, "tag", "-f", "v1")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{main}", "all/proj")
    check(tmp_path / "all" / "proj", tmp_path / "all", tmp_path / "s")


def test_a_clone_that_borrows_objects(tmp_path: Path) -> None:
    make_checkout(tmp_path / "all" / "main")
    git(tmp_path / "all", "clone", "-q", "--shared", "main", "proj")
    borrowed = tmp_path / "all" / "proj" / ".git" / "objects" / "info" / "alternates"
    borrowed.write_text("../../../main/.git/objects\n")
    check(tmp_path / "all" / "proj", tmp_path / "all", tmp_path / "s")


def test_a_repository_that_says_where_its_tree_is(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    git(root, "config", "core.worktree", str(root))
    check(root, tmp_path / "all", tmp_path / "s")


def test_a_git_folder_that_is_a_link(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    (root / ".git").rename(tmp_path / "all" / "proj.git")
    (root / ".git").symlink_to("../proj.git")
    check(root, tmp_path / "all", tmp_path / "s")


def test_a_git_folder_made_of_links_to_elsewhere(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    for name in ("objects", "refs", "config"):
        (root / ".git" / name).rename(tmp_path / "all" / name)
        (root / ".git" / name).symlink_to(f"../../{name}")
    check(root, tmp_path / "all", tmp_path / "s")


def test_the_lock_of_a_git_that_is_at_work_is_not_copied(tmp_path: Path) -> None:
    root = make_checkout(tmp_path / "all" / "proj")
    (root / ".git" / "index.lock").touch()
    copy = scratch.copy(root, tmp_path / "s").tree
    git(copy, "add", ".")


def test_a_git_file_that_names_nothing_is_left_out(tmp_path: Path) -> None:
    # git would refuse everything below it: as where a submodule alone was copied into a container.
    root = tmp_path / "proj"
    root.mkdir()
    (root / ".git").write_text("gitdir: ../.git/modules/proj\n")
    copy = scratch.copy(root, tmp_path / "s").tree
    assert list(copy.iterdir()) == []


needs_hg = pytest.mark.skipif(shutil.which("hg") is None, reason="Mercurial is not installed")


def hg(tree: Path, *arguments: str) -> str:
    variables = {**os.environ, "HGPLAIN": "1", "HGRCPATH": ""}
    command = ["hg", "--config", "ui.username=a", "--config", "extensions.share=", *arguments]
    done = subprocess.run(command, cwd=tree, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_hg
@pytest.mark.parametrize("share", [[], ["share"], ["share", "--relative"]], ids=["own", "share", "relative-share"])
def test_a_mercurial_checkout(tmp_path: Path, share: list[str]) -> None:
    root = tmp_path / "all" / "proj"
    root.mkdir(parents=True)
    (root / "a.txt").write_text("a")
    hg(root, "init")
    hg(root, "commit", "--addremove", "--message", "all")
    hg(root, "tag", "1.0")
    if share:
        hg(tmp_path / "all", *share, "proj", "other")
        root = tmp_path / "all" / "other"
    before = state_of(tmp_path / "all")
    copy = scratch.copy(root, tmp_path / "s").tree
    assert (hg(copy, "status"), hg(copy, "root")) == ("", str(copy))
    (copy / "b.txt").write_text("b")
    hg(copy, "commit", "--addremove", "--message", "more")
    assert hg(copy, "log", "-r", ".", "-T", "{latesttag}-{latesttagdistance}") == "1.0-2"
    assert state_of(tmp_path / "all") == before


@pytest.mark.parametrize("colocated", [True, False], ids=["colocated", "alone"])
@pytest.mark.parametrize("second", [False, True], ids=["first-workspace", "second-workspace"])
def test_a_folder_of_jj(tmp_path: Path, *, colocated: bool, second: bool) -> None:
    # Made by hand, as jj-lib lays it out: there is no jj to ask here.
    root = make_checkout(tmp_path / "all" / "proj")
    store = root / ".jj" / "repo" / "store"
    store.mkdir(parents=True)
    (store / "git_target").write_text("../../../.git" if colocated else "git")
    if not colocated:
        (root / ".git").rename(store / "git")
    if second:
        other = tmp_path / "all" / "other"
        (other / ".jj").mkdir(parents=True)
        (other / ".jj" / "repo").write_text("../../proj/.jj/repo")
        root = other
    copied = scratch.copy(root, tmp_path / "s").tree / ".jj" / "repo" / "store"
    named = (copied / (copied / "git_target").read_text()).resolve()
    assert named.is_relative_to(tmp_path / "s")
    assert (named / "HEAD").read_text() == "ref: refs/heads/main\n"
