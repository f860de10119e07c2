"""What expressions of ``meson.build`` may stand for: texts, tests, and options with their defaults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.scanners import _meson_language as language, _when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_MOST: Final = 64
"""How many texts one expression stands for at most."""


class Value(NamedTuple):
    """What an expression may stand for; the items of an array each."""

    texts: tuple[str, ...] = ()
    """Texts."""
    when: _when.When = _when.UNKNOWN
    """The expression as a test."""
    option: str = ""
    """The option that it is the value of."""
    feature: bool = False
    """Whether that option is a feature: enabled, disabled or auto."""
    system: bool = False
    """Whether it is the name of the system that is built for."""


NOTHING: Final = Value()
"""What nothing is known of."""


class Option(NamedTuple):
    """One ``option()``."""

    kind: str
    """Its type: ``feature``, ``boolean``, ``combo``, ..."""
    default: tuple[str, ...]
    """What it is where nobody sets it."""


def options_in(nodes: Iterable[language.Node]) -> dict[str, Option]:
    """Give the options that an options file declares."""
    found = {}
    for node in nodes:
        if isinstance(node, language.Call) and node.name == "option" and node.arguments:
            name, kind, value = node.arguments[0], node.word("type"), node.word("value")
            if isinstance(name, language.Text):
                type_ = kind.value if isinstance(kind, language.Text) else ""
                found[name.value] = Option(type_, _plain(value) or _unset(type_, node.word("choices")))
    return found


def _unset(kind: str, choices: language.Node | None) -> tuple[str, ...]:
    """Give what an option is that declares no value."""
    if kind == "combo":
        return _plain(choices)[:1]
    return {"feature": ("auto",), "boolean": ("true",)}.get(kind, ())


def _plain(node: language.Node | None) -> tuple[str, ...]:
    if isinstance(node, language.Text):
        return (node.value,)
    if isinstance(node, language.Other):
        return (str(node.value).lower(),)
    if isinstance(node, language.Items):
        return tuple(text for item in node.items for text in _plain(item))
    return ()


class Values:
    """Variables and options of one project, followed as they are assigned."""

    def __init__(self, options: Mapping[str, Option], given: Mapping[str, str] | None = None) -> None:
        """Take the options that files declare, and what Meson is called with, which counts before all files."""
        self._options = dict(options)
        self._given: frozenset[str] = frozenset()
        self.override(f"{name}={value}" for name, value in (given or {}).items())
        self._given = frozenset(given or ())
        self._variables: dict[str, Value] = {}

    def override(self, settings: Iterable[str]) -> None:
        """Take the ``default_options`` of ``project()``: ``name=value`` each."""
        for setting in settings:
            name, _, value = setting.partition("=")
            if name in self._options and name not in self._given:
                self._options[name] = self._options[name]._replace(default=(value,))

    def assign(self, name: str, value: Value, reached: _when.When = _when.ALWAYS) -> None:
        """Keep that a variable may have a value, beside those it had; `reached` says when it gets this one."""
        before = self._variables.get(name)
        if before is not None:
            texts = tuple(dict.fromkeys((*before.texts, *value.texts)))[:_MOST]
            test = _either_of(before.when, value.when, reached)
            value = value._replace(texts=texts, when=test, option=value.option or before.option)
        self._variables[name] = value

    def of(self, node: language.Node | None) -> Value:
        """Give what an expression may stand for."""
        evaluate = _EVALUATED.get(type(node))
        return evaluate(self, node) if evaluate and node is not None else NOTHING

    def texts(self, node: language.Node | None) -> tuple[str, ...]:
        """Give the texts that an expression may stand for."""
        return self.of(node).texts

    # ------------------------------------------------------------ expressions

    def _text(self, node: language.Text) -> Value:
        if not node.formatted:
            return Value((node.value,))
        made = [""]
        for number, part in enumerate(re.split(r"@(\w+)@", node.value)):
            options = self._variables.get(part, NOTHING).texts if number % 2 else (part,)
            made = [before + option for before in made for option in options][:_MOST]
        return Value(tuple(made))

    def _other(self, node: language.Other) -> Value:
        if isinstance(node.value, bool):
            return Value((str(node.value).lower(),), _when.ALWAYS._replace(holds=node.value))
        return Value((str(node.value),))

    def _name(self, node: language.Name) -> Value:
        return self._variables.get(node.name, NOTHING)

    def _items(self, node: language.Items) -> Value:
        return Value(tuple(text for item in node.items for text in self.texts(item))[:_MOST])

    def _table(self, node: language.Table) -> Value:
        return Value(tuple(text for _, value in node.pairs for text in self.texts(value))[:_MOST])

    def _index(self, node: language.Index) -> Value:
        if isinstance(node.of, language.Table):
            keys = self.texts(node.key)
            chosen = [value for key, value in node.of.pairs if set(self.texts(key)) & set(keys)]
            if chosen:
                return self.of(chosen[0])
        return Value(self.texts(node.of))

    def _call(self, node: language.Call) -> Value:
        if node.of is not None:
            return self._method(node, node.of)
        first = node.arguments[0] if node.arguments else None
        if node.name == "get_option" and first is not None:
            return self._option(first)
        return Value(self.texts(first)) if node.name == "files" else NOTHING

    def _method(self, node: language.Call, of: language.Node) -> Value:
        name, first = node.name, node.arguments[0] if node.arguments else None
        if isinstance(of, language.Name) and of.name.endswith("_machine"):
            return Value(system=name == "system")
        if name == "get" and first is not None:
            return self._index(language.Index(of, first))
        inner = self.of(of)
        if name in _FEATURE_TESTS:
            return Value(when=_of_feature(inner, name))
        if name in {"startswith", "contains"}:
            return Value(when=_compared(inner, self.of(first)))
        if name in _SAME:
            return inner
        return Value(self._text_method(node, inner.texts))

    def _text_method(self, node: language.Call, texts: tuple[str, ...]) -> tuple[str, ...]:
        given = [self.texts(argument)[:1] for argument in node.arguments]
        if node.name == "format":
            return tuple(_formatted(text, given) for text in texts)
        if node.name == "split":
            separator = given[0][0] if given and given[0] else ""
            return tuple(part for text in texts for part in text.split(separator or None))[:_MOST]
        return texts if node.name in {"strip", "to_lower", "keys", "underscorify"} else ()

    def _option(self, node: language.Node) -> Value:
        name = next(iter(self.texts(node)), "")
        option = self._options.get(name)
        if option is None:
            return NOTHING
        plain: dict[tuple[str, ...], bool] = {
            ("true",): True,
            ("false",): False,
            ("enabled",): True,
            ("disabled",): False,
        }
        test = _when.switched(f"option {name}", default=plain.get(option.default))
        return Value(option.default, test, name, option.kind == "feature")

    def _operation(self, node: language.Operation) -> Value:
        sides = [self.of(side) for side in node.sides]
        if node.operator in _TESTING:
            return Value(when=_tested(node.operator, sides))
        return Value(_made(node, [side.texts for side in sides])[:_MOST])


_EVALUATED: Final[dict[type, Callable[[Values, language.Node], Value]]] = {
    language.Text: Values._text,  # type: ignore[dict-item]  # noqa: SLF001 - the class's own table
    language.Other: Values._other,  # type: ignore[dict-item]  # noqa: SLF001
    language.Name: Values._name,  # type: ignore[dict-item]  # noqa: SLF001
    language.Items: Values._items,  # type: ignore[dict-item]  # noqa: SLF001
    language.Table: Values._table,  # type: ignore[dict-item]  # noqa: SLF001
    language.Index: Values._index,  # type: ignore[dict-item]  # noqa: SLF001
    language.Call: Values._call,  # type: ignore[dict-item]  # noqa: SLF001
    language.Operation: Values._operation,  # type: ignore[dict-item]  # noqa: SLF001
}

_SAME: Final = frozenset({"require", "disable_auto_if", "enable_if", "disable_if", "enable_auto_if"})
"""Methods of a feature that give it as it is, for our purpose."""

_FEATURE_TESTS: Final = frozenset({"enabled", "disabled", "auto", "allowed"})

_TESTING: Final = frozenset({"not", "and", "or", "==", "!=", "in", "not in"})


def _tested(operator: str, sides: list[Value]) -> _when.When:
    if operator == "not":
        return _when.negated(sides[0].when)
    if operator in {"and", "or"}:
        return (_when.both if operator == "and" else _when.either)(sides[0].when, sides[1].when)
    test = _compared(sides[0], sides[1])
    return _when.negated(test) if operator in {"!=", "not in"} else test


def _made(node: language.Operation, texts: list[tuple[str, ...]]) -> tuple[str, ...]:
    if node.operator == "?":
        return tuple(dict.fromkeys((*texts[1], *texts[2])))
    if node.operator == "+":
        return _added(node.sides, texts[0], texts[1])
    return tuple(f"{one}/{other}" for one in texts[0] for other in texts[1]) if node.operator == "/" else ()


def _of_feature(value: Value, asked: str) -> _when.When:
    """Give the test that a feature is enabled, disabled or auto; what is ``auto`` is allowed."""
    if not value.option:
        return _when.UNKNOWN
    is_ = value.texts[0] if value.texts else "auto"
    holds = is_ != "disabled" if asked == "allowed" else is_ == asked
    return _when.switched(f"option {value.option}", default=holds)


def _either_of(before: _when.When, after: _when.When, reached: _when.When) -> _when.When:
    """Give the test of a variable that had one value, and gets another where a branch is reached."""
    if after == before:
        return after
    if reached.switch and reached.holds is not None and reached.platforms == _when.ALL:
        return _when.switched(reached.switch, default=after.holds if reached.holds else before.holds)
    return _when.UNKNOWN  # which of the two it is where it is asked for is not followed


def _compared(one: Value, other: Value) -> _when.When:
    for subject, against in ((one, other), (other, one)):
        if subject.system and against.texts:
            return _when.on(*(_when.platform_of(text) for text in against.texts))
        if subject.option and not against.option and against.texts:
            return _when.switched(f"option {subject.option}", default=bool({*subject.texts} & {*against.texts}))
    return _when.UNKNOWN


def _added(nodes: tuple[language.Node, ...], one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Give the sum of two values: of texts all pairs, of arrays the items of both."""
    arrays = any(isinstance(node, language.Items) for node in nodes)
    texts = any(isinstance(node, language.Text) for node in nodes) or len(one) + len(other) == _PAIR
    if arrays or not texts or not (one and other):
        return (*one, *other)
    return tuple(a + b for a in one for b in other)


_PAIR: Final = 2


def _formatted(text: str, values: list[tuple[str, ...]]) -> str:
    for number, value in enumerate(values):
        if value:
            text = text.replace(f"@{number}@", value[0])
    return text
