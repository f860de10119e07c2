"""Whose repository a source tree stands in. Looks at names only; runs no VCS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MARKERS: Final = (".git", ".hg", ".jj", ".svn", ".bzr", "_darcs", ".pijul", "_FOSSIL_", ".fslckout")
"""What stands at the top of a repository; ``.git`` may be a file (worktree, submodule)."""


def own(root: Path) -> str | None:
    """Name the marker of the repository whose top is `root`; None if there is none."""
    return next((marker for marker in MARKERS if os.path.lexists(root / marker)), None)


def foreign(root: Path) -> Path | None:
    """Give the top of a repository further up, which is not this project's; None if there is none.

    A project that is its own repository's top has no foreign one, whatever stands above.
    """
    if own(root):
        return None
    return next((folder for folder in root.parents if own(folder)), None)
