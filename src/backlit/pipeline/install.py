"""What to install on this machine, in one line, for libraries, tools and compilers that are missing.

    missing = [Wanted("dep:generic/libxml2"), Wanted("dep:virtual/compiler/c", role="build")]
    line(missing).command     # "apt-get install -y gcc libc6-dev libxml2-dev"

Names of packages come from the catalogue; what it has no name for is listed apart, and never guessed. Where the package
manager keeps a list of what it can install, a name that is not in it counts as none: one such name would fail the line.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog import Catalogue
from backlit.pipeline import managers
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from backlit.pipeline.managers import Manager

PYTHON_HEADERS: Final = "dep:generic/python"
"""With the role ``host``: the headers of the running interpreter."""

C_LIBRARY: Final = "dep:generic/libc"
"""With the role ``host``: the C library's headers, which some distributions do not install with a compiler."""


class Wanted(NamedTuple):
    """One thing that is missing."""

    id: str
    """DepURL of a library, tool or compiler: ``dep:generic/openssl``, ``dep:generic/cmake``,
    ``dep:virtual/compiler/fortran``; `PYTHON_HEADERS`, `C_LIBRARY`."""
    role: str = "host"
    """``host``: to build against it; ``build``: to run it in a build; ``run``: to run with it."""
    pkgconfig: tuple[str, ...] = ()
    """pkg-config modules it was asked for as: names that RPM and Alpine packages provide, where the catalogue has none
    of theirs."""
    debian: tuple[str, ...] = ()
    """Debian's packages, each of which has it, to be taken in place of the catalogue's: the first that can be had."""


class Line(NamedTuple):
    """What installs the missing."""

    manager: Manager | None
    """The package manager; None if none is known here."""
    command: str
    """The line, for a POSIX shell; empty if there is nothing that it could install."""
    packages: tuple[str, ...]
    """The packages in it, sorted."""
    unnamed: tuple[str, ...]
    """Ids for which no package is known here, sorted. All of them where there is no manager."""
    unchecked: tuple[str, ...] = ()
    """Those of the packages whose names the catalogue has from nowhere that was looked up, sorted; none where the
    manager's own lists have them."""


def line(wanted: Iterable[Wanted], manager: Manager | None = None) -> Line:
    """Give the line that installs all of `wanted` with the package manager of this machine, or with `manager`."""
    asked = sorted(set(wanted))
    manager = manager or managers.here()
    if manager is None:
        return Line(None, "", (), tuple(sorted({item.id for item in asked})))
    named = packages_for(asked, manager)
    packages = tuple(sorted({package for found in named.values() for package in found}))
    unnamed = tuple(sorted({item.id for item, found in named.items() if not found}))
    return Line(manager, manager.line(packages), packages, unnamed, _unchecked(named, manager))


def packages_for(wanted: Iterable[Wanted], manager: Manager) -> dict[Wanted, tuple[str, ...]]:
    """Give the packages of each, as `manager` calls them; none where no name is known, or one cannot be had."""
    catalogue = Catalogue.load()
    named = {item: _named(item, manager, catalogue) for item in wanted}
    lacking = _not_to_be_had(manager, {package for packages in named.values() for package in packages})
    return {item: packages if lacking.isdisjoint(packages) else () for item, packages in named.items()}


def _unchecked(named: Mapping[Wanted, tuple[str, ...]], manager: Manager) -> tuple[str, ...]:
    every = {package for packages in named.values() for package in packages}
    if offered(every, manager):
        return ()
    catalogue = Catalogue.load()
    known = {item: catalogue.packages(item.id).get(manager.distribution) for item in named}
    found = {name for item in named if (own := known[item]) and own.checked is None for name in (*own.host, *own.build)}
    return tuple(sorted(found & every))


