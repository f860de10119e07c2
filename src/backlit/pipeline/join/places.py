"""Which paths are the project's own, which are the build's, which are a machine's; and how a report writes them.

A machine is the one that the build runs on, or the one that a cross build is for, whose files are in a sysroot.
"""

from __future__ import annotations

import os
import re
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace import identify

if TYPE_CHECKING:
    from pathlib import PurePath

    from backlit.pipeline.observe import Observation


class Places(NamedTuple):
    """Folders of one build, absolute, without a slash at the end."""

    own: tuple[str, ...]
    """The project's folder and its scratch copy."""
    python: tuple[str, ...]
    """Python's own headers, and what build requirements installed: their headers are no native library."""
    sysroots: tuple[str, ...] = ()
    """Folders that are ``/`` to compilers of the build, real paths: what is in them is a machine's, wherever it is."""

    @classmethod
    def of(cls, observation: Observation) -> Places:
        """Give the places of one build."""
        paths = sysconfig.get_paths()
        names = ("include", "platinclude", "purelib", "platlib", "stdlib", "platstdlib")
        python = {form for name in names for form in (paths[name], os.path.realpath(paths[name]))}
        own = {observation.tree, observation.root, os.path.realpath(observation.tree)}
        # A cross build's Python is told by the file that _PYTHON_SYSCONFIGDATA_NAME names.
        python |= {os.path.realpath(path) for name in _INCLUDES if (path := sysconfig.get_config_var(name))}
        compilers = {(item.invocation.program, item.flags) for item in observation.trace.compilations}
        sysroots = {root for program, flags in compilers if (root := identify.sysroot(program, flags))}
        return cls(tuple(sorted(own, key=len, reverse=True)), tuple(sorted(python)), tuple(sorted(sysroots)))

    def is_own(self, path: str | PurePath) -> bool:
        """Tell whether a path is inside the project, and in no sysroot that the project holds."""
        inside = _innermost(str(path), self.own)
        return bool(inside) and len(inside) >= len(_innermost(str(path), self.sysroots))

    def is_python(self, path: str) -> bool:
        """Tell whether a path belongs to Python or to a build requirement."""
        return _is_below(path, self.python)

    def is_machine(self, path: str) -> bool:
        """Tell whether a path is the machine's: neither the project's, nor Python's, nor a temporary folder's.

        Of the latter, what was installed there and is still there after the build is the machine's all the same.
        """
        if self.is_own(path) or self.is_python(path):
            return False
        if _innermost(path, self.sysroots) or not _is_below(path, _TEMPORARY):
            return True
        inside = _INSTALLED.match(path)
        return inside is not None and _is_prefix(inside[1])

    def told(self, path: str) -> str:
        """Write a path as a report does: relative inside the project, ``{tmp}`` for a temporary folder."""
        for folder in self.own:
            if path == folder or path.startswith(f"{folder}/"):
                return path[len(folder) + 1 :] or "."
        for folder in _TEMPORARY:
            if path.startswith(f"{folder}/"):
                # The first part is a random name; what is below it says where in the build it was.
                return "{tmp}/" + path[len(folder) + 1 :].partition("/")[2]
        return path


_TEMPORARY = tuple(sorted({"/tmp", "/var/tmp", os.path.realpath(os.path.expanduser("~/.cache"))}))  # noqa: S108, PTH111 - names to compare with, nothing is written there


_INSTALLED: Final = re.compile(r"(.*?)/(?:bin|include|lib\d*)/")
"""Matches the prefix of what is installed into the usual folders."""


@cache
def _is_prefix(folder: str) -> bool:
    """Tell whether libraries are installed in a folder: by Spack, by conda, or with modules for pkg-config."""
    path = Path(folder)
    signs = (".spack", "conda-meta", *(f"{name}/pkgconfig" for name in ("lib", "lib64", "lib32")))
    return any((path / sign).is_dir() for sign in signs) or any(path.glob("lib/*-linux-*/pkgconfig"))


_INCLUDES: Final = ("INCLUDEPY", "CONFINCLUDEPY")


def _is_below(path: str, folders: tuple[str, ...]) -> bool:
    return bool(_innermost(path, folders))


def _innermost(path: str, folders: tuple[str, ...]) -> str:
    """Give the longest of the folders that a path is in; empty if it is in none."""
    inside = ""
    for folder in folders:
        if path.startswith(folder) and len(folder) > len(inside) and path[len(folder) : len(folder) + 1] in {"", "/"}:
            inside = folder
    return inside
