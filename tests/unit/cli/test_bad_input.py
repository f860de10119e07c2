"""Input that cannot be used: one line that names place, problem and cure, and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import backlit

if TYPE_CHECKING:
    from collections.abc import Callable

PYPROJECT = """\
[build-system]
requires = []
build-backend = "setuptools.build_meta"

[project]
name = "demo"
dynamic = ["version"]
"""


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a project whose version is not told."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return tmp_path / "demo"


def run_backlit(*arguments: str, cwd: Path, status: int, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; another exit code than `status` fails the test with all it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLIT")}
    environment = {**kept, "PYTHONPATH": str(Path(backlit.__file__).parents[1]), **variables}
    command = [sys.executable, "-m", "backlit", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def no_archive(folder: Path) -> list[str]:
    (folder / "demo-1.0.tar.gz").write_text("no archive", encoding="utf-8")
    return ["build", "demo-1.0.tar.gz"]


def no_zip(folder: Path) -> list[str]:
    (folder / "demo-1.0-py3-none-any.whl").write_text("no zip", encoding="utf-8")
    return ["scan", "demo-1.0-py3-none-any.whl"]


def broken_toml(folder: Path) -> list[str]:
    (folder / "demo" / "pyproject.toml").write_text("= [", encoding="utf-8")
    return ["build", "demo"]


def no_requires(folder: Path) -> list[str]:
    (folder / "demo" / "pyproject.toml").write_text("[build-system]\nrequires = 1", encoding="utf-8")
    return ["build", "demo"]


def blocked_outdir(folder: Path) -> list[str]:
    (folder / "file").touch()
    return ["build", "demo", "-o", "file/dist"]


def no_json(folder: Path) -> list[str]:
    (folder / "report.json").write_text("[" * 100_000, encoding="utf-8")
    return ["schema", "report.json"]


def a_folder_without_project(folder: Path) -> list[str]:
    (folder / "empty").mkdir()
    return ["build", "empty"]


CASES: dict[str, tuple[list[str] | Callable[[Path], list[str]], int, str]] = {
    "no-command": ([], 2, "COMMAND"),
    "unknown-command": (["bild"], 2, "invalid choice: 'bild'"),
    "unknown-option": (["build", "demo", "--bogus"], 2, "unrecognized arguments: --bogus"),
    "abbreviated-option": (["build", "demo", "--out", "x"], 2, "unrecognized arguments: --out"),
    "unknown-format": (["build", "demo", "--format", "xml"], 2, "invalid choice: 'xml'"),
    "not-there": (["build", "nowhere"], 2, "nowhere: does not exist; name a folder"),
    "empty-source": (["build", ""], 2, "'': does not exist"),
    "source-with-newline": (["build", "no\nwhere"], 2, "no where: does not exist"),
    "no-project": (a_folder_without_project, 2, "empty: has neither a pyproject.toml nor a setup.py"),
    "no-archive": (no_archive, 2, "demo-1.0.tar.gz: no gzip archive"),
    "broken-toml": (broken_toml, 2, "pyproject.toml: is not TOML"),
    "no-requires": (no_requires, 2, "build-system.requires: needs a list"),
    "outdir-below-a-file": (
        blocked_outdir,
        2,
        "cannot be written to: Not a directory; name another folder for artifacts",
    ),
    "one-report-for-two": (["build", "demo", "-w", "-s", "--report", "r.json"], 2, "two artifacts are built"),
    "unknown-setting": (["build", "demo", "-C", "backlit.bogus=1"], 2, "config setting backlit.bogus: is not known"),
    "setting-twice": (["build", "demo", "-C", "backlit.log=info", "-C", "backlit.log=quiet"], 2, "needs one string"),
    "itself": (["build", "demo", "-C", "backlit.backend=backlit"], 2, "backlit cannot stand in front of itself"),
    "empty-version": (["build", "demo", "--version", ""], 3, "--version: '' is no version"),
    "version-with-newline": (["build", "demo", "--version", "1.0\n"], 3, "is no version"),
    "version-a-path": (["build", "demo", "-C", "backlit.version=../1.0"], 3, "'../1.0' is no version"),
    "version-without-end": (["version", "demo", "-C", "backlit.version=" + "1" * 5000], 3, "is no version"),
    "version-wide": (["version", "demo", "-C", "backlit.version=\uff11.\uff10"], 3, "is no version"),
    "scan-not-there": (["scan", "a.whl"], 2, "a.whl: does not exist"),
    "scan-a-file": (["scan", "demo/pyproject.toml"], 2, "is neither a source tree, nor an sdist, nor a wheel"),
    "scan-no-zip": (no_zip, 2, "no zip archive"),
    "schema-not-there": (["schema", "r.json"], 2, "r.json: cannot be read: No such file"),
    "schema-no-json": (no_json, 2, "report.json: is no JSON"),
}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_one_line_and_an_exit_code(tmp_path: Path, case: str) -> None:
    arguments, status, problem = CASES[case]
    given = arguments(tmp_path) if callable(arguments) else arguments
    done = run_backlit(*given, cwd=tmp_path, status=status)
    (line,) = done.stderr.splitlines()
    assert line.startswith("backlit: error: ")
    assert problem in line
    assert done.stdout == ""
    assert not (tmp_path / "dist").exists() or not [*(tmp_path / "dist").iterdir()]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("BACKLIT_VERSION", "1.0;rm"), ("BACKLIT_VERSION_FOR_DEMO", "$(id)"), ("BACKLIT_VERSION", "a\nb")],
)
def test_a_bad_version_variable_is_named(demo: Path, variable: str, value: str) -> None:
    done = run_backlit("build", str(demo), cwd=demo.parent, status=3, **{variable: value})
    assert done.stderr.startswith(f"backlit: error: environment variable {variable}: ")
