"""The Rust crates that cargo-auditable writes into a binary: the section ``.dep-v0``, compressed JSON.

After the format's description in cargo-auditable's PARSING.md.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from backlit.model.native import LinkedCrate

SECTION: Final = ".dep-v0"
MOST_PACKED: Final = 1 << 20
"""The largest section that is read."""

_MOST_BYTES: Final = 2 << 20
_MOST_CRATES: Final = 20_000


def crates_in(section: bytes) -> tuple[LinkedCrate, ...]:
    """Give the crates of a section's bytes, sorted; none if the bytes are not what they should be."""
    try:
        document = json.loads(zlib.decompressobj().decompress(section, _MOST_BYTES))
    except (zlib.error, ValueError, RecursionError):
        return ()
    packages = document.get("packages") if isinstance(document, dict) else None
    if not isinstance(packages, list):
        return ()
    return tuple(sorted({_crate(package) for package in packages[:_MOST_CRATES] if isinstance(package, dict)}))


def _crate(package: dict[str, Any]) -> LinkedCrate:
    return LinkedCrate(
        name=_text(package, "name"),
        version=_text(package, "version"),
        source=_text(package, "source"),
        kind=_text(package, "kind") or "runtime",
        root=package.get("root") is True,
    )


def _text(package: dict[str, Any], key: str) -> str:
    value = package.get(key)
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else ""
