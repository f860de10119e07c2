"""Nix: a store path names its package.

``/nix/store/<hash>-<name>-<version>[-<output>]``. Where the name ends and the version begins is told as Nix tells it
(``builtins.parseDrvName``): at the first dash that no letter follows. Nothing is read: a build that is shut in sees the
store, and not Nix's database.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.owners import Owner, Ownership
from backlit.owners._purl import purl

if TYPE_CHECKING:
    from collections.abc import Sequence


class Nix:
    """Nix's stores."""

    name = "nix"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:  # noqa: ARG002 - the store's folder says nothing
        """Give the package of each name: of the store path that it is in, or that it is."""
        owned = ((name, _STORE_PATH.match(name)) for file in files for name in file)
        return {name: _ownership(found["hash"], found["name"]) for name, found in owned if found}


_STORE_PATH: Final = re.compile(r"/(?P<hash>[0-9a-df-np-sv-z]{32})-(?P<name>[^/]+)")
"""Below the store: 160 bits in Nix's base 32, which has no e, o, t and u."""

_OUTPUTS: Final = ("bin", "dev", "devdoc", "debug", "dist", "doc", "info", "lib", "man", "py", "static", "tools")
"""Outputs that nixpkgs gives to packages besides ``out``, which leaves no trace in the name."""

_NAME: Final = re.compile(rf"(?P<name>.+?)-(?P<version>[^a-zA-Z].*?)(?:-(?P<output>{'|'.join(_OUTPUTS)}))?")


def _ownership(hash_: str, name: str) -> Ownership:
    found = _NAME.fullmatch(name)
    package, version, output = (found["name"], found["version"], found["output"]) if found else (name, "", None)
    return Ownership(
        purl=purl("nix", "", package, version, hash=hash_, output=output or "out"),
        name=package,
        source=package,
        version=version,
    )


ADAPTER: Final[Owner] = Nix()
