"""Packages that Python code of a build imports, or has setuptools fetch: what it requires where no table says so."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backlit.model.signal import Required, RequirementUse, ToolUse
from backlit.scanners import _follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.scanners._python import Module

_PACKAGES: Final = {
    **{
        name: name.lower()
        for name in ("Cython", "numpy", "cffi", "pybind11", "nanobind", "pkgconfig", "torch", "wheel")
    },
    **{name: name.replace("_", "-") for name in ("setuptools_rust", "setuptools_scm", "jinja2")},
    "skbuild": "scikit-build",
    "mypyc": "mypy",
    "expandvars": "expandvars",
    "pbr": "pbr",
    "sipbuild": "sip",
    "pythran": "pythran",
    "cmake_build_extension": "cmake-build-extension",
    "extension_helpers": "extension-helpers",
}
"""Modules that builds import, by the package that has them."""


def required_by(path: str, module: Module) -> Iterator[RequirementUse]:
    """Give what a source of a build requires; optional where it goes on without."""
    seen: set[str] = set()
    for node in module.importing:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for package in (_PACKAGES.get(name.partition(".")[0]) for name in names):
            if package and package not in seen:
                seen.add(package)
                needed = Required.OPTIONAL if _is_tried(module, node) else Required.YES
                said = ast.unparse(node)[:100]
                yield RequirementUse(package, f"{path}:{node.lineno}", said, needed, declared=False)
    for node_, expression in module.flows_into("setup_requires"):
        for value in _follow.texts(module, expression):
            if value.text[:1].isalpha():
                yield RequirementUse(
                    value.text, f"{path}:{getattr(node_, 'lineno', 1)}", "setup_requires", value.required
                )


def _is_tried(module: Module, node: ast.AST) -> bool:
    """Tell whether the code goes on where a node fails: it stands in a ``try`` with a handler."""
    return any(
        isinstance(parent, ast.Try) and parent.handlers and part not in parent.finalbody
        for parent, part in module.around(node)
    )


def asked_for_by(path: str, module: Module) -> Iterator[RequirementUse]:
    """Give what a backend in the tree may ask the front end for: requirements with versions, in its texts."""
    if not any(function.name.startswith("get_requires_for_") for function in module.functions()):
        return
    for node in module.texts:
        found = _REQUIREMENT.match(str(node.value))
        if found and found[1].lower() in _NAMES:
            said = str(node.value)
            yield RequirementUse(said, f"{path}:{node.lineno}", said[:100], Required.UNKNOWN, declared=False)


_REQUIREMENT: Final = re.compile(r"([A-Za-z][\w.-]*)\s*(?:[~<>=!]=|[<>])")

_NAMES: Final = frozenset(_PACKAGES.values())


def cython_of(requirement: RequirementUse, paths: frozenset[str]) -> Iterator[ToolUse]:
    """Give Cython as a tool where a source of it has not been compiled to C before."""
    if requirement.requirement.lower().startswith("cython") and any(_is_uncompiled(path, paths) for path in paths):
        yield ToolUse("cython", requirement.where, requirement.detail, required=requirement.required)


def _is_uncompiled(path: str, paths: frozenset[str]) -> bool:
    stem = path.removesuffix(".pyx")
    return stem != path and not any(f"{stem}{ending}" in paths for ending in (".c", ".cpp", ".cc", ".cxx"))
