"""Shells, Python, make and distutils: a program that could not be started, because it is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM: Final = r"(?P<name>[A-Za-z][\w.+-]*)"
_SHELL: Final = re.compile(
    rf"(?:(?:/bin/)?(?:sh|bash|dash)|[\w./-]+): (?:line )?\d+: (?:exec: )?{_PROGRAM}: (?:command )?not found"
    rf"|^(?:/bin/)?(?:sh|bash|dash|zsh): (?:line \d+: )?{_PROGRAM.replace('name', 'other')}: (?:command )?not found"
    r"|env: \W?(?P<env>[A-Za-z][\w.+-]*)\W?: No such file or directory"
)
_MAKE: Final = re.compile(
    rf"make(?:\[\d+\])?: (?![Mm]akefile|GNUmakefile){_PROGRAM}: (?:No such file or directory|[Cc]ommand not found)"
)
_PERL: Final = re.compile(rf"Can't exec \"{_PROGRAM}\": No such file or directory at ")
"""What autoreconf says, and other programs in Perl."""
_DISTUTILS: Final = re.compile(
    rf"error: [Cc]ommand '(?:[\w./-]*/)?{_PROGRAM}' failed: (?:No such file or directory|None)"
    rf"|unable to execute '(?:[\w./-]*/)?{_PROGRAM.replace('name', 'other')}': No such file"
)
_PYTHON: Final = re.compile(
    r"FileNotFoundError: \[Errno 2\] No such file or directory: '(?P<name>[A-Za-z][\w.+-]*)'"
    r"|: \[Errno 2\] No such file or directory: '(?P<config>[\w.+-]+-config)'"
)
_CONFIG: Final = re.compile(
    r"(?<![\w/.-])(?P<name>[a-z][\w.+]*[-_]config)\b['\"`)]?(?: executable| program| script| command)?"
    r"(?:(?: was| is| could)?(?: not| cannot)(?: be)? (?:found|installed|available|located|executed)"
    r"|(?: is)? (?:unavailable|missing)\b)"
    r"|(?:(?:not|[Uu]nable to) (?:find|run|execute)|locate|missing|find) (?:the )?"
    r"['\"`]?(?P<other>[a-z][\w.+]*[-_]config)\b"
)
_OS_ERROR: Final = re.compile(rf"^error: \[Errno 2\] No such file or directory: '{_PROGRAM}'")
_SIP: Final = re.compile(r"raise PyProjectOptionException\(['\"](?P<name>qmake)['\"]")
_ASKED: Final = re.compile(
    r"(?:['\"]which['\"], ['\"]|['\"](?:which|type -p|command -v) |(?:type -p|command -v) )" + _PROGRAM + r"['\"]"
)
"""A command that says where a program is, in an exception about it."""
_LOOKS: Final = re.compile(r'  File ".*", line \d+, in _?(?:find|locate|require)_(?P<name>[a-z][a-z0-9]*(?:_config)?)')
"""A frame of a function that looks for what it is called after: distutils' ``find_swig``."""
_STARTED: Final = re.compile(r'File ".*subprocess\.py", line \d+, in _execute_child')


class Programs:
    """Programs that were to be run."""

    name = "programs"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each program that could not be started."""
        for index, line, found in each(output.lines, _SHELL, _MAKE, _PERL):
            yield _made(found, line, index, stops=found.re is not _SHELL)
        for index, line, found in each(output.lines, _DISTUTILS):
            yield _made(found, line, index, stops=True)
        for index, line, found in each(output.lines, _PYTHON):
            # open() of a file says the same: the frame above tells that a process was to be started.
            if found["config"] or any(_STARTED.search(above) for above in output.lines[max(index - 5, 0) : index]):
                yield _made(found, line, index, stops=index >= output.end)
        for _, line, found in each(output.lines[output.traceback : output.end], _SIP):
            yield _made(found, line, output.end, stops=True)  # the exception itself says nothing
        for index, line, found in each(output.lines, _OS_ERROR):
            # distutils says the same of a program and of a file: only a known program's name tells which.
            yield Failure(Lack.WORDS, (found["name"],), "", line, index)
        for index in range(output.end if output.raised else output.stopped, output.stopped):
            if asked := _ASKED.search(output.lines[index]):
                yield _made(asked, output.lines[index].strip(), index, stops=True)
        yield from _looked_for(output)
        for index, line, found in each(output.lines, _CONFIG):
            yield _made(found, line, index, stops=False)


def _looked_for(output: Output) -> Iterator[Failure]:
    """Give what the function that raised the end's exception looks for, where the exception itself has no words."""
    if not output.raised or ":" in output.lines[output.end]:
        return
    frames = [line for line in output.lines[output.traceback : output.end] if line.startswith("  File ")]
    if frames and (found := _LOOKS.fullmatch(frames[-1])):
        said = f"{output.lines[output.end]}{frames[-1].rpartition(',')[2]}"  # AssertionError in find_swig
        yield Failure(Lack.WORDS, (found["name"].replace("_", "-"),), "", said, output.end)


def _made(found: re.Match[str], line: str, index: int, *, stops: bool) -> Failure:
    name = next(filter(None, found.groups()))
    return Failure(Lack.PROGRAM, (name,), "", line, index, stops=stops)


ADAPTER: Final[Family] = Programs()
