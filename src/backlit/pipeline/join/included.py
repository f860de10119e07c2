"""Side "build": libraries whose headers were compiled in."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind, Side
from backlit.model.invocation import Role
from backlit.model.names import NameKind
from backlit.pipeline.join import strangers
from backlit.pipeline.join.strangers import Header
from backlit.support.files import start_of
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.model.invocation import Compilation
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


def used(observation: Observation) -> tuple[Compilation, ...]:
    """Give the commands that made something of the project's: what is compiled only to learn something is no use."""
    return tuple(item for item in observation.trace.compilations if item.role is not Role.PROBE)


def paths_of(observation: Observation, places: Places) -> set[str]:
    """Give the paths whose owners are wanted."""
    return {*_headers(observation, places)}


def enter(ledger: Ledger, observation: Observation, places: Places, *, role: str = "host") -> None:
    """Write the headers' libraries into the ledger.

    A library none of whose headers the project names itself came in through another one: not direct. With `role`
    ``build`` they are those of programs that only run during the build, and all that is shipped is in the ledger.
    """
    opened = _headers(observation, places)
    for path in [path for path, names in opened.items() if _is_left_out(ledger, path, names)]:
        del opened[path]
    # Most projects include the C library and Python alone, and their sources then need not be read.
    own = _own_includes(observation, places) if opened else frozenset()
    headers = [_header(path, names, own) for path, names in sorted(opened.items())]
    brought = _brought_by_compilers(observation)
    headers = [header for header in headers if header.own or not _is_brought(ledger, header, brought)]
    libraries = strangers.placed(ledger, headers)
    for header in sorted(headers, key=lambda header: not header.own):
        resolved = libraries[header.path]
        owner = ledger.resolver.owner(header.path)
        held = ledger.resolver.held_by(owner) if owner else None
        # The package that holds the file knows better than a folder's name.
        entry = ledger.entry(held if held and resolved.confidence is not Confidence.HIGH else resolved)
        if owner or header.own:
            entry.hold(ledger.resolver, header.path, role)
        if role == "host" or entry.is_left_to_tools():
            _see(entry, header)


def _brought_by_compilers(observation: Observation) -> tuple[str, ...]:
    """Give the folders of headers that compilers with a toolkit of their own bring, as nvcc does."""
    programs = {item.invocation.program for item in used(observation)}
    toolkits = (identify.toolkit(program) for program in sorted(programs))
    folders = {f"{folder}/" for each in toolkits if each is not None for folder in each.include_dirs}
    return tuple(sorted(folders - {"/usr/include/", "/usr/local/include/"}))


def _is_brought(ledger: Ledger, header: Header, folders: tuple[str, ...]) -> bool:
    """Tell whether a header that nobody knows is there because the compiler itself opens it."""
    if not header.path.startswith(folders or ("\0",)) or ledger.resolver.owner(header.path):
        return False
    return ledger.resolver.catalogue.identify(NameKind.HEADER, header.name) is None


def _is_left_out(ledger: Ledger, path: str, names: set[str]) -> bool:
    """Tell whether a header is the platform's, or a Python package's own, as numpy's; pybind11 is a native library."""
    known = ledger.resolver.catalogue.identify
    if _is_installed(path) and not any(known(NameKind.HEADER, name) for name in names):
        return True
    return any(ledger.resolver.is_platform(NameKind.HEADER, name, path) for name in names)


def _is_installed(path: str) -> bool:
    return "/site-packages/" in path or "/dist-packages/" in path


def _see(entry: Entry, header: Header) -> None:
    if header.own:
        entry.call(NameKind.HEADER, header.name)
        entry.direct = True
    by = "named by the project's own source" if header.own else "opened through another header"
    entry.see(Side.BUILD, Kind.INCLUDED, where=header.name, detail=by)
    if not header.own and entry.direct and not entry.used:
        return  # a link asked for it in vain; that another library's header opens one of its own is no use of it
    entry.used = True
    if not entry.linkage:
        entry.linkage.add("header-only")


def _headers(observation: Observation, places: Places) -> dict[str, set[str]]:
    """Give the headers of the machine that were opened, and every name by which an ``#include`` finds each."""
    # Hundreds of compilations open the same headers with the same folders: each pair is looked at once.
    opened: dict[tuple[str, ...], set[str]] = {}
    for item in used(observation):
        opened.setdefault(item.include_dirs, set()).update(item.headers)
    paths = frozenset().union(*opened.values())
    machine = {path for path in paths if places.is_machine(path) or (_is_installed(path) and not places.is_own(path))}
    found: dict[str, set[str]] = {}
    for include_dirs, under in opened.items():
        folders = _folders(include_dirs, places.sysroots)
        for path in under & machine:
            found.setdefault(path, set()).update(_names(path, folders))
    return found


