"""setup.py, setup.cfg and all other Python code of a build: what it links, asks for and compiles.

Read are ``setup.py``, a backend in the tree, hooks, cffi's build scripts, and what these import. All that flows into
``libraries`` is a name after ``-l``, wherever that stands: an argument of ``Extension(...)`` or ``set_source(...)``, a
key of a dictionary, an attribute, something appended. So is ``-lfoo`` in a text. What runs pkg-config asks for a
module; a program ``foo-config`` asks for its library; ``#include`` in a text that is compiled asks for a header.

Conditions stay: platforms, and the environment variables and options by which somebody chooses.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, Scope, Signal, ToolUse, VendoredCopy
from backlit.scanners import _build_code, _commands, _follow, _imports, _python
from backlit.scanners._copies import bare, own_name
from backlit.scanners._listing import names_in
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree
    from backlit.scanners._python import Module, Value


class SetupPy:
    """The scanner."""

    name = "setup_py"
    files = ("*.py", "setup.cfg", "CMakeLists.txt")

    def digest(self, content: Content) -> object | None:
        """Keep the texts of sources that a build may run, and the libraries that CMake makes in the tree."""
        if content.path == "setup.cfg":
            return content.text
        if content.path.endswith(".txt"):
            return frozenset(name.decode() for name in _MADE.findall(content.data)) or None
        return None if content.path.endswith(".cfg") else _build_code.keep(content)

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give libraries, tools and languages."""
        digests: Mapping[str, str | frozenset[str]] = tree.kept_by(self)
        kept = {path: text for path, text in digests.items() if isinstance(text, str)}
        made = frozenset().union(*(names for names in digests.values() if isinstance(names, frozenset)))
        yield from _of_config(kept.get("setup.cfg", ""))
        sources = {path: text for path, text in kept.items() if path.endswith(".py")}
        own = names_in(tree.paths)
        for path, module in _build_code.modules_of(tree, sources):
            scope = scope_of(path)
            # What setup.py reaches is the build's, wherever it lies.
            scope = scope if scope is Scope.TEST else Scope.BUILD
            yield from _links_in(path, module, scope, made)
            yield from _questions_in(path, module, scope)
            yield from _headers_in(path, module, scope, own)
            yield from _compiled_by(path, module, scope, tree.paths)
            yield from _made_by(path, module, own_name(tree))
            if scope is Scope.BUILD:
                for requirement in (*_imports.required_by(path, module), *_imports.asked_for_by(path, module)):
                    yield requirement
                    yield from _imports.cython_of(requirement, tree.paths)


# ---------------------------------------------------------------- libraries

_LIBRARIES: Final = re.compile(r"(?i)(?:\w*_)?libraries")
_LIBS: Final = re.compile(r"(?i)(?:\w*_)?(?:libs|librarys|library_names?|lib_names?)")

_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.+-]{0,60}")

_NO_NAME: Final = re.compile(
    r"(?i).*\.(?:py|h|hpp|c|cpp|txt|dll|dylib|lib|framework|in|zip|gz|xz|bz2|tar|exe|json|cfg)"
    r"|.*\.so(?:\..*)?|\d+|[\d.]+|true|false|none"
)

_FLAG: Final = re.compile(r"(?:^|(?<=\s))-l\s?([A-Za-z_][\w.+-]*)")


_MADE: Final = re.compile(rb"(?i)\badd_library\s*\(\s*([A-Za-z][\w.+-]*)")
"""Libraries that CMake makes in the tree; a copy of another project may make one of a known name."""


