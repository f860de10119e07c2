"""What the system managers need to know of a machine or a sysroot: which distribution it is, and what is merged."""

from __future__ import annotations

import os
import re
from typing import Final, NamedTuple


class Distribution(NamedTuple):
    """What os-release(5) says."""

    id: str
    """``ID``, lower case: ``debian``; empty if it says none."""
    version: str
    """``VERSION_ID``: ``12``; empty if it says none, as where releases roll."""
    codename: str
    """``VERSION_CODENAME``: ``bookworm``; empty if it says none."""
    like: tuple[str, ...] = ()
    """``ID_LIKE``: the distributions that it is made of, the nearest first; empty if it says none."""

    @property
    def release(self) -> str:
        """The distribution with its version, as the PURL types' examples write it: ``fedora-40``; empty if unknown."""
        return f"{self.id}-{self.version}" if self.id and self.version else ""


def distribution(root: str) -> Distribution:
    """Read the os-release file of a root; all empty if it has none."""
    said: dict[str, str] = {}
    for name in ("etc/os-release", "usr/lib/os-release"):
        try:
            with open(f"{root}/{name}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - text
                text = file.read()
        except OSError:
            continue  # the second is what the first is a link to, where there is one: in a sysroot it may lead astray
        said = dict(re.findall(r"^([A-Z_]+)=[\"']?(.*?)[\"']?\s*$", text, re.MULTILINE))
        break
    return Distribution(
        id=said.get("ID", "").lower(),
        version=said.get("VERSION_ID", ""),
        codename=said.get("VERSION_CODENAME", ""),
        like=tuple(said.get("ID_LIKE", "").lower().split()),
    )


def merged(root: str) -> tuple[str, ...]:
    """Give the folders of a root's ``/usr`` that are one with those beside it, each with a slash at its end."""
    both = ((f"/usr/{name}/", f"{root}/{name}", f"{root}/usr/{name}") for name in _MERGED)
    return tuple(folder for folder, outer, inner in both if os.path.realpath(outer) == os.path.realpath(inner))


_MERGED: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


def spellings(name: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Give what a file may be called in a database: its name, and the one from before its folder was merged."""
    return (name, name.removeprefix("/usr")) if name.startswith(folders) else (name,)
