"""The copying of a source tree, entry by entry.

Source files are never linked to the original's: a build may write in one without replacing it. Where the file system
can share blocks, the copy does; what git itself never changes is linked (see :mod:`backlit.pipeline.own_repository`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.config import tracked, vcs
from backlit.pipeline import own_repository
from backlit.support.clone import Cloner

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT: Final = frozenset({"__pycache__", ".tox", ".nox", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Folders that no build reads: environments and caches."""


class Copying:
    """One copy, under way. Paths are relative to the tree, with ``/``; the tree's own is empty."""

    def __init__(self, root: Path, parent: Path, *, repository: bool) -> None:
        self.root, self.parent, self.repository = root, parent, repository
        self.target = parent / "tree" / (root.name or "source")
        self.cloner = Cloner()
        self.unread: list[str] = []
        self._folders: list[tuple[str, os.stat_result]] = []
        self._git_files: list[str] = []
        self._outside: set[str] = set()
        self._skipped = frozenset(_inside(root, parent))
        self._tracked: frozenset[str] | None = None
        # Of a repository that is copied, a file that is tracked and missing would make the version a dirty one.
        self._guards = repository and vcs.own(root) == ".git"

    def copy(self) -> tuple[str, str]:
        """Copy everything but modes and times of folders; give where the copy's paths and the original's start."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        waiting = [""]
        while waiting:
            waiting += self._folder(waiting.pop())
        prefix = self._lead_links_out()
        own_repository.complete(self.root, self.target, self.parent, self._git_files, self.cloner)
        return prefix

    def finish(self) -> None:
        """Give each folder its time, and a mode with which the build may write in it."""
        for path, state in reversed(self._folders):
            place = f"{self.target}/{path}"
            os.chmod(place, (state.st_mode & 0o7777) | 0o200)  # noqa: PTH101 - strings, for speed
            os.utime(place, ns=(state.st_atime_ns, state.st_mtime_ns))

    def _folder(self, below: str) -> list[str]:
        """Copy one folder's files; give the folders in it, which are still to be copied."""
        source, target = f"{self.root}/{below}", f"{self.target}/{below}"
        try:
            with os.scandir(source) as entries:
                listed = [*entries]
            state = os.stat(source)  # noqa: PTH116 - strings, for speed
        except (PermissionError, FileNotFoundError) as error:
            self._miss(below, error)
            return []
        if below and self._is_left_out(below, [entry.name for entry in listed]):
            return []
        os.mkdir(target, 0o700)  # noqa: PTH102 - strings, for speed
        self._folders.append((below, state))
        found: list[str] = []
        for entry in listed:
            path = f"{below}/{entry.name}" if below else entry.name
            if own_repository.is_part(entry, path):
                self._own(entry, path)
            elif entry.is_symlink():
                self._link(entry.path, path)
            elif entry.is_dir(follow_symlinks=False):
                found.append(path)
            elif entry.is_file(follow_symlinks=False):
                # Who is given a folder that cannot be written, such as a Nix store path, is given such files too.
                self._file(entry.path, path, writable=not state.st_mode & 0o200)
            # A socket or a pipe is left out, as archives do.
        return found

    def _own(self, entry: os.DirEntry[str], path: str) -> None:
        """Take what belongs to a repository: a ``.git`` anywhere, another marker at the top."""
        if not self.repository:
            return
        if entry.name == ".git" and entry.is_file():
            self._git_files.append(path)
        elif not entry.is_dir():
            self._file(entry.path, path, writable=False)
        else:
            own_repository.copy_folder(os.path.realpath(entry.path), f"{self.target}/{path}", self.cloner)

    def _file(self, source: str, path: str, *, writable: bool) -> None:
        try:
            self.cloner.clone(source, f"{self.target}/{path}", more=0o200 if writable else 0)
        except (PermissionError, FileNotFoundError) as error:
            self._miss(path, error)

    def _miss(self, path: str, error: OSError) -> None:
        """Pass over what cannot be read; a build in place may not have read it either. What is gone was never there."""
        if not path or error.filename is None or not str(error.filename).startswith(f"{self.root}/"):
            raise error
        if isinstance(error, PermissionError):
            self.unread.append(path)

    def _link(self, source: str, path: str) -> None:
        text, above = os.readlink(source), os.path.dirname(path)  # noqa: PTH115, PTH120 - strings, for speed
        if text.startswith(f"{self.root}/"):
            # It would lead out of the copy, and a build that writes through it would write in the tree.
            text = os.path.relpath(text[len(f"{self.root}/") :], above or ".")
        elif not text.startswith("/"):
            leads = os.path.normpath(os.path.join(above, text))  # noqa: PTH118 - strings, for speed
            if leads.split("/", 1)[0] == "..":
                self._outside.add(leads)
        os.symlink(text, f"{self.target}/{path}")  # noqa: PTH211 - strings, for speed
        state = os.lstat(source)
        os.utime(f"{self.target}/{path}", ns=(state.st_atime_ns, state.st_mtime_ns), follow_symlinks=False)

    def _lead_links_out(self) -> tuple[str, str]:
        """Let a relative link that leaves the tree lead where it leads from there; give :meth:`copy`'s answer.

        The link's own text is kept, for it may be packed. So the copy gets as many folders above it, of the same names,
        as such links climb, and in them a link to the original of each goal.
        """
        if not self._outside or not self.root.parents:
            return str(self.target), str(self.root)
        levels = max(path.split("/").count("..") for path in self._outside)
        base, origin = self.target.parent, self.root.parents[min(levels, len(self.root.parents)) - 1]
        place = base / self.root.relative_to(origin)
        if place != self.target:
            self.target.rename(self.parent / "moved")
            place.parent.mkdir(parents=True)
            (self.parent / "moved").rename(place)
            self.target = place
        for goal in sorted(Path(os.path.normpath(self.root / path)) for path in self._outside):
            mirrored = base / goal.relative_to(origin)
            if not self.root.is_relative_to(goal) and not os.path.lexists(mirrored):
                mirrored.parent.mkdir(parents=True, exist_ok=True)
                mirrored.symlink_to(goal)
        return str(base), str(origin)

    def _is_left_out(self, path: str, names: list[str]) -> bool:
        if path in self._skipped:
            return True
        is_left = path.rpartition("/")[2] in LEFT_OUT or tracked.is_built(path, names)
        return is_left and not (self._guards and path in self._tracked_folders())

    def _tracked_folders(self) -> frozenset[str]:
        if self._tracked is None:
            listed = vcs.tracked(self.root)
            if listed is None:
                self._guards = False
            self._tracked = frozenset(above for path in listed or () for above in _folders_above(path))
        return self._tracked


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _inside(root: Path, parent: Path) -> Iterator[str]:
    """Give the paths of `parent` and of its folder, if they are inside the tree: Fedora points TMPDIR there."""
    top, place = os.path.realpath(root), os.path.realpath(parent)
    for path in (place, os.path.dirname(place)):  # noqa: PTH120 - strings, for speed
        if path.startswith(f"{top}/"):
            yield path[len(top) + 1 :]
