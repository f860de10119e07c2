"""Lines that have a package manager install something: names of packages, and of the libraries they may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.scanners._lines import lines_with

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
    r"[^\n;&|]{0,80}?\b(?:install|add|-S)\b"
)

_VERBS: Final = ("install", "add", "-S")

_LISTED: Final = re.compile(r"(?:[^\n;&|\\]|\\\n){0,600}")

_MANAGERS: Final = ("apt", "yum", "dnf", "apk", "brew", "zypper", "pacman", "conda", "mamba", "vcpkg", "port", "pkg")

_PACKAGE: Final = re.compile(r"[A-Za-z][\w.+-]{1,60}")

_ENDS: Final = re.compile(r"(?:\d[\d.]*)?-(?:dev|devel|libs?)$")


def _listed_in(text: str) -> Iterator[re.Match[str]]:
    """Give what follows the verbs of managers, over several lines where these are continued."""
    at = 0
    for start, end in lines_with(text, _VERBS) if any(manager in text for manager in _MANAGERS) else ():
        at = max(at, start)
        while found := _INSTALLING.search(text, at, end):
            listed = next(_LISTED.finditer(text, found.end()))
            at = listed.end()
            yield listed


def installed_in(text: str) -> Iterator[Installed]:
    """Give the packages that lines of a text install."""
    for found in _listed_in(text):
        at = found.start()
        for word in re.finditer(r"[^\s\\]+", found[0]):
            package = word[0].strip("`'\",()")
            if _PACKAGE.fullmatch(package):
                name = re.sub(r"^lib(?=\w{3})", "", _ENDS.sub("", package))
                yield Installed(package, name, text.count("\n", 0, at + word.start()) + 1)
