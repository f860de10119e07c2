"""What failed tools found missing, as the catalogue knows it: libraries and programs by their ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.catalog import Catalogue, Packages, debian
from backlit.catalog.modules import distribution_of, normalized
from backlit.failures import Lack
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.pipeline import install
from backlit.pipeline.stated import NOTHING, Stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backlit.failures import Failure


class Missing(NamedTuple):
    """One thing that is missing."""

    name: str
    """As the tool said it."""
    kind: NameKind | None
    """In which sense that is a library's name; None for a program, a compiler, or a Python module."""
    wanted: install.Wanted | None
    """What to install; None if nobody knows."""
    requirement: str = ""
    """The Python distribution that has it; empty if it is no Python module."""
    variable: str = ""
    """The environment variable by which it was asked for; empty if by none."""


def of(
    failure: Failure, is_here: Callable[[str], bool] = lambda _: False, stated: Stated = NOTHING
) -> tuple[Missing, ...]:
    """Give what a failure says is missing, in its order; of a project's own words only those that are known names.

    `is_here` tells of a program whether it can be run: a word that is its name then means something else. `stated` is
    what the project names of Python distributions.
    """
    catalogue = Catalogue.load()
    if failure.lack is Lack.WORDS:
        ways = _ways(failure.said, stated)
        known = [item for name in failure.names if (item := _of_word(catalogue, name, ways, is_here)) is not None]
        first = known[:1]
        return (*first, *(item for item in known[1:] if re.search(_joined(first[0].name, item.name), failure.said)))
    if failure.lack is Lack.HEADER and _CXX_IN_C.fullmatch(f"{failure.names[0]} {failure.place}"):
        return ()  # C++'s own, in a source that is compiled as C: no machine has that
    if failure.lack is Lack.PYTHON_MODULE:
        modules = ((name, stated.requirement_for(name)) for name in failure.names)
        return tuple(Missing(name, None, None, requirement) for name, requirement in modules if requirement)
    if failure.lack is Lack.VARIABLE:
        item = _variable_called(catalogue, failure.names[0], _ways(failure.said, stated), is_here)
        return (item,) if item is not None else ()
    if (own := _of_its_compiler(catalogue, failure)) is not None:
        return (own,)
    found = [_of(catalogue, failure.lack, name) for name in failure.names]
    if failure.folders and found[0].wanted is None:
        found[0] = _in_folder(catalogue, found[0], failure.folders)
    return tuple(found)


def _of_its_compiler(catalogue: Catalogue, failure: Failure) -> Missing | None:
    """Give what a compiler has in a package of its own where another brings it along: ``omp.h``.

    Linkers and CMake do not say which compiler they work for: what they lack is no library's but that compiler's.
    """
    name, kind = failure.names[0], _KINDS.get(failure.lack)
    if kind is None:
        return None
    if (id_ := catalogue.beside(kind, name, failure.tool if kind is NameKind.HEADER else None)) is None:
        return None
    packages = catalogue.packages(id_).get("debian", Packages()).host
    versions = dict.fromkeys(_ITS_FOLDER.findall(failure.said))
    own = tuple(re.sub(r"(?=-dev$)|$", f"-{version}", package, count=1) for version in versions for package in packages)
    return Missing(name, kind, install.Wanted(id_, debian=(*own, *packages) if own else ()))


_ITS_FOLDER: Final = re.compile(r"/lib/clang/(\d+)")
"""A folder of one version's own files, whose package bears that version in Debian."""

_CXX_IN_C: Final = re.compile(r"\w+ \S+\.c(?::\d+)?")


def _joined(first: str, second: str) -> str:
    first, second = re.escape(first), re.escape(second)
    return rf"(?i){first}\W+and\W+(?:the )?{second}|:(?: [\w.+-]+,)* {first},(?: [\w.+-]+,)* {second}(?:,|$)"


def as_asked_for(header: Missing, ids: Iterable[str]) -> Missing:
    """Resolve a header that several series of a library have, by the ids that the source asks for in other senses.

    ``SDL.h`` is SDL's where it asks for ``sdl-config``, and SDL 2's where it links ``SDL2``.
    """
    stem = _without_series(header.name.rpartition("/")[2].partition(".")[0])
    alike = {id_ for id_ in ids if _without_series(id_.rpartition("/")[2]) == stem}
    return header._replace(wanted=install.Wanted(alike.pop())) if len(alike) == 1 else header


def _without_series(name: str) -> str:
    return re.sub(r"^lib|[\d._-]+$", "", name.lower())


def needed_beside(program: str) -> install.Wanted | None:
    """Give what installs a program that a tool would have asked with."""
    return _of(Catalogue.load(), Lack.PROGRAM, program).wanted


