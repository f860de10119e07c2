"""Which Python sources of a tree its build runs: setup.py, the backend in the tree, hooks, and what these import."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from backlit.model.signal import Scope
from backlit.scanners import _kept, _python
from backlit.scanners._scope import scope_of
from backlit.support.toml import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.scanners import Content, Tree

_WORDS: Final = (b"Extension(", b"set_source(", b"get_requires_for_")
"""What stands in a source that says what is linked, and, last, in a backend, wherever it lies."""

_MARKS: Final = (re.compile(rb"pkg-?config"), re.compile(rb"librar(?:ies=|(?<=find_librar)y)"))
"""Likewise."""

_NAMES: Final = re.compile(
    r"(?i)(?:^|/)[\w-]*(?:setup|build|conf|ext|hook|util|vars|common|dist|install|cython)[\w-]*\.py$"
)

_LARGEST: Final = 1 << 20

_LONG: Final = 20_000
"""A source that is longer, in characters, is the project's own code, which a build may import for its version."""

_TELLING: Final = re.compile(
    r"(?i:libraries|library_|_library|librarys|libs\b)|Extension\(|ythonize\(|pkg-?config|-config\b|set_source"
    r"|['\"](?:cmake|meson|ninja|swig|protoc|nasm|cargo|make)['\"]"
)
"""What a source that long has somewhere, if it says what is linked."""

_A_TOOLS_OWN: Final = "versioneer.py"
"""What versioneer puts into a tree: none of it is the project's."""

_MOST: Final = 80
"""How many sources of a tree are followed."""


@lru_cache(maxsize=1)
def keep(content: Content) -> str | None:
    """Give the text of a source that a build may run; None for others."""
    path, data = content.path, content.data
    if len(data) > _LARGEST or scope_of(path) in {Scope.TEST, Scope.DOC, Scope.EXAMPLE, Scope.VENDORED}:
        return None
    near = path.count("/") < 2 and (_NAMES.search(path) or "/" not in path)  # noqa: PLR2004 - the top and what is right below
    told = near or any(word in data for word in _WORDS) or any(mark.search(data) for mark in _MARKS)
    return content.text if told else None


def modules_of(tree: Tree, texts: Mapping[str, str]) -> Iterator[tuple[str, _python.Module]]:
    """Give the sources that the build runs, parsed, with their paths, in the order in which they were reached.

    What they import can be asked for as long as not all were given.
    """
    reader = _Reader(texts)
    yield from reader.read(_starts(tree, texts)).items()
    reader.forget()


_HOOKS: Final = frozenset(
    ["hatch_build.py", "build.py", "pdm_build.py", "_build.py", "build_backend.py", "backend.py", "setup_ext.py"]
)
"""Names that backends and projects have for code that the build runs."""


_CONFIGURED: Final = ("hatch", "poetry", "pdm", "setuptools", "scikit-build", "sip", "cffi", "meson-python", "enscons")
"""Tables below ``[tool]`` that name code which the build runs."""


def _starts(tree: Tree, texts: Mapping[str, str]) -> Iterator[str]:
    """Give the paths that the build's own files name."""
    if "setup.py" in texts:
        yield "setup.py"
    table = table_of(tree.texts.get("pyproject.toml", ""))
    yield from _backend(table, texts)
    tools = table.get("tool")
    configured = {name: tools[name] for name in _CONFIGURED if name in tools} if isinstance(tools, dict) else {}
    mentioned = set(re.findall(r"[\w./-]+\.py\b", repr(configured)))
    yield from (path for path in texts if path in _HOOKS or path in mentioned)
    for path, text in texts.items():
        if ".set_source(" in text or "ffi.verify(" in text:
            yield path


def _backend(pyproject: dict[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    """Give the backend that lies in the tree."""
    table = pyproject.get("build-system")
    system: dict[str, Any] = table if isinstance(table, dict) else {}
    backend, folders = system.get("build-backend"), system.get("backend-path")
    if not isinstance(backend, str) or not isinstance(folders, list):
        return
    module = backend.partition(":")[0].replace(".", "/")
    for folder in folders:
        if isinstance(folder, str):
            path = f"{folder.strip('./')}/{module}".strip("/")
            yield from (name for name in (f"{path}.py", f"{path}/__init__.py") if name in texts)


class _Reader:
    """Parses sources, and follows what they import or name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._modules: dict[str, _python.Module | None] = {}
        self._meant: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, starts: Iterator[str]) -> dict[str, _python.Module]:
        """Parse from the start on; what cannot be parsed is left out."""
        waiting = list(dict.fromkeys(starts))
        reached: dict[str, _python.Module] = {}
        while waiting and len(self._modules) < _MOST:
            path = waiting.pop(0)
            if path in reached:
                continue
            module = self._module(path)
            if module is not None:
                reached[path] = module
                waiting.extend(other for other in self._named_by(path, module) if other not in reached)
        return reached

    def forget(self) -> None:
        """Let go of all sources, which refer to this reader: else Python has to seek them as garbage."""
        self._modules.clear()

    def _module(self, path: str) -> _python.Module | None:
        if path not in self._modules:
            self._modules[path] = None  # met again while it is read: a circle of imports
            text = self._texts[path]
            tells = len(text) <= _LONG or (_TELLING.search(text) and not path.endswith(_A_TOOLS_OWN))
            if tells:
                self._modules[path] = _kept.read(text, lambda name: self._imported(path, name))
        return self._modules[path]

    def _imported(self, path: str, name: str) -> _python.Module | None:
        found = self._paths_of(path, name)
        return self._module(found[0]) if found else None

    def _paths_of(self, path: str, name: str) -> tuple[str, ...]:
        """Give the sources that a module's name may mean, seen from one of the tree."""
        folder, inside = path.rpartition("/")[0], name.replace(".", "/")
        if (folder, inside) not in self._meant:
            bases = dict.fromkeys((f"{folder}/" if folder else "", "", "src/"))
            paths = (f"{base}{inside}{ending}" for base in bases for ending in (".py", "/__init__.py"))
            self._meant[folder, inside] = tuple(found for found in paths if found in self._texts)
        return self._meant[folder, inside]

    def _named_by(self, path: str, module: _python.Module) -> Iterator[str]:
        for name, attribute in module.imports.values():
            yield from self._paths_of(path, name)
            if attribute:
                yield from self._paths_of(path, f"{name}.{attribute}".strip("."))
        for text in (str(node.value) for node in module.texts):
            if ".py" in text[:200]:
                named = text.partition(":")[0].strip().removeprefix("./")
                if named in self._texts:
                    yield named
