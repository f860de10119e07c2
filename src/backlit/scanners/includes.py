"""C, C++, Objective-C, CUDA, SWIG and SIP: headers that the tree's own sources include and that are not the tree's.

Only the first level is read: what a foreign header includes is its own. Preprocessor conditions are kept where they say
a platform, or a macro that somebody sets: ``#ifdef HAVE_SASL``. Include guards are no conditions. Sources also tell the
languages; whether a build compiles them is for the build's own files to say.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, LanguageUse, Required, Scope, Signal
from backlit.scanners import _build_code, _compiled, _platforms
from backlit.scanners._headers import own_headers
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


_Include: TypeAlias = tuple[str, int, bool, Condition]
"""One ``#include`` of a file: the header, the line, whether it is quoted, and the condition around it. A plain tuple:
a tree has tens of thousands, and of most it is asked only whether the header is the tree's own."""

_LANGUAGES: Final = {
    **dict.fromkeys((".c",), "c"),
    **dict.fromkeys((".cc", ".cpp", ".cxx", ".c++"), "cxx"),
    **dict.fromkeys((".cu",), "cuda"),
    **dict.fromkeys((".m",), "objc"),
    **dict.fromkeys((".mm",), "objcxx"),
}

_OF_MATLAB: Final = (".m",)
"""Endings that sources of MATLAB have, too."""

_OBJECTIVE: Final = re.compile(rb"(?m)^[ \t]*@(?:interface|implementation|protocol|class|import)\b")
"""What Objective-C has that includes nothing."""

_OF_APPLE: Final = frozenset({"objc", "objcxx"})
"""Languages that are written for macOS."""

_HEADERS: Final = (".h", ".hh", ".hpp", ".hxx", ".h++", ".inl", ".inc", ".ipp", ".tcc", ".cuh", ".i", ".swg", ".sip")


_BUILD_FILES: Final = (
    *("setup.cfg", "pyproject.toml", "meson.build", "CMakeLists.txt", "*.cmake", "configure.ac", "configure.in"),
    *("Makefile", "Makefile.am", "Makefile.in", "makefile", "GNUmakefile", "*.mk", "SConstruct", "SConscript"),
    *("wscript", "*.gyp", "*.pro", "build.rs"),
)
"""Files in which a build sets macros and names sources, beside its Python code."""

_OF_CYTHON: Final = (".pyx", ".pxd", ".pxi")


