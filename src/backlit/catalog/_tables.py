"""The tables of a folder of TOML files: names to ids, and packages by id. Its form is told in `backlit.catalog`.

Names with a wildcard, header folders and exact names are put in tables of their own, so that reading the index is all
the work there is at run time. An id is written once and meant by its place in the list.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, TypeVar

from backlit.errors import InputError
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

_T = TypeVar("_T")

DISTRIBUTIONS: Final = (
    "debian", "fedora", "opensuse", "alpine", "arch", "gentoo", "nixpkgs", "guix", "conda-forge", "homebrew", "spack",
    "vcpkg",
)  # fmt: skip
"""Distributions whose packages the shipped catalogue names. Debian's names serve Ubuntu too."""

_KINDS: Final = {
    "pkgconfig": NameKind.PKGCONFIG,
    "link": NameKind.LINK,
    "soname": NameKind.SONAME,
    "headers": NameKind.HEADER,
    "cmake": NameKind.CMAKE,
    "crates": NameKind.CRATE,
    "config_tools": NameKind.CONFIG_TOOL,
    "meson": NameKind.MESON,
}
_ID: Final = re.compile(r"dep:(generic|virtual/(compiler|interface))/[a-z0-9._+-]+", re.ASCII | re.IGNORECASE)
_LIBRARY_FIELDS: Final = {
    "id", "canonical", "description", "debian_source", "debian_binary", "debian_shared", "comes_with",
    "interface_numbers", "crates_over", "names", "beside", "packages", "checked",
}  # fmt: skip
_TOOL_FIELDS: Final = {
    "id", "canonical", "description", "commands", "called_beside", "brings", "variables", "macros", "alternative",
    "packages", "checked",
}  # fmt: skip
_NEEDED_FIELDS: Final = {"id", "canonical", "description", "packages", "checked"}


class Tables:
    """The tables as they fill; every claim remembers who made it, for the message when another makes it too."""

    def __init__(self) -> None:
        self.ids: dict[str, tuple[int, bool]] = {}
        self.names: dict[str, dict[str, int]] = {
            table: {}
            for table in (*NameKind, "cmake_folded", "header_folder", "debian_source", "debian_package", "command")
        }
        self.globs: dict[str, dict[str, int]] = {}
        self.platform: dict[str, dict[str, int]] = {}
        self.platform_globs: dict[str, list[str]] = {}
        self.packages: dict[str, dict[str, dict[str, Any]]] = {}
        """By id and distribution: names by role, and under ``checked`` the source that has them, if any."""
        self.comes_with: dict[str, list[str]] = {}
        self.called_beside: dict[str, dict[str, str]] = {}
        self.interface_numbers: list[str] = []
        self.brought: dict[str, dict[str, str]] = {}
        self.beside: dict[str, dict[str, dict[str, str]]] = {}
        self._claims: dict[tuple[str, str], str] = {}

    def number(self, where: str, id_: str, *, canonical: bool) -> int:
        """Give the place of an id in the list, at the end of it if it is new."""
        number, as_before = self.ids.setdefault(id_, (len(self.ids), canonical))
        if as_before != canonical:
            raise InputError(f"{id_} is canonical in one file and not in another", where=where)
        return number

    def claim(self, where: str, table: str, name: str, number: int) -> None:
        """Let a name of one kind mean one id.

        :raises InputError: if it means another already.
        """
        other = self._claims.setdefault((table, name), where)
        if other != where or name in self.names[table] or name in self.globs.get(table, {}):
            raise InputError(f"{table} name {name!r} is claimed twice, here and in {other}", where=where)
        target = self.globs.setdefault(table, {}) if is_glob(name) else self.names[table]
        target[name] = number

    def add_packages(self, where: str, entry: dict[str, Any], roles: set[str]) -> None:
        """Add an entry's packages. A library and a tool may share an id; two tools may not share a role."""
        known = self.packages.setdefault(entry["id"], {})
        for distribution, by_role in entry["packages"].items():
            if unknown := by_role.keys() - roles:
                raise InputError(f"unknown role {min(unknown)!r} in {distribution}", where=where)
            source = entry["checked"].get(distribution)
            target = known.setdefault(distribution, {"checked": source} if source else {})
            if twice := by_role.keys() & target.keys():
                raise InputError(f"{entry['id']} has {min(twice)} packages in {distribution} already", where=where)
            target.update(by_role)
            if source is None:
                target.pop("checked", None)

    def index(self) -> dict[str, Any]:
        """Give the tables of names as they are written down."""
        return {
            "ids": [[id_, canonical] for id_, (_, canonical) in self.ids.items()],
            "names": self.names,
            "globs": {table: in_order(globs) for table, globs in self.globs.items()},
            "platform": self.platform,
            "platform_globs": self.platform_globs,
            "comes_with": self.comes_with,
            "called_beside": self.called_beside,
            "interface_numbers": self.interface_numbers,
            "brought": {sense: in_order(names) for sense, names in self.brought.items()},
            "beside": self.beside,
        }


