"""Python: an environment variable that the build's own code takes for set, as ``os.environ["JAVA_HOME"]`` does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = re.compile(r"KeyError: '(?P<name>[A-Z][A-Z0-9_]+)'")
_ENVIRONMENT: Final = re.compile(r'  File "(?:<frozen os>|.*[\\/]os\.py)", line \d+, in __getitem__')
_FRAME: Final = 3
"""How many lines a frame of a traceback has at most."""


class Variables:
    """Environment variables that are not set."""

    name = "variables"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give the variable that the end's exception names; the frame above tells that it was one."""
        found = _KEY.fullmatch(output.lines[output.end]) if output.raised else None
        above = output.lines[max(output.end - _FRAME, 0) : output.end]
        if found and any(_ENVIRONMENT.match(line) for line in above):
            yield Failure(Lack.VARIABLE, (found["name"],), "the build", found[0], output.end)


ADAPTER: Final[Family] = Variables()
