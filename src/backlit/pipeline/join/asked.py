"""Side "source": what the scanners found in the tree, judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.model.evidence import Confidence, Kind, Side
from backlit.model.names import NameKind
from backlit.model.signal import Condition, Required, Scope, Signal, VendoredCopy
from backlit.pipeline.join import asked_when, copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.model.signal import Finding
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.resolve import Resolved, Resolver


def enter(ledger: Ledger, findings: Iterable[Finding]) -> None:
    """Write what the source asks for into the ledger."""
    found = tuple(findings)
    outer = tuple(sorted(_folders_of_copies(ledger, found)))
    entered: dict[str, list[Signal]] = {}
    for signal in found:
        if isinstance(signal, Signal):
            weighed = _outside(signal, outer)
            if (entry := _enter_signal(ledger, weighed)) is not None:
                entered.setdefault(entry.resolved.id, []).append(weighed)
    _settle(ledger, found)
    _leave_out_what_is_brought(ledger)
    held: dict[str, list[VendoredCopy]] = {}
    for copy in found:
        if isinstance(copy, VendoredCopy) and (entry := _enter_copy(ledger, copy)) is not None:
            held.setdefault(entry.resolved.id, []).append(copy)
    for entry in ledger.entries():
        signals = entered.get(entry.resolved.id, ())
        entry.builds = bool(signals) and all(signal.role == "build" for signal in signals if _counts(signal))
        asked_when.place(entry, signals)
        asked_when.provide(entry, signals, held.get(entry.resolved.id, ()))


def _counts(signal: Signal) -> bool:
    return signal.scope is Scope.BUILD and signal.confidence is not Confidence.LOW


def _outside(signal: Signal, copies: tuple[str, ...]) -> Signal:
    """Give a signal as it counts: what a copy of another project asks for, it asks for itself."""
    if signal.scope is not Scope.BUILD or not signal.where.startswith(copies):
        return signal
    if signal.kind is Kind.INCLUDED:
        return signal._replace(confidence=Confidence.LOW)
    return signal if _FOLLOWED.search(signal.where) else signal._replace(scope=Scope.VENDORED)


_FOLLOWED: Final = re.compile(r"(?:/meson\.build|/CMakeLists\.txt|\.cmake|\.py)(?::\d+)?$")
"""Files that scanners read where the tree's own build comes to them, be it in a copy."""


def _folders_of_copies(ledger: Ledger, found: Iterable[Finding]) -> Iterator[str]:
    """Give the folders of copies, each ending ``/``; what a build would fetch may lie in the tree under its name."""
    for copy in found:
        if not isinstance(copy, VendoredCopy) or not copy.path:
            continue
        if "/" in copy.header and _by_header(ledger, copy) is not None:
            yield f"{copy.path}/"
        elif copy.sure:
            yield f"{copy.path}/"
            if copy.path.startswith("_deps/"):
                yield f"{copy.path.removeprefix('_deps/').removesuffix('-src')}/"


_ORDER: Final = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)

_FOREIGN: Final = re.compile(r"(?i)^lib.*_a$|_(?:static|a|s|mt|mtd|md)$|-static$|^lib(?!.*\.so)|32$|64$|\.a$")
"""Names that libraries have on Windows, or where they are linked statically, and nowhere else."""

_STATIC: Final = re.compile(r"[-_]static$|_a$")
"""Names of CMake's targets that are archives."""

_TELL_NOTHING: Final = frozenset({NameKind.HEADER, NameKind.CRATE, NameKind.CONFIG_TOOL})
"""Senses in which a name that no record has may be anything."""

_LINKAGE: Final = {Kind.LINKED: "dynamic", Kind.QUERIED: "dynamic", Kind.LOADED: "dlopen"}


def _enter_signal(ledger: Ledger, signal: Signal) -> Entry | None:
    """Write one signal, unless what it names is every extension's, or a header that no record knows."""
    resolver = ledger.resolver
    if signal.scope is Scope.VENDORED or resolver.is_platform(signal.sense, signal.name):
        return None
    resolved = _resolved(resolver, signal)
    known = resolved.canonical != "unknown"
    if not known and (signal.confidence is Confidence.LOW or signal.sense in _TELL_NOTHING):
        return None  # a hint of what nobody knows helps nobody
    named = Confidence.MEDIUM if not known and _stands_for_itself(signal) else resolved.confidence
    confidence = _weakest(signal.confidence, named, _of_place(signal))
    entry = ledger.entry(resolved)
    entry.call(signal.sense, signal.name)
    entry.see(Side.SOURCE, signal.kind, where=signal.where, detail=_detail(signal), confidence=confidence)
    if confidence is Confidence.LOW:
        return entry
    entry.direct = entry.used = True
    entry.runs = entry.runs or signal.kind is Kind.LOADED
    linkage = signal.linkage or _LINKAGE.get(signal.kind, "")
    entry.linkage |= {linkage} if linkage else set()
    _require(entry, signal)
    return entry


def _resolved(resolver: Resolver, signal: Signal) -> Resolved:
    """Resolve a name that no record has by what it is made of.

    A library may have the number of its series in its name: ``libtidy-0.99.so.0``. A module, or what is opened while
    the code runs, may be part of one that is known: ``libsystemd-journal``, ``libharfbuzz-subset.so.0``.
    """
    resolved = resolver.library(signal.sense, signal.name)
    if resolved.canonical == "unknown" and (series := _WITH_A_SERIES.fullmatch(signal.name)):
        plain = resolver.library(signal.sense, f"{series[1]}{series[2]}")
        return plain if plain.canonical != "unknown" else resolved
    whole, dash, _ = signal.name.rpartition("-")
    may_be_part = signal.sense is NameKind.PKGCONFIG or signal.kind is Kind.LOADED
    if resolved.canonical == "unknown" and may_be_part and dash:
        loaded = signal.kind is Kind.LOADED
        part_of = resolver.project(whole.removeprefix("lib")) if loaded else resolver.library(signal.sense, whole)
        if part_of.canonical != "unknown":
            return part_of._replace(confidence=Confidence.LOW)
    return resolved


