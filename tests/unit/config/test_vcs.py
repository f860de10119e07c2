"""Whose repository a tree stands in."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.config import vcs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("marker", [".git", ".hg", ".jj"])
def test_a_repository_whose_top_is_the_project_is_its_own(tmp_path: Path, marker: str) -> None:
    (tmp_path / marker).mkdir()
    (tmp_path / marker / "HEAD").touch()
    assert (vcs.own(tmp_path), vcs.foreign(tmp_path)) == (marker, None)


def test_a_git_file_is_a_repository_too_if_what_it_names_is_there(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / ".git").write_text("gitdir: ../.git/modules/project\n")
    assert vcs.own(project) is None
    (tmp_path / ".git" / "modules" / "project").mkdir(parents=True)
    (tmp_path / ".git" / "modules" / "project" / "HEAD").touch()
    assert vcs.own(project) == ".git"


def test_a_repository_further_up_is_not_the_projects(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    project = tmp_path / "a" / "b"
    project.mkdir(parents=True)
    assert (vcs.own(project), vcs.foreign(project)) == (None, tmp_path)


@pytest.mark.parametrize("marker", [".git", ".svn"])
def test_an_empty_git_folder_or_another_vcs_does_not_hide_the_git_repository_above(tmp_path: Path, marker: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    (tmp_path / "project" / marker).mkdir(parents=True)
    assert vcs.foreign(tmp_path / "project") == tmp_path


@pytest.mark.parametrize(("marker", "found"), [(".hg", True), (".jj", True), (".git", False)])
def test_a_repository_further_up_that_is_not_gits_is_told_apart(tmp_path: Path, marker: str, *, found: bool) -> None:
    (tmp_path / marker).mkdir()
    (tmp_path / marker / "HEAD").touch()
    assert vcs.beyond_git(tmp_path / "a" / "b") == (tmp_path if found else None)


def run(folder: Path, *command: str) -> None:
    who = {"HGUSER": "a", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "HGRCPATH": ""}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, **who})


def written(file: Path) -> tuple[int, int, int]:
    """When and as which file it was last written: git may read its index, which alone moves the time of access."""
    told = file.stat()
    return told.st_ino, told.st_mtime_ns, told.st_ctime_ns


NAMES = ("a.py", "build/lib/b.py", "ignored.log", 't\u00e4b\tand "quote".txt', os.fsdecode(b"bytes-\xff"))


def test_git_is_asked_what_it_tracks(tmp_path: Path) -> None:
    for name in (*NAMES, "untracked", "gone"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("*.log\nbuild\n")
    run(tmp_path, "git", "init", "-q")
    run(tmp_path, "git", "add", "--force", ".gitignore", "gone", *NAMES)
    (tmp_path / "gone").unlink()
    index = written(tmp_path / ".git" / "index")
    assert vcs.tracked(tmp_path) == tuple(sorted((*NAMES, ".gitignore")))
    assert written(tmp_path / ".git" / "index") == index


def test_a_repository_lists_files_once_it_has_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "git", "init", "-q")
    assert not vcs.can_be_asked(tmp_path)
    run(tmp_path, "git", "commit", "-q", "--allow-empty", "-m", "one")
    assert vcs.can_be_asked(tmp_path)
    run(tmp_path, "git", "pack-refs", "--all")
    run(tmp_path, "git", "worktree", "add", "-q", "tree")
    assert [vcs.can_be_asked(place) for place in (tmp_path, tmp_path / "tree")] == [True, True]
    run(tmp_path, "git", "checkout", "-q", "--detach")
    assert vcs.can_be_asked(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert not vcs.can_be_asked(tmp_path)


@pytest.mark.skipif(shutil.which("hg") is None, reason="Mercurial is not installed")
def test_mercurial_is_asked_what_it_tracks(tmp_path: Path) -> None:
    run(tmp_path, "hg", "init")
    assert vcs.tracked(tmp_path) == ()
    for name in (*NAMES, "untracked"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    run(tmp_path, "hg", "add", *NAMES)
    assert vcs.tracked(tmp_path) == tuple(sorted(NAMES))


def test_a_repository_that_cannot_be_asked_gives_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vcs.tracked(tmp_path) is None
    run(tmp_path, "git", "init", "-q")
    monkeypatch.setenv("PATH", "/nowhere")
    assert vcs.tracked(tmp_path) is None


def test_another_users_repository_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    monkeypatch.delenv("SUDO_UID", raising=False)
    assert not vcs.is_strangers(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert vcs.is_strangers(tmp_path)
    # git lets root be the user that sudo was called by.
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_UID", str(tmp_path.stat().st_uid))
    assert not vcs.is_strangers(tmp_path)
