"""What several scanners ask of Python sources: which texts an expression may stand for, and on which platforms."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.model.signal import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST: Final = 2 << 20
"""Largest source that is parsed, in characters: what is larger is generated."""

_MOST: Final = 64
"""How many values of one expression are followed."""

_DEPTH: Final = 12
"""How far one name is followed to another."""


class Value(NamedTuple):
    """One text that an expression may stand for."""

    text: str
    """The text."""
    condition: Condition
    """When it does."""


def parse(text: str) -> ast.Module | None:
    """Parse a source; None if it is none, or is beyond all measure."""
    if len(text) > LONGEST:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dotted(node: ast.AST) -> str:
    """Give a name with its attributes, ``ctypes.util.find_library``; empty for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


class Module:
    """A parsed source with its assignments, so that names can be followed."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        """The source."""
        self._parents: dict[ast.AST, ast.AST] = {}
        self._assigned: dict[str, list[tuple[ast.AST, ast.expr]]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(node, target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            self._assign(node, node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._assign(node, node.target, ast.Starred(node.iter))
        elif isinstance(node, ast.NamedExpr):
            self._assign(node, node.target, node.value)
        elif isinstance(node, ast.Call):
            self._calls.setdefault(dotted(node.func).rpartition(".")[2], []).append(node)
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in {"append", "extend", "insert", "add"}
                and node.args
            ):
                single = node.func.attr != "extend"
                self._assign(node, node.func.value, ast.List([node.args[-1]]) if single else node.args[-1])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._functions.setdefault(node.name, node)

    def _assign(self, node: ast.AST, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for part, item in zip(target.elts, value.elts, strict=False):
                self._assign(node, part, item)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Starred):
            rows = value.value.elts if isinstance(value.value, ast.Tuple | ast.List) else []
            for row in rows:
                self._assign(node, target, row)
        elif name := dotted(target):
            self._assigned.setdefault(name, []).append((node, value))

    def calls(self) -> Iterator[ast.Call]:
        """Give every call."""
        for calls in self._calls.values():
            yield from calls

    def condition_of(self, node: ast.AST) -> Condition:
        """Give the platforms on which a node is reached, as the ``if`` statements around it say."""
        platforms: frozenset[str] | None = None
        child = node
        while (parent := self._parents.get(child)) is not None:
            found = _platforms_of_branch(parent, child)
            if found is not None:
                platforms = found if platforms is None else platforms & found
            child = parent
        return Condition(platforms=tuple(sorted(platforms))) if platforms is not None else Condition()

    def texts(self, node: ast.expr | None) -> tuple[Value, ...]:
        """Give the texts that an expression may stand for, the items of a list each; empty if nothing can be told."""
        if node is None:
            return ()
        found = dict.fromkeys(self._texts(node, self.condition_of(node), _DEPTH))
        return tuple(found)[:_MOST]

    def _texts(self, node: ast.expr, condition: Condition, depth: int) -> Iterator[Value]:
        if depth == 0:
            return
        follow = _FOLLOWED.get(type(node))
        if follow is not None:
            yield from follow(self, node, condition, depth)
        elif name := dotted(node):
            yield from self._of_name(node, name, condition, depth)

    def _of_constant(self, node: ast.Constant, condition: Condition, _depth: int) -> Iterator[Value]:
        if isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            yield Value(text, condition)

    def _of_items(self, node: ast.List | ast.Tuple | ast.Set, condition: Condition, depth: int) -> Iterator[Value]:
        for item in node.elts:
            yield from self._texts(item, condition, depth - 1)

    def _of_inner(self, node: ast.Starred | ast.Subscript, condition: Condition, depth: int) -> Iterator[Value]:
        yield from self._texts(node.value, condition, depth - 1)

    def _of_alternatives(self, node: ast.BoolOp, condition: Condition, depth: int) -> Iterator[Value]:
        for value in node.values:
            yield from self._texts(value, condition, depth - 1)

    def _of_comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, condition: Condition, depth: int
    ) -> Iterator[Value]:
        yield from self._texts(node.elt, condition, depth - 1)

    def _of_dict(self, node: ast.Dict, condition: Condition, depth: int) -> Iterator[Value]:
        for key, value in zip(node.keys, node.values, strict=True):
            said = key.value if isinstance(key, ast.Constant) else None
            platform = _PLATFORM_NAMES.get(str(said).lower()) if isinstance(said, str) else None
            inner = Condition(platforms=(platform,)) if platform else condition
            yield from self._texts(value, inner, depth - 1)

    def _of_choice(self, node: ast.IfExp, condition: Condition, depth: int) -> Iterator[Value]:
        platforms = platforms_of(node.test)
        yes, no = (condition, condition)
        if platforms is not None:
            yes, no = _narrowed(condition, platforms), _narrowed(condition, ALL - platforms)
        yield from self._texts(node.body, yes, depth - 1)
        yield from self._texts(node.orelse, no, depth - 1)

    def _of_operation(self, node: ast.BinOp, condition: Condition, depth: int) -> Iterator[Value]:
        left = tuple(self._texts(node.left, condition, depth - 1))[:_MOST]
        right = tuple(self._texts(node.right, condition, depth - 1))[:_MOST]
        if isinstance(node.op, ast.Add):
            whole = all(
                isinstance(side, ast.List | ast.Tuple) or not _is_text(side) for side in (node.left, node.right)
            )
            if whole:
                yield from (*left, *right)
            else:
                yield from (Value(a.text + b.text, _both(a.condition, b.condition)) for a in left for b in right)
        elif isinstance(node.op, ast.Mod):
            for form in left:
                for value in right:
                    if form.text.count("%s") == 1:
                        yield Value(form.text.replace("%s", value.text), _both(form.condition, value.condition))

    def _joined(self, node: ast.JoinedStr, condition: Condition, depth: int) -> Iterator[Value]:
        made = [Value("", condition)]
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            options = tuple(self._texts(inner, condition, depth - 1))[:8]
            made = [Value(a.text + b.text, _both(a.condition, b.condition)) for a in made for b in options][:_MOST]
        yield from made

    def _of_call(self, node: ast.Call, condition: Condition, depth: int) -> Iterator[Value]:
        name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        if name in _DEFAULTING and len(node.args) > 1:
            yield from self._texts(node.args[1], condition, depth - 1)
        elif name in _PASSING and node.args:
            yield from self._texts(node.args[0], condition, depth - 1)
        elif name in {"format", "split", "join"} and isinstance(node.func, ast.Attribute):
            yield from self._of_text_method(node, node.func, condition, depth)
        elif name in self._functions:
            for returned in ast.walk(self._functions[name]):
                if isinstance(returned, ast.Return) and returned.value is not None:
                    inner = _both(condition, self.condition_of(returned))
                    yield from self._texts(returned.value, inner, depth - 1)

    def _of_text_method(
        self, node: ast.Call, method: ast.Attribute, condition: Condition, depth: int
    ) -> Iterator[Value]:
        if method.attr == "join":
            return  # a path or a list of flags: no name
        for form in self._texts(method.value, condition, depth - 1):
            if method.attr == "split" and not node.args:
                yield from (Value(part, form.condition) for part in form.text.split())
            elif method.attr == "format" and form.text.count("{}") == 1 and node.args:
                values = self._texts(node.args[0], condition, depth - 1)
                yield from (Value(form.text.replace("{}", value.text), form.condition) for value in values)

    def _of_name(self, node: ast.expr, name: str, condition: Condition, depth: int) -> Iterator[Value]:
        found = False
        for place, value in self._assigned.get(name, ()):
            if value is node or not self._is_visible(place, node):
                continue
            found = True
            yield from self._texts(value, _both(condition, self.condition_of(place)), depth - 1)
        if not found:
            yield from self._of_parameter(node, name, condition, depth)

    def _is_visible(self, place: ast.AST, node: ast.AST) -> bool:
        """Tell whether an assignment may be seen from a node: in the same function, or outside of all functions."""
        home = self._function_of(place)
        return home is None or home is self._function_of(node) or self._function_of(node) is None

    def _function_of(self, node: ast.AST) -> ast.AST | None:
        while (parent := self._parents.get(node)) is not None:
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                return parent
            node = parent
        return None

    def _of_parameter(self, node: ast.expr, name: str, condition: Condition, depth: int) -> Iterator[Value]:
        function = self._function_of(node)
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        if name not in names:
            return
        at = names.index(name)
        method = bool(names) and names[0] in {"self", "cls"}
        defaults = function.args.defaults
        back = len(names) - at
        if back <= len(defaults):
            yield from self._texts(defaults[-back], condition, depth - 1)
        for call in self._calls.get(function.name, ()):
            keyword = next((word.value for word in call.keywords if word.arg == name), None)
            place = at - (method and isinstance(call.func, ast.Attribute))
            given = keyword or (call.args[place] if 0 <= place < len(call.args) else None)
            if given is not None:
                inner = _both(condition, self.condition_of(call))
                yield from self._texts(given, inner, depth - 1)


_DEFAULTING: Final = frozenset({"get", "getenv", "pop", "setdefault"})
"""What gives its second argument where nothing is set."""

_PASSING: Final = frozenset({"str", "list", "tuple", "set", "sorted", "b", "dict", "fspath", "Path", "filter", "copy"})
"""What gives its first argument, for our purpose."""

_FOLLOWED: Final[dict[type[ast.AST], Callable[[Module, Any, Condition, int], Iterator[Value]]]] = {
    ast.Constant: Module._of_constant,  # noqa: SLF001 - the class's own table
    ast.List: Module._of_items,  # noqa: SLF001
    ast.Tuple: Module._of_items,  # noqa: SLF001
    ast.Set: Module._of_items,  # noqa: SLF001
    ast.Dict: Module._of_dict,  # noqa: SLF001
    ast.Starred: Module._of_inner,  # noqa: SLF001
    ast.Subscript: Module._of_inner,  # noqa: SLF001
    ast.IfExp: Module._of_choice,  # noqa: SLF001
    ast.BoolOp: Module._of_alternatives,  # noqa: SLF001
    ast.BinOp: Module._of_operation,  # noqa: SLF001
    ast.JoinedStr: Module._joined,  # noqa: SLF001
    ast.Call: Module._of_call,  # noqa: SLF001
    ast.ListComp: Module._of_comprehension,  # noqa: SLF001
    ast.SetComp: Module._of_comprehension,  # noqa: SLF001
    ast.GeneratorExp: Module._of_comprehension,  # noqa: SLF001
}

ALL: Final = frozenset({"linux", "darwin", "win32", "other"})
"""Platforms that conditions tell apart."""

_PLATFORM_NAMES: Final = {
    **dict.fromkeys(("linux", "linux2", "posix-linux"), "linux"),
    **dict.fromkeys(("darwin", "macos", "mac", "osx", "macosx"), "darwin"),
    **dict.fromkeys(("win32", "windows", "win", "nt", "win64", "cygwin", "msys", "microsoft"), "win32"),
    **dict.fromkeys(
        ("freebsd", "openbsd", "netbsd", "sunos", "aix", "android", "ios", "emscripten", "java", "os2"), "other"
    ),
}


@lru_cache(maxsize=4096)
def _named(text: str) -> str | None:
    return _PLATFORM_NAMES.get(text.lower().rstrip("0123456789.-")) or _PLATFORM_NAMES.get(text.lower())


def platforms_of(test: ast.expr) -> frozenset[str] | None:
    """Give the platforms on which a test holds; None if it says nothing of platforms."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = platforms_of(test.operand)
        return None if inner is None else ALL - inner
    if isinstance(test, ast.BoolOp):
        parts = [platforms_of(value) for value in test.values]
        if isinstance(test.op, ast.Or):
            known = [part for part in parts if part is not None]
            return frozenset().union(*known) if len(known) == len(parts) else None
        known = [part for part in parts if part is not None]
        return frozenset.intersection(*known) if known else None
    if isinstance(test, ast.Call):
        return _of_startswith(test)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _of_comparison(test)
    name = dotted(test).rpartition(".")[2].lower().lstrip("_")
    return _BY_FLAG.get(name)


