"""Makes ``index.json`` and ``packages.json`` of the catalogue's TOML files: ``python -m backlit.catalog._generate``.

Same input, same bytes. Names with a wildcard, header folders and exact names are put in tables of their own, so that
reading the index is all the work there is at run time. An id is written once and meant by its place in the list.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.errors import InputError
from backlit.model.names import NameKind
from backlit.support.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
"""The folder of the catalogue's files."""

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
_DISTRIBUTIONS: Final = {"debian", "fedora", "alpine", "arch", "nixpkgs", "conda-forge", "homebrew"}
_ID: Final = re.compile(r"dep:(generic|virtual/(compiler|interface))/[a-z0-9._+-]+", re.ASCII | re.IGNORECASE)
_LIBRARY_FIELDS: Final = {
    "id", "canonical", "description", "debian_source", "debian_binary", "names", "packages", "checked",
}  # fmt: skip
_TOOL_FIELDS: Final = {"id", "canonical", "description", "commands", "alternative", "packages", "checked"}


def documents(folder: Path = HERE) -> dict[str, str]:
    """Give the text of each generated file, by its name.

    :raises InputError: if an entry is malformed, or two entries claim one name.
    """
    index, packages = _Index(), _Packages()
    for where, entry in _entries(folder / "libraries", _LIBRARY_FIELDS):
        _add_library(index, where, entry)
        packages.add(where, entry, {"host", "run"})
    for where, entry in _entries(folder / "tools", _TOOL_FIELDS):
        _add_tool(index, where, entry)
        if not entry.get("alternative"):
            packages.add(where, entry, {"build"})
    _add_platform(index, _load(folder / "platform.toml"))
    return {"index.json": _text(index.as_json()), "packages.json": _text(packages.by_id)}


def main() -> None:
    """Write the generated files beside their sources."""
    for name, text in documents().items():
        write_atomically(HERE / name, text)


class _Index:
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
        self._claims: dict[tuple[str, str], str] = {}

    def number(self, where: str, id_: str, *, canonical: bool) -> int:
        number, as_before = self.ids.setdefault(id_, (len(self.ids), canonical))
        if as_before != canonical:
            raise InputError(f"{id_} is canonical in one file and not in another", where=where)
        return number

    def claim(self, where: str, table: str, name: str, number: int) -> None:
        other = self._claims.setdefault((table, name), where)
        if other != where or name in self.names[table] or name in self.globs.get(table, {}):
            raise InputError(f"{table} name {name!r} is claimed twice, here and in {other}", where=where)
        target = self.globs.setdefault(table, {}) if is_glob(name) else self.names[table]
        target[name] = number

    def as_json(self) -> dict[str, Any]:
        return {
            "ids": [[id_, canonical] for id_, (_, canonical) in self.ids.items()],
            "names": self.names,
            # A longer wildcard says more: it is tried first.
            "globs": {
                table: dict(sorted(globs.items(), key=lambda item: (-len(item[0]), item[0])))
                for table, globs in self.globs.items()
            },
            "platform": self.platform,
            "platform_globs": self.platform_globs,
        }


class _Packages:
    """Packages by id, distribution and role. A library and a tool may share an id; two tools may not share a role."""

    def __init__(self) -> None:
        self.by_id: dict[str, dict[str, dict[str, list[str]]]] = {}

    def add(self, where: str, entry: dict[str, Any], roles: set[str]) -> None:
        packages: dict[str, dict[str, list[str]]] = entry["packages"]
        if "debian" not in packages:
            raise InputError("needs Debian's packages; `debian = {}` if it has none", where=where)
        if unknown := packages.keys() - _DISTRIBUTIONS:
            raise InputError(f"unknown distribution {min(unknown)!r}", where=where)
        known = self.by_id.setdefault(entry["id"], {})
        for distribution, by_role in packages.items():
            if unknown := by_role.keys() - roles:
                raise InputError(f"unknown role {min(unknown)!r} in {distribution}", where=where)
            target = known.setdefault(distribution, {})
            if twice := by_role.keys() & target.keys():
                raise InputError(f"{entry['id']} has {min(twice)} packages in {distribution} already", where=where)
            target.update(by_role)


def is_glob(name: str) -> bool:
    """Tell whether a name is a wildcard."""
    return any(character in name for character in "*?[")


def _entries(folder: Path, fields: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        entry = _load(path)
        where = f"{folder.name}/{path.name}"
        if unknown := entry.keys() - fields:
            raise InputError(f"unknown field {min(unknown)!r}", where=where)
        if missing := {"id", "canonical", "description", "packages", "checked"} - entry.keys():
            raise InputError(f"needs {min(missing)!r}", where=where)
        if not _ID.fullmatch(entry["id"]):
            raise InputError(f"{entry['id']!r} is no id of a library or tool", where=where)
        yield where, entry


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(str(error), where=path.name) from error


def _add_library(index: _Index, where: str, entry: dict[str, Any]) -> None:
    if entry["id"] in index.ids:
        raise InputError(f"{entry['id']} has another file already", where=where)
    number = index.number(where, entry["id"], canonical=entry["canonical"])
    for kind, names in _kinds(where, entry.get("names", {})):
        for name in names:
            index.claim(where, *_placed(kind, name), number)
            if kind is NameKind.CMAKE:
                index.claim(where, "cmake_folded", name.casefold(), number)
    for source in entry.get("debian_source", ()):
        index.claim(where, "debian_source", source, number)
    debian = entry["packages"].get("debian", {})
    for package in sorted({*entry.get("debian_binary", ()), *debian.get("host", ()), *debian.get("run", ())}):
        index.claim(where, "debian_package", package, number)


def _add_tool(index: _Index, where: str, entry: dict[str, Any]) -> None:
    number = index.number(where, entry["id"], canonical=entry["canonical"])
    for command in entry["commands"]:
        index.claim(where, "command", command, number)


def _add_platform(index: _Index, entry: dict[str, Any]) -> None:
    tables: dict[str, list[str]] = dict(_kinds("platform.toml", entry["names"]))
    if unknown := entry["packages"].keys() - _DISTRIBUTIONS:
        raise InputError(f"unknown distribution {min(unknown)!r}", where="platform.toml")
    tables |= {f"{distribution}_package": names for distribution, names in entry["packages"].items()}
    for table, names in tables.items():
        index.platform[table] = {name: 1 for name in sorted(names) if not is_glob(name) and not name.endswith("/")}
        index.platform_globs[table] = sorted(
            f"{name}*" if name.endswith("/") else name for name in names if is_glob(name) or name.endswith("/")
        )
        for name in index.platform[table]:
            if table in index.names and not table.endswith("_package") and name in index.names[table]:
                raise InputError(f"{table} name {name!r} is a library's", where="platform.toml")


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


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"


if __name__ == "__main__":
    main()
