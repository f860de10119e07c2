"""Who owns a file on this machine: one package manager a file.

A *root* is a folder below which a package manager keeps its files: ``/`` for a system's own, or the folder of a
sysroot; a conda prefix, a virtual environment, a Homebrew keg, a Spack prefix, a Nix store. A root is known by a mark:
a file or folder that its package manager puts there. A file is the concern of the innermost root above it. Only the
managers of the roots of the files that are asked about are loaded, and each is asked once for all of a root.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from backlit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class Ownership(NamedTuple):
    """A file's package."""

    purl: str
    """Package URL with version and qualifiers: ``pkg:deb/debian/libssl-dev@3.0.15-1?arch=amd64&distro=bookworm``."""
    name: str
    """The package's name: ``libssl-dev``."""
    source: str
    """The source package's name: ``openssl``; the package's own name if it is its own source, or none is known."""
    version: str
    """The package's version as the package manager spells it."""
    others: tuple[tuple[str, str], ...] = ()
    """Its instances for other machines that hold the same file: architecture, as ELF files name it, and PURL."""

    @property
    def type(self) -> str:
        """The PURL's type, which says whose package names these are: ``deb``, ``rpm``, ``conda``."""
        return self.purl.removeprefix("pkg:").partition("/")[0]


class Owner(Protocol):
    """A package manager."""

    name: str
    """Its name, which is its module's: ``dpkg``."""

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> Mapping[str, Ownership]:
        """Give the package of each name that one owns; names that none owns are left out.

        A file is the names it may have, the likeliest first: absolute, as a machine whose ``/`` is `root` has them, in
        folders that are no links. Once the first has an owner the others need not be looked for. `root` is empty for
        this machine's own. All files in one call: a database is read once.

        :raises FormatError: if the database cannot be read.
        :raises OSError: likewise.
        """
        ...


class Answer(NamedTuple):
    """What package managers say of the files asked about."""

    owned: dict[str, Ownership]
    """The package of each path that has one."""
    unowned: frozenset[str]
    """Paths that no package has; not those that are in no root of a manager known here, and none if there are faults:
    of these nothing is known."""
    faults: tuple[str, ...]
    """Databases that could not be read, and why, one sentence each, sorted."""


class _Root(NamedTuple):
    manager: str
    """Name of its package manager."""
    folder: str
    """Absolute; empty for ``/``."""


_PREFIXES: Final = {
    "conda-meta": "conda",
    "pyvenv.cfg": "python",
    "INSTALL_RECEIPT.json": "homebrew",
    ".spack/spec.json": "spack",
}
"""Marks of folders with packages of their own."""

_STORES: Final = {"/nix/store": "nix"}
"""Folders known by how their own path ends: a build that is shut in sees nothing else of them."""

_SYSTEMS: Final = {
    "var/lib": {
        "dpkg/status": "dpkg",
        "rpm/rpmdb.sqlite": "rpm",
        "rpm/Packages.db": "rpm",
        "rpm/Packages": "rpm",
        "pacman/local": "pacman",
    },
    "usr/lib": {
        "sysimage/rpm/rpmdb.sqlite": "rpm",
        "sysimage/rpm/Packages.db": "rpm",
        "sysimage/rpm/Packages": "rpm",
        "apk/db/installed": "apk",
    },
    "lib/apk/db": {"installed": "apk"},
}
"""Marks of a whole system, the machine's own or a sysroot's, below folders that few others have."""

_OF_SYSTEMS: Final = frozenset(manager for marks in _SYSTEMS.values() for manager in marks.values())

UNREADABLE: Final = (FormatError, OSError)
"""What an adapter raises where a database cannot be read."""

MANAGERS: Final = ("dpkg", "rpm", "apk", "pacman", "conda", "python", "homebrew", "spack", "nix")
"""Names of all package managers; of those that have files in one root the first is believed."""


def owners_of(paths: Iterable[str]) -> Answer:
    """Give the package of each absolute path, asking each package manager whose root it is in.

    A link belongs to the package that has the link: ``libz.so`` is zlib1g-dev's, and what it points to zlib1g's. One
    that no package has belongs to what it points to. A folder has no owner, nor has a path that is not absolute.
    """
    # A NUL is in no path: the operating system refuses to look at it.
    asked = sorted({path for path in paths if path.startswith("/") and "\0" not in path and not os.path.isdir(path)})  # noqa: PTH112 - text
    search = _Search()
    owned = search.among(asked, search.roots)
    looked_up = frozenset() if search.faults else frozenset(search.looked_up)
    # Outside of its own roots Python is asked last: a distribution's package of a project may leave its lists in place.
    left = [path for path in asked if path not in owned]
    owned |= search.among(left, search.environments)
    return Answer(owned, looked_up - owned.keys(), tuple(sorted(search.faults)))


