"""Adapters found by their folder.

Each module of an adapter package ends ``ADAPTER: Final[Protocol] = Adapter()``; the annotation makes the type checker
hold it to the protocol, and the folder is the only list there is.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@cache
def adapters_in(package: str) -> tuple[Any, ...]:
    """Give the adapter of each module of `package`, sorted by the module's name.

    Modules whose name starts with ``_`` are not adapters. Works from a zip file too.
    """
    # Not importlib.resources: it loads `inspect`, milliseconds that a pure hook does not have.
    names = sorted(entry.name for entry in iter_modules(import_module(package).__path__))
    return tuple(import_module(f"{package}.{name}").ADAPTER for name in names if name[0] != "_")
