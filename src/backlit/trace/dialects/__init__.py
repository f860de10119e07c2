"""Grammars of command lines, one a file: arguments to what they ask for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from backlit.model.invocation import Role


class Parsed(NamedTuple):
    """A compiler's or linker's arguments, understood; paths absolute. The fields are told in `Compilation`."""

    role: Role
    language: str = ""
    sources: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    output: str | None = None
    libraries: tuple[str, ...] = ()
    library_files: tuple[str, ...] = ()
    library_dirs: tuple[str, ...] = ()
    static_names: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    rpaths: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    depfile: str | None = None
    """Where the compiler writes the headers it opened; None if it was not asked to."""


def absolute(cwd: str, path: str) -> str:
    """Give a path as the program started in `cwd` takes it, ``..`` worked out by text, links kept."""
    return os.path.normpath(path if path.startswith("/") else f"{cwd.rstrip('/')}/{path}")


def in_sysroot(folder: str, sysroot: str) -> str:
    """Give a search folder as the compiler takes it: ``=`` or ``$SYSROOT`` at its start stands for the sysroot.

    https://gcc.gnu.org/onlinedocs/gcc/Directory-Options.html, ``-I``; ld(1), ``-L``.
    """
    start = next((start for start in ("=", "$SYSROOT") if folder.startswith(start)), None)
    return folder if start is None else sysroot + folder.removeprefix(start)
