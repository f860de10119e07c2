"""Python: a module that the build's own code imports and that is not installed, Cython above all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ABSENT: Final = re.compile(r"^(?:ModuleNotFoundError|ImportError): No module named '?(?P<name>[\w.]+)'?")
_RUN: Final = re.compile(r"^\S*(?:python|pypy)[\d.]*(?:\.exe)?: No module named '?(?P<name>\w+)'?$")
"""What ``python -m`` says."""
_OLD: Final = re.compile(
    r"(?i)\bcython (?:version )?(?:>=? ?)?(?P<version>\d[\d.]*)(?: or (?:newer|later|higher|greater))?,? "
    r"(?:is )?(?:required|needed).*?(?:found|installed|have|using|version)(?: version)? (?P<found>\d[\w.]*)"
    r"|requires cython (?P<op>[<>=]+) ?(?P<wanted>[\d.]+),? (?:got|found|but)(?: version)? (?P<there>[\w.]+)"
)

_PXD: Final = re.compile(r"^\S+\.(?:pyx|pxd|pxi|py):\d+:\d+: '(?P<name>\w+)[\w/.]*\.pxd' not found")
"""What Cython says of a ``cimport``; a module's declarations come with the module."""
_OF_CYTHON: Final = frozenset({"cpython", "cython", "libc", "libcpp", "openmp", "posix"})

_FETCHES_RUST: Final = "puccinialin"
"""A module that maturin imports where it finds no Rust: not the module is missing then."""


class PythonModules:
    """Modules that are build requirements."""

    name = "python_modules"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give the module that the end's exception names, or that was to be run; and a Cython that is too old."""
        for index, line, found in each(output.lines[output.end :], _ABSENT):
            # Of a dotted name the first part is here: Python says what it did not find first.
            if found["name"] != _FETCHES_RUST:
                yield Failure(Lack.PYTHON_MODULE, (found["name"],), "", line, output.end + index)
        yield from _handled(output)
        for index, line, found in each(output.lines, _RUN):
            yield Failure(Lack.PYTHON_MODULE, (found["name"],), "", line, index, stops=False)
        for index, line, found in each(output.lines, _PXD):
            if found["name"] not in _OF_CYTHON:
                yield Failure(Lack.PYTHON_MODULE, (found["name"],), "Cython", line, index)
        for index, line, found in each(output.lines, _OLD):
            version, there = found["version"] or found["wanted"], found["found"] or found["there"]
            how = found["op"] or ">="
            yield Failure(Lack.PYTHON_MODULE, ("Cython",), "", line, index, version=f"{how} {version}", found=there)


def _handled(output: Output) -> Iterator[Failure]:
    """Give the module for which the end's exception stands in: raised where its absence was caught, in other words."""
    above = [index for index in range(output.traceback) if output.lines[index]][-2:]
    if not output.raised or [output.lines[index] for index in above[1:]] != [_IN_HANDLER]:
        return
    found = _ABSENT.match(output.lines[above[0]])
    is_there = _file_above(output.lines, above[0]) == _file_above(output.lines, output.end)
    if found and is_there and _words.in_sentence(output.close()):
        said = output.lines[output.end].strip()
        yield Failure(Lack.PYTHON_MODULE, (found["name"],), "", said, output.end)


_IN_HANDLER: Final = "During handling of the above exception, another exception occurred:"
_FILE: Final = re.compile(r'  File "(?P<file>.+)", line \d+')


def _file_above(lines: Sequence[str], index: int) -> str:
    """Give the file of the frame just above an exception."""
    frames = filter(None, map(_FILE.match, reversed(lines[max(index - _FRAME, 0) : index])))
    return next((found["file"] for found in frames), "")


_FRAME: Final = 8
"""How many lines a frame has at most, with all that Python shows of its source."""


ADAPTER: Final[Family] = PythonModules()
