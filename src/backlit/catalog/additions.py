"""What is known beside the shipped catalogue: mappings of PEP 804, and entries that a distribution adds.

Later ones win over earlier ones, and each over the shipped catalogue:

1. the data folders of PEP 804, ``external-packaging-metadata-mappings`` in the system's places for data;
2. the folders that installed packages name by the entry point group ``backlit.catalog``: the value is a package of
   Python, which is found and not imported, and in whose folder are ``libraries/*.toml`` and ``tools/*.toml``;
3. the files or folders that a command was given, in their order.

A hook in a build reads of these only what its config setting names: a report does not depend on what else is
installed. A file of PEP 804 is known by the name that the PEP gives it:
``registry.json``, ``<ecosystem>.mapping.json``, ``known-ecosystems.json``, of which nothing is read. A mapping's first
entry for an id counts, of its specifiers the names. See https://peps.python.org/pep-0804/.
"""

from __future__ import annotations

import json
import platform
import re
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.catalog import Added, _tables
from backlit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.metadata import EntryPoint

    from backlit.catalog._tables import Tables

GROUP: Final = "backlit.catalog"
"""The entry point group."""

FOLDER: Final = "external-packaging-metadata-mappings"
"""The folder of PEP 804, below each of the system's places for data."""


def read(given: Iterable[str], data_folders: Iterable[str] = ()) -> Added | None:
    """Read all that is added; None if there is nothing.

    :param given: files of PEP 804, or folders of them or of entries; the last one wins.
    :param data_folders: the system's places for data; the last one wins. Those without the folder are passed over.
    :raises InputError: if a file is not there, malformed, or bears no name that PEP 804 knows.
    """
    parts = [part for folder in data_folders for part in _of_folder(Path(folder, FOLDER))]
    parts += [_of_entry_point(point) for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)]
    parts += [part for path in given for part in _of_given(Path(path))]
    return _together(parts) if parts else None


def named(given: Iterable[str]) -> Added | None:
    """Read what somebody named, and nothing else; None if that is nothing.

    :raises InputError: as `read` does.
    """
    parts = [part for path in given for part in _of_given(Path(path))]
    return _together(parts) if parts else None


def _together(parts: Iterable[Added]) -> Added:
    """Join what was read; of two that say the same, the later."""
    tables = _tables.Tables()
    packages: dict[str, dict[str, Mapping[str, Any]]] = {}
    sources: dict[str, Mapping[str, str]] = {}
    canonical: frozenset[str] | None = None
    for part in parts:
        _take(tables, part.tables)
        for id_, by_distribution in part.packages.items():
            packages.setdefault(id_, {}).update(by_distribution)
        sources.update(part.sources)
        canonical = part.canonical if part.canonical is not None else canonical
    return Added(tables.index(), packages, sources, canonical)


def _take(tables: Tables, index: Mapping[str, Any]) -> None:
    ids = [id_ for id_, _ in index["ids"]]
    for id_, canonical in index["ids"]:
        number = tables.ids.get(id_, (len(tables.ids), canonical))[0]
        tables.ids[id_] = (number, canonical)
    for field, known in (("names", tables.names), ("globs", tables.globs)):
        for table, names in index[field].items():
            known.setdefault(table, {}).update({name: tables.ids[ids[number]][0] for name, number in names.items()})


def _of_entry_point(point: EntryPoint) -> Added:
    """Read the entries of an installed package; none of its code runs."""
    where = f"entry point {point.name!r} of {GROUP}"
    folders: list[str] | None = None
    for name in point.value.split("."):
        spec = PathFinder.find_spec(name, folders)
        folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders or ():
        if any(Path(folder, kind).is_dir() for kind in ("libraries", "tools")):
            return _of_entries(Path(folder), point.name)
    raise InputError(
        f"names {point.value!r}, where no folder 'libraries' or 'tools' is",
        where=where,
        cure="let it name the package of Python whose folder has them",
    )


def _of_given(path: Path) -> Iterator[Added]:
    if not path.exists():
        raise InputError("there is no such file or folder", where=str(path), cure="name a mapping of PEP 804")
    if path.is_dir():
        if any((path / kind).is_dir() for kind in ("libraries", "tools")):
            yield _of_entries(path, str(path))
            return
        parts = list(_of_folder(path))
        if not parts:
            raise InputError("has neither mappings of PEP 804 nor entries", where=str(path), cure=_NAMES)
        yield from parts
    elif path.name == _REGISTRY:
        yield _of_registry(path)
    elif path.name.endswith(_MAPPING):
        yield _of_mapping(path)
    else:
        raise InputError("bears no name that PEP 804 knows", where=str(path), cure=_NAMES)


_REGISTRY: Final = "registry.json"
_MAPPING: Final = ".mapping.json"
_NAMES: Final = f"its mappings are called <ecosystem>{_MAPPING} and {_REGISTRY}, and entries are in libraries/*.toml"


