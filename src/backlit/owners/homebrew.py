"""Homebrew: a keg, ``Cellar/<formula>/<version>``, holds all files of a package.

What is linked into the prefix leads to the keg. Its receipt, ``INSTALL_RECEIPT.json``, names the tap that the formula
came from; formulae of Homebrew's own tap have no namespace in their PURL.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from backlit.errors import FormatError
from backlit.owners import Owner, Ownership
from backlit.owners._purl import purl

if TYPE_CHECKING:
    from collections.abc import Sequence


class Homebrew:
    """Homebrew's kegs."""

    name = "homebrew"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name: the keg."""
        cellar, _, version = root.rpartition("/")
        above, _, formula = cellar.rpartition("/")
        if not above.endswith("/Cellar"):
            return {}  # a cask's receipt, or another program's file of that name
        tap = _tap(f"{root}/INSTALL_RECEIPT.json")
        namespace = "" if tap == "homebrew/core" else tap
        ownership = Ownership(purl("brew", namespace, formula, version), formula, formula, version)
        return {name: ownership for file in files for name in file}


def _tap(path: str) -> str:
    """Give the tap that a receipt names; empty if it names none, as where a formula was given as a file."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - text
        try:
            receipt = json.load(file)
        except ValueError as error:
            raise FormatError(f"it is no JSON: {error}", where=path) from error
    source = receipt.get("source") if isinstance(receipt, dict) else None
    tap = source.get("tap") if isinstance(source, dict) else None
    return tap.lower() if isinstance(tap, str) else ""


ADAPTER: Final[Owner] = Homebrew()
