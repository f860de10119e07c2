"""Whose repository a source tree stands in. Looks at names only; runs no VCS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MARKERS: Final = (".git", ".hg", ".jj", ".svn", ".bzr", "_darcs", ".pijul", "_FOSSIL_", ".fslckout")
"""What stands at the top of a repository; ``.git`` may be a file (worktree, submodule)."""


GIT_VARIABLES: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""Variables that send git to a repository whatever stands around it; a git hook sets them for all that it starts."""


def own(root: Path) -> str | None:
    """Name the marker of the repository whose top is `root`; None if there is none."""
    return next((marker for marker in MARKERS if _is_repository(root, marker)), None)


def foreign(root: Path) -> Path | None:
    """Give the top of a repository further up, which is not this project's; None if there is none.

    A project that is its own git repository's top has no foreign one, whatever stands above. One under another VCS may:
    tools that ask git alone would climb to it.
    """
    if _is_repository(root, ".git"):
        return None
    return next((folder for folder in root.parents if own(folder)), None)


def _is_repository(root: Path, marker: str) -> bool:
    # An empty .git folder is none to git, which then looks further up.
    if marker == ".git":
        return os.path.isfile(root / marker) or os.path.exists(root / marker / "HEAD")  # noqa: PTH110, PTH113 - speed
    return os.path.lexists(root / marker)
