"""Words for a POSIX shell."""

from __future__ import annotations


def quoted(value: str) -> str:
    """Give a word that any POSIX shell reads as `value`, whatever is in it."""
    return "'" + value.replace("'", "'\\''") + "'"
