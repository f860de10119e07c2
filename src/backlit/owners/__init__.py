"""Who owns a file on this machine: one package manager a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Ownership(NamedTuple):
    """A file's package."""

    purl: str
    """Package URL with version and architecture: ``pkg:deb/debian/libssl-dev@3.0.15-1?arch=amd64``."""
    name: str
    """The package's name: ``libssl-dev``."""
    source: str
    """The source package's name: ``openssl``; the package's own name if it is its own source."""
    version: str
    """The package's version as the package manager spells it."""


class Owner(Protocol):
    """A package manager."""

    name: str
    """Its name: ``dpkg``."""

    def is_present(self) -> bool:
        """Tell whether this machine has its database. Reads files, runs nothing."""
        ...

    def owners_of(self, paths: Iterable[str]) -> Mapping[str, Ownership]:
        """Give the package of each absolute path that one owns; paths that none owns are left out.

        All paths in one call: a database is read once. Reads files, runs nothing, reaches no network.
        """
        ...


def owners_of(paths: Iterable[str]) -> dict[str, Ownership]:
    """Give the package of each absolute path, asking each package manager present until one knows it."""
    left = set(paths)
    known: dict[str, Ownership] = {}
    for owner in adapters_in(__name__):
        if left and owner.is_present():
            found = owner.owners_of(left)
            known.update(found)
            left -= found.keys()
    return known
