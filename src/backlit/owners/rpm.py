"""RPM: Fedora, Red Hat Enterprise Linux, openSUSE and what is made of them.

The database of rpm 4.16 and later (``rpmdb.sqlite``) is read as it is: ``Basenames`` and ``Dirnames`` say which
packages may have a path, and a package's header says it for certain. Older ones (``Packages``, Berkeley DB) and SUSE's
(``Packages.db``) are read by rpm itself, started once: it is asked for all that it has, since a question about one
path costs it as much.
"""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.errors import FormatError
from backlit.owners import Owner, Ownership
from backlit.owners._purl import purl
from backlit.owners._system import distribution, merged, spellings
from backlit.support.process import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

    from backlit.owners._system import Distribution


class Rpm:
    """RPM's databases."""

    name = "rpm"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name.

        Of several, such as one for each architecture, it is the one for this machine, else the one installed last.
        """
        folders = merged(root)
        names = {name: spellings(name, folders) for file in files for name in file}
        wanted = frozenset(spelling for forms in names.values() for spelling in forms)
        packages = _packages(root, wanted)
        system = distribution(root)
        machine = os.uname().machine
        by_fitness = sorted(packages, key=lambda package: package.architecture == machine)
        holder = {file: package for package in by_fitness for file in package.files}
        found = {name: next((holder[form] for form in forms if form in holder), None) for name, forms in names.items()}
        known = {package: _ownership(package, system) for package in found.values() if package}
        return {name: known[package] for name, package in found.items() if package}


class _Package(NamedTuple):
    name: str
    version: str
    """With the release: ``1.2-3.fc40``."""
    epoch: str
    """Empty without one."""
    architecture: str
    source: str
    """File name of the source package; empty if it is not said."""
    files: frozenset[str]
    """Those of its paths that are wanted."""


_PLACES: Final = ("usr/lib/sysimage/rpm", "var/lib/rpm")


def _packages(root: str, wanted: frozenset[str]) -> list[_Package]:
    for place in _PLACES:
        kept = os.listdir(f"{root}/{place}") if os.path.isdir(f"{root}/{place}") else []  # noqa: PTH112, PTH208 - text
        if "rpmdb.sqlite" in kept:
            return _read(f"{root}/{place}/rpmdb.sqlite", wanted)
        if "Packages" in kept or "Packages.db" in kept:
            return _asked(f"{root}/{place}", wanted)
    return []


def _read(path: str, wanted: frozenset[str]) -> list[_Package]:
    """Read the packages that have any of the paths wanted, in the order of their installation.

    :raises FormatError: if it is no such database.
    """
    import sqlite3  # noqa: PLC0415 - loaded where there is something to read with it

    try:
        with _opened(path) as connection:
            headers = list(_headers(connection, wanted))
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second for a message that quotes damaged bytes
        raise FormatError(str(error), where=path) from error
    try:
        packages = [_package(header, wanted) for header in headers]
    except struct.error as error:
        raise FormatError(f"a package's header ends early: {error}", where=path) from error
    return [package for package in packages if package.files]


def _opened(path: str) -> Any:  # noqa: ANN401 - what contextlib.closing gives
    from contextlib import closing  # noqa: PLC0415 - as sqlite3
    from sqlite3 import connect  # noqa: PLC0415 - likewise

    # The journal is a write-ahead log. Where it has something to say, its reader writes beside it; one who may not
    # reads what stands in the file itself. Where it has nothing, nothing is written.
    has_journal = os.path.isfile(f"{path}-wal") and os.path.getsize(f"{path}-wal") > 0  # noqa: PTH113, PTH202 - text
    mode = "mode=ro" if has_journal and os.access(os.path.dirname(path), os.W_OK) else "immutable=1"  # noqa: PTH120 - text
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return closing(connect(f"file:{quoted}?{mode}", uri=True))


def _headers(connection: Connection, wanted: frozenset[str]) -> Iterator[bytes]:
    by_file = _numbers(connection, "Basenames", {os.fsencode(path.rpartition("/")[2]) for path in wanted})
    by_folder = _numbers(connection, "Dirnames", {os.fsencode(path.rpartition("/")[0] + "/") for path in wanted})
    for number in sorted(by_file & by_folder):
        rows = connection.execute("SELECT CAST(blob AS BLOB) FROM Packages WHERE hnum = ?", (number,))
        yield from (row[0] for row in rows if row[0])


def _numbers(connection: Connection, table: str, keys: set[bytes]) -> set[int]:
    """Give the numbers of the packages that an index has under any of the keys."""
    ordered = sorted(keys)
    found: set[int] = set()
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        # As bytes: a path need be no UTF-8.
        marks = ",".join(["CAST(? AS TEXT)"] * len(some))
        query = f"SELECT CAST(hnum AS INT) FROM {table} WHERE key IN ({marks})"  # noqa: S608 - names of ours
        found.update(row[0] for row in connection.execute(query, some))
    return found


_AT_ONCE: Final = 500
"""Values in one query: SQLite before 3.32 takes 999."""


_NAME, _VERSION, _RELEASE, _EPOCH, _ARCHITECTURE, _FILE_STATES, _SOURCE = 1000, 1001, 1002, 1003, 1022, 1029, 1044
_FOLDER_OF_FILE, _FILES, _FOLDERS = 1116, 1117, 1118
_TAGS: Final = frozenset({
    _NAME, _VERSION, _RELEASE, _EPOCH, _ARCHITECTURE, _FILE_STATES, _SOURCE, _FOLDER_OF_FILE, _FILES, _FOLDERS,
})  # fmt: skip
"""Of rpm's ``rpmtag.h``."""

