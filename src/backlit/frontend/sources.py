"""What is built: a folder, an sdist, or ``NAME==VERSION`` from the index that pip is set up for."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.errors import InputError
from backlit.frontend import index, unpack
from backlit.frontend.progress import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.frontend.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source tree, ready to build."""

    path: Path
    """Absolute path of the folder that holds the project."""
    kind: str
    """``folder``: the user's own. ``sdist``: unpacked in a temporary folder. ``requirement``: fetched and unpacked."""
    name: str
    """What to call it, without a folder: the folder's or the sdist's file name."""


@contextmanager
def opened(source: str, progress: Progress | None = None) -> Iterator[Source]:
    """Give a source tree while the context lasts. Runs none of the project's code.

    What is there as a file or folder is taken as that; only then is ``NAME==VERSION`` asked for.

    :raises InputError: if there is no project to build; names `source`, the problem and the cure.
    """
    path = Path(source or "\0")  # an empty text, from an unset variable, must not mean the current folder
    if path.is_dir():
        yield _folder(path, source)
        return
    with tempfile.TemporaryDirectory(prefix="backlit-source-", ignore_cleanup_errors=True) as temporary:
        kind = "sdist"
        if not path.exists():
            path, kind = _fetched(source, Path(temporary), progress or Silent()), "requirement"
        _check_is_sdist(path, source)
        tree = unpack.project_in(path, Path(temporary, "tree"), source)
        _check_is_project(tree, source)
        yield Source(path=tree, kind=kind, name=path.name)


_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*")
"""A project and its one version; nothing that a shell, a path or an option could be made of."""

_WAYS: Final = "name a folder, an sdist (.tar.gz or .zip), or NAME==VERSION"


def _folder(path: Path, source: str) -> Source:
    tree = path.resolve()
    _check_is_project(tree, source)
    return Source(path=tree, kind="folder", name=tree.name)


def _fetched(source: str, folder: Path, progress: Progress) -> Path:
    wanted = _REQUIREMENT.fullmatch(source)
    if wanted is None:
        raise InputError("does not exist", where=source or "''", cure=_WAYS)
    name, version = wanted.groups()
    with progress.step(f"Fetching the sdist of {name} {version}"):
        return index.fetch_sdist(name, version, folder)


def _check_is_sdist(path: Path, source: str) -> None:
    if path.suffix == ".whl":
        raise InputError(
            "is a wheel, so it is built already", where=source, cure=f"read it with: backlit scan {source}"
        )
    if not path.is_file():
        raise InputError("is neither a file nor a folder", where=source, cure=_WAYS)


def _check_is_project(tree: Path, source: str) -> None:
    if not (tree / "pyproject.toml").is_file() and not (tree / "setup.py").is_file():
        raise InputError(
            "has neither a pyproject.toml nor a setup.py",
            where=source,
            cure="name the folder that holds one of them, or an sdist",
        )
