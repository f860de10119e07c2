"""Side "build": libraries that link commands asked for, the files they led to, and whether anything needs them."""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit import binfmt
from backlit.errors import FormatError
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.evidence import Kind, Side
from backlit.model.invocation import Role
from backlit.model.names import NameKind
from backlit.model.native import NativeFile
from backlit.pipeline import machines
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backlit.model.invocation import Compilation
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.observe import Observation


class Link(NamedTuple):
    """One library that one link command asked for."""

    asked: str
    """As asked: ``-lssl``, or the file's name."""
    name: str
    """The link name: ``ssl``."""
    path: str | None
    """The file it led to, as the linker would find it; None if it was not found on this machine."""
    soname: str | None
    """What a binary linked with it needs; None for a static archive, or a file that was not found."""
    static: bool
    """True if it is an archive, whose objects are copied in."""
    binary: NativeFile
    """What the link made: a binary of the artifact's, or a program that ran during the build."""
    target: str | None = None
    """The file that is really taken: `path`, or what the linker's script there names."""

    @property
    def is_needed(self) -> bool:
        """True if the binary that was made really needs it, or took it in."""
        return self.static or (
            self.soname in self.binary.needed if self.soname else any(map(self.explains, self.binary.needed))
        )

    def explains(self, soname: str) -> bool:
        """Tell whether a binary that was linked so may need `soname` for it."""
        return soname == self.soname or soname.startswith((f"lib{self.name}.so", f"lib{self.name}-"))


def links_of(observation: Observation, places: Places) -> tuple[Link, ...]:
    """Give what each link that made a binary of the artifact asked for, own files left out.

    A link whose output is not in the artifact is a probe, or a step on the way: it says nothing of what is shipped.
    """
    return tuple(_links(observation, places, lambda compilation: _binary_of(compilation, observation)))


def links_of_build_tools(observation: Observation, places: Places) -> tuple[Link, ...]:
    """Give what the links of a cross build asked for that made programs for the machine it runs on.

    `observation` holds the commands for that machine alone.
    """
    return tuple(_links(observation, places, _tool_of))


def _links(
    observation: Observation, places: Places, made_by: Callable[[Compilation], NativeFile | None]
) -> Iterator[Link]:
    # A build folder may stand anywhere, and may be gone: what the build itself wrote is known by its name.
    made = frozenset(item.output for item in observation.trace.compilations if item.output)
    for compilation in observation.trace.compilations:
        binary = made_by(compilation)
        if binary is not None:
            yield from (link for link in _asked(compilation, binary) if not _is_own(link, compilation, places, made))


def _is_own(link: Link, compilation: Compilation, places: Places, made: frozenset[str]) -> bool:
    if link.path is not None:
        return link.path in made or places.is_own(link.path)
    files = [f"lib{link.name}{ending}" for ending in (".so", ".a")]
    return any(f"{folder}/{file}" in made for folder in compilation.library_dirs for file in files)


def paths_of(links: tuple[Link, ...]) -> set[str]:
    """Give the paths whose owners are wanted: the file the linker opens, and the one the loader will."""
    paths = {link.path for link in links if link.path}
    return paths | {os.path.realpath(link.target) for link in links if link.target}


def enter_build_tools(ledger: Ledger, links: tuple[Link, ...]) -> None:
    """Write the links of programs that only run during the build into the ledger, once all that is shipped is in it."""
    for link in links:
        if ledger.resolver.is_platform(NameKind.LINK, link.name, link.path):
            continue
        entry = _entry(ledger, link)
        entry.see(Side.BUILD, Kind.LINKED, where=link.binary.path, detail=f"{link.asked} (a tool of the build)")
        entry.hold(ledger.resolver, link.path, "build")
        if entry.is_left_to_tools():
            entry.call(NameKind.LINK, link.name)
            entry.direct = entry.used = True
            entry.linkage.add("static" if link.static else "dynamic")


