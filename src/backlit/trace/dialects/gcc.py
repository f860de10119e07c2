"""The arguments of GNU-like drivers: gcc, g++, clang, gfortran, nvcc, ``zig cc``.

https://gcc.gnu.org/onlinedocs/gcc/Option-Summary.html tells them.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.invocation import Role
from backlit.trace import tables
from backlit.trace.dialects import Parsed, absolute, in_sysroot
from backlit.trace.dialects.linking import Linking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_WITH_ARGUMENT: Final = frozenset(
    {
        *(
            "-D",
            "-U",
            "-A",
            "-include",
            "-imacros",
            "-iprefix",
            "-iwithprefix",
            "-iwithprefixbefore",
            "-imultilib",
        ),
        *("-MT", "-MQ", "-T", "-u", "-z", "-e", "-h", "-B", "--param", "-aux-info", "-wrapper", "-G", "-Xpreprocessor"),
        *(
            "-Xassembler",
            "-Xclang",
            "-mllvm",
            "-arch",
            "-framework",
            "-J",
            "-dumpbase",
            "-dumpdir",
            "-dumpbase-ext",
        ),
        *(
            "-undefined",
            "-install_name",
            "-current_version",
            "-compatibility_version",
            "-soname",
            "-specs",
        ),
        *(
            "-fplugin-arg",
            "-gcc-toolchain",
            "--gcc-toolchain",
            "-main-file-name",
            "-bundle_loader",
            "--serialize-diagnostics",
        ),
    }
)
"""Options that take the next word, beside those read here."""

_INCLUDES: Final = ("-isystem", "-iquote", "-idirafter", "-I")
_ENDS_EARLY: Final = frozenset(
    {"-c", "-S", "-E", "-fsyntax-only", "-M", "-MM", "--compile", "--preprocess", "--assemble"}
)
_STATIC: Final = frozenset({"-static", "--static", "-static-pie"})
_SHARED_LIBRARY: Final = re.compile(r".+\.so\.[0-9A-Za-z_.]+")
_NO_FILE: Final = frozenset({"-", "/dev/null", "/dev/stdin"})

_EXTENSIONS: Final = {
    **dict.fromkeys((".c", ".i", ".h"), "c"),
    **dict.fromkeys(
        (".cc", ".cp", ".cxx", ".cpp", ".CPP", ".c++", ".C", ".ii", ".hh", ".hpp", ".hxx", ".cppm", ".ixx"), "cxx"
    ),
    **dict.fromkeys((".m", ".mi"), "objc"),
    **dict.fromkeys((".mm", ".M", ".mii"), "objcxx"),
    **dict.fromkeys((".s", ".S", ".sx", ".asm"), "asm"),
    **dict.fromkeys((".f", ".for", ".ftn", ".f77", ".f90", ".f95", ".f03", ".f08", ".fpp"), "fortran"),
    **dict.fromkeys((".F", ".FOR", ".FTN", ".FPP", ".F77", ".F90", ".F95", ".F03", ".F08"), "fortran"),
    **dict.fromkeys((".cu", ".cuh"), "cuda"),
    ".go": "go",
    ".d": "d",
    ".adb": "ada",
    ".ads": "ada",
}
_LANGUAGES: Final = {
    "c": "c",
    "c-header": "c",
    "cpp-output": "c",
    "c++": "cxx",
    "c++-header": "cxx",
    "c++-system-header": "cxx",
    "c++-module": "cxx",
    "c++-cpp-output": "cxx",
    "objective-c": "objc",
    "objective-c++": "objcxx",
    "assembler": "asm",
    "assembler-with-cpp": "asm",
    "f77": "fortran",
    "f77-cpp-input": "fortran",
    "f95": "fortran",
    "f95-cpp-input": "fortran",
    "cuda": "cuda",
    "cu": "cuda",
}


_IN_ONE: Final = {"--sysroot": "--sysroot=", "-isysroot": "-isysroot", "-target": "--target=", "--target": "--target="}
"""Options that may take the next word, to how they start where they do not."""

_SYSROOT: Final = "--sysroot="


def parse(arguments: Sequence[str], cwd: str, family: tables.Family, language: str) -> Parsed:
    """Give what the arguments ask for; `language` is what the driver takes C sources for."""
    reader = _Reader(cwd, family, language)
    reader.read(arguments)
    for name, libraries in family.runtime.items():
        if chosen := libraries.get(_chosen(arguments, name)):
            reader.runtime.append(chosen)
    return reader.parsed()


def _chosen(arguments: Sequence[str], name: str) -> str:
    """Give the value of an option of one or two dashes; empty without it."""
    value, options = "", {f"-{name}", f"--{name}"}
    for word, after in zip(arguments, (*arguments[1:], ""), strict=False):
        option, equals, told = word.partition("=")
        if option in options:
            value = told if equals else after
    return value


class _Reader:
    def __init__(self, cwd: str, family: tables.Family, language: str) -> None:
        self.cwd = cwd
        self.family = family
        self.driver_language = language
        self.forced = ""
        self.linking = Linking(cwd)
        self.languages: list[str] = []
        self.sources: list[str] = []
        self.include_dirs: list[str] = []
        self.flags: list[str] = []
        self.runtime: list[str] = []
        self.output: str | None = None
        self.depfile: str | None = None
        self.wants_depfile = self.is_static = self.ends_early = self.asks = self.no_file = False

    def read(self, arguments: Sequence[str]) -> None:
        options = _options(self.family.name)
        words = iter(arguments)
        for word in words:
            if not word.startswith("-") or word == "-":
                self.file(word)
            elif word in _IN_ONE:
                self.option(options[_IN_ONE[word] + next(words, "")], words)
            else:
                self.option(options[word], words)

    def option(self, option: _Option, words: Iterator[str]) -> None:
        """Take an option, and from `words` its value where that is the next word."""
        if option.is_flag:
            self.flags.append(option.word)
        if option.takes_next:
            value = next(words, "")
            if option.is_flag:
                self.flags.append(value)
        else:
            value = option.value
        if option.take is not None:
            option.take(self, value)

    def end_early(self, _: str) -> None:
        self.ends_early = True

    def link_statically(self, _: str) -> None:
        self.is_static = True

    def list_headers(self, _: str) -> None:
        self.wants_depfile = True

    def ask(self, _: str) -> None:
        self.asks = True

    def file(self, word: str) -> None:
        if word in _NO_FILE:
            self.no_file = True
            return
        extension = os.path.splitext(word)[1]  # noqa: PTH122 - any text may stand in an argument
        language = self.forced or _EXTENSIONS.get(extension, "")
        if ".so." in word and not self.forced and _SHARED_LIBRARY.fullmatch(word):
            language = ""  # libfoo.so.d is no program in D
        if not language:
            self.linking.file(word)
            return
        if language == "c" and not self.forced and self.driver_language == "cxx":
            language = "cxx"  # g++ compiles a .c file as C++
        self.languages.append(language)
        self.sources.append(absolute(self.cwd, word))

    def take_linker_words(self, value: str) -> None:
        for word in value.split(","):
            self.linking.feed(word)

    def take_preprocessor_words(self, value: str) -> None:
        words = value.split(",")
        if words[0] in {"-MD", "-MMD"} and len(words) > 1:
            self.wants_depfile, self.depfile = True, absolute(self.cwd, words[1])

    def take_output(self, value: str) -> None:
        self.output = absolute(self.cwd, value)

    def take_language(self, value: str) -> None:
        self.forced = _LANGUAGES.get(value, "" if value == "none" else value)

    def take_include(self, value: str) -> None:
        self.include_dirs.append(value)

    def take_depfile(self, value: str) -> None:
        self.depfile = absolute(self.cwd, value)

    def parsed(self) -> Parsed:
        link, links = self.linking, not self.ends_early
        role = self.role()
        link.libraries += self.runtime if role in {Role.LINK, Role.COMPILE_AND_LINK} else ()
        flags = tuple(_with_whole_sysroot(flag, self.cwd) for flag in self.flags)
        root = next((flag.removeprefix(_SYSROOT) for flag in reversed(flags) if flag.startswith(_SYSROOT)), "")
        languages = [language for language in self.languages if language != "asm"] or self.languages
        names = link.libraries if self.is_static else link.static_names
        return Parsed(
            role=role,
            language=languages[0] if languages else "",
            sources=tuple(self.sources),
            objects=tuple(link.objects),
            output=self.output,
            libraries=tuple(link.libraries) if links else (),
            library_files=tuple(link.library_files) if links else (),
            library_dirs=tuple(link.folders(root)) if links else (),
            static_names=tuple(names) if links else (),
            include_dirs=tuple(absolute(self.cwd, in_sysroot(folder, root)) for folder in self.include_dirs),
            rpaths=tuple(link.rpaths) if links else (),
            flags=flags,
            depfile=self.where_depfile(),
        )

    def role(self) -> Role:
        link = self.linking
        linked = link.objects or link.library_files or link.libraries
        if self.asks or not (self.sources or (linked and not self.no_file)):
            return Role.PROBE
        if any(map(tables.is_try, (*self.sources, *link.objects))):
            return Role.PROBE
        if not self.sources and link.only_asks(self.output):
            return Role.PROBE
        if self.ends_early:
            return Role.COMPILE
        return Role.COMPILE_AND_LINK if self.sources else Role.LINK

    def where_depfile(self) -> str | None:
        """Give where ``-MD`` writes: what ``-MF`` says, else beside the output, else here under the source's name."""
        if self.depfile is not None or not (self.wants_depfile and self.sources):
            return self.depfile
        if self.output is not None and self.ends_early:
            return os.path.splitext(self.output)[0] + ".d"  # noqa: PTH122
        name = os.path.splitext(os.path.basename(self.sources[0]))[0]  # noqa: PTH119, PTH122
        return absolute(self.cwd, f"{name}.d")


