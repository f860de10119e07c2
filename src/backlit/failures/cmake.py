"""CMake: the block of text below ``CMake Error at``.

The sentences are of CMake's own modules: FindPackageHandleStandardArgs, FindPkgConfig, CMakeDetermineCompiler, and of
``find_package``, ``find_library``, ``find_program`` and ``find_path`` with ``REQUIRED``. A project's own ``message()``
is read as a project's words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.failures import Failure, Family, Lack, Output, _words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Block(NamedTuple):
    """One error of CMake's."""

    line: int
    """Its first line."""
    place: str
    """``CMakeLists.txt:12``; empty if it is a module of CMake's own, or it has none."""
    text: str
    """What it says, in one line."""
    module: str
    """The file that says it: ``cmake/FindEV.cmake``; empty if it has none."""


class CMake:
    """What CMake did not find."""

    name = "cmake"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give what CMake did not find, of each run the first alone: the others follow from it."""
        told = False
        for block in _blocks(output.lines):
            if block is None:
                told = False
            elif not told and (failure := _failure(block)) is not None:
                told = True
                yield failure


_ERROR: Final = re.compile(r"CMake Error(?: at (?P<place>\S+:\d+))?")
_CALLED: Final = re.compile(r"  (?P<place>\S*CMakeLists\.txt:\d+) \(")
_RUN: Final = re.compile(r"-- The \w+ compiler identification is|-- Configuring done")


def _blocks(lines: Sequence[str]) -> Iterator[_Block | None]:
    """Give the errors in order, and None where a run starts or ends well."""
    for index, line in enumerate(lines):
        if _RUN.search(line):
            yield None
        elif found := _ERROR.search(line):
            said, called = _below(lines, index)
            place = found["place"] or ""
            yield _Block(index, called if called and not place.endswith("CMakeLists.txt") else place, said, place)


def _below(lines: Sequence[str], index: int) -> tuple[str, str]:
    """Give what stands indented below a line, as one line; and the first CMakeLists.txt of the call stack."""
    said = [lines[index].partition(": ")[2]] if not lines[index].endswith(":") else []
    called, is_stack = "", False
    for line in lines[index + 1 :]:
        if line and not line.startswith((" ", "Call Stack")):
            break
        is_stack = is_stack or line.startswith("Call Stack")
        if not is_stack:
            said.append(line.strip())
        elif (found := _CALLED.match(line)) and not called:
            called = found["place"]
    return " ".join(filter(None, said)), called


_PACKAGE: Final = re.compile(
    r"Could NOT find (?P<name>\w+)(?: \(missing: (?P<missing>[^)]*)\))?"
    r"(?:: Found unsuitable version \"(?P<found>[^\"]+)\", but required is (?P<how>at least|exact version) "
    r"\"(?P<version>[^\"]+)\")?"
)
_CONFIG: Final = re.compile(
    r"package configuration file provided by \"(?P<name>\w+)\"(?: \(requested version (?P<version>[^)]+)\))?"
)
_MODULES: Final = re.compile(r"The following required packages were not found: (?P<names>(?:- \S+ ?)+)")
_COMPONENT: Final = re.compile(
    r"package \"(?P<package>\w+)\" is considered to be NOT +FOUND.*Failed to find (?:required )?Qt component "
    r"\"(?P<component>\w+)\""
)
"""What Qt's own configuration says, where each component has a package."""
_TARGET: Final = re.compile(r"links to(?: target|:) +\"?(?P<name>\w+)::[\w:]+\"? +but the target was not found")
_COMPILER: Final = re.compile(r"No CMAKE_(?P<language>\w+)_COMPILER could be found|The CMAKE_(?P<named>\w+)_COMPILER: ")
_CHOSEN: Final = re.compile(
    r"Could not find (?:the compiler specified|compiler set) in (?:the )?environment variable \w+: +"
    r"(?P<name>[^\s:]*[^\s:.])"
)
_OLD: Final = re.compile(r"CMake (?P<version>\S+) or higher is required\. +You are running version (?P<found>\S+)")
_GENERATOR: Final = re.compile(r"unable to find a build program corresponding to \"(?P<name>[^\"]+)\"")
_CLIENT: Final = re.compile(r"could not find (?P<name>git|svn|hg|cvs) for (?:clone|checkout)")
"""What ExternalProject says, which would fetch a source by it."""
_VARIABLE: Final = re.compile(
    r"Could not find (?P<variable>\w+) using the following (?P<what>names|files): (?P<names>.+)"
)

