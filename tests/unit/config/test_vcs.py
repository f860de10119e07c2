"""Whose repository a tree stands in."""

from __future__ import annotations

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


def test_a_git_file_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    assert vcs.own(tmp_path) == ".git"


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
