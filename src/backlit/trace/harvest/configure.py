"""What a configure script looked for: ``config.log``, as autoconf's scripts write it.

Each check is two lines, ``configure:5210: checking for zlib.h`` and ``configure:5210: result: no``. Only checks for
headers and for libraries (``checking for deflate in -lz``) are read here: of a function or a type nobody can say whose
it is, and pkg-config and other programs are seen as they are asked.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from backlit.model.invocation import Search
from backlit.model.names import NameKind

FILE: Final = "config.log"
"""The file that a configure script leaves in the folder that it runs in."""
LIMIT: Final = 64 << 20
"""Bytes of the file, at most."""

_START: Final = b"This file contains any messages produced by compilers"
_CHECK: Final = re.compile(
    r"^configure:\d+: checking (?:(?:for|whether)(?: library containing)? )?(?P<what>[^\n]+)\n"
    r"(?:(?!configure:\d+: (?:checking|result:))[^\n]*\n)*?"
    r"configure:\d+: result: (?P<result>[^\n]*)",
    re.MULTILINE,
)
_HEADER: Final = re.compile(r"(?P<header>[\w+./-]+\.(?:h|hpp|hh|hxx))(?: usability| presence)?")
_LIBRARY: Final = re.compile(r"\w+(?:\(\))? in -l(?P<library>[\w.+-]+)")


def is_log(path: str) -> bool:
    """Tell whether a file of this name is a configure script's."""
    try:
        with Path(path).open("rb") as file:
            return _START in file.read(200)
    except OSError:
        return False


def read(folder: str) -> tuple[tuple[Search, ...], tuple[str, ...]]:
    """Give what the script in a folder looked for, sorted, and a sentence if its log cannot be read."""
    path = Path(folder, FILE)
    try:
        if path.stat().st_size > LIMIT:
            return (), (f"{FILE}: longer than {LIMIT} bytes",)
        return parse(os.fsdecode(path.read_bytes())), ()
    except OSError as error:
        return (), (f"{FILE}: {error.strerror}",)


def parse(text: str) -> tuple[Search, ...]:
    """Give what a log tells, sorted; what was found at one of several tries was found."""
    found: dict[tuple[NameKind, str], bool] = {}
    for told in _CHECK.finditer(text):
        what, answer = told["what"].strip(), told["result"].strip()
        if header := _HEADER.fullmatch(what):
            key = NameKind.HEADER, header["header"]
        elif library := _LIBRARY.fullmatch(what):
            key = NameKind.LINK, library["library"]
        else:
            continue
        found[key] = found.get(key, False) or answer.startswith("yes")
    return tuple(sorted(Search("configure", *key, there, "", "", FILE) for key, there in found.items()))
