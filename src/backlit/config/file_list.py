"""Which files a checkout of the tree would track, for tools that ask the VCS and find none.

The hook's process takes a snapshot, writes it to a file, and names that file in ``_BACKLIT_FILES`` while the real
backend runs; the file finder in setuptools' process reads it. The file is one JSON object: ``root``, the real path of
the tree's folder, and ``files``, paths relative to it with ``/``, sorted.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import vcs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backlit.config.gitignore import Rule

VARIABLE: Final = "_BACKLIT_FILES"
"""Names the file, while the hook runs."""


class FileList(NamedTuple):
    """The files of one tree."""

    root: str
    """Real path of the tree's folder."""
    files: tuple[str, ...]
    """Paths relative to it, with ``/``, sorted. Undecodable bytes as ``surrogateescape`` gives them."""


def snapshot(root: Path) -> tuple[str, ...]:
    """Give every file of the tree that a checkout would track; relative to `root`, with ``/``, sorted.

    Left out: repositories, caches, environments, what a build or an install has written (known by its content, not by
    its name alone), and what the tree's own ``.gitignore`` files leave out. A link counts as a file and is not
    followed. A folder that cannot be read has no files.
    """
    return tuple(sorted(_walk(os.fspath(root), "", ())))


def write(path: Path, root: Path, files: Iterable[str]) -> None:
    """Write the list of `files` of the tree at `root`.

    :raises OSError: if the file cannot be written.
    """
    import json  # noqa: PLC0415 - 10 ms of CPU, where no list is needed

    text = json.dumps({"root": os.path.realpath(root), "files": [*files]})
    path.write_text(text, encoding="ascii")


def read(path: str | Path) -> FileList | None:
    """Give the list that :func:`write` wrote; None if the file is not there, or is no such list."""
    import json  # noqa: PLC0415 - likewise

    try:
        with open(path, encoding="ascii") as file:  # noqa: PTH123 - a string from the environment
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    root, files = (found.get("root"), found.get("files")) if isinstance(found, dict) else (None, None)
    if not isinstance(root, str) or not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        return None
    return FileList(root, tuple(files))


def current() -> FileList | None:
    """Give the list of the build under way, which :data:`VARIABLE` names; None if there is none."""
    path = os.environ.get(VARIABLE)
    return read(path) if path else None


_CACHES: Final = frozenset(
    {*vcs.MARKERS, "__pycache__", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs"}
)
"""Never tracked, wherever they stand."""

_BYTECODE: Final = (".pyc", ".pyo")

_BUILT: Final = ("bdist.", "lib.", "temp.", "scripts-", "__editable__")
"""How the folders in ``build`` start that setuptools makes; it makes ``lib`` too."""

_BUILD_FILES: Final = frozenset({"CMakeCache.txt", "build.ninja", "meson-info", "lib"})
"""What else tells that ``build`` is a build folder, and no folder of sources with that name."""

_ARTIFACTS: Final = (".whl", ".tar.gz", ".zip", ".egg")


def _walk(top: str, below: str, above: tuple[tuple[str, tuple[Rule, ...]], ...]) -> Iterator[str]:
    """Give the files in one folder and those in it; `below` is its path with a ``/`` at the end, or empty."""
    try:
        entries = [*os.scandir(f"{top}/{below}")]
    except OSError:
        return
    names = frozenset(entry.name for entry in entries)
    if "pyvenv.cfg" in names:
        return
    patterns = above
    if ".gitignore" in names and (own := _rules(f"{top}/{below}.gitignore")):
        patterns = (*above, (below, own))
    for entry in entries:
        path, is_folder = below + entry.name, entry.is_dir(follow_symlinks=False)
        if _is_written(entry, path, is_folder=is_folder) or _is_ignored(patterns, path, is_folder=is_folder):
            continue
        if is_folder:
            yield from _walk(top, f"{path}/", patterns)
        elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
            yield path


def _is_written(entry: os.DirEntry[str], path: str, *, is_folder: bool) -> bool:
    """Tell whether builds, installs and tools write what has this name."""
    if entry.name in _CACHES:
        return True
    if not is_folder:
        return entry.name.endswith(_BYTECODE)
    if path == "build":
        return any(name in _BUILD_FILES or name.startswith(_BUILT) for name in _listed(entry.path))
    if path == "dist":
        return all(name.endswith(_ARTIFACTS) for name in _listed(entry.path))
    # setuptools puts it beside the packages: at the top, or in ``src``. Further down it is a test's.
    return entry.name.endswith(".egg-info") and path.count("/") <= 1


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - a string from scandir
    except OSError:
        return []


def _rules(path: str) -> tuple[Rule, ...]:
    from backlit.config import gitignore  # noqa: PLC0415 - only the hook's side needs it, not the file finder

    if os.path.islink(path):  # noqa: PTH114 - a string from scandir
        # git reads no linked .gitignore (2.32 and later).
        return ()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - likewise
            return gitignore.rules_in(file.read())
    except OSError:
        return ()


def _is_ignored(patterns: tuple[tuple[str, tuple[Rule, ...]], ...], path: str, *, is_folder: bool) -> bool:
    """Ask the nearest ``.gitignore`` first; one further up is asked where that one does not speak of the path."""
    if not patterns:
        return False
    from backlit.config import gitignore  # noqa: PLC0415 - loaded by then

    raw = os.fsencode(path)
    for folder, rules in reversed(patterns):
        answer = gitignore.verdict(rules, raw[len(os.fsencode(folder)) :], is_folder=is_folder)
        if answer is not None:
            return answer
    return False