def _with_whole_sysroot(flag: str, cwd: str) -> str:
    if not flag.startswith((_SYSROOT, "-isysroot")):
        return flag
    start = _SYSROOT if flag.startswith(_SYSROOT) else "-isysroot"
    return start + absolute(cwd, flag.removeprefix(start))


_TAKERS: Final = {
    "-o": _Reader.take_output,
    "--output": _Reader.take_output,
    "-x": _Reader.take_language,
    "--language": _Reader.take_language,
    "-MF": _Reader.take_depfile,
    "-l": lambda reader, value: reader.linking.library(value),
    "-L": lambda reader, value: reader.linking.directory(value),
    "-Xlinker": lambda reader, value: reader.linking.feed(value),
    **dict.fromkeys((*_INCLUDES, "--include-directory"), _Reader.take_include),
}
"""Options that take the next word, and matter."""

_JOINED: Final = {
    "-Wl,": _Reader.take_linker_words,
    "-Wp,": _Reader.take_preprocessor_words,
    "-MF": _Reader.take_depfile,
    "--output=": _Reader.take_output,
    "--language=": _Reader.take_language,
    "--include-directory=": _Reader.take_include,
    "--library=": lambda reader, value: reader.linking.library(value),
    "--library-directory=": lambda reader, value: reader.linking.directory(value),
    "-o": _Reader.take_output,
    "-x": _Reader.take_language,
    "-l": lambda reader, value: reader.linking.library(value),
    "-L": lambda reader, value: reader.linking.directory(value),
    **dict.fromkeys(_INCLUDES, _Reader.take_include),
}
"""Options that have their value in the same word."""

