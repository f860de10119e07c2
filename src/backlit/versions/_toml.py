"""Texts of TOML files with another value in one place, everything else as it stands."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Value = str | bool


def with_value(text: str, path: tuple[str, ...], value: Value) -> str | None:
    """Give `text` with `value` at `path`, put in where there is none; None if no place for it is found.

    An edit is right if the edited text says what is wanted and nothing else is changed: a parser decides, whatever way
    the table is written in.
    """
    wanted = _parsed(text)
    if wanted is None or not _set(wanted, path, value):
        return None
    written = _written(value)
    edits = (*_replaced(text, path[-1], written), *_put_in(text, path[-1], written))
    return next((edit for edit in edits if _parsed(edit) == wanted), None)


def with_version(text: str, version: str) -> str | None:
    """Give pyproject.toml's `text` with a version of its own in ``[project]``; None if no place for it is found."""
    wanted = _parsed(text) or {}
    project = wanted.get("project")
    dynamic = project.get("dynamic") if isinstance(project, dict) else None
    if not isinstance(dynamic, list) or "version" not in dynamic:
        return None
    dynamic.remove("version")
    closed = next((edit for edit in _removed(text, "version") if _parsed(edit) == wanted), None)
    return None if closed is None else with_value(closed, ("project", "version"), version)


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def _set(document: dict[str, Any], path: tuple[str, ...], value: Value) -> bool:
    table: Any = document
    for name in path[:-1]:
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return False
    table[path[-1]] = value
    return True


def _written(value: Value) -> str:
    import json  # noqa: PLC0415 - only where a file is edited

    # A JSON string is a TOML string too, and so are its booleans.
    return json.dumps(value, ensure_ascii=False)


def _replaced(text: str, key: str, written: str) -> Iterator[str]:
    """Give `text` with each value of `key` replaced, one at a time."""
    for found in re.finditer(rf"(?<![\w-])(?P<quote>[\"']?){re.escape(key)}(?P=quote)[ \t]*=[ \t]*", text):
        value = re.compile(_VALUE).match(text, found.end())
        if value:
            yield f"{text[: value.start()]}{written}{text[value.end() :]}"


def _put_in(text: str, key: str, written: str) -> Iterator[str]:
    """Give `text` with `key` put in below each header of a table, one at a time."""
    for found in re.finditer(r"(?m)^[ \t]*\[[^\[\n][^\n]*$", text):
        yield f"{text[: found.end()]}\n{key} = {written}{text[found.end() :]}"


def _removed(text: str, item: str) -> Iterator[str]:
    """Give `text` without each item of an array that is `item`, one at a time."""
    for found in re.finditer(rf"(?P<quote>[\"']){re.escape(item)}(?P=quote)[ \t]*,?", text):
        yield f"{text[: found.start()]}{text[found.end() :]}"


_VALUE = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|true\b|false\b|\{[^{}\n]*\}'
