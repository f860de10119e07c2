"""The variables of setuptools-scm and vcs-versioning, which several tools end up reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.config import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_PROJECTS = ("SETUPTOOLS_SCM_PRETEND_VERSION", "VCS_VERSIONING_PRETEND_VERSION")
"""For every project that is built while they are set. setuptools-scm 7 and 8 know the first only."""


def for_one(name: str) -> tuple[str, ...]:
    """Give the variables for one project that every setuptools-scm finds, whichever version of it reads them.

    Version 8 and later bring the name into a normal form first; version 7 takes it as it is, in upper case, so that
    the variable of ``My.Project`` has a dot in its name.
    """
    prefix = f"{ALL_PROJECTS[0]}_FOR_"
    return tuple(dict.fromkeys((prefix + settings.suffix_of(name), prefix + name.upper())))


def home(table: Mapping[str, object]) -> str:
    """Give where a table's ``root`` or ``search_parent_directories`` puts the repository; see ``Claim.home``."""
    root = table.get("root")
    if isinstance(root, str) and root.startswith(".."):
        return root
    return "*" if table.get("search_parent_directories") is True else ""


def strongest_first(name: str | None) -> tuple[str, ...]:
    """Give all variables that are read for a project of this name; only those for all projects if it is None."""
    if name is None:
        return ALL_PROJECTS
    return (*for_one(name), f"{ALL_PROJECTS[1]}_FOR_{settings.suffix_of(name)}", *ALL_PROJECTS)
