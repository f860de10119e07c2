"""Tuples with names, as JSON values."""

from __future__ import annotations

from enum import Enum
from typing import Any


def plain(value: Any) -> Any:  # noqa: ANN401 - any value goes in, and any JSON value comes out
    """Give a value as JSON has it: a named tuple as an object with its fields in order, any other tuple as an array."""
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        items = [plain(item) for item in value]
        return items if names is None else dict(zip(names, items, strict=True))
    return value.value if isinstance(value, Enum) else value
