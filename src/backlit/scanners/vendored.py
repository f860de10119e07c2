"""Copies of other projects in the tree, with name and version as their own files have them.

A copy is a folder with compiled sources that stands on a shelf for such copies (``vendor``, ``third_party``, ...), or
that has papers and a build of its own, or that is named ``lib...`` and laid out as a library; a header that says
another project's version beside that project's sources; a single file that is an amalgamation of another project's
sources; and an archive of a release. A header beside a source of its name, and a folder of headers alone, may be some
library's: they count where a record knows the name, as does what stands on a shelf within a copy. Python packages and
crates that are copied are no matter of this.

Name and version come from ``configure.ac``, ``configure``, ``CMakeLists.txt``, ``meson.build``, ``package.json``,
``vcpkg.json``, ``*.pc.in``, ``VERSION``, version macros in headers, and ``.gitmodules``; else from the folder's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.signal import Scope, VendoredCopy
from backlit.scanners import _beside, _copies, _own_files
from backlit.scanners._copies import PAPERS, bare, name_and_version, plain, switches_in, ways
from backlit.scanners._listing import by_folder
from backlit.scanners._own_files import Said
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class _Switches(NamedTuple):
    """Names in a build's Python code that choose the system's copy."""

    names: tuple[str, ...]


class _Modules(NamedTuple):
    """Submodules: path and address of each."""

    addresses: tuple[tuple[str, str], ...]


_AMALGAMATION: Final = re.compile(
    rb"(?i)\bis an? amalgamation|amalgamated (?:source|distribution|file)"
    rb"|single[- ]file (?:library|version|build)|\* single-file "
)

_ARCHIVE: Final = re.compile(r"([A-Za-z][\w+-]*?)[-_]v?(\d+(?:\.\d+)+)\.(?:tar\.\w+|tgz|tbz2?|zip)")

_PACKED: Final = (".tgz", ".tbz", ".tbz2", ".zip")
"""How archives' names end that do not say that they are tar's."""

_SOURCES: Final = (
    *(".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx"),
    *(".s", ".asm", ".f", ".f90", ".cu", ".m"),
)

_COMPILED: Final = (".c", ".cc", ".cpp", ".cxx", ".f", ".f90")


class Vendored:
    """The scanner."""

    name = "vendored"
    files = (*_own_files.FILES, "*.c", "*.cpp", "*.py")

    def digest(self, content: Content) -> object | None:
        """Keep what a file says of a project's name and version, and switches of the build's own code."""
        path, data = content.path, content.data
        if path.endswith(".py"):
            names = switches_in(data) if path.count("/") <= 1 else []
            return _Switches(tuple(dict.fromkeys(names))) if names else None
        if path.endswith((".c", ".cpp")):
            told = len(data) > _AMALGAMATED and _AMALGAMATION.search(data[:3000])
            return (Said("", "", 1, "an amalgamation"),) if told else None
        if path.endswith(".gitmodules"):
            return _Modules(tuple(_own_files.submodules(content.text)))
        return _own_files.read(path, data) or None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give the copies."""
        yield from (copy for copy in _Copies(tree, tree.kept_by(self)).found() if not _is_nameless(copy))


_AMALGAMATED: Final = 50_000
"""What is smaller is no amalgamation of anything, in bytes."""


