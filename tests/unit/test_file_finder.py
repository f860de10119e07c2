"""What setuptools is told of a tree's files, and that it is told nothing of another tree's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import backlit
from backlit import file_finder
from backlit.config import file_list

FILES = ("pkg/data.txt", "pkg/sub/more.txt", "pkgs/other.txt", "setup.py")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a tree that is being built, which is the current one."""
    root = tmp_path / "tree"
    (root / "pkg" / "sub").mkdir(parents=True)
    file_list.write(tmp_path / "list", root, FILES)
    monkeypatch.setenv(file_list.VARIABLE, str(tmp_path / "list"))
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("dirname", "found"),
    [
        pytest.param("", list(FILES), id="as-setuptools-asks"),
        pytest.param(".", [f"./{name}" for name in FILES], id="dot"),
        pytest.param("pkg", ["pkg/data.txt", "pkg/sub/more.txt"], id="folder"),
        pytest.param("./pkg/", ["./pkg/data.txt", "./pkg/sub/more.txt"], id="folder-with-slash"),
        pytest.param("pkg/../pkg/sub", ["pkg/../pkg/sub/more.txt"], id="roundabout"),
        pytest.param("gone", [], id="folder-that-is-not-there"),
        pytest.param("..", [], id="above"),
        pytest.param("/", [], id="elsewhere"),
        pytest.param("../tree-2", [], id="neighbour-with-the-same-start"),
        pytest.param("a\0b", [], id="no-path"),
    ],
)
def test_files_come_joined_to_the_folder_as_it_was_given(tree: Path, dirname: str, found: list[str]) -> None:
    assert tree.is_dir()
    assert list(file_finder.find(dirname)) == found


def test_an_absolute_folder_gives_absolute_paths(tree: Path) -> None:
    assert file_finder.find(str(tree / "pkg" / "sub")) == [str(tree / "pkg" / "sub" / "more.txt")]


def test_a_link_to_the_tree_is_the_tree(tree: Path) -> None:
    (tree.parent / "link").symlink_to(tree)
    assert file_finder.find("../link/pkg/sub") == ["../link/pkg/sub/more.txt"]


def test_outside_a_build_nothing_is_found(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tree.is_dir()
    monkeypatch.delenv(file_list.VARIABLE)
    assert file_finder.find("") == []


def test_a_list_that_is_gone_finds_nothing(tree: Path) -> None:
    (tree.parent / "list").unlink()
    assert file_finder.find("") == []


def test_a_build_of_another_project_inside_this_one_finds_nothing(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tree.is_dir()
    (tmp_path / "another").mkdir()
    monkeypatch.chdir(tmp_path / "another")
    assert file_finder.find("") == []


def test_a_current_folder_that_is_gone_finds_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "pkg" / "sub")
    (tree / "pkg" / "sub").rmdir()
    assert file_finder.find("") == []


def test_in_other_builds_it_loads_next_to_nothing() -> None:
    script = (
        "import sys, os, typing, __future__; before = set(sys.modules); from backlit.file_finder import find; find('');"
        "print(*sorted(set(sys.modules) - before))"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(backlit.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["backlit", "backlit.config", "backlit.config.file_list", "backlit.file_finder"]
