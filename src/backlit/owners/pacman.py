"""pacman: Arch Linux and what is made of it, MSYS2.

Read is the local database as alpm lays it out, below ``var/lib/pacman/local``: a folder for each package, in which
``files`` has its paths and ``desc`` its fields, both in sections that a name between ``%`` begins.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from backlit.owners import Owner, Ownership
from backlit.owners._lists import holders
from backlit.owners._purl import purl
from backlit.owners._system import distribution

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backlit.owners._system import Distribution


class Pacman:
    """pacman's databases."""

    name = "pacman"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name."""
        database = f"{root}/var/lib/pacman/local"
        names = [[(name[1:],) for name in file] for file in files]
        programs = frozenset(name.rpartition("/")[2] for file in names for (name,) in file)
        held = holders(_lists(database, programs), names)
        system = distribution(root)
        known = {
            package: _ownership(f"{database}/{package}/desc", system) for each in held.values() for package in each
        }
        return {f"/{name}": known[min(packages)] for name, packages in held.items()}


def _lists(database: str, programs: frozenset[str]) -> Iterator[tuple[str, list[bytes]]]:
    """Give each package's list of paths, a program's own and the libraries' first."""

    def likelihood(package: str) -> tuple[bool, bool, str]:
        return package.rsplit("-", 2)[0] not in programs, not package.startswith(("lib", "gcc")), package

    for package in sorted(os.listdir(database), key=likelihood):  # noqa: PTH208 - text
        try:
            with open(f"{database}/{package}/files", "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files
                yield package, file.read().split(b"\n")
        except (FileNotFoundError, NotADirectoryError):
            continue  # the package was removed since the folder was read; or the file that says the database's version


def _ownership(path: str, system: Distribution) -> Ownership:
    with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - text
        fields: dict[str, str] = dict(re.findall(r"^%([A-Z]+)%\n(.*)$", file.read(), re.MULTILINE))
    name, version = fields.get("NAME", ""), fields.get("VERSION", "")
    return Ownership(
        purl=purl("alpm", system.id or "arch", name, version, arch=fields.get("ARCH"), distro=system.release),
        name=name,
        source=fields.get("BASE") or name,
        version=version,
    )


ADAPTER: Final[Owner] = Pacman()
