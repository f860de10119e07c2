"""Which sources and headers of a tree its build compiles, as far as the build's own files name them.

A source is compiled if a build's file has its name as a word, with or without its ending. Where such files also gather
sources by pattern, or by what lies in a folder, a source whose folder is named is compiled too. A header is compiled
with what includes it. Where no source is named at all, nothing is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_WORD: Final = re.compile(r"[\w.+-]+")

_SOURCE: Final = re.compile(r"(?i)\.(?:c|cc|cpp|cxx|c\+\+|cu|mm?|l?o)\b")
"""What stands in each file that names sources, or what is made of them."""

_GATHERING: Final = tuple(
    re.compile(form)
    for form in (
        *(rf"{word}(?<=\b{word})" for word in ("glob", "listdir", "scandir", "iterdir", "endswith")),
        *(rf"{word}\b(?<=\b{word})" for word in ("walk", "wildcard")),
        *(r"aux_source_directory", r"\*\.[cm]", r"%\.o"),
    )
)
"""What build files say where they take sources that they do not name, in lower case. Expressions that begin with plain
letters, one by one, are sought many times quicker than one of them all."""


def gathers(builds: Iterable[str]) -> bool:
    """Tell whether build files take sources that they do not name."""
    return any(form.search(text) for text in map(str.lower, builds) for form in _GATHERING)


def compiled_of(
    sources: Sequence[str],
    builds: Iterable[str],
    *,
    gathering: bool,
    entered: Iterable[str],
    included_by: Callable[[str], Iterable[str]],
) -> frozenset[str] | None:
    """Give the files that are compiled; None if the build's files name no source.

    `builds` has the texts of the build's files, and `gathering` says whether these take sources that they do not name;
    `entered` are more files that are compiled, such as headers that Cython names; `included_by` gives the tree's files
    that a file includes.
    """
    words = frozenset[str]().union(*(_WORD.findall(text) for text in builds if _SOURCE.search(text)))
    roots = [path for path in sources if _is_named(path, words, gathering=gathering)]
    return frozenset(_reached([*roots, *entered], included_by)) if roots else None


def _is_named(path: str, words: frozenset[str], *, gathering: bool) -> bool:
    *folders, name = path.split("/")
    if name in words or name.rpartition(".")[0] in words:
        return True
    return gathering and (not folders or not words.isdisjoint(folders))


def _reached(roots: Iterable[str], included_by: Callable[[str], Iterable[str]]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            yield path
            waiting.extend(included_by(path))
