"""The scratch copy's path stays out of the artifact, or is said to be in it."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from kit import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]


def built(folder: Path, **variables: str) -> tuple[dict[str, Any], bytes]:
    """Build a project whose extension keeps the path of its source; give the report and the extension."""
    shutil.copytree(ROOT / "testprojects" / "setuptools-c-unused", folder / "project")
    source = folder / "project" / "unused_link" / "_level.c"
    source.write_text(source.read_text() + "\nconst char *file_of_this(void) { return __FILE__; }\n")
    command = [sys.executable, "-m", "backlit", "build", "project", "-o", "out", "--report", "report.json"]
    run(*command, cwd=folder, variables={"CFLAGS": "-g", **variables})
    (wheel,) = (folder / "out").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        extension = next(name for name in archive.namelist() if name.endswith(".so"))
        return json.loads((folder / "report.json").read_text()), archive.read(extension)


def test_a_shimmed_compiler_writes_the_path_of_the_tree_itself(tmp_path: Path) -> None:
    report, extension = built(tmp_path)
    assert b"/backlit-" not in extension
    assert str(tmp_path / "project").encode() in extension
    assert [item for item in report["diagnostics"] if item["code"] == "scratch-path"] == []


def test_a_compiler_that_goes_by_the_shims_is_told_on(tmp_path: Path) -> None:
    report, extension = built(tmp_path, BACKLIT_TRACE="off")
    assert b"/backlit-" in extension
    (found,) = [item for item in report["diagnostics"] if item["code"] == "scratch-path"]
    assert found["where"].endswith(".so")