def read(folder: Path, sources: Container[str] | None = None) -> Tables:
    """Read the entries of a folder: ``libraries/*.toml``, ``tools/*.toml``; either may be missing.

    :param sources: keys that an entry's ``[checked]`` may name; any if None.
    :raises InputError: if an entry is malformed, or two entries claim one name.
    """
    tables = Tables()
    for where, entry in _entries(folder / "libraries", _LIBRARY_FIELDS, sources):
        _add_library(tables, where, entry)
        tables.add_packages(where, entry, {"host", "run"})
    for where, entry in _entries(folder / "tools", _TOOL_FIELDS, sources):
        _add_tool(tables, where, entry)
        if not entry.get("alternative"):
            tables.add_packages(where, entry, {"build"})
    return tables


def add_platform(tables: Tables, path: Path) -> None:
    """Add what every extension has: ``platform.toml``.

    :raises InputError: if it is malformed, or one of its names is a library's.
    """
    entry = load(path)
    platform: dict[str, list[str]] = dict(_kinds(path.name, entry["names"]))
    if unknown := entry["packages"].keys() - set(DISTRIBUTIONS):
        raise InputError(f"unknown distribution {min(unknown)!r}", where=path.name)
    platform |= {f"{distribution}_package": names for distribution, names in entry["packages"].items()}
    for table, names in platform.items():
        tables.platform[table] = {name: 1 for name in sorted(names) if not is_glob(name) and not name.endswith("/")}
        tables.platform_globs[table] = sorted(
            f"{name}*" if name.endswith("/") else name for name in names if is_glob(name) or name.endswith("/")
        )
        for name in tables.platform[table]:
            if table in tables.names and not table.endswith("_package") and name in tables.names[table]:
                raise InputError(f"{table} name {name!r} is a library's", where=path.name)


def load(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    :raises InputError: if it is none.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(error), where=path.name) from error


def is_glob(name: str) -> bool:
    """Tell whether a name is a wildcard."""
    return any(character in name for character in "*?[")


def in_order(globs: dict[str, _T]) -> dict[str, _T]:
    """Give wildcards in the order in which they are tried: a longer one says more."""
    return dict(sorted(globs.items(), key=lambda item: (-len(item[0]), item[0])))


def _entries(folder: Path, fields: set[str], sources: Container[str] | None) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        entry = load(path)
        where = f"{folder.name}/{path.name}"
        if unknown := entry.keys() - fields:
            raise InputError(f"unknown field {min(unknown)!r}", where=where)
        if missing := _NEEDED_FIELDS - entry.keys():
            raise InputError(f"needs {min(missing)!r}", where=where)
        if not _ID.fullmatch(entry["id"]):
            raise InputError(f"{entry['id']!r} is no id of a library or tool", where=where)
        _check_sources(where, entry, sources)
        yield where, entry


