"""How a copy of another project is told from what is the project's own: by the papers of a release, and by its name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from backlit.scanners._lines import lines_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.scanners import Tree

_PAPERS: Final = (
    "copying license license.txt copying.txt license.md COPYING COPYING.txt COPYING.md COPYING.LESSER COPYRIGHT "
    "LICENSE LICENSE.txt LICENSE.md LICENSE.rst LICENCE LICENCE.txt LICENCE.md LICENSE_1_0.txt LICENSE-MIT LICENSES "
    "NOTICE AUTHORS AUTHORS.md NEWS NEWS.md ChangeLog License License.txt License.md Licence.txt Copying Copyright.txt "
    "copyright copyright.txt COPYRIGHT.txt"
)

PAPERS: Final = frozenset(_PAPERS.split())
"""Files that stand at the top of what somebody released; a README or a build file stands in any folder."""


def has_papers(paths: frozenset[str], folder: str) -> bool:
    """Tell whether a folder has papers of its own."""
    return any(f"{folder}/{paper}" in paths for paper in PAPERS)


def with_outer(folders: Iterable[str]) -> set[str]:
    """Give folders and all that they are in."""
    found: set[str] = set()
    for folder in folders:
        at = folder
        while at not in found:
            found.add(at)
            at = at.rpartition("/")[0]
    return found


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Give a name without what spellings differ in."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).removeprefix("lib")


def bare(name: str) -> str:
    """Give a name without what says that it is for Python, plain: ``yara`` of ``python-yara``, ``yara_python``."""
    return re.sub(r"^(?:python|py)|(?:python|py)$", "", plain(name))


def whole_name(tree: Tree) -> str:
    """Give the name of the project itself, plain; empty if its files do not say."""
    found = re.search(r"(?m)^Name:[ \t]*(\S+)", tree.texts.get("PKG-INFO", ""))
    named = found or re.search(r"(?m)^\s*name\s*=\s*['\"]([\w.-]+)['\"]", tree.texts.get("pyproject.toml", ""))
    named = named or re.search(r"\bname\s*=\s*['\"]([\w.-]+)['\"]", tree.texts.get("setup.py", ""))
    return plain(named[1]) if named else ""


def own_name(tree: Tree) -> str:
    """Give the bare name of the project itself; empty if its files do not say."""
    return bare(whole_name(tree))


def own_version(tree: Tree) -> str:
    """Give the version of the project itself; empty if its files do not say."""
    found = re.search(r"(?m)^Version:[ \t]*(\S+)", tree.texts.get("PKG-INFO", ""))
    found = found or re.search(r"(?m)^\s*version\s*=\s*['\"]([\w.!+-]+)['\"]", tree.texts.get("pyproject.toml", ""))
    return found[1] if found else ""


def is_another(version: str, own: str) -> bool:
    """Tell whether a version is of another release than the project's: its library may be called as the project."""
    return bool(version and own) and version.split(".")[:2] != own.split(".")[:2]


@lru_cache(maxsize=256)  # every copy of a tree is held against the same few
def ways(switch: str) -> frozenset[str]:
    """Give what a switch may name, plain: its parts, and what remains without the words of choosing."""
    words = [
        word for word in re.split(r"[-_]", switch.lower()) if word not in {"use", "with", "system", "enable", "lib"}
    ]
    return frozenset(plain(word) for word in (*words, "".join(words)))


def name_and_version(folder: str) -> tuple[str, str]:
    """Split ``zlib-1.3.1`` into its name and its version."""
    found = re.fullmatch(r"(.+?)[-_]v?(\d+(?:\.\w+)+)", folder)
    return (found[1], found[2]) if found else (folder, "")


_SWITCH: Final = re.compile(
    rb"[\"'](?:--)?([A-Z][A-Z0-9_]*SYSTEM[A-Z0-9_]*|(?:use|with|enable|without)[-_]system[-_]?[\w-]*|system[-_][\w-]+)[\"'=]"
)

_ASKED: Final = re.compile(rb"environ(?:\.get\(|\[)\s*[\"']([A-Z][A-Z0-9_]*)[\"']")

_HELD_BY: Final = re.compile(rb"(\w+)\s*=\s*(?:os\.)?\Z")

_IS_SYSTEM: Final = rb"\s*[=!]=\s*[\"']system[\"']"

_AT_ONCE: Final = re.compile(rb"[^\n]{0,40}?" + _IS_SYSTEM)


def switches_in(data: bytes) -> list[str]:
    """Give what Python code of a build asks for to take the system's copy: variables, and options of commands."""
    # Tried at each quotation mark, the expression takes long.
    lines = [data[start:end] for start, end in lines_with(data, (b"ystem", b"YSTEM"))]
    if not lines:
        return []
    found = _SWITCH.findall(b"\n".join(lines))
    if b"'system'" in data or b'"system"' in data:
        found += [asked[1] for asked in _ASKED.finditer(data) if _is_compared(data, asked)]
    return [name.decode() for name in found]


def _is_compared(data: bytes, asked: re.Match[bytes]) -> bool:
    """Tell whether a variable's value may be ``system``, at once or by another name within the lines that follow."""
    held = _HELD_BY.search(data, max(0, asked.start() - _LONGEST), asked.start())
    if held and _later(held[1]).match(data, asked.end()):
        return True
    return _AT_ONCE.match(data, asked.end()) is not None


_LONGEST: Final = 100
"""Bytes of a name and what stands between it and what is asked."""


@lru_cache(maxsize=256)
def _later(name: bytes) -> re.Pattern[bytes]:
    """Give the expression for a name that is compared within a few lines."""
    return re.compile(rb"[^\n]*\n(?:[^\n]*\n){0,5}?[^\n]*\b" + re.escape(name) + _IS_SYSTEM)