def enter(ledger: Ledger, links: tuple[Link, ...]) -> None:
    """Write the links into the ledger; one that nothing needs also becomes a diagnostic."""
    used: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for link in links:
        if ledger.resolver.is_platform(NameKind.LINK, link.name, link.path):
            continue
        entry = _entry(ledger, link)
        _see(ledger, entry, link)
        asked[link.asked, entry.resolved.id] += 1
        used[link.asked, entry.resolved.id] += link.is_needed
    for (name, library), count in asked.items():
        if not used[name, library]:
            times = f"{count} links" if count > 1 else "one link"
            message = f"{name} ({library}) was asked for by {times}, and no binary of the artifact needs it"
            cure = "leave it out of the link, if nothing else needs it"
            where = name
            ledger.note(Diagnostic(code="unused-link", severity=Severity.NOTE, where=where, message=message, cure=cure))


def _entry(ledger: Ledger, link: Link) -> Entry:
    by_soname = ledger.resolver.catalogue.identify(NameKind.SONAME, link.soname) if link.soname else None
    if by_soname is not None and link.soname is not None:
        return ledger.entry(ledger.resolver.library(NameKind.SONAME, link.soname, link.path))
    return ledger.entry(ledger.resolver.library(NameKind.LINK, link.name, link.path))


def _see(ledger: Ledger, entry: Entry, link: Link) -> None:
    entry.call(NameKind.LINK, link.name)
    entry.direct = True
    entry.see(Side.BUILD, Kind.LINKED, where=link.binary.path, detail=link.asked)
    entry.hold(ledger.resolver, link.path, "host")
    if not link.is_needed:
        return
    entry.used = True
    entry.linkage.add("static" if link.static else "dynamic")
    if link.soname and link.target:
        entry.call(NameKind.SONAME, link.soname)
        entry.hold(ledger.resolver, os.path.realpath(link.target), "run")


def _binary_of(compilation: Compilation, observation: Observation) -> NativeFile | None:
    """Give the artifact's binary that a link made: the one with the longest common end of the path.

    A backend may ship it under another name, as those for Rust do: then the linker's id of both must be one.
    """
    if compilation.role not in {Role.LINK, Role.COMPILE_AND_LINK} or compilation.output is None:
        return None
    name = compilation.output.rpartition("/")[2]
    same = [binary for binary in observation.artifact.binaries if binary.path.rpartition("/")[2] == name]
    if not same and (build_id := _build_id(compilation.output)):
        same = [binary for binary in observation.artifact.binaries if binary.build_id == build_id]
    made = compilation.output.split("/")
    return max(same, key=lambda binary: _common_end(made, binary.path.split("/")), default=None)


@cache
def _build_id(path: str) -> str | None:
    try:
        native = binfmt.read_file(Path(path))
    except (FormatError, OSError):
        return None  # deleted by now, or no binary at all
    return native.build_id if native else None


def _tool_of(compilation: Compilation) -> NativeFile | None:
    """Give the program that a link made, which need not be there any more."""
    if compilation.role not in {Role.LINK, Role.COMPILE_AND_LINK} or compilation.output is None:
        return None
    name = compilation.output.rpartition("/")[2]
    architecture = machines.this().partition("-")[2]
    return NativeFile(path=name, format="elf", kind="executable", architecture=architecture, bits=0, byteorder="")


def _common_end(left: list[str], right: list[str]) -> int:
    """Count the parts, from the end, in which two paths agree."""
    return next(
        (n for n, (a, b) in enumerate(zip(reversed(left), reversed(right), strict=False)) if a != b), len(right)
    )


def _asked(compilation: Compilation, binary: NativeFile) -> Iterator[Link]:
    folders = _folders(compilation, binary)
    sysroot = identify.sysroot(compilation.invocation.program, compilation.flags) or ""
    for name in dict.fromkeys(compilation.libraries):
        static = name in compilation.static_names
        path = _found(name, folders, binary.architecture, static=static)
        yield _link(f"-l{name}", name.removeprefix(":"), path, binary, sysroot)
    archives = [item for item in compilation.objects if item.endswith(".a")]
    for path in dict.fromkeys((*compilation.library_files, *archives)):
        yield _link(path.rpartition("/")[2], _link_name(path), path, binary, sysroot)