def _of_folder(folder: Path) -> Iterator[Added]:
    if (folder / _REGISTRY).is_file():
        yield _of_registry(folder / _REGISTRY)
    for path in sorted(folder.glob(f"*{_MAPPING}"), key=_last_is_ours):
        if _is_for_here(path):
            yield _of_mapping(path)


def _ecosystem(path: Path) -> tuple[str, str]:
    name, _, version = path.name.removesuffix(_MAPPING).partition("+")
    return name, version


def _machine() -> tuple[str, str]:
    """Give the id and the version of this machine's distribution, empty if it says none."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "", ""
    return release.get("ID", ""), release.get("VERSION_ID", "")


def _is_for_here(path: Path) -> bool:
    """Tell whether a mapping is for all versions of its ecosystem, or for the one that runs here."""
    return "" in _ecosystem(path)[1:] or _ecosystem(path) == _machine()


def _last_is_ours(path: Path) -> tuple[bool, bool, bool, str]:
    """Sort so that what wins comes last: Ubuntu's names for Debian's only on Ubuntu, and a version's over all's."""
    name, version = _ecosystem(path)
    return name == _machine()[0], name not in _DISTRIBUTIONS, bool(version), path.name


def _of_entries(folder: Path, name: str) -> Added:
    try:
        tables = _tables.read(folder)
    except InputError as error:
        raise InputError(error.problem, where=f"{folder}: {error.where}", cure=error.cure) from error
    for by_distribution in tables.packages.values():
        for by_role in by_distribution.values():
            by_role["checked"] = name
    index = {field: value for field, value in tables.index().items() if field in ("ids", "names", "globs")}
    return Added(index, tables.packages, {name: {"kind": "entry", "where": str(folder)}})


_EMPTY: Final[Mapping[str, Any]] = {"ids": [], "names": {}, "globs": {}}


def _of_registry(path: Path) -> Added:
    """Read which ids are canonical: those that are no other name of one that is not virtual."""
    canonical = set()
    for entry in _array(path, "definitions"):
        provides = entry.get("provides", [])
        names = [provides] if isinstance(provides, str) else provides
        if all(str(name).startswith("dep:virtual/") for name in names):
            canonical.add(_id(path, entry))
    return Added(_EMPTY, {}, {}, frozenset(canonical))


def _of_mapping(path: Path) -> Added:
    entries: dict[str, dict[str, Any]] = {}
    for entry in _array(path, "mappings"):
        entries.setdefault(_id(path, entry), entry)
    name, version = _ecosystem(path)
    distribution = _DISTRIBUTIONS.get(name, name)
    source = f"{name}+{version}" if version else name
    packages = {}
    for id_ in entries:
        specs = _specs(path, entries, id_)
        roles = {role: _packages(path, id_, specs, role) for role in ("host", "run", "build")}
        packages[id_] = {distribution: {**roles, "checked": f"{source}{_MAPPING}"}}
    return Added(_EMPTY, packages, {f"{source}{_MAPPING}": {"kind": "mapping", "where": str(path)}})


_DISTRIBUTIONS: Final = {
    "ubuntu": "debian", "nix": "nixpkgs", "opensuse-leap": "opensuse", "opensuse-tumbleweed": "opensuse",
}  # fmt: skip
"""What the catalogue calls an ecosystem, where it is not by the ecosystem's own name."""


def _specs(path: Path, entries: Mapping[str, dict[str, Any]], id_: str) -> object:
    """Give an id's specifiers, or those of the id that it shares them with."""
    seen = [id_]
    while "specs_from" in entries[seen[-1]]:
        other = entries[seen[-1]]["specs_from"]
        if other not in entries or other in seen:
            fault = "is not in it" if other not in entries else "comes back to it"
            raise InputError(f"{id_} has its specs from {other!r}, which {fault}", where=str(path))
        seen.append(other)
    if "specs" not in entries[seen[-1]]:
        raise InputError(f"{seen[-1]} has neither specs nor specs_from", where=str(path))
    return entries[seen[-1]]["specs"]


def _packages(path: Path, id_: str, specs: object, role: str) -> list[str]:
    """Give the names of one role; where they are not told apart, they build, are built against, and run."""
    found = specs.get(role, []) if isinstance(specs, dict) else specs if role != "run" else []
    names = [found] if isinstance(found, str) else found
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{id_}: specs are neither text, nor a list of text, nor these by role", where=str(path))
    return [bare.group() for name in names if (bare := _NAME.match(name.strip()))]


_NAME: Final = re.compile(r"[^\s=<>!~]+")


def _id(path: Path, entry: dict[str, Any]) -> str:
    id_ = entry.get("id")
    if not isinstance(id_, str) or not id_.startswith("dep:"):
        raise InputError(f"{id_!r} is no id", where=str(path), cure="an id begins with 'dep:'")
    return id_


def _array(path: Path, field: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path)) from error
    array = document.get(field) if isinstance(document, dict) else None
    if not isinstance(array, list) or not all(isinstance(entry, dict) for entry in array):
        raise InputError(f"has no list {field!r} of objects", where=str(path), cure="see PEP 804")
    return array
