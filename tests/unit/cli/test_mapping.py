"""``--mapping``: what a command is told beside the shipped catalogue."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit import cli
from backlit.catalog import Catalogue
from backlit.catalog.additions import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

SETUP = """\
from setuptools import Extension, setup
setup(name="demo", version="1.0", ext_modules=[Extension("x", ["x.c"], libraries=["xbps"])])
"""
ENTRY = """\
id = "dep:generic/xbps"
canonical = false
description = "Packages of Void"
[names]
link = ["xbps"]
[packages]
debian = { host = ["xbps-devel"] }
[checked]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "setup.py").write_text(SETUP, encoding="utf-8")
    (tmp_path / "demo" / "x.c").write_text("", encoding="utf-8")
    return tmp_path / "demo"


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    (tmp_path / "own" / "libraries").mkdir(parents=True)
    (tmp_path / "own" / "libraries" / "xbps.toml").write_text(ENTRY, encoding="utf-8")
    return tmp_path / "own"


def test_scan_names_what_an_added_entry_knows(tree: Path, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", str(tree), "--format", "json", "--mapping", str(entries)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [library["id"] for library in report["libraries"]] == ["dep:generic/xbps"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_process_of_a_batch_knows_it(
    tree: Path, entries: Path, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["scan", str(tree), str(tree), "--jobs", jobs, "--format", "json", "--mapping", str(entries)]
    assert cli.main(command) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    named = [library["id"] for line in lines for library in line["report"]["libraries"]]
    assert named == ["dep:generic/xbps", "dep:generic/xbps"]


def test_doctor_names_what_an_added_entry_knows(tree: Path, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["doctor", str(tree), "--format", "json", "--mapping", str(entries)])
    named = [check["id"] for check in json.loads(capsys.readouterr().out)["checks"]]
    assert "dep:generic/xbps" in named


BACKEND = """\
import os, subprocess, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    assert not config_settings, config_settings
    subprocess.run(["gcc", "-shared", "-fPIC", "x.c", "-lxbps", "-o", "x.so"], check=True)
    name = "demo-1.0-cp311-cp311-linux_x86_64.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        wheel.write("x.so")
        wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
        wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: cp311-cp311-linux_x86_64\\n")
        wheel.writestr("demo-1.0.dist-info/RECORD", "")
    return name
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "own"
backend-path = ["."]
[project]
name = "demo"
version = "1.0"
"""


@pytest.fixture
def linking(tree: Path) -> Path:
    """Give a tree that links the library, wherever that is."""
    (tree / "setup.py").unlink()
    (tree / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tree / "own.py").write_text(BACKEND, encoding="utf-8")
    (tree / "x.c").write_text("int xbps(void); int x(void) { return xbps(); }\n", encoding="utf-8")
    return tree


def test_the_report_of_a_build_names_what_an_added_entry_knows(
    linking: Path, entries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gcc, ar = shutil.which("gcc") or "gcc", shutil.which("ar") or "ar"
    (tmp_path / "l.c").write_text("int xbps(void) { return 1; }\n", encoding="utf-8")
    subprocess.run([gcc, "-c", "-fPIC", "l.c"], cwd=tmp_path, check=True)
    subprocess.run([ar, "rcs", "libxbps.a", "l.o"], cwd=tmp_path, check=True)
    monkeypatch.setenv("LIBRARY_PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # a relative path starts here, and not where the hook runs
    assert cli.main(["build", str(linking), "-n", "--format", "json", "--mapping", entries.name]) == 0
    (artifact,) = json.loads(capsys.readouterr().out)["artifacts"]
    assert "dep:generic/xbps" in [library["id"] for library in artifact["report"]["libraries"]]


def test_a_build_that_fails_is_explained_by_what_an_added_entry_knows(
    linking: Path, entries: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    command = ["build", str(linking), "-n", "-o", str(tmp_path / "dist"), "--mapping", str(entries)]
    assert cli.main(command) == 4
    assert "backlit: what it is: dep:generic/xbps\n" in capfd.readouterr().err


def test_the_systems_data_folder_is_read(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "share" / FOLDER).mkdir(parents=True)
    (tmp_path / "share" / FOLDER / "registry.json").write_text("{}", encoding="utf-8")
    assert cli.main(["scan", str(tree), "--format", "json"]) == 0
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    capsys.readouterr()
    assert cli.main(["scan", str(tree), "--format", "json"]) == 2
    assert "registry.json: has no list 'definitions'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["scan", "build"])
def test_a_mapping_that_is_not_there_is_an_error(tree: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, str(tree), "--mapping", "nowhere.mapping.json"]) == 2
    assert "nowhere.mapping.json: there is no such file or folder" in capsys.readouterr().err


def test_nothing_of_it_is_left_behind(tree: Path, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["scan", str(tree), "--format", "json", "--mapping", str(entries)])
    capsys.readouterr()
    assert dict(Catalogue.load().packages("dep:generic/xbps")) == {}
