r"""Shims: small programs, first on ``PATH``, that write a command down and become the real program.

A shim is POSIX sh. It has the real program's absolute path in it, found before our folder stood on ``PATH``, and runs
it under that path: gcc looks for its parts beside its own name. Shims that differ in nothing but their names are links
to one file, which is by far cheaper than a file each. It appends one record to
``$_BACKLIT_TRACE/records/<pid>`` (the format is told in ``backlit.trace.records``), with one ``printf``. Without that
folder it writes nothing and only becomes the real program. Its variables start with ``_backlit_``: one of any other
name could be in the environment already, and would be changed for the real program.

What differs by kind:

* a compiler driver lists the headers it opens in ``$_BACKLIT_TRACE/deps/<pid>``; its response files are kept, for ninja
  and distutils delete them;
* a query (pkg-config, ``*-config``) runs the real program as a child, so that its answer is known;
* cmake and meson keep the path of every program they find, beyond the build (in ``CMakeCache.txt``; in ``build.ninja``
  and ``coredata.dat``): their shims take the folder off ``PATH`` first, and their own records are read instead;
* ccache has no shim: meson would find it, and write its path into ``build.ninja``. ``CCACHE_PATH`` shows ccache the
  real compilers. Where ``gcc`` on ``PATH`` is a link to ccache, its shim takes the folder off ``PATH``;
* its like look for the compiler on ``PATH`` alone, and sccache keys its cache by what stands in that file: their shims
  take the folder off ``PATH``, too. Not where compilers' shims map a scratch folder, for these they have to find;
* a real program that is a script may look for its own name on ``PATH`` again: a shim that is met a second time below
  itself takes the folder off ``PATH`` and writes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.shell import quoted
from backlit.trace import tables
from backlit.trace.records import RS, US

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER: Final = "backlit-shims"
"""Name of the folder: a folder of this name on ``PATH`` is another build's, and is left out."""


class Plan(NamedTuple):
    """What the shims of one build are to do."""

    folder: str
    """Absolute path of the folder to make."""
    path: str
    """``PATH`` as it was without our folder."""
    prefix_map: tuple[str, str] | None
    """The scratch folder, and the folder that its path is to be replaced by; None for none."""
    cat: str = "/bin/cat"
    """Absolute path of ``cat``."""
    record: bool = True
    """False if commands are written down otherwise: then a shim only adds the argument that maps the scratch folder."""


def create(plan: Plan) -> frozenset[str]:
    """Make the folder with one shim for each known program on ``PATH``; give their names.

    The folder appears whole or not at all. One that another process made first is left as it is.

    :raises OSError: if it cannot be written, or its file system allows no programs: then it is not there.
    """
    making = f"{plan.folder}.{os.getpid()}"
    os.makedirs(making, mode=0o700)  # noqa: PTH103 - names as bytes gave them, throughout this module
    try:
        names = frozenset(_write_all(making, plan._replace(cat=shutil.which("cat", path=plan.path) or plan.cat)))
        try:
            os.rename(making, plan.folder)  # noqa: PTH104
        except OSError:
            if not os.path.isdir(plan.folder):  # noqa: PTH112
                raise
        return names
    finally:
        shutil.rmtree(making, ignore_errors=True)


def without_shims(path: str) -> str:
    """Give a ``PATH`` without the shim folders of this or any other build."""
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if os.path.basename(entry) != FOLDER)  # noqa: PTH119


def programs(path: str) -> Iterator[tuple[str, str, tables.Role]]:
    """Give name, absolute path and role of each known program on `path`; the first of a name wins.

    Relative entries, the current folder among them, are passed over: what is there may change under the build.
    """
    seen: set[str] = set()
    places: set[str] = set()
    for folder in without_shims(path).split(os.pathsep):
        place = os.path.realpath(folder)
        if not folder.startswith("/") or place in places:
            continue
        places.add(place)
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            if name in seen or (role := tables.role(name)) is None:
                continue
            program = os.path.join(folder, name)  # noqa: PTH118
            if os.path.isfile(program) and os.access(program, os.X_OK):  # noqa: PTH113
                seen.add(name)
                yield name, program, role


def text(programs_: Sequence[tuple[str, str]], body: str) -> str:
    """Give the text of the shims that do `body`, for names and absolute paths of real programs."""
    cases = "".join(f"{quoted(name)}) _backlit_r={quoted(program)} ;;\n" for name, program in programs_)
    return _START.replace("@CASES@", cases) + body


