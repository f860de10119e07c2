"""gcc, clang and gfortran: a header that is not there, a part of the compiler that is not.

Both write ``FILE:LINE:COLUMN: fatal error:`` before a header; GCC's ``libcpp/files.cc`` (open_file_failed) and Clang's
``DiagnosticLexKinds.td`` (err_pp_file_not_found) have the sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = r"(?P<place>[\w./+~-]+:\d+)(?::\d+)?: "
_GCC: Final = re.compile(_PLACE + r"fatal error: (?P<name>[^\s:'\"]+): No such file or directory")
_CLANG: Final = re.compile(_PLACE + r"fatal error: '(?P<name>[^']+)' file not found")
_GFORTRAN: Final = re.compile(
    r"(?:Fatal )?Error: (?:Cannot open module file '|Can't open included file ')(?P<name>[^']+)'"
)
_PART: Final = re.compile(
    r"(?:error: (?:cannot execute|unable to execute command: Executable)|error trying to exec|cannot find) "
    r"['\"\u2018](?P<name>cc1|cc1plus|f951|as|ld(?:\.\w+)?)['\"\u2019]"
)
_NO_LINKER: Final = re.compile(r"clang.*error: invalid linker name in (?:argument )?'-fuse-ld=(?P<name>\w+)'")

_NO_FORTRAN: Final = re.compile(
    r"don't know how to compile Fortran code on platform|has Fortran sources but no Fortran compiler found"
    r"|^(?:\w+\.)*CompilerNotFound: "
)
"""What numpy.distutils says, of Fortran alone."""

_PROBE: Final = re.compile(
    r"(?:^|/)(?:_?conftest|_configtest|tmp[\w-]{6,}|testfile|testCCompiler)(?:\.\w+|/.*)?:\d+$|^/tmp/[^/]+:\d+$"
)
"""Sources that only a probe compiles."""

_GONE: Final = frozenset({"longintrepr.h", "node.h", "grammar.h", "parsetok.h", "symtable.h", "ucnhash.h", "asdl.h"})
"""Headers that Python itself had at the top of its folder, and has no longer: the source is too old for it."""

_PARTS: Final = {"cc1": "c", "cc1plus": "cxx", "f951": "fortran"}


class Compilers:
    """Headers, and the compilers' own parts."""

    name = "compilers"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each header that a compiler did not find, and each part of itself."""
        for index, line, found in each(output.lines, _GCC, _CLANG, _GFORTRAN):
            place = found.groupdict().get("place") or ""
            if found["name"] in _GONE:
                continue
            tool = {_GCC: "gcc", _CLANG: "clang", _GFORTRAN: "gfortran"}[found.re]
            stops = not _PROBE.search(place)
            lack = Lack.PYTHON_HEADERS if found["name"] == "Python.h" else Lack.HEADER
            made = Failure(lack, (found["name"],), tool, line, index, stops=stops, place=place if stops else "")
            yield made._replace(folders=_folders(output, index))
        for index, line, found in each(output.lines, _PART, _NO_LINKER):
            name = found["name"]
            if language := _PARTS.get(name):
                yield Failure(Lack.COMPILER, (language,), "gcc", line, index)
            else:
                program = f"ld.{name}" if found.re is _NO_LINKER and not name.startswith("ld") else name
                program = _linker_asked_for(output, index) if program == "ld" else program
                yield Failure(Lack.PROGRAM, (program,), "clang" if "clang" in line else "gcc", line, index)
        for index, line, _ in each(output.lines, _NO_FORTRAN):
            yield Failure(Lack.COMPILER, ("fortran",), "numpy.distutils", line, index)


def _linker_asked_for(output: Output, index: int) -> str:
    """Give the linker that the command just above a line names; GCC calls each ``ld`` where it has none."""
    for line in reversed(output.lines[max(index - _NEAR, 0) : index]):
        if found := _ASKED_FOR.search(line):
            return f"ld.{found[1]}"
    return "ld"


_ASKED_FOR: Final = re.compile(r"-fuse-ld=(\w+)")


def _folders(output: Output, index: int) -> tuple[str, ...]:
    """Give the folders below an ``include`` that the command just above a line was told to look in."""
    for line in reversed(output.lines[max(index - _NEAR, 0) : index]):
        if _COMMAND.match(line):
            return tuple(dict.fromkeys(_FOLDER.findall(line)))
    return ()


_NEAR: Final = 12
_COMMAND: Final = re.compile(r"\S*(?:cc|\+\+|clang|gfortran)(?:-[\d.]+)? .*-c ")
_FOLDER: Final = re.compile(r"-(?:I|isystem) ?/\S*/include/(?!python\d)([\w.+-]+)")


ADAPTER: Final[Family] = Compilers()
