"""Which files of a tree count as tracked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from backlit.config import file_list

if TYPE_CHECKING:
    from pathlib import Path


def plant(root: Path, *names: str) -> None:
    """Write a file at each path; a name that ends with a slash is a folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).mkdir() if name.endswith("/") else (root / name).write_text("")


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        pytest.param(["a.py", "b/c/d.txt", ".hidden", "b/.x/y"], [".hidden", "a.py", "b/.x/y", "b/c/d.txt"], id="all"),
        pytest.param([".git/config", "b/.hg/x", "a/.git", ".jj/x", ".gitmodules"], [".gitmodules"], id="repositories"),
        pytest.param(["a/__pycache__/b.pyc", "a/c.pyc", "a/c.pyo", "a/c.py"], ["a/c.py"], id="bytecode"),
        pytest.param([".tox/a", ".nox/a", ".mypy_cache/a", ".eggs/a", ".pytest_cache/a"], [], id="caches"),
        pytest.param(["env/pyvenv.cfg", "env/lib/a.py", "envs/a.py"], ["envs/a.py"], id="environment-of-any-name"),
        pytest.param(["a.egg-info/PKG-INFO", "src/a.egg-info/x", "b.py"], ["b.py"], id="egg-info"),
        pytest.param(["t/data/a.egg-info/PKG-INFO"], ["t/data/a.egg-info/PKG-INFO"], id="egg-info-of-a-test"),
        pytest.param(["build/lib.linux-x86_64/a.py", "build/x"], [], id="build-of-setuptools"),
        pytest.param(["build/lib/a.py", "build/x"], [], id="build-of-setuptools-pure"),
        pytest.param(["build/CMakeCache.txt", "build/x.h"], [], id="build-of-cmake"),
        pytest.param(["build/__init__.py", "build/env.py"], ["build/__init__.py", "build/env.py"], id="package-build"),
        pytest.param(["build/make.sh"], ["build/make.sh"], id="scripts-in-build"),
        pytest.param(["src/build/lib/a.py"], ["src/build/lib/a.py"], id="build-further-down"),
        pytest.param(["dist/a-1.whl", "dist/a-1.tar.gz"], [], id="dist-of-artifacts"),
        pytest.param(["dist/bundle.js", "dist/a.zip"], ["dist/a.zip", "dist/bundle.js"], id="dist-of-sources"),
        pytest.param(["backlit-report/a-1.json", "a/backlit-report/b"], ["a/backlit-report/b"], id="reports"),
        pytest.param([".pybuild/a", ".pyproject-builddir/b", "pyproject-wheeldir/c", "_skbuild/d"], [], id="builders"),
        pytest.param(
            ["a/b.cpython-311-x86_64-linux-gnu.so", "a/c.abi3.so", "a/d.cp311-win_amd64.pyd", "a/e.pypy310-pp73-x.so"],
            [],
            id="extension-modules-built-in-place",
        ),
        pytest.param(
            ["a/libz.so", "a/z.so.1", "a/x.pyd", "a/y.o"], ["a/libz.so", "a/x.pyd", "a/y.o", "a/z.so.1"], id="so"
        ),
        pytest.param(["empty/"], [], id="folders-are-no-files"),
    ],
)
def test_what_builds_and_tools_write_is_left_out(tmp_path: Path, names: list[str], kept: list[str]) -> None:
    plant(tmp_path, *names)
    assert file_list.snapshot(tmp_path) == tuple(kept)


def test_gitignore_files_of_all_levels_are_obeyed(tmp_path: Path) -> None:
    plant(tmp_path, "a.log", "keep.log", "sub/b.log", "sub/c.txt", "sub/keep.log", "out/x", "sub/out/y")
    (tmp_path / ".gitignore").write_text("*.log\n!keep.log\n/out/\n")
    (tmp_path / "sub" / ".gitignore").write_text("!b.log\nc.txt\n")
    assert file_list.snapshot(tmp_path) == (
        ".gitignore",
        "keep.log",
        "sub/.gitignore",
        "sub/b.log",
        "sub/keep.log",
        "sub/out/y",
    )


def test_a_linked_gitignore_is_not_read(tmp_path: Path) -> None:
    plant(tmp_path, "a.log")
    (tmp_path / "rules").write_text("*.log\n")
    (tmp_path / ".gitignore").symlink_to("rules")
    assert "a.log" in file_list.snapshot(tmp_path)


@pytest.mark.parametrize(
    ("stamp", "kept"),
    [
        pytest.param(1_700_000_000_000_000_000, True, id="one-time-in-whole-seconds"),
        pytest.param(1_700_000_000_000_000_001, False, id="one-time-of-a-finer-clock"),
    ],
)
def test_an_archive_of_a_commit_keeps_what_its_gitignore_names(tmp_path: Path, stamp: int, *, kept: bool) -> None:
    plant(tmp_path, "a.log", "logs/b.txt", "later.log")
    (tmp_path / ".gitignore").write_text("*.log\nlogs/\n")
    for name in ("a.log", "logs/b.txt", "logs", ".gitignore"):
        os.utime(tmp_path / name, ns=(stamp, stamp))
    assert file_list.snapshot(tmp_path) == ((".gitignore", "a.log", "logs/b.txt") if kept else (".gitignore",))


def test_a_link_is_a_file_and_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    plant(tmp_path, "outside/secret", "tree/a/b")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(".")
    (root / "gone").symlink_to("nowhere")
    assert file_list.snapshot(root) == ("a/b", "gone", "loop", "out")


def test_a_folder_called_gitignore_leaves_nothing_out(tmp_path: Path) -> None:
    plant(tmp_path, ".gitignore/a", "b")
    assert file_list.snapshot(tmp_path) == (".gitignore/a", "b")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert file_list.snapshot(tmp_path) == ()


def test_no_folder_has_no_files(tmp_path: Path) -> None:
    assert file_list.snapshot(tmp_path / "nowhere") == ()
