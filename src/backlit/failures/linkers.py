"""ld, gold, lld, mold and Apple's ld: a library that ``-l`` names and that is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_LD: Final = re.compile(r"\bld(?:\.bfd|\.gold)?: (?:error: )?cannot find -l(?P<name>[^\s:]+|:[^\s:]+)")
_FILE: Final = re.compile(r"\bld(?:\.bfd|\.gold)?: (?:error: )?cannot find /\S*/lib(?P<name>[\w.+-]+?)\.(?:a|so)\b")
_LLD: Final = re.compile(r"lld: error: unable to find library -l(?P<name>\S+)")
_LLD_FILE: Final = re.compile(r"lld: error: cannot open /\S*/lib(?P<name>[\w.+-]+?)\.(?:a|so)\b")
_MOLD: Final = re.compile(r"mold: (?:fatal|error): library not found: (?P<name>\S+)")
_APPLE: Final = re.compile(r"\bld: library (?:not found for -l(?P<name>\S+)|'(?P<quoted>[^']+)' not found)")
_START: Final = re.compile(r"(?:cannot find|cannot open) (?P<name>S?crt[1in]\.o)")

_PYTHON: Final = re.compile(r"python[\d.]+\w*")


class Linkers:
    """Libraries that linkers looked for."""

    name = "linkers"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each library that a linker did not find; a start file of the C library stands for ``-lc``."""
        for index, line, found in each(output.lines, _LD, _FILE, _LLD, _LLD_FILE, _MOLD, _APPLE, _START):
            tool = {_LLD: "lld", _LLD_FILE: "lld", _MOLD: "mold"}.get(found.re, "ld")
            name = "c" if found.re is _START else found["name"] or found["quoted"]
            lack = Lack.PYTHON_HEADERS if _PYTHON.fullmatch(name) else Lack.LINK
            yield Failure(lack, (name,), tool, line, index)


ADAPTER: Final[Family] = Linkers()
