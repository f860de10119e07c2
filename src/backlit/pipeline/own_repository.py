"""What a scratch copy has of the project's own repository: one that is true, and that shares nothing that changes.

Version tools take the version, and the list of files, from it, and git writes in it even when it is only asked: ``git
status`` and ``git describe --dirty`` refresh the index. So the copy has a repository of its own.

* ``.git`` that is a folder is copied. Objects of git never change under their name; they are hard links where the file
  system allows it, as ``git clone --local`` makes them. A build that commits what is there already may renew the time
  of an object, as it does in any clone made so; one that only asks does not.
* ``.git`` that is a file (worktree, submodule) names a folder elsewhere. That is copied too, beside the tree, and the
  file in the copy names that copy. A file that names nothing is left out: git would refuse the whole tree for it.
* git is told that a file is the same if its time and size are: else the first question would read every file.
* A Mercurial share and a second workspace of jj name a folder elsewhere likewise.

Nothing of git is run.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.config import vcs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.support.clone import Cloner


def is_part(entry: os.DirEntry[str], path: str) -> bool:
    """Tell whether an entry of a tree is a repository's: ``.git`` anywhere, any other marker at the top."""
    return entry.name == ".git" or (path == entry.name and entry.name in vcs.MARKERS)


def copy_folder(source: str, target: str, cloner: Cloner, *, without: frozenset[str] = frozenset()) -> None:
    """Copy the folder of a repository; `without` are names at its top to leave out, as are locks and sockets.

    :raises OSError: if it cannot be read or written.
    """
    _copy(source, "", target, cloner, without)


def complete(root: Path, tree: Path, parent: Path, git_files: Iterable[str], cloner: Cloner) -> None:
    """Make what names a folder elsewhere name a copy of it; `git_files` are the ``.git`` files below `root`.

    `tree` is the copy of `root`; the copies go beside it, below `parent`.

    :raises OSError: if something cannot be read or written.
    """
    for number, path in enumerate(git_files):
        _complete_git_file(root / path, tree / path, parent / "repositories" / str(number), root, cloner)
    if (tree / ".git" / "config").is_file():
        # Where a repository says which folder it is about, it is this one now.
        text = _text(tree / ".git" / "config")
        if re.search(r"^\s*worktree\s*=", text, re.MULTILINE | re.IGNORECASE):
            _write(tree / ".git" / "config", f"{text}\n[core]\n\tworktree = {_quoted(tree)}\n")
    if (shared := _text(tree / ".hg" / "sharedpath").strip("\n")) and (root / ".hg" / shared).is_dir():
        copy_folder(os.path.normpath(root / ".hg" / shared), str(parent / "shared" / ".hg"), cloner)
        # Absolute, or relative to ``.hg`` where ``relshared`` is required: the absolute one is right for both.
        _write(tree / ".hg" / "sharedpath", f"{parent / 'shared' / '.hg'}\n")
    _complete_jj(root / ".jj", tree / ".jj", cloner)


_PASSING: Final = frozenset({"lock", "wlock"})
"""Mercurial's locks, links that lead nowhere; git's end in ``.lock``."""

_OBJECT: Final = re.compile(
    r"(?:.*/)?objects/(?:[0-9a-f]{2}/[0-9a-f]{38,62}|pack/pack-[0-9a-f]+\.(?:pack|idx|rev|bitmap))"
)
"""A file of git's that never changes. Others (``commit-graph``, ``multi-pack-index``, ``.keep``) are copied."""

_SETTINGS: Final = """
[core]
	checkStat = minimal
	trustctime = false
	fsmonitor = false
	untrackedCache = false
[gc]
	auto = 0
[maintenance]
	auto = false
"""
"""Added to a copy's configuration. Inodes and change times differ in a copy, times and sizes do not."""


