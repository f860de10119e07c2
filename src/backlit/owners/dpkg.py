"""dpkg: Debian and what is made of it.

Read are the files that dpkg-query(1) reads itself, below ``var/lib/dpkg``: ``info/<package>[:<architecture>].list``,
the paths of one package a file; ``diversions``, paths that one package took from another; ``status``, every package's
fields. The lists are read once for all paths asked, as bytes, and each is only intersected with them: the whole of a
development machine's database takes some 50 ms that way.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.owners import Owner, Ownership, _dpkg_names
from backlit.owners._lists import holders
from backlit.owners._purl import purl
from backlit.owners._system import distribution, merged, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backlit.owners._system import Distribution


class Dpkg:
    """dpkg's databases."""

    name = "dpkg"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name; one that several packages have has no owner."""
        folders = merged(root)
        forms = [[spellings(name, folders) for name in file if not name.startswith(_LOCAL)] for file in files]
        native = _native(f"{root}/var/lib/dpkg/arch")
        held = _holders(f"{root}/var/lib/dpkg", [names for names in forms if names], native)
        owner = {name[0]: _only(held, name, native) for names in forms for name in names}
        others = _others(f"{root}/var/lib/dpkg", {name[0]: name for names in forms for name in names}, owner)
        wanted = {package for package in owner.values() if package} | {
            each for found in others.values() for each in found
        }
        known = _ownerships(root, wanted)
        return {
            name: known[package]._replace(others=_instances(others.get(name, ()), known))
            for name, package in owner.items()
            if package in known
        }


_LOCAL: Final = ("/usr/local/", "/home/", "/root/", "/tmp/", "/var/tmp/")  # noqa: S108 - compared with, never written
"""Where Debian Policy (9.1.2) lets no package put a file: one there would have every list read in vain."""


def _only(held: Mapping[str, list[str]], name: Sequence[str], native: str) -> str | None:
    for spelling in name:
        if packages := sorted(held.get(spelling, ())):
            # One package for several architectures may share a file.
            is_one = len({package.partition(":")[0] for package in packages}) == 1
            return next((each for each in packages if each.endswith(f":{native}")), packages[0]) if is_one else None
    return None


def _native(path: str) -> str:
    """Give the machine's own architecture; empty if no other was ever added."""
    return next(iter(_architectures(path)), "")


def _architectures(path: str) -> list[str]:
    """Give the lines of ``arch``, the machine's own first; the file is there once others were added."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - text
            return file.read().split()
    except FileNotFoundError:
        return []


def _others(
    database: str, spellings_of: Mapping[str, Sequence[str]], owner: Mapping[str, str | None]
) -> dict[str, tuple[str, ...]]:
    """Give the instances of each name's package for other machines that have the name too: a header has several."""
    found: dict[str, tuple[str, ...]] = {}
    lists: dict[str, frozenset[str]] = {}
    architectures = _architectures(f"{database}/arch")
    for name, package in owner.items() if len(architectures) > 1 else ():
        bare, _, own = (package or "").partition(":")
        for other in (f"{bare}:{each}" for each in architectures if own and each != own):
            if other not in lists:
                lists[other] = frozenset(_listed(f"{database}/info/{other}.list"))
            if not lists[other].isdisjoint(spellings_of[name]):
                found[name] = (*found.get(name, ()), other)
    return found


