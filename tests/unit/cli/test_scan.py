"""Several sources in one call of ``backlit scan``: one line or row for each, whatever the others are."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import tarfile
from typing import TYPE_CHECKING

import pytest

from backlit import cli

if TYPE_CHECKING:
    from pathlib import Path

SETUP = """\
from setuptools import Extension, setup
setup(name="NAME", version="1.0", ext_modules=[Extension("x", ["x.c"], libraries=["z"])])
"""


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """Give a folder, an sdist, what is no archive, and what is not there."""
    for name in ("alpha", "beta-1.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "setup.py").write_text(SETUP.replace("NAME", name[:5].strip("-")), encoding="utf-8")
    with tarfile.open(tmp_path / "beta-1.0.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "beta-1.0", "beta-1.0")
    (tmp_path / "broken-1.0.tar.gz").write_bytes(b"no archive")
    return [str(tmp_path / name) for name in ("alpha", "broken-1.0.tar.gz", "beta-1.0.tar.gz", "nowhere")]


def libraries(report: dict[str, list[dict[str, str]]]) -> list[str]:
    return [library["id"] for library in report["libraries"]]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_source_has_a_line_in_the_order_named(
    sources: list[str], jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scan", *sources, "--jobs", jobs, "--format", "json"]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["source"] for line in lines] == sources
    assert [libraries(line["report"]) if line["report"] else None for line in lines] == [
        ["dep:generic/zlib"], None, ["dep:generic/zlib"], None,
    ]  # fmt: skip
    assert lines[0]["error"] is None
    assert "no gzip archive" in lines[1]["error"]
    assert "nowhere: does not exist" in lines[3]["error"]


def test_a_table_has_a_row_for_each_and_says_how_many_failed(
    sources: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scan", *sources]) == 2
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in shown if "beta" in line] == ["zlib"]
    assert sum("ERROR" in line for line in shown) == 2
    assert shown[-1] == "4 sources, 2 of which could not be read."


def test_sources_that_can_all_be_read_end_with_zero(sources: list[str]) -> None:
    assert cli.main(["scan", sources[0], sources[2], "--format", "json"]) == 0


def test_one_source_alone_is_a_report_without_an_envelope(
    sources: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["scan", sources[0], "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "backlit-report-1"


def test_how_far_it_has_got_is_told_on_standard_error_if_asked_for(
    sources: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKLIT_LOG", "info")
    cli.main(["scan", *sources, "--format", "json"])
    assert f"read: 3 of 4, {sources[2]}" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "100000"])
def test_a_number_of_jobs_that_is_none_is_told(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", ".", "--jobs", jobs]) == 2
    assert "--jobs" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["bz2", "xz"])
def test_archives_of_older_kinds_are_read(tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name, text in (("p-1/setup.py", SETUP), ("p-1/PKG-INFO", "Name: p\nVersion: 1\n")):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    path = tmp_path / f"p-1.tar.{ending}"
    path.write_bytes((bz2.compress if ending == "bz2" else lzma.compress)(whole.getvalue()))
    assert cli.main(["scan", str(path), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["project"]["name"], libraries(report)) == ("p", ["dep:generic/zlib"])
