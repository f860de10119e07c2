"""Which paths are the project's own, which are the build's, which are the machine's; and how a report writes them."""

from __future__ import annotations

import os
import sysconfig
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import PurePath

    from backlit.pipeline.observe import Observation


class Places(NamedTuple):
    """Folders of one build, absolute, without a slash at the end."""

    own: tuple[str, ...]
    """The project's folder and its scratch copy."""
    python: tuple[str, ...]
    """Python's own headers, and what build requirements installed: their headers are no native library."""

    @classmethod
    def of(cls, observation: Observation) -> Places:
        """Give the places of one build."""
        paths = sysconfig.get_paths()
        names = ("include", "platinclude", "purelib", "platlib", "stdlib", "platstdlib")
        python = {form for name in names for form in (paths[name], os.path.realpath(paths[name]))}
        own = {observation.tree, observation.root, os.path.realpath(observation.tree)}
        return cls(tuple(sorted(own, key=len, reverse=True)), tuple(sorted(python)))

    def is_own(self, path: str | PurePath) -> bool:
        """Tell whether a path is inside the project."""
        return _is_below(str(path), self.own)

    def is_python(self, path: str) -> bool:
        """Tell whether a path belongs to Python or to a build requirement."""
        return _is_below(path, self.python)

    def is_machine(self, path: str) -> bool:
        """Tell whether a path is the machine's: neither the project's, nor Python's, nor a temporary folder's."""
        return not (self.is_own(path) or self.is_python(path) or _is_below(path, _TEMPORARY))

    def told(self, path: str) -> str:
        """Write a path as a report does: relative inside the project, ``{tmp}`` for a temporary folder."""
        for folder in self.own:
            if path == folder or path.startswith(f"{folder}/"):
                return path[len(folder) + 1 :] or "."
        for folder in _TEMPORARY:
            if path.startswith(f"{folder}/"):
                # The first part is a random name; what is below it says where in the build it was.
                return "{tmp}/" + path[len(folder) + 1 :].partition("/")[2]
        return path


_TEMPORARY = tuple(sorted({"/tmp", "/var/tmp", os.path.realpath(os.path.expanduser("~/.cache"))}))  # noqa: S108, PTH111 - names to compare with, nothing is written there


def _is_below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)
