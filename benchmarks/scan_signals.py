"""What each kind of signal adds to a scan: recall and precision with it alone, and without it.

    python benchmarks/scan_signals.py TRUTH.json SDISTS [--limit N]

TRUTH.json has what is known of real sdists, ``{"entries": [...], "libraries": {...}, "platform": {...}}``. An entry:
``sdist``, a file's name below SDISTS; ``needed``, libraries with names, which a scan has to find;
``vendored_or_system`` and ``allowed``, which it may. ``libraries`` has more names of each: ``pc``, ``link``,
``sonames``, ``headers``, ``cmake``, ``crate``, ``aliases``. ``platform`` has ``names`` and ``prefixes`` of what never
counts. A library is found if it shares a name with one that is needed, with at least medium confidence. It is wrong
if it shares none with anything needed or allowed, and is no copy in the tree.

Each sdist is read once; its findings are judged once for each line of the table.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from backlit import scanners
from backlit.model.signal import Finding, Signal, VendoredCopy
from backlit.pipeline import survey
from backlit.pipeline.join import join_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backlit.model.report import Library

Names = frozenset[str]


class Case(NamedTuple):
    """One sdist with what is known of it."""

    findings: tuple[Finding, ...]
    needed: list[Names]
    allowed: list[Names]


def fold(name: str) -> str:
    """Give one spelling for ``libfoo.so.1``, ``-lfoo``, ``Foo`` and ``foo-sys``."""
    text = re.sub(r"\.(so|dylib|dll|a)(\.[\w.]+)?$", "", name.strip().lower())
    text = re.sub(r"[-_]sys$", "", re.split(r"[\s<>=!;@]", text.removeprefix("-l"))[0]).replace("_", "-")
    return text.removeprefix("lib") if len(text) > 4 else text  # noqa: PLR2004 - libm is no m


def known_names(name: str, *tables: dict[str, Any]) -> Names:
    """Give all names that a library of the truth goes by."""
    found = {fold(name)}
    for table in tables:
        for key in ("pc", "link", "sonames", "cmake", "crate", "aliases", "debian_source"):
            found |= {fold(item) for item in table.get(key) or ()}
        found |= {f"h:{item.split('/')[0].lower()}" for item in table.get("headers") or ()}
    return frozenset(found)


def reported_names(library: Library) -> Names:
    """Give all names that a reported library goes by."""
    names = library.names
    called = (*names.pkgconfig, *names.link, *names.soname, *names.cmake, *names.crate)
    headers = {f"h:{name.split('/')[0].lower()}" for name in names.header}
    return frozenset({fold(library.id.rpartition("/")[2]), *map(fold, called), *headers})


def cases(truth: dict[str, Any], folder: Path, limit: int | None) -> Iterator[Case]:
    """Read the sdists that are there."""
    table = truth["libraries"]
    for entry in truth["entries"][:limit]:
        path = folder / entry["sdist"]
        if path.exists():
            needed = [known_names(item["name"], item, table.get(item["name"], {})) for item in entry["needed"]]
            bundled = [known_names(it["name"], it, table.get(it["name"], {})) for it in entry["vendored_or_system"]]
            allowed = [known_names(name, table.get(name, {})) for name in entry["allowed"]]
            findings = tuple(scanners.findings_in(survey.tree_in(path)))
            yield Case(findings, needed, needed + bundled + allowed)


def score(read: list[Case], platform: dict[str, Any], keep: Callable[[Finding], bool]) -> tuple[float, float, int]:
    """Give recall, precision over all that is claimed, and how many are wrong, with some of the findings."""
    never = {fold(name) for name in platform["names"]} | set(platform["names"])
    found = wanted = right = wrong = 0
    for case in read:
        libraries, _, _ = join_source(item for item in case.findings if keep(item))
        claimed = [item for item in libraries if any(seen.confidence.value != "low" for seen in item.evidence)]
        named = [(item, reported_names(item)) for item in claimed]
        wanted += len(case.needed)
        found += sum(any(names & known for _, names in named) for known in case.needed)
        for item, names in named:
            bare = {name for name in names if not name.startswith("h:")}
            if bare & never or any(name.startswith(tuple(platform["prefixes"])) for name in bare):
                continue
            good = any(names & known for known in case.allowed)
            right += good
            wrong += not good and set(item.linkage) != {"vendored"}
    return found / wanted if wanted else 1.0, right / (right + wrong) if right + wrong else 1.0, wrong


def kind_of(finding: Finding) -> str:
    """Give the kind of signal that a finding is: what is done with a name, and in which sense it is meant."""
    if isinstance(finding, VendoredCopy):
        return "copy in the tree"
    if isinstance(finding, Signal):
        return f"{finding.kind.value} {finding.sense.value.replace('_', ' ')}"
    return ""


def main() -> int:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("sdists", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    truth = json.loads(arguments.truth.read_text(encoding="utf-8"))
    read, platform = list(cases(truth, arguments.sdists, arguments.limit)), truth["platform"]
    kinds = sorted({kind_of(item) for case in read for item in case.findings} - {""})
    recall, precision, wrong = score(read, platform, lambda _: True)
    print(f"{len(read)} sdists; all: recall {recall:.3f}, precision {precision:.3f}, wrong {wrong}\n")
    print("| signal | recall alone | precision alone | recall without it | wrong without it |")
    print("|---|---|---|---|---|")
    for kind in kinds:
        alone = score(read, platform, lambda item, kind=kind: kind_of(item) == kind)  # type: ignore[misc] # bound here
        without = score(read, platform, lambda item, kind=kind: kind_of(item) != kind)  # type: ignore[misc] # likewise
        lost, fewer = without[0] - recall, without[2] - wrong
        print(f"| {kind} | {alone[0]:.3f} | {alone[1]:.3f} | {lost:+.3f} | {fewer:+d} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
