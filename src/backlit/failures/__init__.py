"""Why a build failed, as the failing tools themselves say it: one family of messages a file. Reads text, runs nothing.

The words of this room. A *failure* is one sentence of a tool that names something missing. The *end* is what stands at
the close of the output: the last exception of a traceback, else the last lines. A failure *stops* if its tool cannot
have gone on after it, as a compiler after ``fatal error``; other sentences are also what a probe says of something that
the build can do without, and there the end must speak of it.

Outputs hold many sentences of probes that failed and did not matter. So the end decides:

* a failure in the end itself is the one;
* else, if the end only says that some command failed, the last one that stops is;
* else the last failure that the end names: its command, its library, its program.

None of these: nothing is known, and nothing is said.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Lack(StrEnum):
    """What kind of thing is missing, and so in which sense it is named."""

    HEADER = "header"
    """As an ``#include`` names it: ``ldap.h``."""
    LINK = "library"
    """As ``-l`` names it: ``ldap``."""
    SHARED = "shared library"
    """The stem of a soname, before ``.so``: ``libldap``."""
    PKGCONFIG = "pkg-config module"
    """``libxml-2.0``."""
    CMAKE = "CMake package"
    """As ``find_package`` names it: ``OpenSSL``."""
    MESON = "dependency"
    """As Meson's ``dependency()`` names it."""
    PROGRAM = "program"
    """``swig``, ``krb5-config``."""
    COMPILER = "compiler"
    """A compiler of a language: ``c``, ``cxx``, ``fortran``, ``rust``."""
    CRATE = "library of the crate"
    """The system library that a crate binds: ``openssl-sys``."""
    PYTHON_HEADERS = "Python headers"
    """What ``Python.h`` belongs to; the name is the tool's word."""
    PYTHON_MODULE = "Python module"
    """As it is imported: ``Cython``."""
    MACRO = "Autoconf macro"
    """``LT_INIT``."""
    VARIABLE = "environment variable"
    """One that tells where something is: ``JAVA_HOME``."""
    WORDS = "words"
    """Words of a project's own message, of which one may be the name of a library or a program."""


class Failure(NamedTuple):
    """Something missing, as a tool said it."""

    lack: Lack
    """What kind of thing it is."""
    names: tuple[str, ...]
    """What it is called, each in the sense of `lack`; several where one sentence or one command names several."""
    tool: str
    """Who said so: ``gcc``, ``ld``, ``pkg-config``, ``CMake``, ``meson``; empty for the project's own build code."""
    said: str
    """Its words: one line, no space around it."""
    line: int
    """Where they stand in the output, from 0."""
    stops: bool = True
    """False if a probe may say the same and the build go on."""
    version: str = ""
    """The constraint that was not met, as said: ``>= 1.18``; empty if none was said."""
    found: str = ""
    """The version that is there, if one is: then something is too old, and not missing."""
    place: str = ""
    """Where the source asks for it, if the tool says so: ``meson.build:12:0``."""
    folders: tuple[str, ...] = ()
    """Of a header: folders below an ``include`` that its compiler was told to look in, as ``hunspell``."""
    without: str = ""
    """A program that the tool would have asked with, and said that it does not have: ``pkg-config``."""


class Output(NamedTuple):
    """What a build printed. Made by `parse`."""

    lines: tuple[str, ...]
    """Without colours, and of each line what a terminal would show last."""
    traceback: int
    """Index of the first line of the traceback that the end closes; where it closes none, the end's own."""
    end: int
    """Index of the first line of the end."""
    stopped: int
    """Index after the last line of the end."""
    raised: str
    """The class of the exception that the end is; empty if the end is no exception."""

    def close(self) -> str:
        """Give the end's text."""
        return "\n".join(self.lines[self.end : self.stopped])


