"""Which files of a tree a checkout would track, told without its VCS."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import gitignore, vcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.gitignore import Rule


def files_in(root: str) -> tuple[str, ...]:
    """Give every file of the tree that a checkout would track; relative to `root`, with ``/``, sorted.

    Left out: repositories, caches, environments, what a build or an install has written (known by its content, not by
    its name alone), and what the tree's own ``.gitignore`` files leave out. A link counts as a file and is not
    followed. A folder that cannot be read has no files.

    A project may track what its ``.gitignore`` names. An archive of a commit gives everything in it one time, in whole
    seconds: what bears the time of the ``.gitignore`` came with it, and stays.
    """
    return tuple(sorted(_walk(root, "", ())))


_CACHES: Final = frozenset(
    {
        *vcs.MARKERS,
        *("__pycache__", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs"),
        # Where scikit-build, Debian's pybuild and Fedora's macros build and put wheels.
        *("_skbuild", ".pybuild", ".pyproject-builddir", "pyproject-wheeldir"),
    }
)
"""Never tracked, wherever they stand."""

_COMPILED: Final = re.compile(
    r".*(?:\.py[co]|\.(?:cpython-\d+\w*-[\w-]+|pypy\d+-\w+-[\w-]+|abi3)\.so|\.cp\d+-\w+\.pyd)", re.DOTALL
)
"""Bytecode, and extension modules that are named for one interpreter: built in place."""

_BUILT: Final = ("bdist.", "lib.", "temp.", "scripts-", "__editable__")
"""How the folders in ``build`` start that setuptools makes; it makes ``lib`` too."""

_BUILD_FILES: Final = frozenset({"CMakeCache.txt", "build.ninja", "meson-info", "lib"})
"""What else tells that ``build`` is a build folder, and no folder of sources with that name."""

_MADE: Final = (
    frozenset({"pyvenv.cfg"}),
    frozenset({"CMakeCache.txt", "CMakeFiles"}),
    frozenset({"meson-info", "meson-private"}),
    frozenset({".rustc_info.json"}),
)
"""What is in an environment, and in a build folder of CMake, meson and cargo, whatever its name."""

_ARTIFACTS: Final = (".whl", ".tar.gz", ".zip", ".egg")


class _Ignores(NamedTuple):
    """One ``.gitignore``."""

    folder: str
    """Path of its folder, with a ``/`` at the end, or empty."""
    rules: tuple[Rule, ...]
    """Its patterns, in order."""
    stamp: int | None
    """Its time in nanoseconds, if that is whole seconds: then an archive may have set it. Clocks of file systems are
    finer."""


def _walk(top: str, below: str, above: tuple[_Ignores, ...]) -> Iterator[str]:
    """Give the files in one folder and those in it; `below` is its path with a ``/`` at the end, or empty."""
    try:
        entries = [*os.scandir(f"{top}/{below}")]
    except OSError:
        return
    names = frozenset(entry.name for entry in entries)
    if below and is_built(below.rstrip("/"), [*names]):
        return
    ignores = above
    if ".gitignore" in names and (own := _ignores(top, below)) is not None:
        ignores = (*above, own)
    for entry in entries:
        path, is_folder = below + entry.name, entry.is_dir(follow_symlinks=False)
        if _is_written(entry, path, is_folder=is_folder) or _is_ignored(ignores, entry, path, is_folder=is_folder):
            continue
        if is_folder:
            yield from _walk(top, f"{path}/", ignores)
        elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
            yield path


def _is_written(entry: os.DirEntry[str], path: str, *, is_folder: bool) -> bool:
    """Tell whether builds, installs and tools write what has this name."""
    if entry.name in _CACHES:
        return True
    if not is_folder:
        return _COMPILED.fullmatch(entry.name) is not None
    # setuptools puts it beside the packages: at the top, or in ``src``. Further down it is a test's.
    return entry.name.endswith(".egg-info") and path.count("/") <= 1


def is_built(path: str, names: list[str]) -> bool:
    """Tell whether the folder at `path`, which holds `names`, is one that builds or installs have made.

    By its content, not by its name alone: an environment, a build folder of CMake, meson, cargo or setuptools, a
    ``dist`` that holds nothing but artifacts, reports of backlit. `path` is relative to the tree.
    """
    if path == "build" and any(name in _BUILD_FILES or name.startswith(_BUILT) for name in names):
        return True
    if path == "dist" and all(name.endswith(_ARTIFACTS) for name in names):
        return True
    if path == "backlit-report" and all(name.endswith(".json") for name in names):
        return True
    return any(made.issubset(names) for made in _MADE)


def _ignores(top: str, below: str) -> _Ignores | None:
    path = f"{top}/{below}.gitignore"
    if os.path.islink(path):  # noqa: PTH114 - a string from scandir
        # git reads no linked .gitignore (2.32 and later).
        return None
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - likewise
            rules, time = gitignore.rules_in(file.read()), os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        return None
    return _Ignores(below, rules, None if time % 1_000_000_000 else time) if rules else None


def _is_ignored(ignores: tuple[_Ignores, ...], entry: os.DirEntry[str], path: str, *, is_folder: bool) -> bool:
    """Ask the nearest ``.gitignore`` first; one further up is asked where that one does not speak of the path."""
    if not ignores:
        return False
    raw = os.fsencode(path)
    for one in reversed(ignores):
        answer = gitignore.verdict(one.rules, raw[len(os.fsencode(one.folder)) :], is_folder=is_folder)
        if answer is not None:
            return answer and not _came_with(one, entry)
    return False


def _came_with(one: _Ignores, entry: os.DirEntry[str]) -> bool:
    try:
        return one.stamp is not None and entry.stat(follow_symlinks=False).st_mtime_ns == one.stamp
    except OSError:
        return False
