"""Makes ``modules.txt``: ``python -m backlit.catalog._generate_modules FOLDER PYPI``.

FOLDER is that of `_generate_debian`. PYPI is a table of projects of PyPI, a line each, its columns separated by tabs:
the first line names them, and of ``name``, ``version`` (the newest) and the one that begins with ``rank`` (among the
most downloaded; empty for others) there must be one each. Same input, same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.version import InvalidVersion, Version

from backlit.catalog._generate import HERE
from backlit.catalog._generate_debian import RELEASES
from backlit.catalog.modules import normalized
from backlit.support.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Shipped(NamedTuple):
    """A distribution as a package of Debian ships it."""

    name: str
    """Normalized."""
    version: str


def main() -> None:
    """Write the file beside the catalogue's others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pypi", type=Path)
    asked = parser.parse_args()
    write_atomically(HERE / "modules.txt", document(asked.folder, asked.pypi))


def document(folder: Path, pypi: Path) -> str:
    """Give the text of ``modules.txt``."""
    with pypi.open(encoding="utf-8", errors="replace") as lines:
        newest = dict(_most_downloaded(lines))
    oldest: dict[str, str] = {}
    for name, version in sorted(item for release in RELEASES for item in shipped_in(folder / release)):
        oldest[name] = min(oldest.get(name, version), version, key=_order)
    known = {name for name, version in oldest.items() if _order(version) <= _order(newest.get(name, ""))}
    known |= _OF_PYTHON & oldest.keys()
    return "".join(f"{name}\n" for name in sorted(known))


_OF_PYTHON: Final = frozenset({"pip"})
"""Distributions that Python itself brings along, by PEP 453: of these a table of PyPI need not know a version."""


def shipped_in(folder: Path) -> set[Shipped]:
    """Give the distributions of one release that have a module of their name, which no other has."""
    found: dict[str, _Package] = defaultdict(lambda: _Package(set(), set()))
    for architecture in ("amd64", "all"):
        with gzip.open(folder / f"Contents-{architecture}.gz", "rt", encoding="utf-8") as lines:
            _read(lines, found)
    whose: dict[str, set[str]] = defaultdict(set)
    for package in found.values():
        for module in package.modules:
            whose[normalized(module)] |= {item.name for item in package.distributions}
    alone = {item for package in found.values() if len(package.distributions) == 1 for item in package.distributions}
    return {item for item in alone if whose.get(item.name) == {item.name} and _order(item.version) > _NONE}


class _Package(NamedTuple):
    distributions: set[Shipped]
    modules: set[str]


_BELOW: Final = re.compile(r"usr/lib/python3(?:\.\d+)?/dist-packages/([^/]+)(/.+)?")
_METADATA: Final = re.compile(r"([A-Za-z0-9][\w.]*?)-(\d[^-/]*?)(?:-py\d[^/]*)?\.(?:egg|dist)-info")
_MODULE: Final = re.compile(r"([A-Za-z]\w*)(?:\.cpython-[^/]+|\.abi3)?\.(?:py|so)")


def _read(lines: Iterable[str], found: Mapping[str, _Package]) -> None:
    for line in lines:
        path, _, owners = line.rstrip("\n").rpartition(" ")
        below = _BELOW.fullmatch(path.rstrip())
        if not below:
            continue
        is_folder = below[2] is not None
        module = re.fullmatch(r"([A-Za-z]\w*)", below[1]) if is_folder else _MODULE.fullmatch(below[1])
        metadata = _METADATA.fullmatch(below[1])
        for owner in owners.split(","):
            if metadata:
                found[owner].distributions.add(Shipped(normalized(metadata[1]), metadata[2]))
            elif module:
                found[owner].modules.add(module[1])


def _most_downloaded(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    rows = (line.rstrip("\n").split("\t") for line in lines)
    columns = next(rows)
    name, version = columns.index("name"), columns.index("version")
    rank = next(number for number, column in enumerate(columns) if column.startswith("rank"))
    for row in rows:
        if row[rank : rank + 1] not in ([], [""]):
            yield normalized(row[name]), row[version]


def _order(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return _NONE


_NONE: Final = Version("0.dev0")


if __name__ == "__main__":
    main()
