"""Side "build": libraries whose sources stand in the tree and were compiled in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.config.project import normalised
from backlit.model.evidence import Confidence, Kind, Side
from backlit.pipeline.join import copies
from backlit.pipeline.join.included import used

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.model.signal import VendoredCopy
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places
    from backlit.pipeline.join.resolve import Resolved
    from backlit.pipeline.observe import Observation

_SHELVES: Final = re.compile(
    r"(?:third[-_]?party|3rd[-_]?party|vendor(?:ed)?|extern(?:al)?s?|deps|subprojects|bundled?)", re.IGNORECASE
)
"""Folders that hold other projects' sources."""

_OWN_PAPERS: Final = ("COPYING", "LICENSE", "LICENCE", "COPYING.txt", "LICENSE.txt", "configure", "configure.ac")
"""What stands at the top of a project that has its own releases; a build file alone stands in any folder."""


def enter(ledger: Ledger, observation: Observation, places: Places, project: str | None) -> None:
    """Write vendored libraries into the ledger: copies of other projects, of which sources or headers were compiled.

    A copy is told by its own files, or by a folder of a library's name where other projects' sources are kept.
    """
    seen = used(observation)
    told = Counter(places.told(path) for each in seen for path in each.sources if places.is_own(path))
    opened = frozenset().union(*(each.headers for each in seen))  # hundreds of commands open the same ones
    headers = {places.told(path) for path in opened if places.is_own(path)}
    tellers = copies.found_in(observation.tree, told, headers)
    others = [copy for copy in tellers if not _is_project(copy, project, observation.tree)]
    outer = [copy for copy in others if _is_told(copy, ledger)]
    # What a copy holds of others is told by itself, before it, and no part of the copy.
    inner = [each for copy in outer for each in _within(copy, told, outer, ledger)]
    found = sorted((*inner, *outer), key=lambda copy: (-copy.path.count("/"), copy.path))
    left = Counter(told)
    for copy in found:
        _enter_copy(ledger, copy, left, headers)
        for source in [source for source in left if copies.sources_of(copy, [source])]:
            del left[source]
        headers = {header for header in headers if not copies.headers_of(copy, [header])}
    direct: Counter[str] = Counter()
    for source, times in told.items():
        if not any(copies.sources_of(copy, [source]) for copy in found):
            direct[source.rpartition("/")[0]] += times
    _enter_fetched(ledger, observation)
    for folder, count in sorted(_counted(direct).items()):
        resolved = _library(ledger, observation, folder, project)
        if resolved is not None:
            _see(ledger.entry(resolved), folder, count, resolved.confidence)


def _within(
    copy: VendoredCopy, told: Iterable[str], known: Iterable[VendoredCopy], ledger: Ledger
) -> Iterator[VendoredCopy]:
    """Give the releases of known libraries that a copy holds in folders which have their versions: ``zstd-1.5.6``."""
    taken = {item.path for item in known}
    below = {source.rpartition("/")[0] for source in told if source.startswith(f"{copy.path}/")}
    for folder in sorted({part for path in below for part in _parts_of(path, copy.path)} - taken):
        release = _RELEASE.fullmatch(folder.rpartition("/")[2])
        if release and ledger.resolver.project(release[1]).canonical != "unknown":
            yield copy._replace(name=release[1], path=folder, where=folder, detail="a folder", version=release[2])


def _parts_of(folder: str, above: str) -> Iterator[str]:
    while folder.startswith(f"{above}/"):
        yield folder
        folder = folder.rpartition("/")[0]


_RELEASE: Final = re.compile(r"(\w[\w+-]*?)[-_]v?(\d+(?:\.\d+)+)")

_FETCHED: Final = re.compile(r"/(_deps/(?:bundled[-_])?([^/]+)-src)/")
"""Where CMake's FetchContent puts the sources of another project, which are gone with the build folder."""


def _enter_fetched(ledger: Ledger, observation: Observation) -> None:
    """Write what was fetched and compiled in, where the name that the project gave it is a library's."""
    sources = {source for each in used(observation) for source in each.sources}
    fetched = sorted(source for source in sources if "/_deps/" in source)
    counted = Counter(found.group(1, 2) for source in fetched if (found := _FETCHED.search(source)))
    for (folder, name), count in sorted(counted.items()):
        resolved = ledger.resolver.project(name)
        if resolved.canonical != "unknown":
            _see(ledger.entry(resolved), folder, count, Confidence.MEDIUM)