_KINDS: Final = {
    Lack.HEADER: NameKind.HEADER,
    Lack.LINK: NameKind.LINK,
    Lack.SHARED: NameKind.SONAME,
    Lack.PKGCONFIG: NameKind.PKGCONFIG,
    Lack.CMAKE: NameKind.CMAKE,
    Lack.MESON: NameKind.MESON,
    Lack.CRATE: NameKind.CRATE,
}

_COMPILERS: Final = {
    "c": "gcc",
    "cxx": "g++",
    "cuda": "nvcc",
    "fortran": "gfortran",
    "java": "javac",
    "rust": "cargo",
    "vala": "valac",
}


def _of(catalogue: Catalogue, lack: Lack, name: str) -> Missing:
    if kind := _KINDS.get(lack):
        return _library(catalogue, kind, name)
    if lack is Lack.PYTHON_HEADERS:
        return Missing(name, None, install.Wanted(install.PYTHON_HEADERS))
    if lack is Lack.MACRO:
        return _brought(catalogue, "macro", name) or Missing(name, None, None)
    if lack is Lack.COMPILER:
        return _program(catalogue, _COMPILERS.get(name, name))._replace(name=name)
    return _program(catalogue, name)


def _library(catalogue: Catalogue, kind: NameKind, name: str) -> Missing:
    if name.startswith("numpy/") if kind is NameKind.HEADER else (kind, name) == (NameKind.MESON, "numpy"):
        return Missing(name, None, None, requirement="numpy")
    if (tool := _brought(catalogue, kind, name)) is not None:
        return tool if kind is NameKind.CMAKE else tool._replace(name=name, kind=kind)
    known = catalogue.identify(kind, name)
    if known is not None:
        modules = (name,) if kind in {NameKind.PKGCONFIG, NameKind.MESON} else ()
        return Missing(name, kind, install.Wanted(known.id, pkgconfig=modules))
    return Missing(name, kind, _without_an_entry(catalogue, kind, name))


def _brought(catalogue: Catalogue, sense: str, name: str) -> Missing | None:
    """Give the tool that a name leads to, which is no command."""
    command = catalogue.brought_by(sense, name)
    if command is not None and command.startswith("dep:"):
        return Missing(name, None, install.Wanted(command, role="build"))
    return _program(catalogue, command) if command is not None else None