def _links_in(path: str, module: Module, scope: Scope, made: frozenset[str]) -> Iterator[Signal]:
    own = frozenset(_own_libraries(module))
    given: set[str] = set()
    # What a variable holds is linked where it is given on, under the conditions there.
    flows = [*module.flows()]
    flows.sort(key=lambda flow: _LIBRARIES.fullmatch(flow[0]) is None)
    for name, node, expression in flows:
        sure = _LIBRARIES.fullmatch(name) is not None
        if not sure and not _LIBS.fullmatch(name):
            continue
        called = module.name_called(node) if isinstance(node, ast.Call) else ""
        if called == "setup":
            continue
        probing = _follow.is_probe(node)
        for value in _follow.texts(module, expression):
            for text in _names_in(value.text):
                if text not in own and _NAME.fullmatch(text) and not _NO_NAME.fullmatch(text):
                    if sure:
                        given.add(text)
                    elif text in given:
                        continue
                    at = _At(path, getattr(node, "lineno", 1), scope, value, sure and text not in made, probing)
                    yield _linked(at, text, f"{name}={text!r}")
    yield from _flags_in(path, module, scope)


def _names_in(text: str) -> list[str]:
    """Give the names in a text: one, or several in one line with or without ``-l``."""
    if "-l" in text:
        return []  # read as flags
    return [text] if " " not in text else []


_FLAGS: Final = re.compile(r"(?i).*(?:link|ldflags|lflags|ldadd|libs|libraries|flags|args).*")


def _flags_in(path: str, module: Module, scope: Scope) -> Iterator[Signal]:
    for name, node, expression in module.flows():
        if not _FLAGS.fullmatch(name):
            continue
        for value in _follow.texts(module, expression):
            words = value.text.split()
            if "-l" in value.text and all(word.startswith(("-", "/", "$", "{", "%")) for word in words):
                for found in _FLAG.finditer(value.text):
                    if not _NO_FLAG.fullmatch(found[1]):
                        yield _linked(_At(path, getattr(node, "lineno", 1), scope, value), found[1], found[0])


_NO_FLAG: Final = re.compile(r"ink|ist|ib|og|ong|evel|ocal|anguage.*|ibs|ibdir|imit.*|ine.*|oad.*")
"""What follows the ``-l`` of other options."""


class _At(NamedTuple):
    """One place of a source."""

    path: str
    line: int
    scope: Scope
    value: Value
    """The conditions there."""
    sure: bool = True
    probing: bool = False
    """Whether it is only tried."""


def _linked(at: _At, name: str, said: str) -> Signal:
    return Signal(
        NameKind.LINK,
        name,
        Kind.PROBED if at.probing else Kind.LINKED,
        f"{at.path}:{at.line}",
        said,
        scope=at.scope,
        confidence=Confidence.LOW if at.probing else Confidence.HIGH if at.sure else Confidence.MEDIUM,
        required=at.value.required,
        condition=at.value.condition,
    )


_MAKING: Final = ("create_static_lib", "link_shared_lib", "link_shared_object")
"""Functions of compilers whose second argument is the library that they make."""


def _own_libraries(module: Module) -> Iterator[str]:
    """Give the libraries that the build makes itself.

    ``setup(libraries=[(name, {...})])``, ``create_static_lib``, ``Extension("package.libs.libname")``.
    """
    for call in module.calls():
        named = [word.value for word in call.keywords if word.arg == "name"] or call.args[:1]
        if named and module.name_called(call).endswith("Extension"):
            joined = isinstance(named[0], ast.Call) and module.name_called(named[0]) == "join" and named[0].args
            for value in _follow.texts(module, joined[-1] if joined else named[0]):
                made = re.split(r"[./\\]", value.text)[-1]
                if made.startswith("lib"):
                    yield made.removeprefix("lib")
    for call in (call for name in _MAKING for call in module.called(name) if len(call.args) > 1):
        yield from (value.text for value in _follow.texts(module, call.args[1]))
    for node in module.rows:
        if len(node.elts) == 2:  # noqa: PLR2004 - a name and how it is built
            name, how = node.elts
            is_dict = isinstance(how, ast.Dict) or (isinstance(how, ast.Call) and _python.last_of(how.func) == "dict")
            if is_dict and isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _made_by(path: str, module: Module, own: str) -> Iterator[VendoredCopy]:
    """Give the libraries that the build makes itself and that may be another project's, by their names."""
    for node in module.rows:
        name, how = node.elts if len(node.elts) == 2 else (None, None)  # noqa: PLR2004 - a name and how it is built
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and isinstance(how, ast.Dict):
            if _MAKING_OF.isdisjoint(_constants(how.keys)) or bare(name.value) == own:
                continue
            where, detail = f"{path}:{node.lineno}", f"libraries=[({name.value!r}, ...)]"
            yield VendoredCopy(name.value, "", where, detail, compiled=True, sure=False)