class Family(Protocol):
    """One family of messages."""

    name: str
    """Its name, which is its module's."""

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give the failures in an output, in any order."""
        ...


def read(text: str) -> Failure | None:
    """Give the failure that stopped a build, from all that it printed; None if none of those known did."""
    plain = _ESCAPE.sub("", text).replace("\r\n", "\n")
    lines = tuple(line.rpartition("\r")[2].rstrip() for line in plain.split("\n"))
    for _ in range(_DEEPEST):
        output = parse(lines)
        found = [failure for family in adapters_in(__name__) for failure in family.failures_in(output)]
        found.sort(key=lambda failure: failure.line)
        failure = _deciding(output, found)
        if failure is not None or not output.raised or not _has_more_to_say(output):
            return _as_tools_said(failure, found) if failure else None
        lines = lines[: output.traceback]  # the command's own output ends there, maybe with a traceback of its own
    return None


_DEEPEST: Final = 4


def parse(lines: tuple[str, ...]) -> Output:
    """Take an output apart, from its lines."""
    stopped = len(lines)
    while stopped and (not lines[stopped - 1] or _OF_FRONT_END.match(lines[stopped - 1])):
        stopped -= 1
    for index in range(stopped - 1, max(stopped - _LONGEST, 0), -1):
        found = _RAISED.fullmatch(lines[index])
        if found and _FRAME.match(lines[index - 1]) and (start := _traceback_of(lines, index)) is not None:
            return Output(lines, start, index, stopped, found[1].rpartition(".")[2])
    end = max(stopped - _TAIL, 0)
    return Output(lines, end, end, stopped, "")


_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")

_OF_FRONT_END: Final = re.compile(
    r"backlit: |TIP pass --env-dir|ERROR Backend subprocess exited|\s*(?:note|hint): This (?:error|is an issue)"
    r"|\s*\[end of output\]|ERROR: Failed building wheel|ERROR: Failed to build"
)
"""Lines that backlit and front ends add after what a backend printed."""

_RAISED: Final = re.compile(r"([A-Za-z_][\w.]*)(?:: .*|:)?")
_FRAME: Final = re.compile(r"  (?:File \".*\", line \d+|\[Previous line repeated)|    |Traceback \(most recent call")
_TAIL: Final = 12
"""How many lines the end has where it is no exception."""
_LONGEST: Final = 60
"""How many lines the message of an exception may have."""


def _traceback_of(lines: Sequence[str], index: int) -> int | None:
    """Give the first line of the traceback above a line; None if there is none."""
    while index > 0 and _FRAME.match(lines[index - 1]):
        index -= 1
    return index if lines[index].startswith("Traceback (most recent call") else None


_BREAKS: Final = frozenset(
    {
        *("AttributeError", "KeyError", "TypeError", "NameError", "SyntaxError", "IndentationError", "IndexError"),
        *("UnboundLocalError", "ZeroDivisionError", "RecursionError", "AssertionError", "NotImplementedError"),
        *("UnicodeDecodeError", "URLError", "HTTPError", "ConnectionError", "SSLError", "TimeoutError", "MemoryError"),
        *("ConnectError", "InvalidConfigError", "PermissionError", "InvalidVersion", "gaierror", "StopIteration"),
    }
)
"""Exceptions of which a missing library is never the cause, unless they name it."""

_FAILED: Final = re.compile(
    r"(?i)returned non-zero exit status|ended with return code"
    r"|exit(?:ed with)?(?: code| status|:)|error: command|Command '|compilation failed"
    r"|\bbuild stopped|make(?:\[\d+\])?: \*\*\*|FAILED|could not compile|errors? occurred|CompileError|LinkError"
    r"|terminated|A full log can be found|build failed|failed to build|configur\w+ failed|ld returned"
)
"""Sentences which say that a command failed, and not why."""


def _deciding(output: Output, found: Sequence[Failure]) -> Failure | None:
    """Choose among the failures, in their order in the output."""
    said = [failure for failure in found if failure.lack is not Lack.WORDS]
    if inside := [failure for failure in said if output.end <= failure.line and (failure.stops or output.raised)]:
        return _together(inside[-1], said)
    if named := [failure for failure in said if _is_spoken_of(output, failure)]:
        return _together(named[-1], said)
    if empty := [failure for failure in said if _is_unanswered(output, failure)]:
        return _together(empty[-1], said)
    words = [failure for failure in found if failure.lack is Lack.WORDS]
    if words and (output.raised or any(failure.stops for failure in words[-_LAST:])):
        return _in_one(words)
    if _says_that_a_command_failed(output):
        stopping = [failure for failure in found if failure.stops and not _is_passed(output, failure)]
        if stopping:
            return _together(stopping[-1], said)
        words = [failure for failure in words if _FAILED.search(failure.said)]
    return _in_one(words) if words else None


def _in_one(words: Sequence[Failure]) -> Failure:
    """Give the words of a whole message: which of them is a name, and so which line counts, is not known here."""
    return words[0]._replace(names=tuple(dict.fromkeys(name for failure in words for name in failure.names)))


def _says_that_a_command_failed(output: Output) -> bool:
    return output.raised not in _BREAKS and _FAILED.search(f"{output.raised}: {output.close()}") is not None


def _as_tools_said(failure: Failure, found: Sequence[Failure]) -> Failure:
    """Prefer what pkg-config or a shell said to what a project makes of it."""
    if failure.names == ("pkg-config",):
        # It has spoken, so it is here, and what it was asked for is not.
        return next((_together(other, found) for other in reversed(found) if other.tool == "pkg-config"), failure)
    if failure.lack is not Lack.PROGRAM or failure.stops:
        return failure
    # "Unable to run sdl-config", where sdl2-config was looked for.
    bare = [re.sub(r"\d", "", name) for name in failure.names]
    alike = (item for item in found if item.lack is Lack.PROGRAM and item.line < failure.line)
    return next((item for item in alike if [re.sub(r"\d", "", name) for name in item.names] == bare), failure)


def _has_more_to_say(output: Output) -> bool:
    """Tell whether what stands above the end's traceback is the failure itself: of a command, or of the same build."""
    above = "\n".join(output.lines[max(output.traceback - _TAIL, 0) : output.traceback])
    return _says_that_a_command_failed(output) or _COMMAND.search(above) is not None


