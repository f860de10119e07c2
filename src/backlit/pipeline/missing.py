"""What failed tools found missing, as the catalogue knows it: libraries and programs by their ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from backlit.catalog import Catalogue, Packages
from backlit.catalog.modules import distribution_of, normalized
from backlit.failures import Lack
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.pipeline import install, named
from backlit.pipeline.named import Missing
from backlit.pipeline.stated import NOTHING, Stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backlit.failures import Failure


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
    found = [named.of_lack(catalogue, failure.lack, name) for name in failure.names]
    if failure.folders and found[0].wanted is None:
        found[0] = named.in_folder(catalogue, found[0], failure.folders)
    return tuple(found)


def _of_its_compiler(catalogue: Catalogue, failure: Failure) -> Missing | None:
    """Give what a compiler has in a package of its own where another brings it along: ``omp.h``.

    Linkers and CMake do not say which compiler they work for: what they lack is no library's but that compiler's.
    """
    name, kind = failure.names[0], named.KINDS.get(failure.lack)
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
    """Give what a sentence has in it where it names two alike: joined by ``and``, or in one list."""
    first, second, more, last = re.escape(first), re.escape(second), r"(?: [\w.+-]+,)*", r"[\w.+-]+,? and (?:the )?"
    both = rf"{first}\W+and\W+(?:the )?{second}|:{more} {first},{more} {second}(?:,|$)"
    return rf"(?i){both}|{first},{more} (?:{second},? and |{second},{more} {last}|{last}{second}\b)"


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
    return named.of_lack(Catalogue.load(), Lack.PROGRAM, program).wanted


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
    after = _VARIABLE.fullmatch(variable)
    if catalogue.brought_by("variable", variable):
        ways = (lambda known, _: named.brought(known, "variable", variable),)
    elif after is None:
        return None
    found = _called(catalogue, after["name"] if after else variable, ways, is_here)
    return found._replace(variable=variable) if found is not None else None


_VARIABLE: Final = re.compile(r"(?P<name>[A-Z][A-Z0-9]+)_(?:HOME|ROOT(?:_DIR)?|PREFIX|PATH|DIR)")


def _called(catalogue: Catalogue, word: str, ways: Sequence[_Way], is_here: Callable[[str], bool]) -> Missing | None:
    for way in ways:
        found = way(catalogue, word)
        if found is not None and not (found.kind is None and not found.requirement and is_here(found.name)):
            return found
    return None


def _program_called(catalogue: Catalogue, word: str) -> Missing | None:
    for spelling in dict.fromkeys((word, word.lower(), named.COMPILERS.get(word.lower(), word))):
        program = named.program(catalogue, spelling)
        if program.wanted is not None:
            return program
    return None


def _id_called(catalogue: Catalogue, word: str) -> Missing | None:
    """Resolve a word that is what the catalogue calls something, if no sentence has such a word by chance."""
    packages = catalogue.packages(id_ := f"dep:generic/{word.lower().replace('.js', 'js')}")
    is_tool = any(named.build for named in packages.values())
    if not packages or not (_IS_A_NAME.search(word) or (_IS_CAPITAL.fullmatch(word) and not is_tool)):
        return None
    return Missing(word, None, install.Wanted(id_, role="build" if is_tool else "host"))


_IS_A_NAME: Final = re.compile(r"\w[-\d]|.[A-Z]|\.js$")
"""``SWI-Prolog``, ``GraphBLAS``, ``JDK``, ``Node.js``."""
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
    if _HEADER_PATH.fullmatch(word) and (header := named.library(catalogue, NameKind.HEADER, word)).wanted is not None:
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
        if is_one and catalogue.packages(id_ := f"dep:generic/{word.lower()}"):
            return Missing(word, None, install.Wanted(id_))
        kinds = (NameKind.PKGCONFIG, NameKind.LINK)
        found = ((kind, named.in_debian(catalogue, kind, bare)) for kind in kinds)
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
