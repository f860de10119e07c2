"""Autotools: what ``configure.ac`` looks for, with its options and the conditions of m4 and of the shell.

Recognised: ``PKG_CHECK_MODULES``, ``PKG_CHECK_EXISTS``, ``AC_CHECK_LIB``, ``AC_SEARCH_LIBS``, ``AC_CHECK_HEADERS``,
``AC_PATH_PROG`` and its like, ``AC_PROG_*`` for compilers and generators, ``AM_PATH_*`` for ``*-config`` programs.
Whether the build can do without is said by the action for what was not found: none, or an error, means no.
``AS_IF``, ``AS_CASE``, ``if`` and ``case`` are followed for options (``--with-x``, ``--enable-x``) and for the host.

Only what the build of the Python project runs counts: a ``configure.ac`` that is not another project's copy, where the
build's own code names ``configure``. Otherwise, all this is a hint.

Formats: the manuals of Autoconf, "Writing Autoconf Input" and "Existing Tests", and of pkg-config, pkg.m4.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Scope, Signal, ToolUse
from backlit.scanners import _m4, _when
from backlit.scanners._copies import has_papers
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree

_NAMES: Final = ("configure.ac", "configure.in")

_RUNS: Final = tuple(re.compile(form) for form in (rb"configure(?<=\bconfigure)['\"]", rb"auto(?:reconf|gen\.sh)"))


class Autotools:
    """The scanner."""

    name = "autotools"
    files = (*_NAMES, "*.py")

    def digest(self, content: Content) -> object | None:
        """Keep the text; of Python code, that it runs ``configure``."""
        scope = scope_of(content.path)
        if content.path.endswith(".py"):
            near = scope is Scope.BUILD and content.path.count("/") <= 1
            return True if near and any(form.search(content.data) for form in _RUNS) else None
        return content.text if scope is Scope.BUILD else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give what the project's own files look for."""
        kept = tree.kept_by(self)
        runs = True in kept.values() or not (tree.texts.get("pyproject.toml") or tree.texts.get("setup.py"))
        for path, text in kept.items():
            folder = path.rpartition("/")[0]
            if isinstance(text, str) and not (folder and has_papers(tree.paths, folder)):
                standing = Confidence.HIGH if runs else Confidence.LOW
                yield from _File(path, text, standing).findings()
                if f"{folder}/configure".lstrip("/") not in tree.paths:
                    yield ToolUse("autoconf", f"{path}:1", "no configure beside it", confidence=standing)


class _Open(NamedTuple):
    """An ``if`` or ``case`` of the shell that is not closed yet."""

    outside: _when.When
    so_far: _when.When
    subject: str
    """What a ``case`` looks at; empty for an ``if``."""


_MACROS: Final = (
    r"PKG_CHECK_MODULES|PKG_CHECK_EXISTS|PKG_PROG_PKG_CONFIG|AC_CHECK_LIB|AC_SEARCH_LIBS|AC_CHECK_HEADERS?|AS_IF|AS_CASE"
    r"|AM_COND_IF|AC_(?:PATH|CHECK)_(?:PROGS?|TOOLS?)|A[CX]_(?:PROG|PKG)_\w+|AM_PATH_\w+|AC_ARG_(?:WITH|ENABLE)|LT_INIT"
    r"|AM_INIT_AUTOMAKE|AC_MSG_\w+"
)

_STEP: Final = re.compile(
    rf"\b(?P<macro>{_MACROS})\b(?P<open>\()?"
    r"|(?<![\w$.-])(?P<word>if|elif|case|else|fi|esac)(?![\w.=-])"
    r"|(?P<next>;;)"
    r"|(?m:^[ \t]*(?P<pattern>[\w*|. \"'-]{1,80})\)[ \t]*$)"
)

_LANGUAGES: Final = {"CC": "c", "CXX": "cxx", "F77": "fortran", "FC": "fortran", "OBJC": "objc", "OBJCXX": "objcxx"}

_GENERATORS: Final = {"LEX": "flex", "YACC": "bison", "SWIG": "swig", "CYTHON": "cython", "BISON": "bison"}

_DEEPEST: Final = 16