def _without_an_entry(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    if kind is NameKind.HEADER and (own := _named_as_its_folder(catalogue, name)):
        return install.Wanted(own)
    if catalogue.is_platform(kind, name):
        return _platform(catalogue, kind, name)
    return _spelled_alike(catalogue, name) if kind is NameKind.CMAKE else _in_debian(catalogue, kind, name)


def _in_debian(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    """Give the package of Debian's that has what no entry of the catalogue has."""
    found = debian.find(kind, name)
    modules = (name,) if kind in {NameKind.PKGCONFIG, NameKind.MESON} else ()
    if found is not None and (known := catalogue.by_source_package(found.source)):
        return install.Wanted(known.id, pkgconfig=modules, debian=found.packages)
    return install.Wanted(found.id, pkgconfig=modules, debian=found.packages) if found is not None else None


def _spelled_alike(catalogue: Catalogue, package: str) -> install.Wanted | None:
    """Give the library that is called elsewhere as a CMake package is, that nobody has: ``Tango``, ``LibDwarf``."""
    if (exact := _in_debian(catalogue, NameKind.CMAKE, package)) is not None:
        return exact
    bare = package.lower().removeprefix("lib")
    names = [(NameKind.PKGCONFIG, name) for name in dict.fromkeys((package, package.lower(), f"lib{bare}", bare))]
    names += [(NameKind.LINK, bare)] if len(bare) >= _TELLING else []
    for kind, name in names:
        known = catalogue.identify(kind, name)
        if known is not None and known.confidence is Confidence.HIGH:
            return install.Wanted(known.id)
    return next(filter(None, (_in_debian(catalogue, kind, name) for kind, name in names)), None)


_TELLING: Final = 4
"""So many letters behind ``-l`` mean one library."""


def _named_as_its_folder(catalogue: Catalogue, header: str) -> str | None:
    """Give the library of that name whose folder is named as the header is: of ``hdf.h`` that of ``hdf/hdf.h``."""
    stem = header.partition(".")[0]
    if "/" in header or catalogue.is_platform(NameKind.HEADER, header):
        return None
    known = catalogue.identify(NameKind.HEADER, f"{stem}/{header}")
    is_own = known is not None and re.fullmatch(rf"dep:generic/(?:lib)?{re.escape(stem)}\d*", known.id, re.IGNORECASE)
    return known.id if known is not None and is_own else None


def _program(catalogue: Catalogue, name: str) -> Missing:
    if (tool := catalogue.tool(name)) is not None:
        return Missing(
            name, None, install.Wanted(tool.id, role="build", debian=_of_that_version(catalogue, tool.id, name))
        )
    if (known := catalogue.identify(NameKind.CONFIG_TOOL, name)) is not None:
        return Missing(name, NameKind.CONFIG_TOOL, install.Wanted(known.id))
    return Missing(
        name, NameKind.CONFIG_TOOL, _in_debian(catalogue, NameKind.CONFIG_TOOL, name) or _telling_flags(catalogue, name)
    )


def _telling_flags(catalogue: Catalogue, program: str) -> install.Wanted | None:
    """Give the library of which a program tells flags, by its name: ``shout-config`` is about the module ``shout``."""
    module, ending, _ = program.rpartition("-config")
    return _library(catalogue, NameKind.PKGCONFIG, module).wanted if ending else None


def _of_that_version(catalogue: Catalogue, tool: str, program: str) -> tuple[str, ...]:
    """Give Debian's packages of a program that is asked for with its version, which are called so too: ``g++-12``."""
    version = _VERSIONED.fullmatch(program)
    packages = catalogue.packages(tool).get("debian")
    return tuple(f"{package}{version[1]}" for package in packages.build) if version and packages else ()


_VERSIONED: Final = re.compile(r"[a-z+]+(-\d+(?:\.\d+)?)")


def _platform(catalogue: Catalogue, kind: NameKind, name: str) -> install.Wanted | None:
    """Give what brings a part of the platform: the C library's headers, or a compiler with its own libraries.

    None where it is another platform's, or nothing says that it is this one's: ``windows.h``.
    """
    if kind is NameKind.LINK and name in {"c", "m", "pthread", "dl", "rt", "util", "resolv"}:
        return install.Wanted(install.C_LIBRARY)
    if kind is NameKind.HEADER and "." not in name:
        return _program(catalogue, "g++").wanted
    return install.Wanted(install.C_LIBRARY) if kind is NameKind.HEADER and name in _STANDARD else None


_STANDARD: Final = frozenset(
    {
        *("assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h"),
        *("stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "unistd.h", "pthread.h", "sys/types.h"),
    }
)
"""Headers that any C library has: of the others a machine may have none for good."""


def _in_folder(catalogue: Catalogue, header: Missing, folders: Sequence[str]) -> Missing:
    """Resolve a header by the folders that the compiler was told to look in: ``-I/usr/include/hunspell``."""
    ways = [_library(catalogue, NameKind.HEADER, f"{folder}/{header.name}") for folder in folders]
    ids = {found.wanted.id for found in ways if found.wanted is not None}
    return header._replace(wanted=install.Wanted(ids.pop())) if len(ids) == 1 else header


def _of_word(catalogue: Catalogue, word: str, ways: Sequence[_Way], is_here: Callable[[str], bool]) -> Missing | None:
    """Resolve a word of a project's message; None unless it is the exact name of a library or program."""
    if word.lower() == "cython":
        return Missing("Cython", None, None, requirement="Cython")  # builds import it
    if _VARIABLE.fullmatch(word):
        return _variable_called(catalogue, word, ways, is_here)
    return _called(catalogue, word, ways, is_here)


def _variable_called(
    catalogue: Catalogue, variable: str, ways: Sequence[_Way], is_here: Callable[[str], bool]
) -> Missing | None:
    """Resolve an environment variable that tells where something is: by an entry, else by what it is called after."""
    named = _VARIABLE.fullmatch(variable)
    if catalogue.brought_by("variable", variable):
        ways = (lambda known, _: _brought(known, "variable", variable),)
    elif named is None:
        return None
    found = _called(catalogue, named["name"] if named else variable, ways, is_here)
    return found._replace(variable=variable) if found is not None else None


_VARIABLE: Final = re.compile(r"(?P<name>[A-Z][A-Z0-9]+)_(?:HOME|ROOT(?:_DIR)?|PREFIX|PATH|DIR)")


def _called(catalogue: Catalogue, word: str, ways: Sequence[_Way], is_here: Callable[[str], bool]) -> Missing | None:
    for way in ways:
        found = way(catalogue, word)
        if found is not None and not (found.kind is None and not found.requirement and is_here(found.name)):
            return found
    return None


def _program_called(catalogue: Catalogue, word: str) -> Missing | None:
    for spelling in dict.fromkeys((word, word.lower(), _COMPILERS.get(word.lower(), word))):
        program = _program(catalogue, spelling)
        if program.wanted is not None:
            return program
    return None


def _id_called(catalogue: Catalogue, word: str) -> Missing | None:
    """Resolve a word that is what the catalogue calls something, if no sentence has such a word by chance."""
    packages = catalogue.packages(id_ := f"dep:generic/{word.lower()}")
    is_tool = any(named.build for named in packages.values())
    if not packages or not (_IS_A_NAME.search(word) or (_IS_CAPITAL.fullmatch(word) and not is_tool)):
        return None
    return Missing(word, None, install.Wanted(id_, role="build" if is_tool else "host"))


_IS_A_NAME: Final = re.compile(r"\w[-\d]|.[A-Z]")
"""``SWI-Prolog``, ``GraphBLAS``, ``JDK``."""
_IS_CAPITAL: Final = re.compile(r"[A-Z]\w{3,}")
"""``Eigen``."""


def _module_called(said: str, stated: Stated) -> _Way:
    """Give the way to resolve a word that is a Python distribution's name: the project's or the sentence's word."""
    of_python = _OF_PYTHON.search(said) is not None

    def way(_: Catalogue, word: str) -> Missing | None:
        requirement = stated.requirements.get(normalized(word)) or (distribution_of(word) if of_python else "")
        return Missing(word, None, None, requirement) if requirement else None

    return way


_OF_PYTHON: Final = re.compile(
    r"(?i)\bpip3? install\b|\bpython3? (?:module|package|library)\b|\bPyPI\b"
    r"|' distribution was not found"
)


def _library_called(catalogue: Catalogue, word: str) -> Missing | None:
    if _HEADER_PATH.fullmatch(word) and (header := _library(catalogue, NameKind.HEADER, word)).wanted is not None:
        return header
    bare = word.lower().removeprefix("lib")
    for kind, name in (
        (NameKind.PKGCONFIG, word),
        (NameKind.PKGCONFIG, word.lower()),
        (NameKind.PKGCONFIG, f"lib{bare}"),
        (NameKind.PKGCONFIG, bare),
        (NameKind.HEADER, word),
        (NameKind.LINK, bare),
        (NameKind.LINK, bare.replace("-", "_")),
        (NameKind.CMAKE, word),
    ):
        known = catalogue.identify(kind, name) if len(bare) > 2 or kind is not NameKind.LINK else None  # noqa: PLR2004 - `z`, `m` may be anything
        if known is not None and known.confidence is Confidence.HIGH:
            return Missing(word, kind, install.Wanted(known.id))
    return None


def _called_a_library(said: str) -> _Way:
    """Give the way to resolve a word that is Debian's name of a library alone: one that is called a library."""

    def way(catalogue: Catalogue, word: str) -> Missing | None:
        name = re.escape(word)
        is_one = re.search(rf"\b{name}[\"'`]?(?: \w+)? (?:librar|headers?\b)|\blibrary [\"'`]?{name}\b", said)
        bare = word.lower().removeprefix("lib")
        if not is_one and bare == word.lower():
            return None
        kinds = (NameKind.PKGCONFIG, NameKind.LINK)
        found = ((kind, _in_debian(catalogue, kind, bare)) for kind in kinds)
        return next((Missing(word, kind, wanted) for kind, wanted in found if wanted is not None), None)

    return way


def _package_called(catalogue: Catalogue, word: str) -> Missing | None:
    """Resolve a word that is what Debian or Fedora calls a package to build against: ``libssl-dev``."""
    stem = re.sub(r"-dev(?:el)?$", "", word)
    known = catalogue.by_package(f"{stem}-dev") if stem != word else None
    return Missing(word, None, install.Wanted(known.id)) if known is not None else None


_HEADER_PATH: Final = re.compile(r"\w[\w-]*/[\w./+-]+\.h(?:h|pp|xx)?")
"""A header with its folder, as nothing but a header is written."""

_Way = Callable[[Catalogue, str], "Missing | None"]


def _ways(said: str, stated: Stated) -> tuple[_Way, ...]:
    """Give the ways to resolve the words of a sentence, the likeliest first."""
    module = _module_called(said, stated)
    if _IS_LIBRARY.search(said):
        return (_package_called, _library_called, _program_called, module, _id_called, _called_a_library(said))
    return (_package_called, _program_called, module, _library_called, _id_called)


_IS_LIBRARY: Final = re.compile(r"(?i)\blib\b|\blibrar|header|\bdevel|-dev\b|\.h\b")
"""Sentences about what is compiled or linked, where a program of the same name is not meant."""
