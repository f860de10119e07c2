"""Python that opens libraries while it runs: ``ctypes``, ``cffi`` in ABI mode, ``find_library``.

The names are texts, but often not where they are used: they are followed through variables, lists, loops, parameters,
dictionaries by platform and the branches of ``if sys.platform == ...``; through functions of other modules that open
what they are given; and where a loader itself is given to a function beside a name. Of a name that only begins as a
text, ``"MagickWand" + suffix``, the beginning counts. What lies in the tree itself, or is joined to the folder of the
module, is the project's own.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, Required, Scope, Signal
from backlit.scanners import Content, _excerpt, _follow, _optional_imports, _platforms, _python
from backlit.scanners._kept import read_and_keep
from backlit.scanners._listing import names_in
from backlit.scanners._openers import CALLS, is_loader, openers_in
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet

    from backlit.model.signal import Finding
    from backlit.scanners import Scanner, Tree


class _Opened(NamedTuple):
    """One library that one call may open."""

    name: str
    call: str
    line: int
    condition: Condition
    sure: bool = True
    """Whether it is this name that is opened, whole, where nothing else goes wrong."""
    required: Required = Required.UNKNOWN
    """Whether the code goes on without."""


class _Kept(NamedTuple):
    """What is kept of one file."""

    opened: tuple[_Opened, ...] = ()
    """What it opens."""
    passed: tuple[tuple[int | str, _Opened], ...] = ()
    """What it gives to functions of other modules that may open it: under which number or name."""
    openers: tuple[tuple[str, int | str], ...] = ()
    """Its functions that open what they are given, each with the number or name of the parameter."""
    imports: _optional_imports.Imports | bytes | None = None
    """What it imports, or the source itself where nobody has asked yet."""
    text: str = ""
    """Its text, where it can only give something to functions of other modules: it is parsed if there are any."""

    def given(self, openers: frozenset[str]) -> tuple[tuple[int | str, _Opened], ...]:
        """Give what it gives to functions of other modules, of which some may have these names."""
        named = [name for name in openers if name in self.text]
        if not named:
            return self.passed
        module = _read(self.text, (_any_of(named),))
        return tuple(dict.fromkeys(_passed_in(module))) if module else ()


_LARGE: Final = 8_000
"""Of a source that is larger, in characters, most binds others or does something else: that is not parsed."""

_OPENING: Final = (
    re.compile(rb"DLL(?:(?<=\bCDLL)|(?<=\bPyDLL)|(?<=\bWinDLL)|(?<=\bOleDLL))\b"),
    re.compile(
        rb"d(?:l(?:open\b|l\b(?:(?<=cdll)|(?<=windll)(?![ \t]*\.))|ibs\b(?<=findlibs))"
        rb"|_lib(?:rary\b(?<=find_library)|(?:rary)?\b(?:(?<=load_lib)|(?<=load_library)))|Library\b(?<=LoadLibrary))"
    ),
)
"""One of these stands in every source that opens a library. An expression that begins with one letter, or with several
plain ones, and so each of its branches, is sought several times quicker than words one by one, or others; every source
is asked."""

_OPENING_IN_TEXT: Final = tuple(re.compile(form.pattern.decode()) for form in _OPENING)

_GIVING: Final = (
    re.compile(rb"oad\w{0,21}[lL]ib"),
    re.compile(rb"lib(?:_?[lL]oad|(?<=open_lib)|(?<=_lib)\()"),
    re.compile(rb"DLL\("),
)
"""How a source names a function of another that opens what it is given."""

_PROGRAM: Final = re.compile(rb"#![^\n]{0,60}python")
"""How a program in Python begins whose name has no ending."""

_ASKING: Final = frozenset({"isinstance", "issubclass", "hasattr", "getattr", "setattr"})
"""Functions that look at a loader and open nothing."""

_PASSED: Final = re.compile(r"(?i)\w*(?:load|lib|dll|open)\w*")
"""Functions that may open what they are given."""


class Dlopen:
    """The scanner."""

    name = "dlopen"
    files = ("*.py", "*.pyx", "*")

    def digest(self, content: Content) -> object | None:
        """Keep what each call may open; of a source that others may open something for, its text."""
        scope = scope_of(content.path)
        opened: _Kept | None = None
        if not content.path.endswith((".py", ".pyx")) and not _PROGRAM.match(content.data):
            return None
        if scope is not Scope.VENDORED and any(form.search(content.data) for form in _OPENING):
            opened = _opened_by(content.text, is_setup=content.path == "setup.py")
        elif scope is Scope.BUILD and any(form.search(content.data) for form in _GIVING):
            opened = _Kept(text=content.text)
        if scope is not Scope.BUILD or not content.path.endswith(".py"):
            return opened
        imports = content.data if content.may_be_held else _optional_imports.imports_of(content.data)
        return opened._replace(imports=imports) if opened else imports

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give libraries that are opened by name."""
        digests: Mapping[str, _Kept | _optional_imports.Imports | bytes] = tree.kept_by(self)
        found = dict(_opened_by_files(digests))
        imports = (digest.imports if isinstance(digest, _Kept) else digest for digest in digests.values())
        optional = _optional_imports.optional_in(imports, frozenset(map(_module_of, found)))
        own = names_in(tree.paths)
        for path, opened in found.items():
            scope = scope_of(path)
            tried = _module_of(path) in optional
            for item in opened:
                if item.name.rpartition("/")[2] not in own and re.match(r"[A-Za-z0-9]", _plain(item.name)):
                    item = _where(item, path)  # noqa: PLW2901 - the same library
                    may = item._replace(sure=False, required=Required.OPTIONAL) if tried else item
                    yield _signal(path, may, scope)


