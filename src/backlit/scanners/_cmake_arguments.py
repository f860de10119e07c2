"""What the arguments of CMake's commands say: packages with their components, modules, libraries, languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.names import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES: Final = {
    "C": "c",
    "CXX": "cxx",
    "Fortran": "fortran",
    "CUDA": "cuda",
    "HIP": "hip",
    "OBJC": "objc",
    "OBJCXX": "objcxx",
    "ASM": "asm",
    "ASM_NASM": "asm",
    "ASM_MASM": "asm",
    "ISPC": "ispc",
    "Swift": "swift",
    "CSharp": "csharp",
}
"""Languages as CMake names them."""

TOOLS: Final = {
    "PkgConfig": "",
    "SWIG": "swig",
    "Cython": "cython",
    "BISON": "bison",
    "FLEX": "flex",
    "Gettext": "gettext",
    "F2PY": "f2py",
    "Git": "",
    "Perl": "perl",
    "Doxygen": "",
    "LATEX": "",
    "LatexMk": "",
    "MathJax": "",
    "MathJax2": "",
    "Sphinx": "",
    "Java": "java",
}
"""Packages that are programs; those without a name say nothing by themselves."""

FOR_TESTS: Final = frozenset({"GTest", "GMock", "benchmark", "Catch2", "doctest", "CppUTest", "CppUnit"})
"""Packages that only tests and benchmarks take."""

OF_COMPILER: Final = frozenset({"Threads", "OpenMP", "Iconv", "Intl", "IPO", "Backtrace"})
"""Packages that CMake finds in the compiler or the C library."""

IS_OF_PYTHON: Final = re.compile(
    r"(?i:python\d?(?:interp|libs|extensions)?(?:new)?|pybind11|nanobind|numpy|skbuild|usecython)"
)
"""Packages that are Python itself, or that Python packages bring."""

IS_MADE_UP: Final = re.compile(r"\$\{\w+\}[-_]\w+")
"""What is linked under a name that is put together from a variable and an ending."""

PROGRAM: Final = re.compile(r"(?!python)[A-Za-z][\w.+-]*(?<!\.py)(?<!\.sh)(?<!\.pl)(?<!\.cmake)")
"""What may be a program's name."""

_WORDS_TEXT: Final = (
    "REQUIRED QUIET EXACT CONFIG NO_MODULE MODULE COMPONENTS OPTIONAL_COMPONENTS NAMES HINTS PATHS "
    "PATH_SUFFIXES DOC GLOBAL NO_POLICY_SCOPE NO_DEFAULT_PATH NO_CMAKE_PATH NO_CMAKE_ENVIRONMENT_PATH "
    "NO_SYSTEM_ENVIRONMENT_PATH NO_CMAKE_SYSTEM_PATH CMAKE_FIND_ROOT_PATH_BOTH ONLY_CMAKE_FIND_ROOT_PATH "
    "NO_CMAKE_FIND_ROOT_PATH ENV VALIDATOR NAMES_PER_DIR NO_CACHE BYPASS_PROVIDER IMPORTED_TARGET "
    "STATIC_TARGET REGISTRY_VIEW CONFIGS NO_PACKAGE_ROOT_PATH NO_CMAKE_INSTALL_PREFIX UNWIND_INCLUDE"
)

_WORDS: Final = frozenset(_WORDS_TEXT.split())


class Package(NamedTuple):
    """One ``find_package``."""

    name: str
    version: str
    required: bool
    components: tuple[str, ...]


def package(texts: tuple[str, ...]) -> Package | None:
    """Read the arguments of ``find_package``; None if they name none."""
    if not texts or "$" in texts[0] or not re.fullmatch(r"[\w.+-]+", texts[0]):
        return None
    version = texts[1] if len(texts) > 1 and re.fullmatch(r"\d[\w.<]*", texts[1]) else ""
    operator = "==" if "EXACT" in texts else ">="
    components = _after(texts, ("COMPONENTS", "REQUIRED", "OPTIONAL_COMPONENTS"))
    return Package(texts[0], f"{operator}{version}" if version else "", "REQUIRED" in texts, components)