_LANGUAGES: Final = {
    "ASM": "c",
    "ASM_NASM": "nasm",
    "ASM_YASM": "yasm",
    "C": "c",
    "CXX": "cxx",
    "CUDA": "cuda",
    "Fortran": "fortran",
    "Java": "java",
    "OBJC": "objc",
    "Swift": "swift",
}
_MAKES: Final = {"Unix Makefiles": "make"}
"""Generators that are not called as the program that they write for."""
_FINDS: Final = re.compile(r"(?:^|/)Find(?P<name>\w+)\.cmake")
"""A project's own module, which looks for what it is called by."""
_PYTHONS: Final = frozenset({"Python", "Python3", "PythonLibs", "Python2", "PythonLibsNew"})


def _failure(block: _Block) -> Failure | None:
    for pattern, make in (
        (_COMPILER, _compiler),
        (_CHOSEN, _program),
        (_GENERATOR, _generator),
        (_OLD, _old),
        (_MODULES, _modules),
        (_CONFIG, _package),
        (_PACKAGE, _package),
        (_COMPONENT, _component),
        (_TARGET, _package),
        (_VARIABLE, _variable),
        (_CLIENT, _program),
    ):
        if found := pattern.search(block.text):
            return make(found, block)
    words = _words.in_sentence(block.text)
    if words and (finds := _FINDS.search(block.module)):
        words = tuple(dict.fromkeys((*words, finds["name"])))
    return _made(Lack.WORDS, words, block) if words else None


def _made(lack: Lack, names: tuple[str, ...], block: _Block, *, version: str = "", found: str = "") -> Failure:
    said = block.text[:160]
    return Failure(lack, names, "CMake", said, block.line, version=version, found=found, place=block.place)


def _compiler(found: re.Match[str], block: _Block) -> Failure:
    language = found["language"] or found["named"]
    return _made(Lack.COMPILER, (_LANGUAGES.get(language, language.lower()),), block)


def _generator(found: re.Match[str], block: _Block) -> Failure:
    return _made(Lack.PROGRAM, (_MAKES.get(found["name"], found["name"].lower()),), block)


def _old(found: re.Match[str], block: _Block) -> Failure:
    return _made(Lack.PROGRAM, ("cmake",), block, version=f">= {found['version']}", found=found["found"].rstrip("."))


def _modules(found: re.Match[str], block: _Block) -> Failure:
    specs = [re.split(r"(?=[<>=])", name, maxsplit=1) for name in re.findall(r"- (\S+)", found["names"])]
    versions = [spec[1] for spec in specs if len(spec) > 1]
    names = tuple(spec[0] for spec in specs)
    return _made(Lack.PKGCONFIG, names, block, version=versions[0] if len(specs) == len(versions) == 1 else "")


def _package(found: re.Match[str], block: _Block) -> Failure:
    parts = found.groupdict()
    name, missing = parts["name"], parts.get("missing") or ""
    if name in _PYTHONS and "NumPy" in missing and "Development" not in missing:
        return _made(Lack.PYTHON_MODULE, ("numpy",), block)
    if name in _PYTHONS and (not missing or re.search(r"(?i)include|develop|librar|module", missing)):
        return _made(Lack.PYTHON_HEADERS, (name,), block)
    how = "== " if parts.get("how") == "exact version" else ">= "
    version = f"{how}{parts['version']}" if parts.get("version") else ""
    if parts_found := re.findall(r"(\w+)_FOUND", missing):
        own = (name,) if re.search(rf"(?i)\b{name}_(?!\w+_FOUND\b)(?!FOUND\b)", missing) else ()
        names = map(_without_language, (*own, *parts_found))
        return _made(Lack.CMAKE, tuple(dict.fromkeys(names)), block)
    return _made(Lack.CMAKE, (_without_language(name),), block, version=version, found=parts.get("found") or "")


def _without_language(package: str) -> str:
    """Give a package of which each language has a part of its own, as FindMPI and FindOpenMP name them: ``MPI_CXX``."""
    return re.sub(r"_(?:C|CXX|Fortran)$", "", package)


def _component(found: re.Match[str], block: _Block) -> Failure:
    return _made(Lack.CMAKE, (f"{found['package']}{found['component']}",), block)


def _program(found: re.Match[str], block: _Block) -> Failure:
    return _made(Lack.PROGRAM, (found["name"],), block)


def _variable(found: re.Match[str], block: _Block) -> Failure:
    """Read what find_program, find_library, find_path or find_file of a name says."""
    names = tuple(re.split(r",\s*", found["names"].strip()))
    variable = found["variable"].upper()
    if found["what"] == "files":
        return _made(Lack.HEADER, names, block)
    is_library = re.search(r"LIB|_LIBRARY", variable) is not None
    return _made(Lack.LINK if is_library else Lack.PROGRAM, names, block)


ADAPTER: Final[Family] = CMake()