@cache
def _folders(include_dirs: tuple[str, ...], sysroots: tuple[str, ...]) -> tuple[str, ...]:
    """Give the include folders of one compilation, as given and as they really are, and the compiler's own."""
    given = {form for folder in include_dirs for form in (folder, os.path.realpath(folder))}
    usual = [f"{root}{folder}" for root in (*sysroots, "") for folder in ("/usr/include", "/usr/local/include")]
    per_machine = sorted(str(path) for root in usual for path in Path(root).glob("*-linux-*"))
    # From Debian 13 on, the kernel's `asm` in a machine's folder is a link to one in here.
    kernels = (Path(f"{root}/usr/lib/linux/uapi") for root in (*sysroots, ""))
    per_machine += sorted(str(path) for folder in kernels for path in folder.glob("*"))
    return tuple(f"{folder.rstrip('/')}/" for folder in (*sorted(given), *per_machine, *usual))


def _names(path: str, folders: tuple[str, ...]) -> set[str]:
    found = {path[len(folder) :] for folder in folders if path.startswith(folder)}
    # Opened beside a header that was: no folder is known to name it from, and an absolute path is no name.
    return found or {path.rpartition("/include/" if "/include/" in path else "/")[2]}


def _own_includes(observation: Observation, places: Places) -> frozenset[str]:
    """Give what the project's own sources and headers name in ``#include``, where that may be the machine's.

    A file that is gone by now, or too large, tells nothing: generated C in a build folder is deleted with it.
    """
    seen = used(observation)
    files = {source for item in seen for source in item.sources}
    headers = frozenset().union(*(item.headers for item in seen))
    files |= {header for header in headers if places.is_own(header)}
    found = frozenset().union(*map(_includes_in, files))
    return found - _taken(observation, places, found)


def _includes_in(path: str) -> set[str]:
    """Give what one file names, apart from the headers beside it, which quotes find first."""
    try:
        text = start_of(path, _SOURCE_LIMIT + 1)
    except OSError:
        return set()
    if len(text) > _SOURCE_LIMIT:
        return set()
    folder = path.rpartition("/")[0]
    named = {(quote, name.decode(errors="replace")) for quote, name in _INCLUDE.findall(text)}
    return {
        name
        for quote, name in named
        if quote == b"<" or "\0" in name or not os.path.exists(os.path.join(folder, name))  # noqa: PTH110, PTH118 - thousands of strings
    }


def _taken(observation: Observation, places: Places, names: frozenset[str]) -> set[str]:
    """Give those of `names` that led to a header of the project's own wherever the machine's was opened too."""
    seen = used(observation)
    headers = frozenset().union(*(item.headers for item in seen))
    own = [found & names for found in _own_names(seen, headers, places)]
    every = frozenset().union(*own)
    machine = _by_end((header for header in headers if places.is_machine(header)), every)
    free = {
        name
        for name, opened in machine.items()
        for item, taken in zip(seen, own, strict=True)
        if name not in taken and not opened.isdisjoint(item.headers)
    }
    return set(every - free)


def _by_end(headers: Iterable[str], names: frozenset[str]) -> dict[str, set[str]]:
    """Give the headers whose path ends in one of the names, by that name."""
    found: dict[str, set[str]] = {}
    last = {name.rpartition("/")[2] for name in names}
    for header in headers:
        if header.rpartition("/")[2] in last:
            parts = header.split("/")
            for name in names.intersection("/".join(parts[start:]) for start in range(1, len(parts))):
                found.setdefault(name, set()).add(header)
    return found


def _own_names(seen: Iterable[Compilation], headers: frozenset[str], places: Places) -> Iterator[frozenset[str]]:
    """Give the names under which each compilation found headers of the project's own, through ``-I``."""
    found: dict[tuple[str, ...], dict[str, frozenset[str]]] = {}
    for item in seen:
        if item.include_dirs not in found:
            # Hundreds of compilations have the same folders, and open the same headers in them.
            found[item.include_dirs] = _names_below(_own_folders(item.include_dirs, places), headers)
        names = found[item.include_dirs]
        yield frozenset().union(*map(names.__getitem__, names.keys() & item.headers)) if names else frozenset()


def _own_folders(include_dirs: tuple[str, ...], places: Places) -> frozenset[str]:
    own = [folder for folder in include_dirs if places.is_own(folder)]
    return frozenset(f"{form}/" for folder in own for form in (folder.rstrip("/"), os.path.realpath(folder)))


def _names_below(folders: frozenset[str], headers: frozenset[str]) -> dict[str, frozenset[str]]:
    """Give the headers that are below one of the folders, each with its names from there."""
    below = (header for header in headers if header.startswith(tuple(folders)))
    return {header: frozenset(header[len(name) :] for name in folders if header.startswith(name)) for header in below}


_SOURCE_LIMIT: Final = 64 << 20
"""Largest source read for its includes, in bytes: generated C can be large, but not larger."""

_INCLUDE: Final = re.compile(
    rb"^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE
)


def _header(path: str, names: set[str], own: frozenset[str]) -> Header:
    """Name a header as the project does, where it does; else by its longest name, which says most."""
    named = sorted(names & own)
    return Header(path, named[0] if named else max(sorted(names), key=len), bool(named))
