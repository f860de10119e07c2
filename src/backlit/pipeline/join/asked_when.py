"""Side "source": on which platforms a library is asked for, what chooses it, and whether a copy stands in for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Required, Scope, Signal
from backlit.support import markers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.signal import VendoredCopy
    from backlit.pipeline.join.ledger import Entry

_NOWHERE: Final = ("none",)
"""Platforms of what nobody reaches."""


def place(entry: Entry, signals: Iterable[Signal]) -> None:
    """Write the platforms on which one of the signals of a library holds, and all that chooses it.

    Hints say nothing of either, unless there is nothing else.
    """
    said = [signal for signal in signals if signal.scope is Scope.BUILD and signal.confidence is not Confidence.LOW]
    reached = [signal for signal in said if signal.condition.platforms != _NOWHERE]
    entry.marker = markers.of_all(signal.condition.platforms for signal in reached)
    entry.switches |= {signal.condition.switch for signal in reached if signal.condition.switch}


def provide(entry: Entry, signals: Iterable[Signal], copies: Iterable[VendoredCopy]) -> None:
    """Write whether a build takes the copy or the system's, where nobody chooses; nothing where there is no copy."""
    listed = list(copies)
    if not listed:
        return
    entry.switches |= {copy.switch for copy in listed if copy.switch}
    asked = [
        signal
        for signal in signals
        if signal.kind in _FROM_SYSTEM and signal.scope is Scope.BUILD and signal.confidence is not Confidence.LOW
    ]
    entry.provider = _default(asked, listed)


_FROM_SYSTEM: Final = frozenset({Kind.LINKED, Kind.QUERIED, Kind.LOADED})


def _default(signals: list[Signal], copies: list[VendoredCopy]) -> str:
    # A crate that compiles its own copy asks nothing of the system.
    asked = [signal for signal in signals if not (signal.sense is NameKind.CRATE and signal.linkage == "static")]
    if not asked or all(signal.required is Required.OPTIONAL for signal in asked):
        return "vendored"
    wraps = {copy.path for copy in copies if copy.where.rpartition(":")[0].endswith(".wrap")}
    if all(copy.compiled is False or copy.path in wraps for copy in copies):
        return "system"  # a wrap is taken where the system has none
    if any(_chooses_system(copy.switch) for copy in copies) and not any(each.condition.switch for each in asked):
        return "vendored"  # unless somebody chooses
    if any(copy.compiled for copy in copies) and not any(signal.required is Required.YES for signal in asked):
        return "vendored"
    if any(signal.required is Required.YES and signal.condition.switch for signal in asked):
        return "system"  # behind a switch that is on
    return "unknown"


def _chooses_system(switch: str) -> bool:
    """Tell whether setting a switch has a build take the system's copy, not leave it."""
    return bool(switch) and re.search(r"(?i)\b(?:without|no|disable)[-_]|_(?:WITHOUT|NO|DISABLE)_", switch) is None