def body(program: str, role: tables.Role, plan: Plan, prefix_map: str = "") -> str:
    """Give what the shim of `program` does once it knows its name. `prefix_map` goes before all other arguments."""
    match = tables.match_program(program) if role.kind == "compiler" else None
    headers = match.family.headers if match else ""
    launches = match is not None and _is_launcher(program)
    if launches or (headers == "sunpro" and " " in plan.folder):
        headers = ""  # gcc takes what follows a space for the name of a target
    if not plan.record:
        parts = [_OFF_PATH] if launches or role.kind == "finder" else ['set -- @MAP@ "$@"\n']
        return _filled([_ONCE, *parts, _BECOME], plan, prefix_map)
    record = _RECORD + (_RESPONSES if role.kind == "compiler" else "")
    if match is not None and match.family.below_driver:
        record = f'if [ -z "${{{match.family.below_driver}-}}" ]; then\n{record}fi\n'
    if role.kind == "query":
        parts = [_ONCE, _CHILD, record, _EXIT]
    else:
        parts = [_ONCE if role.kind == "compiler" else _NOT_ITSELF, record, _HEADERS.get(headers, "")]
        parts += [_NO_HEADERS, _OFF_PATH] if launches or role.kind in {"finder", "launcher"} else []
        parts += ['set -- @MAP@ "$@"\n'] if prefix_map else []
        parts.append(_BECOME)
    return _filled(parts, plan, prefix_map)


def _filled(parts: Sequence[str], plan: Plan, prefix_map: str) -> str:
    values = {"@FOLDER@": quoted(plan.folder), "@CAT@": quoted(plan.cat), "@MAP@": quoted(prefix_map)}
    return _MARK.sub(lambda found: values[found[0]], "".join(parts))


def _write_all(making: str, plan: Plan) -> Iterator[str]:
    accepted: dict[str, str] = {}
    alike: dict[str, list[tuple[str, str]]] = {}
    for name, program, role in programs(plan.path):
        if role.kind == "launcher" and (name == _TOLD or plan.prefix_map):
            continue
        mapped = _prefix_map(program, plan.prefix_map, accepted) if plan.prefix_map else ""
        if not (plan.record or mapped or role.kind == "finder"):
            continue
        alike.setdefault(body(program, role, plan, mapped), []).append((name, program))
    for does, named in alike.items():
        first, *others = (os.path.join(making, name) for name, _ in named)  # noqa: PTH118
        descriptor = os.open(first, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.fsencode(text(named, does)))
        # ccache takes a compiler for changed where its time is another: it is the real one's, or the newest of several.
        newest = max(os.stat(program).st_mtime_ns for _, program in named)  # noqa: PTH116
        os.utime(first, ns=(newest, newest))
        if not os.access(first, os.X_OK):
            raise PermissionError(13, "no program can be run from this file system", making)
        link = getattr(os, "link", shutil.copy2)  # many a setup.py has `del os.link`, which spared macOS hard links
        for other in others:
            link(first, other)
        yield from (name for name, _ in named)


def _prefix_map(program: str, prefix_map: tuple[str, str], accepted: dict[str, str]) -> str:
    """Give the argument that maps the scratch folder, if this very compiler takes it (gcc from 8, clang from 10)."""
    match = tables.match_program(program)
    if match is None or not match.family.prefix_map or "=" in prefix_map[0]:
        return ""
    real = os.path.realpath(program)
    if os.path.basename(real) in tables.tables().launchers:  # noqa: PTH119
        return ""
    if real not in accepted:
        argument = match.family.prefix_map.format(scratch=prefix_map[0], original=prefix_map[1])
        question = ["-vV"] if match.family.dialect == "rustc" else ["-E", "-x", "c", os.devnull]
        from backlit.support.process import run  # noqa: PLC0415 - a build in place asks no compiler

        accepted[real] = argument if run([program, argument, *question], seconds=20).status == 0 else ""
    return accepted[real]


