"""Meson: the line ``FILE:LINE:COLUMN: ERROR:`` that it ends with.

The sentences are of ``mesonbuild/dependencies``, ``mesonbuild/interpreter`` and ``mesonbuild/compilers/detect.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ERROR: Final = re.compile(r"(?:(?P<place>\S*meson\.build:\d+):\d+: )?ERROR: (?P<said>.+)")

_DEPENDENCY: Final = re.compile(
    r"Dependency (?:lookup for )?[\"']?(?P<name>[^\s\"',]+(?: [^\s\"',]+)?)[\"']? "
    r"(?:not found|is required but not found|with method|found: NO|required but not found)"
)
_VERSION: Final = re.compile(
    r"Invalid version(?: of dependency)?,? need '?(?P<name>[^\s']+)'? \['?(?P<version>[^]]+?)'?\]"
    r" found '?(?P<found>[\w.+-]+)"
)
_FOUND_OLD: Final = re.compile(
    r"[Dd]ependency (?P<name>\S+) found: NO\.? \(?[Ff]ound (?P<found>[\w.+-]+),?"
    r" but need:? '?(?P<version>[<>=!]+ ?[\w.]+)"
)
_COMPILERS: Final = re.compile(r"Unknown compiler\(s\): \[(?P<names>.*)\]")
_PROGRAM: Final = re.compile(r"Program(?:\(s\))? \[?['\"](?P<name>[^'\"]+)['\"].* not found")
_LIBRARY: Final = re.compile(
    r"(?:C|C\+\+|Fortran|CPP)?\s*(?:shared or static |static |shared )?library '(?P<name>[^']+)' not found"
)
_HEADER: Final = re.compile(r"\bheader ['\"](?P<name>[^'\"]+)['\"](?: cannot be| could not be)? (?:not )?found")
_DOWNLOAD: Final = re.compile(r"could not get \w+://|is the internet available|[Ff]ailed to download")
_NOT_THERE: Final = re.compile(r"(?:Run-time d|D)ependency (?P<name>\S+) found: NO")
_OWN_OLD: Final = re.compile(r"Meson version is (?P<found>\S+) but project requires (?P<version>\S+?)\.?$")
_LACKS_PKG_CONFIG: Final = re.compile(
    r"Did not find pkg-config by name|Found pkg-config: NO|[Pp]kg-config (?:binary )?for machine .* not found"
)

_LANGUAGES: Final = {
    "cc": "c",
    "gcc": "c",
    "c++": "cxx",
    "g++": "cxx",
    "gfortran": "fortran",
    "rustc": "rust",
    "nvcc": "cuda",
    "valac": "vala",
}
_PYTHONS: Final = frozenset({"python", "python3", "Python", "python-3"})


class Meson:
    """What Meson did not find."""

    name = "meson"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give what Meson stopped at."""
        for index, line, found in each(output.lines, _ERROR):
            before = output.lines[max(index - _NEAR, 0) : index]
            failure = _failure(found["said"], before)
            if failure is not None:
                yield failure._replace(said=line, line=index, place=found["place"] or "")


_NEAR: Final = 40


def _failure(said: str, before: Sequence[str]) -> Failure | None:
    if found := _COMPILERS.search(said):
        return _compiler(re.findall(r"'([^']+)'", found["names"]))
    if found := _VERSION.search(said):
        return _made(Lack.MESON, found["name"], version=found["version"], there=found["found"])
    if found := _DEPENDENCY.search(said) or _sought(said, before):
        return _dependency(found["name"], before)
    for pattern, lack in ((_PROGRAM, Lack.PROGRAM), (_LIBRARY, Lack.LINK), (_HEADER, Lack.HEADER)):
        if found := pattern.search(said):
            return _made(lack, found["name"])
    if found := _OWN_OLD.search(said):
        return _made(Lack.PROGRAM, "meson", version=found["version"], there=found["found"])
    words = _words.in_sentence(said) if said.startswith("Problem encountered:") else ()
    return Failure(Lack.WORDS, words, "meson", said, 0) if words else None


def _sought(said: str, before: Sequence[str]) -> re.Match[str] | None:
    """Give what was last not found, if the source that was to stand in for it could not be fetched."""
    if not _DOWNLOAD.search(said):
        return None
    return next(filter(None, map(_NOT_THERE.search, reversed(before))), None)


def _compiler(programs: list[str]) -> Failure | None:
    if "cython" in programs or "cython3" in programs:
        return _made(Lack.PYTHON_MODULE, "Cython")
    language = next((_LANGUAGES[name] for name in programs if name in _LANGUAGES), "")
    return _made(Lack.COMPILER, language) if language else None


def _dependency(name: str, before: Sequence[str]) -> Failure:
    if name in _PYTHONS or name.startswith("Python dependency"):
        return _made(Lack.PYTHON_HEADERS, name)
    for line in reversed(before):
        old = _FOUND_OLD.search(line)
        if old and old["name"] == name:
            return _made(Lack.MESON, name, version=old["version"], there=old["found"])
    lacks = any(_LACKS_PKG_CONFIG.search(line) for line in before)
    return _made(Lack.MESON, name)._replace(without="pkg-config" if lacks else "")


def _made(lack: Lack, name: str, *, version: str = "", there: str = "") -> Failure:
    return Failure(lack, (name,), "meson", "", 0, version=version, found=there)


ADAPTER: Final[Family] = Meson()
