"""Which headers a compiler opened, by its own list.

gcc writes the rule ``a.o: /usr/include/zlib.h ...`` to the file that ``SUNPRO_DEPENDENCIES`` names, the target always
``<source's stem>.o``; clang writes one path a line to the file of ``CC_PRINT_HEADERS_FILE``; with ``-MD`` both write a
rule to a file that may still be there.
"""

from __future__ import annotations

import os
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.files import start_of
from backlit.trace import makefile, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backlit.model.invocation import Compilation

_LIMIT: Final = 64 << 20
_SESSION: Final = "session"
_IMPLICIT: Final = "/usr/include/stdc-predef.h"


class Lists:
    """Every list of one session, from a folder of files named by pid, and from what was harvested."""

    def __init__(self, folder: str, depfiles: Mapping[str, str]) -> None:
        self._folder = folder
        self._depfiles = depfiles
        self._real: dict[str, str] = {}
        """Real paths by absolute ones: thousands of compilations open the same headers."""
        self.faults: list[str] = []

    def of(self, compilation: Compilation, *, names: Iterable[str], depfile: str | None) -> tuple[str, ...]:
        """Give the headers of one compilation, absolute real paths, in its order; empty if it left no list.

        `names` are those of its lists in the session's folder.
        """
        text = "".join([self._text(f"{self._folder}/{name}") for name in names])
        if not text and depfile is not None:
            text = self._depfiles.get(depfile) or self._text(depfile)
        if not text:
            return ()
        if compilation.family == "clang" and depfile is None:
            return self.real(text.splitlines(), compilation)
        return self.real(chain.from_iterable([rule.prerequisites for rule in makefile.parse(text)]), compilation)

    def real(self, listed: Iterable[str], compilation: Compilation) -> tuple[str, ...]:
        """Give what is listed as absolute real paths, in its order, once each, the sources themselves left out."""
        named = tuple(listed)
        # A compiler lists the object files of a pure link nowhere; a depfile names its target's source first.
        found = dict.fromkeys(map(self._real.get, named))
        if None in found:  # not seen yet, or relative
            for header in set(named).difference(self._real):
                if header.startswith("/"):
                    self._resolved(header)
            found = dict.fromkeys(map(self._real.get, named))
        if None in found:
            cwd = compilation.invocation.cwd
            found = dict.fromkeys(self._resolved(os.path.join(cwd, header)) for header in named)  # noqa: PTH118
        for source in compilation.sources:
            found.pop(self._resolved(source), None)
        return tuple(filter(None, found))

    def of_session(self) -> list[Unclaimed]:
        """Give what was listed by a gcc that no shim started, in order; lists of no header of interest left out."""
        rules = makefile.parse(self._text(f"{self._folder}/{_SESSION}"))
        return [
            Unclaimed(rule.targets[0], rule.prerequisites)
            for rule in rules
            if rule.targets and set(rule.prerequisites) - {_IMPLICIT} and not tables.is_try(f"/{rule.targets[0]}")
        ]

    def _resolved(self, path: str) -> str:
        if path not in self._real:
            folder, slash, name = path.rpartition("/")
            # Thousands of files in one folder: that is resolved once, and the file alone where it is no link.
            plain = bool(folder) and name not in {"", ".", ".."} and not os.path.islink(path)  # noqa: PTH114 - a string
            self._real[path] = f"{_real_folder(folder)}{slash}{name}" if plain else os.path.realpath(path)
        return self._real[path]

    def _text(self, path: str) -> str:
        try:
            return os.fsdecode(start_of(path, _LIMIT))
        except FileNotFoundError:
            return ""
        except OSError as error:
            self.faults.append(f"a list of headers cannot be read: {error.strerror}")
            return ""
        except ValueError:
            return ""


@cache
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder).rstrip("/")


class Unclaimed(NamedTuple):
    """A list of headers without its command."""

    target: str
    """``<source's stem>.o``."""
    headers: tuple[str, ...]
    """As gcc wrote them; relative ones are relative to a folder that is not known."""
