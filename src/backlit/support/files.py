"""Files written whole or not at all, and the start of files of any length."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def start_of(path: str, most: int) -> bytes:
    """Give a file's first `most` bytes, or as many as it has; of what has no length, such as a device, none.

    :raises OSError: if the file cannot be read.
    :raises ValueError: if no file can have such a name.
    """
    # Room for what is there, not for `most`: thousands of small files are read in a fifth of the time.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of strings
        return file.read(min(os.fstat(file.fileno()).st_size, most))


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 so that a reader sees the old file or the new one, never half of one.

    Missing folders above are made.

    :raises OSError: if the file cannot be written; nothing is left behind then.
    """
    import tempfile  # noqa: PLC0415 - loads `random`, which reading needs not

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp gives 0600; a report is no secret, and the umask says who may read new files here.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)  # noqa: PTH101 - a name, not a path, came from mkstemp
        os.replace(name, path)  # noqa: PTH105 - likewise
    except BaseException:
        os.unlink(name)  # noqa: PTH108 - likewise
        raise