class _Copies:
    """The copies of one tree."""

    def __init__(self, tree: Tree, kept: Mapping[str, object]) -> None:
        self._tree = tree
        self._said: dict[str, dict[str, tuple[Said, ...]]] = {}
        self._switches: list[str] = []
        self._addresses: dict[str, str] = {}
        for path, digest in kept.items():
            if isinstance(digest, _Switches):
                self._switches += digest.names
            elif isinstance(digest, _Modules):
                self._addresses |= dict(digest.addresses)
            elif isinstance(digest, tuple):
                folder, _, name = path.rpartition("/")
                self._said.setdefault(folder, {})[name] = digest
        self._files = by_folder(tree.paths)
        self._below = _copies.with_outer(
            at for at, names in self._files.items() if any(name.endswith(_SOURCES) for name in names)
        )
        self._whole = _copies.whole_name(tree)
        self._own = bare(self._whole)
        self._version = _copies.own_version(tree)

    def found(self) -> Iterator[VendoredCopy]:
        """Give the copies, the outermost folders first."""
        folders = self._folders()
        taken: list[str] = []
        for folder in sorted(folders, key=lambda folder: (folder.count("/"), folder)):
            if not any(folder.startswith(f"{outer}/") for outer in taken):
                taken.append(folder)
                yield self._copy(folder, len(folders))
        for folder in self._within(taken):
            # What a copy holds of others, it may do without.
            yield self._copy(folder, len(folders))._replace(sure=bool(self._is_compiled(folder)))
        yield from self._named(taken)
        yield from self._beside(taken)
        yield from self._headers(taken, len(folders))
        yield from self._amalgamations(taken)
        yield from self._archives(taken)

    def _named(self, taken: list[str]) -> Iterator[VendoredCopy]:
        """Give the folders that hold a source and a header of their own name, which a library's may be."""
        for folder in sorted(self._below - {""}):
            name = folder.rpartition("/")[2]
            inside = any(f"{folder}/".startswith(f"{outer}/") for outer in taken)
            if inside or not self._is_named(folder, name) or scope_of(f"{folder}/x") is not Scope.BUILD:
                continue
            if self._is_others(name):
                (version, said_at), switch = self._version_below(folder, {name}), self._switch(name, name, 0)
                header = f"{folder}/{name}.h" if f"{name}.h" in self._files.get(folder, ()) else folder
                shown = f"{name}.h and its source"
                yield VendoredCopy(name, folder, said_at or header, shown, version, switch=switch, sure=False)

    def _beside(self, taken: list[str]) -> Iterator[VendoredCopy]:
        """Give the headers beside a source of their name, and folders of headers: some library's they may be."""
        copied = tuple(f"{folder}/" for folder in taken)
        files = {
            folder: names
            for folder, names in self._files.items()
            if scope_of(f"{folder}/x") in _BUILT and not f"{folder}/".startswith(copied)
        }
        for header, path in (*_beside.headers(files), *_beside.folders(files)):
            stem = header.partition("/")[0] if "/" in header else header.rpartition(".")[0]
            # Headers for others to include are the project's own, be it for Python or not.
            if plain(stem) != self._whole and ("/" not in header or self._is_others(stem)):
                shown, switch = f"{header} is in the tree", self._switch(stem, stem, 0)
                yield VendoredCopy(stem, path, path, shown, switch=switch, sure=False, header=header)

    def _is_others(self, name: str) -> bool:
        """Tell whether a library is not the project itself: where the build can do with the system's, it is not."""
        return bare(name) != self._own or bool(self._switch(name, name, 0))

    def _is_named(self, folder: str, name: str) -> bool:
        names = self._files.get(folder, set())
        if "__init__.py" in names:
            return False
        sources = sum(file.endswith(_COMPILED) for file in names)
        # Its own source, or so many that they are a library of this name.
        if f"{name}.h" in names and (sources >= _MANY or any(f"{name}{each}" in names for each in _COMPILED)):
            return True
        headers = (f"{folder}/{name}", f"{folder}/include", f"{folder}/include/{name}")
        if not any(f"{name}.h" in self._files.get(place, ()) for place in headers):
            return False
        return any(inner.startswith(f"{folder}/") and inner not in headers for inner in self._below)

    def _within(self, taken: list[str]) -> Iterator[str]:
        """Give the copies on a shelf at the top of a copy, and those on one further in that the build names itself."""
        for folder in sorted(self._below):
            shelf = folder.rpartition("/")[0]
            if shelf.rpartition("/")[2] not in _SHELVES:
                continue
            outer = next((outer for outer in taken if shelf.startswith(f"{outer}/")), "")
            near = shelf.count("/") == outer.count("/") + 1 and self._has_compiled(folder)
            if outer and (near or self._is_compiled(folder)):
                yield folder

    def _has_compiled(self, folder: str) -> bool:
        """Tell whether a folder has more than headers, as those have that only say how another's is configured."""
        below = (names for at, names in self._files.items() if f"{at}/".startswith(f"{folder}/"))
        return any(name.endswith(_COMPILED) for names in below for name in names)

    def _folders(self) -> set[str]:
        """Give the folders that hold a copy each."""
        return {folder for folder in self._below if folder and self._is_copy(folder)}

    def _is_copy(self, folder: str) -> bool:
        head, _, name = folder.rpartition("/")
        names = self._files.get(folder, set())
        scope = scope_of(f"{folder}/x")
        told = bool(self._said.get(folder)) or bool(PAPERS & names)
        if {"__init__.py", "Cargo.toml", "Cargo.toml.orig"} & names or (name.lower() in _PARTS and not told):
            return False
        if scope is Scope.VENDORED and scope_of(f"{head}/x") is Scope.VENDORED:
            return scope_of(f"{head.rpartition('/')[0]}/x") is not Scope.VENDORED
        if scope is not Scope.BUILD and not (scope is Scope.EXAMPLE and head.lower().endswith("contrib")):
            return False
        if PAPERS & names and (_BUILDS & names or self._said.get(folder)):
            return not {"setup.py", "pyproject.toml"} & names
        if PAPERS & names and self._is_whole(folder, name):
            return True  # a release without its build
        return bool(_LIBRARY.fullmatch(name)) and self._is_laid_out(folder, name)

    def _is_whole(self, folder: str, name: str) -> bool:
        """Tell whether a folder is a release: named so, with what only comes along with one, or with its version."""
        if name_and_version(name)[1] or self._version_below(folder, {name})[0]:
            return True
        inner = {inner for inner in ("src", "lib", *_ALONG) if f"{folder}/{inner}" in self._below}
        return ("src" in inner and not inner <= {"src", "lib"}) or {"include", "lib"} <= inner

    def _is_laid_out(self, folder: str, name: str) -> bool:
        """Tell whether a folder that is named for a library is one: with its headers where a release has them."""
        stem = name.removeprefix("lib")
        if plain(name) == self._own and _BUILDS & self._files.get(folder, set()):
            return False  # the project's own core
        if any(inner.startswith(f"{folder}/") and PAPERS & self._files.get(inner, set()) for inner in self._said):
            return False  # the folder that holds it
        headers = self._files.get(f"{folder}/include", set())
        own = {f"{stem}.h", f"{name}.h", f"{stem}.hpp"} & headers or f"{folder}/{stem}" in self._below
        return bool(own) or {f"{folder}/include", f"{folder}/src"} <= self._below

    def _copy(self, folder: str, count: int) -> VendoredCopy:
        said = [(f"{folder}/{name}", item) for name, item in self._ranked(folder)]
        bare, version_ = name_and_version(folder.rpartition("/")[2])
        address = self._addresses.get(folder, "").rstrip("/").removesuffix(".git").rpartition("/")[2]
        where, first = next(((path, item) for path, item in said if item.name), ("", None))
        name = first.name if first is not None else address or bare
        name, written = name_and_version(self._family(folder, name))
        path, versioned = next(((path, item) for path, item in said if item.version), ("", None))
        below, said_at = self._version_below(folder, {name, bare})
        version = below or (versioned.version if versioned else version_ or written)
        shown = (where, first) if first is not None else (path, versioned)
        item = shown[1]
        return VendoredCopy(
            name,
            folder,
            f"{shown[0]}:{item.line}" if item else said_at or folder,
            item.text if item else "a folder of its own",
            version,
            compiled=self._is_compiled(folder),
            switch=self._switch(name, bare, count),
        )

    def _ranked(self, folder: str) -> Iterator[tuple[str, Said]]:
        """Give what the files at the top of a folder say, what is written for releases first."""
        said = self._said.get(folder, {})
        order = [*_own_files.FILES, *sorted(name for name in said if name.endswith(".pc.in"))]
        for name in order:
            for item in said.get(name, ()):
                yield name, item

    def _version_below(self, folder: str, names: set[str]) -> tuple[str, str]:
        """Give a version that a header of a copy says of the copy itself, and where; empty texts if none does."""
        known = {plain(name) for name in names}
        best: list[tuple[int, str, str]] = []
        for inner, files in self._said.items():
            if inner != folder and not inner.startswith(f"{folder}/"):
                continue
            for file, items in files.items():
                if not file.endswith((".h", ".hpp", ".in")):
                    continue
                stem = plain(file.partition(".")[0])
                best += [
                    (inner.count("/"), item.version, f"{inner}/{file}:{item.line}")
                    for item in items
                    if item.version and (plain(item.name) in known or (stem in known and item.name))
                ]
        return min(best)[1:] if best else ("", "")

    def _family(self, folder: str, name: str) -> str:
        """Give the family's name for one part of it: ``include/boost`` of ``boost_core`` is Boost's."""
        below = {
            inner.split("/")[folder.count("/") + 2] for inner in self._below if inner.startswith(f"{folder}/include/")
        }
        if len(below) == 1:
            (only,) = below
            if re.match(rf"{re.escape(only)}[-_]", name.lower()):
                return only
        return name

    def _is_compiled(self, folder: str) -> bool | None:
        """Say whether the build's own files name the folder; None if they do not, since they may compute it."""
        name = folder.rpartition("/")[2]
        setup = self._tree.texts.get("setup.py", "")
        return True if folder in setup or re.search(rf"['\"/]{re.escape(name)}['\"/]", setup) else None

    def _switch(self, name: str, bare: str, count: int) -> str:
        """Give what chooses the system's copy: what names the copy, or the only one where there is one copy."""
        names = list(dict.fromkeys(self._switches))
        wanted = {plain(name), plain(bare)}
        own = [text for text in names if not wanted.isdisjoint(ways(text))]
        chosen = own or (names if len(names) == count == 1 else [])
        if not chosen:
            return ""
        return f"environment {chosen[0]}" if chosen[0].isupper() else f"option {chosen[0]}"

    def _stems(self, folder: str) -> set[str]:
        """Give what a folder's sources are named for; a header alone is one that anybody may put beside his own."""
        names = self._files[folder]
        private = (re.fullmatch(r"(\w+)_(?:private|internal|int|impl)\.h", name) for name in names)
        stems = {name.rpartition(".")[0] for name in names if name.endswith(_COMPILED)}
        return {plain(stem).rstrip("0123456789") for stem in (*stems, *(found[1] for found in private if found))}

    def _headers(self, taken: list[str], count: int) -> Iterator[VendoredCopy]:
        """Give the copies that lie among the project's own sources, and that a header tells by its version macro."""
        seen: set[str] = set()
        for folder, files in sorted(self._said.items()):
            if scope_of(f"{folder}/x") is not Scope.BUILD or any(f"{folder}/".startswith(f"{it}/") for it in taken):
                continue
            stems = self._stems(folder)
            for file, items in files.items():
                for item in items if file.endswith((".h", ".hpp")) else ():
                    said, sure = plain(item.name), self._is_others(item.name)
                    may_be = sure or _copies.is_another(item.version, self._version)
                    if may_be and said.rstrip("0123456789") in stems and said not in _OWN_WORDS | seen:
                        seen.add(said)
                        path = f"{folder}/{file}" if folder else file
                        where, switch = f"{path}:{item.line}", self._switch(item.name, item.name, count or 1)
                        yield VendoredCopy(item.name, path, where, item.text, item.version, None, switch, sure=sure)

    def _amalgamations(self, taken: list[str]) -> Iterator[VendoredCopy]:
        for folder, files in sorted(self._said.items()):
            for file, items in files.items():
                path = f"{folder}/{file}" if folder else file
                inside = any(path.startswith(f"{outer}/") for outer in taken)
                if file.endswith((".c", ".cpp")) and items and not inside and scope_of(path) is not Scope.TEST:
                    header = files.get(f"{file.rpartition('.')[0]}.h", ())
                    version = next((item.version for item in header), "")
                    yield VendoredCopy(file.rpartition(".")[0], path, f"{path}:1", items[0].text, version)

    def _archives(self, taken: list[str]) -> Iterator[VendoredCopy]:
        for path in sorted(path for path in self._tree.paths if ".tar." in path or path.endswith(_PACKED)):
            found = _ARCHIVE.fullmatch(path.rpartition("/")[2])
            if found is None or scope_of(path) not in {Scope.BUILD, Scope.VENDORED}:
                continue
            if not any(path.startswith(f"{outer}/") for outer in taken):
                yield VendoredCopy(found[1], path, path, "an archive", found[2])


