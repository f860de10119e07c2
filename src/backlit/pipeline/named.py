"""One name in one sense, as the catalogue and Debian's lists know it: the library or program that it stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog import debian
from backlit.failures import Lack
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.pipeline import install

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backlit.catalog import Catalogue


class Missing(NamedTuple):
    """One thing that is missing."""

    name: str
    """As the tool said it."""
    kind: NameKind | None
    """In which sense that is a library's name; None for a program, a compiler, or a Python module."""
    wanted: install.Wanted | None
    """What to install; None if nobody knows."""
    requirement: str = ""
    """The Python distribution that has it; empty if it is no Python module."""
    variable: str = ""
    """The environment variable by which it was asked for; empty if by none."""


KINDS: Final = {
    Lack.HEADER: NameKind.HEADER,
    Lack.LINK: NameKind.LINK,
    Lack.SHARED: NameKind.SONAME,
    Lack.PKGCONFIG: NameKind.PKGCONFIG,
    Lack.CMAKE: NameKind.CMAKE,
    Lack.MESON: NameKind.MESON,
    Lack.CRATE: NameKind.CRATE,
}

COMPILERS: Final = {
    "c": "gcc",
    "cxx": "g++",
    "cuda": "nvcc",
    "fortran": "gfortran",
    "java": "javac",
    "rust": "cargo",
    "vala": "valac",
}


def of_lack(catalogue: Catalogue, lack: Lack, name: str) -> Missing:
    """Resolve a name in the sense in which a failed tool gives it."""
    if kind := KINDS.get(lack):
        return library(catalogue, kind, name)
    if lack is Lack.PYTHON_HEADERS:
        return Missing(name, None, install.Wanted(install.PYTHON_HEADERS))
    if lack is Lack.MACRO:
        return brought(catalogue, "macro", name) or Missing(name, None, None)
    if lack is Lack.COMPILER:
        return program(catalogue, COMPILERS.get(name, name))._replace(name=name)
    return program(catalogue, name)


def library(catalogue: Catalogue, kind: NameKind, name: str) -> Missing:
    """Resolve a library's name of one kind, or what a tool or NumPy brings that is called so."""
    if name.startswith("numpy/") if kind is NameKind.HEADER else (kind, name) == (NameKind.MESON, "numpy"):
        return Missing(name, None, None, requirement="numpy")
    if (tool := brought(catalogue, kind, name)) is not None:
        return tool if kind is NameKind.CMAKE else tool._replace(name=name, kind=kind)
    known = catalogue.identify(kind, name)
    if known is not None:
        modules = (name,) if kind in {NameKind.PKGCONFIG, NameKind.MESON} else ()
        return Missing(name, kind, install.Wanted(known.id, pkgconfig=modules))
    return Missing(name, kind, _without_an_entry(catalogue, kind, name))


def brought(catalogue: Catalogue, sense: str, name: str) -> Missing | None:
    """Give the tool that a name leads to, which is no command."""
    command = catalogue.brought_by(sense, name)
    if command is not None and command.startswith("dep:"):
        return Missing(name, None, install.Wanted(command, role="build"))
    return program(catalogue, command) if command is not None else None


