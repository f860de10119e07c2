"""apk: Alpine Linux and what is made of it, OpenWrt, Chimera, Wolfi.

Read is the one text file that apk reads itself, ``installed``: a paragraph for each package, of lines with a letter, a
colon and a value. ``P`` is its name, ``V`` its version, ``A`` its architecture, ``o`` what it was built from; ``F`` is
a folder, and each ``R`` after it a file in that folder.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from backlit.owners import Owner, Ownership
from backlit.owners._purl import purl
from backlit.owners._system import distribution, merged, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backlit.owners._system import Distribution


class Apk:
    """apk's databases."""

    name = "apk"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name."""
        folders = merged(root)
        names = {name: spellings(name, folders) for file in files for name in file}
        wanted = {os.fsencode(spelling[1:]) for forms in names.values() for spelling in forms}
        system = distribution(root)
        holder: dict[str, Ownership] = {}
        for paragraph, held in _holders(_installed(root), wanted):
            ownership = _ownership(paragraph, system)
            holder.update((f"/{os.fsdecode(path)}", ownership) for path in held)
        found = {name: next((holder[form] for form in forms if form in holder), None) for name, forms in names.items()}
        return {name: ownership for name, ownership in found.items() if ownership}


def _installed(root: str) -> bytes:
    for place in ("usr/lib/apk/db/installed", "lib/apk/db/installed"):
        if os.path.isfile(f"{root}/{place}"):  # noqa: PTH113 - text
            with open(f"{root}/{place}", "rb") as file:  # noqa: PTH123 - text
                return file.read()
    return b""


def _holders(installed: bytes, wanted: set[bytes]) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Give the lines of each package that has wanted paths, with these; both without the slash before them."""
    folders = {b"F:" + path.rpartition(b"/")[0] for path in wanted}
    for paragraph in installed.split(b"\n\n"):
        lines = paragraph.split(b"\n")
        if not folders.isdisjoint(lines) and (held := [path for path in _paths(lines) if path in wanted]):
            yield lines, held


def _paths(lines: list[bytes]) -> Iterator[bytes]:
    folder = b""
    for line in lines:
        if line.startswith(b"F:"):
            folder = line[2:] + b"/" if len(line) > len(b"F:") else b""
        elif line.startswith(b"R:"):
            yield folder + line[2:]


def _ownership(lines: list[bytes], system: Distribution) -> Ownership:
    fields = {line[:1]: line[2:].decode(errors="replace") for line in lines if line[:2] in {b"P:", b"V:", b"A:", b"o:"}}
    name, version = fields.get(b"P", ""), fields.get(b"V", "")
    return Ownership(
        purl=purl("apk", system.id or "alpine", name, version, arch=fields.get(b"A"), distro=system.release),
        name=name,
        source=fields.get(b"o") or name,
        version=version,
    )


ADAPTER: Final[Owner] = Apk()
