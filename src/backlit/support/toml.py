"""Tables in TOML, for several readers of one file."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=2)
def table_of(text: str) -> dict[str, Any]:
    """Give the table that a text is, to be read only; empty if it is none. Parsed once for all who ask of one tree."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}