_FLAGS: Final = {
    "win32": "is_windows windows is_win win32 on_windows iswindows is_win32 is_nt win mswindows",
    "darwin": "is_mac is_macos macos is_darwin darwin is_osx osx on_mac",
    "linux": "is_linux linux on_linux islinux",
}

_BY_FLAG: Final = {name: frozenset({platform}) for platform, names in _FLAGS.items() for name in names.split()}


def _of_startswith(test: ast.Call) -> frozenset[str] | None:
    if not isinstance(test.func, ast.Attribute) or test.func.attr != "startswith" or not test.args:
        return None
    return _platforms(test.func.value, [test.args[0]])


def _of_comparison(test: ast.Compare) -> frozenset[str] | None:
    operator, right = test.ops[0], test.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        subject, named = (test.left, right)
        if isinstance(test.left, ast.Constant):
            subject, named = right, test.left
        found = _platforms(subject, named.elts if isinstance(named, ast.Tuple | ast.List | ast.Set) else [named])
    else:
        found = _platforms(test.left, [right]) or _platforms(right, [test.left])
    if found is None:
        return None
    return ALL - found if isinstance(operator, ast.NotEq | ast.NotIn) else found


def _platforms(subject: ast.expr, named: list[ast.expr]) -> frozenset[str] | None:
    asked = dotted(subject.func if isinstance(subject, ast.Call) else subject)
    if (
        isinstance(subject, ast.Call)
        and isinstance(subject.func, ast.Attribute)
        and subject.func.attr in {"lower", "upper"}
    ):
        return _platforms(subject.func.value, named)
    if isinstance(subject, ast.Subscript):
        return _platforms(subject.value, named)
    last = asked.rpartition(".")[2].lower()
    if last not in {"platform", "system", "name", "get_platform", "uname", "os_name", "sysname", "plat", "_platform"}:
        return None
    texts = [item.value for item in named if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if last == "name" and "posix" in texts:
        return ALL - {"win32"}
    known = [platform for text in texts if (platform := _named(text))]
    return frozenset(known) if known else None


def _platforms_of_branch(parent: ast.AST, child: ast.AST) -> frozenset[str] | None:
    if not isinstance(parent, ast.If | ast.IfExp | ast.While):
        return None
    platforms = platforms_of(parent.test)
    if platforms is None or child is parent.test:
        return None
    body = parent.body if isinstance(parent.body, list) else [parent.body]
    return platforms if child in body else ALL - platforms


def _narrowed(condition: Condition, platforms: frozenset[str]) -> Condition:
    known = frozenset(condition.platforms) & platforms if condition.platforms else platforms
    return condition._replace(platforms=tuple(sorted(known)))


def _both(left: Condition, right: Condition) -> Condition:
    if not right.platforms:
        return left
    return _narrowed(left, frozenset(right.platforms))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
