"""What failed tools found missing, as the catalogue knows it: libraries and programs by their ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog import Catalogue
from backlit.failures import Lack
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.pipeline import install

if TYPE_CHECKING:
    from backlit.failures import Failure


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


def of(failure: Failure) -> tuple[Missing, ...]:
    """Give what a failure says is missing, in its order; of a project's own words only those that are known names."""
    catalogue = Catalogue.load()
    if failure.lack is Lack.WORDS:
        known = [missing for name in failure.names if (missing := _of_word(catalogue, name)) is not None]
        first = known[:1]
        return (*first, *(item for item in known[1:] if re.search(_joined(first[0].name, item.name), failure.said)))
    found = [_of(catalogue, failure.lack, name) for name in failure.names]
    return tuple(found) if failure.lack is not Lack.PYTHON_MODULE else tuple(m for m in found if m.requirement)


def _joined(first: str, second: str) -> str:
    return rf"{re.escape(first)}\W+and\W+(?:the )?{re.escape(second)}"


def needed_beside(program: str) -> install.Wanted | None:
    """Give what installs a program that a tool would have asked with."""
    return _of(Catalogue.load(), Lack.PROGRAM, program).wanted


_KINDS: Final = {
    Lack.HEADER: NameKind.HEADER,
    Lack.LINK: NameKind.LINK,
    Lack.PKGCONFIG: NameKind.PKGCONFIG,
    Lack.CMAKE: NameKind.CMAKE,
    Lack.MESON: NameKind.MESON,
    Lack.CRATE: NameKind.CRATE,
}

_COMPILERS: Final = {"c": "gcc", "cxx": "g++", "fortran": "gfortran", "rust": "cargo", "cuda": "nvcc", "vala": "valac"}

_REQUIREMENTS: Final = {
    **{name: name for name in ("numpy", "cffi", "pybind11", "nanobind", "pkgconfig", "wheel", "setuptools", "pythran")},
    **{name: name.replace("_", "-") for name in ("setuptools_rust", "setuptools_scm", "extension_helpers", "cppy")},
    "Cython": "Cython",
    "mesonbuild": "meson",
    "pbr": "pbr",
    "pkg_resources": "setuptools<81",
    "pyqtbuild": "PyQt-builder",
    "sipbuild": "sip",
    "skbuild": "scikit-build",
}
"""Modules that builds import, by the distribution that has them."""

_GIVEN: Final = {"stdc++": "g++", "c++": "g++", "gfortran": "gfortran", "quadmath": "gfortran"}
"""Libraries that a compiler brings."""


def _of(catalogue: Catalogue, lack: Lack, name: str) -> Missing:
    if kind := _KINDS.get(lack):
        return _library(catalogue, kind, name)
    if lack is Lack.PYTHON_HEADERS:
        return Missing(name, None, install.Wanted(install.PYTHON_HEADERS))
    if lack is Lack.PYTHON_MODULE:
        return Missing(name, None, None, requirement=_REQUIREMENTS.get(name, ""))
    if lack is Lack.COMPILER:
        return _program(catalogue, _COMPILERS.get(name, name))._replace(name=name)
    return _program(catalogue, name)


def _library(catalogue: Catalogue, kind: NameKind, name: str) -> Missing:
    if kind is NameKind.HEADER and name.startswith("numpy/"):
        return Missing(name, None, None, requirement="numpy")
    known = catalogue.identify(kind, name)
    if known is not None:
        modules = (name,) if kind in {NameKind.PKGCONFIG, NameKind.MESON} else ()
        return Missing(name, kind, install.Wanted(known.id, pkgconfig=modules))
    return Missing(name, kind, _platform(catalogue, kind, name) if catalogue.is_platform(kind, name) else None)


def _program(catalogue: Catalogue, name: str) -> Missing:
    if (tool := catalogue.tool(name)) is not None:
        return Missing(name, None, install.Wanted(tool.id, role="build"))
    if (known := catalogue.identify(NameKind.CONFIG_TOOL, name)) is not None:
        return Missing(name, NameKind.CONFIG_TOOL, install.Wanted(known.id))
    return Missing(name, NameKind.CONFIG_TOOL, None)


def _platform(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    """Give what brings a part of the platform: the C library's headers, or a compiler with its own libraries.

    None where it is another platform's, or nothing says that it is this one's: ``windows.h``.
    """
    if kind is NameKind.LINK and name in {"c", "m", "pthread", "dl", "rt", "util", "resolv"}:
        return install.Wanted(install.C_LIBRARY)
    if kind is NameKind.LINK and name in _GIVEN:
        return _program(catalogue, _GIVEN[name]).wanted
    if kind is NameKind.HEADER and "." not in name:
        return _program(catalogue, "g++").wanted
    return install.Wanted(install.C_LIBRARY) if kind is NameKind.HEADER and name in _STANDARD else None


_STANDARD: Final = frozenset(
    {
        *("assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h"),
        *("stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "unistd.h", "pthread.h", "sys/types.h"),
    }
)
"""Headers that any C library has: of the others a machine may have none for good."""


def _of_word(catalogue: Catalogue, word: str) -> Missing | None:
    """Resolve a word of a project's message; None unless it is the exact name of a library or program."""
    for spelling in dict.fromkeys((word, word.lower())):
        program = _program(catalogue, spelling)
        if program.wanted is not None:
            return program
    if word in _REQUIREMENTS:
        return Missing(word, None, None, requirement=_REQUIREMENTS[word])
    bare = word.lower().removeprefix("lib")
    for kind, name in (
        (NameKind.PKGCONFIG, word),
        (NameKind.PKGCONFIG, word.lower()),
        (NameKind.PKGCONFIG, f"lib{bare}"),
        (NameKind.HEADER, word),
        (NameKind.LINK, bare),
        (NameKind.CMAKE, word),
    ):
        known = catalogue.identify(kind, name) if len(bare) > 2 or kind is not NameKind.LINK else None  # noqa: PLR2004 - `z`, `m` may be anything
        if known is not None and known.confidence is Confidence.HIGH:
            return Missing(word, kind, install.Wanted(known.id))
    return None