def _copy(source: str, below: str, target: str, cloner: Cloner, without: frozenset[str]) -> None:
    os.makedirs(target, exist_ok=True)  # noqa: PTH103 - strings, for speed, throughout this function
    with os.scandir(source) as entries:
        listed = [entry for entry in entries if not _is_passing(entry.name) and entry.name not in without]
    names = {entry.name for entry in listed}
    for entry in listed:
        path, place = below + entry.name, f"{target}/{entry.name}"
        # What ``repo`` of Android makes consists of links to elsewhere.
        leads = os.readlink(entry.path) if entry.is_symlink() else None  # noqa: PTH115
        if leads is not None and not _leads_out(below, leads):
            os.symlink(leads, place)  # noqa: PTH211
        elif entry.is_dir():
            _copy(entry.path, f"{path}/", place, cloner, frozenset({"worktrees"} if {"HEAD", "refs"} <= names else ()))
        elif entry.is_file() and not (_OBJECT.fullmatch(path) and _linked(entry, place)):
            cloner.clone(os.path.realpath(entry.path), place, more=0o200 if entry.name in _CHANGED else 0)
    if {"HEAD", "objects"} <= names:
        _adapt(source, target)


_CHANGED: Final = frozenset({"config", "alternates", "sharedpath"})


def _adapt(source: str, target: str) -> None:
    """Let one git folder be true where it is now."""
    config = Path(target, "config")
    _write(config, _text(config) + _SETTINGS)
    borrowed = Path(target, "objects", "info", "alternates")
    if text := _text(borrowed):
        # Relative ones are relative to the folder of objects.
        lines = [line if line[:1] in {"/", "#", '"', ""} else f"{source}/objects/{line}" for line in text.split("\n")]
        _write(borrowed, "\n".join(lines))


def _is_passing(name: str) -> bool:
    return name.endswith(".lock") or name in _PASSING


def _leads_out(below: str, text: str) -> bool:
    return text.startswith("/") or os.path.normpath(f"{below}{text}").split("/", 1)[0] == ".."


def _linked(entry: os.DirEntry[str], place: str) -> bool:
    """Link an object; False if this cannot be: another file system, or a file of somebody else's."""
    if entry.is_symlink():
        return False
    try:
        os.link(entry.path, place)
    except OSError:
        return False
    return True


def _complete_git_file(source: Path, target: Path, private: Path, root: Path, cloner: Cloner) -> None:
    """Write the ``.git`` file of the copy; `private` is where the repository's own copy goes."""
    named = vcs.git_folder(source)
    if named is None:
        return
    text = _text(source).removeprefix("gitdir:").strip()
    if named.is_relative_to(root):
        # It is in the copy too: a submodule's, in ``.git/modules`` of the tree.
        inner = os.path.relpath(named, source.parent) if text.startswith("/") else text
        _write(target, f"gitdir: {inner}\n")
        return
    common = _text(named / "commondir").strip()
    if not common:
        copy_folder(str(named), str(private), cloner, without=frozenset({"worktrees"}))
        text = f"{_text(private / 'config')}\n[core]\n\tworktree = {_quoted(target.parent)}\n\tbare = false\n"
        _write(private / "config", text)
        _write(target, f"gitdir: {private}\n")
        return
    whole = os.path.normpath(named / common)
    copy_folder(whole, str(private), cloner, without=frozenset({"worktrees", "modules"}))
    own = private / "worktrees" / named.name
    copy_folder(str(named), str(own), cloner)
    _write(own / "commondir", "../..\n")
    _write(own / "gitdir", f"{target}\n")
    _write(target, f"gitdir: {own}\n")


def _complete_jj(source: Path, target: Path, cloner: Cloner) -> None:
    """Let a second workspace of jj have the first one's ``repo``, and a store have the git repository it names.

    Both names are relative to the folder they stand in; see ``DefaultWorkspaceLoader`` and ``GitBackend`` of jj-lib.
    """
    repo = source / "repo"
    if repo.is_file():
        repo = Path(os.path.normpath(source / _text(repo).strip()))
        if not repo.is_dir():
            return
        (target / "repo").unlink()
        copy_folder(str(repo), str(target / "repo"), cloner)
    named = _text(repo / "store" / "git_target").strip()
    inner = Path(os.path.normpath(repo / "store" / named))
    if not named or not inner.is_dir() or (inner.is_relative_to(source.parent) and not named.startswith("/")):
        return
    if not inner.is_relative_to(repo):
        copy_folder(str(inner), str(target / "repo" / "store" / "git"), cloner)
        inner = repo / "store" / "git"
    _write(target / "repo" / "store" / "git_target", os.path.relpath(inner, repo / "store"))


def _quoted(path: Path) -> str:
    """Give a path as git's configuration takes it."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")
