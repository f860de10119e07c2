"""A CMake project followed file by file, as CMake does: variables, conditions, loops, functions, folders."""

from __future__ import annotations

import posixpath
import re
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.signal import Required, Scope, Signal, ToolUse
from backlit.scanners import _cmake_language as language, _cmake_values, _when
from backlit.scanners._copies import has_papers
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backlit.model.signal import Finding


class Place(NamedTuple):
    """Where a command stands, and when it is reached."""

    path: str
    """The file."""
    folder: str
    """The folder that is being configured."""
    when: _when.When = _when.ALWAYS
    """When it is reached."""
    below: bool = False
    """Whether it is another project's file, which is compiled with this one."""
    module: bool = False
    """Whether it is a module that looks for a package."""
    is_whole: bool = False
    """Whether such a module was asked for no parts of the package."""
    depth: int = 0
    """How many files and functions stand in one another."""
    command: language.Command = language.Command("", (), 1)
    """The command."""

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.path}:{self.command.line}"

    def under(self, test: _when.When) -> Place:
        """Give the same place under one more test."""
        return self._replace(when=_when.both(self.when, test))


class Asked(NamedTuple):
    """A signal whose need is known when all was read."""

    signal: Signal
    """As it was asked for."""
    probe: str
    """What ``_FOUND`` follows in tests of it."""


_DEEPEST: Final = 24

_MOST_TIMES: Final = 3
"""How often one module is followed."""

_MOST_ROUNDS: Final = 20
"""How many rounds of a loop are gone one by one."""

_MOST_COMMANDS: Final = 50_000
"""How many commands are followed: far more than any project has."""


