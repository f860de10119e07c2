"""A real git repository, made up, for what nothing but a repository tells its version.

It stands inside a scratch copy; for an editable build, which runs in the tree itself, outside of the tree.

One commit that tracks what a checkout would track, and annotated tags on it. Everything else is excluded, so that no
tool calls the tree dirty. The same tree and tags give the same commit: who, when and what are fixed. In the copy of a
tree that is a checkout itself it takes the place of that tree's own: its tags would be in the way.
"""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import file_list, settings, vcs
from backlit.errors import VersionError
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def can_be_made() -> bool:
    """Tell whether there is a git to make one with."""
    return shutil.which("git") is not None


def make(
    tree: Path,
    tags: tuple[str, ...],
    folder: Path | None = None,
    *,
    of: Path | None = None,
    more: Iterable[str] = (),
) -> None:
    """Make a git repository of the folder `tree`; of several tags ``git describe`` gives the first.

    It stands in `folder`, which must not be there yet; if that is None, in ``.git`` of the tree, a scratch copy, in
    place of what is there. `tree` may be a copy, without a repository, of the folder `of`, which is then asked what it
    tracks; `more` are files to track besides.

    :raises VersionError: if git fails.
    """
    names = "".join(f"{path}\0" for path in sorted({*_tracked(of or tree), *more}) if os.path.lexists(tree / path))
    if folder is None:
        folder = tree / ".git"
        if of is None:
            _remove_repositories(tree)
    git = _Git(tree, folder)
    git.run("init", "--quiet", "--initial-branch=main")
    # Not in info/exclude: scikit-build-core reads that file, and would leave every file out of the wheel.
    (folder / _EXCLUDES).write_text("*\n", encoding="utf-8")
    git.run("config", "core.excludesFile", str(folder / _EXCLUDES))
    listed = folder / "backlit-files"
    listed.write_bytes(names.encode("utf-8", "surrogateescape"))
    if names:
        git.run("add", "--force", f"--pathspec-from-file={listed}", "--pathspec-file-nul")
    listed.unlink()
    git.run("commit", "--quiet", "--allow-empty", "--no-verify", "--message=backlit")
    # git describe takes the youngest of several annotated tags of one commit.
    for age, tag in enumerate(reversed(tags)):
        git.run("tag", "--annotate", f"--message={tag}", tag, time=_EPOCH + age)


def _tracked(tree: Path) -> tuple[str, ...]:
    """Give the files to track: those that the tree's own repository tracks, else those that a checkout would."""
    listed = vcs.tracked(tree, submodules=True)
    return file_list.snapshot(tree) if listed is None else listed


def _remove_repositories(tree: Path) -> None:
    """Take ``.git`` away, from submodules too: git adds no file below one of them."""
    for folder, names, files in os.walk(tree):
        path = f"{folder}/.git"
        if os.path.islink(path) or ".git" in files:  # noqa: PTH114 - a string from walk
            os.unlink(path)  # noqa: PTH108 - likewise
        elif ".git" in names:
            shutil.rmtree(path)
        names[:] = [name for name in names if name != ".git"]


def make_outside(tree: Path, tags: tuple[str, ...], parent: Path) -> dict[str, str]:
    """Make a repository of `tree` below `parent`, and give the variables by which git finds it there.

    Some tools take ``GIT_DIR`` away before they ask git, so the first ``git`` on ``PATH`` is a script that names the
    repository to the real one.

    :raises VersionError: if git fails.
    """
    folder = parent / "repository" / ".git"
    folder.parent.mkdir()
    make(tree, tags, folder)
    real = shlex.quote(str(shutil.which("git")))
    places = f"--git-dir={shlex.quote(str(folder))} --work-tree={shlex.quote(str(tree))}"
    path = _first_git(f"exec {real} {places}", parent)
    return {"GIT_DIR": str(folder), "GIT_WORK_TREE": str(tree), "GIT_OPTIONAL_LOCKS": "0", "PATH": path}


def keep_below(ceilings: str, parent: Path) -> dict[str, str]:
    """Give the variables that keep git below `ceilings` for a tool that takes that variable away before it asks git.

    For an editable build, which runs in the tree, below somebody's repository. `ceilings` is as
    ``GIT_CEILING_DIRECTORIES`` has it. Nothing where there is no git.
    """
    real = shutil.which("git")
    if real is None:
        return {}
    return {"PATH": _first_git(f"GIT_CEILING_DIRECTORIES={shlex.quote(ceilings)} exec {shlex.quote(real)}", parent)}


def _first_git(command: str, parent: Path) -> str:
    """Give a ``PATH`` on which the first ``git`` is a script that runs `command`."""
    script = parent / "git-outside" / "git"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\n{command} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    path = settings.environment().get("PATH", os.defpath)
    return f"{script.parent}{os.pathsep}{path}"


_EXCLUDES: Final = "backlit-excludes"

_EPOCH: Final = 946_684_800
"""2000-01-01 in seconds: the time of the commit, and of the first tag."""

_SETTINGS: Final = (
    *("user.name=backlit", "user.email=backlit@localhost", "commit.gpgSign=false", "tag.gpgSign=false"),
    # Nobody keeps these objects, and compressing a large tree takes longer than copying it.
    *("core.compression=0", "core.looseCompression=0", "core.fsync=none", "gc.auto=0", "core.autocrlf=false"),
    *("core.hooksPath=/dev/null", "core.safecrlf=false", "advice.addEmbeddedRepo=false"),
    *("safe.directory=*", "init.templateDir="),
)


class _Git(NamedTuple):
    """The real git, sent to one repository."""

    tree: Path
    folder: Path

    def run(self, *arguments: str, time: int = _EPOCH) -> None:
        environment = {**_environment(time), "GIT_DIR": str(self.folder), "GIT_WORK_TREE": str(self.tree)}
        done = process.run(["git", *_options(), *arguments], cwd=self.tree, environment=environment, seconds=600.0)
        if done.status != 0:
            problem = f"git {arguments[0]} failed: {_last_line(done.errors)}"
            cure = "see whether git works there, or set the version in the tree"
            raise VersionError(problem, where=str(self.tree), cure=cure)


def _options() -> list[str]:
    return [word for setting in _SETTINGS for word in ("-c", setting)]


def _environment(time: int) -> dict[str, str]:
    """Give git no other repository, no configuration of the user's, and one fixed moment."""
    kept = {name: value for name, value in settings.environment().items() if not name.startswith("GIT_")}
    stamps = {"GIT_AUTHOR_DATE": f"{time} +0000", "GIT_COMMITTER_DATE": f"{time} +0000"}
    return {**kept, **stamps, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "it did not say why"


def tags_of(tags: Iterable[str], template: str | None, version: str) -> tuple[str, ...]:
    """Give the tags to make: the one that somebody asked for, else those that the tool's own settings ask for."""
    return tuple(tags) if template is None else (template.replace("{version}", version),)
