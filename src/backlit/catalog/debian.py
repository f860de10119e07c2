"""What Debian's own file lists say of names that no entry of the catalogue has: the package that such a file is in.

An entry says what a library is called everywhere; this says only that one source package of Debian's, and no other, has
a file of a name. ``debian.json`` holds the names, made by ``python -m backlit.catalog._generate_debian``::

    {"releases": ["bookworm", "trixie"],
     "packages": [["notmuch", "libnotmuch-dev"], ...],  # a source package, and its packages that have the file
     "pkgconfig": ..., "link": {"notmuch": 0, ...}, "cmake": ..., "config_tool": ..., "header": {"notmuch.h": 0, ...}}

Of headers only the folders that stand first in an ``#include``, and files in none; and of these, as of names after
``-l``, only such as are called like their package: ``utils.h`` may be anybody's.
"""

from __future__ import annotations

import json
from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Any, NamedTuple

from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator


class Named(NamedTuple):
    """What has a file of some name."""

    source: str
    """The source package: ``notmuch``."""
    packages: tuple[str, ...]
    """Packages that have it, in Debian 12, 13 or both: each has all that is needed. The plainest name first."""

    @property
    def id(self) -> str:
        """Give the DepURL of the source package: ``dep:deb/debian/notmuch``."""
        return f"dep:deb/debian/{self.source}"


def find(kind: NameKind, name: str) -> Named | None:
    """Give what has the file that `name` stands for in the sense of `kind`; None if nothing or more than one thing."""
    document = _document()
    for table, key in _keys(kind, name):
        if (number := document[table].get(key)) is not None:
            source, *packages = document["packages"][number]
            return Named(source, tuple(packages))
    return None


def _keys(kind: NameKind, name: str) -> Iterator[tuple[str, str]]:
    """Give the tables to look in, and what to look for there."""
    if kind is NameKind.HEADER:
        folder, slash, _ = name.partition("/")
        yield "header", f"{folder}{slash}"
    if kind in {NameKind.PKGCONFIG, NameKind.MESON}:
        yield "pkgconfig", name
    if kind in {NameKind.CMAKE, NameKind.MESON}:
        yield "cmake", name.lower()
    if kind in {NameKind.LINK, NameKind.CONFIG_TOOL}:
        yield kind.value, name


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get_data(__package__, "debian.json") or b"{}")
    return document