_OF_FILES: Final = frozenset({_FOLDER_OF_FILE, _FILES, _FOLDERS})

_PRESENT: Final = (0, 3)
"""States of a file that is its package's own: normal, and on a shared file system. Others were replaced or left out."""


def _package(header: bytes, wanted: frozenset[str]) -> _Package:
    """Read a header as the database has it: two counts, an index of (tag, type, offset, count), then the values.

    https://rpm-software-management.github.io/rpm/manual/hregions.html

    :raises struct.error: if it is cut short.
    """
    entries, _ = struct.unpack_from(">II", header)
    start = 8 + 16 * entries
    index = (struct.unpack_from(">IIiI", header, 8 + 16 * number) for number in range(min(entries, len(header) // 16)))
    fields = {tag: (start + offset, count) for tag, _, offset, count in index if tag in _TAGS}

    def text(tag: int) -> str:
        return os.fsdecode(header[fields[tag][0] :].partition(b"\0")[0]) if tag in fields else ""

    return _Package(
        name=text(_NAME),
        version=f"{text(_VERSION)}-{text(_RELEASE)}",
        epoch=str(struct.unpack_from(">I", header, fields[_EPOCH][0])[0]) if _EPOCH in fields else "",
        architecture=text(_ARCHITECTURE),
        source=text(_SOURCE),
        files=wanted.intersection(_paths(header, fields)) if fields.keys() >= _OF_FILES else frozenset(),
    )


def _paths(header: bytes, fields: dict[int, tuple[int, int]]) -> Iterator[str]:
    at, count = fields[_FOLDER_OF_FILE]
    folder_of = struct.unpack_from(f">{min(count, len(header))}I", header, at)
    at, states = fields.get(_FILE_STATES, (0, 0))
    state_of = header[at : at + states]
    folders, names = (_strings(header, *fields[tag]) for tag in (_FOLDERS, _FILES))
    for number, (name, folder) in enumerate(zip(names, folder_of, strict=False)):
        is_present = number >= len(state_of) or state_of[number] in _PRESENT
        if is_present and folder < len(folders):
            yield folders[folder] + name


def _strings(header: bytes, at: int, count: int) -> list[str]:
    return [os.fsdecode(value) for value in header[at:].split(b"\0", count)[:count]]


def _asked(database: str, wanted: frozenset[str]) -> list[_Package]:
    """Ask rpm for all packages with their files, and give those that have any of the paths wanted.

    :raises FormatError: if there is no rpm, or it cannot read the database.
    """
    described = _output(["rpm", "--dbpath", database, "-qa", "--qf", _QUERY])
    lines = frozenset(f"{state} {path}" for state in _PRESENT for path in wanted)
    packages = [_described(part.split("\n"), lines) for part in described.split("\f") if "\n" in part]
    return [package for package in packages if package.files]


_QUERY: Final = "%{NAME}\n%{VERSION}-%{RELEASE}\n%{EPOCH}\n%{ARCH}\n%{SOURCERPM}\n[%{FILESTATES} %{FILENAMES}\n]\f"


def _described(lines: list[str], wanted: frozenset[str]) -> _Package:
    name, version, epoch, architecture, source = (value.removeprefix("(none)") for value in lines[:5])
    files = frozenset(line.partition(" ")[2] for line in wanted.intersection(lines[5:]))
    return _Package(name, version, epoch, architecture, source, files)


def _output(command: list[str]) -> str:
    finished = run(command)
    problem = re.search(r"^(?:rpm: )?error: (.*)", finished.errors, re.MULTILINE)
    if problem or finished.status:
        raise FormatError(f"rpm cannot be asked: {problem[1] if problem else finished.errors}", where=command[2])
    return finished.output


def _ownership(package: _Package, system: Distribution) -> Ownership:
    source = package.source.removesuffix(".rpm").removesuffix(".src").removesuffix(".nosrc")
    return Ownership(
        purl=purl(
            "rpm",
            _VENDORS.get(system.id, system.id.partition("-")[0]),
            package.name,
            package.version,
            arch=package.architecture,
            distro=system.release,
            epoch=package.epoch,
        ),
        name=package.name,
        source=source.rsplit("-", 2)[0] or package.name,
        version=f"{package.epoch}:{package.version}" if package.epoch else package.version,
    )


_VENDORS: Final = {"rhel": "redhat", "sles": "suse", "sled": "suse", "sle": "suse", "ol": "oracle", "amzn": "amazon"}
"""Vendors of a PURL whose distribution calls itself by another name; openSUSE's are told by their first part."""


ADAPTER: Final[Owner] = Rpm()
