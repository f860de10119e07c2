"""A scratch copy of a source tree: the same folder name, modes, times and links, elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEFT_OUT: Final = frozenset({"__pycache__", ".tox", ".nox", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Folders that no build reads: environments and caches. The project's own repository is copied: tools take the list of
files from it, whoever says the version."""


@contextmanager
def folder() -> Iterator[Path]:
    """Give a private folder for one hook, removed at the end; honours ``TMPDIR``."""
    path = Path(tempfile.mkdtemp(prefix="backlit-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def copy(root: Path, parent: Path, *, files: Iterable[tuple[str, str]] = ()) -> Path:
    """Copy the tree at `root` into `parent` under its own name, then write `files` into the copy.

    :raises InputError: if something cannot be read or written.
    """

    def ignored(folder: str, names: list[str]) -> list[str]:
        # `parent` itself may be inside the tree: Fedora points TMPDIR there.
        return [name for name in names if name in LEFT_OUT or parent.is_relative_to(f"{folder}/{name}")]

    target = parent / "tree" / (root.name or "source")
    try:
        shutil.copytree(root, target, symlinks=True, ignore=ignored, copy_function=_copy_file)
        _complete(root, target, files)
    except shutil.Error as error:
        (source, _, why), *_ = error.args[0]
        raise InputError(f"cannot be copied to {parent}: {why}", where=str(source), cure=_CURE) from error
    except OSError as error:
        raise InputError(f"cannot be copied to {parent}: {error}", where=str(root), cure=_CURE) from error
    return target


_CURE: Final = "point TMPDIR to a folder with enough room"


def _complete(root: Path, target: Path, files: Iterable[tuple[str, str]]) -> None:
    _make_writable(target)
    _keep_git_file_true(root, target)
    for name, text in files:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _copy_file(source: str, target: str) -> str:
    """Copy a file with mode and times; a socket or pipe is left out, as archives do."""
    if os.path.isfile(source) or os.path.islink(source):  # noqa: PTH113, PTH114 - strings come from copytree
        return str(shutil.copy2(source, target, follow_symlinks=False))
    return target


def _keep_git_file_true(root: Path, target: Path) -> None:
    """Let ``.git`` of a worktree or submodule, a file that names a folder, name the same folder from the copy."""
    path = target / ".git"
    if not path.is_file():
        return
    named = path.read_text(encoding="utf-8", errors="surrogateescape").removeprefix("gitdir:").strip()
    text = f"gitdir: {os.path.normpath(root / named)}\n"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")


def _make_writable(target: Path) -> None:
    """Let the build write where a read-only tree, such as a Nix store path, was copied from."""
    for path, _, _ in os.walk(target):
        mode = os.stat(path).st_mode  # noqa: PTH116 - a string comes from walk
        if not mode & 0o200:
            os.chmod(path, mode | 0o200)  # noqa: PTH101 - likewise
