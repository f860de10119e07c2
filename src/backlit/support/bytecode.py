"""Where Python keeps the bytecode of what it imports: beside the source, and so in a tree that is not ours to write to.

``sys.dont_write_bytecode`` would keep it from being written anywhere: an isolated environment is new, and each hook's
process would compile setuptools again.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.abc import PathEntryFinder
    from pathlib import Path


@contextmanager
def none_below(tree: Path) -> Iterator[None]:
    """Import what lies below a folder as ever, but write no bytecode there."""
    top = f"{tree.resolve()}/"
    hook = _hook(top)
    _forget_finders(top)
    sys.path_hooks.insert(0, hook)
    try:
        yield
    finally:
        sys.path_hooks.remove(hook)
        _forget_finders(top)


class _Unwritten(SourceFileLoader):
    def set_data(self, path: str, data: object, *, _mode: int = 0o666) -> None:
        """Write nothing: what calls this wants to keep bytecode."""


def _hook(top: str) -> Callable[[str], PathEntryFinder]:
    find = FileFinder.path_hook(
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (_Unwritten, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    )

    def hook(entry: str) -> PathEntryFinder:
        if not _is_below(entry, top):
            raise ImportError(f"not below {top}", path=entry)
        return find(entry)

    return hook


def _is_below(entry: str, top: str) -> bool:
    return f"{os.path.realpath(entry)}/".startswith(top)


def _forget_finders(top: str) -> None:
    """Let the finders of folders be made anew, by the hooks that there are now."""
    for entry in list(sys.path_importer_cache):
        if _is_below(entry, top):
            del sys.path_importer_cache[entry]
