"""Whose repository a source tree stands in, and what it tracks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

MARKERS: Final = (".git", ".hg", ".jj", ".svn", ".bzr", "_darcs", ".pijul", "_FOSSIL_", ".fslckout")
"""What stands at the top of a repository; ``.git`` may be a file (worktree, submodule)."""


GIT_VARIABLES: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""Variables that send git to a repository whatever stands around it; a git hook sets them for all that it starts."""


def own(root: Path) -> str | None:
    """Name the marker of the repository whose top is `root`; None if there is none."""
    return next((marker for marker in MARKERS if _is_repository(root, marker)), None)


def foreign(root: Path) -> Path | None:
    """Give the top of a repository further up, which is not this project's; None if there is none.

    A project that is its own git repository's top has no foreign one, whatever stands above. One under another VCS may:
    tools that ask git alone would climb to it.
    """
    if _is_repository(root, ".git"):
        return None
    return next((folder for folder in root.parents if own(folder)), None)


def home(root: Path, named: str) -> Path | None:
    """Give the top of the repository further up that the project names, as ``Claim.home`` does; None for none."""
    if named == "*":
        return None if own(root) else next((folder for folder in root.parents if own(folder)), None)
    place = Path(os.path.normpath(root / named))
    return place if place != root and root.is_relative_to(place) and own(place) else None


def beyond_git(root: Path) -> Path | None:
    """Give the top of a repository further up that is not git's; None if there is none, or `root` has one of its own.

    No variable keeps its tool from climbing to it, as ``GIT_CEILING_DIRECTORIES`` keeps git.
    """
    if own(root):
        return None
    others = [marker for marker in MARKERS if marker != ".git"]
    return next((folder for folder in root.parents if any(_is_repository(folder, marker) for marker in others)), None)


def git_folder(path: Path) -> Path | None:
    """Give the folder that a ``.git`` names, or is; None if that is no repository's."""
    named = path
    if path.is_file():
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        named = Path(os.path.normpath(path.parent / text.removeprefix("gitdir:").strip()))
    return named if os.path.lexists(named / "HEAD") else None


def is_strangers(root: Path) -> bool:
    """Tell whether git would refuse the repository at `root` for being another user's (git 2.35.2 and later).

    A user may have allowed it all the same, by ``safe.directory``; that is not looked at.
    """
    path = root / ".git"
    named = git_folder(path)
    if named is None:
        return False
    allowed = {os.geteuid()}
    if 0 in allowed and os.environ.get("SUDO_UID", "").isdecimal():
        allowed.add(int(os.environ["SUDO_UID"]))
    return any(place.lstat().st_uid not in allowed for place in (root, path, named))


def can_be_asked(root: Path) -> bool:
    """Tell whether the tree has a repository of its own that would list its files. Runs nothing.

    That is git's, if it has a commit, or Mercurial's; and its tool is installed. Not where jj's stands beside git's:
    setuptools-scm 10 asks jj then, and jj alone.
    """
    marker = own(root)
    if _is_repository(root, ".jj"):
        return False
    if marker not in {".git", ".hg"} or shutil.which(marker[1:]) is None:
        return False
    return marker != ".git" or _has_commit(git_folder(root / ".git"))


def tracked(root: Path, *, submodules: bool = False) -> tuple[str, ...] | None:
    """Give the files below `root` that its own repository tracks and that are there; None if that cannot be asked.

    Relative to `root`, with ``/``, sorted. Of a submodule its folder, or its files if `submodules` are asked for. git
    and Mercurial are asked, if they are installed; git also where it would refuse another user's repository.
    """
    marker = own(root)
    listed: list[str] | None = None
    if marker == ".git":
        listed = _listed_by_git(root, submodules=submodules)
    elif marker == ".hg":
        listed = _listed_by_hg(root)
    return None if listed is None else tuple(sorted({path for path in listed if os.path.lexists(root / path)}))


def _is_repository(root: Path, marker: str) -> bool:
    # An empty .git folder is none to git, which then looks further up.
    if marker != ".git":
        return os.path.lexists(root / marker)
    if os.path.isfile(root / marker):  # noqa: PTH113 - speed
        return git_folder(root / marker) is not None
    return os.path.lexists(root / marker / "HEAD")


def _has_commit(folder: Path | None) -> bool:
    """Tell whether ``HEAD`` names a commit: it does not after ``git init`` alone."""
    if folder is None:
        return False
    head, common = _text(folder / "HEAD").strip(), _text(folder / "commondir").strip()
    whole = Path(os.path.normpath(folder / common))
    if not head.startswith("ref:") or (whole / "reftable").is_dir():
        return True
    name = head.removeprefix("ref:").strip()
    packed = f" {name}\n" in _text(whole / "packed-refs")
    return packed or any((place / name).is_file() for place in (folder, whole))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _listed_by_git(root: Path, *, submodules: bool) -> list[str] | None:
    settings = ("-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")
    below = ("--recurse-submodules",) if submodules else ()
    printed = _answer(["git", *settings, "ls-files", "--cached", *below], root)
    return None if printed is None else [_unquoted(line) for line in printed.split("\n") if line]


def _listed_by_hg(root: Path) -> list[str] | None:
    printed = _answer(["hg", "--noninteractive", "files", "--template", r"{path|stringescape}\n"], root)
    return None if printed is None else [_unescaped(line) for line in printed.split("\n") if line]


def _answer(command: list[str], root: Path) -> str | None:
    from backlit.support import process  # noqa: PLC0415 - only a build that is told its files asks

    kept = {name: value for name, value in os.environ.items() if name not in GIT_VARIABLES}
    environment = {**kept, "GIT_OPTIONAL_LOCKS": "0", "HGPLAIN": "1", "LC_ALL": "C"}
    done = process.run(command, cwd=root, environment=environment, seconds=600.0)
    # Mercurial's status is 1 where it lists nothing.
    return done.output if done.status == 0 or (command[0] == "hg" and done.status == 1 and not done.errors) else None


def _unquoted(line: str) -> str:
    """Give a path as git printed it: in quotes and escaped, where a byte of it is not plain ASCII."""
    return _unescaped(line[1:-1]) if line.startswith('"') else line


def _unescaped(text: str) -> str:
    """Give the path whose bytes were written in ASCII with the escapes of C."""
    return text.encode("ascii").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")
