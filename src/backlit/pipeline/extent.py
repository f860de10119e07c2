"""What a scratch copy of a tree would hold, told without making it; as :mod:`backlit.pipeline.scratch` copies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from backlit.config import tracked, vcs
from backlit.pipeline import copying, own_repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Extent(NamedTuple):
    """What would be copied."""

    files: int
    """How many files and links, without those of the project's own repository."""
    size: int
    """Their size, in bytes."""
    left_out: tuple[str, ...]
    """Folders that would not be, such as caches and what builds have made; relative to the tree, sorted."""


def of(root: Path) -> Extent:
    """Give the extent of a copy of the tree at `root`."""
    files = size = 0
    left_out: list[str] = []
    for entry, path in _walk(root, ""):
        if path.endswith("/"):
            left_out.append(path.rstrip("/"))
        else:
            files += 1
            size += entry.stat(follow_symlinks=False).st_size
    if left_out and vcs.own(root) == ".git":
        # What the project's repository tracks is copied, however it is called.
        held = tuple(vcs.tracked(root) or ())
        kept = [path for path in left_out if any(name.startswith(f"{path}/") for name in held)]
        for path in kept:
            left_out.remove(path)
            below = [entry for entry, _ in _walk(root, f"{path}/")]
            files += len(below)
            size += sum(entry.stat(follow_symlinks=False).st_size for entry in below)
    return Extent(files, size, tuple(sorted(left_out)))


def _walk(root: Path, below: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Give each file and link with its path, and each folder that is left out with its path and a ``/``."""
    try:
        with os.scandir(f"{root}/{below}") as entries:
            listed = [*entries]
    except OSError:
        return
    for entry in listed:
        path = below + entry.name
        if own_repository.is_part(entry, path):
            continue
        if entry.is_dir(follow_symlinks=False):
            if _is_left_out(entry, path):
                yield entry, f"{path}/"
            else:
                yield from _walk(root, f"{path}/")
        elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
            yield entry, path


def _is_left_out(entry: os.DirEntry[str], path: str) -> bool:
    if entry.name in copying.LEFT_OUT:
        return True
    try:
        return tracked.is_built(path, os.listdir(entry.path))  # noqa: PTH208 - a string from scandir
    except OSError:
        return False