class Walk:
    """One project, followed."""

    def __init__(self, paths: frozenset[str], kept: Mapping[str, str]) -> None:
        self._paths = paths
        self.kept = kept
        """Texts of the files, by path."""
        self.modules = {path.rpartition("/")[2]: path for path in sorted(kept, key=lambda path: (-len(path), path))}
        """Paths of the files, by name; of several the shortest."""
        self.values = _cmake_values.Values()
        """Variables and options."""
        self.targets: set[str] = set()
        """What the project builds."""
        self.fatal: set[str] = set()
        """What the build does not go on without, as tests of it say; upper case."""
        self.tested: set[str] = set()
        """What the build looks at whether it was found; upper case."""
        self._parsed: dict[str, tuple[language.Node, ...]] = {}
        self._entered: dict[str, int] = {}
        self._noted: set[int] = set()
        self._functions: dict[str, tuple[language.Block, str]] = {}
        self._left = _MOST_COMMANDS

    reads: frozenset[str] = frozenset()
    """Commands that `read` is asked about."""

    @abstractmethod
    def read(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        """Give what one command asks for."""

    def makes(self, package: str) -> bool:
        """Tell whether a package is the one that the project gives to others."""
        files = (f"{package}Config.cmake.in", f"{package.lower()}-config.cmake.in")
        return any(path in self._paths for file in files for path in (file, f"cmake/{file}"))

    # ------------------------------------------------------------ following

    def enter(self, path: str, place: Place) -> Iterator[Finding | Asked]:
        """Follow a file, once; a module that looks for a package, where several take it, again."""
        text = self.kept.get(path)
        times = self._entered.get(path, 0)
        if text is None or times >= (_MOST_TIMES if place.module else 1) or place.depth > _DEEPEST:
            return
        self._entered[path] = times + 1
        if path not in self._parsed:
            commands = list(language.commands_in(text))
            self._parsed[path] = language.parse(commands)
            self.values.mentioned |= _mentioned(commands)
        yield from self._block(self._parsed[path], place._replace(path=path, depth=place.depth + 1))

    def _block(self, nodes: Iterable[language.Node], place: Place) -> Iterator[Finding | Asked]:
        for node in nodes:
            self._left -= 1
            if self._left < 0:
                return
            if isinstance(node, language.Choice):
                yield from self._choice(node, place)
            elif isinstance(node, language.Command):
                yield from self._command(node, place)
            elif node.head.name in {"function", "macro"}:
                name = node.head.arguments[0].text.lower() if node.head.arguments else ""
                self._functions[name] = (node, place.path)
            else:
                for _ in self._rounds(node.head):
                    yield from self._block(node.body, place)

    def _choice(self, node: language.Choice, place: Place) -> Iterator[Finding | Asked]:
        if id(node) not in self._noted:  # a function's is gone through at each call of it
            self._noted.add(id(node))
            self._note_tests(node)
        rest = _when.ALWAYS
        for test, body in node.branches:
            said = self.values.test(test) if test else _when.ALWAYS
            yield from self._block(body, place.under(_when.both(rest, said)))
            rest = _when.both(rest, _when.negated(said))

    def _note_tests(self, node: language.Choice) -> None:
        """Keep which finds are tested, and which the build cannot go on without."""
        for number, (test, body) in enumerate(node.branches):
            probes = {word.upper() for argument in test for word in _FOUND.findall(argument.text)}
            negative = any(argument.text == "NOT" for argument in test)
            others = [inner for _, inner in node.branches[number + 1 :]]
            fatal = _is_fatal(body) if negative else bool(others) and _is_fatal(others[-1])
            (self.fatal if fatal else self.tested).update(probes)

    def _rounds(self, head: language.Command) -> Iterator[None]:
        """Set the variable of a loop, for each round of it; of many rounds and of none that is known, go one."""
        if head.name != "foreach":
            yield
            return
        name, *rest = self.values.texts(head.arguments) or ("",)
        items = [text for text in rest if text not in {"IN", "ITEMS", "LISTS", "RANGE", "ZIP_LISTS"}]
        if "LISTS" in rest:
            items = list(self.values.texts(language.Argument(f"${{{item}}}") for item in items))
        for held in [[item] for item in items] if len(items) <= _MOST_ROUNDS else [items]:
            self.values.replace(name, held)
            yield
        if not items:
            yield

    def _command(self, command: language.Command, place: Place) -> Iterator[Finding | Asked]:
        place = place._replace(command=command)
        if command.name in self._functions:
            yield from self._called(*self._functions[command.name], place)
            return
        if command.name == "set":  # it alone looks at its arguments one by one
            self._set(place)
            return
        adds = _ADDING.fullmatch(command.name) is not None
        if not adds and command.name not in self.reads and command.name not in _FOLLOWED:
            return
        texts = self.values.texts(command.arguments)
        if texts and adds:
            self.targets.add(texts[0])
        follow = _FOLLOWED.get(command.name)
        if follow is not None:
            yield from follow(self, texts, place) or ()
        elif command.name in self.reads:
            yield from self.read(texts, place)

    def _called(self, function: language.Block, path: str, place: Place) -> Iterator[Finding | Asked]:
        if place.depth > _DEEPEST:
            return
        names = [argument.text for argument in function.head.arguments[1:]]
        given = [self.values.of(argument) for argument in place.command.arguments]
        for name, texts in zip(names, given, strict=False):
            self.values.replace(name, texts)
        self.values.replace("ARGN", [text for texts in given[len(names) :] for text in texts])
        yield from self._block(function.body, place._replace(path=path, depth=place.depth + 4))

    # ------------------------------------------------------------ variables

    def _set(self, place: Place) -> None:
        first, *rest = place.command.arguments or (language.Argument(""),)
        names, values = self.values.of(first), list(self.values.texts(rest))
        if "CACHE" in values:
            at = values.index("CACHE")
            if values[at + 1 : at + 2] == ["BOOL"]:
                self.values.option(names[0], values[0] if at else "OFF")
                return
            if self.values.is_given(names[0]):
                return
            values = values[:at]
        if place.when.holds is False or "linux" not in place.when.platforms:
            return
        held = [value for value in values if value != "PARENT_SCOPE"] or [""]
        for name in names:
            if len(held) == 1 and (found := _cmake_values.ENVIRONMENT.fullmatch(held[0])):
                self.values.from_environment(name, found[1])
            elif place.when.holds and self.values.is_from_environment(name):
                self.values.replace(name, held)
            else:
                self.values.set(name, held)

    def _list(self, texts: tuple[str, ...], place: Place) -> None:
        reached = place.when.holds is not False and "linux" in place.when.platforms
        if texts[:1] in {("APPEND",), ("PREPEND",)} and len(texts) > 1 and reached:
            self.values.set(texts[1], texts[2:])

    def _string(self, texts: tuple[str, ...], _: Place) -> None:
        if texts[:1] == ("TOUPPER",):
            self.values.replace(texts[-1], [text.upper() for text in texts[1:-1]])
        elif texts[:1] == ("TOLOWER",):
            self.values.replace(texts[-1], [text.lower() for text in texts[1:-1]])

    def _option(self, texts: tuple[str, ...], _: Place) -> None:
        name, *rest = texts or ("",)
        self.values.option(name, rest[1] if rest[1:] else "OFF")

    # ------------------------------------------------------------ other files

    def _subfolder(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        for text in texts[:1]:
            folder = self.folder_of(text, place)
            if folder is None:
                continue
            path = f"{folder}/CMakeLists.txt"
            foreign = not place.below and (scope_of(path) is Scope.VENDORED or self._is_others(folder))
            items = self.enter(path, place._replace(folder=folder, below=place.below or foreign))
            yield from (item for item in items if not foreign or _is_needed(item))

    def _is_others(self, folder: str) -> bool:
        """Tell whether a folder is another project's, or part of one: ``ext/zstd/build/cmake``."""
        parts = folder.split("/")
        return any(has_papers(self._paths, "/".join(parts[:end])) for end in range(1, len(parts) + 1))

    def folder_of(self, text: str, place: Place) -> str | None:
        """Give the path in the tree that a text means, without a ``/`` at the end; None if it is elsewhere."""
        made = _TOP.sub("/", _HERE.sub(f"/{place.folder}/", text))
        if "$" in made or (text.startswith("/") and made == text):
            return None
        whole = posixpath.normpath(made if made != text else posixpath.join("/", place.folder, made))
        return whole.lstrip("/") or None

    def _include(self, texts: tuple[str, ...], place: Place) -> Iterator[Finding | Asked]:
        for text in texts[:1]:
            name = text.rpartition("/")[2]
            path = self.folder_of(text, place) if name.endswith(".cmake") else self.modules.get(f"{name}.cmake")
            if path is not None:
                yield from self.enter(path, place)


_Following = Callable[[Walk, "tuple[str, ...]", Place], "Iterator[Finding | Asked] | None"]

_FOLLOWED: Final[dict[str, _Following]] = {
    "list": Walk._list,  # noqa: SLF001 - the class's own table
    "string": Walk._string,  # noqa: SLF001
    **dict.fromkeys(("option", "cmake_dependent_option"), Walk._option),  # noqa: SLF001
    "add_subdirectory": Walk._subfolder,  # noqa: SLF001
    "include": Walk._include,  # noqa: SLF001
}

_FOUND: Final = re.compile(r"(\w+?)(?:_FOUND|_LIBRARY|_LIBRARIES)\b")

_HERE: Final = re.compile(r"\$\{CMAKE_CURRENT_(?:SOURCE|LIST)_DIR\}")

_TOP: Final = re.compile(r"\$\{\w+_SOURCE_DIR\}")

_ADDING: Final = re.compile(
    r"add_(?:library|executable|custom_target)|\w*_add_(?:module|library|executable)|\w*add_\w*extension\w*"
)
"""Commands whose first argument is a target from then on."""


def _is_fatal(nodes: tuple[language.Node, ...]) -> bool:
    return any(
        isinstance(node, language.Command)
        and node.name == "message"
        and any(argument.text in {"FATAL_ERROR", "SEND_ERROR"} for argument in node.arguments[:1])
        for node in nodes
    )


_SAID_TEXT: Final = "if elseif else endif while set list option string message unset mark_as_advanced"

_SAID: Final = frozenset(_SAID_TEXT.split())
"""Commands that set nothing, or whose variables are followed."""


def _mentioned(commands: Iterable[language.Command]) -> set[str]:
    return {argument.text for command in commands if command.name not in _SAID for argument in command.arguments}


def _is_needed(item: Finding | Asked) -> bool:
    """Tell whether another project, which is compiled with this one, cannot do without."""
    found = item.signal if isinstance(item, Asked) else item
    return not isinstance(found, Signal | ToolUse) or found.required is Required.YES