def _named(item: Wanted, manager: Manager, catalogue: Catalogue) -> tuple[str, ...]:
    if item.role == "host" and item.id == PYTHON_HEADERS:
        return _python_headers(manager)
    if item.id == C_LIBRARY:
        return _C_LIBRARY.get(manager.name, ())
    known = catalogue.packages(item.id).get(manager.distribution)
    if item.debian and manager.distribution == "debian":
        return _first_had(item.debian, manager)
    if known is None or item.debian:
        provided = _PROVIDED.get(manager.name)
        return tuple(provided.format(module) for module in item.pkgconfig) if provided else ()
    packages: tuple[str, ...] = getattr(known, item.role) or known.host
    # gcc alone compiles nothing where the C library's headers are another package, which it only recommends.
    beside = _C_LIBRARY.get(manager.name, ()) if item.id == "dep:virtual/compiler/c" and packages else ()
    return (*packages, *beside)


def _first_had(packages: Sequence[str], manager: Manager) -> tuple[str, ...]:
    """Give the first of some packages that the manager's lists have; the first of all if it has no lists here."""
    known = offered(packages, manager)
    return tuple([package for package in packages if package in known] or packages)[:1]


_PROVIDED: Final = {"dnf": "pkgconfig({})", "zypper": "pkgconfig({})", "apk": "pc:{}"}
"""How packages of these say which pkg-config modules they hold; each installs by such a name."""

_C_LIBRARY: Final = {"apt": ("libc6-dev",), "dnf": ("glibc-devel",), "apk": ("musl-dev",), "zypper": ("glibc-devel",)}


def _python_headers(manager: Manager) -> tuple[str, ...]:
    """Give the package of the running interpreter's headers; none if it is not the distribution's own."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if manager.name in _PYTHONS_OWN:
        return (_PYTHONS_OWN[manager.name].format(version),)
    if sys.base_prefix != "/usr":
        return ()
    default, other = _PYTHONS.get(manager.name, ("", ""))
    is_default = os.path.realpath("/usr/bin/python3") == os.path.realpath(f"/usr/bin/python{version}")
    name = default if is_default else other.format(version, version.replace(".", ""))
    return (name,) if name else ()


_PYTHONS_OWN: Final = {"brew": "python@{}", "conda": "python", "nix-shell": "python3"}
"""Where an interpreter is known by its own prefix, and its package has the headers."""

_PYTHONS: Final = {
    "apt": ("python3-dev", "python{0}-dev"),
    "dnf": ("python3-devel", "python{0}-devel"),
    "apk": ("python3-dev", ""),
    "pacman": ("python", ""),
    "zypper": ("python3-devel", "python{1}-devel"),
}
"""The package for the system's default interpreter, and the one for another of its versions."""


def offered(packages: Iterable[str], manager: Manager) -> dict[str, str]:
    """Give the version of each package that the manager's own lists have; empty where it has none, or keeps them away.

    Nothing is fetched: where the line begins by fetching lists, nothing is known before.
    """
    ask = _LISTS.get(manager.name)
    asked = sorted(set(packages))
    return ask(asked) if ask is not None and asked and len(manager.commands) == 1 else {}


def _not_to_be_had(manager: Manager, packages: set[str]) -> set[str]:
    """Give the packages that the manager's lists do not have; none where nothing is known of them."""
    known = offered(packages, manager)
    return packages - known.keys() if known else set()


def are_here(packages: Iterable[str], manager: Manager) -> bool:
    """Tell whether all of some packages are installed already; False where the manager does not say so in this way."""
    asked = sorted(set(packages))
    if manager.name != "apt" or not asked:
        return False
    done = process.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\n", *asked], environment=_PLAIN)
    return done.output.split() == ["installed"] * len(asked)


def _in_apt(packages: list[str]) -> dict[str, str]:
    done = process.run(["apt-cache", "policy", *packages], environment=_PLAIN)
    return dict(re.findall(r"(?m)^(\S+):\n  Installed: .*\n  Candidate: (\d\S*)", done.output))


_PLAIN: Final = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

_LISTS: Final[dict[str, Callable[[list[str]], dict[str, str]]]] = {"apt": _in_apt}
"""Package managers that say what they can install without the network."""
