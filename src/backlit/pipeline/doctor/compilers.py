"""The compilers that a build here would call, and where each looks for headers and libraries.

Nothing is taken for granted: a compiler is asked for its folders, with the flags of the environment. Where there is no
compiler, the folders are those of the interpreter and of the system, so that what is there is found all the same.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import sys
import sysconfig
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support import process
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SECONDS: Final = 20.0


class Compiler(NamedTuple):
    """What compiles one language here."""

    language: str
    """``c``, ``cxx``, ``fortran``, ``rust``, ..."""
    command: tuple[str, ...]
    """How it would be called: ``("gcc", "-pthread")``; the first program that would be tried, if there is none."""
    path: str | None
    """Where the program is; None if it is not there."""
    version: str | None
    """Its own version; None if it is not there, or does not tell."""


class Folders(NamedTuple):
    """Where a build here finds what it is built against; in the order of search, each there."""

    headers: tuple[str, ...]
    """Folders of headers."""
    libraries: tuple[str, ...]
    """Folders of libraries."""
    prefixes: tuple[str, ...]
    """Folders that have ``include`` and ``lib`` below them."""


_PROGRAMS: Final = {
    "c": ("CC", ("cc", "gcc", "clang")),
    "cxx": ("CXX", ("c++", "g++", "clang++")),
    "fortran": ("FC", ("gfortran", "flang", "flang-new", "ifx", "ifort", "f95", "f77")),
    "rust": ("RUSTC", ("rustc",)),
    "cuda": ("CUDACXX", ("nvcc",)),
    "go": ("", ("go",)),
    "zig": ("", ("zig",)),
    "d": ("", ("ldc2", "dmd", "gdc")),
    "swift": ("", ("swiftc",)),
    "ocaml": ("", ("ocamlfind", "ocamlc")),
    "haskell": ("", ("ghc",)),
}
"""The variable that names a language's compiler, and the programs that are tried where it does not."""

LANGUAGES: Final = frozenset(_PROGRAMS)
"""Languages whose compilers are looked for; of others nothing is known."""


def find(language: str, backend: str, variables: Mapping[str, str]) -> Compiler:
    """Give the compiler of one of `LANGUAGES` that a build by `backend` would call."""
    path = variables.get("PATH", os.defpath)
    candidates = tuple(_candidates(language, backend, variables))
    for command in candidates:
        program = shutil.which(command[0], path=path)
        if program is not None:
            return Compiler(language, command, program, _version(os.path.abspath(program)))  # noqa: PTH100 - text
    return Compiler(language, candidates[0], None, None)


def _candidates(language: str, backend: str, variables: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    variable, programs = _PROGRAMS[language]
    if named := _words(variables.get(variable, "")):
        yield named
        return
    # setuptools tries no other than the one that Python itself was compiled with.
    configured = _words(sysconfig.get_config_var(variable) or "") if _is_setuptools(backend) else ()
    if language in {"c", "cxx"} and configured:
        yield configured
        return
    if language == "cuda":
        yield from ((f"{variables[name]}/bin/nvcc",) for name in ("CUDA_HOME", "CUDA_PATH") if variables.get(name))
        yield ("nvcc",)
        yield ("/usr/local/cuda/bin/nvcc",)
        return
    yield from ((program,) for program in programs)


def _is_setuptools(backend: str) -> bool:
    return backend.partition(".")[0] == "setuptools"


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()


def _version(path: str) -> str | None:
    known = identify.identify(path)
    if known is not None and known.version:
        return known.version
    return version_of(path)


def version_of(program: str) -> str | None:
    """Ask a program for its version: what looks like one first in its answer; None if nothing does."""
    for option in ("--version", "-version", "version"):
        done = process.run([program, option], seconds=_SECONDS)
        found = re.search(r"(?<![\w.])v?(\d+(?:\.\d+)+[a-z]?)", done.output or done.errors)
        if done.status == 0 and found:
            return found[1]
    return None


def folders(compilers: Mapping[str, Compiler], variables: Mapping[str, str]) -> Folders:
    """Give where the build looks, as its compilers of C and C++ say."""
    headers: list[str] = []
    libraries: list[str] = []
    flags = [flag for name in ("CPPFLAGS", "CFLAGS", "CXXFLAGS", "LDFLAGS") for flag in _words(variables.get(name, ""))]
    libraries += [flag[2:] for flag in flags if flag.startswith("-L")]
    libraries += variables.get("LIBRARY_PATH", "").split(os.pathsep)
    for language in ("c", "cxx"):
        compiler = compilers.get(language)
        if compiler is not None and compiler.path is not None:
            headers += _headers(compiler, flags)
            libraries += identify.search_dirs(compiler.path, tuple(flags))
    prefixes = _prefixes(variables)
    if not headers:
        # Without a compiler: where one of the system, or of the interpreter's environment, would look.
        headers = [f"{prefix}/include{below}" for prefix in prefixes for below in (f"/{_MULTIARCH}", "")]
    libraries += [f"{prefix}/{below}" for prefix in prefixes for below in (f"lib/{_MULTIARCH}", "lib64", "lib")]
    libraries += [f"/lib/{_MULTIARCH}", "/lib64", "/lib"]
    return Folders(_there(headers), _there(libraries), _there(prefixes))


_MULTIARCH: Final = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"


def _headers(compiler: Compiler, flags: list[str]) -> list[str]:
    """Ask a compiler like gcc for its folders of headers; none if it does not tell."""
    language = {"c": "c", "cxx": "c++"}[compiler.language]
    counting = [flag for flag in flags if flag.startswith(("-I", "-isystem", "-iquote", "--sysroot", "-m", "--target"))]
    command = [*compiler.command, *counting, "-E", "-v", "-x", language, os.devnull, "-o", os.devnull]
    done = process.run(command, environment=None, seconds=_SECONDS)
    listed = re.search(r"(?ms)^#include [^\n]*\n(.*?)^End of search list", done.errors)
    found = re.findall(r"(?m)^ (/\S.*?)(?: \(framework directory\))?$", listed[1]) if listed else []
    return [*(flag[2:] for flag in counting if flag.startswith("-I")), *found]


def _prefixes(variables: Mapping[str, str]) -> list[str]:
    named = [part for name in ("CMAKE_PREFIX_PATH",) for part in re.split("[:;]", variables.get(name, ""))]
    # Homebrew's compilers are told of its own prefix; conda's and Nix's are told of theirs.
    return [*named, variables.get("HOMEBREW_PREFIX", ""), sys.base_prefix, "/usr/local", "/usr"]


def _there(paths: list[str]) -> tuple[str, ...]:
    real = (os.path.realpath(path) for path in paths if path.startswith("/"))
    return tuple(dict.fromkeys(path for path in real if os.path.isdir(path)))  # noqa: PTH112 - text
