"""pkg-config's modules as the machine has them: where a program looks, what a file says of its version and of others.

pkg-config looks in the folders of ``PKG_CONFIG_PATH``, then in those of ``PKG_CONFIG_LIBDIR``, or, without that, in its
own. The variables are those that the program itself had, where the trace knows them, else those that the hook was
given. For a cross build with a sysroot and without such a variable, what is in the sysroot counts, and what is outside
does not.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import settings
from backlit.trace import identify
from backlit.trace.dialects import query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Module(NamedTuple):
    """One .pc file."""

    version: str | None
    """``Version``; None if it says none."""
    requires: tuple[str, ...]
    """Modules after ``Requires``, whose flags come with its own."""
    private: tuple[str, ...]
    """Modules after ``Requires.private``, whose flags come for a static link, and whose headers always do."""


class Modules:
    """The modules that one pkg-config program sees."""

    def __init__(
        self, program: str, environment: Mapping[str, str] | None = None, sysroots: tuple[str, ...] = ()
    ) -> None:
        variables = settings.environment() if environment is None else environment
        libdir = variables.get("PKG_CONFIG_LIBDIR")
        self._first = tuple(filter(None, variables.get("PKG_CONFIG_PATH", "").split(os.pathsep)))
        self._in_sysroot = _folders_in(sysroots) if libdir is None and sysroots else ()
        self._own: tuple[str, ...] = ()
        if not self._in_sysroot:
            self._own = identify.pc_path(program) if libdir is None else tuple(libdir.split(os.pathsep))

    def find(self, name: str) -> Module | None:
        """Give a module by its name; None if its file is not where the program looks.

        A sysroot may hold the libraries of several machines: files in it that disagree on the version tell nothing.
        """
        for folder in (*self._first, *self._own):
            if found := _read(f"{folder}/{name}.pc"):
                return found
        inside = [found for folder in self._in_sysroot if (found := _read(f"{folder}/{name}.pc"))]
        return inside[0] if len({found.version for found in inside}) == 1 else None

    def behind(self, name: str) -> Iterator[tuple[str, str]]:
        """Give each module that another one opens, and how, nearest first: ``Requires`` or ``Requires.private``."""
        seen = {name}
        waiting = [(name, "Requires")]
        for module, how in waiting:  # grows while it is walked
            found = self.find(module)
            for other, by in (*_by(found, "Requires"), *_by(found, "Requires.private")):
                if other not in seen:
                    seen.add(other)
                    reached = how if by == "Requires" else by
                    waiting.append((other, reached))
                    yield other, reached


def _folders_in(sysroots: tuple[str, ...]) -> tuple[str, ...]:
    usual = ("usr/lib64/pkgconfig", "usr/lib/pkgconfig", "usr/share/pkgconfig")
    per_machine = sorted(path for root in sysroots for path in Path(root, "usr/lib").glob("*-linux-*/pkgconfig"))
    return (*map(str, per_machine), *(f"{root}/{folder}" for root in sysroots for folder in usual))


def _by(module: Module | None, how: str) -> tuple[tuple[str, str], ...]:
    if module is None:
        return ()
    return tuple((name, how) for name in (module.requires if how == "Requires" else module.private))


_FIELD: Final = re.compile(r"^(Version|Requires|Requires\.private):[ \t]*([^\n#]*)", re.MULTILINE)
_VARIABLE: Final = re.compile(r"^([A-Za-z0-9_.]+)[ \t]*=[ \t]*([^\n#]*)", re.MULTILINE)
_REFERENCE: Final = re.compile(r"\$\{([A-Za-z0-9_.]+)\}")
_LIMIT: Final = 1 << 20


@cache
def _read(path: str) -> Module | None:
    try:
        with Path(path).open("rb") as file:
            text = file.read(_LIMIT).decode(errors="replace").replace("\\\n", " ")
    except (OSError, ValueError):
        return None
    variables = dict(_VARIABLE.findall(text))
    fields = {name: _expanded(value, variables).strip() for name, value in _FIELD.findall(text)}
    return Module(
        version=fields.get("Version") or None,
        requires=query.parse((fields.get("Requires", ""),)).modules,
        private=query.parse((fields.get("Requires.private", ""),)).modules,
    )


def _expanded(value: str, variables: Mapping[str, str]) -> str:
    """Put variables in, each once at most ten deep; one that is not known leaves nothing."""
    for _ in range(10):
        if "${" not in value:
            break
        value = _REFERENCE.sub(lambda found: variables.get(found[1], ""), value)
    return value
