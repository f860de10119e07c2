"""What CMake looked for, as the entries of its cache tell: packages, libraries, headers.

=========================================  ==========================================================================
``FIND_PACKAGE_MESSAGE_DETAILS_<Name>``    a package that a module found: files, folders, and ``v<version>``
``<Name>_DIR``                             the folder of a package's own file, or that there is none
``<NAME>_LIBRARY``, ``<NAME>_INCLUDE_DIR`` what a module, or the project, looked for by ``find_library``, ``find_path``
``Have include zlib.h``                    the comment of what ``check_include_file`` found out; so for a library
=========================================  ==========================================================================
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.model.invocation import Search
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RECORD: Final = "CMakeCache.txt"
"""The file that the entries stand in."""


def searches(entries: Mapping[str, str], comments: Mapping[str, str]) -> Iterator[Search]:
    """Give what was looked for, from the entries of a cache and the comment of each. Looks at packages' own files."""
    found = {package.name: package for package in (*_by_module(entries), *_by_file(entries))}
    yield from found.values()
    lacking = {name for name in _lacking_file(entries) if name not in found}
    yield from (_search(NameKind.CMAKE, name, found=False) for name in lacking)
    yield from _by_variable(entries, comments, {name.casefold() for name in (*found, *lacking)})
    yield from _checked(entries, comments)


_DETAILS: Final = "FIND_PACKAGE_MESSAGE_DETAILS_"
_PART: Final = re.compile(r"\[([^\[\]]*)\]")
_VERSION: Final = re.compile(r"v([^()]+)\(.*\)")
_LIBRARY: Final = re.compile(r".+\.(?:a|so(?:\.[\w.]+)?|dylib|tbd|lib)")
_NOT_PACKAGES: Final = re.compile(
    r"CMAKE_.*|.*_(?:BINARY|SOURCE|INCLUDE|INSTALL|LIBRARY|DATA|DOC|BIN|LIB|HEADER|CMAKE)"
)


def _by_module(entries: Mapping[str, str]) -> Iterator[Search]:
    """Read the message of each package that a module found; a program's has no file of a library and no folder."""
    for name, value in entries.items():
        if not name.startswith(_DETAILS):
            continue
        parts = _PART.findall(value)
        version = next((told[1] for part in parts if (told := _VERSION.fullmatch(part))), "")
        paths = [part for part in parts if part.startswith("/")]
        path = next((path for path in paths if _LIBRARY.fullmatch(path)), "")
        package = name.removeprefix(_DETAILS)
        yield _search(NameKind.CMAKE, package, found=True, version=version, path=path)


def _by_file(entries: Mapping[str, str]) -> Iterator[Search]:
    """Read which packages have a file of their own: other variables end in ``_DIR`` too."""
    for name, folder in entries.items():
        package = name.removesuffix("_DIR")
        if package == name or not folder.startswith("/") or _NOT_PACKAGES.fullmatch(package):
            continue
        for stem in (f"{package}Config", f"{package.lower()}-config"):
            path = os.path.join(folder, f"{stem}.cmake")  # noqa: PTH118 - as the file gave it
            if os.path.isfile(path):  # noqa: PTH113 - likewise
                yield _search(NameKind.CMAKE, package, found=True, version=_version_beside(path), path=path)
                break


_SAYS_VERSION: Final = re.compile(r"^\s*set\s*\(\s*PACKAGE_VERSION\s+\"?(\d[\w.]*)", re.MULTILINE | re.IGNORECASE)
_VERSION_FILE_LIMIT: Final = 1 << 20


def _version_beside(path: str) -> str:
    """Give what the version file of a package says; empty if it computes it, or there is none."""
    ending = "Version.cmake" if path.endswith("Config.cmake") else "-version.cmake"
    file = Path(f"{path.removesuffix('.cmake')}{ending}")
    try:
        text = file.read_bytes()[:_VERSION_FILE_LIMIT].decode(errors="replace")
    except OSError:
        return ""
    told = _SAYS_VERSION.search(text)
    return told[1] if told else ""


def _lacking_file(entries: Mapping[str, str]) -> Iterator[str]:
    """Give packages without a file, apart from those whose sources are part of the build, fetched or not."""
    for name, value in entries.items():
        package = name.removesuffix("_DIR")
        if value == f"{name}-NOTFOUND" and package != name and not _NOT_PACKAGES.fullmatch(package):
            own = {f"{package}_SOURCE_DIR", f"{package.lower()}_SOURCE_DIR"}
            if own.isdisjoint(entries):
                yield package


_FOUND_BY: Final = frozenset({"Path to a library.", "Path to a file."})
_VARIABLE: Final = re.compile(
    r"([A-Za-z][A-Za-z0-9+-]*?)_(?:LIBRARY(?:_RELEASE|_DEBUG)?|LIBRARIES|LIB|INCLUDE_DIRS?|INCLUDE_PATH)"
)


def _by_variable(entries: Mapping[str, str], comments: Mapping[str, str], known: set[str]) -> Iterator[Search]:
    """Read what ``find_library`` and ``find_path`` left, by the names that their variables begin with.

    One file found is enough: there is seldom a debug library.
    """
    paths: dict[str, list[str]] = {}
    for name, value in entries.items():
        told = _VARIABLE.fullmatch(name)
        if told and comments.get(name) in _FOUND_BY and (value.startswith("/") or value == f"{name}-NOTFOUND"):
            paths.setdefault(told[1], []).append(value if value.startswith("/") else "")
    for name, values in paths.items():
        if name.casefold() not in known:
            there = sorted(path for path in values if path)
            path = next((path for path in there if _LIBRARY.fullmatch(path)), "")
            yield _search(NameKind.CMAKE, name, found=bool(there), path=path)._replace(certain=False)


_CHECKED: Final = re.compile(r"Have (includes?|library) (.+)")


def _checked(entries: Mapping[str, str], comments: Mapping[str, str]) -> Iterator[Search]:
    """Read what the modules ``CheckIncludeFile`` and ``CheckLibraryExists`` found out."""
    for name, comment in comments.items():
        told = _CHECKED.fullmatch(comment)
        if told is None or name not in entries:
            continue
        last = told[2].split(";")[-1]  # those before it are what it needs
        is_library = told[1] == "library"
        if not (is_library and "/" in last):
            sense = NameKind.LINK if is_library else NameKind.HEADER
            yield _search(sense, last, found=entries[name] not in {"", "0", "FALSE", "OFF"})


def _search(sense: NameKind, name: str, *, found: bool, version: str = "", path: str = "") -> Search:
    return Search("cmake", sense, name, found, version, path, RECORD)
