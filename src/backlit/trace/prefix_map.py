r"""Keeps a scratch folder's path out of what compilers write, however they are started.

A shim adds an argument to the compilers that go through it. CMake, meson and many a makefile start theirs by absolute
path, and without a trace there are no shims. What reaches those too, and leaves nothing of itself in what is built:

* gcc and gfortran that compile for this machine read a ``specs`` file in a folder of ``LIBRARY_PATH``, below it in
  ``<machine>/<version>``. Ours adds ``-ffile-prefix-map`` for the compiler proper, and its like for the assembler. No
  command line changes, and no configuration records a flag; ``CFLAGS`` would: and it would replace the ``-O2`` that
  ``configure`` and many a setup.py set only where there is none. A folder for each compiler found on ``PATH``, so that
  one that does not know the option (before 8) never sees it.
* gcc for another machine reads no such file, but looks for its parts where ``COMPILER_PATH`` says: `stand_ins` tells.
* clang takes arguments from ``CCC_OVERRIDE_OPTIONS``.
* cargo starts the compiler through ``RUSTC_WRAPPER``: for where there are no shims. ``RUSTFLAGS`` would replace the
  flags that a project has in ``.cargo/config.toml``.

Compilers that are neither on ``PATH`` nor in ``CC``, ``CXX`` or ``FC`` are not known to be there.

What escapes: compilers of other families, a clang without shim where a path has a blank in it, and paths that no
compiler wrote: strings that a build system writes into a file.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.shell import quoted
from backlit.trace import stand_ins
from backlit.trace.stand_ins import Compiler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Pair = tuple[str, str]

_POSIX: Final = frozenset({"c89-gcc", "c99-gcc"})
"""Scripts that become the ``gcc`` on ``PATH``, which is asked itself."""

_GCC: Final = re.compile(r"(?:cc|c\+\+|(?:[\w.]+-)*(?:gcc|g\+\+|gfortran))(?:-[\d.]+)?")


def variables(folder: str, pair: Pair, environment: Mapping[str, str], *, shims: bool) -> dict[str, str]:
    """Give the variables under which compilers write ``pair[1]`` for ``pair[0]``, once `prepare` has been called.

    `folder` is the one that `prepare` is given. `shims` says that rustc goes through one.
    """
    told: dict[str, str] = {}
    path = environment.get("PATH") or os.defpath
    if "=" in pair[0] or os.pathsep in folder:
        return told  # nobody takes such a name
    told["LIBRARY_PATH"] = os.pathsep.join(filter(None, (folder, environment.get("LIBRARY_PATH"))))
    told[stand_ins.VARIABLE] = os.pathsep.join(filter(None, (f"{folder}/parts", environment.get(stand_ins.VARIABLE))))
    if clang_is_told(pair) and _knows_option(shutil.which("clang", path=path)):
        # A # at the start keeps it from saying what it does.
        before = environment.get("CCC_OVERRIDE_OPTIONS", "#")
        told["CCC_OVERRIDE_OPTIONS"] = f"{before} ^-ffile-prefix-map={pair[0]}={pair[1]}"
    if not shims and shutil.which("rustc", path=path):
        told["RUSTC_WRAPPER"] = f"{folder}/{_LAST}"
    return told


def clang_is_told(pair: Pair) -> bool:
    """Tell whether clang's variable can name these folders: it splits at blanks."""
    return re.search(r"\s", "".join(pair)) is None


def prepare(folder: str, pair: Pair, environment: Mapping[str, str]) -> None:
    """Make `folder`, with what the variables name, unless it is made. Starts each gcc that there is once.

    :raises OSError: if it cannot be written.
    """
    if os.path.exists(f"{folder}/{_LAST}"):  # noqa: PTH110 - names as bytes gave them, throughout this module
        return
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    others: list[Compiler] = []
    for compiler in _known(folder, environment):
        if isinstance(compiler, _Native):
            _put(f"{folder}/{compiler.place}/specs", compiler.specs.rstrip("\n") + "\n\n" + _added(pair))
        else:
            others.append(compiler)
    for name, text in stand_ins.texts(others, "=".join(pair), environment.get(stand_ins.VARIABLE)):
        _put(f"{folder}/parts/{name}", text, mode=0o755)
    before = environment.get("RUSTC_WRAPPER")
    start = f"{quoted(before)} " if before else ""
    argument = quoted(f"--remap-path-prefix={pair[0]}={pair[1]}")
    _write(f"{folder}/{_LAST}", f'#!/bin/sh\nexec {start}"$@" {argument}\n', mode=0o755)


