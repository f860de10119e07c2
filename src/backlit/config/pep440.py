"""Versions in their canonical form (PEP 440)."""

from __future__ import annotations

import re
from typing import Final

from backlit.errors import VersionError

LONGEST: Final = 256
"""Longest version taken, in characters. `packaging` raises another error for numbers of thousands of digits."""

# What is canonical already, which nearly every version is, needs no import of `packaging` (19 ms of CPU in a hook).
# The expression is the specification's own, "Appendix: Parsing version strings with regular expressions".
_CANONICAL: Final = re.compile(
    r"([1-9][0-9]*!)?(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*((a|b|rc)(0|[1-9][0-9]*))?"
    r"(\.post(0|[1-9][0-9]*))?(\.dev(0|[1-9][0-9]*))?"
)


def canonical(text: str, *, where: str) -> str:
    """Give a version in its canonical form.

    :raises VersionError: if `text` is no version; names `where` it came from.
    """
    if len(text) <= LONGEST and _CANONICAL.fullmatch(text):
        return text
    if len(text) > LONGEST or not text.isascii() or not text.isprintable():
        raise VersionError(f"{_shown(text)} is no version", where=where, cure=_CURE)
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - see above

    try:
        return str(Version(text))
    except (InvalidVersion, ValueError):
        raise VersionError(f"{_shown(text)} is no version", where=where, cure=_cure(text)) from None


def asked(text: str, *, where: str) -> str:
    """Give a version that somebody asks for in its canonical form.

    ``1.2.3-1`` is refused: PEP 440 reads a post-release in it, and whoever packages means the package's revision.

    :raises VersionError: as :func:`canonical`.
    """
    value = canonical(text, where=where)
    if _REVISION.search(text):
        release = text.strip().rpartition("-")[0]
        cure = f"write {release} without the package's revision, or {value} if a post-release is meant"
        raise VersionError(f"{_shown(text)} has two readings", where=where, cure=cure)
    return value


def same(left: str, right: str) -> bool:
    """Tell whether two texts are one version; False if either is none."""
    try:
        return canonical(left.strip(), where="") == canonical(right.strip(), where="") or _equal(left, right)
    except VersionError:
        return False


_CURE: Final = "write it as PEP 440 says, such as 1.2.3 or 2.0rc1"

_REVISION: Final = re.compile(r"^[^+]*[0-9]-[0-9]+\s*$")
"""The implicit post-release of PEP 440."""


def _cure(text: str) -> str:
    from backlit.config import spelling  # noqa: PLC0415 - only where something is wrong already

    near = spelling.nearest(text)
    return _CURE if near is None else f"write it as PEP 440 says: {near} is near"


def _equal(left: str, right: str) -> bool:
    """Compare as versions: 1.0 and 1.0.0 are one, though both are canonical spellings."""
    from packaging.version import Version  # noqa: PLC0415 - only where the spellings differ

    return Version(left) == Version(right)


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST else text[:40] + "...")
