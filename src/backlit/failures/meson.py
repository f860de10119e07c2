"""Meson: the line ``FILE:LINE:COLUMN: ERROR:`` that it ends with.

The sentences are of ``mesonbuild/dependencies``, ``mesonbuild/interpreter`` and ``mesonbuild/compilers/detect.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words, each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
_HEADER: Final = re.compile(
    r"\bheader ['\"](?P<name>[^'\"]+)['\"](?: cannot be| could not be)? (?:not )?(?:found|usable)"
)
_PROGRAM_OLD: Final = re.compile(
    r"Program (?P<name>\S+) found: NO found '?(?P<found>[\w.+-]+)'?,? but need:? '?(?P<version>[<>=!]+ ?[\w.]+)"
)
_MODULES: Final = re.compile(r"\S+ is missing modules: (?P<names>.+)")
_NOT_RUN: Final = re.compile(r"Could not execute \w+ compiler: (?P<name>\S+)")
_CLIENT: Final = re.compile(r"(?P<name>Git) program not found, cannot download")
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
    if found := _DEPENDENCY.search(said) or _sought(said, before):
        return _dependency(found["name"], before)
    if found := _PROGRAM.search(said):
        return _program(found["name"].split()[0], before)
    for pattern, make in _SENTENCES:
        if found := pattern.search(said):
            return make(found)
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


def _program(name: str, before: Sequence[str]) -> Failure:
    """Read a program of which any of some names would do: the first; and which may be too old."""
    for line in reversed(before):
        if (old := _PROGRAM_OLD.search(line)) and old["name"] == name:
            return _made(Lack.PROGRAM, name, version=old["version"], there=old["found"])
    return _made(Lack.PROGRAM, name)


def _made(lack: Lack, *names: str, version: str = "", there: str = "") -> Failure:
    return Failure(lack, names, "meson", "", 0, version=version, found=there)


def _old(lack: Lack, name: str, found: re.Match[str]) -> Failure:
    return _made(lack, name, version=found["version"], there=found["found"])


_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Failure | None]], ...]] = (
    (_COMPILERS, lambda found: _compiler(re.findall(r"'([^']+)'", found["names"]))),
    (_NOT_RUN, lambda found: _compiler([found["name"]])),
    (_CLIENT, lambda found: _made(Lack.PROGRAM, found["name"].lower())),
    (_VERSION, lambda found: _old(Lack.MESON, found["name"], found)),
    (_OWN_OLD, lambda found: _old(Lack.PROGRAM, "meson", found)),
    (_MODULES, lambda found: _made(Lack.PYTHON_MODULE, *re.findall(r"\w+", found["names"]))),
    (_LIBRARY, lambda found: _made(Lack.LINK, found["name"])),
    (_HEADER, lambda found: _made(Lack.HEADER, found["name"])),
)


ADAPTER: Final[Family] = Meson()
