"""Whether a library is on this machine, by each of the names that a build asks for it.

Each sense is looked up where a build looks: a pkg-config module by pkg-config, a header in the compiler's folders, a
linked library in the linker's, a config program on the path, a CMake package where CMake looks for its files, a library
that is opened while running in the loader's cache.
"""

from __future__ import annotations

import os
import re
import shutil
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.names import NameKind
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.pipeline.doctor.compilers import Folders

_SECONDS: Final = 20.0


class Found(NamedTuple):
    """One name of a library, on this machine."""

    path: str
    """The file that shows it, absolute."""
    version: str | None = None
    """The version that it states; None if it states none."""


class Lookup:
    """One machine's libraries, as a build with these folders and variables would find them."""

    def __init__(self, folders: Folders, variables: Mapping[str, str]) -> None:
        self._folders = folders
        self._variables = variables
        self._path = variables.get("PATH", os.defpath)

    def find(self, kind: NameKind, name: str) -> Found | None:
        """Give what a name of one kind leads to; None if it leads nowhere. Crates and frameworks are not looked up."""
        ways = {
            NameKind.PKGCONFIG: self._module,
            NameKind.LINK: self._linked,
            NameKind.HEADER: self._header,
            NameKind.CONFIG_TOOL: self.program,
            NameKind.CMAKE: self._cmake,
            NameKind.SONAME: self._loaded,
            NameKind.MESON: self._dependency,
        }
        look = ways.get(kind)
        return look(name) if look else None

    def _dependency(self, name: str) -> Found | None:
        return self._module(name) or self._cmake(name)

    def to_run_with(self, kind: NameKind, name: str) -> Found | None:
        """Give the library that is opened by a name while running; None if the loader has none."""
        stem = name if kind is NameKind.SONAME else f"lib{name}.so"
        return self._loaded(stem) or (self._loaded(f"lib{stem}") if kind is NameKind.SONAME else None)

    def program(self, name: str) -> Found | None:
        """Give a program on the path; None if there is none of that name."""
        found = shutil.which(name, path=self._path)
        return Found(os.path.abspath(found)) if found else None  # noqa: PTH100 - text

    @cached_property
    def pkg_config(self) -> str | None:
        """pkg-config, as builds call it; None if it is not here."""
        for name in (self._variables.get("PKG_CONFIG", ""), "pkg-config", "pkgconf"):
            if name and (found := shutil.which(name, path=self._path)):
                return found
        return None

    def _module(self, name: str) -> Found | None:
        if not _MODULE.fullmatch(name):
            return None
        if self.pkg_config is None:
            return self._unasked(name)
        done = process.run([self.pkg_config, "--modversion", name], seconds=_SECONDS)
        if done.status != 0:
            return None
        where = process.run([self.pkg_config, "--variable=pcfiledir", name], seconds=_SECONDS).output.strip()
        return Found(f"{where}/{name}.pc", done.output.strip().partition("\n")[0] or None)

    def _unasked(self, name: str) -> Found | None:
        """Look for a module's file without pkg-config, which is not here."""
        given = self._variables.get("PKG_CONFIG_PATH", "").split(os.pathsep)
        shared = [f"{prefix}/share" for prefix in self._folders.prefixes]
        for folder in (*given, *(f"{path}/pkgconfig" for path in (*self._folders.libraries, *shared))):
            path = f"{folder}/{name}.pc"
            if folder and os.path.isfile(path):  # noqa: PTH113 - text
                stated = re.search(r"(?m)^Version:\s*(\d\S*)", _text(path))
                return Found(path, stated[1] if stated else None)
        return None

    def _linked(self, name: str) -> Found | None:
        names = [name[1:]] if name.startswith(":") else [f"lib{name}{ending}" for ending in _ENDINGS]
        paths = (f"{folder}/{file}" for folder in self._folders.libraries for file in names)
        return next((Found(path) for path in paths if os.path.isfile(path)), None)  # noqa: PTH113 - text

    def _header(self, name: str) -> Found | None:
        """Look for a header, or a folder of them, as a compiler does, then one folder below, where ``-I`` leads."""
        if name.startswith(("/", "..")) or not name:
            return None
        for folder in (*self._folders.headers, *self._below):
            path = f"{folder}/{name}"
            if os.path.isdir(path) if name.endswith("/") else os.path.isfile(path):  # noqa: PTH112, PTH113 - text
                return Found(path.rstrip("/"))
        return None

    @cached_property
    def _below(self) -> tuple[str, ...]:
        return tuple(entry for folder in self._folders.headers for entry in _folders_in(folder))

    def _cmake(self, name: str) -> Found | None:
        """Look for a package's own file, as ``find_package`` does in its config mode."""
        if named := self._variables.get(f"{name}_DIR", ""):
            return next(_config_files(named, name), None)
        roots = [self._variables.get(f"{name}_ROOT", ""), *self._folders.prefixes]
        below = [f"{root}/{part}" for root in roots if root for part in ("lib", "lib64", "share", "")]
        for folder in dict.fromkeys((*below, *self._folders.libraries)):
            for place in (folder, f"{folder}/cmake"):
                for entry in _folders_in(place):
                    if not os.path.basename(entry).lower().startswith(name.lower()):  # noqa: PTH119 - text
                        continue
                    found = next(_config_files(entry, name), None) or next(_config_files(f"{entry}/cmake", name), None)
                    if found is not None:
                        return found
        return None

    def _loaded(self, soname: str) -> Found | None:
        """Look for a shared library by its name, with or without its version, as the loader does."""
        stem = soname.rpartition("/")[2]
        for name, path in self._cache.items():
            if name == stem or name.startswith(f"{stem}."):
                return Found(path)
        for folder in self._folders.libraries:
            for entry in _names_in(folder):
                if entry == stem or entry.startswith(f"{stem}."):
                    return Found(f"{folder}/{entry}")
        return None

    @cached_property
    def _cache(self) -> dict[str, str]:
        """The loader's cache: names of shared libraries to paths. Empty where there is none, as with musl."""
        program = shutil.which("ldconfig", path=f"{self._path}:/sbin:/usr/sbin")
        listed = process.run([program, "-p"], seconds=_SECONDS).output if program else ""
        return dict(re.findall(r"(?m)^\s+(\S+) \([^)]*\) => (\S+)$", listed))


_MODULE: Final = re.compile(r"[A-Za-z0-9][\w.+-]*")
_ENDINGS: Final = (".so", ".a", ".dylib", ".tbd")


def _config_files(folder: str, name: str) -> Iterator[Found]:
    for file in (f"{name}Config.cmake", f"{name.lower()}-config.cmake"):
        path = f"{folder}/{file}"
        if os.path.isfile(path):  # noqa: PTH113 - text
            yield Found(path, _config_version(folder, name))


def _config_version(folder: str, name: str) -> str | None:
    for file in (f"{name}ConfigVersion.cmake", f"{name.lower()}-config-version.cmake"):
        stated = re.search(r'(?i)set\s*\(\s*PACKAGE_VERSION\s+"?(\d[\w.]*)"?', _text(f"{folder}/{file}"))
        if stated:
            return stated[1]
    return None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - text
            return file.read(1 << 20)
    except OSError:
        return ""


def _names_in(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - text
    except OSError:
        return []


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return []
