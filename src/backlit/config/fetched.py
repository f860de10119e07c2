"""Trees that an installer fetched by itself: for a requirement's name, not because somebody pointed at their source.

An installer that builds several projects in one go has one environment for all: what ``BACKLIT_VERSION`` says of the
project that somebody is building must not become the version of what that one depends on. Where its source was fetched
by name, a project is told apart by the folder that it was unpacked in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path


def by(root: Path) -> str | None:
    """Name the installer that fetched the tree at `root` for a requirement by name; None if somebody pointed at it."""
    path = f"{root.as_posix()}/"
    return next((name for name, pattern in _FOLDERS if re.search(pattern, path)), None)


_FOLDERS: Final = (
    # A folder for the command, and in it one for each requirement; an archive that is named itself is in
    # pip-req-build-. Seen with pip 20.3, 21.3, 23.0, 24.0 and 26.3.
    ("pip", r"/pip-(install|wheel|download|lock)-[a-z0-9_]{8}/."),
    # Its cache, by where a tree came from; below "path" and "editable" are archives and folders that were named.
    ("uv", r"/sdists-v\d+/(?!path/|editable/)[^/]+/."),
)
