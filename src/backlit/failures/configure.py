"""configure scripts: ``configure: error:``, and the check just before it that said no.

The sentences are of Autoconf's ``lang.m4`` and of pkg-config's ``pkg.m4``; a project's own are read as words,
beside the check whose answer they are about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, _words, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_ERROR: Final = re.compile(r"configure: error:(?: (?P<said>.+))?$")
_COMPILER: Final = re.compile(r"no acceptable (?P<language>C|C\+\+|Fortran|F77|Fortran 77) compiler found")
_BROKEN: Final = re.compile(r"(?P<language>C|C\+\+|Fortran) compiler cannot create executables")
_MODULES: Final = re.compile(r"Package requirements \((?P<names>[^)]+)\) were not met")
_NO_PKG_CONFIG: Final = re.compile(
    r"The pkg-config script could not be found|[Pp]kg-config (?:is )?(?:not found|missing)"
)
_CHECK: Final = re.compile(r"checking for (?P<what>.+?)\.\.\. (?:\(cached\) )?(?:no|not found)$")
_FUNCTION: Final = re.compile(r"\w+ in -l(?P<name>[\w+.-]+)")
_MACRO: Final = re.compile(r"(?P<name>[A-Za-z][\w+.-]*) - version >= (?P<version>(?P<major>\d+)[\d.]*)")
"""As the macros ``AM_PATH_NAME`` ask, which GTK, GLib, SDL and others bring."""
_HEADER: Final = re.compile(r"(?P<name>[\w/.+-]+\.h(?:pp|h|xx)?)(?: usability| presence)?")
_LANGUAGES: Final = {"C": "c", "C++": "cxx"}
_UNDEFINED: Final = re.compile(
    r"error: possibly undefined macro: (?P<name>[A-Z][A-Z0-9_]+)"
    r"|line \d+: `(?P<left>[A-Z]+_[A-Z0-9_]+)(?:\(.*)?'$"
)
"""What autoconf says of a macro that nobody defined, and what a shell makes of one that autoconf let pass."""


class Configure:
    """What configure scripts stopped at."""

    name = "configure"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give what each error of a configure script says is missing."""
        for index, line, found in each(output.lines, _ERROR):
            said = found["said"] or ""  # which may begin on the next line
            failure = _failure(said) or _checked(output, index) or _said(said)
            if failure is not None:
                yield failure._replace(said=failure.said or line, line=index, tool="configure")
        for index, line, found in each(output.lines, _UNDEFINED):
            tool = "autoconf" if found["name"] else "configure"
            yield Failure(Lack.MACRO, (found["name"] or found["left"],), tool, line, index)


def _failure(said: str) -> Failure | None:
    if found := _COMPILER.search(said) or _BROKEN.search(said):
        return _made(Lack.COMPILER, _LANGUAGES.get(found["language"], "fortran"))
    if found := _MODULES.search(said):
        specs = re.findall(r"([\w.+-]+)\s*((?:[<>=]+\s*\S+)?)", found["names"])
        versions = {version for _, version in specs if version}
        version = versions.pop() if len(specs) == len(versions) == 1 else ""
        return _made(Lack.PKGCONFIG, *(name for name, _ in specs))._replace(version=version)
    if _NO_PKG_CONFIG.search(said):
        return _made(Lack.PROGRAM, "pkg-config")
    return None


def _checked(output: Output, index: int) -> Failure | None:
    """Read the check just above an error: what it looked for."""
    for line in reversed(output.lines[max(index - _NEAR, 0) : index]):
        if found := _CHECK.search(line):
            what = found["what"].strip()
            if function := _FUNCTION.fullmatch(what):
                return _made(Lack.LINK, function["name"])
            if header := _HEADER.fullmatch(what):
                return _made(Lack.HEADER, header["name"])
            if macro := _MACRO.fullmatch(what):
                name = macro["name"].lower()
                return _made(Lack.WORDS, f"{name}-{macro['major']}.0", name)._replace(said=line.strip())
            return None
        if _ANOTHER.search(line):
            return None
    return None


_NEAR: Final = 8
_ANOTHER: Final = re.compile(r"checking (?!why)")


def _said(said: str) -> Failure | None:
    words = _words.in_sentence(said)
    return _made(Lack.WORDS, *words) if words else None


def _made(lack: Lack, *names: str) -> Failure:
    return Failure(lack, names, "configure", "", 0)


ADAPTER: Final[Family] = Configure()
