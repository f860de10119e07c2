"""A build system's own records, read while its folder is still there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace.harvest import cmake, configure, makefiles, meson, ninja

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.model.invocation import Search

_MARKS: Final = frozenset({ninja.FILE, cmake.FILE, configure.FILE, "meson-logs"})
_ENTRIES: Final = 100_000
_DEPFILES: Final = (".d", ".Po", ".Plo", ".dep")
_DEPFILE_LIMIT: Final = 4 << 20
_DEPFILE_BYTES: Final = 256 << 20


class Command(NamedTuple):
    """One command that a build system ran."""

    source: str
    """``ninja`` or ``cmake``: whose record."""
    cwd: str
    """Absolute path of the folder it ran in."""
    words: tuple[str, ...]
    """Program and arguments."""
    headers: tuple[str, ...]
    """What the compiler opened, absolute, the source among them; empty if not known."""
    outputs: tuple[str, ...]
    """What it made, absolute."""


class Harvest(NamedTuple):
    """What was read below one folder."""

    folders: tuple[str, ...] = ()
    """Build folders, sorted."""
    commands: tuple[Command, ...] = ()
    """Commands, in the order of the build systems' files."""
    caches: tuple[cmake.Cache, ...] = ()
    """Build folders of CMake."""
    asked: tuple[meson.Asked, ...] = ()
    """What meson asked while it configured."""
    searches: tuple[Search, ...] = ()
    """What build systems looked for."""
    ran: tuple[str, ...] = ()
    """Build folders that ninja or make ran in."""
    depfiles: tuple[tuple[str, str], ...] = ()
    """Absolute path and content of lists of headers that compilers wrote."""
    faults: tuple[str, ...] = ()
    """What could not be read, one sentence each."""

    def is_empty(self) -> bool:
        """Tell whether nothing was there."""
        return not (self.folders or self.depfiles or self.faults)


def gather(folder: str) -> Harvest:
    """Give what is below a folder that is about to be deleted. Reads files, runs nothing."""
    found: list[str] = []
    depfiles: list[tuple[str, str]] = []
    seen = size = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        seen += len(names) + len(folders)
        if seen > _ENTRIES:
            return _harvest(found, depfiles, (f"more than {_ENTRIES} files: the rest was not looked at",))
        if _MARKS & {*names, *folders}:
            found.append(place)
        for name in sorted(names):
            if name.endswith(_DEPFILES) and size < _DEPFILE_BYTES and (text := _depfile(place, name)):
                depfiles.append((os.path.join(place, name), text))  # noqa: PTH118 - as os.walk gave them
                size += len(text)
    return _harvest(found, depfiles, ())


def read(folders: Iterable[str]) -> Harvest:
    """Give what stands in those of `folders` that are build folders. Reads files, runs nothing."""
    found = sorted({folder for folder in folders if any(Path(folder, mark).exists() for mark in _MARKS)})
    return _harvest(found, [], ())


def joined(every: Iterable[Harvest]) -> Harvest:
    """Give several harvests as one, in their order."""
    whole = Harvest()
    for one in every:
        whole = Harvest(
            folders=whole.folders + one.folders,
            commands=whole.commands + one.commands,
            caches=whole.caches + one.caches,
            asked=whole.asked + one.asked,
            searches=whole.searches + one.searches,
            ran=whole.ran + one.ran,
            depfiles=whole.depfiles + one.depfiles,
            faults=whole.faults + one.faults,
        )
    return whole


def _harvest(folders: list[str], depfiles: list[tuple[str, str]], faults: tuple[str, ...]) -> Harvest:
    harvest = Harvest(folders=tuple(sorted(folders)), depfiles=tuple(depfiles), faults=faults)
    for folder in harvest.folders:
        if Path(folder, ninja.FILE).is_file():
            harvest = _with_ninja(harvest, folder)
        if Path(folder, cmake.FILE).is_file():
            harvest = _with_cmake(harvest, folder)
        if Path(folder, meson.FILE).is_file():
            told = meson.read(folder)
            harvest = _found_out(harvest._replace(asked=harvest.asked + told.asked), told.searches, told.faults)
        if configure.is_log(f"{folder}/{configure.FILE}"):
            harvest = _found_out(harvest, *configure.read(folder))
    return harvest


def _found_out(harvest: Harvest, searches: tuple[Search, ...], faults: tuple[str, ...]) -> Harvest:
    return harvest._replace(searches=harvest.searches + searches, faults=harvest.faults + faults)


def _with_ninja(harvest: Harvest, folder: str) -> Harvest:
    build = ninja.read(folder)
    return harvest._replace(
        commands=harvest.commands + tuple(Command("ninja", *edge) for edge in build.edges),
        ran=harvest.ran + ((folder,) if build.ran else ()),
        faults=harvest.faults + build.faults,
    )


def _with_cmake(harvest: Harvest, folder: str) -> Harvest:
    cache = cmake.read(folder)
    made: tuple[makefiles.Made, ...] = ()
    faults: tuple[str, ...] = ()
    if cache.generator == "Unix Makefiles":
        made, faults = makefiles.read(folder)
    return harvest._replace(
        commands=harvest.commands + tuple(Command("cmake", *each) for each in made),
        caches=(*harvest.caches, cache),
        searches=harvest.searches + cache.searches,
        ran=harvest.ran + ((folder,) if made else ()),
        faults=harvest.faults + cache.faults + faults,
    )


def _depfile(place: str, name: str) -> str:
    path = Path(place, name)
    try:
        return os.fsdecode(path.read_bytes()) if path.stat().st_size < _DEPFILE_LIMIT else ""
    except OSError:
        return ""


def candidates(runs: Iterable[tuple[str, str, tuple[str, ...]]]) -> Iterator[str]:
    """Give the folders that runs of build tools may have built in: tool, working folder and arguments of each."""
    for tool, cwd, arguments in runs:
        if tool in _OPTIONS:
            yield cwd
            for option, after in zip(arguments, (*arguments[1:], ""), strict=False):
                for name in _OPTIONS[tool]:
                    value = after if option == name else option.removeprefix(name).removeprefix("=")
                    if option.startswith(name) and value:
                        yield os.path.normpath(os.path.join(cwd, value))  # noqa: PTH118 - as given
            if tool == "meson":
                yield from (os.path.normpath(os.path.join(cwd, word)) for word in arguments if not word.startswith("-"))  # noqa: PTH118


_OPTIONS: Final = {
    "cmake": ("-B", "--build", "--install"),
    "ninja": ("-C",),
    "make": ("-C",),
    "meson": ("-C",),
}
