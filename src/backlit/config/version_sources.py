"""Where a version may stand outside the version tools: an sdist, a web archive, a distribution's environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.config.project import normalised
from backlit.config.settings import Setting
from backlit.errors import VersionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backlit.config.project import Project

DISTRIBUTION_VARIABLES: Final = (
    ("RPM_PACKAGE_VERSION", "RPM_PACKAGE_NAME"),
    ("PKG_VERSION", "PKG_NAME"),
    ("PV", "PN"),
    ("version", "pname"),
)
"""Variables that build tools of distributions set for the package being built: RPM, conda, Gentoo, Nix."""


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
    text = project.text(".git_archival.txt")
    found = re.search(r"^describe-name:[ \t]*(\S+)[ \t]*$", text, re.MULTILINE)
    if found is None or "$Format" in found[1] or re.search(r"-\d+-g[0-9a-f]+$", found[1]):
        return None
    version = re.search(r"(?:^|[-_./])[vV]?(\d[\w.!+-]*)$", found[1])
    return Setting(version[1], ".git_archival.txt: describe-name", "git-archival") if version else None


def from_distribution(root: Path, name: str | None, environment: Mapping[str, str]) -> Setting:
    """Give the version of the distribution's package being built, where that is this project by name.

    :raises VersionError: if no distribution's variables speak of this project; says what was looked at.
    """
    looked: list[str] = []
    for version, package in DISTRIBUTION_VARIABLES:
        value, of = environment.get(version), environment.get(package)
        if value and of and name is not None and _agrees(of, name):
            return Setting(value, f"environment variable {version}, {package}={of}", "distribution")
        looked.append(f"{version} ({'not set' if not value else f'{package}={of}'})")
    problem = f"no variable of a distribution speaks of {name or root.name}; looked at {', '.join(looked)}"
    raise VersionError(problem, where="BACKLIT_VERSION=auto", cure="set BACKLIT_VERSION to the version itself")


def _agrees(package: str, name: str) -> bool:
    """Tell whether a distribution's package name means the project: ``python3-foo``, ``py-foo``, ``foo``."""
    wanted = normalised(name)
    bare = re.sub(r"^(python3?\d*|py3?\d*)[-_.]", "", package)
    return wanted in {normalised(package), normalised(bare)}
