"""What a binary of any format asks its loader for, in the names that the catalogue has.

The catalogue's names of shared libraries are those of ELF. Mach-O asks by path, with the version before ``.dylib``; a
DLL's version, where it has one, is part of its name. What the system itself brings on macOS and Windows, where it is no
library that the catalogue knows, is left out as the C library is.
"""

from __future__ import annotations

import re
from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Final

from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.native import NativeFile
    from backlit.pipeline.join.resolve import Resolver


def asked_of_loader(binary: NativeFile) -> Iterator[tuple[str, str]]:
    """Give each library that a binary names, once, in file order, and how: empty, ``weak`` or ``delayed``."""
    seen: set[str] = set()
    for names, how in ((binary.needed, ""), (binary.weak, "weak"), (binary.delayed, "delayed")):
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name, how


def base_name(binary: NativeFile, recorded: str) -> str:
    """Give the name under which a loader finds a library in a folder; Windows does not tell case apart."""
    if binary.format == "macho":
        return recorded.rpartition("/")[2]
    return recorded.lower() if binary.format == "pe" else recorded


def named(binary: NativeFile, recorded: str, resolver: Resolver) -> tuple[NameKind, str]:
    """Give the name of a shared library as the catalogue may have it: the first form that it knows, else the plainest.

    That is a name as in ELF; of a DLL it may be the library's own, as its pkg-config module has it: ``zlib1.dll``.
    """
    if binary.format == "elf":
        return NameKind.SONAME, recorded
    names = [(NameKind.SONAME, name) for name in _spellings(binary.format, recorded)]
    modules = [(NameKind.PKGCONFIG, name.removesuffix(".so")) for _, name in names] if binary.format == "pe" else []
    return next((name for name in names + modules if resolver.catalogue.identify(*name)), names[-1])


def is_system(binary: NativeFile, recorded: str, kind: NameKind, name: str, resolver: Resolver) -> bool:
    """Tell whether the system brings what a binary asks for, and no library of the catalogue's is meant.

    `kind` and `name` are what :func:`named` made of `recorded`.
    """
    if resolver.is_platform(kind, name):
        return True
    if binary.format == "elf":
        return False
    if binary.format == "pe":
        stem = recorded.lower().removesuffix(".dll")
        return stem in _windows() or _RUN_TIME.fullmatch(stem) is not None
    if recorded.startswith("/System/") or (".framework/" in recorded and recorded.endswith("/Python")):
        return True
    return recorded.startswith("/usr/lib/") and not resolver.catalogue.identify(kind, name)


_RUN_TIME: Final = re.compile(
    r"api-ms-win-.*|ext-ms-.*|python\d.*|libpypy\d.*|(?:vcruntime|msvcp|msvcr|concrt|vccorlib|vcomp|mfc)\d+.*|ucrtbased?"
    r"|libgcc_s_.*|libstdc\+\+-\d+|libwinpthread-\d+|libgomp-\d+|libgfortran-\d+|libquadmath-\d+|libssp-\d+|libatomic-\d+"
)
"""The API sets, Python, and the run-time libraries of Microsoft's compilers and of GCC."""


def _spellings(format_: str, recorded: str) -> Iterator[str]:
    """Give the names that a library may have in ELF, the nearest first, the plainest last."""
    base = recorded.rpartition("/")[2]
    if format_ == "macho":
        # libz.1.2.dylib, libz.dylib, libSystem.B.dylib; delocate adds nothing.
        stem = base.removesuffix(".dylib")
        yield from (f"{stem}.so", f"{stem.partition('.')[0]}.so")
        return
    stem = re.sub(r"-[0-9a-f]{32}$", "", base.lower().removesuffix(".dll"))  # delvewheel's hash
    stem = re.sub(r"-(?:x64|x86|arm64)$", "", stem)
    plain = re.sub(r"[-_.]?\d+(?:[-_.]\d+)*$", "", stem) or stem
    for name in dict.fromkeys((stem, plain)):
        yield f"{name}.so"
        if not name.startswith("lib"):
            yield f"lib{name}.so"
    yield f"{plain.removeprefix('lib')}.so"


@cache
def _windows() -> frozenset[str]:
    lines = (get_data("backlit.catalog", "windows.txt") or b"").decode().splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
