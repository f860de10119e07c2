"""Real builds against what their own logs say: builds.toml, written by hand, has the truth and where it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from observed import Observed, observe

pytestmark = [pytest.mark.corpus, pytest.mark.compiler, pytest.mark.network]

BUILDS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("builds.toml").read_text(encoding="utf-8"))

_OF_THE_MACHINE = {"ccache"}
"""Tools that a build takes only where they happen to be installed: meson takes ccache."""


class Judged(NamedTuple):
    """One build, and the truth of it."""

    expected: dict[str, Any]
    """Its table in builds.toml."""
    observed: Observed
    """What the report says."""

    def holds(self, fact: str, found: set[str]) -> None:
        """Compare exactly; where the table says that the log is open, nothing of it may be missing."""
        expected = set(self.expected.get(fact, []))
        if fact in self.expected.get("open", {}):
            assert found >= expected
        else:
            assert found == expected


@pytest.fixture(scope="module", params=BUILDS)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    expected = BUILDS[request.param]
    folder = tmp_path_factory.mktemp("build")
    extra = folder / "extra.cfg"  # options for setuptools, where a table has some
    extra.write_text(expected.get("extra_config", ""), encoding="utf-8")
    source = f"{request.param}=={expected['version']}"
    return Judged(expected, observe(source, folder, DIST_EXTRA_CONFIG=str(extra)))


def test_linked_libraries_are_direct_and_used(judged: Judged) -> None:
    found = judged.observed.ids(lambda lib: lib["direct"] and lib["used"] and "dynamic" in lib["linkage"])
    judged.holds("linked", found)


def test_header_only_libraries_are_told_apart(judged: Judged) -> None:
    judged.holds("header_only", judged.observed.ids(lambda lib: lib["direct"] and lib["linkage"] == ["header-only"]))


def test_static_libraries_are_told_apart(judged: Judged) -> None:
    judged.holds("static", judged.observed.ids(lambda lib: lib["direct"] and "static" in lib["linkage"]))


def test_vendored_libraries_are_named_with_their_own_version(judged: Judged) -> None:
    libraries = judged.observed.report["libraries"]
    found = {lib["id"]: lib["version"] or "" for lib in libraries if "vendored" in lib["linkage"]}
    assert found == judged.expected.get("vendored", {})


def test_what_only_another_library_opens_is_not_direct(judged: Judged) -> None:
    judged.holds("transitive", judged.observed.ids(lambda lib: not lib["direct"]))


def test_what_was_asked_for_and_never_needed_is_said(judged: Judged) -> None:
    judged.holds("unused", judged.observed.places("unused-link"))


@pytest.mark.parametrize("role", ["host", "run"])
def test_files_are_traced_to_their_packages(judged: Judged, role: str) -> None:
    judged.holds(role, judged.observed.owners(role))


def test_tools_that_worked_are_told_from_those_that_were_asked_who_they_are(judged: Judged) -> None:
    judged.holds("tools", judged.observed.tools(used=True) - _OF_THE_MACHINE)
    judged.holds("probes", judged.observed.tools(used=False) - _OF_THE_MACHINE)


def test_what_was_looked_for_and_not_there_is_said(judged: Judged) -> None:
    judged.holds("failed", judged.observed.places("probe-failed"))
