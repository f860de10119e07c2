"""Where a version may stand outside the version tools: in an sdist, in a web archive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backlit.config.settings import Setting

if TYPE_CHECKING:
    from backlit.config.project import Project


def from_pkg_info(project: Project) -> Setting | None:
    """Give the version that the sdist's own PKG-INFO states; None if the tree is no sdist."""
    headers = project.text("PKG-INFO").partition("\n\n")[0]
    found = re.search(r"^Version:[ \t]*(\S+)[ \t]*$", headers, re.MULTILINE)
    return Setting(found[1], "PKG-INFO", "pkg-info") if found and found[1] != "UNKNOWN" else None


def from_git_archival(project: Project) -> Setting | None:
    """Give the version of the tag that ``git archive`` wrote into ``.git_archival.txt``.

    None if the file is missing, was never filled in, or names a commit after the tag: that version is for a version
    tool to compute.
    """
    tag, _ = archived_tag(project)
    version = parted(tag)[1] if tag else ""
    return Setting(version, ".git_archival.txt: describe-name", "git-archival") if version else None


def archived_tag(project: Project) -> tuple[str | None, str]:
    """Give the tag that ``.git_archival.txt`` is an archive of; None if it is of none, and why."""
    text = project.text(".git_archival.txt")
    found = re.search(r"^describe-name:[ \t]*(\S+)[ \t]*$", text, re.MULTILINE)
    if found is None:
        return None, "names no tag" if text else "is not there"
    if "$Format" in found[1]:
        return None, "was never filled in"
    if re.search(r"-\d+-g[0-9a-f]+$", found[1]):
        return None, f"is of a commit after a tag, {found[1]}"
    return found[1], ""


def parted(tag: str) -> tuple[str, str]:
    """Give what a tag has before its version, and the version without ``v``; empty if it has none."""
    found = re.search(r"(?:^|[-_./])([vV]?(\d[\w.!+-]*))$", tag)
    return (tag[: found.start(1)], found[2]) if found else (tag, "")