def _after(texts: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Give what stands after one of several words, up to the next word that is a keyword."""
    found, taking = [], False
    for text in texts:
        if text in _WORDS:
            taking = text in words
        elif taking:
            found.append(text)
    return tuple(found)


def pkgconfig(texts: tuple[str, ...]) -> tuple[str, tuple[tuple[str, str], ...], bool]:
    """Read the arguments of ``pkg_check_modules``: its prefix, modules with versions, and whether they are required."""
    prefix, *rest = texts or ("",)
    modules = []
    for text in rest:
        found = re.fullmatch(r"([A-Za-z0-9][\w.+-]*?)\s*((?:[<>]=?|=)\s*[\w.]+)?", text)
        if found and text not in _WORDS:
            modules.append((found[1], (found[2] or "").replace(" ", "")))
        elif modules and re.fullmatch(r"[<>]=?|=|(?:[<>]=?|=)[\w.]+", text):
            modules[-1] = (modules[-1][0], text)
    return prefix, tuple(_joined(modules)), "REQUIRED" in rest


def _joined(modules: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Put a version to the module before it, where a space stands between the operator and it."""
    for number, (name, version) in enumerate(modules):
        before = modules[number - 1][1] if number else ""
        if before in {">=", "<=", "=", "<", ">"} and name[0].isdigit():
            continue
        if version in {">=", "<=", "=", "<", ">"} and number + 1 < len(modules):
            version += modules[number + 1][0]  # noqa: PLW2901 - the same version, whole
        yield name, version


def names(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names that ``find_library``, ``find_path`` or ``find_program`` looks for."""
    if "NAMES" in texts:
        return tuple(text for text in _after(texts, ("NAMES",)) if "$" not in text)
    # ``NAME`` is no keyword: CMake looks for a library of that name too, which nobody meant.
    given = texts[2:3] if texts[1:2] == ("NAME",) else texts[1:2]
    return tuple(text for text in given if text not in _WORDS and "$" not in text)


def linked_name(text: str) -> str | None:
    """Give the name after ``-l`` that a library's name or file means; None if it is none."""
    if text.endswith("-NOTFOUND"):
        return None  # what a search that failed leaves behind
    plain = re.sub(r"\.(?:a|so|dylib|lib|dll)(?:\.[\d.]+)?$", "", text)
    if plain != text:
        plain = plain.removeprefix("lib")
    return plain if re.fullmatch(r"[A-Za-z0-9_][\w.+-]*", plain) else None


_LINK_WORDS_TEXT: Final = (
    "PRIVATE PUBLIC INTERFACE LINK_PRIVATE LINK_PUBLIC LINK_INTERFACE_LIBRARIES debug optimized general BEFORE"
)

_LINK_WORDS: Final = frozenset(_LINK_WORDS_TEXT.split())

_NAMESPACES: Final = re.compile(r"(?i:python\d?|pybind11|nanobind|threads|openmp|pkgconfig|skbuild|cmake)")


def link_item(text: str) -> tuple[NameKind, str] | None:
    """Give what an item of ``target_link_libraries`` names; None for targets, flags, files and the like."""
    if text.startswith("-l"):
        name = linked_name(text[2:])
        return (NameKind.LINK, name) if name else None
    if "::" in text and "$" not in text:
        space = text.partition("::")[0]
        plain = re.fullmatch(r"\w[\w.+-]*", space) and not _NAMESPACES.fullmatch(space)
        return (NameKind.CMAKE, space) if plain else None
    if text in _LINK_WORDS or not re.fullmatch(r"[A-Za-z0-9_][\w.+-]*", text):
        return None
    name = linked_name(text)
    return (NameKind.LINK, name) if name and not _OF_NANOBIND.fullmatch(name) else None


_OF_NANOBIND: Final = re.compile(r"nanobind(?:-static)?(?:-abi3)?(?:-ft)?")
"""Targets that nanobind's functions make."""


def languages(texts: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Give the languages that ``project()`` turns on, and whether it names them."""
    if "LANGUAGES" in texts:
        rest = texts[texts.index("LANGUAGES") + 1 :]
    elif {"VERSION", "DESCRIPTION", "HOMEPAGE_URL", "COMPAT_VERSION"} & set(texts):
        rest = ()
    else:
        rest = texts[1:]
    if "NONE" in rest:
        return (), True
    named = tuple(text for text in rest if text in LANGUAGES)
    return (named, True) if named else (("C", "CXX"), False)


_SHELL_TEXT: Final = (
    "mkdir cp mv rm ln cd echo touch cat sed make sh bash tar git test uname true chmod install_name_tool find "
    "sort env gmake cmake ctest python python3 printf ls diff head tail tr cut awk grep xargs install date "
    "hostname ranlib ar nm strip objcopy ldconfig brew xcode-select xcrun which type cc gcc c++ g++ clang lipo "
    "codesign cmd powershell"
)

_SHELL: Final = frozenset(_SHELL_TEXT.split())
"""Programs that every system has, or that say nothing of what a build needs."""


def programs(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the programs that ``COMMAND`` starts; of ``python -m x`` the module ``x`` where it is Cython."""
    found = []
    for number, text in enumerate(texts[:-1]):
        following = texts[number + 1]
        if text == "COMMAND" and PROGRAM.fullmatch(following) and following not in _SHELL:
            found.append(following)
        if text == "-m" and following.lower() == "cython":
            found.append("cython")
    return tuple(dict.fromkeys(found))


class Fetched(NamedTuple):
    """A project that is fetched, or taken from a folder, while building."""

    target: str
    name: str
    address: str
    version: str
    folder: str


def fetched(texts: tuple[str, ...]) -> Fetched | None:
    """Read the arguments of ``FetchContent_Declare``, ``ExternalProject_Add`` or ``CPMAddPackage``."""
    if not texts or "$" in texts[0]:
        return None
    target = _word(texts, "NAME") or texts[0]
    short = re.fullmatch(r"\w+:(?:[\w.-]+/)?([\w.-]+?)(?:@v?([\w.-]+)|#[\w.-]+)?", target)
    if short:
        return Fetched(short[1], short[1], target, short[2] or "", "")
    address = _word(texts, "GIT_REPOSITORY") or _word(texts, "URL") or _word(texts, "GITHUB_REPOSITORY")
    tag = _word(texts, "GIT_TAG") or _word(texts, "VERSION")
    name = _named_by(address, target)
    number = re.search(r"(?:^|[-_v/])(\d+(?:\.\d+)+[\w.]*?)(?:\.tar\.\w+|\.zip|\.tgz)?$", tag or address)
    plain = _WRAPPED.sub("", name if re.fullmatch(r"[\w.+-]+", name) else target)
    return Fetched(target, plain, address, number[1] if number else "", _word(texts, "SOURCE_DIR"))


_WRAPPED: Final = re.compile(
    r"(?i)^(?:bundled|vendored|external|ext|third_?party)[-_](?=\w{3})|(?<=\w{3})[-_](?:src|source|ext|external|download|upstream)$"
)
"""What is put around a project's name to name a target for it."""


def _named_by(address: str, target: str) -> str:
    """Give the project's name that an address has: of a repository, of one's archive, or of a release's file."""
    hosted = re.search(r"/([\w.+-]+)/(?:-/)?(?:archive|releases|tarball|zipball)\b", address)
    if hosted:
        return hosted[1]
    last = address.rstrip("/").rpartition("/")[2]
    released = re.fullmatch(r"([A-Za-z][\w+-]*?)[-_]v?\d[\w.]*", last)
    if released:
        return released[1]
    return last.removesuffix(".git") if last.endswith(".git") or "github.com" in address else target


def _word(texts: tuple[str, ...], word: str) -> str:
    """Give what stands after a word."""
    return next((texts[number + 1] for number, text in enumerate(texts[:-1]) if text == word), "")
