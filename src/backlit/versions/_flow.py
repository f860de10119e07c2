"""Which environment variables become a value in Python code, unchanged. Read, never run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import syntax
from backlit.versions import _imports, _own_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.config.project import Project


class Lookup(NamedTuple):
    """One look at the environment."""

    variable: str
    """The variable."""
    path: str
    """The file that has it."""
    line: int
    """The line in it, from 1."""


def lookups(project: Project, start: _own_code.Start, folders: tuple[str, ...]) -> tuple[Lookup, ...]:
    """Give the looks at the environment whose value may become what `start` names, and nothing else is made of it.

    Followed are names, what functions return, either side of ``or`` and ``if``, and what is imported from `folders`.
    """
    reader = _Reader(project, folders)
    if start.name is not None:
        found = reader.name(start.path, None, start.name)
    else:
        value = _own_code.keyword(reader.module(start.path))
        found = iter(()) if value is None else reader.value(start.path, None, value)
    return tuple(dict.fromkeys(found))


_Scope = ast.FunctionDef | None

_TRIMS: Final = frozenset({"strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "format"})
"""Methods that leave a canonical version as it is."""


class _Reader:
    """Follows values through the modules of one tree."""

    def __init__(self, project: Project, folders: tuple[str, ...]) -> None:
        self.project, self.folders = project, folders
        self._seen: set[tuple[str, str]] = set()

    def module(self, path: str) -> ast.Module:
        """Give a file's syntax tree."""
        return syntax.parsed(self.project.text(path))

    def statements(self, path: str) -> tuple[ast.AST, ...]:
        """Give the statements of that tree."""
        return syntax.statements(self.project.text(path))

    def value(self, path: str, scope: _Scope, node: ast.expr) -> Iterator[Lookup]:
        """Give the looks whose value this expression may have."""
        variable = _variable(node)
        if variable is not None:
            yield Lookup(variable, path, node.lineno)
            return
        match node:
            case ast.Name(id=name):
                yield from self.name(path, scope, name)
            case ast.Call(func=ast.Name(id=name)) if name != "str":
                yield from self.name(path, None, name)
            case (
                ast.Attribute(value=ast.Name(id=module), attr=name)
                | ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name))
            ) if name not in _TRIMS:
                for there in self._places(path, module):
                    yield from self.name(there, None, name)
            case _:
                for inner in _same(node):
                    yield from self.value(path, scope, inner)

    def name(self, path: str, scope: _Scope, name: str) -> Iterator[Lookup]:
        """Give the looks whose value a name may have: assigned, returned by a function of that name, or imported."""
        key = (path, f"{scope.name if scope else ''}:{name}")
        if key in self._seen:
            return
        self._seen.add(key)
        nodes = self.statements(path) if scope is None else tuple(ast.walk(scope))
        if any(isinstance(node, ast.AugAssign) and _is_named(node.target, name) for node in nodes):
            return
        for value in _assigned(scope or self.module(path), name):
            yield from self.value(path, scope, value)
        if scope is not None:
            yield from self.name(path, None, name)
            return
        for function in (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name):
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield from self.value(path, function, node.value)
        yield from self._imported(path, name)

    def _imported(self, path: str, name: str) -> Iterator[Lookup]:
        """Follow a name that is imported from a module of the tree."""
        nodes = [node for node in self.statements(path) if isinstance(node, ast.ImportFrom)]
        for module, level, alias in [(node.module, node.level, alias) for node in nodes for alias in node.names]:
            if module is not None and (alias.asname or alias.name) == name:
                for there in self._files(path, module, level):
                    yield from self.name(there, None, alias.name)

    def _places(self, path: str, name: str) -> Iterator[str]:
        """Give the file of a module of the tree that a name is imported as."""
        for node in self.statements(path):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            module, level = (node.module, node.level) if isinstance(node, ast.ImportFrom) else (None, 0)
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    yield from self._files(path, f"{module}.{alias.name}" if module else alias.name, level)

    def _files(self, path: str, module: str, level: int) -> Iterator[str]:
        roots = (path.rpartition("/")[0],) if level == 1 else self.folders
        places = _imports.module_paths(module, roots)
        yield from [place for place in places if (self.project.root / place).is_file()][:1]


def _same(node: ast.expr) -> list[ast.expr]:
    """Give the parts of an expression whose value is the whole's, or may be."""
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[inner]) | ast.NamedExpr(value=inner):
            return [inner]
        case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _TRIMS:
            return [inner]
        case ast.BoolOp(values=parts):
            return parts
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case _:
            return []


def _variable(node: ast.expr) -> str | None:
    """Give the variable that an expression looks up: ``os.environ["A"]``, ``os.environ.get("A")``, ``getenv("A")``."""
    match node:
        case ast.Subscript(value=source, slice=ast.Constant(value=str(name))) if _is_environment(source):
            return name
        case ast.Call(func=ast.Attribute(value=source, attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name if _is_environment(source) else None
        case ast.Call(
            func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"), args=[ast.Constant(value=str(name)), *_]
        ):
            return name
        case _:
            return None


def _is_environment(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Name) and getattr(node, "attr", getattr(node, "id", "")) == "environ"


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _assigned(body: ast.AST, name: str) -> Iterator[ast.expr]:
    """Give what is assigned to a name in a function, or in a module outside of its functions."""
    waiting = syntax.blocks(body)
    for node in waiting:  # it grows meanwhile
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (node.value for target in targets if _is_named(target, name))
        waiting += syntax.blocks(node)
