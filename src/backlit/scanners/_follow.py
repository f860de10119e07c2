"""Which texts an expression of a Python source may stand for: names followed to what is assigned to them."""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from backlit.model.signal import Condition
from backlit.scanners import _platforms
from backlit.scanners._expressions import Value, both, dotted, is_text, joined, last_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backlit.scanners._python import Module

_MOST: Final = 128
"""How many values of one expression are followed."""

_DEPTH: Final = 14
"""How far one name is followed to another."""

_STEPS: Final = 6000
"""How many expressions are looked at for one question."""


def texts(module: Module, node: ast.expr | None) -> tuple[Value, ...]:
    """Give the texts that an expression may stand for, each once; none for None."""
    if node is None:
        return ()
    return _Follower(module, [_STEPS]).texts(node, module.reach_of(node), _DEPTH)


class _Follower:
    """Follows the names of one source, for one question."""

    def __init__(self, module: Module, left: list[int]) -> None:
        self.module = module
        self.left = left
        """How many steps are left, shared with those who follow in other sources."""
        self._known: dict[tuple[ast.expr, Value], tuple[Value, ...]] = {}

    def texts(self, node: ast.expr, at: Value, depth: int) -> tuple[Value, ...]:
        """Give the texts of one expression; what is met again is not followed again, and a circle gives nothing."""
        key = (node, at)
        known = self._known.get(key)
        if known is None:
            self.left[0] -= 1
            if depth <= 0 or self.left[0] < 0:
                return ()
            self._known[key] = ()
            found = dict.fromkeys(islice(self._read(node, at, depth), 4 * _MOST))
            known = self._known[key] = tuple(found)[:_MOST]
        return known

    def _read(self, node: ast.expr, at: Value, depth: int) -> Iterator[Value]:
        follow = _FOLLOWED.get(type(node))
        if follow is not None:
            yield from follow(self, node, at, depth)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from self._of_name(node, dotted(node), at, depth)

    def _of_constant(self, node: ast.Constant, at: Value, _depth: int) -> Iterator[Value]:
        if isinstance(node.value, str | bytes):
            yield at._replace(text=node.value if isinstance(node.value, str) else node.value.decode("latin-1"))

    def _of_items(self, node: ast.List | ast.Tuple | ast.Set, at: Value, depth: int) -> Iterator[Value]:
        # A name with how it is built, as `setup(libraries=...)` has it: what stands in that is no item.
        how = node.elts[1] if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 2 else None  # noqa: PLR2004
        for item in node.elts[:1] if isinstance(how, ast.Dict) else node.elts:
            yield from self.texts(item, at, depth - 1)

    def _of_inner(self, node: ast.Starred | ast.Subscript, at: Value, depth: int) -> Iterator[Value]:
        key = last_of(node)
        inner = node.value
        if key and isinstance(node, ast.Subscript):
            flows = [(place, value) for place, value in self.module.flows_into(key) if value is not node]
            if flows and not isinstance(inner, ast.Dict):
                for place, value in flows[:20]:
                    yield from self.texts(value, both(at, self.module.reach_of(place)), depth - 2)
                return
        yield from self.texts(inner, at, depth - 1)

    def _of_alternatives(self, node: ast.BoolOp, at: Value, depth: int) -> Iterator[Value]:
        for value in node.values:
            yield from self.texts(value, at, depth - 1)

    def _of_comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, at: Value, depth: int
    ) -> Iterator[Value]:
        yield from self.texts(node.elt, at, depth - 1)

    def _of_dict(self, node: ast.Dict, at: Value, depth: int) -> Iterator[Value]:
        for key, value in zip(node.keys, node.values, strict=True):
            said = key.value if isinstance(key, ast.Constant) else None
            platform = _platforms.named(said) if isinstance(said, str) else None
            inner = Value(condition=Condition(platforms=(platform,))) if platform else Value()
            yield from self.texts(value, both(at, inner), depth - 1)

    def _of_choice(self, node: ast.IfExp, at: Value, depth: int) -> Iterator[Value]:
        for part in (node.body, node.orelse):
            yield from self.texts(part, both(at, self.module.step(node, part)), depth - 1)

    def _of_operation(self, node: ast.BinOp, at: Value, depth: int) -> Iterator[Value]:
        left = self.texts(node.left, at, depth - 1)
        right = self.texts(node.right, at, depth - 1)
        if isinstance(node.op, ast.Add):
            sides = (node.left, node.right)
            if all(isinstance(side, ast.List | ast.Tuple) or not is_text(side) for side in sides):
                yield from (*left, *right)
            else:
                yield from (joined(a, b) for a in left for b in right)
        elif isinstance(node.op, ast.Mod):
            for form in left:
                if form.text.count("%s") == 1:
                    yield from (both(form, value)._replace(text=form.text.replace("%s", value.text)) for value in right)

    def _of_joined(self, node: ast.JoinedStr, at: Value, depth: int) -> Iterator[Value]:
        made = [at._replace(text="")]
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            options = self.texts(inner, at, depth - 1)[:8]
            made = [joined(a, b) for a in made for b in options][:_MOST]
        yield from made

    def _of_call(self, node: ast.Call, at: Value, depth: int) -> Iterator[Value]:
        name = last_of(node.func) if isinstance(node.func, ast.Attribute | ast.Name) else ""
        if name in _DEFAULTING and len(node.args) > 1:
            yield from self.texts(node.args[1], at, depth - 1)
        elif name in _PASSING and node.args:
            yield from self.texts(node.args[0], at, depth - 1)
        elif name in {"format", "split"} and isinstance(node.func, ast.Attribute):
            yield from self._of_text_method(node, node.func, at, depth)
        elif (function := self.module.function(name)) is not None:
            for given in self.module.given_by(function):
                if given.value is not None:
                    yield from self.texts(given.value, both(at, self.module.reach_of(given)), depth - 1)
        elif name in self.module.imports:
            yield from self._of_import(name, at, depth, called=True)

    def _of_text_method(self, node: ast.Call, method: ast.Attribute, at: Value, depth: int) -> Iterator[Value]:
        for form in self.texts(method.value, at, depth - 1):
            if method.attr == "split":
                separator = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
                between = separator if isinstance(separator, str) and separator else None
                yield from (form._replace(text=part) for part in form.text.split(between))
            elif form.text.count("{}") == 1 and node.args:
                values = self.texts(node.args[0], at, depth - 1)
                yield from (form._replace(text=form.text.replace("{}", value.text)) for value in values)

    def _of_name(self, node: ast.expr, name: str, at: Value, depth: int) -> Iterator[Value]:
        found = False
        places = self.module.places_of(name)
        if not places and isinstance(node, ast.Attribute):
            # An attribute of an object of the source: of `self`, or of its class.
            places = self.module.flows_into(node.attr)
        for place, value in places:
            if not self._is_visible(place, node) or self._is_inside(node, value):
                continue
            found = True
            yield from self.texts(value, both(at, self.module.reach_of(place)), depth - 1)
        yield from self._of_parameter(node, name, at, depth)
        if not found:
            yield from self._of_import(name, at, depth)

    def _is_inside(self, node: ast.expr, value: ast.expr) -> bool:
        """Tell whether a name stands in what is assigned to it: ``x = [*x, "more"]`` says nothing of the first `x`."""
        # What is added, or run through, was put into a list when it was kept.
        parts = value.elts if isinstance(value, ast.List) else [value.value] if isinstance(value, ast.Starred) else ()
        return any(self.module.is_inside(node, part) for part in (value, *parts))

    def _of_import(self, name: str, at: Value, depth: int, *, called: bool = False) -> Iterator[Value]:
        bound, _, attribute = name.rpartition(".")
        module, inside = self.module.imports.get(name) or self.module.imports.get(bound) or ("", "")
        other = self.module.imported(module) if module else None
        wanted = inside or attribute
        if other is None or other is self.module or not wanted:
            return
        expression: ast.expr = ast.Name(wanted)
        if called:
            expression = ast.Call(expression, [], [])
        yield from _Follower(other, self.left).texts(expression, at, depth - 1)

    def _is_visible(self, place: ast.AST, node: ast.AST) -> bool:
        """Tell whether an assignment may be seen from a node: in the same function, or outside of all functions."""
        if isinstance(node, ast.Attribute):
            return True
        home = self.module.function_of(place)
        return home is None or home is self.module.function_of(node) or self.module.function_of(node) is None

    def _of_parameter(self, node: ast.expr, name: str, at: Value, depth: int) -> Iterator[Value]:
        function = self.module.function_of(node)
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        rest = function.args.vararg is not None and function.args.vararg.arg == name
        if name not in names and not rest:
            return
        at_ = len(names) if rest else names.index(name)
        method = bool(names) and names[0] in {"self", "cls"}
        defaults = function.args.defaults
        back = len(names) - at_
        if 0 < back <= len(defaults):
            yield from self.texts(defaults[-back], at, depth - 1)
        for call in self.module.called(function.name):
            place = max(0, at_ - (method and isinstance(call.func, ast.Attribute)))
            given = [word.value for word in call.keywords if word.arg == name]
            given = given or (call.args[place:] if rest else call.args[place : place + 1])
            for value in given:
                yield from self.texts(value, both(at, self.module.reach_of(call)), depth - 1)