def _link(asked: str, name: str, path: str | None, binary: NativeFile, sysroot: str) -> Link:
    static = path is not None and path.endswith(".a")
    target = None if path is None else _target(path, sysroot)
    soname = None if target is None or static else _soname(target)
    plain = _link_name(name) if name.startswith("lib") and "." in name else name
    return Link(asked, plain, path, soname, static, binary, target)


def _link_name(path: str) -> str:
    """Give the name after ``-l`` for a file: ``/usr/lib/libfoo-2.0.so.1`` is ``foo-2.0``."""
    name = path.rpartition("/")[2]
    return re.sub(r"\.(a|so(\.[\w.]+)?)$", "", name).removeprefix("lib") or name


def is_there(name: str, compilation: Compilation) -> bool:
    """Tell whether ``-l name`` of a command leads to a file: for this machine, unless there is none for any."""
    return _found(name, _folders(compilation), machines.this().partition("-")[2], static=False) is not None


def _folders(compilation: Compilation, binary: NativeFile | None = None) -> tuple[str, ...]:
    program = compilation.invocation.program
    # Where only a wrapper was seen, what it added is not known; it names a folder to the loader as to the linker.
    added = (*binary.rpath, *binary.runpath) if binary and identify.is_wrapper(program) else ()
    named = [folder for folder in added if folder.startswith("/")]
    return (*compilation.library_dirs, *named, *identify.search_dirs(program, compilation.flags))


@cache
def _found(name: str, folders: tuple[str, ...], architecture: str, *, static: bool) -> str | None:
    """Give the file that ``-l name`` opens: in each folder the shared one before the archive (ld(1), ``-l``).

    Files for another machine than `architecture` are passed over, as the linker does.
    """
    endings = (".a",) if static else (".so", ".a")
    names = [name[1:]] if name.startswith(":") else [f"lib{name}{ending}" for ending in endings]
    candidates = (f"{folder}/{file}" for folder in folders for file in names)
    found = next((path for path in candidates if os.path.isfile(path) and _is_for(path, architecture)), None)  # noqa: PTH113 - thousands of strings
    return os.path.normpath(found) if found else None


def _is_for(path: str, architecture: str) -> bool:
    try:
        return binfmt.architecture_of(Path(path)) in {architecture, None}
    except OSError:
        return False


_SCRIPT_LIMIT: Final = 65536
"""Largest linker script read, in bytes."""


@cache
def _soname(path: str) -> str | None:
    """Give what a binary linked with a file needs: its soname; its own name without one; None if it cannot be told."""
    try:
        native = binfmt.read_file(Path(path))
    except (FormatError, OSError):
        return None
    return native and (native.soname or path.rpartition("/")[2])


@cache
def _target(path: str, sysroot: str) -> str:
    """Give the library that a link with a file really takes: the file, or the first that a linker script names.

    Such as ``INPUT(libncursesw.so.6 -ltinfo)``. In a script that is inside the sysroot absolute names start there.
    One step only: a circle of scripts is no library.
    """
    script = Path(path)
    is_small = script.is_file() and script.stat().st_size <= _SCRIPT_LIMIT
    text = script.read_bytes() if is_small else b""
    found = None if b"\0" in text else _SCRIPT.search(text.decode(errors="replace"))
    if found is None:
        return path
    name = f"lib{found[1]}.so" if found[1] else found[2]
    is_inside = name.startswith("/") and bool(sysroot) and os.path.realpath(path).startswith(f"{sysroot}/")
    named = Path(f"{sysroot}{name}") if is_inside else script.parent / name
    return str(named) if named.is_file() else path


_SCRIPT: Final = re.compile(r"(?:GROUP|INPUT)\s*\(\s*(?:AS_NEEDED\s*\()?\s*(?:-l([^\s),]+)|([^\s),]+))")