_PARTS_TEXT: Final = (
    "src include lib source sources common core test tests doc docs m4 cmake build tools packagefiles packagecache"
)

_PARTS: Final = frozenset(_PARTS_TEXT.split())
"""Names of folders that are part of something."""

_NAMELESS: Final = frozenset({*_PARTS, "c", "cpp", "cxx", "inc", "python", "unix", "win32", "windows"})
"""Names of folders by which nobody would find the project that a copy is of."""


def _is_nameless(copy: VendoredCopy) -> bool:
    """Tell whether a copy is named for where it lies alone, and that is a name that anybody's folder may have."""
    where = copy.path.rpartition("/")[2].partition(".")[0]
    return (copy.name.lower() in _NAMELESS or copy.name.isdigit()) and plain(where) == plain(copy.name)


_ALONG: Final = ("include", "example", "examples", "test", "tests", "tools", "benchmark", "benchmarks")
"""Folders with sources that a release has beside what is compiled."""

_MANY: Final = 4

_BUILT: Final = frozenset({Scope.BUILD, Scope.VENDORED})

_SHELVES: Final = frozenset(
    {"deps", "third_party", "third-party", "thirdparty", "3rdparty", "vendor", "external", "extern"}
)

_LIBRARY: Final = re.compile(r"lib[a-z][\w.+-]*")

_BUILDS_TEXT: Final = (
    "configure.ac configure.in configure CMakeLists.txt meson.build Makefile Makefile.am Makefile.in makefile "
    "GNUmakefile package.json vcpkg.json README README.md README.txt README.rst readme.md Cargo.toml BUILD.bazel BUILD"
)

_BUILDS: Final = frozenset(_BUILDS_TEXT.split())
"""Files by which a released project is built, or tells what it is."""

_OWN_WORDS_TEXT: Final = "module package project api lib library program app version config my"

_OWN_WORDS: Final = frozenset(_OWN_WORDS_TEXT.split())
"""Prefixes of version macros that name nobody."""


ADAPTER: Final[Scanner] = Vendored()