_SWITCHES: Final = {
    **dict.fromkeys(_ENDS_EARLY, _Reader.end_early),
    **dict.fromkeys(_STATIC, _Reader.link_statically),
    **dict.fromkeys(("-MD", "-MMD"), _Reader.list_headers),
}
"""Options that have no value, and matter."""


class _Option(NamedTuple):
    """What an option means to a family, wherever it stands."""

    word: str
    is_flag: bool
    """True if it matters to a packager."""
    takes_next: bool
    """True if the next word is its value."""
    take: Callable[[_Reader, str], None] | None
    """What is done with its value; None if it does not matter."""
    value: str = ""
    """Its value, where that is in the same word."""


class _Options(dict[str, _Option]):
    """Every option that a family's commands had so far: thousands of commands have the same ones."""

    def __init__(self, family: tables.Family) -> None:
        super().__init__()
        self.family = family

    def __missing__(self, word: str) -> _Option:
        self[word] = option = self.understood(word)
        return option

    def understood(self, word: str) -> _Option:
        is_flag = tables.fits(word, self.family.flags)
        if word in _TAKERS or word in _WITH_ARGUMENT or word in self.family.with_argument:
            return _Option(word, is_flag, takes_next=True, take=_TAKERS.get(word))
        if tables.fits(word, self.family.probes):
            return _Option(word, is_flag, takes_next=False, take=_Reader.ask)
        for start, take in _JOINED.items():
            if word.startswith(start) and len(word) > len(start):
                return _Option(word, is_flag, takes_next=False, take=take, value=word[len(start) :])
        return _Option(word, is_flag, takes_next=False, take=_SWITCHES.get(word))


@cache
def _options(family: str) -> _Options:
    return _Options(next(each for each in tables.tables().families if each.name == family))
