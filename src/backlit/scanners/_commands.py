"""Programs that Python sources of a build run: pkg-config and what it is asked for, ``*-config`` programs, tools."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.scanners import _follow, _python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.scanners._python import Module, Value


class Asked(NamedTuple):
    """One pkg-config module that is asked for."""

    name: str
    version: str
    """The constraint, such as ``>=2.9``; empty if there is none."""
    line: int
    said: str
    sure: bool
    """Whether a command line of pkg-config has it; else it is an argument of a function that is named so."""
    value: Value
    """The conditions."""


_RUNNING_TEXT: Final = (
    "run call check_call check_output Popen getoutput getstatusoutput popen system spawn execute spawnvp "
    "exec_command _call _run run_command get_output getcmdoutput cmd"
)
_RUNNING: Final = frozenset(_RUNNING_TEXT.split())
"""Functions that run a program."""

_FINDING: Final = frozenset({"which", "find_executable", "find_program"})

_HELPER: Final = re.compile(r"(?i)pkg_?-?conf")

_PKGCONFIG: Final = re.compile(r"(?:\S*/)?pkg-?conf(?:ig)?(?:\.exe)?")

_MODULE: Final = re.compile(r"([A-Za-z][\w.+-]*)(?:\s*(>=|<=|==|=|>|<)\s*([\w.]+))?")

_API_TEXT: Final = "parse libs cflags exists installed modversion variables configure_extension list_all read_variables"
_API: Final = frozenset(_API_TEXT.split())
"""Functions of the `pkgconfig` package."""

_NO_MODULE_TEXT: Final = (
    "libs cflags version modversion exists true false none utf-8 utf8 ascii include lib libraries "
    "include_dirs library_dirs extra_link_args extra_compile_args define_macros prefix libdir includedir "
    "latin-1 cflags-only-I libs-only-l"
)
_NO_MODULE: Final = frozenset(_NO_MODULE_TEXT.split())
"""Words that are given to such functions and are no modules."""


_NO_MODULE_NAME: Final = re.compile(
    r"(?i).*[-_]config(?:\.exe)?|.*\.(?:xml|py|h|c|so|zip|gz|txt|pc|exe)|[a-z]|xcrun|python\d?"
)


def asked_in(module: Module) -> Iterator[Asked]:
    """Give the pkg-config modules that a source asks for."""
    runners = _runners(module)
    runs = any(_names(each, "pkg-config") for each in _reached_from(module))
    for call in module.calls():
        name = module.name_called(call)
        whole = _python.dotted(call.func) or name
        if not runs and not _HELPER.search(whole):
            continue  # a source may call what is named so for hundreds of other things
        if name in runners or (name in _RUNNING and getattr(module.function_of(call), "name", "") not in runners):
            yield from _of_command(module, call, name)
        elif _HELPER.search(whole) and (name in _API or _HELPER.search(name)):
            yield from _of_helper(module, call, whole)


def _names(module: Module, what: str) -> bool:
    """Tell whether the texts of a source name what is sought: ``pkg-config``, or any ``tool``."""
    if not module.named:
        words = module.words
        module.named["pkg-config"] = any(word.startswith(("pkg-conf", "pkgconf")) for word in words)
        module.named["tool"] = not _TOOLS.isdisjoint(words)
    return module.named[what]


def _reached_from(module: Module) -> set[Module]:
    """Give a source with those that it imports from."""
    seen, waiting = {module}, [module]
    while waiting:
        asked = waiting.pop()
        others = {asked.imported(name) for name, _ in asked.imports.values()} - {None}
        waiting += [other for other in others if other is not None and other not in seen]
        seen.update(waiting)
    return seen


def _runners(module: Module) -> frozenset[str]:
    """Give the functions of a source that run whatever program they are given."""
    found = set()
    for call in (call for name in _RUNNING for call in module.called(name) if call.args):
        command = call.args[0].value if isinstance(call.args[0], ast.Starred) else call.args[0]
        if not isinstance(command, ast.Name) or module.assigned(command.id):
            continue
        for function, _ in module.around(call):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = (*function.args.args, *([function.args.vararg] if function.args.vararg else ()))
                if command.id in {argument.arg for argument in arguments}:
                    found.add(function.name)
    return frozenset(found)


def _given_to(call: ast.Call) -> list[ast.expr]:
    """Give the arguments of a call; `subprocess` may be given its first by name. A method is given no command."""
    if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in {"self", "cls"}:
        return []
    return [*call.args, *(word.value for word in call.keywords if word.arg == "args")]


def _of_command(module: Module, call: ast.Call, name: str) -> Iterator[Asked]:
    values = [value for item in _given_to(call) for value in _follow.texts(module, item)]
    words = [(word, value) for value in values for word in _words(value.text)]
    if not any(_PKGCONFIG.fullmatch(word) for word, _ in words):
        return
    lines = [value for value in values if _PKGCONFIG.match(value.text) and " " in value.text.strip()]
    values = lines or values  # a whole command line; what else may stand there is another one
    asking = {at + 1 for at, value in enumerate(values) if value.text in {"--variable", "--define-variable"}}
    values = [value for at, value in enumerate(values) if at not in asking]
    least = next((word.partition("=")[2] for word, _ in words if word.startswith("--atleast-version=")), "")
    for value in values:
        for text, version in _modules_of(value.text):
            constraint = version or (f">={least}" if least else "")
            yield Asked(text, constraint, call.lineno, f"{name}(pkg-config ... {text})", sure=True, value=value)


def _words(text: str) -> list[str]:
    return text.split()[:40]


def _modules_of(text: str) -> Iterator[tuple[str, str]]:
    """Give the modules of one argument, or of one command line, with what is asked of their version."""
    words = " ".join(word for word in _words(text) if not word.startswith(("-", "|", "2>", "$", "`")))
    if _PKGCONFIG.match(words):
        words = _PKGCONFIG.sub("", words, count=1)
    for found in _MODULE.finditer(words):
        name = found[1]
        # A path, a file or a sentence is no module.
        before, after = words[: found.start()][-1:], words[found.end() :][:1]
        if (
            name.lower() not in _NO_MODULE
            and not _NO_MODULE_NAME.fullmatch(name)
            and before in {"", " ", ","}
            and after in {"", " ", ","}
        ):
            yield name, f"{found[2]}{found[3]}" if found[2] else ""


def _of_helper(module: Module, call: ast.Call, whole: str) -> Iterator[Asked]:
    for item in call.args:
        for value in _follow.texts(module, item):
            if len(value.text) > 80 or value.text.startswith("-"):  # noqa: PLR2004 - no name is so long
                continue
            for text, version in _modules_of(value.text):
                yield Asked(text, version, call.lineno, f"{whole}({text!r})", sure=False, value=value)


class Program(NamedTuple):
    """One program that a source runs or looks for."""

    name: str
    line: int
    said: str
    value: Value
    """The conditions."""


_CONFIG: Final = re.compile(
    r"(?:\S*/)?([A-Za-z][\w.+-]*-config|(?:pg|mysql|mariadb|mysqlclient)_config)(?:\.exe)?(?:\s+-.*)?"
)

_NO_CONFIG: Final = re.compile(r"(?i)(?:python|pypy|pkg|build|dev|app|site|git|my|the|foo|lib)[\d.]*-config")


def config_programs_in(module: Module) -> Iterator[Program]:
    """Give the ``*-config`` programs that a source names."""
    for node in module.texts:
        text = str(node.value)
        found = _CONFIG.fullmatch(text.strip()) if "config" in text[:120] else None
        if found and not _NO_CONFIG.fullmatch(found[1]):
            yield Program(found[1], node.lineno, found[0][:100], module.reach_of(node))


_TOOLS_TEXT: Final = (
    "cmake make gmake ninja meson swig autoconf autoreconf automake libtoolize aclocal protoc flex bison "
    "yacc nasm yasm cargo rustc perl go nvcc gfortran sip sip-build moc qmake qmake6 wayland-scanner "
    "glib-genmarshal cython patch mpicc mpicxx pkg-config pkgconf"
)
_TOOLS: Final = frozenset(_TOOLS_TEXT.split())


def tools_in(module: Module) -> Iterator[Program]:
    """Give the tools that a source runs or looks for."""
    if not any(_names(each, "tool") for each in _reached_from(module)):
        return
    runners = _runners(module)
    for name in (*_RUNNING, *_FINDING, *runners):
        for call in module.called(name):
            yield from _tool_of(module, call, name, every=name in runners)


def _tool_of(module: Module, call: ast.Call, name: str, *, every: bool) -> Iterator[Program]:
    seen: set[str] = set()
    for item in _given_to(call) if every else _given_to(call)[:1]:
        for value in _follow.texts(module, item):
            words = _words(value.text)
            tool = words[0].rpartition("/")[2].removesuffix(".exe") if words else ""
            if tool in _TOOLS and tool not in seen:
                seen.add(tool)
                yield Program(tool, call.lineno, f"{name}({tool} ...)", value)
