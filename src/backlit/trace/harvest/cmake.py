"""What CMake found out: ``CMakeCache.txt`` of one build folder.

CMake is the one program that no shim may lie to, for it keeps the paths of what it finds. So its own record is read:
which compilers it took, which pkg-config modules it asked for, which packages it found or not.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace.harvest import cmake_searches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.invocation import Search

FILE: Final = "CMakeCache.txt"
"""The file that makes a folder a build folder of CMake."""
LIMIT: Final = 64 << 20
"""Bytes of the file, at most."""


class Module(NamedTuple):
    """One ``pkg_check_modules``."""

    modules: tuple[str, ...]
    """Modules asked for."""
    constraints: tuple[str, ...]
    """Version conditions, such as ``libxml-2.0 >= 2.9``."""
    found: bool | None
    """Whether pkg-config knew all of them; None if it is not known of which it did not."""


class Cache(NamedTuple):
    """One build folder."""

    folder: str
    """Absolute path."""
    generator: str
    """Such as ``Ninja`` or ``Unix Makefiles``; empty if not known."""
    cmake: str
    """Absolute path of the cmake that made it; empty if not known."""
    make_program: str
    """Absolute path of the ninja or make that it uses; empty if not known."""
    pkg_config: str
    """Absolute path of the pkg-config it asked; empty if none."""
    compilers: tuple[tuple[str, str], ...]
    """CMake's language name and absolute path, sorted."""
    modules: tuple[Module, ...]
    """pkg-config modules, by the variables' names."""
    searches: tuple[Search, ...]
    """Packages, libraries and headers that it looked for, sorted."""
    lacking: tuple[str, ...]
    """Programs that were looked for and are not there, by their variables, such as ``SWIG_EXECUTABLE``; sorted."""
    faults: tuple[str, ...]
    """What could not be read."""


def read(folder: str) -> Cache:
    """Give what CMake kept in a build folder. Never raises for what stands in the file."""
    path = Path(folder, FILE)
    try:
        if path.stat().st_size > LIMIT:
            return parse("", folder)._replace(faults=(f"{FILE}: longer than {LIMIT} bytes",))
        return parse(os.fsdecode(path.read_bytes()), folder)
    except OSError as error:
        return parse("", folder)._replace(faults=(f"{FILE}: {error.strerror}",))


def parse(text: str, folder: str = "/") -> Cache:
    """Give what stands in a ``CMakeCache.txt``; lines that are no entry are passed over."""
    entries = {found[1] or found[2]: found[3] for found in _ENTRY.finditer(text)}
    comments = _comments(text)
    return Cache(
        folder=folder,
        generator=entries.get("CMAKE_GENERATOR", ""),
        cmake=_absolute(entries.get("CMAKE_COMMAND", "")),
        make_program=_absolute(entries.get("CMAKE_MAKE_PROGRAM", "")),
        pkg_config=_absolute(entries.get("PKG_CONFIG_EXECUTABLE", "")),
        compilers=tuple(sorted(_compilers(entries))),
        modules=tuple(_modules(entries)),
        searches=tuple(sorted(cmake_searches.searches(entries, comments))),
        lacking=tuple(sorted(_lacking(entries, comments))),
        faults=(),
    )


_COMMENTED: Final = re.compile(r"^//([^\n]+)\n([^\n#/\":=][^\n\":=]*):[A-Z]+=", re.MULTILINE)
_ENTRY: Final = re.compile(r'^(?:"([^"\n]+)"|([^\n#/":=][^\n":=]*)):[A-Z]+=([^\n]*)$', re.MULTILINE)
_COMPILER: Final = re.compile(r"CMAKE_([A-Za-z]+)_COMPILER")
_CHECKED: Final = "__pkg_config_checked_"
_ARGUMENTS: Final = "__pkg_config_arguments_"
_KEYWORDS: Final = frozenset(
    {"REQUIRED", "QUIET", "NO_CMAKE_PATH", "NO_CMAKE_ENVIRONMENT_PATH", "IMPORTED_TARGET", "GLOBAL", "STATIC_TARGET"}
)
_SPECIFIER: Final = re.compile(r"([^\s<>=!]+)\s*(?:(>=|<=|=|<|>)\s*(\S+))?")


def _comments(text: str) -> dict[str, str]:
    """Give what CMake says of each entry, where that is one line."""
    return {name: comment for comment, name in _COMMENTED.findall(text)}


def _lacking(entries: dict[str, str], comments: dict[str, str]) -> Iterator[str]:
    """Give what ``find_program`` did not find, apart from what CMake looks for by itself: ``CMAKE_DLLTOOL``."""
    for name, value in entries.items():
        # CMake's own modules comment in words of their own, and name the variable so.
        is_program = name.endswith("_EXECUTABLE") or comments.get(name) == "Path to a program."
        if is_program and value == f"{name}-NOTFOUND" and not name.startswith("CMAKE_"):
            yield name


def _absolute(value: str) -> str:
    return value if value.startswith("/") else ""


def _compilers(entries: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in entries.items():
        found = _COMPILER.fullmatch(name)
        if found and _absolute(value):
            yield found[1], value


def _modules(entries: dict[str, str]) -> Iterator[Module]:
    """Read what FindPkgConfig keeps of ``pkg_check_modules`` and ``pkg_search_module``.

    What was asked for, with conditions, is kept only where all of it was found; else the names of its variables tell.
    """
    for name in sorted(entries):
        if not name.startswith(_CHECKED):
            continue
        prefix = name.removeprefix(_CHECKED)
        found = entries.get(f"{prefix}_FOUND") == "1"
        if f"{_ARGUMENTS}{prefix}" in entries:
            yield _asked(entries[f"{_ARGUMENTS}{prefix}"])
        elif found and entries.get(f"{prefix}_MODULE_NAME"):
            yield Module((entries[f"{prefix}_MODULE_NAME"],), (), found=True)
        elif named := tuple(_named(entries, prefix)):
            # Of several, CMake does not keep which one was not there.
            yield Module(named, (), found=True if found else (False if len(named) == 1 else None))


def _asked(arguments: str) -> Module:
    words = [word for word in arguments.split(";") if word and word not in _KEYWORDS]
    specifiers = [found for word in words if (found := _SPECIFIER.fullmatch(word.strip()))]
    return Module(
        modules=tuple(found[1] for found in specifiers),
        constraints=tuple(f"{found[1]} {found[2]} {found[3]}" for found in specifiers if found[2]),
        found=True,
    )


def _named(entries: dict[str, str], prefix: str) -> Iterator[str]:
    start, end = f"{prefix}_", "_VERSION"
    for name in entries:
        if name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end):
            yield name[len(start) : -len(end)]
