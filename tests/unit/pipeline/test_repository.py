"""The made-up repository is a real one: git itself is asked about it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.errors import VersionError
from backlit.pipeline import repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a tree with a file that its ``.gitignore`` leaves out."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "a.txt").write_text("a\r\n")
    (folder / "ü ö.txt").write_text("")
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "b.log").write_text("b\n")
    return folder


def git(tree: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-c", "core.quotePath=false", *arguments], cwd=tree, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_git_describes_the_first_tag_and_calls_nothing_dirty(tree: Path) -> None:
    repository.make(tree, ("v1.2.3", "1.2.3"))
    (tree / "made-by-the-build").write_text("")
    assert git(tree, "describe", "--dirty", "--tags") == "v1.2.3"
    assert git(tree, "describe", "--dirty", "--match", "[0-9]*") == "1.2.3"
    assert git(tree, "status", "--porcelain") == ""


def test_it_tracks_what_a_checkout_would(tree: Path) -> None:
    repository.make(tree, ("v1",))
    assert git(tree, "ls-files").splitlines() == [".gitignore", "a.txt", "ü ö.txt"]


def test_tools_that_read_gits_exclude_file_find_nothing_excluded(tree: Path) -> None:
    repository.make(tree, ("v1",))
    assert not (tree / ".git" / "info" / "exclude").exists()


def test_the_same_tree_gives_the_same_commit(tree: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        repository.make(tree, ("v1",), tmp_path / name)
    heads = [git(tree, f"--git-dir={tmp_path / name}", "rev-parse", "HEAD") for name in ("one", "two")]
    assert heads[0] == heads[1]


def test_git_stays_below_a_ceiling_that_a_tool_takes_away(tree: Path, tmp_path: Path) -> None:
    repository.make(tmp_path, ("v9.9.9",), tmp_path / ".git")
    assert git(tree, "describe") == "v9.9.9"
    (tmp_path / "hook").mkdir()
    variables = repository.keep_below(str(tmp_path), tmp_path / "hook")
    done = subprocess.run(["git", "describe"], cwd=tree, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "not a git repository" in done.stderr


def test_an_empty_tree_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    repository.make(tmp_path / "tree", ("v1",))
    assert git(tmp_path / "tree", "describe") == "v1"


def commit(tree: Path, tag: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false")
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, *who, "commit", "--quiet", "--message=one")
    git(tree, *who, "tag", "--annotate", f"--message={tag}", tag)


def test_it_takes_the_place_of_the_trees_own_and_tracks_what_that_tracked(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.log\n*.bin\n")
    (tree / "kept.bin").write_text("")
    git(tree, "init", "--quiet")
    git(tree, "add", "--force", "kept.bin")
    commit(tree, "v1.2.3")
    (tree / "a.txt").unlink()
    repository.make(tree, ("v1.2.3", "v9"))
    assert git(tree, "describe", "--dirty") == "v1.2.3"
    assert git(tree, "log", "--format=%s") == "backlit"
    assert git(tree, "ls-files").splitlines() == [".gitignore", "kept.bin", "ü ö.txt"]


def test_in_a_copy_of_a_worktree_it_leaves_the_real_repository_alone(tree: Path, tmp_path: Path) -> None:
    commit(tree, "v0.1")
    git(tree, "worktree", "add", "--quiet", str(tmp_path / "other"))
    repository.make(tmp_path / "other", ("v1.2.3",))
    assert git(tmp_path / "other", "describe") == "v1.2.3"
    assert git(tree, "tag") == "v0.1"
    assert git(tree, "log", "--all", "--format=%s") == "one"


def test_what_a_submodule_holds_is_tracked_too(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "p.txt").write_text("")
    commit(tmp_path / "part", "v5")
    git(tree, "init", "--quiet")
    git(tree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "part"), "part")
    commit(tree, "v1")
    repository.make(tree, ("v2",))
    assert git(tree, "describe", "--dirty") == "v2"
    assert git(tree / "part", "ls-files") == "p.txt"


def test_outside_of_the_tree_it_is_found_by_its_variables_and_by_name(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private").mkdir()
    before = sorted(tree.iterdir())
    variables = repository.make_outside(tree, ("v1.2.3",), tmp_path / "private")
    monkeypatch.setenv("PATH", variables["PATH"])
    assert git(tree, "describe", "--dirty") == "v1.2.3"
    assert git(tree, "rev-parse", "--show-toplevel") == str(tree)
    assert sorted(tree.iterdir()) == before


def test_a_git_that_fails_is_told_on(tree: Path) -> None:
    with pytest.raises(VersionError, match=r"git tag failed: .*bad tag"):
        repository.make(tree, ("bad tag",))


@pytest.mark.parametrize(
    ("template", "tags"),
    [
        pytest.param(None, ("v1.0", "1.0"), id="as the tool says"),
        pytest.param("rel-{version}", ("rel-1.0",), id="asked for"),
    ],
)
def test_a_tag_that_is_asked_for_is_the_only_one(template: str | None, tags: tuple[str, ...]) -> None:
    assert repository.tags_of(("v1.0", "1.0"), template, "1.0") == tags
