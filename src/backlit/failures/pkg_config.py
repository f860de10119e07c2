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


class PkgConfig:
    """Modules that pkg-config was asked for."""

    name = "pkg_config"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each module that pkg-config did not have, or not in the version asked for."""
        for index, line, found in each(output.lines, _ABSENT):
            name = found["name"] or found["quoted"] or found["required"]
            yield Failure(Lack.PKGCONFIG, (name,), "pkg-config", line, index, stops=False)
        for index, line, found in each(output.lines, _OLD):
            yield Failure(
                Lack.PKGCONFIG,
                (found["name"] or found["quoted"],),
                "pkg-config",
                line,
                index,
                stops=False,
                version=found["version"] or found["wanted"],
                found=found["found"] or found["other"],
            )


ADAPTER: Final[Family] = PkgConfig()
