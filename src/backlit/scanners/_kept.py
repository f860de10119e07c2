"""The source that two scanners read, setup.py: parsed once, and gone through once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.scanners import _python

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT: Final[dict[str, _python.Module | None]] = {}


def read_and_keep(text: str) -> _python.Module | None:
    """Parse a source that `read` will be asked for while the same tree is read; None if it is none."""
    _KEPT.clear()
    tree = _python.parse(text)
    _KEPT[text] = _python.Module(tree) if tree else None
    return _KEPT[text]


def read(text: str, imported: Callable[[str], _python.Module | None]) -> _python.Module | None:
    """Parse a source that imports others, unless it was kept: then that is taken, and forgotten."""
    if text in _KEPT:
        module = _KEPT.pop(text)
        return module.seeing(imported) if module else None
    tree = _python.parse(text)
    return _python.Module(tree, imported) if tree else None
