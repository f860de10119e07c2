"""Python: what pip, uv and other installers put into an environment.

Each distribution has a folder ``<name>-<version>.dist-info`` with its name and version in ``METADATA`` and its files in
``RECORD``, relative to ``site-packages``: scripts and headers stand outside of that, ``../../../bin/cmake``. A virtual
environment is Python's alone; elsewhere it is asked about what no other package manager has.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from backlit.owners import Owner, Ownership
from backlit.owners._lists import holders
from backlit.owners._purl import purl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Python:
    """Environments of Python."""

    name = "python"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the distribution of each name."""
        names = [[(name,) for name in file] for file in files]
        likely = frozenset(part for file in names for (name,) in file for part in _likely(name))
        ends = {os.fsencode(name.rpartition("/")[2]) for file in names for (name,) in file}
        # Few names are sought as bytes, which is quicker than to take every list apart; quotes are written twice there.
        few = len(ends) <= _FEW and not any(b'"' in end for end in ends)
        held = holders(_lists(root, likely, ends if few else {b""}), names)
        known = {folder: _ownership(folder) for folder in {each for some in held.values() for each in some}}
        return {name: known[min(folders)] for name, folders in held.items()}


def _likely(name: str) -> tuple[str, ...]:
    """Give names of distributions that may have a file: of its folder in ``site-packages``, or its own."""
    inside = name.partition("-packages/")[2]
    return (_plain((inside or name.rpartition("/")[2]).partition("/")[0].partition(".")[0]),)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


_FEW: Final = 16


def _lists(root: str, likely: frozenset[str], ends: set[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Give the folder of each distribution that may have a path with such an end, with its paths below the root.

    The likeliest come first.
    """
    infos = [(site, name) for site in _sites(root) for name in os.listdir(site) if name.endswith(".dist-info")]  # noqa: PTH208 - text

    def likelihood(info: tuple[str, str]) -> tuple[bool, str, str]:
        return _plain(info[1].partition("-")[0]) not in likely, info[1], info[0]

    for site, name in sorted(infos, key=likelihood):
        try:
            with open(f"{site}/{name}/RECORD", "rb") as file:  # noqa: PTH123 - hundreds of files
                record = file.read()
        except FileNotFoundError:
            continue  # a distribution of Linux took it out, since pip must not touch what is its own
        if any(end in record for end in ends):
            yield f"{site}/{name}", _paths(record, site[len(root) :])


def _sites(root: str) -> list[str]:
    """Give the folders that distributions are installed in, without links to one another."""
    found: dict[str, str] = {}
    for libraries in ("lib", "lib64"):
        versions = os.listdir(f"{root}/{libraries}") if os.path.isdir(f"{root}/{libraries}") else []  # noqa: PTH112, PTH208 - text
        for version in sorted(versions):
            if version.startswith(("python", "pypy")):
                for site in (f"{root}/{libraries}/{version}/{kind}-packages" for kind in ("site", "dist")):
                    if os.path.isdir(site):  # noqa: PTH112 - text
                        found.setdefault(os.path.realpath(site), site)
    return list(found.values())


def _paths(record: bytes, site: str) -> list[bytes]:
    """Give the paths of a RECORD: CSV, the first field of each line, in quotes where it has a comma."""
    inside = os.fsencode(site) + b"/"
    lines = record.splitlines()  # tens of thousands in an environment
    quotes = b'"' in record
    fields = [_unquoted(line) if quotes else line.partition(b",")[0] for line in lines]
    return [
        os.path.normpath(inside + field) if field.startswith(b"../") else inside + field for field in fields if field
    ]


def _unquoted(line: bytes) -> bytes:
    return line[1:].partition(b'",')[0].replace(b'""', b'"') if line.startswith(b'"') else line.partition(b",")[0]


def _ownership(folder: str) -> Ownership:
    """Give what METADATA says; the name of the folder says the same in another spelling."""
    with open(f"{folder}/METADATA", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - text
        head = file.read().partition("\n\n")[0]
    fields = dict(re.findall(r"^(Name|Version):[ \t]*(.*?)[ \t]*$", head, re.MULTILINE))
    name, version = fields.get("Name", ""), fields.get("Version", "")
    return Ownership(purl("pypi", "", name.lower().replace("_", "-"), version), name, name, version)


ADAPTER: Final[Owner] = Python()
