"""pkg-config and pkgconf: a module that is not there, or is too old.

The first prints a paragraph a module, the second one line; both are also what probes print that a build can do without,
so these never stop by themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABSENT: Final = re.compile(
    r"(?:Package (?P<name>[\w.+-]+) was not found in the pkg-config search path"
    r"|No package '(?P<quoted>[^']+)' found|Package '(?P<required>[^']+)', required by '[^']+', not found)"
)
_OLD: Final = re.compile(
    r"Requested '(?P<name>\S+) (?P<version>[<>=!]+ \S+)' but version of .* is (?P<found>\S+)"
    r"|Package '(?P<quoted>[^']+)' has version '(?P<other>[^']+)', required version is '(?P<wanted>[^']+)'"
)
_RAN: Final = re.compile(
    r"(?i)command (?:'[\[(](?P<listed>'[^])]*\bpkg(?:-config|conf)', [^])]+)[\])]'"
    r"|[\"'](?P<text>\S*\bpkg(?:-config|conf) [^\"']+)[\"'])"
    r" (?:returned non-zero exit status (?P<status>\d+)|failed\b)"
)
"""What Python says of a pkg-config that failed, whose own words somebody may have kept."""
_WITH_VALUE: Final = frozenset({"--atleast-version", "--exact-version", "--max-version", "--variable"})
_LEAST: Final = re.compile(r"--atleast-version(?:=|[ ',]+)(?P<version>[\w.]+)")
_MODULE: Final = re.compile(r"[A-Za-z][\w.+-]*")
_NOT_THERE: Final = "127"
"""A shell's status for a command that it does not find."""


class PkgConfig:
    """Modules that pkg-config was asked for."""

    name = "pkg_config"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each module that pkg-config did not have, or not in the version asked for."""
        told = [*_told(output)]
        yield from told
        known = {name for failure in told for name in failure.names}
        for index, line, found in each(output.lines, _RAN):
            command = found["listed"] or found["text"]
            names = _modules(command)
            if names and known.isdisjoint(names) and found["status"] != _NOT_THERE:
                least = _LEAST.search(command)
                version = f">= {least['version']}" if least else ""
                yield _made(names, line, index)._replace(version=version)


def _told(output: Output) -> Iterator[Failure]:
    """Give what pkg-config itself said."""
    for index, line, found in each(output.lines, _ABSENT):
        yield _made((found["name"] or found["quoted"] or found["required"],), line, index)
    for index, line, found in each(output.lines, _OLD):
        failure = _made((found["name"] or found["quoted"],), line, index)
        yield failure._replace(version=found["version"] or found["wanted"], found=found["found"] or found["other"])


def _made(names: tuple[str, ...], line: str, index: int) -> Failure:
    return Failure(Lack.PKGCONFIG, names, "pkg-config", line, index, stops=False)


def _modules(command: str) -> tuple[str, ...]:
    """Give the modules that a command asks for: its arguments that are no options and no versions."""
    before, names = "", []
    for argument in re.findall(r"[^\s,'\"]+", command)[1:]:
        if _MODULE.fullmatch(argument) and before not in _WITH_VALUE:
            names.append(argument)
        before = argument
    return tuple(dict.fromkeys(names))


ADAPTER: Final[Family] = PkgConfig()
