"""Variables, options and conditions of CMake's language, as far as a file says them."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from backlit.scanners import _when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backlit.scanners._cmake_language import Argument

_MOST: Final = 64
"""How many texts one argument stands for at most."""

_LONGEST: Final = 2000
"""How much of a text is kept, in characters: flags grow with each file that adds some."""

_VARIABLE: Final = re.compile(r"\$\{([\w./+-]+)\}")

ENVIRONMENT: Final = re.compile(r"\$ENV\{(\w+)\}")
"""A variable of the environment, by its name."""

_FALSE: Final = frozenset({"0", "off", "no", "false", "n", "ignore", "notfound", ""})

_TRUE: Final = frozenset({"1", "on", "yes", "true", "y"})

_PLATFORMS: Final = {
    **dict.fromkeys(("WIN32", "MSVC", "MINGW", "CYGWIN", "MSYS", "WINCE", "CMAKE_HOST_WIN32"), ("win32",)),
    **dict.fromkeys(("APPLE", "IOS", "XCODE", "CMAKE_HOST_APPLE"), ("darwin",)),
    **dict.fromkeys(("UNIX", "CMAKE_HOST_UNIX"), ("darwin", "linux", "other")),
    **dict.fromkeys(("LINUX", "CMAKE_HOST_LINUX"), ("linux",)),
    **dict.fromkeys(("ANDROID", "EMSCRIPTEN", "BSD", "CMAKE_HOST_SOLARIS", "CMAKE_HOST_BSD"), ("other",)),
}
"""Variables by which CMake says what is built for."""

_SYSTEM: Final = frozenset({"CMAKE_SYSTEM_NAME", "CMAKE_HOST_SYSTEM_NAME", "CMAKE_SYSTEM"})

_UNSAID: Final = re.compile(r".*_(?:FOUND|VERSION|ID|POINTERS?)|CMAKE_.*|SKBUILD.*|Python.*|HAVE_.*|CACHE\{.*")
"""Variables that CMake, its modules or its callers set."""


class Values:
    """Variables and options, followed as they are set."""

    def __init__(self) -> None:
        self._variables: dict[str, tuple[str, ...]] = {"SKBUILD": ("2",), "SKBUILD_STATE": ("wheel",)}
        self._options: dict[str, bool | None] = {}
        self._environment: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._pieces: dict[str, list[str]] = {}  # texts that were taken apart before: functions and loops ask again
        self.mentioned: set[str] = set()
        """Every argument of a command that is no test: what none of them names, nothing sets."""

    def give(self, given: Mapping[str, str]) -> None:
        """Take what CMake is called with: variables of its cache, before any file sets them."""
        self._given |= given
        self._variables |= {name: (text,) for name, text in given.items()}

    def is_given(self, name: str = "") -> bool:
        """Tell whether CMake is called with a variable; without a name, with any."""
        return name in self._given if name else bool(self._given)

    def set(self, name: str, texts: Iterable[str]) -> None:
        """Keep that a variable may hold texts, beside those it held."""
        held = self._variables.get(name, ())
        if len(held) < _MOST:
            self._variables[name] = tuple(dict.fromkeys((*held, *texts)))[:_MOST]

    def replace(self, name: str, texts: Iterable[str]) -> None:
        """Keep that a variable holds texts and no others."""
        self._variables[name] = tuple(texts)[:_MOST]

    def from_environment(self, name: str, variable: str) -> None:
        """Keep that a variable holds what the environment has, which is nothing where nobody sets it."""
        self._variables[name] = ("",)
        self._environment[name] = variable

    def is_from_environment(self, name: str) -> bool:
        """Tell whether a variable may hold what the environment has."""
        return name in self._environment

    def option(self, name: str, default: str) -> None:
        """Keep an option and its default: a text, or the name of a variable."""
        default = self._given.get(name, default)
        plain = default.lower()
        if plain not in _FALSE | _TRUE:
            self._options[name] = self._truth(default)
        else:
            self._options[name] = plain in _TRUE

    # ------------------------------------------------------------ texts

    def texts(self, arguments: Iterable[Argument]) -> tuple[str, ...]:
        """Give the texts that arguments stand for, lists taken apart."""
        return tuple(text for argument in arguments for text in self.of(argument))

    def of(self, argument: Argument) -> tuple[str, ...]:
        """Give the texts that one argument may stand for; what it cannot tell stays as ``${name}``."""
        if argument.literal or "${" not in argument.text:
            return tuple(argument.text.split(";")) if ";" in argument.text else (argument.text,)
        expanded = self._expanded(argument.text)
        if not any(";" in text for text in expanded):
            return expanded
        return tuple(dict.fromkeys(part for text in expanded for part in text.split(";")))

    def _expanded(self, text: str) -> tuple[str, ...]:
        """Put in what variables hold, once: CMake does so as it sets them; what is not set by then is not followed."""
        known = self._pieces.get(text)
        if known is None:
            known = self._pieces[text] = _VARIABLE.split(text)
        pieces = known.copy()  # what stands between variables, and at each odd place a variable's name
        places: dict[str, list[int]] = {}
        for at in range(1, len(pieces), 2):
            if pieces[at] in self._variables:
                places.setdefault(pieces[at], []).append(at)
            else:
                pieces[at] = f"${{{pieces[at]}}}"
        made: dict[str, None] = {}
        for chosen in islice(product(*(self._variables[name] for name in places)), _MOST):
            for held, where in zip(chosen, places.values(), strict=True):
                for at in where:
                    pieces[at] = held
            made["".join(pieces)[:_LONGEST]] = None
        return tuple(made)

    # ------------------------------------------------------------ tests

    def test(self, arguments: tuple[Argument, ...]) -> _when.When:
        """Give when the test of an ``if`` holds."""
        return _Test(self, list(arguments)).whole()

    def _truth(self, name: str) -> bool | None:
        """Tell whether a variable or a constant is true; None if that depends."""
        texts = self._variables.get(name)
        if texts is None:
            plain = name.lower()
            if plain in _TRUE or plain in _FALSE:
                return plain in _TRUE
            return None if _UNSAID.fullmatch(name) or name in self.mentioned else False
        truths = {text.lower() not in _FALSE and not text.upper().endswith("-NOTFOUND") for text in texts}
        return truths.pop() if len(truths) == 1 and not any("${" in text for text in texts) else None

    def of_name(self, name: str) -> _when.When:
        """Give the test of one name."""
        if asked := ENVIRONMENT.fullmatch(name):
            return _when.switched(f"environment {asked[1]}", default=False)
        if name in _PLATFORMS:
            return _when.on(*_PLATFORMS[name])
        if name in self._options:
            return _when.switched(f"option {name}", default=self._options[name])
        return _when.When(holds=self._truth(name))

    def compared(self, left: Argument, operator: str, right: Argument) -> _when.When:
        """Give the test of a comparison."""
        name = _VARIABLE.sub(lambda found: found[1], left.text)
        if (asked := ENVIRONMENT.fullmatch(left.text)) and operator == "STREQUAL":
            return _when.switched(f"environment {asked[1]}", default=right.text == "")
        if name in _SYSTEM and operator in {"STREQUAL", "MATCHES"}:
            systems = re.split(r"[|();]", right.text.replace("^", "").replace("$", "").replace(".*", ""))
            return _when.on(*(_when.platform_of(system) for system in systems if system))
        held, other = self._variables.get(name) or (name,) * left.quoted, self.texts((right,))
        if operator == "STREQUAL" and held and len(other) == 1 and "$" not in "".join((*held, *other)):
            switch = f"environment {self._environment[name]}" if name in self._environment else ""
            return _when.When(switch=switch, holds=held == other if other[0] not in held or len(held) == 1 else None)
        if operator == "IN_LIST" and right.text in self._variables:
            return _when.When(holds=bool({*self.texts((left,))} & {*self._variables[right.text]}))
        return _when.UNKNOWN


_UNARY: Final = frozenset(
    {"EXISTS", "COMMAND", "POLICY", "TARGET", "TEST", "IS_DIRECTORY", "IS_ABSOLUTE", "IS_SYMLINK"}
)

_BINARY: Final = frozenset(
    {"STREQUAL", "MATCHES", "EQUAL", "LESS", "GREATER", "LESS_EQUAL", "GREATER_EQUAL", "IN_LIST", "STRLESS"}
    | {"STRGREATER", "VERSION_EQUAL", "VERSION_LESS", "VERSION_GREATER", "VERSION_LESS_EQUAL", "PATH_EQUAL"}
    | {"VERSION_GREATER_EQUAL", "IS_NEWER_THAN", "STRLESS_EQUAL", "STRGREATER_EQUAL"}
)


class _Test:
    """Reads the arguments of an ``if`` one after the other."""

    def __init__(self, values: Values, arguments: list[Argument]) -> None:
        self._values = values
        self._arguments = arguments
        self._at = 0

    def whole(self) -> _when.When:
        test = self._any(0)
        return test if self._at >= len(self._arguments) else _when.UNKNOWN

    def _next(self, offset: int = 0) -> str:
        at = self._at + offset
        return self._arguments[at].text if at < len(self._arguments) else ""

    def _any(self, depth: int) -> _when.When:
        test = self._all(depth)
        while self._next() == "OR":
            self._at += 1
            test = _when.either(test, self._all(depth))
        return test

    def _all(self, depth: int) -> _when.When:
        test = self._one(depth)
        while self._next() == "AND":
            self._at += 1
            test = _when.both(test, self._one(depth))
        return test

    def _one(self, depth: int) -> _when.When:
        word = self._next()
        if self._at >= len(self._arguments) or depth > _DEEPEST:
            return _when.UNKNOWN
        if word == "NOT":
            self._at += 1
            return _when.negated(self._one(depth + 1))
        if word == "(":
            self._at += 1
            test = self._any(depth + 1)
            self._at += self._next() == ")"
            return test
        return self._plain(word)

    def _plain(self, word: str) -> _when.When:
        if word in _UNARY:
            self._at += 2
            return _when.UNKNOWN
        if word == "DEFINED":
            asked = ENVIRONMENT.fullmatch(f"${self._next(1)}")
            self._at += 2
            return _when.switched(f"environment {asked[1]}", default=False) if asked else _when.UNKNOWN
        if self._next(1) in _BINARY:
            left, right = self._arguments[self._at], self._arguments[self._at + 2 : self._at + 3]
            operator = self._next(1)
            self._at += 3
            return self._values.compared(left, operator, right[0]) if right else _when.UNKNOWN
        argument = self._arguments[self._at]
        self._at += 1
        tests = [self._values.of_name(text) for text in _names(self._values, argument)]
        return tests[0] if len(tests) == 1 else _when.UNKNOWN


_DEEPEST: Final = 40


def _names(values: Values, argument: Argument) -> Iterator[str]:
    for text in values.of(argument):
        yield _VARIABLE.sub(lambda found: found[1], text) if text.startswith("${") else text
