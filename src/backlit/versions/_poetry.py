"""The table of poetry-dynamic-versioning: whether it is in use, and what it substitutes in which files.

Followed from its source (``poetry_dynamic_versioning/__init__.py``, version 1.10.1, MIT).
"""

from __future__ import annotations

import re
import textwrap
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.versions import _backends, _literals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import Project

TABLE: Final = ("tool", "poetry-dynamic-versioning")

HEADER: Final = r"^\s*\[\s*tool\s*\.\s*[\"']?poetry-dynamic-versioning[\"']?\s*[\].]"
"""Where the table starts."""

DETAIL: Final = "[tool.poetry-dynamic-versioning] enable = true"


def is_enabled(project: Project) -> bool:
    """Tell whether the table is switched on for this project: an sdist has it switched off."""
    if not project.table(*TABLE).get("enable"):
        return False
    poetry = project.table("tool", "poetry")
    stated = project.table("project")
    by_project = "name" in stated and _backends.leaves_version_open(project)
    return isinstance(poetry.get("version"), str) and ("name" in poetry or by_project)


def name_of(project: Project) -> str | None:
    """Give the name that ``POETRY_DYNAMIC_VERSIONING_OVERRIDE`` knows the project by, letter by letter."""
    poetry = project.table("tool", "poetry")
    found = _backends.text_at(poetry, "name") or _backends.text_at(project.table("project"), "name")
    return next(iter(found), None)


def stated(project: Project) -> str | None:
    """Give the version of the file that ``from-file`` names, which stands before the VCS; None if none is named."""
    table = project.table(*TABLE, "from-file")
    source = next(iter(_backends.text_at(table, "source")), None)
    if source is None:
        return None
    text = project.text(source).strip()
    pattern = next(iter(_backends.text_at(table, "pattern")), None)
    return (text or None) if pattern is None else _literals.matched(text, pattern, 1)


def substituted(project: Project, version: str) -> dict[str, str]:
    """Give the files that carry the version after the substitution, by path relative to the tree."""
    made = _initial(project)
    done: set[str] = set()
    for place in _places(project):
        for path in _matches(project, place, made):
            if path in done:
                continue
            done.add(path)
            text = made.get(path) or project.text(path)
            changed = _changed(text, place.patterns, version)
            if changed != text:
                made[path] = changed
    return made


def version_files(project: Project, version: str) -> tuple[str, ...]:
    """Give the files that the substitution changes so that the version stands there between quotes."""
    quoted = (f'"{version}"', f"'{version}'")
    found = substituted(project, version).items()
    return tuple(sorted(path for path, text in found if any(item in text for item in quoted)))


class _Place(NamedTuple):
    """A folder in which files are searched, and what is replaced in them."""

    folder: str
    files: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    """Expression, and ``str`` or ``tuple``."""


_FILES: Final = ("*.py", "*/__init__.py", "*/__version__.py", "*/_version.py")
_PATTERNS: Final = (
    (r"(^__version__\s*(?::.*?)?=\s*['\"])[^'\"]*(['\"])", "str"),
    (r"(^__version_tuple__\s*(?::.*?)?=\s*\()[^)]*(\))", "tuple"),
)


def _initial(project: Project) -> dict[str, str]:
    """Give the files that are written before the substitution; a text that jinja2 renders is not known here."""
    tables = project.table(*TABLE, "files").items()
    return {
        path: textwrap.dedent(text)
        for path, table in tables
        if isinstance(table, dict) and "initial-content-jinja" not in table
        for text in _backends.text_at(table, "initial-content")
        if _is_inside(path)
    }


def _places(project: Project) -> Iterator[_Place]:
    table = project.table(*TABLE, "substitution")
    main = _Place("", _globs(table.get("files"), _FILES), _patterns(table.get("patterns"), _PATTERNS))
    yield main
    folders = table.get("folders")
    for more in folders if isinstance(folders, list) else ():
        if isinstance(more, dict) and isinstance(path := more.get("path"), str):
            yield _Place(path, _globs(more.get("files"), main.files), _patterns(more.get("patterns"), main.patterns))


def _globs(value: object, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else default


def _patterns(value: object, default: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return default
    tables: list[dict[str, Any]] = [item if isinstance(item, dict) else {"value": item} for item in value]
    return tuple(
        (pattern, str(item.get("mode") or "str")) for item in tables if isinstance(pattern := item.get("value"), str)
    )


def _matches(project: Project, place: _Place, made: dict[str, str]) -> Iterator[str]:
    folder = project.root / place.folder
    for glob in place.files:
        try:
            found = sorted(folder.glob(glob))
        except (ValueError, NotImplementedError):
            continue
        paths = (path.relative_to(project.root).as_posix() for path in found if path.is_relative_to(project.root))
        yield from filter(_is_inside, paths)
        yield from (path for path in list(made) if _is_matched(PurePosixPath(path), place.folder, glob))


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in PurePosixPath(path).parts


def _is_matched(path: PurePosixPath, folder: str, glob: str) -> bool:
    """Tell whether a file that is not there yet would be found; as deep as the expression, not deeper."""
    if not path.is_relative_to(folder):
        return False
    below = path.relative_to(folder)
    return "**" in glob or (len(below.parts) == len(PurePosixPath(glob).parts) and below.match(glob))


def _changed(text: str, patterns: tuple[tuple[str, str], ...], version: str) -> str:
    for pattern, mode in patterns:
        insert = version if mode == "str" else _as_tuple(version)
        try:
            text = re.sub(pattern, rf"\g<1>{insert}\g<2>", text, flags=re.MULTILINE)
        except (re.error, IndexError):
            continue
    return text


def _as_tuple(version: str) -> str:
    primary, plus, local = version.partition("+")
    parts = [part for piece in re.split(r"[-.]", primary) if piece for part in _part(piece)]
    parts += [_number(local) or f'"{local}"'] if plus else []
    return ", ".join(parts) + ("," if len(parts) == 1 else "")


def _part(piece: str) -> tuple[str, ...]:
    if number := _number(piece):
        return (number,)
    found = re.match(r"(\d+)(\D.*)", piece)
    return (str(int(found[1])), f'"{found[2]}"') if found else (f'"{piece}"',)


def _number(text: str) -> str | None:
    return str(int(text)) if text.isdecimal() else None