_MAKING_OF: Final = frozenset({"sources", "local_source"})
"""Keys of what says how a library of the build is made."""


def _constants(nodes: Sequence[ast.expr | None]) -> frozenset[str]:
    return frozenset(str(node.value) for node in nodes if isinstance(node, ast.Constant))


# ---------------------------------------------------------------- pkg-config, *-config


def _questions_in(path: str, module: Module, scope: Scope) -> Iterator[Finding]:
    for asked in _commands.asked_in(module):
        yield Signal(
            NameKind.PKGCONFIG,
            asked.name,
            Kind.QUERIED,
            f"{path}:{asked.line}",
            asked.said,
            scope=scope,
            confidence=Confidence.HIGH if asked.sure else Confidence.MEDIUM,
            required=asked.value.required,
            condition=asked.value.condition,
            version=asked.version,
        )
    for program in _commands.config_programs_in(module):
        where = f"{path}:{program.line}"
        reach = program.value
        yield Signal(
            NameKind.CONFIG_TOOL,
            program.name,
            Kind.QUERIED,
            where,
            program.said,
            scope=scope,
            confidence=Confidence.MEDIUM,
            required=reach.required,
            condition=reach.condition,
        )
        yield ToolUse(program.name, where, program.said, scope, reach.required, reach.condition)
    for tool in _commands.tools_in(module):
        reach = tool.value
        yield ToolUse(tool.name, f"{path}:{tool.line}", tool.said, scope, reach.required, reach.condition)


# ---------------------------------------------------------------- headers

_INCLUDE: Final = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]{1,200})[>\"]", re.MULTILINE)

_HEADER: Final = re.compile(r"[A-Za-z][\w+/.-]*\.(?:h|hpp|hh|hxx)")


def _headers_in(path: str, module: Module, scope: Scope, own: frozenset[str]) -> Iterator[Signal]:
    compiled = bool(module.called("set_source") or module.called("verify"))
    for node in module.texts:
        text = str(node.value)
        if ".h" not in text:
            continue
        if "include" in text:
            for found in _INCLUDE.finditer(text):
                if found[1].rpartition("/")[2] not in own:
                    line = node.lineno + text.count("\n", 0, found.start())
                    at = _At(path, line, scope, module.reach_of(node), compiled)
                    yield _header(at, found[1], found[0].strip())
        elif _HEADER.fullmatch(text) and text.rpartition("/")[2] not in own:
            yield _header(_At(path, node.lineno, scope, module.reach_of(node), sure=False), text, repr(text))


def _header(at: _At, header: str, said: str) -> Signal:
    """Give a header: included by what is compiled, else looked for."""
    return Signal(
        NameKind.HEADER,
        header,
        Kind.INCLUDED if at.sure else Kind.PROBED,
        f"{at.path}:{at.line}",
        said,
        scope=at.scope,
        confidence=Confidence.HIGH if at.sure else Confidence.MEDIUM,
        required=at.value.required if at.sure else Required.UNKNOWN,
        condition=at.value.condition,
    )


# ---------------------------------------------------------------- languages

_LANGUAGES: Final = {
    **dict.fromkeys((".c",), "c"),
    **dict.fromkeys((".cc", ".cpp", ".cxx", ".c++"), "cxx"),
    **dict.fromkeys((".f", ".f77", ".for", ".f90", ".f95", ".f03"), "fortran"),
}

_BY_CALL: Final = {
    **dict.fromkeys(("Pybind11Extension", "CppExtension", "SyclExtension"), "cxx"),
    **dict.fromkeys(("mypycify",), "c"),
}