class _File:
    """One ``configure.ac``."""

    def __init__(self, path: str, text: str, standing: Confidence) -> None:
        self._path = path
        self._text = _m4.without_comments(text)
        self._lines = [found.end() for found in re.finditer("\n", self._text)]
        self._standing = standing
        self._defaults = dict(_DEFAULT.findall(self._text))
        self._options = {f"{kind.lower()}_{name.replace('-', '_')}" for kind, name in _OPTION.findall(self._text)}

    def findings(self) -> Iterator[Finding]:
        """Give all that it looks for."""
        yield from self._read(0, len(self._text), _when.ALWAYS, 0)

    def _read(self, at: int, end: int, when: _when.When, depth: int) -> Iterator[Finding]:
        """Read one stretch of the text under a condition."""
        stack: list[_Open] = []
        while depth < _DEEPEST and (found := _STEP.search(self._text, at, end)):
            at = found.end()
            if found["macro"]:
                given: tuple[_m4.Argument, ...] = ()
                if found["open"]:
                    given, at = _m4.arguments(self._text, at, end)
                yield from self._macro(found["macro"], given, found.start(), when, depth)
            else:
                when = self._shell(found, stack, when)

    def _shell(self, found: re.Match[str], stack: list[_Open], when: _when.When) -> _when.When:
        """Give the condition after a word of the shell."""
        word = found["word"]
        if word in {"if", "case"}:
            test = _line_after(self._text, found.end())
            said = self._test(test) if word == "if" else _when.UNKNOWN
            stack.append(_Open(when, said, test if word == "case" else ""))
            return _when.both(when, said)
        if not stack:
            return when
        top = stack[-1]
        if word in {"fi", "esac"}:
            return stack.pop().outside
        if word in {"elif", "else"} and not top.subject:
            said = self._test(_line_after(self._text, found.end())) if word == "elif" else _when.ALWAYS
            stack[-1] = top._replace(so_far=_when.either(top.so_far, said))
            return _when.both(top.outside, _when.both(_when.negated(top.so_far), said))
        if found["pattern"] and top.subject:
            return _when.both(top.outside, self._arm(top.subject, found["pattern"]))
        return top.outside if found["next"] else when

    def _macro(
        self, name: str, given: tuple[_m4.Argument, ...], at: int, when: _when.When, depth: int
    ) -> Iterator[Finding]:
        if name in {"AS_IF", "AS_CASE", "AM_COND_IF"}:
            for argument, said in self._arms(name, given):
                yield from self._inside(argument, _when.both(when, said), depth)
            return
        where = f"{self._path}:{bisect_right(self._lines, at) + 1}"
        found = _Found(name, given, where, when, self._standing)
        yield from found.findings()
        for number, argument in enumerate(given[1:], 1):
            # Actions, and what an option does where it is given.
            if number > 1 or name == "AC_ARG_WITH":
                yield from self._inside(argument, _when.both(when, _when.UNKNOWN), depth)

    def _inside(self, argument: _m4.Argument, when: _when.When, depth: int) -> Iterator[Finding]:
        if "_" in argument.text:
            yield from self._read(argument.at, argument.at + len(argument.text), when, depth + 1)

    # ------------------------------------------------------------ tests

    def _arms(self, name: str, given: tuple[_m4.Argument, ...]) -> Iterator[tuple[_m4.Argument, _when.When]]:
        """Give the bodies of a condition of m4, each with its test."""
        rest = _when.ALWAYS
        tests = given[1:] if name == "AS_CASE" else given
        for number in range(0, len(tests), 2):
            if number + 1 == len(tests):
                yield tests[number], rest
                return
            subject = given[0].text if name == "AS_CASE" else ""
            text = tests[number].text
            said = self._arm(subject, text) if subject else _when.UNKNOWN if name == "AM_COND_IF" else self._test(text)
            yield tests[number + 1], _when.both(rest, said)
            rest = _when.both(rest, _when.negated(said))

    def _test(self, text: str) -> _when.When:
        """Give when a test of the shell holds."""
        found = _COMPARED.search(text)
        if found is None or " -o " in text or "||" in text:
            return _when.UNKNOWN
        said = self._arm(f"${found[1]}", found[3])
        return _when.negated(said) if found[2] == "!=" else said

    def _arm(self, subject: str, pattern: str) -> _when.When:
        """Give when a pattern fits what is looked at: the host, or an option."""
        if re.search(r"\$\{?(?:host|target|build_os|uname)", subject):
            systems = [system for word, system in _HOSTS.items() if re.search(word, pattern)]
            return _when.on(*systems) if systems else _when.UNKNOWN
        named = re.search(r"\$\{?((?:with|enable)_\w+)", subject)
        if named is None or named[1] not in self._options:
            return _when.UNKNOWN
        default = self._defaults.get(named[1])
        fits = {text.strip(" \"'").removeprefix("x") for text in pattern.split("|")}
        holds = None if default in {None, "auto", "maybe", "check"} else default in fits
        return _when.switched(f"option {named[1].replace('_', '-')}", default=holds)


_DEFAULT: Final = re.compile(r"\b((?:with|enable)_\w+)=[\"']?(yes|no|auto|maybe|check)\b")

_OPTION: Final = re.compile(r"AC_ARG_(WITH|ENABLE)\(\s*\[?([\w-]+)")

_COMPARED: Final = re.compile(r"\$\{?((?:with|enable|host|target)\w*)\}?[\"']?\s*(!=|==?)\s*[\"']?x?([\w*-]*)")

_HOSTS: Final = {
    "linux": "linux",
    "darwin|apple": "darwin",
    "mingw|cygwin|msys|windows|win32": "win32",
    "bsd|solaris": "other",
}


def _line_after(text: str, at: int) -> str:
    return text[at : min(at + 200, text.find("\n", at) % (len(text) + 1))]


