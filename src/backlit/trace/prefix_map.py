r"""Keeps a scratch folder's path out of what compilers write, however they are started.

A shim adds an argument to the compilers that go through it. CMake, meson and many a makefile start theirs by absolute
path, and without a trace there are no shims. What reaches those too, and leaves nothing of itself in what is built:

* gcc and gfortran that compile for this machine read a ``specs`` file in a folder of ``LIBRARY_PATH``, below it in
  ``<machine>/<version>``. Ours adds ``-ffile-prefix-map`` for the compiler proper, and its like for the assembler. No
  command line changes, and no configuration records a flag; ``CFLAGS`` would: and it would replace the ``-O2`` that
  ``configure`` and many a setup.py set only where there is none. A folder for each compiler found on ``PATH``, so that
  one that does not know the option (before 8) never sees it.
* clang takes arguments from ``CCC_OVERRIDE_OPTIONS``.
* cargo starts the compiler through ``RUSTC_WRAPPER``: for where there are no shims. ``RUSTFLAGS`` would replace the
  flags that a project has in ``.cargo/config.toml``.

What escapes: compilers of other families, cross compilers that are started by absolute path, a clang without shim where
a path has a blank in it, and paths that no compiler wrote: strings that a build system writes into a file.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Pair = tuple[str, str]

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
    if not re.search(r"\s", "".join(pair)) and _knows_option(shutil.which("clang", path=path)):
        # It splits at blanks, and a # at the start keeps it from saying what it does.
        before = environment.get("CCC_OVERRIDE_OPTIONS", "#")
        told["CCC_OVERRIDE_OPTIONS"] = f"{before} ^-ffile-prefix-map={pair[0]}={pair[1]}"
    if not shims and shutil.which("rustc", path=path):
        told["RUSTC_WRAPPER"] = f"{folder}/rustc-wrapper"
    return told


def prepare(folder: str, pair: Pair, environment: Mapping[str, str]) -> None:
    """Make `folder`, with what the variables name. Starts each gcc that there is once.

    :raises OSError: if it cannot be written.
    """
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - names as bytes gave them, throughout this module
    for place, specs in dict(_known(environment.get("PATH") or os.defpath)).items():
        os.makedirs(f"{folder}/{place}", exist_ok=True)  # noqa: PTH103
        _write(f"{folder}/{place}/specs", specs.rstrip("\n") + "\n\n" + _added(pair))
    before = environment.get("RUSTC_WRAPPER")
    start = f"{_quoted(before)} " if before else ""
    argument = _quoted(f"--remap-path-prefix={pair[0]}={pair[1]}")
    _write(f"{folder}/rustc-wrapper", f'#!/bin/sh\nexec {start}"$@" {argument}\n', mode=0o755)


def _added(pair: Pair) -> str:
    """Give what is added to gcc's specs. The language is told in its manual, "Spec Files"."""
    mapped = re.sub(r"[^\w./=+-]", lambda found: "%%" if found[0] == "%" else f"\\{found[0]}", "=".join(pair))
    return f"*cc1:\n+ -ffile-prefix-map={mapped}\n\n*asm:\n+ --debug-prefix-map {mapped}\n\n"


def _known(path: str) -> Iterator[tuple[str, str]]:
    """Give ``<machine>/<version>`` of each gcc on `path` that knows the option, and its own specs.

    A gcc that finds a file of specs takes nothing but what is in it, so the file must hold its own too.
    """
    from backlit.support.process import run  # noqa: PLC0415 - a build that starts nothing asks no compiler

    seen: set[str] = set()
    for program in _compilers(path):
        # g++-12 and gfortran-12 are parts of what gcc-12 is.
        kind = re.sub(r"(?:gcc|g\+\+|gfortran)(?=-[\d.]+$|$)", "", os.path.realpath(program))
        if kind in seen:
            continue
        seen.add(kind)
        done = run([program, "-print-libgcc-file-name"], seconds=20)
        found = re.search(r"([^/\s]+/(\d+)[^/\s]*)/libgcc\.a\s*$", done.output)
        if done.status == 0 and found and int(found[2]) >= _FIRST:
            specs = run([program, "-dumpspecs"], seconds=20).output
            if "\n*link_command:\n" in specs:
                yield found[1], specs


_FIRST: Final = 8
"""The first gcc with ``-ffile-prefix-map``."""


def _compilers(path: str) -> Iterator[str]:
    for folder in path.split(os.pathsep):
        try:
            names = sorted(name for name in os.listdir(folder) if _GCC.fullmatch(name))  # noqa: PTH208
        except OSError:
            continue
        yield from (f"{folder}/{name}" for name in names)


def _knows_option(clang: str | None) -> bool:
    """Tell whether a clang knows the option (10 and later): by its own name, or else asked."""
    if clang is None:
        return False
    version = re.search(r"(?:clang|llvm)-?(\d+)", os.path.realpath(clang))
    if version:
        return int(version[1]) >= 10  # noqa: PLR2004 - the docstring says so
    from backlit.support.process import run  # noqa: PLC0415 - as above

    return run([clang, "-ffile-prefix-map=a=b", "-E", "-x", "c", os.devnull], seconds=20).status == 0


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _write(path: str, text: str, mode: int = 0o644) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.fsencode(text))
