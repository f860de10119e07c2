"""The loader, ctypes and cffi: a shared library that a build opens by name, or that a module it imports needs.

The sentences are of glibc's ``elf/dl-load.c``, CPython's ``ctypes`` and cffi's ``api.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.failures import Failure, Family, Lack, Output, each

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER: Final = re.compile(
    r"(?P<name>[\w+-][\w.+-]*\.so(?:\.\d+)*): cannot open shared object file: No such file or directory"
)
_FIND_LIBRARY: Final = re.compile(r"find_library\(\) did not manage to locate a library called '(?P<name>[\w.+-]+)'")


class Loaders:
    """Shared libraries that were to be opened."""

    name = "loaders"

    def failures_in(self, output: Output) -> Iterator[Failure]:
        """Give each library that could not be opened; what goes on without it says so in the same words."""
        for index, line, found in each(output.lines, _FIND_LIBRARY):
            yield Failure(Lack.LINK, (found["name"],), "cffi", line, index, stops=False)
        for index, line, found in each(output.lines, _LOADER):
            yield Failure(Lack.SHARED, (found["name"],), "the loader", line, index, stops=False)


ADAPTER: Final[Family] = Loaders()