def _opened_by_files(
    digests: Mapping[str, _Kept | _optional_imports.Imports | bytes],
) -> Iterator[tuple[str, tuple[_Opened, ...]]]:
    """Give what each file opens, by itself or through functions of others; those left out that open nothing."""
    kept = {path: digest for path, digest in digests.items() if isinstance(digest, _Kept)}
    openers = {opener for file in kept.values() for opener in file.openers}
    homes = {(name, _module_of(path)) for path, file in kept.items() for name, _ in file.openers}
    named = frozenset(name for name, _ in openers)
    for path, digest in digests.items():
        file = digest if isinstance(digest, _Kept) else _Kept(imports=digest)
        given = (*file.given(named), *_given_to_imported(file.imports, homes))
        passed = (item for key, item in given if (item.call, key) in openers)
        if opened := tuple(dict.fromkeys((*file.opened, *passed))):
            yield path, opened


def _given_to_imported(
    source: _optional_imports.Imports | bytes | None, homes: AbstractSet[tuple[str, str]]
) -> Iterator[tuple[int | str, _Opened]]:
    """Give what a source gives to functions that open it, whatever they are called, if it imports them by their names.

    `homes` has such functions' names, each with the last part of its module's.
    """
    if not isinstance(source, bytes):
        return
    names = {name for name, _ in homes if name.encode() in source and not _PASSED.fullmatch(name)}
    module = _read(Content("", source).text, (_any_of(names),)) if names else None
    if module is not None:
        imported = {(inside, origin.rpartition(".")[2]) for origin, inside in module.imports.values()} & homes
        yield from _passed_in(module, sorted(names.intersection(name for name, _ in imported)))


def _opened_by(text: str, *, is_setup: bool) -> _Kept | None:
    """Parse a source; None if it has nothing to do with libraries."""
    module = read_and_keep(text) if is_setup else _read(text, _OPENING_IN_TEXT)
    if module is None:
        return None
    loaders = {name for name, _, value in module.flows() if is_loader(value)}
    giving = [call for call in module.calls() if _gives_a_loader(call)]
    kept = _Kept(
        tuple(dict.fromkeys(_opened_in(module, loaders, giving))),
        tuple(dict.fromkeys(_passed_in(module))),
        tuple(openers_in(module, loaders, giving)),
    )
    return kept if any(kept) else None


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(names))))


