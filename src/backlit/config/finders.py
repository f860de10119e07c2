"""Build requirements that tell setuptools which files a VCS tracks, whoever gives the version.

They are entry points of the group ``setuptools.file_finders``; setuptools asks each that is installed, in every build.
Without the VCS they tell it nothing, and package data that only they know of are silently lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config.project import normalised

if TYPE_CHECKING:
    from backlit.config.project import BackendSpec, Project

FINDERS: Final = frozenset(
    {
        "setuptools-bzr",
        "setuptools-git",
        "setuptools-git-ls-files",
        "setuptools-hg",
        "setuptools-scm",
        "setuptools-subversion",
        "setuptools-svn",
    }
)
"""Distributions of the index that have such an entry point and work with Python 3, by their normal name."""

_OWN_RULES: Final = frozenset(
    {"flit_core", "flit_scm", "hatchling", "maturin", "mesonpy", "pdm", "poetry", "scikit_build_core", "uv_build"}
)
"""Backends by their top package. Every other one may be setuptools in another dress, and a list that nobody asks for
does no harm."""


def required(project: Project, backend: BackendSpec) -> str | None:
    """Name the build requirement that finds files, with its place, as ``setup.py:4: setuptools-git``; None if none.

    Looks at ``[build-system] requires``, and at ``setup_requires`` in setup.py and setup.cfg. None too under a backend
    that is known to choose files by rules of its own.
    """
    if backend.module.partition(".")[0] in _OWN_RULES:
        return None
    for name in project.requires:
        if name in FINDERS:
            return f"{project.line_of('pyproject.toml', _loose(name))}: {name}"
    return _by_setup(project, "setup.py") or _by_setup(project, "setup.cfg")


def _by_setup(project: Project, path: str) -> str | None:
    text = project.text(path)
    # Most trees need no parser.
    if "setup_requires" not in text or not re.search("|".join(map(_loose, FINDERS)), text):
        return None
    from backlit.config import setup_files  # noqa: PLC0415 - see the line before

    found = setup_files.setup_requires_in_cfg(text) if path == "setup.cfg" else setup_files.setup_requires(text)
    for item in found:
        named = re.match(r"\s*([A-Za-z0-9._-]+)", item)
        if named and (name := normalised(named[1])) in FINDERS:
            return f"{project.line_of(path, _loose(name))}: {name}"
    return None


def _loose(name: str) -> str:
    """Give a pattern that finds a normal name however it is spelled."""
    return rf"(?i:\b{name.replace('-', '[-_.]+')}\b(?![-_.]\w))"
