"""Which texts an expression of a Python source may stand for: names followed to what is assigned to them."""

from __future__ import annotations

import ast
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from backlit.model.signal import Condition
from backlit.scanners import _platforms
from backlit.scanners._expressions import Value, all_within, both, dotted, is_text, joined, last_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from backlit.scanners._python import Module

    _Place = tuple[ast.AST, ast.expr]
    """Where a name is given something, and what."""

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
    return tuple(dict.fromkeys(_under(module.reach_of(node), _Follower(module, _Question()).texts(node, _DEPTH))))


def is_probe(node: ast.AST) -> bool:
    """Tell whether a node calls what tries whether something can be linked; `link_executable` makes no extension."""
    name = last_of(node.func) if isinstance(node, ast.Call) else ""
    return name == "link_executable" or _PROBING.match(name) is not None


_PROBING: Final = re.compile(r"_?(?:has|have|check|try|test|probe|can|find|does)_")


def _under(at: Value, values: Iterable[Value]) -> Iterable[Value]:
    """Give values under the conditions of a place that leads to them, too."""
    return values if at == _PLAIN else all_within(at, values)


_PLAIN: Final = Value()


class _Question:
    """What those share who follow names for one question, each in its source."""

    def __init__(self) -> None:
        self.left = _STEPS
        """How many steps are left."""
        self.open: set[ast.expr] = set()
        """What is being followed: who meets it again is in a circle."""
        self.known: dict[ast.expr, tuple[Value, ...]] = {}
        """What was found out, but perhaps not all of it: a circle, or too many steps, stood in the way."""
        self.cuts = 0
        """How often something was not followed."""

    def cut(self) -> tuple[Value, ...]:
        """Follow something no further."""
        self.cuts += 1
        return ()


