"""Each test project, built by the command line: what its expect.toml says is what comes out."""

from __future__ import annotations

import fnmatch
import json
import shutil
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from kit import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

PROJECTS = {path.parent.name: tomllib.loads(path.read_text()) for path in ROOT.glob("testprojects/*/expect.toml")}
GOOD = sorted(name for name, expected in PROJECTS.items() if not expected.get("exit"))


class Built(NamedTuple):
    """One test project, built."""

    expected: dict[str, Any]
    """Its expect.toml."""
    report: dict[str, Any]
    """The report."""
    wheel: Path
    """The wheel."""
    printed: str
    """What the command printed."""


@pytest.fixture(scope="module", params=GOOD)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build one test project from a copy of it."""
    folder = tmp_path_factory.mktemp("built")
    expected = PROJECTS[request.param]
    shutil.copytree(ROOT / "testprojects" / request.param, folder / request.param)
    version = ["--version", expected["version"]] if expected["given"] else []
    done = run(sys.executable, "-m", "backlit", "build", request.param, *version, "-o", folder / "out", cwd=folder)
    (report,) = (folder / "backlit-report").glob("*.json")
    (wheel,) = (folder / "out").iterdir()
    return Built(expected, json.loads(report.read_text()), wheel, done.stdout)


def test_the_version_and_its_tool_are_right(built: Built) -> None:
    assert built.wheel.name.split("-")[1] == built.expected["version"]
    assert built.report["project"]["version"] == built.expected["version"]
    assert (built.report["version"]["tool"] or "") == built.expected["tool"]
    if built.expected["given"]:
        assert built.report["version"]["verified"] is True


def test_every_file_is_in_the_wheel(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        names = sorted(name for name in archive.namelist() if ".dist-info/" not in name)
    patterns = built.expected["wheel_files"]
    assert len(names) == len(patterns), names
    assert all(any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns) for name in names), names


def test_every_library_is_in_the_report_as_it_was_used(built: Built) -> None:
    keys = ("id", "linkage", "direct", "used")
    found = [{key: library[key] for key in keys} for library in built.report["libraries"]]
    assert found == built.expected["libraries"]


def test_compilers_and_tools_are_in_the_report(built: Built) -> None:
    languages = sorted({name for compiler in built.report["compilers"] for name in compiler["languages"]})
    assert languages == built.expected["compilers"]
    assert {tool["name"] for tool in built.report["tools"] if tool["used"]} >= set(built.expected["tools"])


def test_the_table_names_what_the_report_holds(built: Built) -> None:
    assert built.wheel.name in built.printed
    for library in built.report["libraries"]:
        assert library["id"].rpartition("/")[2] in built.printed


def test_the_report_keeps_to_its_schema(built: Built) -> None:
    from backlit import schema  # noqa: PLC0415 - needs the extra that the other tests do not

    assert schema.problems_in(built.report) == []


def test_a_backend_that_fails_is_heard_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "testprojects" / "broken-c", tmp_path / "broken-c")
    command = [sys.executable, "-m", "backlit", "build", "broken-c", "-o", str(tmp_path / "out")]
    done = run(*command, cwd=tmp_path, status=PROJECTS["broken-c"]["exit"])
    assert "broken.c:2:10: fatal error: " in done.stderr
    assert "\nerror: " in done.stderr  # setuptools' own last line, whichever way its version spells it
    assert "backlit: error: " in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_version_that_the_tree_refutes_is_refused_before_the_build(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "testprojects" / "setuptools-static", tmp_path / "static")
    command = [sys.executable, "-m", "backlit", "build", "static", "--version", "9.9", "-o", str(tmp_path / "out")]
    done = run(*command, cwd=tmp_path, status=3)
    assert "the tree states version 2.0.1, but 9.9 is asked for" in done.stderr
    assert "Traceback" not in done.stderr
