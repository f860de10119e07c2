"""The list of the tree's files, for tools that ask the VCS and find none.

The hook's process takes a snapshot, writes it to a file, and names that file in ``_BACKLIT_FILES`` while the real
backend runs; the file finder in setuptools' process reads it. The file is one JSON object: ``root``, the real path of
the tree's folder, and ``files``, paths relative to it with ``/``, sorted. Whoever was given files of that tree leaves
an empty file beside it, named as it with ``.asked`` at the end.

Loaded in every build with setuptools where backlit is installed: it loads next to nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VARIABLE: Final = "_BACKLIT_FILES"
"""Names the file, while the hook runs."""


def snapshot(root: Path) -> tuple[str, ...]:
    """Give every file of the tree that a checkout would track; see :func:`backlit.config.tracked.files_in`.

    A tree that is a checkout itself is asked; that runs git, or Mercurial. One that tracks nothing is none: a
    ``git init`` alone is a usual way to pacify a tool.
    """
    from backlit.config import tracked, vcs  # noqa: PLC0415 - only the hook's side needs it, not the file finder

    listed = vcs.tracked(root)
    return listed or tracked.files_in(os.fspath(root))


def write(path: Path, root: Path, files: Iterable[str]) -> None:
    """Write the list of `files` of the tree at `root`.

    :raises OSError: if the file cannot be written.
    """
    import json  # noqa: PLC0415 - 10 ms of CPU, where no list is needed

    text = json.dumps({"root": os.path.realpath(root), "files": [*files]})
    path.write_text(text, encoding="ascii")


def read(path: str | Path) -> tuple[str, tuple[str, ...]] | None:
    """Give the root and the files that :func:`write` wrote; None if the file is not there, or holds no such list.

    Undecodable bytes in names are as ``surrogateescape`` gives them.
    """
    import json  # noqa: PLC0415 - likewise

    try:
        with open(path, encoding="ascii") as file:  # noqa: PTH123 - a string from the environment
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    root, files = (found.get("root"), found.get("files")) if isinstance(found, dict) else (None, None)
    if not isinstance(root, str) or not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        return None
    return root, tuple(files)


def mark() -> None:
    """Leave a mark beside the list of the build under way: it was asked for."""
    try:
        with open(f"{os.environ[VARIABLE]}.asked", "w", encoding="ascii"):  # noqa: PTH123 - a string from the environment
            return
    except (KeyError, OSError):
        return  # The build goes on without the mark, and is warned of once more than it need be.


def was_asked_for(path: Path) -> bool:
    """Tell whether the list at `path` was asked for."""
    return os.path.exists(f"{path}.asked")  # noqa: PTH110 - as in `mark`


def current() -> tuple[str, tuple[str, ...]] | None:
    """Give root and files of the build under way, whose list :data:`VARIABLE` names; None if there is none."""
    path = os.environ.get(VARIABLE)
    return read(path) if path else None
