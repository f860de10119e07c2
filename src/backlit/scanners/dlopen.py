"""Python that opens libraries while it runs: ``ctypes``, ``cffi`` in ABI mode, ``find_library``.

The names are texts, but often not where they are used: they are followed through variables, lists, loops, parameters,
dictionaries by platform and the branches of ``if sys.platform == ...``. What lies in the tree itself, or is joined to
the folder of the module, is the project's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Condition, Scope, Signal
from backlit.scanners import _python
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree


class _Opened(NamedTuple):
    """One library that one call may open."""

    name: str
    call: str
    line: int
    condition: Condition


_MARKS: Final = ("find_library", "CDLL", "dlopen", "LoadLibrary", "load_library", "cdll", "windll")

_CALLS: Final = frozenset(
    {"find_library", "CDLL", "PyDLL", "WinDLL", "OleDLL", "LoadLibrary", "dlopen", "load_library", "load_lib"}
)
"""The last part of what is called."""


class Dlopen:
    """The scanner."""

    name = "dlopen"
    files = ("*.py", "*.pyi", "*.pyx")

    def digest(self, content: Content) -> object | None:
        """Keep what each call may open."""
        if not any(mark in content.text for mark in _MARKS):
            return None
        tree = _python.parse(content.text)
        return (tuple(dict.fromkeys(_opened_in(_python.Module(tree)))) or None) if tree else None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give libraries that are opened by name."""
        kept: Mapping[str, tuple[_Opened, ...]] = tree.kept_by(self)
        own = frozenset(path.rpartition("/")[2] for path in tree.paths)
        for path, opened in kept.items():
            scope = scope_of(path)
            for item in opened:
                if item.name.rpartition("/")[2] not in own:
                    yield _signal(path, item, scope)


def _opened_in(module: _python.Module) -> Iterator[_Opened]:
    for call in module.calls():
        name = _python.dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")
        if name not in _CALLS or not (call.args or call.keywords):
            continue
        given: ast.expr = call.args[0] if call.args else call.keywords[0].value
        for value in module.texts(given):
            if _is_library(value.text, name):
                condition = value.condition if value.condition.platforms else module.condition_of(call)
                yield _Opened(value.text, name, call.lineno, condition)


_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.+-]{0,80}(?:/[\w.+-]+)*|/[\w./+-]+")


def _is_library(text: str, call: str) -> bool:
    if not _NAME.fullmatch(text) or text.endswith((".py", ".pyd", ".txt", ".json")):
        return False
    return call == "find_library" or bool(re.search(r"^lib|\.so\b|\.dylib|\.dll", text)) or "/" not in text


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
        confidence=Confidence.HIGH,
        condition=item.condition._replace(platforms=platforms),
        linkage="dlopen",
        role="run",
    )


ADAPTER: Final[Scanner] = Dlopen()
