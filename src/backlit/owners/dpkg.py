"""dpkg: Debian and what is made of it.

Read are the files that dpkg-query(1) reads itself: ``info/<package>[:<architecture>].list``, the paths of one package a
file; ``diversions``, paths that one package took from another; ``status``, every package's fields. The lists are read
once for all paths asked, as bytes, and each is only intersected with them: the whole of a development machine's
database takes some 50 ms that way.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.owners import Owner, Ownership

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Dpkg:
    """dpkg's database; `database` and `os_release` are those of this machine unless told otherwise."""

    name = "dpkg"

    def __init__(self, database: Path = Path("/var/lib/dpkg"), os_release: Path = Path("/etc/os-release")) -> None:
        self._database = database
        self._os_release = os_release

    def is_present(self) -> bool:
        """Tell whether dpkg has a database here with packages in it."""
        return (self._database / "status").is_file() and (self._database / "info").is_dir()

    def owners_of(self, paths: Iterable[str]) -> dict[str, Ownership]:
        """Give the package of each path: of the path as it is, else of what it is a link to.

        A link belongs to the package that has the link: ``libz.so`` is zlib1g-dev's, and what it points to zlib1g's.
        A path that several packages have, a folder, has no owner. Both spellings of a merged ``/usr`` are tried, since
        a package may have ``/lib/x`` where the compiler said ``/usr/lib/x``.
        """
        # A relative path is nobody's, and a NUL is in no path: the operating system refuses to resolve it.
        asked = {path for path in paths if path.startswith("/") and "\0" not in path and _may_be_owned(path)}
        candidates = {path: tuple(_spellings(path)) for path in asked}
        holders = self._holders([frozenset(map(os.fsencode, spellings)) for spellings in candidates.values()])
        owner = {path: _first_owner(spellings, holders) for path, spellings in candidates.items()}
        known = self._ownerships({package for package in owner.values() if package})
        return {path: known[package] for path, package in owner.items() if package in known}

    def _holders(self, wanted: list[frozenset[bytes]]) -> dict[str, tuple[str, ...]]:
        """Give the packages that have each spelling of the paths wanted, sorted; others are left out."""
        if not wanted:
            return {}
        diversions = tuple(_diversions(self._database / "diversions"))
        asked = frozenset[bytes]().union(*wanted)
        touched = [each for each in diversions if {os.fsencode(each.contested), os.fsencode(each.moved_to)} & asked]
        contested = {os.fsencode(each.contested) for each in touched}
        names = frozenset(os.fsdecode(path.rpartition(b"/")[2]) for path in asked)
        holders: dict[str, set[str]] = {}
        for package, content in _lists(self._database / "info", names):
            found = (asked | contested).intersection(content.split(b"\n"))
            for path in found:
                holders.setdefault(os.fsdecode(path), set()).add(package)
            if found and not contested:
                wanted = [spellings for spellings in wanted if spellings.isdisjoint(found)]
                if not wanted:
                    break
        for diversion in diversions:
            _divert(holders, diversion)
        return {path: tuple(sorted(packages)) for path, packages in holders.items()}

    def _ownerships(self, packages: set[str]) -> dict[str, Ownership]:
        """Give what the status file says of packages; their names are those of their lists, ``libssl-dev:amd64``."""
        if not packages:
            return {}
        namespace = _distribution(self._os_release)
        bare = {package.partition(":")[0] for package in packages}
        known: dict[str, Ownership] = {}
        for fields in _stanzas(self._database / "status", bare):
            ownership = _ownership(fields, namespace)
            for package in (ownership.name, f"{ownership.name}:{fields.get('Architecture', '')}"):
                known[package] = ownership
        return known


class _Diversion(NamedTuple):
    """One path that a package took over."""

    contested: str
    """The path that both have."""
    moved_to: str
    """Where the other package's file really is."""
    by: str
    """The package that took it; ``:`` if the administrator did."""


_MERGED: Final = ("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/")


def _spellings(path: str) -> Iterator[str]:
    """Give what a path may be called in a list, the likeliest first: as given, its folder resolved, itself resolved."""
    seen: set[str] = set()
    folder, name = os.path.split(path)
    inside = f"{_real_folder(folder)}/{name}"
    for form in (path, inside, os.path.realpath(path) if os.path.islink(inside) else inside):  # noqa: PTH114 - text
        if form not in seen:
            yield from (form, _other_spelling(form))
            seen.add(form)