def _enter_copy(ledger: Ledger, copy: VendoredCopy, told: Counter[str], headers: set[str]) -> None:
    """Write one copy, with what its own files say; of a library that is linked, headers or a name alone are none."""
    resolved = copies.library_of(ledger.resolver, copy)
    count = sum(times for source, times in told.items() if copies.sources_of(copy, [source]))
    known = ledger.known(resolved.id)
    is_named = not copy.sure and not copy.version
    if (is_named or not count) and known is not None and not known.linkage.isdisjoint({"dynamic", "static"}):
        return  # the project's own folder for what it wraps may be called so
    what = "source file" if count else "header"
    count = count or copies.headers_of(copy, headers)
    if not count:
        return  # all that was compiled of it belongs to copies within it
    entry = ledger.entry(resolved)
    by_folder = copy.where == copy.path and copy.path.endswith(copy.version)
    is_sure = resolved.canonical != "unknown" and not by_folder
    _see(entry, copy.path, count, Confidence.HIGH if is_sure else Confidence.MEDIUM, what)
    if not by_folder:
        says = " ".join(part for part in (copy.name, copy.version) if part)
        entry.see(Side.BUILD, Kind.BUNDLED, where=copy.where, detail=f"its own files say: {says}")
    entry.version = entry.version or copy.version or None


def _see(entry: Entry, folder: str, count: int, confidence: Confidence, what: str = "source file") -> None:
    detail = f"{count} {what}{'s' if count > 1 else ''} compiled in"
    entry.see(Side.BUILD, Kind.BUNDLED, where=folder, detail=detail, confidence=confidence)
    entry.linkage.discard("header-only")
    entry.linkage.add("vendored")
    entry.used = True
    entry.direct = True


def _is_told(copy: VendoredCopy, ledger: Ledger) -> bool:
    """Tell whether more than a folder's name says what it is, or the shelf says that it is somebody else's."""
    is_sure = copy.sure or copies.library_of(ledger.resolver, copy).canonical != "unknown"
    return is_sure and (copy.where != copy.path or bool(copy.version) or _is_on_shelf(copy.path))


def _is_on_shelf(path: str) -> bool:
    return any(_SHELVES.fullmatch(part) for part in path.split("/")[:-1])


def _is_project(copy: VendoredCopy, project: str | None, tree: str) -> bool:
    """Tell whether a copy is the project's own core, which stands on no shelf for others.

    A folder with papers of its own that is called ``libsoxr`` is what the project soxr wraps; so is a folder where the
    build can do with the system's library. One that is called ``jq-1.8.2`` is somebody's release.
    """
    if project is None or _is_on_shelf(copy.path) or normalised(copy.name) != normalised(project) or copy.switch:
        return False
    folder, wrapped = copy.path.rpartition("/")[2], f"lib{normalised(project)}"
    is_others = normalised(folder) == wrapped or _RELEASE.fullmatch(folder)
    return not is_others or not _has_papers(tree, copy.path)


def _has_papers(tree: str, folder: str) -> bool:
    return any((Path(tree) / folder / paper).exists() for paper in _OWN_PAPERS)


def _counted(direct: Counter[str]) -> Counter[str]:
    """Give how many sources are in each folder or below it, from how many are in it itself."""
    counted: Counter[str] = Counter()
    for folder, times in direct.items():
        parts = folder.split("/") if folder else []
        for end in range(len(parts)):
            counted["/".join(parts[: end + 1])] += times
    return counted


def _library(ledger: Ledger, observation: Observation, folder: str, project: str | None) -> Resolved | None:
    """Give the library that a folder's name means, where it is somebody else's project; None if it is not."""
    head, _, name = folder.rpartition("/")
    shelved = bool(_SHELVES.fullmatch(head.rpartition("/")[2]))
    if not shelved and not _has_papers(observation.tree, folder):
        return None
    bare = re.sub(r"[-_]v?\d[\w.]*$", "", name)
    if not shelved and normalised(bare) in {"python", normalised(project or "")}:
        return None
    resolved = ledger.resolver.project(bare)
    return resolved._replace(confidence=Confidence.MEDIUM) if resolved.canonical != "unknown" else None
