"""When Python looks for garbage: objects that only refer to one another."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANY: Final = 50_000
"""Objects that are made before it is looked for garbage among them: of parsed sources some ten megabytes."""


@contextmanager
def seldom_sought() -> Iterator[None]:
    """Have garbage sought seldom, inside.

    What is parsed makes many objects and hardly any garbage while it is looked at, and each search goes through all
    that are alive: with Python's own threshold, searches took from a twentieth to a third of a scan.
    """
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], _MANY), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
