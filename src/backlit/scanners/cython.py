"""Cython: the headers that ``cdef extern from`` names, and what ``# distutils:`` lines have linked.

``IF UNAME_SYSNAME == ...`` is kept as a platform. Whether Cython itself is needed, the build's own files say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, LanguageUse, Scope, Signal
from backlit.scanners import _platforms
from backlit.scanners._headers import own_headers
from backlit.scanners._lines import lines_with
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class _Said(NamedTuple):
    """One statement of a source."""

    sense: NameKind
    name: str
    line: int
    text: str
    condition: Condition


class _Source(NamedTuple):
    """What one source says."""

    said: tuple[_Said, ...]
    language: str
    shown: str
    """What shows the language."""


class Cython:
    """The scanner."""

    name = "cython"
    files = ("*.pyx", "*.pxd", "*.pxi", "*.pyx.in", "*.pxd.in")

    def digest(self, content: Content) -> object | None:
        """Keep headers, linked names and the language."""
        if scope_of(content.path) in {Scope.VENDORED, Scope.DOC}:
            return None
        text = content.text
        said = (*_headers_in(text), *_linked_in(text)) if "extern" in text or "distutils" in text else ()
        shown = next(_matched(_CXX, text, ("libcpp", "cppclass", "distutils")), None)
        return _Source(said, "cxx" if shown else "c", " ".join(shown[0].split()) if shown else "")

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give foreign headers and linked names, each once for each condition, and the languages."""
        kept: Mapping[str, _Source] = tree.kept_by(self)
        own = own_headers(tree.paths)
        seen: set[object] = set()
        all_cxx = _makes_cxx(tree.texts.get("setup.py", ""))
        for path, source in kept.items():
            scope = scope_of(path)
            language = "cxx" if all_cxx else source.language
            if path.endswith(".pyx") and (language, scope) not in seen:
                seen.add((language, scope))
                yield LanguageUse(language, path, source.shown or "a source of Cython", scope)
            for said in source.said:
                key = (said.sense, said.name, said.condition, scope)
                if key not in seen and not (said.sense is NameKind.HEADER and own.has(said.name)):
                    seen.add(key)
                    yield _signal(path, said, scope)


def _makes_cxx(setup: str) -> bool:
    """Tell whether setup.py has all that Cython makes compiled as C++."""
    made, as_cxx = len(_EXTENSION.findall(setup)), len(_AS_CXX.findall(setup))
    return bool(as_cxx) and as_cxx >= made


_EXTENSION: Final = re.compile(r"\bExtension\s*\(")

_AS_CXX: Final = re.compile(r"\blanguage['\"]?\s*[=:]\s*['\"](?:c\+\+|C\+\+|cpp)['\"]")


def _signal(path: str, said: _Said, scope: Scope) -> Signal:
    return Signal(
        said.sense,
        said.name,
        Kind.INCLUDED if said.sense is NameKind.HEADER else Kind.LINKED,
        f"{path}:{said.line}",
        said.text,
        scope=scope,
        condition=said.condition,
    )


_CXX: Final = re.compile(
    r"#\s*distutils:\s*language\s*=\s*(?:c\+\+|cpp)|\s*(?:from|cimport)\s+libcpp\b|\s*cdef\s+cppclass\b"
)

_LINE: Final = re.compile(
    r"([ \t]*)(?:cdef[ \t]+extern[ \t]+from[ \t]+[\"'<]{1,2}([^\"'>\n]{1,200})"
    r"|(IF|ELIF|ELSE)\b([^\n]*):)"
)

_QUOTES: Final = '"""'

_VERBATIM: Final = re.compile(rf"extern[ \t]+from[^\n]{{0,200}}:\s*({_QUOTES}|''')(.*?)\1", re.DOTALL)
"""C that is copied into what Cython makes."""

_INCLUDE: Final = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]{1,200})[>\"]", re.MULTILINE)


def _matched(form: re.Pattern[str], text: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """Give what an expression matches at the beginnings of lines, of which each has one of some words."""
    lines = (form.match(text, start) for start, _ in lines_with(text, words))
    return (found for found in lines if found)


def _headers_in(text: str) -> Iterator[_Said]:
    """Give the headers that a source names, with the platform of the ``IF`` around each."""
    open_: list[tuple[int, frozenset[str]]] = []
    line, counted = 1, 0
    for found in _matched(_LINE, text, ("extern", "IF", "ELSE")):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        indent = len(found[1].expandtabs())
        while open_ and open_[-1][0] >= indent:
            last = open_.pop()
            if found[3] == "ELSE" and last[0] == indent:
                open_.append((indent, _platforms.ALL - last[1] or _platforms.ALL))
                break
        if found[3] in {"IF", "ELIF"}:
            open_.append((indent, _platforms_in(found[4])))
        elif found[2] and found[2].strip() != "*":
            platforms = frozenset.intersection(_platforms.ALL, *(one for _, one in open_))
            condition = Condition() if platforms == _platforms.ALL else Condition(tuple(sorted(platforms)) or ("none",))
            yield _Said(NameKind.HEADER, found[2].strip(), line, " ".join(found[0].split()), condition)
    for block in _VERBATIM.finditer(text) if _QUOTES in text or "'''" in text else ():
        for found in _INCLUDE.finditer(block[2]):
            at = text.count("\n", 0, block.start(2) + found.start()) + 1
            yield _Said(NameKind.HEADER, found[1], at, found[0].strip(), Condition())


def _platforms_in(test: str) -> frozenset[str]:
    named = re.findall(r"[\"']([^\"'\n]{1,40})[\"']", test) if "UNAME" in test else []
    found = frozenset(platform for name in named if (platform := _platforms.named(name)))
    if not found:
        return _platforms.ALL
    return _platforms.ALL - found if "!=" in test else found


_LIBRARIES: Final = re.compile(r"#\s*distutils:\s*(libraries|extra_link_args)\s*=\s*([^\n]*)")

_ALIAS: Final = re.compile(r"[A-Z]+_[A-Z_]+")
"""A name that setup.py gives ``cythonize(aliases=...)``, for libraries that it knows."""


def _linked_in(text: str) -> Iterator[_Said]:
    for found in _matched(_LIBRARIES, text, ("distutils",)):
        line = text.count("\n", 0, found.start()) + 1
        for word in re.split(r"[\s,\[\]\"']+", found[2]):
            name = word.removeprefix("-l") if found[1] == "extra_link_args" else word
            linked = word.startswith("-l") if found[1] == "extra_link_args" else not _ALIAS.fullmatch(word)
            if linked and re.fullmatch(r"\w[\w.+-]*", name):
                yield _Said(NameKind.LINK, name, line, " ".join(found[0].split())[:120], Condition())


ADAPTER: Final[Scanner] = Cython()
