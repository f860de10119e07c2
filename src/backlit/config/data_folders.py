"""Where the system and the user keep data of programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final


def data_folders() -> tuple[str, ...]:
    """Give the folders for data that programs share, the most particular last: the user's own.

    Of freedesktop.org's specification ``$XDG_DATA_DIRS`` and ``$XDG_DATA_HOME`` with their defaults; on macOS the two
    folders ``Library/Application Support``; on Windows ``%LOCALAPPDATA%``. Some may not be there.
    """
    if sys.platform == "win32":
        return tuple(filter(None, [os.environ.get("LOCALAPPDATA", "")]))
    if sys.platform == "darwin":
        return tuple(str(Path(folder).expanduser()) for folder in _MACOS)
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = os.environ.get("XDG_DATA_HOME") or str(Path("~/.local/share").expanduser())
    # A relative path is no valid value, says the specification.
    return tuple(folder for folder in (*reversed(shared.split(":")), own) if Path(folder).is_absolute())


_MACOS: Final = ("/Library/Application Support", "~/Library/Application Support")
