"""Lines that have a package manager install something: names of packages, and of the libraries they may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Installed(NamedTuple):
    """One package that a line installs."""

    package: str
    """As written: ``libfoo-dev``."""
    name: str
    """The library that it may hold: ``foo``."""
    line: int
    """From 1."""


_INSTALLING: Final = re.compile(
    r"\b(?:apt-get|apt|aptitude|yum|dnf|microdnf|apk|brew|zypper|pacman|conda|mamba|micromamba|vcpkg|port|pkg)\b"
    r"[^\n;&|]{0,80}?\b(?:install|add|-S)\b((?:[^\n;&|\\]|\\\n){0,600})"
)

_MANAGERS: Final = ("apt", "yum", "dnf", "apk", "brew", "zypper", "pacman", "conda", "mamba", "vcpkg", "port", "pkg")

_PACKAGE: Final = re.compile(r"[A-Za-z][\w.+-]{1,60}")

_ENDS: Final = re.compile(r"(?:\d[\d.]*)?-(?:dev|devel|libs?)$")


def installed_in(text: str) -> Iterator[Installed]:
    """Give the packages that lines of a text install."""
    if not any(manager in text for manager in _MANAGERS):
        return
    for found in _INSTALLING.finditer(text):
        at = found.start(1)
        for word in re.finditer(r"[^\s\\]+", found[1]):
            package = word[0].strip("`'\",()")
            if _PACKAGE.fullmatch(package):
                name = re.sub(r"^lib(?=\w{3})", "", _ENDS.sub("", package))
                yield Installed(package, name, text.count("\n", 0, at + word.start()) + 1)