class _Found(NamedTuple):
    """One call of a macro."""

    macro: str
    given: tuple[_m4.Argument, ...]
    where: str
    when: _when.When
    standing: Confidence

    def findings(self) -> Iterator[Finding]:
        """Give what it looks for."""
        if self.macro in {"PKG_CHECK_MODULES", "PKG_CHECK_EXISTS"}:
            yield from self._modules()
        elif self.macro in {"AC_CHECK_LIB", "AC_SEARCH_LIBS"}:
            yield from self._libraries()
        elif self.macro.startswith("AC_CHECK_HEADER"):
            yield from self._headers()
        else:
            yield from self._programs()

    def _text(self, number: int) -> str:
        return self.given[number].text.strip() if number < len(self.given) else ""

    def _required(self, missing: int) -> Required:
        """Say whether the build can do without, by the argument that says what to do then."""
        action = self._text(missing)
        fails = "AC_MSG_ERROR" in action or "AC_MSG_FAILURE" in action or re.search(r"\bexit 1", action) is not None
        return self.when.needs(Required.YES if fails else Required.OPTIONAL)

    def _modules(self) -> Iterator[Finding]:
        first = self.macro == "PKG_CHECK_MODULES"
        missing = 3 if first else 2
        required = self._required(missing)
        if first and not self._text(missing):
            required = self.when.needs(Required.YES)
        yield ToolUse("pkg-config", self.where, self.macro, required=required, confidence=self.standing)
        for name, version in _MODULE.findall(self._text(int(first))):
            signal = self._signal(NameKind.PKGCONFIG, name, Kind.QUERIED, required)
            if required is not Required.YES and not self.when.switch:
                # Something for tests, or for a part that nobody names.
                signal = signal._replace(confidence=min(signal.confidence, Confidence.MEDIUM, key=_ORDER.index))
            yield signal._replace(version=re.sub(r"\s", "", version))

    def _libraries(self) -> Iterator[Signal]:
        searched = self.macro == "AC_SEARCH_LIBS"
        required = self._required(3)
        for number, name in enumerate(self._text(int(searched)).split()):
            if re.fullmatch(r"[A-Za-z0-9_][\w.+-]*", name):
                signal = self._signal(NameKind.LINK, name, Kind.LINKED, required)
                if number or required is not Required.YES:
                    signal = signal._replace(confidence=min(self.standing, Confidence.MEDIUM, key=_ORDER.index))
                yield signal

    def _headers(self) -> Iterator[Signal]:
        required = self._required(2)
        for name in self._text(0).split():
            if re.fullmatch(r"[\w./+-]+\.h(?:h|pp|xx)?", name):
                signal = self._signal(NameKind.HEADER, name, Kind.PROBED, required)
                # What is looked for to set a macro is not asked for.
                yield signal if required is Required.YES else signal._replace(confidence=Confidence.LOW)

    def _programs(self) -> Iterator[Finding]:
        macro, _, rest = self.macro.partition("_PROG_")
        sure = self.standing if self.when.holds else min(self.standing, Confidence.MEDIUM, key=_ORDER.index)
        if rest in _LANGUAGES:
            yield LanguageUse(_LANGUAGES[rest], self.where, self.macro, confidence=sure)
        elif tool := _GENERATORS.get(rest or self.macro.rpartition("_")[2]):
            yield self._tool(tool, Required.UNKNOWN)
        elif re.fullmatch(r"AC_(?:PATH|CHECK)_(?:PROG|TOOL)S?", self.macro):
            for name in self._text(1).split()[:1]:
                if re.fullmatch(r"(?!python)[A-Za-z][\w.+-]*", name):
                    yield from self._program(name)
        elif macro.startswith("AM_PATH_") and not macro.startswith("AM_PATH_PYTHON"):
            yield from self._program(f"{macro.removeprefix('AM_PATH_').lower()}-config")

    def _program(self, name: str) -> Iterator[Finding]:
        if name.endswith("-config"):
            yield self._signal(NameKind.CONFIG_TOOL, name, Kind.QUERIED, self.when.needs(Required.UNKNOWN))
        yield self._tool(name, Required.UNKNOWN)

    def _tool(self, name: str, required: Required) -> ToolUse:
        need, condition = self.when.needs(required), self.when.condition
        return ToolUse(name, self.where, self.macro, required=need, condition=condition, confidence=self.standing)

    def _signal(self, sense: NameKind, name: str, kind: Kind, required: Required) -> Signal:
        detail = f"{self.macro}({', '.join(argument.text.strip() for argument in self.given[:2])})"
        return Signal(
            sense,
            name,
            kind,
            self.where,
            " ".join(detail.split())[:120],
            confidence=Confidence.LOW if self.when.is_aside else self.standing,
            required=required,
            condition=self.when.condition,
        )


_ORDER: Final = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)

_MODULE: Final = re.compile(r"(?<![\w$.<>=+-])([A-Za-z][\w.+-]*)(\s*[<>]?=\s*[\d][\w.]*)?(?![\w}(])")


ADAPTER: Final[Scanner] = Autotools()
