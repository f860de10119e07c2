"""Cargo's lock files, versions 1 to 4.

Cargo writes them, always in one form, and they are long: a package in that form is read by an expression, a tenth of
what a reader of TOML takes. A file that has anything else anywhere is read as TOML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Locked(NamedTuple):
    """One ``[[package]]`` of a lock file."""

    name: str
    version: str
    source: str
    checksum: str
    dependencies: tuple[str, ...]
    """Names alone."""
    line: int
    """From 1."""
    format: int = 0
    """The lock file's ``version``; 0 if it has none."""


def packages_in(text: str) -> tuple[Locked, ...]:
    """Give the packages of a lock file; none for what is no TOML."""
    return _written(text) or tuple(_any(text))


_TEXT: Final = r'"([^"\\\x00-\x1f\x7f]*)"\n'

_HEAD: Final = re.compile(
    r"(?:#[^\x00-\x08\x0a-\x1f\x7f]*\n)*(?:version = (0|[1-9][0-9]{0,8})\n)?\n*(?=\[\[package\]\]\n)"
)

_PACKAGE: Final = re.compile(
    rf"\[\[package\]\]\nname = {_TEXT}version = {_TEXT}(?:source = {_TEXT})?(?:checksum = {_TEXT})?"
    r'(?:dependencies = \[\n((?: "[^"\\\x00-\x1f\x7f]*",\n)*)\]\n)?\n*'
)

_NAME: Final = re.compile(r'(?m)^ "([^" ]*)')


def _written(text: str) -> tuple[Locked, ...]:
    """Give the packages of a file that has nothing but what Cargo writes today; none for another."""
    head = _HEAD.match(text)
    form, at, line = (int(head[1] or 0), head.end(), text.count("\n", 0, head.end()) + 1) if head else (0, 0, 1)
    packages: list[Locked] = []
    while head and at < len(text):
        found = _PACKAGE.match(text, at)
        if found is None:
            return ()
        name, version, source, checksum, listed = found.groups("")
        packages.append(Locked(name, version, source, checksum, tuple(_NAME.findall(listed)), line, form))
        line += text.count("\n", at, found.end())
        at = found.end()
    return tuple(packages)


def _any(text: str) -> Iterator[Locked]:
    """Give the packages of a file in any form of TOML."""
    parsed = table_of(text)
    listed, version, sums = parsed.get("package"), parsed.get("version"), parsed.get("metadata")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.rstrip() == "[[package]]"]
    packages = listed if isinstance(listed, list) else []
    if len(lines) != len(packages):
        lines = [1] * len(packages)
    form = version if isinstance(version, int) else 0
    for item, line in zip(packages, lines, strict=True):
        if isinstance(item, dict):
            yield _package(item, line, sums if isinstance(sums, dict) else {})._replace(format=form)


def _package(item: Mapping[str, Any], line: int, sums: Mapping[str, Any]) -> Locked:
    """Give one package; the first version of the format has all checksums in a table at the end."""

    def text_of(key: str) -> str:
        value = item.get(key)
        return value if isinstance(value, str) else ""

    listed = item.get("dependencies")
    names = [name.partition(" ")[0] for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    name, version, source = text_of("name"), text_of("version"), text_of("source")
    listed_sum = sums.get(f"checksum {name} {version} ({source})")
    checksum = text_of("checksum") or (listed_sum if isinstance(listed_sum, str) and listed_sum != "<none>" else "")
    return Locked(name, version, source, checksum, tuple(names), line)
