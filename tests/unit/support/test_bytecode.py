"""Bytecode of what is imported from a tree is not written there, and that of all else is."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

from backlit.support import bytecode

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Give a tree with a package in it, and a folder of installed packages; both are on the path."""
    tree, installed = tmp_path / "tree", tmp_path / "installed"
    for folder, name in ((tree, "of_the_tree"), (installed, "of_another")):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"from {name} import part\nvalue = part.value\n")
        (folder / name / "part.py").write_text("value = 1\n")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.syspath_prepend(tree)
    monkeypatch.syspath_prepend(installed)
    return tree, installed


def written(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in folder.rglob("*.pyc"))


def test_nothing_is_written_below_the_tree_alone(folders: tuple[Path, Path]) -> None:
    tree, installed = folders
    with bytecode.none_below(tree):
        assert importlib.import_module("of_the_tree").value == 1
        assert importlib.import_module("of_another").value == 1
    assert (written(tree), written(installed)) == ([], ["__init__", "part"])


def test_a_folder_that_was_looked_into_before_is_not_written_to_either(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, _ = folders
    assert importlib.util.find_spec("of_the_tree") is not None
    with bytecode.none_below(tree):
        importlib.import_module("of_the_tree")
    assert written(tree) == []
    for name in ("of_the_tree", "of_the_tree.part"):
        monkeypatch.delitem(sys.modules, name)
    importlib.import_module("of_the_tree")
    assert written(tree) == ["__init__", "part"]


def test_a_tree_is_known_through_a_link(folders: tuple[Path, Path], tmp_path: Path) -> None:
    tree, _ = folders
    link = tmp_path / "link"
    link.symlink_to(tree)
    with bytecode.none_below(link):
        importlib.import_module("of_the_tree")
    assert written(tree) == []


def test_hooks_are_as_they_were_afterwards(folders: tuple[Path, Path]) -> None:
    before = list(sys.path_hooks)
    with pytest.raises(ZeroDivisionError), bytecode.none_below(folders[0]):
        raise ZeroDivisionError
    assert sys.path_hooks == before