class Includes:
    """The scanner."""

    name = "includes"
    files = (
        *(f"*{ending}" for ending in (*_LANGUAGES, *_HEADERS, *_OF_CYTHON)),
        *(*_BUILD_FILES, "*.py", "*.pyx.in", "*.pxd.in"),
    )

    def digest(self, content: Content) -> object | None:
        """Keep the includes of a file, an empty list of a source tells its language; of a build's file its text."""
        path, scope = content.path, scope_of(content.path)
        if scope in {Scope.VENDORED, Scope.DOC}:
            return None
        if path.endswith(".py"):
            return _build_code.keep(content)
        if path.endswith((*_OF_CYTHON, ".in")) and not path.endswith("Makefile.in"):
            return frozenset(_EXTERN.findall(content.data)) or None if b"extern" in content.data else None
        if path.endswith(_OF_BUILDS):
            return content.text if scope is Scope.BUILD else None
        includes = tuple(_includes_in(content.data)) if _includes_any(content.data) else ()
        is_of_matlab = not includes and path.endswith(_OF_MATLAB) and not _OBJECTIVE.search(content.data)
        return None if is_of_matlab else includes

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give foreign headers, each once for each condition and part of the tree, and the languages."""
        kept = _Kept(tree, tree.kept_by(self))
        yield from self._languages(kept)
        seen: set[tuple[str, Scope, Condition]] = set()
        told: set[tuple[str, Scope]] = set()
        for path, includes in sorted(kept.foreign(), key=lambda item: not kept.is_compiled(item[0])):
            scope, platforms, compiled = scope_of(path), _platforms.of_path(path), kept.is_compiled(path)
            for header, line, is_quoted, around in includes:
                condition = around._replace(platforms=platforms) if platforms and not around.platforms else around
                key = (header, scope, condition)
                if key not in seen and (compiled or key[:2] not in told):
                    seen.add(key)
                    if compiled:
                        told.add(key[:2])
                    sure = compiled and kept.is_set(condition.switch)
                    yield _signal(path, (header, line, is_quoted, condition), scope, sure=sure)

    def _languages(self, kept: _Kept) -> Iterator[LanguageUse]:
        seen: set[tuple[str, Scope, Condition]] = set()
        for path in kept.includes:
            language = _LANGUAGES.get(path[path.rfind(".") :].lower())
            if language is None:
                continue
            scope = scope_of(path)
            compiled_on = Condition(("darwin",) if language in _OF_APPLE else _platforms.of_path(path))
            if (language, scope, compiled_on) not in seen:
                seen.add((language, scope, compiled_on))
                yield LanguageUse(language, path, "a source", scope, Confidence.MEDIUM, compiled_on)


class _Kept:
    """What was kept of a tree's files, and what it tells together."""

    def __init__(self, tree: Tree, digests: Mapping[str, object]) -> None:
        self.own = own_headers(tree.paths)
        self.includes: dict[str, tuple[_Include, ...]] = {}
        self._builds: dict[str, str] = {}
        self._by_meson = "meson.build" in tree.paths and "mesonpy" in tree.texts.get("pyproject.toml", "")
        self._externs: set[str] = set()
        self._set = {"": True}
        for path, digest in digests.items():
            if isinstance(digest, str):
                self._builds[path] = digest
            elif isinstance(digest, frozenset):
                self._externs |= {name.decode(errors="replace").strip() for name in digest}
            elif isinstance(digest, tuple):
                self.includes[path] = digest

    def foreign(self) -> Iterator[tuple[str, list[_Include]]]:
        """Give the includes of each file whose headers are not the tree's, of those files that have any."""
        named = {include[0] for includes in self.includes.values() for include in includes}
        foreign = {header for header in named if not self.own.has(header)}
        for path, includes in self.includes.items():
            if found := [include for include in includes if include[0] in foreign]:
                yield path, found

    @cached_property
    def _compiled(self) -> frozenset[str] | None:
        sources = [path for path in self.includes if path.lower().endswith(_ROOTS) and scope_of(path) is Scope.BUILD]
        texts = (name for text in self._builds.values() if "include" in text for name in _IN_TEXT.findall(text))
        entered = [path for name in (*self._externs, *texts) for path in self.own.meant_by(name)]
        entered += [path for path in self.includes if path.endswith(_GENERATING)]
        # Meson takes only sources that its files name.
        builds = [text for path, text in self._builds.items() if self._is_used(path)]
        gathers = not self._by_meson and _compiled.gathers(builds)
        return _compiled.compiled_of(sources, builds, gathering=gathers, entered=entered, included_by=self._included_by)

    def _is_used(self, path: str) -> bool:
        """Tell whether a build reads one of its files: a Makefile stands in many a folder that no build enters."""
        if self._by_meson:
            return path.endswith("meson.build")
        return self._makes or not path.endswith(_OF_MAKE)

    @cached_property
    def _makes(self) -> bool:
        """Whether something in the tree runs make and its like, or may: nothing else says what is built."""
        said = [text for path, text in self._builds.items() if path.endswith((".py", ".toml", ".txt", ".cmake", ".rs"))]
        return not said or any(form.search(text) for text in said for form in _MAKING)

    def _included_by(self, path: str) -> Sequence[str]:
        meant_by = self.own.meant_by
        return [meant for include in self.includes.get(path, ()) for meant in meant_by(include[0])]

    def is_compiled(self, path: str) -> bool:
        """Tell whether a build compiles a file, or may."""
        return self._compiled is None or path in self._compiled or scope_of(path) is not Scope.BUILD

    def is_set(self, switch: str) -> bool:
        """Tell whether a file of the build knows the macro of a condition."""
        macro = switch.removeprefix("macro ")
        if macro not in self._set:
            name = re.escape(macro)
            word = re.compile(rf"{name}\b(?:(?<=\b{name})|(?<=-D{name}))")  # which begins with a plain letter
            self._set[macro] = any(macro in text and word.search(text) is not None for text in self._builds.values())
        return self._set[macro]


def _signal(path: str, include: _Include, scope: Scope, *, sure: bool) -> Signal:
    """Give a header; of a file that is not compiled, and below a macro that no file of the build knows, as a hint."""
    header, line, is_quoted, condition = include
    return Signal(
        NameKind.HEADER,
        header,
        Kind.INCLUDED,
        f"{path}:{line}",
        f'#include "{header}"' if is_quoted else f"#include <{header}>",
        scope=scope,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        required=Required.OPTIONAL if condition.switch else Required.UNKNOWN,
        condition=condition,
    )


_DIRECTIVE: Final = re.compile(
    rb"#[ \t]*(?:(?:include|include_next|import)[ \t]*([<\"])([^>\"\n]{1,200})[>\"]"
    rb"|(ifdef|ifndef|if|elif|else|endif)\b([^\n]*))"
)
"""A directive, if nothing but blanks stands before it. Sought by its sign, for to try each line takes longer."""

_END: Final = ord("\n")

_MACROS: Final = {
    "win32": "WIN32 _WIN32 WIN64 _WIN64 __CYGWIN__ _MSC_VER MS_WINDOWS __MINGW32__ PLATFORM_WINDOWS",
    "darwin": r"__APPLE__ __MACH__ TARGET_OS_\w+ __MACOS__ __MACOSX__",
    "linux": "__linux__ __linux __gnu_linux__",
    "other": r"__\w+BSD__ __DragonFly__ __sun _AIX __hpux __ANDROID__ __EMSCRIPTEN__ __HAIKU__",
}
"""Macros by which compilers say what they compile for."""

_PLATFORMS: Final = tuple(
    (re.compile(rf"\b(?:{'|'.join(names.split())})\b"), platform) for platform, names in _MACROS.items()
)

_NOWHERE: Final = Condition()