def _without_an_entry(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    if kind is NameKind.HEADER and (own := _named_as_its_folder(catalogue, name)):
        return install.Wanted(own)
    if catalogue.is_platform(kind, name):
        return _platform(catalogue, kind, name)
    return _spelled_alike(catalogue, name) if kind is NameKind.CMAKE else in_debian(catalogue, kind, name)


def in_debian(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    """Give the package of Debian's that has what no entry of the catalogue has."""
    found = debian.find(kind, name)
    modules = (name,) if kind in {NameKind.PKGCONFIG, NameKind.MESON} else ()
    if found is not None and (known := catalogue.by_source_package(found.source)):
        return install.Wanted(known.id, pkgconfig=modules, debian=found.packages)
    return install.Wanted(found.id, pkgconfig=modules, debian=found.packages) if found is not None else None


def _spelled_alike(catalogue: Catalogue, package: str) -> install.Wanted | None:
    """Give the library that is called elsewhere as a CMake package is, that nobody has: ``Tango``, ``LibDwarf``."""
    if (exact := in_debian(catalogue, NameKind.CMAKE, package)) is not None:
        return exact
    bare = package.lower().removeprefix("lib")
    names = [(NameKind.PKGCONFIG, name) for name in dict.fromkeys((package, package.lower(), f"lib{bare}", bare))]
    names += [(NameKind.LINK, bare)] if len(bare) >= _TELLING else []
    for kind, name in names:
        known = catalogue.identify(kind, name)
        if known is not None and known.confidence is Confidence.HIGH:
            return install.Wanted(known.id)
    return next(filter(None, (in_debian(catalogue, kind, name) for kind, name in names)), None)


_TELLING: Final = 4
"""So many letters behind ``-l`` mean one library."""


def _named_as_its_folder(catalogue: Catalogue, header: str) -> str | None:
    """Give the library of that name whose folder is named as the header is: of ``hdf.h`` that of ``hdf/hdf.h``."""
    stem = header.partition(".")[0]
    if "/" in header or catalogue.is_platform(NameKind.HEADER, header):
        return None
    known = catalogue.identify(NameKind.HEADER, f"{stem}/{header}")
    is_own = known is not None and re.fullmatch(rf"dep:generic/(?:lib)?{re.escape(stem)}\d*", known.id, re.IGNORECASE)
    return known.id if known is not None and is_own else None


def program(catalogue: Catalogue, name: str) -> Missing:
    """Resolve a program: a tool, or one that tells a library's flags."""
    if (tool := catalogue.tool(name)) is not None:
        return Missing(
            name, None, install.Wanted(tool.id, role="build", debian=_of_that_version(catalogue, tool.id, name))
        )
    if (known := catalogue.identify(NameKind.CONFIG_TOOL, name)) is not None:
        return Missing(name, NameKind.CONFIG_TOOL, install.Wanted(known.id))
    return Missing(
        name, NameKind.CONFIG_TOOL, in_debian(catalogue, NameKind.CONFIG_TOOL, name) or _telling_flags(catalogue, name)
    )


def _telling_flags(catalogue: Catalogue, program: str) -> install.Wanted | None:
    """Give the library of which a program tells flags, by its name: ``shout-config`` is about the module ``shout``."""
    module, ending, _ = program.rpartition("-config")
    return library(catalogue, NameKind.PKGCONFIG, module).wanted if ending else None


def _of_that_version(catalogue: Catalogue, tool: str, program: str) -> tuple[str, ...]:
    """Give Debian's packages of a program that is asked for with its version, which are called so too: ``g++-12``."""
    version = _VERSIONED.fullmatch(program)
    packages = catalogue.packages(tool).get("debian")
    return tuple(f"{package}{version[1]}" for package in packages.build) if version and packages else ()


_VERSIONED: Final = re.compile(r"[a-z+]+(-\d+(?:\.\d+)?)")


def _platform(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    """Give what brings a part of the platform: the C library's headers, or a compiler with its own libraries.

    None where it is another platform's, or nothing says that it is this one's: ``windows.h``.
    """
    if kind is NameKind.LINK and name in {"c", "m", "pthread", "dl", "rt", "util", "resolv"}:
        return install.Wanted(install.C_LIBRARY)
    if kind is NameKind.HEADER and "." not in name:
        return program(catalogue, "g++").wanted
    return install.Wanted(install.C_LIBRARY) if kind is NameKind.HEADER and name in _STANDARD else None


_STANDARD: Final = frozenset(
    {
        *("assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h"),
        *("stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "unistd.h", "pthread.h", "sys/types.h"),
    }
)
"""Headers that any C library has: of the others a machine may have none for good."""


def in_folder(catalogue: Catalogue, header: Missing, folders: Sequence[str]) -> Missing:
    """Resolve a header by the folders that the compiler was told to look in: ``-I/usr/include/hunspell``."""
    ways = [library(catalogue, NameKind.HEADER, f"{folder}/{header.name}") for folder in folders]
    ids = {found.wanted.id for found in ways if found.wanted is not None}
    return header._replace(wanted=install.Wanted(ids.pop())) if len(ids) == 1 else header