_WITH_A_SERIES: Final = re.compile(r"(\w[\w+-]*?)-\d+(?:\.\d+)*((?:\.so(?:\.\d+)*)?)")


def _stands_for_itself(signal: Signal) -> bool:
    """Tell whether a name that no record has is a library's for certain."""
    foreign = {NameKind.LINK: _FOREIGN, NameKind.CMAKE: _STATIC}.get(signal.sense)
    return signal.confidence is Confidence.HIGH and not (foreign and foreign.search(signal.name))


def _of_place(signal: Signal) -> Confidence:
    """Say how much a signal's place counts: prose, tests and other platforms give hints, never a library alone."""
    if signal.scope is not Scope.BUILD:
        return Confidence.LOW
    platforms = signal.condition.platforms
    return Confidence.LOW if platforms and "linux" not in platforms else Confidence.HIGH


def _weakest(*confidences: Confidence) -> Confidence:
    return min(confidences, key=_ORDER.index)


def _detail(signal: Signal) -> str:
    condition = _said(signal.condition)
    version = f" {signal.version}" if signal.version and signal.version not in signal.detail else ""
    return f"{signal.detail}{version}{f' ({condition})' if condition else ''}"


def _said(condition: Condition) -> str:
    parts = (", ".join(condition.platforms), condition.marker, condition.switch)
    return "; ".join(part for part in parts if part)


def _require(entry: Entry, signal: Signal) -> None:
    """Call it required if one place cannot do without it, and optional if every place that says so can."""
    if signal.required is Required.YES and not signal.condition.switch:
        entry.required = "yes"
    elif entry.required == "unknown" and (signal.required is Required.OPTIONAL or signal.condition.switch):
        entry.required = "optional"


def _settle(ledger: Ledger, found: tuple[Finding, ...]) -> None:
    """Call nothing optional that a file includes whatever is switched: only whether the file is compiled is unknown."""
    for signal in found:
        if (
            isinstance(signal, Signal)
            and signal.kind is Kind.INCLUDED
            and signal.condition == Condition()
            and _of_place(signal) is Confidence.HIGH
            and signal.confidence is not Confidence.LOW
        ):
            entry = ledger.known(ledger.resolver.library(signal.sense, signal.name).id)
            if entry is not None and entry.required == "optional":
                entry.required = "unknown"


def _leave_out_what_is_brought(ledger: Ledger) -> None:
    """Take for a hint what only headers ask for that come with another library which is asked for."""
    for brought, bringing in ledger.resolver.catalogue.comes_with.items():
        entry = ledger.known(brought)
        others = (ledger.known(library) for library in bringing)
        if entry is None or not any(other is not None and other.direct for other in others):
            continue
        if all(kind is Kind.INCLUDED for _, kind, _, _ in entry.evidence):
            entry.evidence = {
                (side, kind, said, Confidence.LOW): at for (side, kind, said, _), at in entry.evidence.items()
            }
            entry.direct = entry.used = False


def _by_header(ledger: Ledger, copy: VendoredCopy) -> Resolved | None:
    """Give the library whose header lies in the tree beside a source of its name; None where that is chance.

    It is where the header is not named for the library, and where the build links the machine's and nobody chooses:
    then the project has a header of its own that is called like that. The folder that it lies in may be the library's,
    where a header begins as its folder does.
    """
    folder = copy.path.rpartition("/")[0].rpartition("/")[2]
    of_folder = "/" in copy.header or copy.header.startswith(folder[:_ALIKE])
    for name in (copy.header, f"{folder}/{copy.header}") if of_folder else (copy.header,):
        resolved = ledger.resolver.library(NameKind.HEADER, name)
        if resolved.canonical == "unknown" or not copies.is_akin(resolved.id, name.rpartition(".")[0]):
            continue
        entry = ledger.known(resolved.id)
        return resolved if entry is None or copy.switch or not entry.linkage else None
    return None


_ALIKE: Final = 3
"""Letters that the names of a library's headers and of their folder have in common: ``cbflib/cbf_tree.h``."""

_LONGER: Final = re.compile(r"([A-Za-z_-]{3,}?)(?:\d\d|[-_](?:cpp|cxx|c|lib|library|src))")
"""A name with the number of a release, or with what it is: ``luajit21``, ``abseil-cpp``."""


def _enter_copy(ledger: Ledger, copy: VendoredCopy) -> Entry | None:
    resolved = _by_header(ledger, copy) if copy.header else copies.library_of(ledger.resolver, copy)
    if resolved is None:
        return None
    if resolved.canonical == "unknown" and (release := _LONGER.fullmatch(copy.name)):
        plain = ledger.resolver.project(release[1])
        resolved = plain if plain.canonical != "unknown" else resolved
    if not copy.sure and resolved.canonical == "unknown":
        return None
    entry = ledger.entry(resolved)
    detail = " ".join(part for part in (copy.name, copy.version, copy.path, copy.detail) if part)
    entry.see(Side.SOURCE, Kind.BUNDLED, where=copy.where, detail=detail)
    entry.direct = entry.used = True
    entry.linkage.add("vendored")
    if copy.switch and entry.required == "unknown":
        entry.required = "optional"
    return entry
