"""Names and paths resolved to libraries: the catalogue first, then the package that owns the file."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

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

    def __init__(
        self,
        catalogue: Catalogue,
        owned: Mapping[str, Ownership],
        unowned: frozenset[str] = frozenset(),
        faults: tuple[str, ...] = (),
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self.catalogue = catalogue
        self.owned = owned
        self.unowned = unowned
        """Paths that were looked up, and that no package has."""
        self.faults = faults
        """Why owners are not known that might be."""
        self._hosts = hosts
        self._is_platform_package = cache(catalogue.is_platform_package)
        self._by_packages_of = cache(catalogue.by_packages_of)
        self._is_platform_name = cache(catalogue.is_platform)

    @classmethod
    def over(cls, paths: set[str], hosts: frozenset[str] = frozenset()) -> Resolver:
        """Make a resolver that knows who owns `paths`: all in one look, since a database is read once.

        `hosts` are the architectures of the artifact's binaries.
        """
        answer = owners.owners_of(paths)
        return cls(Catalogue.load(), answer.owned, answer.unowned, answer.faults, hosts)

    def owner(self, path: str | None) -> Ownership | None:
        """Give the package that owns a path, if it was among those looked up."""
        return self.owned.get(path) if path else None

    def purl(self, path: str | None, role: str = "build") -> str | None:
        """Give the PURL of the package that owns a path; None if none does.

        Of a file that a package's instances for several machines share, what `role` asks for counts: a header in
        ``/usr/include`` is the host's package's to what is compiled for the host.
        """
        owner = self.owner(path)
        if owner is None:
            return None
        others = owner.others if role != "build" else ()
        return next((purl for architecture, purl in others if architecture in self._hosts), owner.purl)

    def is_unowned(self, path: str | None) -> bool:
        """Tell whether a path was looked up, and no package has it."""
        return path in self.unowned

    def is_platform(self, kind: NameKind, name: str, path: str | None = None) -> bool:
        """Tell whether a name or its file is what every extension has: the C library, the compilers' own, Python."""
        owner = self.owner(path)
        distribution = _DISTRIBUTIONS.get(owner.type) if owner else None
        if owner and distribution and self._is_platform_package(owner.name, distribution):
            return True
        # Thousands of headers, a few packages; and Debian's platform packages are all known.
        return not (kind is NameKind.HEADER and distribution == "debian") and self._is_platform_name(kind, name)

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
        type_ = "pypi" if owner.type == "pypi" else "generic"
        return Resolved(f"dep:{type_}/{_plain(owner.source)}", "unknown", Confidence.MEDIUM)

    def project(self, name: str) -> Resolved:
        """Give the library that a project's name means: as a module, a linked name, a CMake package, or as its id."""
        bare = name.lower().removeprefix("lib")
        joined = re.sub(r"[-_.]", "", bare)  # a folder is called SuiteSparse_config, and linked is suitesparseconfig
        for kind, spelling in (
            (NameKind.PKGCONFIG, name),
            (NameKind.PKGCONFIG, name.lower()),
            (NameKind.PKGCONFIG, f"lib{bare}"),
            (NameKind.LINK, bare),
            (NameKind.SONAME, f"lib{bare}.so"),
            (NameKind.CMAKE, name),
            *([(NameKind.LINK, joined)] if len(joined) >= _TELLING else []),
        ):
            if self.catalogue.identify(kind, spelling) is not None:
                return self.library(kind, spelling)
        for id_ in (f"dep:generic/{name.lower()}", f"dep:generic/{bare}"):
            if (canonical := self.catalogue.is_canonical(id_)) is not None:
                return Resolved(id_, _said(canonical=canonical), Confidence.MEDIUM)
        return self.library(NameKind.PKGCONFIG, name)

    def held_by(self, owner: Ownership) -> Resolved | None:
        """Give the library whose files a package holds; None if the catalogue does not know the package."""
        distribution = _DISTRIBUTIONS.get(owner.type)
        if distribution is None:
            return None
        if distribution == "debian":
            known = self.catalogue.by_package(owner.name) or self.catalogue.by_source_package(owner.source)
        else:
            known = self._by_packages_of(distribution).get(owner.name)
        return known and Resolved(known.id, _said(canonical=known.canonical), Confidence.HIGH)


_TELLING: Final = 6
"""Letters of a name without its signs, at least: a shorter one is likely another library's."""

_DISTRIBUTIONS: Final = {
    "deb": "debian",
    "rpm": "fedora",
    "apk": "alpine",
    "alpm": "arch",
    "nix": "nixpkgs",
    "conda": "conda-forge",
    "brew": "homebrew",
}
"""Whose package names those of a PURL's type are, as the catalogue has them."""


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
