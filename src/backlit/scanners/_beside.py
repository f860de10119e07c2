"""Headers beside sources of their own name, as those are that were copied in without their folder; headers alone.

``picohttpparser.h`` beside ``picohttpparser.c``, ``lzf.h`` beside ``lzf_c.c`` and ``lzf_d.c``, ``include/cbf.h`` with
what lies in ``src``. Short names are anybody's: one counts with two sources, in a folder of that name, or on a shelf
for copies.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from backlit.model.signal import Scope
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_HEADERS: Final = (".h", ".hh", ".hpp", ".hxx")

_COMPILED: Final = (".c", ".cc", ".cpp", ".cxx")

_SHORTEST: Final = 3
"""What is named with fewer letters may be anything."""

_PARTS: Final = frozenset({"include", "includes", "inc", "headers", "src", "source", "lib", "core", "detail", "impl"})
"""Names that folders of headers have in any project."""

_INSTRUCTIONS: Final = frozenset(
    {"sse", "sse2", "sse41", "sse42", "avx", "avx2", "avx512", "neon", "sve", "vsx", "rvv"}
)
"""Sets of instructions: the folder of what is written for one is called so."""

_LONG: Final = 8
"""A name with so many letters is one library's alone."""


def headers(files: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Give such headers, each once, and its path; `files` are names by folder."""
    seen: set[str] = set()
    for folder in sorted(files):
        # Only now: most folders have no header.
        found = [name for name in files[folder] if name.endswith(_HEADERS) and name not in seen]
        stems = _stems(files[folder] | _beside(files, folder)) if found else Counter()
        for name in sorted(found):
            stem = name.rpartition(".")[0]
            told = len(stem) >= _LONG or stems[stem] > 1 or folder.rpartition("/")[2] == stem or _is_shelf(folder)
            if stems[stem] and len(stem) >= _SHORTEST and told:
                seen.add(name)
                yield name, f"{folder}/{name}" if folder else name


def folders(files: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Give folders of headers alone, as a library of nothing else has one: a header as it is named, and the folder."""
    for folder in sorted(files):
        name = folder.rpartition("/")[2]
        if len(name) < _SHORTEST or name.lower() in _PARTS | _INSTRUCTIONS:
            continue
        # One of them is named for it, as a library's first header is.
        own = (file for file in files[folder] if file.endswith(_HEADERS) and file.startswith(name))
        header = min(own, default="")
        if header and not any(file.endswith((*_COMPILED, ".py", ".pyx")) for file in files[folder]):
            yield f"{name}/{header}", folder


def _beside(files: Mapping[str, set[str]], folder: str) -> set[str]:
    """Give the names in the folder of the sources to a folder of headers."""
    above, _, name = folder.rpartition("/")
    return files.get(f"{above}/src" if above else "src", set()) if name == "include" else set()


def _is_shelf(folder: str) -> bool:
    return scope_of(f"{folder.rpartition('/')[2]}/x") is Scope.VENDORED


def _stems(names: Iterable[str]) -> Counter[str]:
    """Count the sources by what they are named for, whole and up to each ``_``."""
    whole = [name.rpartition(".")[0] for name in names if name.endswith(_COMPILED)]
    return Counter(stem[:end] for stem in whole for end in (*(at.start() for at in re.finditer("_", stem)), len(stem)))