class _Follower:
    """Follows the names of one source, for one question."""

    def __init__(self, module: Module, question: _Question) -> None:
        self.module = module
        self.question = question

    def texts(self, node: ast.expr, depth: int) -> tuple[Value, ...]:
        """Give the texts of one expression, as seen from where it stands.

        What is met again is not followed again, and a circle gives nothing. What is known whole is kept for the next
        question.
        """
        question = self.question
        known = self.module.followed.get(node)
        if known is None:
            known = question.known.get(node)
        if known is not None:
            return known
        if depth <= 0 or question.left <= 0 or node in question.open:
            return question.cut()
        question.left -= 1
        question.open.add(node)
        cuts = question.cuts
        found = tuple(dict.fromkeys(islice(self._read(node, depth), 4 * _MOST)))[:_MOST]
        question.open.remove(node)
        if question.cuts == cuts:
            self.module.followed[node] = found
        else:
            question.known[node] = found
        return found

    def _read(self, node: ast.expr, depth: int) -> Iterator[Value]:
        follow = _FOLLOWED.get(type(node))
        if follow is not None:
            yield from follow(self, node, depth)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from self._of_name(node, dotted(node), depth)

    def _of_constant(self, node: ast.Constant, _depth: int) -> Iterator[Value]:
        if isinstance(node.value, str | bytes):
            yield Value(node.value if isinstance(node.value, str) else node.value.decode("latin-1"))

    def _of_items(self, node: ast.List | ast.Tuple | ast.Set, depth: int) -> Iterator[Value]:
        # A name with how it is built, as `setup(libraries=...)` has it: what stands in that is no item.
        how = node.elts[1] if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 2 else None  # noqa: PLR2004
        for item in node.elts[:1] if isinstance(how, ast.Dict) else node.elts:
            yield from self.texts(item, depth - 1)

    def _of_inner(self, node: ast.Starred | ast.Subscript, depth: int) -> Iterator[Value]:
        key = last_of(node)
        inner = node.value
        if key and isinstance(node, ast.Subscript):
            flows = [(place, value) for place, value in self.module.flows_into(key) if value is not node]
            if flows and not isinstance(inner, ast.Dict):
                for place, value in flows[:20]:
                    yield from _under(self.module.reach_of(place), self.texts(value, depth - 2))
                return
        yield from self.texts(inner, depth - 1)

    def _of_alternatives(self, node: ast.BoolOp, depth: int) -> Iterator[Value]:
        for value in node.values:
            yield from self.texts(value, depth - 1)

    def _of_comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, depth: int) -> Iterator[Value]:
        yield from self.texts(node.elt, depth - 1)

    def _of_dict(self, node: ast.Dict, depth: int) -> Iterator[Value]:
        for key, value in zip(node.keys, node.values, strict=True):
            said = key.value if isinstance(key, ast.Constant) else None
            platform = _platforms.named(said) if isinstance(said, str) else None
            inner = Value(condition=Condition(platforms=(platform,))) if platform else Value()
            yield from _under(inner, self.texts(value, depth - 1))

    def _of_choice(self, node: ast.IfExp, depth: int) -> Iterator[Value]:
        for part in (node.body, node.orelse):
            yield from _under(self.module.step(node, part), self.texts(part, depth - 1))

    def _of_operation(self, node: ast.BinOp, depth: int) -> Iterator[Value]:
        left = self.texts(node.left, depth - 1)
        right = self.texts(node.right, depth - 1)
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

    def _of_joined(self, node: ast.JoinedStr, depth: int) -> Iterator[Value]:
        made = [_PLAIN]
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            options = self.texts(inner, depth - 1)[:8]
            made = [joined(a, b) for a in made for b in options][:_MOST]
        yield from made

    def _of_call(self, node: ast.Call, depth: int) -> Iterator[Value]:
        name = last_of(node.func) if isinstance(node.func, ast.Attribute | ast.Name) else ""
        if name in _DEFAULTING and len(node.args) > 1:
            yield from self.texts(node.args[1], depth - 1)
            if isinstance(node.func, ast.Attribute) and isinstance(node.args[1], ast.List | ast.Tuple):
                yield from self.texts(node.func.value, depth - 1)  # a dictionary of lists
        elif name in _PASSING and node.args:
            yield from self.texts(node.args[0], depth - 1)
        elif name in {"format", "split"} and isinstance(node.func, ast.Attribute):
            yield from self._of_text_method(node, node.func, depth)
        elif (function := self.module.function(name)) is not None:
            for given in self.module.given_by(function):
                if given.value is not None:
                    yield from _under(self.module.reach_of(given), self.texts(given.value, depth - 1))
        elif name in self.module.imports:
            yield from self._of_import(name, depth, called=True)

    def _of_text_method(self, node: ast.Call, method: ast.Attribute, depth: int) -> Iterator[Value]:
        for form in self.texts(method.value, depth - 1):
            if method.attr == "split":
                separator = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
                between = separator if isinstance(separator, str) and separator else None
                yield from (form._replace(text=part) for part in form.text.split(between))
            elif form.text.count("{}") == 1 and node.args:
                values = self.texts(node.args[0], depth - 1)
                yield from (form._replace(text=form.text.replace("{}", value.text)) for value in values)

    def _of_name(self, node: ast.expr, name: str, depth: int) -> Iterator[Value]:
        found = False
        places = self.module.places_of(name)
        if not places and isinstance(node, ast.Attribute):
            # An attribute of an object of the source: of `self`, or of its class. A probe is given other things.
            places = [flow for flow in self.module.flows_into(node.attr) if not is_probe(flow[0])]
        homes = None if isinstance(node, ast.Attribute) else self.module.functions_around(node)
        around = self.module.near(node) if places else frozenset()
        for place, value in self._made_over(places, name, around):
            if (homes is not None and not self._is_visible(place, name, homes)) or _is_inside(around, value):
                continue
            found = True
            yield from _under(self.module.reach_of(place), self.texts(value, depth - 1))
        yield from self._of_parameter(node, name, depth)
        if not found:
            yield from self._of_import(name, depth)

    def _made_over(self, places: Sequence[_Place], name: str, around: frozenset[ast.AST]) -> Sequence[_Place]:
        """Give what puts all items of a list in other words, where something does: the first ones are none then.

        ``libs = ["foo_" + lib for lib in libs]`` says so, where it stands on every platform or on Linux.
        """
        made = [(place, value) for place, value in places if _is_made_over(value, name)]
        if not made or any(value in around for _, value in made):
            return places
        platforms = [self.module.reach_of(place).condition.platforms for place, _ in made]
        return made if any(not each or "linux" in each for each in platforms) else places

    def _of_import(self, name: str, depth: int, *, called: bool = False) -> Iterator[Value]:
        bound, _, attribute = name.rpartition(".")
        module, inside = self.module.imports.get(name) or self.module.imports.get(bound) or ("", "")
        other = self.module.imported(module) if module else None
        wanted = inside or attribute
        if other is None or other is self.module or not wanted:
            return
        yield from _Follower(other, self.question).texts(other.export(wanted, called=called), depth - 1)

    def _is_visible(self, place: ast.AST, name: str, homes: tuple[ast.AST, ...]) -> bool:
        """Tell whether what a place assigns to a name is seen from within some functions.

        What a function puts into what it was given, whoever gave it sees.
        """
        home = self.module.function_of(place)
        if home is None or home in homes or name in self.module.globals_of(home):
            return True
        return isinstance(place, ast.Call) and isinstance(home, _DEFINED) and name in _parameters_of(home)

    def _of_parameter(self, node: ast.expr, name: str, depth: int) -> Iterator[Value]:
        function = self.module.function_of(node)
        if not isinstance(function, _DEFINED):
            return
        names = _parameters_of(function)
        rest = function.args.vararg is not None and function.args.vararg.arg == name
        if name not in names and not rest:
            return
        at_ = len(names) if rest else names.index(name)
        method = bool(names) and names[0] in {"self", "cls"}
        defaults = function.args.defaults
        back = len(names) - at_
        if 0 < back <= len(defaults):
            yield from self.texts(defaults[-back], depth - 1)
        for call in self.module.called(function.name):
            place = max(0, at_ - (method and isinstance(call.func, ast.Attribute)))
            given = [word.value for word in call.keywords if word.arg == name]
            given = given or (call.args[place:] if rest else call.args[place : place + 1])
            for value in given:
                yield from _under(self.module.reach_of(call), self.texts(value, depth - 1))


