"""What a source tree asks for: a folder or an sdist, read and never run."""

from __future__ import annotations

import os
import re
import time
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit import scanners
from backlit.config import project as projects, setup_files
from backlit.errors import InputError
from backlit.model.evidence import Confidence
from backlit.model.signal import Scope
from backlit.scanners import File
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backlit.model.signal import Finding
    from backlit.scanners import Tree

_LEFT_OUT: Final = frozenset(
    {".git", ".hg", ".jj", ".svn", ".bzr", "__pycache__", ".tox", ".nox", ".venv", ".mypy_cache", ".pytest_cache"}
)
"""Folders of a working tree that an sdist does not have."""

_MOST_FILES: Final = 200_000


def tree_in(path: Path) -> Tree:
    """Read the source tree in a folder, or in an sdist, as a stream: nothing is unpacked.

    :raises InputError: if it is neither, or is damaged.
    """
    if path.is_dir():
        return scanners.read(_files_below(path))
    if path.suffix == ".zip":
        return scanners.read(_files_in_zip(path))
    return scanners.read(_files_in_tar(path))


def build_findings(root: Path, *, seconds: float) -> Iterator[Finding]:
    """Give what the build of the tree in a folder asks for: no hints, nothing of its tests.

    After so many `seconds` no more files are read, and no more is given.
    """
    stop = time.monotonic() + seconds
    tree = scanners.read(takewhile(lambda _: time.monotonic() < stop, _files_below(root)))
    for finding in takewhile(lambda _: time.monotonic() < stop, scanners.findings_in(tree)):
        scope, confidence = getattr(finding, "scope", Scope.BUILD), getattr(finding, "confidence", Confidence.HIGH)
        if scope is Scope.BUILD and confidence is not Confidence.LOW:
            yield finding


class Named(NamedTuple):
    """What project a tree is."""

    name: str | None
    """As the tree states it; None if it does not."""
    version: str | None
    """The version that stands in the tree; None if none does."""
    backend: str
    """The build backend that pyproject.toml names, or setuptools' legacy one."""


def project_of(tree: Tree) -> Named:
    """Tell name, version and backend from the texts at the top of a tree."""
    pyproject = table_of(tree.texts.get("pyproject.toml", ""))
    project, headers = pyproject.get("project"), tree.texts.get("PKG-INFO", "").partition("\n\n")[0]
    table = project if isinstance(project, dict) else {}
    name = table.get("name") or _header(headers, "Name")
    if not isinstance(name, str):
        name = setup_files.name_of(tree.texts.get("setup.cfg", ""), tree.texts.get("setup.py", ""))
    backend = (pyproject.get("build-system") or {}).get("build-backend", projects.LEGACY)
    return Named(
        name=name,
        version=table["version"] if isinstance(table.get("version"), str) else _header(headers, "Version"),
        backend=backend if isinstance(backend, str) else projects.LEGACY,
    )


def _header(headers: str, key: str) -> str | None:
    found = re.search(rf"(?m)^{key}:[ \t]*(\S+)", headers)
    return found[1] if found else None


def _files_below(root: Path) -> Iterator[File]:
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                raise InputError(f"has more than {_MOST_FILES} files", where=str(root), cure="name a project's folder")
            path = os.path.join(folder, name)  # noqa: PTH118 - strings from walk, by the thousand
            try:
                size = os.stat(path).st_size  # noqa: PTH116 - likewise
            except OSError:
                continue
            yield File(os.path.relpath(path, root).replace(os.sep, "/"), size, partial(_content_of, path))


def _content_of(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a string from walk
            return file.read()
    except OSError:
        return b""


def _files_in_tar(path: Path) -> Iterator[File]:
    from backlit.artifacts import tars  # noqa: PLC0415 - a folder needs none

    for member in tars.members_of(path):
        if not member.is_link:
            yield File(member.name.partition("/")[2] or member.name, member.size, member.read)


def _files_in_zip(path: Path) -> Iterator[File]:
    from backlit.artifacts import zips  # noqa: PLC0415 - few sdists are

    with zips.open_zip(path) as file:
        for member in file.infolist():
            if not member.is_dir():
                name = member.filename
                yield File(name.partition("/")[2] or name, member.file_size, partial(file.read, name))