class _Search:
    """The roots that were found for one question; each folder is looked at once."""

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.looked_up: set[str] = set()
        """Paths that a manager was asked about."""
        self._asked: set[_Root] = set()
        self._roots: dict[str, frozenset[_Root]] = {}
        self._folders: dict[str, str] = {}
        self._environments: dict[str, bool] = {}

    def among(self, paths: Iterable[str], roots_of: Callable[[str], frozenset[_Root]]) -> dict[str, Ownership]:
        """Ask the managers of the roots that each path's names are in."""
        names = {path: tuple(self._names(path)) for path in paths}
        files: dict[_Root, list[list[str]]] = {}
        for path, forms in names.items():
            inside: dict[_Root, list[str]] = {}
            for form in forms:
                for root in roots_of(os.path.dirname(form)) - self._asked:  # noqa: PTH120 - text
                    inside.setdefault(root, []).append(form[len(root.folder) :])
            for root, relative in inside.items():
                files.setdefault(root, []).append(relative)
            self.looked_up.update([path] if inside else [])
        self._asked.update(files)
        known: dict[str, Ownership] = {}
        for root in sorted(files, key=_precedence):
            known |= {root.folder + name: owner for name, owner in self._ask(root, files[root]).items()}
        firsts = {path: next((known[form] for form in forms if form in known), None) for path, forms in names.items()}
        return {path: owner for path, owner in firsts.items() if owner is not None}

    def roots(self, folder: str) -> frozenset[_Root]:
        """Give the innermost roots that a folder is in: one for each manager that has a mark there."""
        known = self._roots.get(folder)
        if known is None:
            above = os.path.dirname(folder)  # noqa: PTH120 - text
            known = _marked("" if folder == "/" else folder) or (frozenset() if above == folder else self.roots(above))
            self._roots[folder] = known
        return known

    def environments(self, folder: str) -> frozenset[_Root]:
        """Give the innermost folder above that Python's packages are installed below, ``/`` apart."""
        while folder not in {"/", ""}:
            if folder not in self._environments:
                self._environments[folder] = _has_python(folder)
            if self._environments[folder]:
                return frozenset({_Root("python", folder)})
            folder = os.path.dirname(folder)  # noqa: PTH120 - text
        return frozenset()

    def _names(self, path: str) -> Iterator[str]:
        """Give what a file is called, the nearest first: in its real folder, as given, then what it is a link to."""
        seen: set[str] = set()
        while path not in seen:
            seen.add(path)
            folder, name = os.path.split(path)
            inside = f"{self._real(folder)}/{name}"
            target = _target(inside)
            # Links to alternatives and the alternatives are the administrator's, no package's: to ask for one would
            # have every list read in vain.
            if "/etc/alternatives/" not in f"{inside}\0{target}":
                yield inside
                if inside != path:
                    yield path
            if target is None:
                return
            path = self._led_to(inside, target)

    def _real(self, folder: str) -> str:
        """Resolve a folder, absolute links inside its sysroot; empty for ``/``.

        Not os.path.realpath: it looks at every folder above anew, and knows one ``/`` alone.
        """
        if not folder.strip("/"):
            return ""
        if folder not in self._folders:
            self._folders[folder] = folder  # what a circle of links comes back to
            above, name = os.path.split(folder)
            inside = self._real(above)
            if name == "..":
                inside = inside.rpartition("/")[0]
            elif name not in {"", "."}:
                inside = f"{inside}/{name}"
                target = _target(inside)
                inside = inside if target is None else self._real(self._led_to(inside, target))
            self._folders[folder] = inside
        return self._folders[folder]

    def _led_to(self, link: str, target: str) -> str:
        """Give the path that a link in a real folder means."""
        if target.startswith("/"):
            return self._system(link) + target
        return f"{os.path.dirname(link)}/{target}"  # noqa: PTH120 - text

    def _system(self, path: str) -> str:
        """Give the folder that is ``/`` to a file: a sysroot, or nothing for this machine's own."""
        roots = self.roots(os.path.dirname(path))  # noqa: PTH120 - text
        return next((root.folder for root in roots if root.manager in _OF_SYSTEMS), "")

    def _ask(self, root: _Root, files: list[list[str]]) -> Mapping[str, Ownership]:
        owner: Owner = import_module(f"{__name__}.{root.manager}").ADAPTER
        try:
            return owner.owners_of(root.folder, files)
        except UNREADABLE as error:
            # Without any path of this machine's: a report is compared with those of others.
            problem = error.strerror or str(error) if isinstance(error, OSError) else error.problem
            self.faults.add(f"what {root.manager} says of its files cannot be read: {problem}")
            return {}


def _precedence(root: _Root) -> tuple[int, int]:
    """Put inner roots after outer ones, and of several managers of one root the first after the others."""
    return len(root.folder), -MANAGERS.index(root.manager)


def _marked(folder: str) -> frozenset[_Root]:
    """Give the roots that a folder is."""
    managers = [manager for ending, manager in _STORES.items() if folder.endswith(ending)]
    managers += [manager for mark, manager in _PREFIXES.items() if os.path.lexists(f"{folder}/{mark}")]
    managers += [
        manager
        for above, marks in _SYSTEMS.items()
        # The second of apk's places, seen from /usr, looks like the first.
        if not folder.endswith("/usr") and os.path.lexists(f"{folder}/{above}")
        for mark, manager in marks.items()
        if os.path.lexists(f"{folder}/{above}/{mark}")
    ]
    return frozenset(_Root(manager, folder) for manager in managers)


def _has_python(folder: str) -> bool:
    for libraries in ("lib", "lib64"):
        try:
            names = os.listdir(f"{folder}/{libraries}")  # noqa: PTH208 - text
        except OSError:
            continue  # no such folder, or none that we may look into: nothing is known to be installed there
        if any(name.startswith(("python", "pypy")) for name in names):
            return True
    return False


def _target(path: str) -> str | None:
    """Give what a link points to, as it says; None for anything else."""
    try:
        return os.readlink(path)  # noqa: PTH115 - text
    except OSError:
        return None  # no link, or no file at all: what was deleted by now may still have an owner
