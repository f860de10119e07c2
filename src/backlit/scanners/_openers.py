"""Functions of a Python source that open the library whose name they are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backlit.scanners import _python

if TYPE_CHECKING:
    from collections.abc import Sequence

CALLS: Final = frozenset(
    {"find_library", "CDLL", "PyDLL", "WinDLL", "OleDLL", "LoadLibrary", "dlopen", "load_library", "load_lib"}
)
"""The last part of what is called."""

LOADERS: Final = frozenset({"CDLL", "PyDLL", "WinDLL", "OleDLL", "cdll", "pydll", "windll", "oledll"})
"""Classes and objects that open what they are called with, or asked for."""


def is_loader(node: ast.expr) -> bool:
    """Tell whether an expression is a loader, or one of several."""
    if isinstance(node, ast.IfExp):
        return is_loader(node.body) or is_loader(node.orelse)
    return isinstance(node, ast.Name | ast.Attribute) and _python.last_of(node) in LOADERS


def openers_in(module: _python.Module, loaders: set[str], giving: Sequence[ast.Call]) -> set[tuple[str, int | str]]:
    """Give the functions that open what they are given, and those that give it on to these."""
    found: set[tuple[str, int | str]] = set()
    for call in giving:
        if module.name_called(call) not in CALLS and any(is_loader(value) for value in call.args):
            found |= _given_to(module, call, range(len(call.args)))
    for name in CALLS | loaders:
        for call in module.called(name):
            found |= _given_to(module, call, (0,))
    for _ in range(_ROUNDS - 1):
        known = frozenset(found)
        for name in {name for name, _ in known}:
            for call in module.called(name):
                found |= _given_to(module, call, [key for function, key in known if function == name])
        if len(found) == len(known):
            break
    return found


def _given_to(module: _python.Module, call: ast.Call, keys: Sequence[int | str]) -> set[tuple[str, int | str]]:
    """Give the parameters of functions that a call gives on, under some of its numbers and names."""
    given = [call.args[key] for key in keys if isinstance(key, int) and key < len(call.args)]
    given += [word.value for word in call.keywords if word.arg in keys]
    return {found for expression in given for found in _parameters(module, expression, _ROUNDS)}


_ROUNDS: Final = 4
"""How far a parameter is followed."""


def _parameters(module: _python.Module, node: ast.expr, steps: int) -> set[tuple[str, int | str]]:
    """Give the parameter that an expression holds: the function, with the parameter's number, and with its name."""
    while isinstance(node, ast.Starred):
        node = node.value
    if steps == 0 or not isinstance(node, ast.Name):
        return set()
    function = module.function_of(node)
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        bound = names[1:] if names[:1] in (["self"], ["cls"]) else names
        if node.id in bound:
            called = _called_as(module, function)
            return {(called, bound.index(node.id)), (called, node.id)}
    found: set[tuple[str, int | str]] = set()
    for value in module.assigned(node.id)[:8]:
        found |= _parameters(module, value, steps - 1)
    return found


def _called_as(module: _python.Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Give the name by which a function is called: the class's, where it makes its objects."""
    if function.name != "__init__":
        return function.name
    classes = (parent.name for parent, _ in module.around(function) if isinstance(parent, ast.ClassDef))
    return next(classes, function.name)
