"""What meson looked for: ``meson-logs/meson-log.txt`` and ``meson-info/intro-dependencies.json`` of one build folder.

The log has a line for each dependency, library and header; the table of dependencies has those that were found, with
how, version and files. What a subproject provides in the end was found too.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.model.invocation import Search
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG: Final = "meson-logs/meson-log.txt"
"""Where the log stands."""
TABLE: Final = "meson-info/intro-dependencies.json"
"""Where the table of dependencies stands."""
LIMIT: Final = 64 << 20
"""Bytes of the table, at most."""

_LINE: Final = re.compile(
    r"""^(?:[\w.+-]+\|[ ])?[ ]*(?:
    (?:(?:Run-time|Build-time)[ ]d|D)ependency[ ](?P<dependency>[\w.+-]+)[^\n]*?[ ]found:
    |Library[ ](?P<library>[\w.+-]+)[ ]found:
    |(?:Has[ ]header|Check[ ]usable[ ]header)[ ]"(?P<header>[^"\n]+)"[ ]:
    )[ ](?P<answer>YES|NO)(?:[ ](?P<version>\d[\w.+-]*))?""",
    re.MULTILINE | re.VERBOSE,
)


def parse_log(text: str) -> tuple[Search, ...]:
    """Give what a log tells, sorted; what was found at one of several tries was found."""
    found: dict[tuple[NameKind, str], Search] = {}
    for told in _LINE.finditer(text):
        sense, name = _named(told)
        version = told["version"] or ""
        search = Search("meson", sense, name, told["answer"] == "YES", version, "", LOG)
        if (sense, name) not in found or not found[sense, name].found:
            found[sense, name] = search
    return tuple(sorted(found.values()))


def _named(told: re.Match[str]) -> tuple[NameKind, str]:
    if told["dependency"]:
        return NameKind.MESON, told["dependency"]
    return (NameKind.LINK, told["library"]) if told["library"] else (NameKind.HEADER, told["header"])


_SENSES: Final = {"pkgconfig": NameKind.PKGCONFIG, "cmake": NameKind.CMAKE}
_LIBRARY: Final = re.compile(r"/.+\.(?:a|so(?:\.[\w.]+)?|dylib|tbd)")


def parse_table(text: str) -> tuple[Search, ...]:
    """Give the dependencies that a table has, sorted; those of the project itself left out.

    :raises ValueError: if it is no such table.
    """
    table = json.loads(text)
    if not isinstance(table, list):
        raise ValueError("no list of dependencies")  # noqa: TRY004 - a fault of the file's, as json.loads has it
    return tuple(sorted(_rows(table)))


def _rows(table: list[Any]) -> Iterator[Search]:
    for row in table:
        name, kind, version = (str(row.get(key) or "") for key in ("name", "type", "version"))
        if not name or kind in {"internal", "library"}:
            continue
        arguments = [each for each in row.get("link_args") or () if isinstance(each, str)]
        path = next((each for each in arguments if _LIBRARY.fullmatch(each)), "")
        known = version if version[:1].isdigit() else ""
        yield Search("meson", _SENSES.get(kind, NameKind.MESON), name, True, known, path, TABLE)  # noqa: FBT003 - it is there


def read(folder: str, log: str) -> tuple[tuple[Search, ...], tuple[str, ...]]:
    """Give what meson looked for, by its log's text and its table, and a sentence if the table cannot be read."""
    told = parse_log(log)
    path = Path(folder, TABLE)
    try:
        if path.stat().st_size > LIMIT:
            return told, (f"{TABLE}: longer than {LIMIT} bytes",)
        rows = parse_table(os.fsdecode(path.read_bytes()))
    except FileNotFoundError:
        return told, ()
    except (OSError, ValueError, AttributeError) as error:
        return told, (f"{TABLE}: {error}",)
    named = {row.name.casefold() for row in rows}
    others = (each for each in told if each.sense is not NameKind.MESON or each.name.casefold() not in named)
    return tuple(sorted((*rows, *others))), ()
