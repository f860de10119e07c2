"""conda: conda, mamba, micromamba, pixi, and the builds of conda-build and rattler-build.

Read is ``conda-meta/<name>-<version>-<build>.json`` of the prefix, a file for each package, with what it is and the
paths it has. A package's paths are looked for as bytes; the JSON is read of those alone that have any.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from backlit.errors import FormatError
from backlit.owners import Owner, Ownership
from backlit.owners._lists import holders
from backlit.owners._purl import purl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Conda:
    """conda's prefixes."""

    name = "conda"

    def owners_of(self, root: str, files: Sequence[Sequence[str]]) -> dict[str, Ownership]:
        """Give the package of each name."""
        database = f"{root}/conda-meta"
        names = [[_spellings(name) for name in file] for file in files]
        programs = frozenset(name.rpartition("/")[2] for file in files for name in file)
        # A string of another meaning may look like the path of a file that stands in no folder.
        is_doubtful = any("/" not in spelling for file in names for name in file for spelling in name)
        held = holders(_lists(database, programs), names, to_the_end=is_doubtful)
        records = {
            package: _record(f"{database}/{package}") for package in {each for some in held.values() for each in some}
        }
        known = {package: _ownership(record) for package, record in records.items()}
        owned: dict[str, Ownership] = {}
        for name in {name for file in files for name in file}:
            for package in sorted(each for spelling in _spellings(name) for each in held.get(spelling, ())):
                if name[1:] in records[package]["files"]:
                    owned[name] = known[package]
        return owned


def _spellings(name: str) -> tuple[str, str]:
    """Give what a path looks like in JSON, without and with letters beyond ASCII; of one with quotes in it, the end."""
    escaped = (json.dumps(name[1:], ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    first, second = (spelling.rpartition('"')[2] for spelling in escaped)
    return first, second


def _lists(database: str, programs: frozenset[str]) -> Iterator[tuple[str, list[bytes]]]:
    """Give the strings of each package's record, a program's own and the libraries' first."""

    def likelihood(file: str) -> tuple[bool, bool, str]:
        return file.rsplit("-", 2)[0] not in programs, not file.startswith(("lib", "sysroot")), file

    for file in sorted(os.listdir(database), key=likelihood):  # noqa: PTH208 - text
        if file.endswith(".json"):
            yield file, _content(f"{database}/{file}").split(b'"')


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files
        return file.read()


def _record(path: str) -> dict[str, Any]:
    try:
        record = json.loads(_content(path))
    except ValueError as error:
        raise FormatError(f"it is no JSON: {error}", where=path) from error
    kinds = {"name": str, "version": str, "files": list}
    if not isinstance(record, dict) or not all(isinstance(record.get(key), kind) for key, kind in kinds.items()):
        raise FormatError("it is no record of a package", where=path)
    return record


def _ownership(record: dict[str, Any]) -> Ownership:
    name, version = record["name"], record["version"]
    text = {key: value for key, value in record.items() if isinstance(value, str)}
    return Ownership(
        purl=purl(
            "conda",
            "",
            name,
            version,
            build=text.get("build"),
            channel=_channel(text.get("channel", ""), text.get("subdir", "")),
            subdir=text.get("subdir"),
            type=next((kind for kind in ("conda", "tar.bz2") if text.get("fn", "").endswith(f".{kind}")), None),
        ),
        name=name,
        source=name,
        version=version,
    )


def _channel(said: str, subdir: str) -> str:
    """Give a channel's name: what is left of its address without host, token and platform.

    ``https://conda.anaconda.org/t/<token>/conda-forge/linux-64`` is ``conda-forge``; of a folder its own name is left.
    """
    scheme, has_scheme, address = said.partition("://")
    path = address.partition("/")[2] if has_scheme else said
    parts = [part for part in path.split("/") if part]
    if parts and parts[-1] == subdir:
        parts.pop()
    if scheme == "file" or said.startswith("/"):
        return "".join(parts[-1:])
    return "/".join(parts[2:] if parts[:1] == ["t"] else parts)


ADAPTER: Final[Owner] = Conda()
