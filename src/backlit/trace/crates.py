"""The crates that rustc compiled, and which of them are in what was linked.

cargo names each crate to rustc with ``--crate-name`` and the crates that it uses with ``--extern name=file``; what a
build script says with ``cargo:rustc-link-lib`` cargo gives rustc as ``-l``. So what a crate links is known by its
command alone, and a crate is part of a module if a path of ``--extern`` leads from the module to it. What only macros
and build scripts use is not on such a path.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.invocation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backlit.model.invocation import Compilation


class BuiltCrate(NamedTuple):
    """One crate that is part of what was linked."""

    source: str
    """Absolute path of its first source file, such as ``.../libz-sys-1.1.8/src/lib.rs``."""
    libraries: tuple[str, ...]
    """Names after ``-l`` that its build script asked for, in order."""
    built: tuple[str, ...]
    """Those of them that it built itself: archives in the script's own output folder."""
    root: bool
    """True for the crate that was linked itself: a module, a program."""


def linked(compilations: Iterable[Compilation]) -> tuple[BuiltCrate, ...]:
    """Give each crate that is in something that was linked, sorted."""
    units = {unit.key: unit for unit in _units(compilations)}
    found: set[BuiltCrate] = set()
    for unit in units.values():
        if unit.is_root:
            found |= {
                BuiltCrate(each.source, each.libraries, each.built, each.is_root)
                for each in (unit, *_reached(unit, units))
            }
    return tuple(sorted(found))


class _Unit(NamedTuple):
    key: str
    source: str
    libraries: tuple[str, ...]
    built: tuple[str, ...]
    is_root: bool
    is_macro: bool
    uses: tuple[str, ...]


_ROOTS: Final = frozenset({"cdylib", "dylib", "staticlib", "bin"})
_OUTPUT: Final = re.compile(r".*/build/[^/]+-[0-9a-f]{16}/out(?:/.*)?")
"""A build script's own folder."""
_KEY: Final = re.compile(r"(?:lib)?(.+?)(?:\.(?:rlib|rmeta|so|dylib|dll|a))?")


def _units(compilations: Iterable[Compilation]) -> Iterator[_Unit]:
    for item in compilations:
        if item.family != "rustc" or item.role is Role.PROBE or not item.sources:
            continue
        options = list(_options(item.invocation.arguments))
        values = dict(options)
        name = values.get("--crate-name", "")
        types = {each for option, value in options if option == "--crate-type" for each in value.split(",")}
        extra = next((value.partition("=")[2] for _, value in options if value.startswith("extra-filename=")), "")
        yield _Unit(
            key=f"{name}{extra}",
            source=os.path.realpath(item.sources[0]),
            libraries=item.libraries,
            built=item.static_names if any(map(_OUTPUT.fullmatch, item.library_dirs)) else (),
            is_root=bool(types & _ROOTS) and not name.startswith("build_script_") and "--test" not in values,
            is_macro="proc-macro" in types,
            uses=tuple(_key(value.rpartition("=")[2]) for option, value in options if option == "--extern"),
        )


_WANTED: Final = frozenset({"--crate-name", "--crate-type", "--extern", "-C", "--codegen"})


def _options(arguments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    words = iter(arguments)
    for word in words:
        option, equals, value = word.partition("=")
        if word in _WANTED:
            yield word, next(words, "")
        elif option in _WANTED and equals:
            yield option, value
        elif word.startswith("-C"):
            yield "-C", word[2:]
        elif word == "--test":
            yield word, ""


def _key(path: str) -> str:
    found = _KEY.fullmatch(os.path.basename(path))  # noqa: PTH119 - a path as cargo gave it
    return found[1] if found else path


def _reached(unit: _Unit, units: Mapping[str, _Unit]) -> Iterator[_Unit]:
    seen = {unit.key}
    waiting = list(unit.uses)
    while waiting:
        key = waiting.pop()
        found = units.get(key)
        if found is None or key in seen:
            continue
        seen.add(key)
        if not found.is_macro:
            yield found
            waiting += found.uses
