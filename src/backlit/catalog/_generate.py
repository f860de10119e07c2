"""Makes ``index.json`` and ``packages.json`` of the catalogue's TOML files: ``python -m backlit.catalog._generate``.

Same input, same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.catalog import _tables
from backlit.errors import InputError
from backlit.support.files import write_atomically

if TYPE_CHECKING:
    from backlit.catalog._tables import Tables

HERE: Final = Path(__file__).parent
"""The folder of the catalogue's files."""

_KINDS_OF_SOURCES: Final = {"index", "repository", "table", "use"}


def documents(folder: Path = HERE) -> dict[str, str]:
    """Give the text of each generated file, by its name.

    :raises InputError: if an entry is malformed, or two entries claim one name.
    """
    sources = _sources(folder / "sources.toml")
    tables = _tables.read(folder, sources)
    _tables.add_platform(tables, folder / "platform.toml")
    _check_packages(tables)
    packages = {"sources": sources, "packages": tables.packages}
    return {"index.json": _text(tables.index()), "packages.json": _text(packages)}


def main() -> None:
    """Write the generated files beside their sources."""
    for name, text in documents().items():
        write_atomically(HERE / name, text)


def _sources(path: Path) -> dict[str, dict[str, str]]:
    sources = _tables.load(path)
    for key, source in sources.items():
        if source["kind"] not in _KINDS_OF_SOURCES:
            raise InputError(f"{key}: kind is {source['kind']!r}, none of {_KINDS_OF_SOURCES}", where=path.name)
    return {
        key: {field: str(source[field]) for field in ("kind", "where", "revision", "date") if field in source}
        for key, source in sources.items()
    }


def _check_packages(tables: Tables) -> None:
    for id_, by_distribution in tables.packages.items():
        if "debian" not in by_distribution:
            raise InputError("needs Debian's packages; `debian = {}` if it has none", where=id_)
        if unknown := by_distribution.keys() - set(_tables.DISTRIBUTIONS):
            raise InputError(f"unknown distribution {min(unknown)!r}", where=id_)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"


if __name__ == "__main__":
    main()