def _listed(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - text
            return os.fsdecode(file.read()).splitlines()
    except FileNotFoundError:
        return []


def _instances(packages: Sequence[str], known: Mapping[str, Ownership]) -> tuple[tuple[str, str], ...]:
    named = ((_MACHINES.get(package.partition(":")[2]), known.get(package)) for package in packages)
    return tuple(sorted((machine, owner.purl) for machine, owner in named if machine and owner))


_MACHINES: Final = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armel": "arm",
    "armhf": "arm",
    "i386": "i686",
    "loong64": "loongarch64",
    "mips64el": "mips64",
    "ppc64el": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
"""Debian's architectures, as ELF files name them."""


def _holders(database: str, files: list[list[tuple[str, ...]]], native: str) -> dict[str, list[str]]:
    """Give the packages that have each spelling, diversions followed."""
    asked = {spelling for names in files for name in names for spelling in name}
    diversions = [each for each in _diversions(f"{database}/diversions") if {each.contested, each.moved_to} & asked]
    files += [[(each.contested,)] for each in diversions]
    lists = _lists(f"{database}/info", asked, native)
    held = holders(lists, files, to_the_end=bool(diversions))
    for diversion in diversions:
        _divert(held, diversion)
    return held


def _lists(folder: str, asked: set[str], native: str) -> Iterator[tuple[str, list[bytes]]]:
    """Give each package's list, the likeliest first: it is read no further than until all were found."""
    packages = [name.removesuffix(".list") for name in os.listdir(folder) if name.endswith(".list")]  # noqa: PTH208 - text
    likelihood = _dpkg_names.likelihood(asked)

    def order(package: str) -> tuple[int, bool, str]:
        name, _, architecture = package.partition(":")
        return likelihood(name), architecture != native, package

    for package in sorted(packages, key=order):
        try:
            with open(f"{folder}/{package}.list", "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files
                yield package, file.read().split(b"\n")
        except FileNotFoundError:
            continue  # the package was removed since the folder was read


class _Diversion(NamedTuple):
    """One path that a package took over."""

    contested: str
    """The path that both have."""
    moved_to: str
    """Where the other package's file really is."""
    by: str
    """The package that took it; ``:`` if the administrator did."""


def _diversions(path: str) -> Iterator[_Diversion]:
    """Read ``diversions``: three lines each, in the order of `_Diversion`."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - text
            lines = os.fsdecode(file.read()).splitlines()
    except FileNotFoundError:
        return
    for contested, moved_to, by in zip(*[iter(lines)] * 3, strict=False):
        yield _Diversion(contested, moved_to, by)


def _divert(held: dict[str, list[str]], diversion: _Diversion) -> None:
    """Leave the contested path to the package that took it, and give the others' file its real place."""
    at_path = held.pop(diversion.contested, [])
    taken = [package for package in at_path if package.partition(":")[0] == diversion.by]
    if taken:
        held[diversion.contested] = taken
    if others := [package for package in at_path if package not in taken]:
        held.setdefault(diversion.moved_to, []).extend(others)


def _ownerships(root: str, packages: set[str]) -> dict[str, Ownership]:
    """Give what the status file says of packages; their names are those of their lists, ``libssl-dev:amd64``."""
    if not packages:
        return {}
    system = distribution(root)
    bare = {package.partition(":")[0].encode() for package in packages}
    known: dict[str, Ownership] = {}
    for fields in _stanzas(f"{root}/var/lib/dpkg/status", bare):
        ownership = _ownership(fields, system)
        for package in (ownership.name, f"{ownership.name}:{fields.get('Architecture', '')}"):
            known[package] = ownership
    return known


def _stanzas(path: str, packages: set[bytes]) -> Iterator[dict[str, str]]:
    """Read the installed ones of these packages out of a status file: fields of one line only."""
    with open(path, "rb") as file:  # noqa: PTH123 - text
        stanzas = file.read().split(b"\n\n")
    for stanza in stanzas:
        first = stanza.lstrip(b"\n").partition(b"\n")[0]
        if not first.startswith(b"Package: ") or first.removeprefix(b"Package: ") not in packages:
            continue
        lines = stanza.decode(errors="replace").splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith(" "))
        if fields.get("Status", "").endswith(" installed"):
            yield fields


def _ownership(fields: Mapping[str, str], system: Distribution) -> Ownership:
    name, version = fields["Package"], fields.get("Version", "")
    # The PURL's vendor: os-release's ID, whose default is Debian's name nowhere but on Debian's own derivatives.
    return Ownership(
        purl=purl(
            "deb",
            system.id or "debian",
            name,
            version,
            arch=fields.get("Architecture"),
            distro=system.codename or system.release,
        ),
        name=name,
        source=fields.get("Source", name).partition(" ")[0],
        version=version,
    )


ADAPTER: Final[Owner] = Dpkg()
