"""Names and paths resolved to libraries: the catalogue first, then the package that owns the file."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from backlit import owners
from backlit.catalog import Catalogue
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backlit.owners import Ownership


class Resolved(NamedTuple):
    """A library by its id."""

    id: str
    """DepURL."""
    canonical: str
    """``true``, ``false``, or ``unknown`` if nothing resolved the name."""
    confidence: Confidence
    """How sure the step from name to id is."""


class Resolver:
    """The catalogue, and the owners of the files of one build."""

    def __init__(self, catalogue: Catalogue, owned: Mapping[str, Ownership]) -> None:
        self.catalogue = catalogue
        self.owned = owned
        self._is_platform_package = cache(catalogue.is_platform_package)
        self._is_platform_name = cache(catalogue.is_platform)

    @classmethod
    def over(cls, paths: set[str]) -> Resolver:
        """Make a resolver that knows who owns `paths`: all in one look, since a database is read once."""
        return cls(Catalogue.load(), owners.owners_of(paths))

    def owner(self, path: str | None) -> Ownership | None:
        """Give the package that owns a path, if it was among those looked up."""
        return self.owned.get(path) if path else None

    def purl(self, path: str | None) -> str | None:
        """Give the PURL of the package that owns a path; None if none does."""
        owner = self.owner(path)
        return owner.purl if owner else None

    def is_platform(self, kind: NameKind, name: str, path: str | None = None) -> bool:
        """Tell whether a name or its file is what every extension has: the C library, the compilers' own, Python."""
        owner = self.owner(path)
        if owner is not None and kind is NameKind.HEADER:
            return self._is_platform_package(owner.name)  # thousands of headers, a few packages
        return self._is_platform_name(kind, name) or (owner is not None and self._is_platform_package(owner.name))

    def library(self, kind: NameKind, name: str, path: str | None = None) -> Resolved:
        """Give the library that a name of one kind means; `path` is the file it led to, if any.

        A name that neither the catalogue nor the owner's source package resolves keeps itself, ``canonical: unknown``.
        """
        known = self.catalogue.identify(kind, name)
        if known is not None:
            return Resolved(known.id, _said(canonical=known.canonical), known.confidence)
        owner = self.owner(path)
        if owner is None:
            return Resolved(f"dep:generic/{_bare(kind, name)}", "unknown", Confidence.LOW)
        held = self.held_by(owner)
        if held is not None:
            return held
        return Resolved(f"dep:generic/{_plain(owner.source)}", "unknown", Confidence.MEDIUM)

    def held_by(self, owner: Ownership) -> Resolved | None:
        """Give the library whose files a package holds; None if the catalogue does not know the package."""
        known = self.catalogue.by_package(owner.name) or self.catalogue.by_source_package(owner.source)
        return known and Resolved(known.id, _said(canonical=known.canonical), Confidence.HIGH)


def _said(*, canonical: bool) -> str:
    return "true" if canonical else "false"


def _bare(kind: NameKind, name: str) -> str:
    """Give the name that stands for itself: ``libfoo.so.1`` and ``-lfoo`` both ``foo``; a header its first folder."""
    if kind is NameKind.HEADER:
        return _plain(name.partition("/")[0].removesuffix(".h"))
    if kind is NameKind.SONAME:
        return _plain(re.sub(r"\.so(\.[\w.]+)?$", "", name).removeprefix("lib") or name)
    return _plain(name)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", name).lower() or "unnamed"
