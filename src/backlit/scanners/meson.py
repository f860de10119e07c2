"""Meson: what ``meson.build`` asks for, with its options and conditions, and the wraps of ``subprojects/``.

The files are parsed by the language's grammar and followed as Meson does: from the ``meson.build`` at the top through
``subdir()``. Variables, options with their defaults, ``foreach`` and formatted strings are followed; of ``if``, what is
said of the host's system and of options is kept as a condition. Recognised: ``dependency()``, ``find_library()``,
``has_header()``, ``find_program()``, ``run_command()``, ``-l`` in link arguments, the languages of ``project()`` and
``add_languages()``, and ``subproject()``.

A wrap, ``subprojects/x.wrap``, is a copy that a build takes where the system has none.

Formats: the Meson reference manual; "Wrap dependency system manual"; "Build options".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Scope, Signal, ToolUse, VendoredCopy
from backlit.scanners import _given, _meson_language as language, _meson_values, _meson_wraps, _when
from backlit.scanners._copies import name_and_version
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree

_OPTION_FILES: Final = ("meson.options", "meson_options.txt")


class Meson:
    """The scanner."""

    name = "meson"
    files = ("meson.build", *_OPTION_FILES, "*.wrap")

    def digest(self, content: Content) -> object | None:
        """Keep the text: which files count is known when the one at the top was read."""
        return content.text if scope_of(content.path) not in {Scope.TEST, Scope.EXAMPLE, Scope.DOC} else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give what the project at the top asks for."""
        kept: dict[str, str] = dict(tree.kept_by(self))
        if "meson.build" in kept:
            given = _given.to_meson(tree.texts.get("pyproject.toml", ""))
            yield from _Project(tree.paths, kept, _standing(tree), given=given).findings()


def _standing(tree: Tree) -> Confidence:
    """Say how sure it is that a build of the Python project goes through Meson."""
    pyproject, setup = tree.texts.get("pyproject.toml", ""), tree.texts.get("setup.py", "")
    if "mesonpy" in pyproject or "meson-python" in pyproject or not (pyproject or setup):
        return Confidence.HIGH
    return Confidence.MEDIUM if "meson" in pyproject or "meson" in setup else Confidence.LOW


_LANGUAGES: Final = {
    "c": "c",
    "cpp": "cxx",
    "fortran": "fortran",
    "cuda": "cuda",
    "objc": "objc",
    "objcpp": "objcxx",
    "rust": "rust",
    "nasm": "asm",
    "masm": "asm",
    "d": "d",
    "swift": "swift",
    "vala": "vala",
    "cs": "csharp",
    "java": "java",
}

_OF_PYTHON: Final = re.compile(r"python(?:-?\d[\d.]*)?(?:-embed)?|numpy|pybind11|nanobind|pythran")
"""Dependencies that Meson finds in Python, or that Python packages bring."""

_OF_COMPILER: Final = frozenset(
    {"threads", "openmp", "dl", "m", "rt", "iconv", "intl", "appleframeworks", "coarray", ""}
)
"""Dependencies that Meson finds in the compiler or the C library."""

_CHOOSING: Final = frozenset({"auto", "none", "system"})
"""What options are that say how to choose a dependency, and not which."""


_MOST_FILES: Final = 2000
"""How many files of one project are followed."""


