"""A small library in every process of a build, which writes down what the process is: the mechanism that sees most.

Its source is ``preload.c``. It is compiled for each build, when the first program is about to start that may start
others: a pure build pays nothing, and there is no binary of ours to trust. `environment` names it to the dynamic loader
from the start, because build systems copy their environment early; what stands there until it is needed is the C
library itself, which each process has anyway.

What it does not see: programs that are linked statically, that run with other rights than their caller's, or that are
started with an environment of their own.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ID: Final = "0" * 20
"""What a process's name in the records is put in place of."""

_COMPILERS: Final = ("cc", "gcc", "clang")
_SHELLS: Final = ("sh", "bash", "dash", "ksh", "mksh", "zsh", "ash", "busybox")
_SERVED: Final = ("sccache",)
"""Launchers that compile in a server, which goes on running after the build: there the library takes itself out."""
_DAEMONS: Final = ("buildcache", "icecc", "distcc")
"""Likewise, but what they hand on to their servers was not tried."""
_FLAGS: Final = ("CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS")
_LAUNCHED_BY: Final = ("CC", "CXX", "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER", "RUSTC_WRAPPER")


def reason_against(folder: str, environment: Mapping[str, str]) -> str:
    """Say why the library is not to be used with `folder` for records; empty if it may be."""
    return next(_reasons(folder, environment), "")


def _reasons(folder: str, environment: Mapping[str, str]) -> Iterator[str]:
    if sys.platform != "linux":
        yield "there is LD_PRELOAD on Linux only"
    if re.search(r"[\s:]", folder):
        yield "the loader takes no path with a blank or a colon in LD_PRELOAD"
    if any("-fsanitize" in environment.get(name, "") for name in _FLAGS):
        yield "a sanitizer's own library has to be loaded first"
    for daemon in _DAEMONS:
        if any(daemon in environment.get(by, "") for by in _LAUNCHED_BY):
            yield f"{daemon} goes on running after the build"
    if _compiler(environment.get("PATH") or os.defpath) is None:
        yield f"none of {', '.join(_COMPILERS)} is on PATH"
    if _c_library() is None:
        yield "it is not known where this process has the C library from"


def variables(library: str, records: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Give the variables to set for the build: `library` is the path of what `create` makes.

    gcc and clang list the headers they open where a variable of theirs says. Here it has another first letter, which
    the library puts right in the compilers' own processes: ccache, for one, must not see it.
    """
    told = {
        "LD_PRELOAD": _and(environment.get("LD_PRELOAD"), library),
        # A program that is linked with AddressSanitizer, meson's first try say, starts only where nothing comes before
        # its library, unless it is told not to look. Ours takes the place of no function.
        "ASAN_OPTIONS": _and(environment.get("ASAN_OPTIONS"), "verify_asan_link_order=0"),
        "_BACKLIT_TRACE": records,
        "_BACKLIT_DRIVER": "0",
    }
    if not {"SUNPRO_DEPENDENCIES", "DEPENDENCIES_OUTPUT"} & environment.keys():
        told["_UNPRO_DEPENDENCIES"] = f"{records}/deps/{ID}"
    if not {"CC_PRINT_HEADERS", "CC_PRINT_HEADERS_FILE"} & environment.keys():
        told["_C_PRINT_HEADERS"] = "1"
        told["_C_PRINT_HEADERS_FILE"] = f"{records}/deps/{ID}"
    return told


def _and(before: str | None, added: str) -> str:
    return f"{before}:{added}" if before else added


def stand_in(library: str) -> bool:
    """Put the C library where `library` will be; tell whether that is there already, an earlier hook's.

    :raises OSError: if its folder cannot be written.
    """
    if not os.path.lexists(library):
        os.symlink(_c_library() or os.devnull, library)  # noqa: PTH211 - a name as bytes gave it
    return _is_made(library)


def _is_made(library: str) -> bool:
    return os.path.isfile(library) and not os.path.islink(library)  # noqa: PTH113, PTH114 - names as bytes gave them


@cache
def _c_library() -> str | None:
    """Give where this process has the C library from; None if it is linked statically, or cannot tell."""
    maps = Path("/proc/self/maps")
    found = _LIBC.search(maps.read_text("utf-8", "surrogateescape")) if maps.is_file() else None
    return found[0] if found else None


def create(library: str, path: str) -> str:
    """Compile the library in place of what stands in for it; give what was wrong, empty for nothing.

    `path` is the ``PATH`` to look for a compiler on.

    :raises OSError: if its folder cannot be written.
    """
    from backlit.support.process import run  # noqa: PLC0415 - a build that starts nothing needs none

    if _is_made(library):
        return ""
    compiler = _compiler(path) or _COMPILERS[0]
    made = f"{library}.{os.getpid()}"
    defined = [f'-D{name}=" {" ".join(sorted(words))} "' for name, words in _words().items()]
    source = os.path.join(os.path.dirname(__file__), "preload.c")  # noqa: PTH118, PTH120 - as `tables` has it
    # No optimisation: compiling costs more than what it would save.
    done = run([compiler, *_OPTIONS, *defined, "-o", made, source], seconds=60)
    if done.status:
        return (done.errors.strip().splitlines() or [f"exit status {done.status}"])[0]
    if not os.access(made, os.X_OK):
        return "its file system allows no programs"  # the loader would say so for every process
    os.replace(made, library)  # noqa: PTH105 - a name as bytes gave it
    return ""


_OPTIONS: Final = ("-shared", "-fPIC", "-O0", "-nostdlib", "-fno-stack-protector", "-w", "-x", "c")
_LIBC: Final = re.compile(
    r"/\S*/(?:libc\.so\.6|libc-2\.\d+\.so|ld-musl-\S+\.so\.1|libc\.musl-\S+\.so\.1)$", re.MULTILINE
)


def _compiler(path: str) -> str | None:
    return next((found for name in _COMPILERS if (found := shutil.which(name, path=path))), None)


def _words() -> dict[str, frozenset[str]]:
    from backlit.trace import tables  # noqa: PLC0415 - costs the reading of every table
    from backlit.trace.classify import OF_NO_INTEREST  # noqa: PLC0415 - likewise

    families = [family for family in tables.tables().families if not family.subcommands]
    readers = {name: family for family in families for name in (*family.drivers, *family.generic)}
    return {
        "BORING": OF_NO_INTEREST - set(_SHELLS),
        "SHELLS": frozenset(_SHELLS),
        "DRIVERS": frozenset(name for name, family in readers.items() if family.dialect == "gcc"),
        "READERS": frozenset(readers),
        "QUERIES": tables.tables().pkg_config,
        "LAUNCHERS": tables.tables().launchers,
        "DAEMONS": frozenset(_SERVED),
    }
