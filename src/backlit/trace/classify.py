"""One engine over the tables: what a command means."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.invocation import Compilation, Invocation, Query, Run
from backlit.trace import tables
from backlit.trace.dialects import Parsed, ar, gcc, ld, query, rustc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Recognized(NamedTuple):
    """A command that says something of the build."""

    item: Compilation | Query | Run
    """What it means."""
    depfile: str | None = None
    """Absolute path where the compiler was told to list the headers it opened; None if it was not."""


class Ignored(NamedTuple):
    """A command that is known to be of no interest."""

    reason: str
    """Why, in a few words."""


class NotRecognized(NamedTuple):
    """A command that no table names."""

    invocation: Invocation
    """The command."""


Outcome = Recognized | Ignored | NotRecognized


def classify(invocation: Invocation) -> Outcome:
    """Say what one command means. Follows links of shared names such as ``cc``; runs nothing."""
    name = _name(invocation.program)
    if name in OF_NO_INTEREST or _is_python(name):
        return Ignored(f"{name} says nothing of native software by itself")
    role = tables.role(name)
    if role is None:
        return NotRecognized(invocation)
    if role.kind == "query":
        return Recognized(_query(invocation, name))
    if role.kind == "compiler":
        return _compilation(invocation)
    tool = tables.tables().tools.get(name, name)
    return Recognized(Run(invocation=invocation, tool=tool, probe=_only_asks(tool, invocation.arguments)))


def unwrapped(invocation: Invocation, find: Callable[[str], str | None]) -> Iterator[Invocation]:
    """Give the command, and the one it starts if it is a launcher's: ``ccache gcc -c a.c``.

    A tool written in Python, and named to the interpreter, stands for it: ``python -m cython a.pyx``. `find` gives the
    absolute path of a name on ``PATH``.
    """
    if _is_python(_name(invocation.program)):
        yield _tool_of_python(invocation, find) or invocation
        return
    yield invocation
    if _name(invocation.program) not in tables.tables().launchers or not invocation.arguments:
        return
    first, *rest = invocation.arguments
    if tables.match(_name(first)) is None:
        return
    program = first if first.startswith("/") else find(first)
    yield Invocation(
        program=program or first,
        arguments=tuple(rest),
        cwd=invocation.cwd,
        mechanism=invocation.mechanism,
        status=invocation.status,
        found=program is not None,
    )


def _tool_of_python(invocation: Invocation, find: Callable[[str], str | None]) -> Invocation | None:
    """Give the tool that an interpreter's first words name; None if they name none that is known."""
    words = list(invocation.arguments)
    while words and words[0] in _PYTHON_SWITCHES:
        words.pop(0)
    if words and words[0].startswith("-m") and words != ["-m"]:  # python(1): -m module-name, or in one word
        module = words.pop(0).removeprefix("-m") or words.pop(0)
        name = _PYTHON_MODULES.get(module, module)
        program = find(name) or name
    elif words and not words[0].startswith("-"):
        program = os.path.normpath(os.path.join(invocation.cwd, words.pop(0)))  # noqa: PTH118 - as it was given
        name = _name(program).removesuffix(".py")
        program = program.removesuffix(".py")
    else:
        return None
    if name not in tables.tables().tools:
        return None
    return invocation._replace(program=program, arguments=tuple(words))


_PYTHON_SWITCHES: Final = frozenset({"-I", "-E", "-s", "-S", "-B", "-P", "-u", "-O", "-OO"})
_PYTHON_MODULES: Final = {"mesonbuild.mesonmain": "meson", "Cython.Build.Cythonize": "cythonize", "numpy.f2py": "f2py"}
"""Modules that are a tool's under another name."""

_DIALECTS: Final[dict[str, Callable[[Sequence[str], str, tables.Family, str], Parsed]]] = {
    "ar": ar.parse,
    "gcc": gcc.parse,
    "ld": ld.parse,
    "rustc": rustc.parse,
}

OF_NO_INTEREST: Final = frozenset(
    {
        *("[", "awk", "bash", "basename", "cat", "chmod", "cmp", "comm", "cp", "cut", "dash", "date"),
        *("diff", "dirname", "echo", "egrep", "env", "expr", "false", "fgrep", "file", "find", "gawk"),
        *("getconf", "grep", "gzip", "head", "hostname", "id", "install", "ldconfig", "ldd", "ln", "ls"),
        *("mawk", "mkdir", "mktemp", "mv", "nm", "nproc", "objcopy", "objdump", "printf", "pwd"),
        *("readelf", "readlink", "rm", "rmdir", "sed", "sh", "size", "sleep", "sort"),
        *("tail", "tar", "tee", "test", "touch", "tr", "true", "tty", "uname", "uniq", "wc", "which"),
        "xargs",
    }
)
"""Names of programs that say nothing of native software, and start none that would not be seen by itself."""


def _name(program: str) -> str:
    return os.path.basename(program)  # noqa: PTH119 - a program as it was given


def _is_python(name: str) -> bool:
    return name.startswith(("python", "pypy")) and not name.endswith("config")


def _compilation(invocation: Invocation) -> Outcome:
    match = tables.match_program(invocation.program)
    if match is None:
        return NotRecognized(invocation)
    family, language, arguments = match.family, match.language, invocation.arguments
    if family.subcommands:
        if not arguments or arguments[0] not in family.subcommands:
            probe = not arguments or _only_asks(family.name, arguments)
            return Recognized(Run(invocation=invocation, tool=family.name, probe=probe))
        language, arguments = family.subcommands[arguments[0]], arguments[1:]
    parsed = _DIALECTS[family.dialect](arguments, invocation.cwd, family, language)
    return Recognized(_understood(invocation, family.name, parsed), parsed.depfile)


def _understood(invocation: Invocation, family: str, parsed: Parsed) -> Compilation:
    return Compilation(
        invocation=invocation,
        family=family,
        language=parsed.language,
        role=parsed.role,
        sources=parsed.sources,
        objects=parsed.objects,
        output=parsed.output,
        libraries=parsed.libraries,
        library_files=parsed.library_files,
        library_dirs=parsed.library_dirs,
        static_names=parsed.static_names,
        include_dirs=parsed.include_dirs,
        flags=parsed.flags,
        rpaths=parsed.rpaths,
    )


def _query(invocation: Invocation, name: str) -> Query | Run:
    answered = invocation.status == 0 if invocation.status is not None else (None if invocation.found else False)
    if not tables.is_pkg_config(name):
        return Query(invocation=invocation, tool=name, answered=answered)
    asked = query.parse(invocation.arguments)
    if not asked.modules:
        return Run(invocation=invocation, tool="pkg-config", probe=True)
    return Query(
        invocation=invocation,
        tool="pkg-config",
        modules=asked.modules,
        constraints=asked.constraints,
        answered=answered,
    )


def _only_asks(tool: str, arguments: Sequence[str]) -> bool:
    line = " ".join(arguments)
    probes = tables.tables().probes
    return tables.fits(line, (*probes["any"], *probes.get(tool, ())))
