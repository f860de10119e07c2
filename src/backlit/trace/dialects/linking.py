"""What a linker is asked for, word by word: shared by drivers (``-Wl,``, ``-Xlinker``, ``-l``) and linkers."""

from __future__ import annotations

import os
import re
from typing import Final

from backlit.trace import tables
from backlit.trace.dialects import absolute, in_sysroot

WITH_ARGUMENT: Final = frozenset(
    {
        *(
            "-soname",
            "--soname",
            "-h",
            "-T",
            "--script",
            "-e",
            "--entry",
            "-u",
            "--undefined",
            "-z",
            "-m",
            "-y",
            "-f",
            "-F",
            "-G",
        ),
        *(
            "-dynamic-linker",
            "--dynamic-linker",
            "-I",
            "-rpath-link",
            "--rpath-link",
            "-plugin",
            "--plugin",
            "-plugin-opt",
        ),
        *(
            "--plugin-opt",
            "-Map",
            "--Map",
            "--version-script",
            "-version-script",
            "--dynamic-list",
            "--defsym",
            "-defsym",
        ),
        *(
            "-b",
            "--format",
            "-A",
            "-a",
            "-c",
            "--dependency-file",
            "--build-id-file",
            "-init",
            "-fini",
            "--wrap",
        ),
        *("--exclude-libs", "-exclude-libs", "--hash-style", "-hash-style", "--sort-section", "-framework", "-arch"),
        *("-install_name", "-current_version", "-compatibility_version", "-undefined", "-syslibroot", "-image_base"),
    }
)
"""Options of GNU ld, gold, lld, mold and Apple's ld that take the next word, beside those read here."""

_LIBRARY: Final = re.compile(r".+\.so(?:\.[0-9A-Za-z_.]+)?|.+\.(?:dylib|tbd)")
_OBJECT: Final = re.compile(r".+\.(?:o|obj|a|lo|bc|lib)")
_RPATH: Final = frozenset({"-rpath", "--rpath", "-R"})
_TO_STATIC: Final = frozenset({"-Bstatic", "-dn", "-non_shared", "-static"})
_TO_DYNAMIC: Final = frozenset({"-Bdynamic", "-dy", "-call_shared"})


class Linking:
    """The words so far. Feed it one word at a time, in order."""

    def __init__(self, cwd: str) -> None:
        self._cwd = cwd
        self._pending = ""
        self._static = False
        self.objects: list[str] = []
        self.libraries: list[str] = []
        self.library_files: list[str] = []
        self.library_dirs: list[str] = []
        """As given. :meth:`folders` has them as they are taken."""
        self.static_names: list[str] = []
        self.rpaths: list[str] = []
        self.output: str | None = None
        self.sysroot = ""
        """Value of the linker's own ``--sysroot``; empty if it has none."""

    def only_asks(self, output: str | None) -> bool:
        """Tell whether a command that writes `output` links nothing but names, to be thrown away.

        ``ctypes.util.find_library`` asks compiler and linker so where a library is.
        """
        is_bare = bool(self.libraries) and not (self.objects or self.library_files)
        return is_bare and output is not None and (output == os.devnull or tables.is_try(output))

    def feed(self, word: str) -> None:
        """Take a linker's next word."""
        if self._pending:
            option, self._pending = self._pending, ""
            self._take(option, word)
        elif word in _TO_STATIC:
            self._static = True
        elif word in _TO_DYNAMIC:
            self._static = False
        elif word in _RPATH or word in _VALUED or word in WITH_ARGUMENT:
            self._pending = word
        elif option := next((start for start in _JOINED if word.startswith(start)), ""):
            self._take(_JOINED[option], word[len(option) :])
        elif not word.startswith("-"):
            self.file(word)

    def library(self, name: str) -> None:
        """Take a name after ``-l``."""
        self.libraries.append(name)
        if self._static or (name.startswith(":") and name.endswith(".a")):
            self.static_names.append(name)

    def directory(self, path: str) -> None:
        """Take a folder after ``-L``."""
        self.library_dirs.append(path)

    def folders(self, sysroot: str = "") -> list[str]:
        """Give the folders after ``-L`` absolute, in order; `sysroot` is the driver's, before the linker's own."""
        root = sysroot or self.sysroot
        return [absolute(self._cwd, in_sysroot(folder, root)) for folder in self.library_dirs]

    def file(self, word: str) -> None:
        """Take a file, if its name tells that it is one to be linked."""
        path = absolute(self._cwd, word)
        if _LIBRARY.fullmatch(word):
            self.library_files.append(path)
        elif _OBJECT.fullmatch(word):
            self.objects.append(path)

    def _take(self, option: str, value: str) -> None:
        if option in _RPATH:
            self.rpaths.append(value)
        elif option in {"-l", "--library"}:
            self.library(value)
        elif option in {"-L", "--library-path"}:
            self.directory(value)
        elif option in {"-o", "--output"}:
            self.output = absolute(self._cwd, value)
        elif option == "--sysroot":
            self.sysroot = absolute(self._cwd, value)


_VALUED: Final = frozenset({"-l", "--library", "-L", "--library-path", "-o", "--output", "--sysroot"})
_JOINED: Final = {
    "-rpath=": "-rpath",
    "--rpath=": "-rpath",
    "--library=": "-l",
    "--library-path=": "-L",
    "--output=": "-o",
    "--sysroot=": "--sysroot",
    "-l": "-l",
    "-L": "-L",
    "-R": "-R",
}
