"""Spack: each package has a prefix of its own, with its concrete spec in ``.spack/spec.json``.

The prefix's own node is the first. Spack's hash of it, which covers its options, its compiler and all it was built
with, is in the PURL; no type is registered for Spack, so it is a generic one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from backlit.errors import FormatError
from backlit.owners import Owner, Ownership
from backlit.owners._purl import purl

if TYPE_CHECKING:
    from collections.abc import Sequence


class Spack:
    """Spack's prefixes."""

    name = "spack"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name: the prefix."""
        ownership = _ownership(f"{root}/.spack/spec.json")
        return {name: ownership for file in files for name in file}


def _ownership(path: str) -> Ownership:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - text
        try:
            name, version, hash_, arch, namespace = _node(json.load(file)["spec"])
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise FormatError(f"it is no spec: {type(error).__name__}: {error}", where=path) from error
    made = purl("generic", "", name, version, arch=arch, spack_hash=hash_, spack_namespace=namespace)
    return Ownership(made, name, name, version)


def _node(spec: Any) -> tuple[str, ...]:  # noqa: ANN401 - what a JSON file holds
    """Give name, version, hash, architecture and repository of a spec's first node.

    Since Spack 0.17 the nodes are a list of objects with a name; before, they were objects by name.
    """
    nodes = (
        spec["nodes"]
        if isinstance(spec, dict)
        else [{"name": name, **node} for one in spec for name, node in one.items()]
    )
    node = nodes[0]
    arch = node.get("arch") or {}
    target = arch.get("target") or ""
    machine = target.get("name", "") if isinstance(target, dict) else target
    texts = node["name"], node["version"], node["hash"], machine, node.get("namespace") or ""
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{texts} should be text")
    return texts


ADAPTER: Final[Owner] = Spack()