_SWITCH: Final = re.compile(
    rb"\b((?:\w+_)?(?:HAVE|USE|WITH|ENABLE)_\w+|\w+_(?:SUPPORT|ENABLED?)|__(?:CUDACC|NVCC|CUDA_ARCH|HIPCC|HIP)__)(?!\w)"
)
"""Macros by which somebody turns something on, a build says that it found it, or a compiler for devices says that it
compiles: what is then included, a source for such a compiler asks for, if there is one."""

_EXTERN: Final = re.compile(rb"extern[ \t]+from[ \t]+[\"'<]{1,2}([^\"'>\n]{1,200})")
"""The headers that Cython has the C compiler include."""

_IN_TEXT: Final = re.compile(r"#[ \t]*include[ \t]*(?:<|\\?\")([^>\"\\\n]{1,200})")
"""Headers that code for a compiler names which stands in the build's own."""

_ROOTS: Final = (*_LANGUAGES,)

_GENERATING: Final = (".i", ".swg", ".sip")
"""Sources of generators, which include what they have the compiler include."""

_OF_MAKE: Final = ("Makefile", "Makefile.am", "Makefile.in", "makefile", ".mk", "SConstruct", "SConscript", "wscript")

_MAKING: Final = tuple(
    re.compile(form)
    for form in (
        r"make(?:(?<=['\"\s/]make)|(?<=['\"\s/][gn]make)|(?<=['\"\s/]mingw32-make))(?:\.exe)?['\"\s]",
        *(r"MAKE\b(?<=\bMAKE)", r"configure['\"\s(]", r"autogen", r"autoreconf", r"scons", r"waf\b(?<=\bwaf)"),
    )
)
"""How a build says that it runs them. What begins with plain letters is sought many times quicker than other forms."""

_OF_BUILDS: Final = tuple(name.removeprefix("*") for name in _BUILD_FILES)


def _includes_any(data: bytes) -> bool:
    return b"#" in data and (b"include" in data or b"import" in data)


def _behind_last(data: bytes) -> int:
    """Give where the line ends that has the last directive which may include something: most of a file is behind it."""
    last = 0
    for word in (b"include", b"import"):
        at = data.rfind(word, last)
        while at >= 0 and data[max(0, at - _BLANKS) : at].rstrip(b" \t")[-1:] not in {b"#", b""}:
            at = data.rfind(word, last, at)
        last = max(last, at)
    end = data.find(b"\n", last)
    return end if end >= 0 else len(data)


_BLANKS: Final = 40
"""Bytes before a word that are looked at: where all are blanks, a directive's sign may stand before them."""


def _includes_in(data: bytes) -> Iterator[_Include]:
    """Give the includes of a file, each with the conditions around it."""
    directives = [*_DIRECTIVE.finditer(data, 0, _behind_last(data))]
    open_: list[tuple[bytes, bytes]] = []
    known = [_NOWHERE]
    line, counted = 1, 0
    for found in directives:
        start = found.start()
        if start and data[start - 1] != _END and data[data.rfind(b"\n", 0, start) + 1 : start].strip(b" \t"):
            continue
        mark, name, word, expression = found.groups()
        if word is None:
            line += data.count(b"\n", counted, start)
            counted = start
            # Most directives have no include between them: only now is asked what they say.
            if len(known) <= len(open_):
                for directive in open_[len(known) - 1 :]:
                    known.append(_below(known[-1], _condition(*directive)))
            yield _header(name), line, mark == b'"', known[-1]
            continue
        if word in _ENDING:
            del open_[-1:], known[len(open_) + 1 :]
        if word != b"endif":
            open_.append((word, expression))


_ENDING: Final = frozenset({b"endif", b"else", b"elif"})
"""Directives that end the part before them."""


@lru_cache(maxsize=4096)
def _header(name: bytes) -> str:
    """Give a header's name as text; of a tree's sources many include the same."""
    return name.decode(errors="replace").strip()


@lru_cache(maxsize=4096)
def _condition(word: bytes, expression: bytes) -> Condition:
    """Give what a directive says: a platform, or a macro that somebody sets; nothing for what says neither."""
    text = expression.decode(errors="replace").strip()
    if word in {b"else", b"ifndef"} or text.startswith("0"):
        # The other branch of a test, or an include guard: on the remaining platforms.
        return Condition(platforms=("other",)) if text.startswith("0") else _NOWHERE
    if re.search(r"!\s*\(?\s*defined", text) or "||" in text:
        return _NOWHERE
    for pattern, platform in _PLATFORMS:
        if pattern.search(text):
            return Condition(platforms=(platform,))
    macro = _SWITCH.search(expression)
    return Condition(switch=f"macro {macro[1].decode()}") if macro else _NOWHERE


def _below(around: Condition, inner: Condition) -> Condition:
    """Give what holds inside both of two directives; the inner one's platform and macro are the nearer ones."""
    if inner == _NOWHERE:
        return around
    return Condition(platforms=inner.platforms or around.platforms, switch=inner.switch or around.switch)


ADAPTER: Final[Scanner] = Includes()
