"""What a binary imports of CPython's C API, by the names of its symbols.

``_stable_abi.txt`` has the names of the stable ABI (PEP 384), one Python a line, each under the first whose stable ABI
has it: from ``Misc/stable_abi.toml`` of CPython, through abi3info.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Final

from backlit.model.native import PythonApi

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIXES: Final = (b"Py", b"_Py")
"""How the names of CPython's C API start."""

_OTHERS: Final = (b"PyInit_", b"PyPy", b"_PyPy")
"""What starts so too: a module's own entry, which a program may import; PyPy's names, which say nothing of CPython."""
_MOST_NAMED: Final = 10


def python_api(symbols: Iterable[bytes], *, of_one_version: bool = False) -> PythonApi | None:
    """Give how much of CPython's C API is imported, from those names of imported symbols that start as its own do.

    None if nothing is. `of_one_version` is True if they come from the library of one version of Python, as
    ``python311.dll``.
    """
    names = set(symbols)
    if not names:
        return None
    since = _stable_abi()
    unknown = {name for name in names.difference(since) if not name.startswith(_OTHERS)}
    if unknown or of_one_version:
        beyond = sorted(name.decode(errors="backslashreplace") for name in unknown)
        return PythonApi(limited=False, floor=None, beyond=tuple(beyond[:_MOST_NAMED]))
    versions = {since[name] for name in names if name in since}
    return PythonApi(limited=True, floor="{}.{}".format(*max(versions))) if versions else None


@cache
def _stable_abi() -> dict[bytes, tuple[int, int]]:
    since: dict[bytes, tuple[int, int]] = {}
    for line in (get_data(__name__, "_stable_abi.txt") or b"").splitlines():
        version, *names = line.split()
        major, _, minor = version.partition(b".")
        since.update(dict.fromkeys(names, (int(major), int(minor))))
    return since