def _read(text: str, telling: Sequence[re.Pattern[str]]) -> _python.Module | None:
    """Parse a source, of a large one what may tell; None if it is none."""
    excerpt = _python.parse(_excerpt.of(text, telling)) if len(text) > _LARGE else None
    tree = excerpt or _python.parse(text)
    return _python.Module(tree) if tree else None


def _where(item: _Opened, path: str) -> _Opened:
    """Give a library with the platform of its file, where the code itself says none: ``darwin/cocoa.py``."""
    if item.condition.platforms:
        return item
    return item._replace(condition=item.condition._replace(platforms=_platforms.of_folders(path)))


def _module_of(path: str) -> str:
    """Give the last part of the name by which a source is imported."""
    return path.removesuffix("/__init__.py").rpartition("/")[2].removesuffix(".py")


def _is_tried(module: _python.Module, call: ast.Call) -> bool:
    """Tell whether the code goes on without a call: a failure is caught, nothing is raised, no other name is next."""
    tried = False
    for parent, part in module.around(call):
        if isinstance(parent, ast.For | ast.While):
            return False
        if isinstance(parent, ast.Try) and parent.handlers and part in parent.body:
            rest = (inner for handler in parent.handlers for inner in ast.walk(handler))
            tried = tried or not any(isinstance(inner, ast.Raise | ast.Call) for inner in rest)
    return tried


def _opened_in(module: _python.Module, loaders: set[str], giving: Sequence[ast.Call]) -> Iterator[_Opened]:
    for call in (call for name in module.names_called() for call in module.called(name)):
        name = module.name_called(call)
        given = [*call.args, *(word.value for word in call.keywords)]
        if name.lstrip("_") in CALLS | loaders or (name == "find" and _python.dotted(call.func) == "findlibs.find"):
            # A function of that name may be given what opens, and then the name: ``dlopen(ffi, "foo")``.
            beside = name == "dlopen" and isinstance(call.func, ast.Name) and isinstance(given[0], ast.Name)
            given = given if given and beside else given[:1]
        elif call not in giving:
            continue
        tried = _is_tried(module, call)
        for item in (item for expression in given for item in _named_by(module, call, name, expression)):
            yield item._replace(sure=False, required=Required.OPTIONAL) if tried else item


def _gives_a_loader(call: ast.Call) -> bool:
    """Tell whether a loader is given to a function that may open something with it."""
    given = any(is_loader(value) for value in call.args) or any(is_loader(word.value) for word in call.keywords)
    return given and _python.last_of(call.func) not in _ASKING


def _named_by(module: _python.Module, call: ast.Call, name: str, given: ast.expr) -> Iterator[_Opened]:
    """Give what an argument of a call may name; if it is not known whole, what it begins with."""
    values = [value for value in _follow.texts(module, given) if _is_library(value.text, name)]
    reached = module.condition_of(call)
    if not reached.platforms:
        reached = reached._replace(platforms=_only_on(call, given))
    found = [(value.text, value.condition if value.condition.platforms else reached) for value in values]
    # Of several names for one system, those that no record knows are likely other spellings of the shortest.
    here = [text for text, condition in found if "linux" in (condition.platforms or ("linux",))]
    alike = len({_plain(text) for text in here}) <= 1
    shortest = min(map(_stem, here), key=len, default="")
    for text, condition in found:
        is_it = alike and (text not in here or _stem(text) == shortest)
        sure = is_it or re.search(r"\.so\.\d", text) is not None
        yield _Opened(text, name, call.lineno, condition, sure)
    if not values and (head := _head(given)):
        yield _Opened(head, name, call.lineno, module.condition_of(call), sure=False)


