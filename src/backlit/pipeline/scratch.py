"""A scratch copy of a source tree: the same names, modes, times and links, elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Copied(NamedTuple):
    """A tree, copied."""

    tree: Path
    """The copy."""
    prefix: tuple[str, str]
    """Where the copy's paths start, and how the same paths start in the original."""
    unread: tuple[str, ...]
    """What could not be read, and is not in the copy; relative to the tree, sorted."""


@contextmanager
def folder(root: Path, *, fits: Callable[[Path], bool] | None = None, once: bool = True) -> Iterator[Path]:
    """Give a private folder for hooks on the tree at `root`, removed at the end; honours ``TMPDIR``.

    Another of the usual places is taken where that one does not fit, and the other does. Of one tree the folder has
    the same name each time, by which ccache knows again what it compiled there; unless there is a folder of that name,
    another build's that goes on, or of one that was killed, or was one in this process: distutils does not make again
    what it has made once. `once` is false where the hooks run in other processes.
    """
    path = _made(Path((_fitting(fits) if fits else None) or tempfile.gettempdir()), root, once=once)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def copy(
    root: Path, parent: Path, *, files: Iterable[tuple[str, str]] = (), repository: bool = True, top: Path | None = None
) -> Copied:
    """Copy the tree at `root` into `parent` under its own name, then write `files` into the copy.

    Without `repository` the tree's own is left out, and with it those of its submodules. With `top`, a folder above
    `root`, all of that is copied: the tree's repository is further up.

    :raises InputError: if the folder itself cannot be read, or the copy not be written.
    """
    from backlit.pipeline.copying import Copying  # noqa: PLC0415 - a build in place copies nothing

    work = Copying(top or root, parent, repository=repository)
    try:
        prefix = work.copy()
        tree = work.target / root.relative_to(top or root)
        for name, text in files:
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        work.finish()
    except OSError as error:
        raise InputError(f"cannot be copied to {parent}: {error}", where=str(root), cure=_CURE) from error
    return Copied(tree, prefix, tuple(sorted(work.unread)))


_CURE: Final = "point TMPDIR to a folder with enough room"


def _made(parent: Path, root: Path, *, once: bool) -> Path:
    from hashlib import sha256  # noqa: PLC0415 - a hook may need nothing else of it

    path = parent / f"backlit-{sha256(os.fsencode(root)).hexdigest()[:16]}"
    if path not in _MADE or not once:
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            pass  # in use, or left behind
        else:
            _MADE.add(path)
            return path
    return Path(tempfile.mkdtemp(prefix="backlit-", dir=parent))


_MADE: Final[set[Path]] = set()
"""Folders of such names that this process has made."""


def _fitting(fits: Callable[[Path], bool]) -> str | None:
    """Give a place for temporary files that fits; None if ``TMPDIR`` does, or nothing does."""
    usual = tempfile.gettempdir()
    if fits(Path(os.path.realpath(usual))):
        return None
    for path in ("/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108 - private folders are made in them
        if os.access(path, os.W_OK | os.X_OK) and fits(Path(os.path.realpath(path))):
            return path if shutil.disk_usage(path).free > _ROOM else None
    return None


_ROOM: Final = 1 << 30
"""Free bytes without which a place for temporary files is no better than the one that was named."""
