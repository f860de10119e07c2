"""What somebody sets to turn a part of a Python source on or off, and whether it is on where nothing is set.

A switch is an environment variable or an option on the command line: ``environment FOO_USE_SYSTEM_LIBS``,
``option --with-foo``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Names(Protocol):
    """Where names are looked up."""

    def assigned(self, name: str) -> Sequence[ast.expr]:
        """Give what is assigned to a name, with its attributes, in order."""
        ...

    def default_of(self, name: str) -> Sequence[ast.expr]:
        """Give what is assigned to a name where nobody sets anything; all, if that is not told by switches alone."""
        ...

    @property
    def options(self) -> set[str]:
        """Options of the source's commands: ``use-system-foo``."""
        ...

    @property
    def switches(self) -> dict[str, str]:
        """What was found of names before."""
        ...

    @property
    def readers(self) -> frozenset[str]:
        """Functions that read the environment."""
        ...

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Give the function of a name; None if the source has none."""
        ...


_DEPTH: Final = 4

_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{3,60}")


def may_be_in(text: str) -> bool:
    """Tell whether a source may read any switch."""
    return any(mark in text for mark in ("environ", "getenv", "argv", "user_options", "env_var", "get_env"))


def switch_of(names: Names, test: ast.expr, depth: int = _DEPTH) -> str:
    """Give the first switch that a test asks for; empty if it asks for none."""
    if depth == 0:
        return ""
    for node in ast.walk(test):
        found = _asked_by(node)
        if not found and isinstance(node, ast.Name | ast.Attribute):
            found = _behind(names, node, depth)
        if not found and isinstance(node, ast.Call):
            found = _asked_by_function(names, node, depth)
        if found:
            return found
    return ""


def _asked_by(node: ast.AST) -> str:
    """Give the switch that one expression reads."""
    if isinstance(node, ast.Call) and node.args and _is_environment(node.func):
        return _variable(node.args[0])
    if isinstance(node, ast.Subscript) and _is_environment(node.value):
        return _variable(node.slice)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        where = _name(node.comparators[0])
        if where.endswith("environ"):
            return _variable(node.left)
        if where.endswith("argv") and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            return f"option {node.left.value}"
    return ""


def _is_environment(node: ast.AST) -> bool:
    name = _name(node)
    return name.endswith(("environ", "environ.get", "environ.pop", "getenv", "get_env", "env_var")) or name in {
        "env",
        "env.get",
    }


_ALWAYS_TEXT: Final = (
    "PATH HOME PROGRAMFILES SYSTEMROOT WINDIR USERPROFILE TEMP TMP TMPDIR OS PWD SHELL LANG USER INCLUDE "
    "LIB LIBPATH CC CXX FC LD AR CFLAGS CXXFLAGS CPPFLAGS LDFLAGS ARCHFLAGS PKG_CONFIG PKG_CONFIG_PATH "
    "LD_LIBRARY_PATH LIBRARY_PATH CPATH C_INCLUDE_PATH VIRTUAL_ENV CONDA_PREFIX PREFIX PYTHONPATH "
    "MACOSX_DEPLOYMENT_TARGET VSINSTALLDIR VCINSTALLDIR MSYSTEM CIBUILDWHEEL"
)
_ALWAYS: Final = frozenset(_ALWAYS_TEXT.split())
"""Variables that every machine or every compiler has: nobody chooses a library by them."""


def _variable(node: ast.AST) -> str:
    said = node.value if isinstance(node, ast.Constant) else None
    return f"environment {said}" if isinstance(said, str) and said and said.upper() not in _ALWAYS else ""


def _name(node: ast.AST) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id if isinstance(node, ast.Name) else "", *reversed(parts)])


def _behind(names: Names, node: ast.expr, depth: int) -> str:
    """Give the switch that a variable was read from, or the option that an attribute of a command is."""
    if isinstance(node, ast.Attribute) and (option := node.attr.replace("_", "-")) in names.options:
        return f"option --{option}"
    name = _name(node)
    if name not in names.switches:
        names.switches[name] = ""  # met again below
        values = (value for value in names.assigned(name)[:3] if not isinstance(value, ast.List | ast.Dict | ast.Tuple))
        found = (switch_of(names, value, depth - 1) for value in values)
        names.switches[name] = next((switch for switch in found if switch), "")
    return names.switches[name]


def _asked_by_function(names: Names, call: ast.Call, depth: int) -> str:
    """Give the switch that a function of the source reads: the variable it is given, or one of its own."""
    function = names.function(_name(call.func).rpartition(".")[2])
    if function is None or function.name not in names.readers:
        return ""
    given = (item.value for item in call.args if isinstance(item, ast.Constant))
    for said in given:
        if isinstance(said, str) and _VARIABLE.fullmatch(said):
            return f"environment {said}"
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    return next((found for value in returned[:3] if (found := switch_of(names, value, depth - 1))), "")


class _Unknown:
    """What cannot be told."""


_UNKNOWN: Final = _Unknown()


def holds_unset(names: Names, test: ast.expr) -> bool | None:
    """Tell whether a test holds where no variable and no option is set; None if that cannot be told."""
    value = _value(names, test, _DEPTH)
    return None if isinstance(value, _Unknown) else bool(value)


def _value(names: Names, node: ast.expr, depth: int) -> Any:  # noqa: ANN401, PLR0911 - a constant; one way for each kind
    """Give the constant that an expression is where nothing is set."""
    if depth == 0:
        return _UNKNOWN
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _value(names, node.operand, depth)
        return inner if isinstance(inner, _Unknown) else not inner
    if isinstance(node, ast.BoolOp):
        return _of_alternatives(names, node, depth)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _of_comparison(names, node, depth)
    if isinstance(node, ast.Call):
        return _of_call(names, node, depth)
    if isinstance(node, ast.Attribute) and node.attr.replace("_", "-") in names.options:
        return None
    if isinstance(node, ast.Name | ast.Attribute):
        default = names.default_of(_name(node))
        return _value(names, default[0], depth - 1) if len(default) == 1 else _UNKNOWN
    return _UNKNOWN


def _of_alternatives(names: Names, node: ast.BoolOp, depth: int) -> Any:  # noqa: ANN401 - see _value
    values = [_value(names, value, depth) for value in node.values]
    known = [value for value in values if not isinstance(value, _Unknown)]
    decides = isinstance(node.op, ast.Or)
    if any(bool(value) is decides for value in known):
        return decides
    return not decides if len(known) == len(values) else _UNKNOWN


def _of_comparison(names: Names, node: ast.Compare, depth: int) -> Any:  # noqa: ANN401 - see _value
    operator, right = node.ops[0], node.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        if _name(right).endswith(("environ", "argv")):
            return isinstance(operator, ast.NotIn)
        listed = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else None
        left = _value(names, node.left, depth)
        if listed is None or isinstance(left, _Unknown):
            return _UNKNOWN
        inside = any(isinstance(item, ast.Constant) and item.value == left for item in listed)
        return inside is isinstance(operator, ast.In)
    left, other = _value(names, node.left, depth), _value(names, right, depth)
    if isinstance(left, _Unknown) or isinstance(other, _Unknown):
        return _UNKNOWN
    if isinstance(operator, ast.Eq | ast.Is):
        return left == other
    return left != other if isinstance(operator, ast.NotEq | ast.IsNot) else _UNKNOWN


_CONVERTING: Final = re.compile(r"int|str|(?:\w+_)?(?:(?:to|2)_?)?bool(?:ean)?|strtobool|str2bool")


def _of_call(names: Names, node: ast.Call, depth: int) -> Any:  # noqa: ANN401 - see _value
    if _is_environment(node.func):
        if node.args and not _variable(node.args[0]):
            return _UNKNOWN  # one that machines have
        return _value(names, node.args[1], depth) if len(node.args) > 1 else None
    last = _name(node.func).rpartition(".")[2]
    if last in {"lower", "upper", "strip"} and isinstance(node.func, ast.Attribute):
        inner = _value(names, node.func.value, depth)
        return getattr(inner, last)() if isinstance(inner, str) else inner
    if _CONVERTING.fullmatch(last) and node.args:
        inner = _value(names, node.args[0], depth)
        if last in {"bool", "str"} or not isinstance(inner, str):
            return inner
        return inner.lower() in {"1", "y", "yes", "true", "on"}
    return _UNKNOWN
