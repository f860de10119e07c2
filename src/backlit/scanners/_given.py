"""What pyproject.toml sets of the options of the build system behind a Python build.

``[tool.scikit-build]`` has ``cmake.define`` and ``cmake.args``, ``[tool.py-build-cmake.cmake]`` ``options`` and
``args``, ``[tool.meson-python.args]`` ``setup``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFINED: Final = re.compile(r"-D([\w.:-]+?)(?::[A-Z]+)?=(.*)")
"""One option of CMake, with or without its type, or of Meson."""


def to_cmake(pyproject: str) -> dict[str, str]:
    """Give what CMake is told, by variable; what the environment or a test decides is left out."""
    if "cmake" not in pyproject:
        return {}
    tools = _table(table_of(pyproject), "tool")
    given: dict[str, str] = {}
    for table in (_table(tools, "scikit-build", "cmake"), _table(tools, "py-build-cmake", "cmake")):
        for key in ("define", "options"):
            given |= dict(_texts(_table(table, key)))
        given |= dict(_defined(table.get("args")))
    return given


def to_meson(pyproject: str) -> dict[str, str]:
    """Give what Meson is told, by option."""
    if "meson-python" not in pyproject:
        return {}
    return dict(_defined(_table(table_of(pyproject), "tool", "meson-python", "args").get("setup")))


def _table(table: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        inner = table.get(name)
        table = inner if isinstance(inner, dict) else {}
    return table


def _texts(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, bool):
            yield name, "ON" if value else "OFF"
        elif isinstance(value, str | int):
            yield name, str(value)


def _defined(arguments: object) -> Iterator[tuple[str, str]]:
    for argument in arguments if isinstance(arguments, list) else ():
        if isinstance(argument, str) and (found := _DEFINED.fullmatch(argument)):
            yield found[1], found[2]