def _only_on(call: ast.Call, given: ast.expr) -> tuple[str, ...]:
    """Give the platform that alone has a loader, or the framework that a name is given as; empty if any may."""
    if _OF_WINDOWS.search(_python.dotted(call.func)):
        return ("win32",)
    framework = any(word.arg == "framework" and word.value is given for word in call.keywords)
    return ("darwin",) if framework else ()


_OF_WINDOWS: Final = re.compile(r"(?:^|\.)(?:windll|oledll|WinDLL|OleDLL)\b")
"""Loaders that only Windows has."""


def _head(node: ast.expr) -> str:
    """Give the text that an expression begins with, if it is likely a library's name."""
    text = ""
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        text = str(node.values[0].value)
    elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        text = node.left.value.partition("%")[0] if isinstance(node.op, ast.Mod) else node.left.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        form = node.func.value
        text = form.value.partition("{")[0] if isinstance(form, ast.Constant) and isinstance(form.value, str) else ""
    text = re.split(r"[.]", text)[0].rstrip("-_")
    return text if re.fullmatch(r"[A-Za-z][\w+-]{3,40}", text) else ""


def _passed_in(module: _python.Module, names: Iterable[str] | None = None) -> Iterator[tuple[int | str, _Opened]]:
    """Give what is given to functions that are not the module's own: of some names, or called as a loader may be."""
    for name in filter(_PASSED.fullmatch, module.names_called()) if names is None else names:
        if name in CALLS or module.function(name) is not None:
            continue
        for call in module.called(name):
            given: list[tuple[int | str, ast.expr]] = [*enumerate(call.args[:3])]
            given += [(word.arg, word.value) for word in call.keywords if word.arg]
            for key, expression in given:
                if isinstance(expression, ast.Constant | ast.List | ast.Tuple | ast.Name | ast.Attribute):
                    for item in _named_by(module, call, name, expression):
                        if "/" not in item.name:
                            yield key, item._replace(sure=False)


_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.+-]{0,80}(?:/[\w.+-]+)*|/[\w./+-]+")


def _is_library(text: str, call: str) -> bool:
    if not _NAME.fullmatch(text) or text.endswith((".py", ".pyd", ".txt", ".json")):
        return False
    return call == "find_library" or bool(re.search(r"^lib|\.so\b|\.dylib|\.dll", text)) or "/" not in text


def _stem(name: str) -> str:
    """Give what stands in a name between ``lib`` and the ending of a file."""
    return re.split(r"\.(?:so|dylib|dll)\b", name.rpartition("/")[2])[0].removeprefix("lib")


def _plain(name: str) -> str:
    """Give a name without what is spelled differently for different systems."""
    return re.sub(r"(?<=\w)[-.]?\d+(?:\.\d+)*$", "", _stem(name).lower())


def _signal(path: str, item: _Opened, scope: Scope) -> Signal:
    name, sense, platforms = item.name.rpartition("/")[2], NameKind.LINK, item.condition.platforms
    if ".so" in name:
        sense = NameKind.SONAME
    elif name.endswith(".dylib"):
        name, platforms = name.removesuffix(".dylib").removeprefix("lib"), platforms or ("darwin",)
    elif name.lower().endswith(".dll"):
        name, platforms = name[:-4].removeprefix("lib"), ("win32",)
    elif name.startswith("lib") and item.call != "find_library":
        name = name.removeprefix("lib")
    return Signal(
        sense,
        name,
        Kind.LOADED,
        f"{path}:{item.line}",
        f"{item.call}({item.name!r})",
        scope=scope,
        required=item.required,
        confidence=Confidence.HIGH if item.sure else Confidence.MEDIUM,
        condition=item.condition._replace(platforms=platforms),
        linkage="dlopen",
        role="run",
    )


ADAPTER: Final[Scanner] = Dlopen()