_COMMAND: Final = re.compile(r"(?m)^error: [Cc]ommand ")


def _is_spoken_of(output: Output, failure: Failure) -> bool:
    """Tell whether the end speaks of what a failure names, beside the failure's own words."""
    after = output.lines[max(failure.line + 1, output.end) : output.stopped]
    return failure.line >= output.stopped - _LAST or _names("\n".join(after), failure)


def _is_unanswered(output: Output, failure: Failure) -> bool:
    """Tell whether a program has just said what it does not have, and the exception is about its empty answer."""
    asked = failure.lack in {Lack.PKGCONFIG, Lack.PROGRAM}
    near = output.traceback - _NEAR <= failure.line < output.traceback
    return asked and near and _EMPTY.search(output.close()) is not None


_EMPTY: Final = re.compile(
    r"invalid literal for int\(\) with base \d+: '(?:\\n)?'|could not convert string to float: ''|Invalid version: ''"
    r"|not enough values to unpack \(expected \d, got 0\)|list index out of range|pop from empty list"
)
"""What Python says where code takes apart a text with nothing in it."""

_LAST: Final = 2
"""A failure in so many last lines is what the output ends with."""


def _is_passed(output: Output, failure: Failure) -> bool:
    """Tell whether a compiler was started again after a failure, and then found errors of another kind."""
    after = "\n".join(output.lines[failure.line + 1 : output.stopped])
    other = _OTHER_ERROR.search(after)
    return other is not None and _COMPILES.search(after, 0, other.start()) is not None


_OTHER_ERROR: Final = re.compile(r"(?m)^[\w./+-]+:\d+(?::\d+)?: error: ")
_COMPILES: Final = re.compile(r"(?m)^\S*(?:cc|\+\+|clang)(?:-\d+)? .*-c |^building '")


def _together(last: Failure, said: Sequence[Failure]) -> Failure:
    """Add to a failure the names that the same tool gave just before it in the same sense."""
    names, line = dict.fromkeys(last.names), last.line
    for failure in reversed(said):
        if failure.line > line or failure is last:
            continue
        alike = (failure.lack, failure.tool, failure.version) == (last.lack, last.tool, last.version)
        if line - failure.line > _NEAR or not alike:
            break
        names, line = dict.fromkeys((*failure.names, *names)), failure.line
    return last._replace(names=tuple(names))


_NEAR: Final = 6
"""How many lines apart two sentences of one command may stand."""


def _names(text: str, failure: Failure) -> bool:
    """Tell whether a text speaks of what a failure names."""
    return any(re.search(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-])", text, re.IGNORECASE) for name in failure.names)


def first_line(text: str, index: int) -> str:
    """Give the line of `text` that starts at or before `index`, without space around it."""
    start = text.rfind("\n", 0, index) + 1
    return text[start:].partition("\n")[0].strip()


def each(lines: Iterable[str], *patterns: re.Pattern[str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Give each line that one of some expressions is found in, with its index and the first match."""
    for index, line in enumerate(lines):
        for pattern in patterns:
            if found := pattern.search(line):
                yield index, line.strip(), found
                break
