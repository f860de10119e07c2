"""What Python distribution has a module: of those that are named alike, and of a few that builds know by another name.

A name is no proof: anybody may have registered on PyPI what a module is called, and a build that is told to install it
runs what it gets. So ``modules.txt`` holds only distributions that Debian builds from source and ships with metadata of
that name and a module of that name in one package, that are among the most downloaded of PyPI, and of which PyPI has
no older version than Debian: made by ``python -m backlit.catalog._generate_modules``. One name a line, normalized.
"""

from __future__ import annotations

import re
from functools import cache
from pkgutil import get_data
from typing import Final

_OTHERWISE: Final = {
    "PIL": "pillow",  # the library that Pillow continues
    "_cffi_backend": "cffi",  # its compiled part
    "mesonbuild": "meson",
    "mesonpy": "meson-python",
    "mypyc": "mypy",
    "pkg_resources": "setuptools<81",  # the last that is sure to have it
    "poetry": "poetry-core",  # poetry.core is what builds
    "pyqtbuild": "PyQt-builder",
    "sipbuild": "sip",
    "skbuild": "scikit-build",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
"""Modules that builds import and whose distributions bear other names, as their own metadata say."""


def distribution_of(module: str) -> str:
    """Give the requirement that installs a top-level module; empty if that is not known for sure."""
    if module in _OTHERWISE:
        return _OTHERWISE[module]
    return module.replace("_", "-") if normalized(module) in _named_alike() else ""


def normalized(name: str) -> str:
    """Give the name of a distribution or a module as distributions are compared: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _named_alike() -> frozenset[str]:
    return frozenset((get_data(__package__, "modules.txt") or b"").decode().split())
