"""Evidence: one fact, and where it was seen."""

from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """Which of the three sides a fact was seen from."""

    SOURCE = "source"
    """What the source tree asks for."""
    BUILD = "build"
    """What the build did."""
    ARTIFACT = "artifact"
    """What the finished artifact says."""


class Kind(StrEnum):
    """What was seen; kinds are never merged into one another."""

    DECLARED = "declared"
    """Written down in a table such as ``[external]``."""
    INCLUDED = "included"
    """A header of it was compiled in."""
    QUERIED = "queried"
    """pkg-config or a ``*-config`` program was asked for it."""
    LINKED = "linked"
    """A link command asked for it."""
    LOADED = "loaded"
    """It is opened while running, with ``dlopen``."""
    PROBED = "probed"
    """The build looked for it."""
    NEEDED = "needed"
    """The finished binary's dynamic section names it."""
    BUNDLED = "bundled"
    """It is inside the artifact."""


class Confidence(StrEnum):
    """How sure it is that the fact concerns the library it is listed under."""

    HIGH = "high"
    """The name was resolved by a record: a soname, a file's owner, an exact catalogue name."""
    MEDIUM = "medium"
    """The name was resolved by a convention, such as a header's folder."""
    LOW = "low"
    """A hint; never enough to name a library alone."""


class Evidence(NamedTuple):
    """One fact that supports a line of the report."""

    side: Side
    """Where the fact was seen from."""
    kind: Kind
    """What was seen."""
    where: str
    """File and line, artifact member, or command; relative paths, with ``/``."""
    detail: str = ""
    """What stood there, such as ``-lssl`` or ``libraries=['ssl']``; may be shortened."""
    confidence: Confidence = Confidence.HIGH
    """How sure the link between the fact and the library is."""
