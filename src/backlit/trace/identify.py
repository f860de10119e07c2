"""What a compiler says of itself: its version, the machine it compiles for, where it looks for libraries.

Asked after the hook, once for each compiler, and so is a ``*-config`` program whose version the build asked for: these
are the only processes that an observation starts.
"""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.files import start_of
from backlit.support.process import run
from backlit.trace import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS: Final = 20.0
_TARGET: Final = "--target="
_OF_GCC: Final = frozenset({"gcc", "gfortran"})
_SEARCH_FLAGS: Final = ("-m*", "--sysroot=*", f"{_TARGET}*", "-B*", "-static*")


class Identity(NamedTuple):
    """A compiler's own word."""

    version: str | None
    """Such as ``12.2.0``; None if it did not tell."""
    target: str | None
    """Such as ``x86_64-linux-gnu``; None if it did not tell."""


def target_flags(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Give the last of a command's `flags` that names another target than the compiler's own; empty for none."""
    return tuple(flag for flag in flags if flag.startswith(_TARGET))[-1:]


@cache
def identify(path: str, flags: tuple[str, ...] = ()) -> Identity | None:
    """Ask a compiler for its version and target; None if it is no compiler known here, or cannot be run.

    `flags` are what :func:`target_flags` gives.
    """
    match = tables.match_program(path)
    if match is None or not path.startswith("/"):
        return None
    how = match.family.identify
    answer = _ask(path, how["version"])
    if answer is None:
        return None
    named = flags[0].removeprefix(_TARGET) if flags else ""
    target = _first(how["target-pattern"], answer) if "target-pattern" in how else None
    if "target" in how:
        # With a target named, clang gives it in full; gcc knows no such flag.
        target = (_ask(path, [*flags, *how["target"]]) or "").strip() or None
    elif named:
        target = os.path.basename(named).removesuffix(".json")  # noqa: PTH119 - rustc takes a file of its own format too
    return Identity(_first(how["version-pattern"], answer), target)


@cache
def sysroot(path: str, flags: tuple[str, ...]) -> str | None:
    """Give the folder that is ``/`` to what a compiler makes, absolute; None if it is the machine's own.

    `flags` are its command's; without one that says so, the compiler's own word counts.
    """
    match = tables.match_program(path)
    if match is None or match.family.dialect != "gcc":
        return None
    starts = ("--sysroot=", "-isysroot")
    told = [flag.removeprefix(start) for flag in flags for start in starts if flag.startswith(start)]
    is_asked = not told and path.startswith("/") and match.family.name in _OF_GCC
    root = os.path.realpath(told[-1] if told else (_built_in(path) if is_asked else "/"))
    return None if root == "/" else root


@cache
def _built_in(path: str) -> str:
    return (_ask(path, ["-print-sysroot"]) or "").strip() or "/"


@cache
def is_wrapper(path: str) -> bool:
    """Tell whether a compiler's program is a script, which may add to its command: Spack's and Nix's are."""
    try:
        return tables.match_program(path) is not None and start_of(os.path.realpath(path), 2) == b"#!"
    except OSError:
        return False  # a bare name, or a program that is gone by now


class Toolkit(NamedTuple):
    """What a driver around another compiler adds to each command: nvcc's folders, and the compiler below it."""

    include_dirs: tuple[str, ...]
    """Where it looks for headers by itself, absolute real paths."""
    library_dirs: tuple[str, ...]
    """Where it looks for libraries, likewise."""
    host_compiler: str
    """Absolute path of the compiler that it starts; empty if it is not known."""


@cache
def toolkit(path: str) -> Toolkit | None:
    """Ask a driver around another compiler what it would do; None for any other, and if it does not tell."""
    match = tables.match_program(path)
    if match is None or "folders" not in match.family.identify or not path.startswith("/"):
        return None
    asked = run([path, *match.family.identify["folders"]], seconds=_SECONDS)
    lines = [line.removeprefix("#$ ") for line in asked.errors.splitlines() if line.startswith("#$ ")]
    if asked.status != 0 or not lines:
        return None
    named = {name: _folders_named(value) for name, _, value in (line.partition("=") for line in lines)}
    first = next(
        (line.split(" ", 1)[0] for line in lines if tables.match(line.split(" ", 1)[0].rpartition("/")[2])), ""
    )
    return Toolkit(
        include_dirs=(*named.get("INCLUDES", ()), *named.get("SYSTEM_INCLUDES", ())),
        library_dirs=named.get("LIBRARIES", ()),
        host_compiler=(shutil.which(first) or "") if first else "",
    )


def _folders_named(text: str) -> tuple[str, ...]:
    folders = (os.path.realpath(found) for found in re.findall(r"\"(?:-I|-L)?(/[^\"]*)\"", text))
    return tuple(folder for folder in folders if os.path.isdir(folder))  # noqa: PTH112 - as the compiler gave it


@cache
def search_dirs(path: str, flags: tuple[str, ...]) -> tuple[str, ...]:
    """Give the folders that a gcc-like driver looks for libraries in, in its order, absolute, those that exist.

    `flags` are its command's: those that change the target count. Empty if it does not tell.
    """
    match = tables.match_program(path)
    if match is None or match.family.dialect != "gcc" or not path.startswith("/"):
        return ()
    if (around := toolkit(path)) is not None:
        return (*around.library_dirs, *search_dirs(around.host_compiler, ()))
    counting = [flag for flag in flags if tables.fits(flag, _SEARCH_FLAGS)]
    answer = _ask(path, [*counting, "-print-search-dirs"]) or ""
    found = re.search(r"^libraries: =?(.*)$", answer, re.MULTILINE)
    if found is None:
        return ()
    folders = (os.path.realpath(folder) for folder in found[1].split(":") if folder.startswith("/"))
    return tuple(dict.fromkeys(folder for folder in folders if os.path.isdir(folder)))  # noqa: PTH112 - as the compiler gave it


@cache
def include_dirs(path: str, language: str, flags: tuple[str, ...]) -> tuple[str, ...]:
    """Give the folders that a gcc-like driver looks for headers in by itself, in its order, absolute, those that exist.

    `language` is ``c`` or ``cxx``; `flags` are its command's. Empty if it does not tell.
    """
    match = tables.match_program(path)
    if match is None or match.family.dialect != "gcc" or not path.startswith("/") or language not in _SPOKEN:
        return ()
    counting = [flag for flag in flags if tables.fits(flag, _SEARCH_FLAGS)]
    asked = run([path, *counting, "-E", "-v", "-x", _SPOKEN[language], os.devnull], seconds=_SECONDS)
    # The titles of the list are in the user's language, its lines are not.
    listed = [line.strip() for line in asked.errors.splitlines() if line.startswith(" /")]
    return tuple(dict.fromkeys(folder for folder in listed if os.path.isdir(folder)))  # noqa: PTH112 - as it gave it


_SPOKEN: Final = {"c": "c", "cxx": "c++"}


@cache
def pc_path(path: str) -> tuple[str, ...]:
    """Give the folders that a pkg-config looks in without a variable, in its order; empty if it does not say."""
    if not tables.is_pkg_config(os.path.basename(path)) or not path.startswith("/"):  # noqa: PTH119 - as it was called
        return ()
    answer = (_ask(path, ["--variable=pc_path", "pkg-config"]) or "").strip()
    return tuple(answer.split(os.pathsep)) if answer else ()


@cache
def version_of_config(path: str) -> str | None:
    """Give the first line that a ``*-config`` program says to ``--version``; None if it does not say."""
    lines = (_ask(path, ["--version"]) or "").strip().splitlines() if path.startswith("/") else []
    return lines[0] if lines else None


def _ask(path: str, arguments: Iterable[str]) -> str | None:
    finished = run([path, *arguments], seconds=_SECONDS)
    return finished.output if finished.status == 0 else None


def _first(pattern: str, answer: str) -> str | None:
    found = re.search(pattern, answer)
    return found[1] if found else None
