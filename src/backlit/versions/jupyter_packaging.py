"""jupyter-packaging reads the version from a file of the package.

Recognised, under setuptools and ``jupyter_packaging.build_api``, by a setup.py that imports ``get_version`` from
jupyter_packaging, and calls it with a path.

Told nothing: the version is in the tree, and another one that is asked for is refused before the build. A file that
computes its version, and a path that is computed, are not read: then the artifact is checked afterwards.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from backlit.versions import Claim, Injection, _backends, _literals

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from backlit.config.project import BackendSpec, Project
    from backlit.versions import VersionTool


class JupyterPackaging:
    """The adapter."""

    name = "jupyter-packaging"
    climbs = False
    reads_pkg_info = False
    at_import: tuple[str, ...] = ()
    last_resort = False
    marks: tuple[str, ...] = ("jupyter_packaging", "jupyter-packaging")

    def claim(self, project: Project, backend: BackendSpec) -> Claim | None:
        """Claim a project whose setup.py calls ``get_version``, with the version of the file."""
        text = project.text("setup.py")
        if not re.search(_IMPORT, text, re.MULTILINE) or "get_version" not in text:
            return None
        if not _backends.is_one(project, backend, _backends.SETUPTOOLS) or not _backends.leaves_version_open(project):
            return None
        call = _call(text)
        if call is None:
            return None
        path, name, line = call
        states = _literals.assigned(project.text(path), name) if path else None
        return Claim(self.name, f"setup.py:{line}", f"get_version({path or '...'})", states)

    def variables(self, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - none for any project
        """Name none: a file obeys no variable."""
        return ()

    def inject(self, project: Project, version: str) -> Injection:  # noqa: ARG002 - the tree has its version
        """Give nothing."""
        return Injection()


_IMPORT: Final = r"^\s*(?:from\s+jupyter_packaging\b|import\s+jupyter_packaging\b)"


def _call(text: str) -> tuple[str | None, str, int] | None:
    """Give the path, the name in that file, and the line, of the first call of ``get_version``."""
    import ast  # noqa: PLC0415 - loads the parser, for few projects

    from backlit.config import syntax  # noqa: PLC0415 - as above

    tree = syntax.parsed(text)
    known = {"__file__": ast.Constant("setup.py")} | {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _ends(node.func) == "get_version" and node.args:
            name = node.args[1] if len(node.args) > 1 else ast.Constant("__version__")
            path = _path(node.args[0], known, 0)
            return path and posixpath.normpath(path), _path(name, known, 0) or "__version__", node.lineno
    return None


def _path(node: ast.expr, known: Mapping[str, ast.expr], depth: int) -> str | None:
    """Give the path, from the tree's top, that an expression means; None if it is none of the usual ones."""
    import ast  # noqa: PLC0415 - see above

    found: str | None = None
    match node:
        case _ if depth > _DEEP:
            pass
        case ast.Constant(value=str() as text):
            found = text
        case ast.Name(id=name) if name in known:
            found = _path(known[name], known, depth + 1)
        case ast.Attribute(value=inner, attr="parent"):
            found = _parent(_path(inner, known, depth + 1))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            found = _joined([left, right], known, depth)
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute" | "as_posix")):
            found = _path(inner, known, depth + 1)
        case ast.Call(func=function, args=[first]) if _ends(function) == "dirname":
            found = _parent(_path(first, known, depth + 1))
        case ast.Call(func=function, args=arguments) if _ends(function) in {"join", "Path", "str", "abspath", "pjoin"}:
            found = _joined(arguments, known, depth)
    return found


def _parent(path: str | None) -> str | None:
    return None if path is None else posixpath.dirname(path)


def _joined(nodes: list[ast.expr], known: Mapping[str, ast.expr], depth: int) -> str | None:
    parts = [_path(node, known, depth + 1) for node in nodes]
    found = [part for part in parts if part is not None]
    return posixpath.join(*found) if found and len(found) == len(parts) else None


def _ends(function: ast.expr) -> str:
    import ast  # noqa: PLC0415 - see above

    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


_DEEP: Final = 20
"""Expressions within each other that are followed at most."""


ADAPTER: Final[VersionTool] = JupyterPackaging()
