"""Values and names of expressions in a Python source."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.signal import Condition, Required
from backlit.scanners import _platforms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Value(NamedTuple):
    """One text that an expression may stand for."""

    text: str = ""
    """The text."""
    condition: Condition = Condition()
    """When it does."""
    required: Required = Required.YES
    """Whether the condition holds where nobody sets anything: ``optional`` if not, ``unknown`` if that depends on what
    is found while building. Platforms do not count."""


def dotted(node: ast.AST) -> str:
    """Give a name with its attributes, ``ctypes.util.find_library``; empty for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def last_of(node: ast.AST) -> str:
    """Give the last part of a name, an attribute of whatever, or a constant key: ``libs`` of ``x["libs"]``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"setdefault", "get"}:
        key = node.args[0] if node.args else None
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return ""


_WEAKEST: Final = {Required.YES: 0, Required.UNKNOWN: 1, Required.OPTIONAL: 2}


def both(left: Value, right: Value) -> Value:
    """Give the left value under the conditions of both."""
    return Value(left.text, _met(left.condition, right.condition), _weaker(left.required, right.required))


def all_within(outer: Value, values: Iterable[Value]) -> Iterator[Value]:
    """Give values under the conditions of another and of their own; the other's switch is the first to be set."""
    _, condition, required = Value()
    met, weaker = outer.condition, outer.required
    for value in values:
        # Most stand under the same conditions as the one before.
        if value.condition is not condition or value.required is not required:
            _, condition, required = value
            met, weaker = _met(outer.condition, condition), _weaker(outer.required, required)
        yield Value(value.text, met, weaker)


def _weaker(left: Required, right: Required) -> Required:
    return left if left is right or _WEAKEST[left] > _WEAKEST[right] else right


@lru_cache(maxsize=4096)
def _met(one: Condition, other: Condition) -> Condition:
    """Give what holds where both do."""
    platforms = one.platforms
    if other.platforms:
        known = frozenset(one.platforms or _platforms.ALL) & frozenset(other.platforms)
        platforms = tuple(sorted(known)) or ("none",)
    return one._replace(platforms=platforms, switch=one.switch or other.switch)


def common(values: Sequence[Value]) -> Value:
    """Give what holds for all of some conditions: where one of them is met, that is met."""
    required = min((value.required for value in values), key=_WEAKEST.__getitem__)
    listed = [frozenset(value.condition.platforms) for value in values]
    platforms = tuple(sorted(frozenset().union(*listed))) if all(listed) else ()
    switches = {value.condition.switch for value in values}
    return Value(condition=Condition(platforms, switch=switches.pop() if len(switches) == 1 else ""), required=required)


def joined(left: Value, right: Value) -> Value:
    return both(left, right)._replace(text=left.text + right.text)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