def _compiled_by(path: str, module: Module, scope: Scope, paths: frozenset[str]) -> Iterator[Finding]:
    """Give the languages of extensions, and SWIG where what it makes is not there."""
    seen: set[str] = set()
    for call, language, said in _languages_in(module):
        if language not in seen:
            seen.add(language)
            yield LanguageUse(language, f"{path}:{call.lineno}", said, scope)
    if not seen and (calls := module.called("cythonize")):
        yield LanguageUse("c", f"{path}:{calls[0].lineno}", "cythonize(...)", scope)
    listed = [("sources", call, call.args[1]) for call in module.calls() if _is_extension(module, call)]
    for name, node, expression in (*module.flows(), *listed):
        if name in {"sources", "swig_opts"} or (isinstance(node, ast.Call) and name == "name"):
            for value in _follow.texts(module, expression):
                if value.text.endswith(".i"):
                    where = f"{path}:{getattr(node, 'lineno', 1)}"
                    if "c" not in seen:
                        seen.add("c")
                        yield LanguageUse("c", where, f"SWIG makes C of {value.text[:80]}", scope)
                    # setuptools runs SWIG whatever is there; what it makes is there for a setup.py with a command of
                    # its own.
                    need = Required.UNKNOWN if _is_made(value.text, paths) else Required.YES
                    yield ToolUse("swig", where, value.text[:100], scope, need)


def _is_extension(module: Module, call: ast.Call) -> bool:
    """Tell whether a call makes an extension and gives its sources without their name."""
    return len(call.args) > 1 and module.name_called(call).endswith("Extension")


def _is_made(source: str, paths: frozenset[str]) -> bool:
    stem = source.removesuffix(".i").removeprefix("./")
    return any(f"{stem}_wrap{ending}" in paths for ending in (".c", ".cpp", ".cxx", ".cc"))


def _languages_in(module: Module) -> Iterator[tuple[ast.Call, str, str]]:
    for call in module.calls():
        name = module.name_called(call)
        if name in _BY_CALL:
            yield call, _BY_CALL[name], f"{name}(...)"
        elif name == "set_source" and len(call.args) > 1 and not _is_none(call.args[1]):
            given = next((word.value for word in call.keywords if word.arg == "source_extension"), None)
            ending = next((value.text for value in _follow.texts(module, given)), ".c")
            yield call, _LANGUAGES.get(ending, "c"), "set_source(...)"
        elif name.endswith("Extension"):
            yield from _of_extension(module, call, name)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_extension(module: Module, call: ast.Call, name: str) -> Iterator[tuple[ast.Call, str, str]]:
    words = {word.arg: word.value for word in call.keywords if word.arg}
    if any(value.text in {"c++", "C++"} for value in _follow.texts(module, words.get("language"))):
        yield call, "cxx", "language='c++'"
    sources = words.get("sources") or (call.args[1] if len(call.args) > 1 else None)
    for value in _follow.texts(module, sources):
        ending = value.text[value.text.rfind(".") :].lower() if "." in value.text else ""
        if ending in _LANGUAGES:
            yield call, _LANGUAGES[ending], f"{name}(... {value.text[:80]!r})"


# ---------------------------------------------------------------- setup.cfg

_SECTION: Final = re.compile(r"\[([^\]]+)\]")
_OPTION: Final = re.compile(r"([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)")


def _of_config(text: str) -> Iterator[Finding]:
    """Give what setup.cfg has distutils link."""
    section, option = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _SECTION.match(line):
            section, option = found[1], ""
        elif found := _OPTION.match(line):
            option, line = found[1], found[2]  # noqa: PLW2901 - the rest is read like a continued line
        elif not line[:1].isspace():
            option = ""
        if option in {"libraries", "libs"} and not line.lstrip().startswith(("#", ";")) and "metadata" not in section:
            for name in re.split(r"[\s,]+", line.strip()):
                if _NAME.fullmatch(name) and not _NO_NAME.fullmatch(name):
                    yield Signal(
                        NameKind.LINK, name, Kind.LINKED, f"setup.cfg:{number}", f"[{section}] {option} = {name}"
                    )


ADAPTER: Final[Scanner] = SetupPy()