def _check_sources(where: str, entry: dict[str, Any], sources: Container[str] | None) -> None:
    """Refuse a claim to have been checked that speaks of no packages, or of no source."""
    for about, source in entry["checked"].items():
        if about == "unchecked":
            continue
        if about != "names" and about not in entry["packages"]:
            raise InputError(f"checked has {about!r}, which has no packages", where=where)
        if sources is not None and source not in sources:
            raise InputError(f"checked.{about} names the source {source!r}, which sources.toml lacks", where=where)


def _add_library(tables: Tables, where: str, entry: dict[str, Any]) -> None:
    if entry["id"] in tables.ids:
        raise InputError(f"{entry['id']} has another file already", where=where)
    number = tables.number(where, entry["id"], canonical=entry["canonical"])
    for kind, names in _kinds(where, entry.get("names", {})):
        for name in names:
            tables.claim(where, *_placed(kind, name), number)
            if kind is NameKind.CMAKE:
                tables.claim(where, "cmake_folded", name.casefold(), number)
    for crate in entry.get("crates_over", ()):
        tables.claim(where, NameKind.CRATE, crate.replace("_", "-"), number)
    for source in entry.get("debian_source", ()):
        tables.claim(where, "debian_source", source, number)
    if entry.get("comes_with"):
        tables.comes_with[entry["id"]] = entry["comes_with"]
    tables.interface_numbers += entry.get("interface_numbers", ())
    for compiler, names in entry.get("beside", {}).items():
        _mean(where, tables.beside.setdefault(compiler, {}), names, entry["id"])
    debian = entry["packages"].get("debian", {})
    named = {*entry.get("debian_binary", ()), *debian.get("host", ()), *debian.get("run", ())}
    for package in sorted(named - {*entry.get("debian_shared", ())}):
        tables.claim(where, "debian_package", package, number)


def _add_tool(tables: Tables, where: str, entry: dict[str, Any]) -> None:
    number = tables.number(where, entry["id"], canonical=entry["canonical"])
    for command in entry["commands"]:
        tables.claim(where, "command", command, number)
    for library, commands in entry.get("called_beside", {}).items():
        for command in commands:
            _add_called_beside(tables, where, entry, library, command)
    command = next(iter(entry["commands"]), entry["id"])
    _mean(where, tables.brought, entry.get("brings", {}), command)
    for sense in ("variable", "macro"):
        _mean_alike(where, sense, tables.brought.setdefault(sense, {}), entry.get(f"{sense}s", ()), command)


def _mean(where: str, known: dict[str, dict[str, str]], names: dict[str, list[str]], meant: str) -> None:
    """Let names of some kinds mean an id or a command, in tables of their own.

    :raises InputError: if one of them means another already.
    """
    for kind, values in _kinds(where, names):
        _mean_alike(where, kind, known.setdefault(kind, {}), values, meant)


def _mean_alike(where: str, sense: str, known: dict[str, str], names: Iterable[str], meant: str) -> None:
    for name in names:
        if known.setdefault(name, meant) != meant:
            raise InputError(f"{sense} name {name!r} is {known[name]!r} already", where=where)


def _add_called_beside(tables: Tables, where: str, entry: dict[str, Any], library: str, command: str) -> None:
    """Let a command mean a tool beside a library.

    :raises InputError: if no entry has the library, or the command means another tool beside it.
    """
    if library not in tables.ids:
        raise InputError(f"called_beside has {library!r}, which no entry has", where=where)
    meant = tables.called_beside.setdefault(command, {}).setdefault(library, entry["commands"][0])
    if meant != entry["commands"][0]:
        raise InputError(f"{command!r} beside {library} is {meant!r} already", where=where)


def _kinds(where: str, names: dict[str, list[str]]) -> Iterator[tuple[NameKind, list[str]]]:
    for field, values in names.items():
        if field not in _KINDS:
            raise InputError(f"unknown kind of name {field!r}", where=where)
        kind = _KINDS[field]
        yield kind, [value.replace("_", "-") for value in values] if kind is NameKind.CRATE else values


def _placed(kind: NameKind, name: str) -> tuple[str, str]:
    if kind is NameKind.HEADER and name.endswith("/"):
        return (kind, f"{name}*") if is_glob(name) else ("header_folder", name)
    return kind, name