def _is_launcher(program: str) -> bool:
    """Tell whether a compiler's name leads to ccache or its like, or to a script that starts it.

    Then gcc's variable for headers must not be set: ccache 4.7 with ``SUNPRO_DEPENDENCIES`` reports success and leaves
    no object.
    """
    names = tables.tables().launchers
    real = os.path.realpath(program)
    if os.path.basename(real) in names:  # noqa: PTH119
        return True
    with open(real, "rb") as file:  # noqa: PTH123
        start = file.read(_SCRIPT)
    if start.startswith(b"\x7fELF"):
        return False
    return any(name.encode() in start for name in names)


_SCRIPT: Final = 1 << 16
_TOLD: Final = "ccache"
"""The launcher that ``CCACHE_PATH`` tells where compilers are."""
_MARK: Final = re.compile("@[A-Z]+@")
_START: Final = """\
#!/bin/sh
# Made by backlit for one build: writes one command down, then becomes the real program.
_backlit_n=${0##*/}
case $_backlit_n in
@CASES@esac
_backlit_t=${_BACKLIT_TRACE-}
if [ -z "$_backlit_t" ] || ! [ -d "$_backlit_t/records" ]; then exec "$_backlit_r" "$@"; fi
"""

_OFF_PATH: Final = """\
while :; do
case ":$PATH:" in
*:@FOLDER@:*)
_backlit_p=":$PATH:"
_backlit_p=${_backlit_p%%:@FOLDER@:*}:${_backlit_p#*:@FOLDER@:}
_backlit_p=${_backlit_p#:}
PATH=${_backlit_p%:} ;;
*) break ;;
esac
done
"""

_BECOME: Final = 'exec "$_backlit_r" "$@"\n'

_AGAIN: Final = f"{_OFF_PATH}{_BECOME}fi\n"

_ONCE: Final = f"""\
if [ "${{_BACKLIT_SHIM-}}" = "$_backlit_n" ]; then
{_AGAIN}_BACKLIT_SHIM=$_backlit_n
export _BACKLIT_SHIM
"""
"""Compilers and queries never start a build: met below itself, one is a script's search for the next of its name."""

_NOT_ITSELF: Final = f"""\
if [ "${{_BACKLIT_SHIM-}}" = "$_backlit_n/$$" ]; then
{_AGAIN}_BACKLIT_SHIM=$_backlit_n/$$
export _BACKLIT_SHIM
"""
"""make does start make, but no program becomes itself."""

_RECORD: Final = f"""\
IFS='{US}'
{{ printf '%s' "1{US}$_backlit_n{US}$_backlit_r{US}$PWD{US}${{_backlit_s-}}{US}$#{US}$*{RS}"; }} \\
2>/dev/null >>"$_backlit_t/records/$$"
"""

_RESPONSES: Final = f"""\
case "{US}$*" in
*'{US}@'*)
_backlit_i=0
for _backlit_a do
_backlit_i=$((_backlit_i+1))
case $_backlit_a in
@?*) if [ -f "${{_backlit_a#@}}" ]; then
{{ printf '%s' '@{US}'"$_backlit_i{US}"; @CAT@; printf '%s' '{RS}'; }} \\
2>/dev/null <"${{_backlit_a#@}}" >>"$_backlit_t/records/$$"
fi ;;
esac
done ;;
esac
"""

_HEADERS: Final = {
    "sunpro": """\
case ${SUNPRO_DEPENDENCIES-}${DEPENDENCIES_OUTPUT-} in
""|"$_backlit_t/"*)
SUNPRO_DEPENDENCIES=$_backlit_t/deps/$$
export SUNPRO_DEPENDENCIES ;;
esac
""",
    "clang": """\
if [ -z "${CC_PRINT_HEADERS-}${CC_PRINT_HEADERS_FILE-}" ]; then
CC_PRINT_HEADERS=1
CC_PRINT_HEADERS_FILE=$_backlit_t/deps/$$
export CC_PRINT_HEADERS CC_PRINT_HEADERS_FILE
fi
""",
}
"""By family: how a driver lists headers. A list that the user asked for is the user's."""

_NO_HEADERS: Final = """\
case ${SUNPRO_DEPENDENCIES-} in
"$_backlit_t/"*) unset SUNPRO_DEPENDENCIES ;;
esac
"""
"""The list is for a gcc that was started by its absolute path: cmake's tries and ccache are none of that."""

_CHILD: Final = """\
"$_backlit_r" "$@"
_backlit_s=$?
"""

_EXIT: Final = "exit $_backlit_s\n"
