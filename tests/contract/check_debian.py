"""Checks ``debian.json`` and ``modules.txt`` against Debian's archive: ``python tests/contract/check_debian.py``.

The file lists and package lists of the releases that they speak of are fetched once, 110 MB, into the folder of
``--cache``, and ``debian.json`` is made of them again. Three things are wrong: a name whose package is another now or
gone; a module that no release ships under its distribution's name; a release that is neither Debian's stable nor its
oldstable any more. Each has a line. Names that an entry of the catalogue has by now, and such as are new in the
archive, are counted: the one is asked first, and the other is not known yet. Exit code 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from check_catalogue import FILES, MIRROR, fetched  # type: ignore[import-not-found] # a script has its folder

from backlit.catalog import Catalogue, _generate_debian, _generate_modules
from backlit.catalog._generate import HERE
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUITES: Final = ("oldstable", "stable")

Claims = dict[tuple[str, str], tuple[str, ...]]
"""By table and name: the source package, and the packages."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong, and the counts; give 1 if anything is."""
    asked = _parser().parse_args(arguments)
    for release in _generate_debian.RELEASES:
        for name in FILES:
            fetched(f"{asked.mirror}/dists/{release}/main/{name}", asked.cache / release / name)
    for suite in SUITES:
        fetched(f"{asked.mirror}/dists/{suite}/Release", asked.cache / f"{suite}-Release")
    shipped = json.loads((HERE / "debian.json").read_text(encoding="utf-8"))
    archive = claims_of(json.loads(_generate_debian.document(asked.cache)))
    wrong = [*moved(shipped, asked.cache), *differing(claims_of(shipped), archive), *unshipped(asked.cache)]
    sys.stdout.writelines(f"wrong: {line}\n" for line in wrong)
    entered = sum(_has_entry(*key) for key in claims_of(shipped))
    new = len(archive.keys() - claims_of(shipped).keys())
    sys.stdout.write(f"{len(claims_of(shipped))} names, {entered} of an entry by now; new in the archive: {new}\n")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER", help="where the lists are kept")
    parser.add_argument("--mirror", default=MIRROR, metavar="URL", help=f"a mirror of Debian (default: {MIRROR})")
    return parser


def claims_of(document: Mapping[str, Any]) -> Claims:
    """Give what a ``debian.json`` says."""
    rows = document["packages"]
    return {
        (kind.value, name): tuple(rows[number])
        for kind in NameKind
        for name, number in document.get(kind.value, {}).items()
    }


def moved(shipped: Mapping[str, Any], cache: Path) -> Iterator[str]:
    """Give the releases that are no more what users of Debian have."""
    releases = [re.search(r"(?m)^Codename: (\S+)", (cache / f"{suite}-Release").read_text()) for suite in SUITES]
    current = [found[1] for found in releases if found]
    if shipped["releases"] != current:
        yield f"it speaks of {shipped['releases']}, and Debian's releases are {current}"


def differing(shipped: Claims, archive: Claims) -> Iterator[str]:
    """Give the names that the archive says another thing of; not those that an entry of the catalogue has."""
    for (table, name), said in sorted(shipped.items()):
        found = archive.get((table, name))
        if found != said and not _has_entry(table, name):
            yield f"{table} {name}: {' '.join(said)}, and the archive has {' '.join(found or ('none',))}"


def _has_entry(table: str, name: str) -> bool:
    probe = f"{name}x.h" if name.endswith("/") else name
    return Catalogue.load().identify(NameKind(table), probe) is not None


def unshipped(cache: Path) -> Iterator[str]:
    """Give the modules that no release has."""
    shipped = {item.name for name in _generate_debian.RELEASES for item in _generate_modules.shipped_in(cache / name)}
    for name in (HERE / "modules.txt").read_text(encoding="utf-8").split():
        if name not in shipped:
            yield f"module {name}: Debian ships none of that name"


if __name__ == "__main__":
    sys.exit(main())