_DEFINED: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def _parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _is_made_over(value: ast.expr, name: str) -> bool:
    if not isinstance(value, ast.ListComp) or isinstance(value.elt, ast.Name):
        return False
    if isinstance(value.elt, ast.Call) and last_of(value.elt.func) == "join":
        return False  # the same files, with their folder
    if isinstance(value.elt, ast.BinOp) and isinstance(value.elt.op, ast.Div):
        return False  # likewise
    taken = value.generators[0].iter
    return isinstance(taken, ast.Name) and taken.id == name


def _is_inside(around: frozenset[ast.AST], value: ast.expr) -> bool:
    """Tell whether a name stands in what is assigned to it: ``x = [*x, "more"]`` says nothing of the first `x`.

    `around` has the name, and what is around it.
    """
    # What is added, or run through, was put into a list when it was kept.
    parts = value.elts if isinstance(value, ast.List) else (value.value,) if isinstance(value, ast.Starred) else ()
    return value in around or not around.isdisjoint(parts)


_DEFAULTING: Final = frozenset({"get", "getenv", "pop", "setdefault"})
"""What gives its second argument where nothing is set."""

_PASSING_TEXT: Final = (
    "str list tuple set sorted b dict fspath Path filter copy deepcopy strip lower fsdecode quote expandvars"
)
_PASSING: Final = frozenset(_PASSING_TEXT.split())
"""What gives its first argument, for our purpose."""

_FOLLOWED: Final[dict[type[ast.AST], Callable[[_Follower, Any, int], Iterator[Value]]]] = {
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
