"""Where the sides write what they found; evidence of one library comes together here, kinds kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.evidence import Confidence, Evidence, Kind, Side
from backlit.model.report import Library, Names, PackageRef

if TYPE_CHECKING:
    from backlit.model.diagnostic import Diagnostic
    from backlit.model.names import NameKind
    from backlit.model.report import UnownedFile
    from backlit.pipeline.join.resolve import Resolved, Resolver


class Entry:
    """One library while it is being joined; the only mutable value of the pipeline, and it never leaves this room."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.linkage: set[str] = set()
        self.direct = False
        self.used = False
        self.runs = False
        """True if it is opened while running, by name."""
        self.builds = False
        """True if it is taken only by programs that run during a cross build."""
        self.required = "unknown"
        self.version: str | None = None
        self.versions: dict[str, dict[str, set[str]]] = {}
        """Each version that the machine's was seen in, by the name it was asked for by, and who says so."""
        self.names: dict[str, set[str]] = {}
        self.packages: set[tuple[str, str]] = set()
        self.unowned: set[str] = set()
        """Absolute paths of its files that no package has."""
        self.files: tuple[UnownedFile, ...] = ()
        """What is known of these."""
        self.evidence: dict[tuple[Side, Kind, str, Confidence], list[str]] = {}
        self.marker: str | None = None
        """Platforms on which the source asks for it."""
        self.switches: set[str] = set()
        self.provider: str | None = None

    def call(self, kind: NameKind, name: str) -> None:
        """Keep a name it was called by."""
        self.names.setdefault(kind.value, set()).add(name)

    def see(self, side: Side, kind: Kind, *, where: str, detail: str, confidence: Confidence = Confidence.HIGH) -> None:
        """Keep one piece of evidence; the same fact seen in many places is kept once, with their number."""
        self.evidence.setdefault((side, kind, detail, confidence), []).append(where)

    def say_version(self, name: str, version: str, who: str) -> None:
        """Keep a version that somebody told of the machine's under a name; the first is the library's."""
        self.version = self.version or version
        self.versions.setdefault(name.casefold(), {}).setdefault(version, set()).add(who)

    def is_left_to_tools(self) -> bool:
        """Tell whether nothing that is shipped uses it, once all of that was entered: then it is the build's alone."""
        self.builds = self.builds or not self.used
        return self.builds

    def hold(self, resolver: Resolver, path: str | None, role: str) -> None:
        """Keep the package that has a file of it, or that none has."""
        if purl := resolver.purl(path, role):
            self.packages.add((purl, role))
        elif path and resolver.is_unowned(path):
            self.unowned.add(path)


class Ledger:
    """All libraries of one build, by id."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._entries: dict[str, Entry] = {}
        self._diagnostics: set[Diagnostic] = set()

    def entry(self, resolved: Resolved) -> Entry:
        """Give the entry of a library, a new one if it is met for the first time."""
        entry = self._entries.setdefault(resolved.id, Entry(resolved))
        if entry.resolved.canonical == "unknown" != resolved.canonical:
            entry.resolved = resolved
        return entry

    def known(self, library: str) -> Entry | None:
        """Give the entry of an id that something was already written for; None if nothing was."""
        return self._entries.get(library)

    def say_version(self, entry: Entry, name: str, version: str, who: str) -> None:
        """Keep a version that somebody told of a library under a name, if it is a release that is told there."""
        if self.resolver.catalogue.tells_release(name):
            entry.say_version(name, version, who)

    def note(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic; the same one is kept once."""
        self._diagnostics.add(diagnostic)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Give the diagnostics, sorted."""
        return tuple(sorted(self._diagnostics))

    def entries(self) -> tuple[Entry, ...]:
        """Give the entries, sorted by id."""
        return tuple(self._entries[name] for name in sorted(self._entries))

    def libraries(self) -> tuple[Library, ...]:
        """Give the libraries, sorted by id."""
        return tuple(_library(entry) for entry in self.entries())


def _library(entry: Entry) -> Library:
    return Library(
        id=entry.resolved.id,
        canonical=entry.resolved.canonical,
        role=_role(entry),
        linkage=tuple(sorted(entry.linkage)),
        direct=entry.direct,
        required=entry.required,
        used=entry.used,
        names=_names(entry.names),
        version=entry.version,
        packages=tuple(sorted(PackageRef(purl=purl, role=role) for purl, role in entry.packages)),
        unowned=entry.files,
        evidence=tuple(sorted(_evidence(key, places) for key, places in entry.evidence.items())),
        sides=tuple(sorted({side.value for side, *_ in entry.evidence})),
        marker=entry.marker,
        switches=tuple(sorted(entry.switches)),
        provider=entry.provider,
    )


def _role(entry: Entry) -> str:
    if entry.builds:
        return "build"
    return "run" if entry.runs and not entry.linkage - {"dlopen"} else "host"


def _names(names: dict[str, set[str]]) -> Names:
    known = {kind: tuple(sorted(found)) for kind, found in names.items()}
    return Names(
        pkgconfig=known.get("pkgconfig", ()),
        link=known.get("link", ()),
        soname=known.get("soname", ()),
        header=known.get("header", ()),
        cmake=known.get("cmake", ()),
        crate=known.get("crate", ()),
    )


def _evidence(key: tuple[Side, Kind, str, Confidence], places: list[str]) -> Evidence:
    side, kind, detail, confidence = key
    first, *others = sorted(set(places))
    where = f"{first} and {len(others)} more" if others else first
    return Evidence(side=side, kind=kind, where=where, detail=detail, confidence=confidence)