_LAST: Final = "rustc-wrapper"
"""What is written last."""


def _added(pair: Pair) -> str:
    """Give what is added to gcc's specs. The language is told in its manual, "Spec Files"."""
    mapped = re.sub(r"[^\w./=+-]", lambda found: "%%" if found[0] == "%" else f"\\{found[0]}", "=".join(pair))
    return f"*cc1:\n+ -ffile-prefix-map={mapped}\n\n*asm:\n+ --debug-prefix-map {mapped}\n\n"


class _Native(NamedTuple):
    """A gcc for this machine."""

    place: str
    """``<machine>/<version>``, as its folders are named."""
    specs: str
    """Its own specs: one that finds a file of specs takes nothing but what is in it."""


def _known(folder: str, environment: Mapping[str, str]) -> Iterator[_Native | Compiler]:
    """Give each gcc that knows the option: on ``PATH``, or named by a variable for compilers."""
    from backlit.support.process import run  # noqa: PLC0415 - a build that starts nothing asks no compiler

    kinds: dict[str, list[str]] = {}
    for program in _compilers(environment):
        # g++-12 and gfortran-12 are parts of what gcc-12 is.
        kind = re.sub(r"(?:gcc|g\+\+|gfortran)(?=-[\d.]+$|$)", "", os.path.realpath(program))
        kinds.setdefault(kind, []).append(program)
    # One that looks for libraries there takes its specs from there too: all for this machine, and no others.
    asking = {**environment, "LIBRARY_PATH": folder}
    for program, *others in kinds.values():
        done = run([program, "-print-search-dirs"], environment=asking, seconds=20)
        found = re.search(r"^install: .*?([^/\s]+/(\d+)[^/\s]*)/?$", done.output, re.MULTILINE)
        if done.status != 0 or not found or int(found[2]) < _FIRST:
            continue
        libraries = re.search(r"^libraries: =?(.*)$", done.output, re.MULTILINE)
        if libraries is None or not libraries[1].startswith(f"{folder}/"):
            yield Compiler((program, *others), found[1], stand_ins.folders_in(done.output))
            continue
        specs = run([program, "-dumpspecs"], seconds=20).output
        if "\n*link_command:\n" in specs:
            yield _Native(found[1], specs)


_FIRST: Final = 8
"""The first gcc with ``-ffile-prefix-map``."""


def _compilers(environment: Mapping[str, str]) -> Iterator[str]:
    for folder in (environment.get("PATH") or os.defpath).split(os.pathsep):
        try:
            listed = os.listdir(folder)  # noqa: PTH208
        except OSError:
            continue
        names = sorted(name for name in listed if _GCC.fullmatch(name) and name not in _POSIX)
        yield from (f"{folder}/{name}" for name in names)
    for name in ("CC", "CXX", "FC"):
        program = next(iter(environment.get(name, "").split()), "")
        if program.startswith("/") and _GCC.fullmatch(os.path.basename(program)):  # noqa: PTH119
            yield program


def _knows_option(clang: str | None) -> bool:
    """Tell whether a clang knows the option (10 and later): by its own name, or else asked."""
    if clang is None:
        return False
    version = re.search(r"(?:clang|llvm)-?(\d+)", os.path.realpath(clang))
    if version:
        return int(version[1]) >= 10  # noqa: PLR2004 - the docstring says so
    from backlit.support.process import run  # noqa: PLC0415 - as above

    return run([clang, "-ffile-prefix-map=a=b", "-E", "-x", "c", os.devnull], seconds=20).status == 0


def _put(path: str, text: str, mode: int = 0o644) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    _write(path, text, mode)


def _write(path: str, text: str, mode: int = 0o644) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.fsencode(text))