_DEFAULTING: Final = frozenset({"get", "getenv", "pop", "setdefault"})
"""What gives its second argument where nothing is set."""

_PASSING_TEXT: Final = (
    "str list tuple set sorted b dict fspath Path filter copy deepcopy strip lower fsdecode quote expandvars"
)
_PASSING: Final = frozenset(_PASSING_TEXT.split())
"""What gives its first argument, for our purpose."""

_FOLLOWED: Final[dict[type[ast.AST], Callable[[_Follower, Any, Value, int], Iterator[Value]]]] = {
    ast.Constant: _Follower._of_constant,  # noqa: SLF001 - the class's own table
    ast.List: _Follower._of_items,  # noqa: SLF001
    ast.Tuple: _Follower._of_items,  # noqa: SLF001
    ast.Set: _Follower._of_items,  # noqa: SLF001
    ast.Dict: _Follower._of_dict,  # noqa: SLF001
    ast.Starred: _Follower._of_inner,  # noqa: SLF001
    ast.Subscript: _Follower._of_inner,  # noqa: SLF001
    ast.IfExp: _Follower._of_choice,  # noqa: SLF001
    ast.BoolOp: _Follower._of_alternatives,  # noqa: SLF001
    ast.BinOp: _Follower._of_operation,  # noqa: SLF001
    ast.JoinedStr: _Follower._of_joined,  # noqa: SLF001
    ast.Call: _Follower._of_call,  # noqa: SLF001
    ast.ListComp: _Follower._of_comprehension,  # noqa: SLF001
    ast.SetComp: _Follower._of_comprehension,  # noqa: SLF001
    ast.GeneratorExp: _Follower._of_comprehension,  # noqa: SLF001
}
