"""Real packages from the index, as bare archives: version, files, libraries, bytes, and an untouched tree."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from backlit.frontend.sources import opened
from bare import make_bare
from kit import run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.corpus, pytest.mark.compiler, pytest.mark.network]

PACKAGES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("packages.toml").read_text())

# Written by the VCS side of a tool or by the day of the build, whoever builds.
TOLERATED = re.compile(r"[^/]+\.dist-info/(RECORD|pbr\.json|scm_version\.json|scm_file_list\.json|(licenses/)?AUTHORS)")


class Built(NamedTuple):
    """One package, built through backlit."""

    expected: dict[str, Any]
    """Its table in packages.toml."""
    report: dict[str, Any]
    """The report."""
    wheel: Path
    """The wheel from the bare archive."""
    reference: Path
    """The wheel that the real backend makes from the sdist as published."""
    touched: list[str]
    """What the build changed in the archive."""

    def ids(self, keep: Callable[[dict[str, Any]], bool]) -> set[str]:
        """Give the ids of the libraries that `keep` keeps."""
        return {library["id"] for library in self.report["libraries"] if keep(library)}


def state(tree: Path) -> dict[str, tuple[int, int, str]]:
    """Give mode, modification time and content hash of everything in a tree."""
    found = {}
    for path in sorted(tree.rglob("*")):
        kind = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(tree))] = (kind.st_mode, kind.st_mtime_ns, content)
    return found


@pytest.fixture(scope="module", params=PACKAGES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build one package: the sdist as published by the real backend, the bare archive by backlit."""
    name, expected = request.param, PACKAGES[request.param]
    folder = tmp_path_factory.mktemp("package")
    with opened(f"{name}=={expected['version']}") as source:
        shutil.copytree(source.path, folder / "sdist" / name, symlinks=True)
        shutil.copytree(source.path, folder / "bare" / name, symlinks=True)
    bare = folder / "bare" / name
    make_bare(bare)
    run(sys.executable, "-m", "build", "-w", "-o", folder / "reference", folder / "sdist" / name, cwd=folder)
    before = state(bare)
    command = [sys.executable, "-m", "backlit", "build", str(bare), "--version", expected["version"]]
    run(*command, "-o", str(folder / "out"), "--report", str(folder / "report.json"), cwd=folder)
    after = state(bare)
    (wheel,) = (folder / "out").glob("*.whl")
    (reference,) = (folder / "reference").glob("*.whl")
    touched = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return Built(expected, json.loads((folder / "report.json").read_text()), wheel, reference, touched)


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not TOLERATED.fullmatch(name)}


def test_the_version_is_the_one_asked_for(built: Built) -> None:
    version = built.report["version"]
    assert (version["value"], version["verified"]) == (built.expected["version"], True)
    assert built.report["project"]["version"] == built.expected["version"]
    if "tool" in built.expected:
        assert version["tool"] == built.expected["tool"]


def test_no_file_is_missing(built: Built) -> None:
    assert members(built.reference) - members(built.wheel) == set()


def test_the_archive_is_untouched(built: Built) -> None:
    assert built.touched == []


def test_linked_libraries_are_direct_and_nothing_else_is(built: Built) -> None:
    found = built.ids(lambda lib: lib["direct"] and lib["used"] and "dynamic" in lib["linkage"])
    assert found == set(built.expected.get("linked", []))


def test_header_only_libraries_are_told_apart(built: Built) -> None:
    found = built.ids(lambda lib: lib["direct"] and lib["linkage"] == ["header-only"])
    assert found >= set(built.expected.get("header_only", []))


def test_vendored_libraries_are_named(built: Built) -> None:
    assert built.ids(lambda lib: "vendored" in lib["linkage"]) == set(built.expected.get("vendored", []))


def test_what_comes_only_through_another_library_is_not_direct(built: Built) -> None:
    direct = built.ids(lambda lib: lib["direct"] and lib["used"])
    assert direct.isdisjoint(built.expected.get("transitive", []))


def test_what_was_asked_for_and_never_needed_is_said(built: Built) -> None:
    found = {item["where"] for item in built.report["diagnostics"] if item["code"] == "unused-link"}
    assert found >= set(built.expected.get("unused", []))


def test_languages_and_tools_are_named(built: Built) -> None:
    languages = {language for compiler in built.report["compilers"] for language in compiler["languages"]}
    assert languages >= set(built.expected.get("languages", []))
    assert {tool["name"] for tool in built.report["tools"]} >= set(built.expected.get("tools", []))
    native = any(key in built.expected for key in ("linked", "vendored"))
    assert bool(built.report["compilers"]) == native
