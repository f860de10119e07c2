"""Prose, continuous integration, containers and environments: what people are told to install. Hints, never claims.

Read are README and INSTALL files, Dockerfiles, workflows, and environments of conda.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Scope, Signal
from backlit.scanners import _installs
from backlit.scanners._scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backlit.model.signal import Finding
    from backlit.scanners import Content, Scanner, Tree

_PROSE: Final = tuple(f"{name}{ending}" for name in ("README", "INSTALL") for ending in ("", ".md", ".rst", ".txt"))


class Hints:
    """The scanner."""

    name = "hints"
    files = (*_PROSE, "Dockerfile", "*.yml", "*.yaml", "bindep.txt", "apt.txt")

    def digest(self, content: Content) -> object | None:
        """Keep the packages that lines install, or that an environment lists."""
        aside = scope_of(content.path) in {Scope.VENDORED, Scope.TEST} or content.path.count("/") > _DEEPEST
        if aside or len(content.data) > _LARGEST:
            return None
        found = tuple(_installs.installed_in(content.text))
        if content.path.endswith((".yml", ".yaml")) and _ENVIRONMENT.search(content.text):
            found = (*found, *_listed_in(content.text))
        return tuple(dict.fromkeys(found)) or None

    def findings(self, tree: Tree) -> Iterator[Finding]:
        """Give each package's library once."""
        kept: Mapping[str, tuple[_installs.Installed, ...]] = tree.kept_by(self)
        seen: set[str] = set()
        for path, packages in kept.items():
            for item in packages:
                if item.name not in seen:
                    seen.add(item.name)
                    yield _hint(path, item)


_DEEPEST: Final = 3
"""How deep a file of the project's own upkeep lies: ``.github/workflows/x.yml``."""

_LARGEST: Final = 400_000
"""What is larger is no page that somebody wrote, in bytes."""

_ENVIRONMENT: Final = re.compile(r"(?m)^dependencies:")
"""How the list of an environment of conda begins."""

_LISTED: Final = re.compile(r"(?m)^[ \t]+-[ \t]+([A-Za-z][\w.+-]{1,60})[ \t]*(?:[<>=~!].*)?$")


def _listed_in(text: str) -> Iterator[_installs.Installed]:
    """Give the packages of an environment of conda."""
    at = text.find("dependencies:")
    line = text.count("\n", 0, at) + 1
    for found in _LISTED.finditer(text, at):
        line += text.count("\n", at, found.start(1))
        at = found.start(1)
        yield _installs.Installed(found[1], found[1], line)


def _hint(path: str, item: _installs.Installed) -> Signal:
    scope = scope_of(path)
    return Signal(
        NameKind.LINK,
        item.name,
        Kind.PROBED,
        f"{path}:{item.line}",
        f"install {item.package}",
        scope=Scope.DOC if scope is Scope.BUILD else scope,
        confidence=Confidence.LOW,
    )


ADAPTER: Final[Scanner] = Hints()
