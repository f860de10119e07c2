"""What a tree needs against what a machine has, as values: the document of ``backlit doctor SOURCE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from backlit.pipeline.install import Line

PRESENT: Final = "present"
MISSING: Final = "missing"
WRONG_VERSION: Final = "wrong-version"
BUNDLED: Final = "bundled"
"""The tree has a copy of it, which the build can take."""
FRONT_END: Final = "front-end"
"""A front end that builds in isolation installs it, from the index."""
NOT_LOOKED_UP: Final = "unknown"
"""It goes by no name that could be looked up."""


class Check(NamedTuple):
    """One thing that a build needs or would take, and whether it is here."""

    kind: str
    """``compiler``, ``headers``, ``library``, ``program`` or ``requirement``."""
    name: str
    """What it is called: a language, a library's or program's name, a requirement as written."""
    id: str | None
    """DepURL; null for what has none."""
    need: str
    """``required``, ``optional``, ``runtime``, or ``unknown``: the source does not say."""
    status: str
    """``present``, ``missing``, ``wrong-version``, ``bundled``, ``front-end`` or ``unknown``."""
    stops: bool
    """Whether the build cannot go ahead as it is."""
    asked: tuple[str, ...]
    """What it is asked for as: ``pkg-config libxml-2.0``, ``-lxml2``, ``libxml/tree.h``; sorted."""
    where: str
    """The place that asks for it: file and line."""
    wanted: str = ""
    """Which versions are asked for; empty if any will do."""
    version: str | None = None
    """The version that is here; null if none is, or none is told."""
    path: str = ""
    """The file that was found, absolute; empty if none was."""
    package: str | None = None
    """PURL of the package that owns it; null if none does."""
    note: str = ""
    """What else there is to say, one sentence; empty if nothing."""


class Diagnosis(NamedTuple):
    """What is here, what is not, and what to do."""

    name: str | None
    """The project's name."""
    version: str | None
    """The project's version."""
    backend: str
    """The build backend."""
    isolated: bool
    """Whether build requirements are left to the front end."""
    checks: tuple[Check, ...]
    """Sorted by kind and name."""
    needed: Line
    """What installs what stops the build; where something does, also what the source does not say it can do without."""
    optional: Line
    """What installs the rest of what the build may look for."""
    runtime: Line
    """What installs what will be opened while running."""

    @property
    def ready(self) -> bool:
        """True if nothing is known that stops the build."""
        return not any(check.stops for check in self.checks)


def document(diagnosis: Diagnosis, source: str) -> dict[str, Any]:
    """Give the JSON of a diagnosis."""
    return {
        "schema": "backlit-doctor-1",
        "source": source,
        "project": {"name": diagnosis.name, "version": diagnosis.version},
        "backend": diagnosis.backend,
        "isolated": diagnosis.isolated,
        "ready": diagnosis.ready,
        "checks": [{**check._asdict(), "asked": list(check.asked)} for check in diagnosis.checks],
        "install": {
            "manager": diagnosis.needed.manager.name if diagnosis.needed.manager else None,
            "why": diagnosis.needed.manager.why if diagnosis.needed.manager else "",
            "needed": _line(diagnosis.needed),
            "optional": _line(diagnosis.optional),
            "runtime": _line(diagnosis.runtime),
        },
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "command": line.command,
        "packages": list(line.packages),
        "unnamed": list(line.unnamed),
        "unchecked": list(line.unchecked),
    }