@cache
def _real_folder(folder: str) -> str:
    """Resolve a folder once: hundreds of headers stand in a few."""
    return os.path.realpath(folder).rstrip("/")


def _other_spelling(path: str) -> str:
    if path.startswith(_MERGED):
        return f"/usr{path}"
    return path.removeprefix("/usr") if path.startswith(tuple(f"/usr{folder}" for folder in _MERGED)) else path


def _first_owner(spellings: Iterable[str], holders: Mapping[str, tuple[str, ...]]) -> str | None:
    for spelling in spellings:
        if packages := holders.get(spelling):
            # One package for several architectures may share a file; different packages only share folders.
            return packages[0] if len({package.partition(":")[0] for package in packages}) == 1 else None
    return None


def _may_be_owned(path: str) -> bool:
    """Tell whether any package may have a path: one that none can have would have every list read in vain."""
    return not os.path.isdir(path) and not (path.startswith(_LOCAL) and os.path.realpath(path).startswith(_LOCAL))  # noqa: PTH112 - text


_LOCAL: Final = ("/usr/local/", "/home/", "/root/", "/tmp/", "/var/tmp/")  # noqa: S108 - compared with, never written
"""Where Debian Policy (9.1.2) lets no package put a file."""


def _lists(folder: Path, names: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Give each package's list, the likeliest first: a program's own, then development files, then libraries."""
    with os.scandir(folder) as entries:
        packages = [entry.name.removesuffix(".list") for entry in entries if entry.name.endswith(".list")]

    def likelihood(package: str) -> tuple[int, str]:
        name = package.partition(":")[0]
        order = (name in names, name.endswith("-dev") or "-dev-" in name, name.startswith(("lib", "gcc", "cpp")), True)
        return order.index(True), package

    for package in sorted(packages, key=likelihood):
        try:
            with open(f"{folder}/{package}.list", "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files
                content = file.read()
        except FileNotFoundError:
            continue  # the package was removed since the folder was read
        yield package, content


def _diversions(path: Path) -> Iterator[_Diversion]:
    """Read ``diversions``: three lines each, in the order of `_Diversion`."""
    try:
        lines = os.fsdecode(path.read_bytes()).splitlines()
    except FileNotFoundError:
        return
    for contested, moved_to, by in zip(*[iter(lines)] * 3, strict=False):
        yield _Diversion(contested, moved_to, by)


def _divert(holders: dict[str, set[str]], diversion: _Diversion) -> None:
    """Leave the contested path to the package that took it, and give the others' file its real place."""
    at_path = holders.pop(diversion.contested, set())
    taken = {package for package in at_path if package.partition(":")[0] == diversion.by}
    if taken:
        holders[diversion.contested] = taken
    if others := at_path - taken:
        holders.setdefault(diversion.moved_to, set()).update(others)


def _stanzas(path: Path, packages: set[str]) -> Iterator[dict[str, str]]:
    """Read the installed ones of these packages out of a status file: fields of one line only."""
    for stanza in path.read_bytes().split(b"\n\n"):
        first = stanza.lstrip(b"\n").partition(b"\n")[0].decode(errors="replace")
        if first.removeprefix("Package: ") not in packages:
            continue
        lines = stanza.decode(errors="replace").splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith(" "))
        if fields.get("Status", "").endswith(" installed"):
            yield fields


def _ownership(fields: Mapping[str, str], namespace: str) -> Ownership:
    name, version = fields["Package"], fields.get("Version", "")
    architecture = fields.get("Architecture")
    # The purl standard: `:` is never encoded and `~` is a plain character; `+` is encoded.
    purl = f"pkg:deb/{_encoded(namespace)}/{_encoded(name)}@{_encoded(version)}"
    return Ownership(
        purl=f"{purl}?arch={_encoded(architecture)}" if architecture else purl,
        name=name,
        source=fields.get("Source", name).partition(" ")[0],
        version=version,
    )


def _encoded(part: str) -> str:
    # Not urllib.parse.quote: it loads `ipaddress`, which costs more than all the rest.
    return re.sub(r"[^A-Za-z0-9._~:-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), part)


def _distribution(os_release: Path) -> str:
    """Give ``ID`` of an os-release file; ``debian``, which is its default nowhere but here, if it has none."""
    try:
        lines = os_release.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    ids = (line.removeprefix("ID=").strip("\"'") for line in lines if line.startswith("ID="))
    return next(ids, "debian")


ADAPTER: Final[Owner] = Dpkg()
