"""Evidence of one library comes together, kinds kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.evidence import Confidence, Kind, Side
from backlit.model.names import NameKind
from backlit.pipeline.join.resolve import Resolved

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build

UNKNOWN = Resolved("dep:generic/zlib", "unknown", Confidence.LOW)
KNOWN = Resolved("dep:generic/zlib", "true", Confidence.HIGH)


def test_what_is_known_later_is_kept(build: Build) -> None:
    build.ledger.entry(UNKNOWN)
    build.ledger.entry(KNOWN)
    build.ledger.entry(UNKNOWN)
    assert build.libraries["zlib"].canonical == "true"


def test_names_of_different_kinds_stay_apart_and_sorted(build: Build) -> None:
    entry = build.ledger.entry(KNOWN)
    for kind, name in ((NameKind.LINK, "z"), (NameKind.PKGCONFIG, "zlib"), (NameKind.LINK, "a"), (NameKind.LINK, "z")):
        entry.call(kind, name)
    names = build.libraries["zlib"].names
    assert (names.link, names.pkgconfig, names.soname) == (("a", "z"), ("zlib",), ())


def test_one_fact_in_many_places_is_one_piece_of_evidence_and_two_facts_are_two(build: Build) -> None:
    entry = build.ledger.entry(KNOWN)
    for where, detail in (("b.so", "-lz"), ("a.so", "-lz"), ("a.so", "-lz"), ("a.so", "libz.so")):
        entry.see(Side.BUILD, Kind.LINKED, where=where, detail=detail)
    assert [(e.where, e.detail) for e in build.libraries["zlib"].evidence] == [
        ("a.so", "libz.so"),
        ("a.so and 1 more", "-lz"),
    ]


def test_what_is_only_opened_while_running_has_that_role(build: Build) -> None:
    entry = build.ledger.entry(KNOWN)
    entry.runs = True
    entry.linkage.add("dlopen")
    assert build.libraries["zlib"].role == "run"
    entry.linkage.add("dynamic")
    assert build.libraries["zlib"].role == "host"


def test_the_ledger_gives_libraries_sorted_by_id(build: Build) -> None:
    for name in ("zlib", "bzip2", "openssl"):
        build.ledger.entry(KNOWN._replace(id=f"dep:generic/{name}"))
    assert [library.id for library in build.ledger.libraries()] == [
        "dep:generic/bzip2",
        "dep:generic/openssl",
        "dep:generic/zlib",
    ]


def test_a_number_that_is_no_release_is_no_version(build: Build) -> None:
    entry = build.ledger.entry(Resolved("dep:generic/freetype", "true", Confidence.HIGH))
    build.ledger.say_version(entry, "freetype2", "24.3.18", "pkg-config")
    assert (build.libraries["freetype"].version, entry.versions) == (None, {})
    entry.say_version("Freetype", "2.12.1", "cmake")
    assert build.libraries["freetype"].version == "2.12.1"
