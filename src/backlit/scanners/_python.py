"""What several scanners ask of Python sources: which texts an expression may stand for, and under which conditions.

Nothing runs. A name is followed to what is assigned to it, appended, or given as an argument, in this source and in
those that it imports names from.
"""

from __future__ import annotations

import ast
import re
from copy import copy
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from backlit.model.signal import Condition, Required
from backlit.scanners import _platforms, _switches
from backlit.scanners._expressions import Value, both, common, dotted, last_of
from backlit.scanners._parsing import HOLDING, LONGEST, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["LONGEST", "Module", "Value", "dotted", "last_of", "parse"]


class Module:
    """A parsed source with its assignments, so that names can be followed."""

    def __init__(self, tree: ast.Module, imported: Callable[[str], Module | None] = lambda _: None) -> None:
        self.imports: dict[str, tuple[str, str]] = {}
        """What its imports bind: to a module, and a name in it that is empty for the module itself."""
        self.options: set[str] = set()
        """Options of its commands: ``use-system-foo``."""
        self.texts: list[ast.Constant] = []
        """All constants that are texts."""
        self.rows: list[ast.Tuple | ast.List] = []
        """All tuples and lists."""
        self.importing: list[ast.Import | ast.ImportFrom] = []
        """All imports."""
        self._see(imported)
        self._parents: dict[ast.AST, ast.AST] = {}
        self._assigned: dict[str, list[tuple[ast.AST, ast.expr]]] = {}
        self._flows: dict[str, list[tuple[ast.AST, ast.expr]]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self._guards: dict[ast.AST, list[tuple[int, frozenset[str]]]] = {}
        self._asking: list[ast.Attribute] = []
        self._given: dict[ast.AST, list[ast.Return | ast.Yield]] = {}
        self._homes: dict[ast.AST, ast.AST | None] = {}
        self._globals: dict[ast.AST | None, frozenset[str]] = {}
        nodes: list[ast.AST] = [tree]
        for node in nodes:  # grows: level by level, as `ast.walk` goes
            note = _NOTED.get(type(node))
            if note is not None:
                note(self, node)
            for field in HOLDING[type(node)]:
                value = getattr(node, field, None)
                for child in value if isinstance(value, list) else (value,):
                    if isinstance(child, ast.AST):
                        self._parents[child] = node
                        nodes.append(child)

    def _see(self, imported: Callable[[str], Module | None]) -> None:
        """Begin to answer what may depend on the sources that are imported."""
        self._imported = imported
        self.switches: dict[str, str] = {}
        """What `_switches` found of names."""
        self.named: dict[str, bool] = {}
        """What `_commands` found its texts to name."""
        self.followed: dict[ast.expr, tuple[Value, ...]] = {}
        """What expressions stand for, as far as somebody asked, seen from where they stand."""
        self._exports: dict[tuple[str, bool], ast.expr] = {}
        self._reached: dict[ast.AST, Value] = {}
        self._entered: dict[ast.AST, Value] = {}
        self._under: dict[tuple[ast.AST, bool], Value] = {}

    def seeing(self, imported: Callable[[str], Module | None]) -> Module:
        """Give this source once more, for somebody who finds what it imports."""
        other = copy(self)
        other._see(imported)  # noqa: SLF001 - its own class
        return other

    # ------------------------------------------------------------ what is kept

    def _note_assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(node, target, node.value)
        if any(last_of(target) == "user_options" for target in node.targets):
            rows = (row.elts[0] for row in ast.walk(node.value) if isinstance(row, ast.Tuple) and row.elts)
            texts = (row.value for row in rows if isinstance(row, ast.Constant))
            self.options |= {text.rstrip("=") for text in texts if isinstance(text, str)}

    def _note_single(self, node: ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> None:
        if node.value is not None:
            self._assign(node, node.target, node.value)

    def _note_loop(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self._assign(node, node.target, ast.Starred(node.iter))

    def _note_call(self, node: ast.Call) -> None:
        self._calls.setdefault(self.name_called(node), []).append(node)
        for word in node.keywords:
            if word.arg:
                self._flows.setdefault(word.arg, []).append((node, word.value))
        if isinstance(node.func, ast.Attribute) and node.args and node.func.attr in _ADDING:
            single = node.func.attr not in {"extend", "update"}
            self._assign(node, node.func.value, ast.List([node.args[-1]]) if single else node.args[-1])

    def _note_dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._flows.setdefault(key.value, []).append((node, value))

    def _note_attribute(self, node: ast.Attribute) -> None:
        if node.attr in _ENVIRONMENT or (
            node.attr == "get" and isinstance(node.value, ast.Name) and node.value.id == "env"
        ):
            self._asking.append(node)

    def _note_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._functions.setdefault(node.name, node)

    def _note_global(self, node: ast.Global | ast.Nonlocal) -> None:
        function = self.function_of(node)
        self._globals[function] = self._globals.get(function, frozenset()) | frozenset(node.names)

    def _note_text(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.append(node)

    def _note_row(self, node: ast.Tuple | ast.List) -> None:
        self.rows.append(node)

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.importing.append(node)
        for alias in node.names:
            if isinstance(node, ast.Import):
                self.imports[alias.asname or alias.name] = (alias.name, "")
            else:
                self.imports[alias.asname or alias.name] = (node.module or "", alias.name)

    def _note_if(self, node: ast.If) -> None:
        """Keep what the platforms are after an ``if`` that leaves."""
        if node.orelse or not isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue):
            return
        platforms = _platforms.platforms_of(node.test)
        if platforms is not None:
            self._guards.setdefault(self._parents[node], []).append((node.lineno, _platforms.ALL - platforms))

    def _assign(self, node: ast.AST, target: ast.expr, value: ast.expr) -> None:
        self._parents.setdefault(value, node)  # a list that was put around what is added stands where that does
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for part, item in zip(target.elts, value.elts, strict=False):
                self._assign(node, part, item)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Starred):
            rows = value.value.elts if isinstance(value.value, ast.Tuple | ast.List) else []
            for row in rows:
                self._assign(node, target, row)
        else:
            if name := dotted(target):
                self._assigned.setdefault(name, []).append((node, value))
            if last := last_of(target):
                self._flows.setdefault(last, []).append((node, value))

    # ------------------------------------------------------------ questions

    def calls(self) -> Iterator[ast.Call]:
        """Give every call."""
        for calls in self._calls.values():
            yield from calls

    def given_by(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Sequence[ast.Return | ast.Yield]:
        """Give where a function returns or yields something, what stands in it included."""
        if function not in self._given:
            self._given[function] = [
                node
                for node in ast.walk(function)
                if isinstance(node, ast.Return | ast.Yield) and node.value is not None
            ]
        return self._given[function]

    def name_called(self, call: ast.Call) -> str:
        """Give the last name of what is called; of what is imported under another name, its own."""
        name = last_of(call.func)
        own = self.imports.get(name, ("", ""))[1] if isinstance(call.func, ast.Name) else ""
        return own or name

    def names_called(self) -> Iterator[str]:
        """Give the last names of what is called, each once."""
        yield from self._calls

    def called(self, name: str) -> tuple[ast.Call, ...]:
        """Give the calls of what has this last name."""
        return tuple(self._calls.get(name, ()))

    def flows(self) -> Iterator[tuple[str, ast.AST, ast.expr]]:
        """Give all that flows into a name: assigned, added, given by keyword or under a key; with where it does."""
        for name, flows in self._flows.items():
            for node, value in flows:
                yield name, node, value

    def assigned(self, name: str) -> tuple[ast.expr, ...]:
        """Give what is assigned to a name, with its attributes, in order."""
        return tuple(value for _, value in self._assigned.get(name, ()))

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Give the function of a name; None if the source has none."""
        return self._functions.get(name)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Give every function, the first of each name."""
        yield from self._functions.values()

    @property
    def words(self) -> frozenset[str]:
        """Give the words of all its texts: ``pkg-config`` is one."""
        return frozenset(_WORD.findall("\n".join({str(node.value) for node in self.texts})))

    @cached_property
    def readers(self) -> frozenset[str]:
        """Functions that read the environment."""
        inside = {parent for node in self._asking for parent, _ in self.around(node)}
        return frozenset(name for name, function in self._functions.items() if function in inside)

    def around(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Give what a node stands in, the nearest first, each with its part that leads to the node."""
        while (parent := self._parents.get(node)) is not None:
            yield parent, node
            node = parent

    def function_of(self, node: ast.AST) -> ast.AST | None:
        """Give the function that a node stands in; None if it stands in none."""
        if node not in self._homes:
            around = (parent for parent, _ in self.around(node))
            self._homes[node] = next((parent for parent in around if type(parent) in _FUNCTIONS), None)
        return self._homes[node]

    def functions_around(self, node: ast.AST) -> tuple[ast.AST, ...]:
        """Give the functions that a node stands in, the innermost first."""
        found: list[ast.AST] = []
        function = self.function_of(node)
        while function is not None:
            found.append(function)
            function = self.function_of(function)
        return tuple(found)

    def globals_of(self, function: ast.AST) -> frozenset[str]:
        """Give the names of the source, or of a function around, that a function assigns to."""
        return self._globals.get(function, frozenset())

    def condition_of(self, node: ast.AST) -> Condition:
        """Give when a node is reached, as the ``if`` statements around it say."""
        return self.reach_of(node).condition

    def reach_of(self, node: ast.AST) -> Value:
        """Give when a node is reached, as a value without text."""
        if node in self._reached:
            return self._reached[node]
        chain: list[ast.AST] = []
        at: ast.AST | None = node
        while at is not None and at not in self._reached:
            chain.append(at)
            at = self._parents.get(at)
        reach = self._reached[at] if at is not None else Value()
        for child in reversed(chain):
            parent = self._parents.get(child)
            if parent is not None:
                reach = both(reach, self.step(parent, child))
            self._reached[child] = reach
        return reach

    def step(self, parent: ast.AST, child: ast.AST) -> Value:
        """Give what one level of the source adds to when a node is reached."""
        platforms = _platforms.of_branch(parent, child)
        if platforms is None and isinstance(parent, ast.If | ast.IfExp) and child is not parent.test:
            platforms = self._of_variable(parent, child)
        for line, others in self._guards.get(parent, ()):
            if line < getattr(child, "lineno", 0):
                platforms = others if platforms is None else platforms & others
        if platforms is not None:
            return Value(condition=Condition(platforms=tuple(sorted(platforms))))
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._called_where(parent)
        if isinstance(parent, ast.If | ast.IfExp) and child is not parent.test:
            body = parent.body if isinstance(parent.body, list) else [parent.body]
            return self._where(parent.test, holds=child in body)
        return Value()

    def _called_where(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Value:
        """Give what all calls of a function have in common; nothing if it is not called here, or in many places."""
        known = self._entered.get(function)
        if known is not None:
            return known
        self._entered[function] = Value()  # it may call itself
        calls = [call for call in self._calls.get(function.name, ()) if not self._stands_in(call, function)]
        # A name that is defined twice, or is called all over, says nothing.
        if not calls or len(calls) > _SITES or self._functions.get(function.name) is not function:
            return self._entered[function]
        reaches = [self.reach_of(call) for call in calls]
        self._entered[function] = common(reaches)
        return self._entered[function]

    def _stands_in(self, node: ast.AST, function: ast.AST) -> bool:
        at: ast.AST | None = node
        while at is not None and at is not function:
            at = self._parents.get(at)
        return at is function

    def _of_variable(self, parent: ast.If | ast.IfExp, child: ast.AST) -> frozenset[str] | None:
        """Give the platforms of a branch whose test is a variable that keeps such a test."""
        negated = isinstance(parent.test, ast.UnaryOp) and isinstance(parent.test.op, ast.Not)
        name = dotted(parent.test.operand if isinstance(parent.test, ast.UnaryOp) else parent.test)
        values = self.assigned(name) if name else ()
        platforms = _platforms.platforms_of(values[0]) if len(values) == 1 else None
        if platforms is None:
            return None
        body = parent.body if isinstance(parent.body, list) else [parent.body]
        return platforms if (child in body) is not negated else _platforms.ALL - platforms

    def _where(self, test: ast.expr, *, holds: bool) -> Value:
        known = self._under.get((test, holds))
        if known is None:
            self._under[test, holds] = Value(required=Required.UNKNOWN)  # it may ask for itself
            known = self._under[test, holds] = self._asked_where(test, holds=holds)
        return known

    def default_of(self, name: str) -> Sequence[ast.expr]:
        """Give what is assigned to a name where nobody sets anything; all, if that is not told by switches alone."""
        values = self.assigned(name)[:_SITES]
        reaches = [self.reach_of(value) for value in values] if len(values) > 1 else ()
        chosen = [reach for reach in reaches if reach.required is not Required.YES]
        if not chosen or not all(reach.condition.switch for reach in chosen):
            return values
        return [value for value, reach in zip(values, reaches, strict=True) if reach.required is Required.YES]

    def _asked_where(self, test: ast.expr, *, holds: bool) -> Value:
        switch, on = _switches.switch_of(self, test), _switches.holds_unset(self, test)
        if not switch and on is not None and on is not holds:
            return Value(condition=Condition(platforms=("none",)), required=Required.OPTIONAL)  # nobody gets there
        if not switch:
            return Value() if on is holds else Value(required=Required.UNKNOWN)
        required = Required.UNKNOWN if on is None else Required.YES if on is holds else Required.OPTIONAL
        return Value(condition=Condition(switch=switch), required=required)

    def places_of(self, name: str) -> Sequence[tuple[ast.AST, ast.expr]]:
        """Give what is assigned to a name, with its attributes, and where."""
        return self._assigned.get(name, ())

    def flows_into(self, name: str) -> Sequence[tuple[ast.AST, ast.expr]]:
        """Give what flows into a name, whatever object or table it belongs to, and where."""
        return self._flows.get(name, ())

    def imported(self, module: str) -> Module | None:
        """Give the source of a module that it imports; None if the tree has none."""
        return self._imported(module)

    def near(self, node: ast.AST) -> frozenset[ast.AST]:
        """Give a node with what it stands in, not far up."""
        return frozenset((node, *(parent for parent, _ in islice(self.around(node), _NEAR))))

    def export(self, name: str, *, called: bool) -> ast.expr:
        """Give the expression for a name of this source, or for its call, as others have it; one for each."""
        key = (name, called)
        if key not in self._exports:
            self._exports[key] = ast.Call(ast.Name(name), [], []) if called else ast.Name(name)
        return self._exports[key]


_WORD: Final = re.compile(r"[A-Za-z][\w-]*")

_FUNCTIONS: Final = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})

_NEAR: Final = 13

_SITES: Final = 6
"""How many calls of a function are looked at."""

_ADDING: Final = frozenset({"append", "extend", "insert", "add", "update"})
"""Methods that put their last argument in."""

_ENVIRONMENT: Final = frozenset({"environ", "getenv", "get_env", "env_var"})
"""Attributes by which the environment is read."""

_NOTED: Final[dict[type[ast.AST], Callable[[Module, Any], None]]] = {
    ast.Assign: Module._note_assign,  # noqa: SLF001 - the class's own table
    **dict.fromkeys((ast.AnnAssign, ast.AugAssign, ast.NamedExpr), Module._note_single),  # noqa: SLF001
    **dict.fromkeys((ast.For, ast.AsyncFor, ast.comprehension), Module._note_loop),  # noqa: SLF001
    ast.Attribute: Module._note_attribute,  # noqa: SLF001
    ast.Call: Module._note_call,  # noqa: SLF001
    ast.Constant: Module._note_text,  # noqa: SLF001
    ast.Dict: Module._note_dict,  # noqa: SLF001
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef), Module._note_function),  # noqa: SLF001
    **dict.fromkeys((ast.Import, ast.ImportFrom), Module._note_import),  # noqa: SLF001
    **dict.fromkeys((ast.Global, ast.Nonlocal), Module._note_global),  # noqa: SLF001
    ast.If: Module._note_if,  # noqa: SLF001
    **dict.fromkeys((ast.Tuple, ast.List), Module._note_row),  # noqa: SLF001
}
