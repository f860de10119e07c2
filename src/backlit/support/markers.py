"""Environment markers (PEP 508) of the platforms that conditions tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOLD_APART: Final = frozenset({"linux", "darwin", "win32", "other"})
"""``other`` stands for all that is none of the three."""


def of_platforms(platforms: Iterable[str]) -> str | None:
    """Give the marker of some platforms: ``linux``, ``darwin``, ``win32``, ``other``; None for all of them, or none."""
    held = frozenset(platforms) & _TOLD_APART
    if not held or held == _TOLD_APART:
        return None
    if "other" in held:
        return " and ".join(f'sys_platform != "{name}"' for name in sorted(_TOLD_APART - held))
    return " or ".join(f'sys_platform == "{name}"' for name in sorted(held))


def of_all(listed: Iterable[tuple[str, ...]]) -> str | None:
    """Give the marker under which one of several statements holds; a statement without platforms holds on all."""
    platforms: set[str] = set()
    for each in listed:
        platforms |= set(each) or _TOLD_APART
    return of_platforms(platforms)