class _Project:
    """One project, followed file by file."""

    def __init__(
        self,
        paths: frozenset[str],
        kept: dict[str, str],
        standing: Confidence,
        root: str = "",
        given: Mapping[str, str] | None = None,
    ) -> None:
        self._paths = paths
        self._kept = kept
        self._standing = standing
        self._root = root
        options = next((kept[root + file] for file in _OPTION_FILES if root + file in kept), "")
        self.values = _meson_values.Values(_meson_values.options_in(language.parse(options)), given)
        self._subprojects = "subprojects"
        self._entered: set[str] = set()
        self._asked: set[str] = set()
        self._tools: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """Give all that its files ask for, then what its wraps offer."""
        if self._standing is not Confidence.LOW and not self._root:
            for tool in ("meson", "ninja"):
                yield ToolUse(tool, "meson.build:1", "a project of Meson", confidence=self._standing)
        yield from self._file(self._root.rstrip("/"))
        yield from self._wraps()

    def _file(self, folder: str) -> Iterator[Finding]:
        path = f"{folder}/meson.build" if folder else "meson.build"
        if len(self._entered) > _MOST_FILES:
            return
        text = self._kept.get(path)
        if text is not None and path not in self._entered:
            self._entered.add(path)
            yield from self._block(language.parse(text), folder, _when.ALWAYS)

    def _block(self, nodes: Iterable[language.Node], folder: str, when: _when.When) -> Iterator[Finding]:
        for node in nodes:
            if isinstance(node, language.Choice):
                yield from self._choice(node, folder, when)
            elif isinstance(node, language.Loop):
                over = self.values.of(node.over)
                if len(node.names) == 1:
                    self.values.assign(node.names[0], over)
                yield from self._block(node.body, folder, when)
            elif isinstance(node, language.Assign):
                yield from self._expression(node.value, folder, when)
                self.values.assign(node.name, self.values.of(node.value), when)
            else:
                yield from self._expression(node, folder, when)

    def _choice(self, node: language.Choice, folder: str, when: _when.When) -> Iterator[Finding]:
        rest = when
        for test, body in node.branches:
            said = self.values.of(test).when if test is not None else _when.ALWAYS
            if test is not None:
                yield from self._expression(test, folder, rest)
            yield from self._block(body, folder, _when.both(rest, said))
            rest = _when.both(rest, _when.negated(said))

    def _expression(self, node: language.Node, folder: str, when: _when.When) -> Iterator[Finding]:
        """Give what the calls in an expression ask for."""
        pending = [node]
        while pending:
            at = pending.pop()
            if isinstance(at, language.Call):
                pending += [*at.arguments, *(value for _, value in at.words), *([at.of] if at.of else [])]
                read = _READ.get(at.name)
                if at.name == "subdir" and at.of is None:
                    for name in self.values.texts(at.arguments[0] if at.arguments else None):
                        yield from self._file(f"{folder}/{name}" if folder else name)
                elif read is not None:
                    yield from read(self, at, folder, when)
                yield from self._linked(at, folder, when)
            elif isinstance(at, language.Operation):
                pending += at.sides
            elif isinstance(at, language.Items):
                pending += at.items
            elif isinstance(at, language.Table):
                pending += [value for _, value in at.pairs]
            elif isinstance(at, language.Index):
                pending += [at.of, at.key]

    # ------------------------------------------------------------ calls

    def _project(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        self.values.override(self.values.texts(call.word("default_options")))
        self._subprojects = next(iter(self.values.texts(call.word("subproject_dir"))), self._subprojects)
        first = language.Items(call.arguments[1:])
        yield from self._language(call._replace(arguments=(first,)), folder, when)

    def _language(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        sure = self._standing if when.holds is True and "linux" in when.platforms else Confidence.LOW
        for name in self.values.texts(language.Items(call.arguments)):
            where, detail = _where(folder, call), f"{call.name}(... {name!r})"
            if name == "cython":
                yield ToolUse("cython", where, detail, confidence=sure)
            elif name in _LANGUAGES:
                yield LanguageUse(_LANGUAGES[name], where, detail, confidence=sure)

    def _dependency(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        if call.of is not None:
            return  # what a subproject made
        names = self.values.texts(language.Items(call.arguments))
        required, held = self._required(call, when)
        # One of several, or none: then only a name that is a library's for certain says something.
        unsure = len(names) > 1 or required is Required.OPTIONAL
        sure = Confidence.MEDIUM if unsure and self._standing is Confidence.HIGH else self._standing
        method = next(iter(self.values.texts(call.word("method"))), "")
        for name in names:
            plain = name.lower()
            if plain in _OF_COMPILER | _CHOOSING or _OF_PYTHON.fullmatch(plain):
                continue
            if method in {"", "auto", "pkg-config"} and "pkg-config" not in self._tools:
                self._tools.add("pkg-config")
                yield ToolUse("pkg-config", _where(folder, call), _detail(call, name), confidence=self._standing)
            self._asked.add(name)
            sense = NameKind.CMAKE if method == "cmake" else NameKind.MESON
            signal = self._signal(call, name, folder, held, required)._replace(sense=sense, kind=Kind.QUERIED)
            yield signal if held.is_aside else signal._replace(confidence=sure)

    def _library(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        if call.of is None:
            return
        required, held = self._required(call, when)
        for name in self.values.texts(call.arguments[0] if call.arguments else None):
            signal = self._signal(call, name, folder, held, required)._replace(sense=NameKind.LINK)
            # A folder is given where it is not the system's library: a Python package's, or the project's own.
            given = call.word("dirs") is not None
            yield signal._replace(confidence=Confidence.LOW) if given else signal

    def _header(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        required, held = self._required(call, when, default=Required.OPTIONAL)
        for name in self.values.texts(call.arguments[0] if call.arguments else None):
            signal = self._signal(call, name, folder, held, required)._replace(sense=NameKind.HEADER, kind=Kind.PROBED)
            # What is looked for to set a macro is not asked for.
            yield signal if required is Required.YES else signal._replace(confidence=Confidence.LOW)

    def _program(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        if call.of is not None:
            return
        required, held = self._required(call, when)
        for name in self.values.texts(language.Items(call.arguments)):
            if not name.endswith("-"):  # a version follows that is not known
                yield from self._run(self._signal(call, name, folder, held, required), folder)

    def _command(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        if call.of is not None:
            return
        first = call.arguments[0] if call.arguments else None
        if isinstance(first, language.Items):
            first = first.items[0] if first.items else None
        for name in self.values.texts(first) if isinstance(first, language.Text) else ():
            yield from self._run(self._signal(call, name, folder, when, when.needs(Required.YES)), folder)

    def _run(self, signal: Signal, folder: str) -> Iterator[Finding]:
        name = signal.name
        own = f"{folder}/{name}" if folder else name
        if "/" in name or own in self._paths or name in self._paths or not _PROGRAM.fullmatch(name):
            return
        if name.endswith(("-config", "_config")):
            yield signal._replace(sense=NameKind.CONFIG_TOOL, kind=Kind.QUERIED, version="")
        yield ToolUse(
            name,
            signal.where,
            signal.detail,
            signal.scope,
            signal.required,
            signal.condition,
            signal.version,
            signal.confidence,
        )

    def _subproject(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        if call.of is not None:
            return
        for name in self.values.texts(call.arguments[0] if call.arguments else None):
            self._asked.add(name)
            path = f"{self._root}{self._subprojects}/{name}"
            bare, written = name_and_version(name)
            yield VendoredCopy(
                bare,
                path,
                _where(folder, call),
                _detail(call, name),
                _version_in(self._kept.get(f"{path}/meson.build", "")) or written,
                compiled=when.holds,
                switch=when.switch,
            )
            if when.holds is not False and not self._root:
                yield from self._below(path, self.values.texts(call.word("default_options")), when)

    def _below(self, path: str, settings: Iterable[str], when: _when.When) -> Iterator[Finding]:
        """Give what a subproject cannot do without: it is compiled with the project."""
        inner = _Project(self._paths, self._kept, self._standing, f"{path}/")
        inner.values.override(settings)
        for item in inner.findings():
            if isinstance(item, Signal) and item.required is Required.YES:
                yield item._replace(required=when.needs(item.required))
            elif isinstance(item, LanguageUse) and when.holds:
                yield item

    def _linked(self, call: language.Call, folder: str, when: _when.When) -> Iterator[Finding]:
        """Give what ``-l`` in link arguments names."""
        given: list[language.Node] = [value for key, value in call.words if key in {"link_args", "libraries"}]
        if call.name in {"add_project_link_arguments", "add_global_link_arguments"}:
            given += call.arguments
        for value in given:
            for text in self.values.texts(value):
                if text.startswith("-l") and len(text) > len("-l"):
                    signal = self._signal(call, text[2:], folder, when, when.needs(Required.YES))
                    yield signal._replace(sense=NameKind.LINK, detail=f"{call.name}({text})")

    # ------------------------------------------------------------ helpers

    def _required(
        self, call: language.Call, when: _when.When, default: Required = Required.YES
    ) -> tuple[Required, _when.When]:
        """Say whether a call's answer may be no, and when it is asked: ``required`` may be an option of its own."""
        word = call.word("required")
        if word is None:
            return when.needs(default), when
        value = self.values.of(word)
        if value.option:
            when = _when.both(when, value.when)._replace(switch=f"option {value.option}")
            enabled = bool({"enabled", "true"} & set(value.texts))
            return Required.YES if enabled and when.needs(Required.YES) is Required.YES else Required.OPTIONAL, when
        if value.texts:
            return (when.needs(Required.YES) if "true" in value.texts else Required.OPTIONAL), when
        return Required.UNKNOWN, when

    def _signal(self, call: language.Call, name: str, folder: str, when: _when.When, required: Required) -> Signal:
        static = call.word("static")
        return Signal(
            NameKind.MESON,
            name,
            Kind.LINKED,
            _where(folder, call),
            _detail(call, name),
            confidence=Confidence.LOW if when.is_aside else self._standing,
            required=required,
            condition=when.condition,
            linkage="static" if "true" in self.values.texts(static) else "",
            version=",".join(self.values.texts(call.word("version"))),
        )

    def _wraps(self) -> Iterator[VendoredCopy]:
        """Give the projects that wraps stand for and that a file of the project asks for."""
        for path, text in sorted(self._kept.items()):
            folder, _, name = path.rpartition("/")
            if not name.endswith(".wrap") or folder != self._root + self._subprojects:
                continue
            wrap = _meson_wraps.Wrap(name.removesuffix(".wrap"), text)
            if wrap.offers & self._asked:
                copy = f"{folder}/{wrap.folder}"
                version = _version_in(self._kept.get(f"{copy}/meson.build", "")) or wrap.version
                yield VendoredCopy(wrap.name, copy, f"{path}:1", wrap.detail, version)


_READ: Final[dict[str, Callable[[_Project, language.Call, str, _when.When], Iterator[Finding]]]] = {
    "project": _Project._project,  # noqa: SLF001 - the class's own table
    "add_languages": _Project._language,  # noqa: SLF001
    "dependency": _Project._dependency,  # noqa: SLF001
    "find_library": _Project._library,  # noqa: SLF001
    **dict.fromkeys(("has_header", "check_header", "has_header_symbol"), _Project._header),  # noqa: SLF001
    "find_program": _Project._program,  # noqa: SLF001
    "run_command": _Project._command,  # noqa: SLF001
    "subproject": _Project._subproject,  # noqa: SLF001
}

_PROGRAM: Final = re.compile(r"(?!python)[A-Za-z][\w.+-]*(?<!\.py)(?<!\.sh)(?<!\.pl)")

_VERSION: Final = re.compile(r"\bproject\s*\([^)]*?\bversion\s*:\s*'([^'\n]{1,40})'")


def _version_in(text: str) -> str:
    found = _VERSION.search(text[:20_000])
    return found[1] if found and found[1][:1].isdigit() else ""


def _where(folder: str, call: language.Call) -> str:
    return f"{folder}/meson.build:{call.line}" if folder else f"meson.build:{call.line}"


def _detail(call: language.Call, name: str) -> str:
    return f"{call.name}({name!r})"[:120]


ADAPTER: Final[Scanner] = Meson()
