"""``backlit doctor SOURCE``, as a user starts it, on machines that have more and less."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

import backlit

PYPROJECT = "[build-system]\nrequires = ['setuptools>=40', 'no-such-plugin>=2']\n"
SETUP = (
    "from setuptools import Extension, setup\nsetup(name='demo', ext_modules=[Extension('m', ['m.c'], libraries={})])\n"
)
SOURCE = "#include <Python.h>\n#include <no_such_demo.h>\n"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a tree that compiles an extension and links one library that no machine has, and one that no record has."""
    folder = tmp_path / "demo"
    folder.mkdir()
    for name, text in {
        "pyproject.toml": PYPROJECT,
        "setup.py": SETUP.format("['leveldb', 'no_such_demo']"),
        "m.c": SOURCE,
        "run.py": "import ctypes\nctypes.CDLL('libno_such_runtime.so.7')\n",
    }.items():
        (folder / name).write_text(text)
    return folder


def run(*arguments: str | Path, status: int, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"CC", "CXX", "CFLAGS", "LDFLAGS"}}
    environment = {**kept, "PYTHONPATH": str(Path(backlit.__file__).parents[1]), **variables}
    command = [sys.executable, "-m", "backlit", "doctor", *(str(argument) for argument in arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def diagnose(*arguments: str | Path, status: int, **variables: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(*arguments, "--format", "json", status=status, **variables).stdout)
    assert document["schema"] == "backlit-doctor-1"
    return document


def check(document: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    (found,) = (item for item in document["checks"] if (item["kind"], item["name"]) == (kind, name))
    return dict(found)


def test_a_machine_with_nothing_lacks_the_compiler_and_the_libraries(demo: Path) -> None:
    document = diagnose(demo, status=1, PATH="", CC="no-such-compiler")
    assert document["ready"] is False
    compiler = check(document, "compiler", "c")
    assert (compiler["status"], compiler["stops"], compiler["asked"]) == ("missing", True, ["no-such-compiler"])
    unknown = check(document, "library", "no_such_demo")
    assert (unknown["status"], unknown["where"], unknown["stops"]) == ("missing", "setup.py:2", True)
    assert "dep:generic/no_such_demo" in document["install"]["needed"]["unnamed"] or not document["install"]["manager"]


def test_what_is_put_where_the_flags_lead_is_found(demo: Path, tmp_path: Path) -> None:
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("needs gcc")
    for name in ("libleveldb.so", "libno_such_demo.a"):
        (tmp_path / name).write_text("")
    document = diagnose(demo, status=0, CC=gcc, LDFLAGS=f"-L{tmp_path}")
    assert document["ready"] is True
    assert check(document, "library", "no_such_demo")["path"] == str((tmp_path / "libno_such_demo.a").resolve())
    assert check(document, "compiler", "c")["version"]


def test_what_is_opened_while_running_does_not_stop_the_build(demo: Path) -> None:
    found = check(diagnose(demo, status=1, PATH="", CC="no-such-compiler"), "library", "no_such_runtime")
    assert (found["need"], found["status"], found["stops"]) == ("runtime", "missing", False)


def test_build_requirements_are_the_front_ends_unless_it_does_not_isolate(demo: Path) -> None:
    isolated = diagnose(demo, status=1, PATH="", CC="no-such-compiler")
    assert check(isolated, "requirement", "no-such-plugin>=2")["status"] == "front-end"
    alone = diagnose(demo, "--no-isolation", status=1)
    missing = check(alone, "requirement", "no-such-plugin>=2")
    assert (missing["status"], missing["stops"], missing["where"]) == ("missing", True, "pyproject.toml:2")


def test_a_tree_of_python_alone_is_ready_anywhere(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("from setuptools import setup\nsetup(name='demo')\n")
    document = diagnose(tmp_path, status=0, PATH="")
    assert {item["kind"] for item in document["checks"]} == {"requirement"}
    assert document["install"]["needed"] == {
        "command": "", "packages": [], "unnamed": [], "unchecked": [],
    }  # fmt: skip


def test_an_older_tool_than_is_asked_for_is_of_the_wrong_version(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name, version in {"rustc": "1.63.0", "cargo": "1.65.0"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\necho {name} {version}\n")
        (tmp_path / "bin" / name).chmod(0o700)
    (tmp_path / "Cargo.toml").write_text("[package]\nname = 'demo'\nrust-version = '1.83'\n")
    (tmp_path / "pyproject.toml").write_text("[build-system]\nrequires = ['maturin']\nbuild-backend = 'maturin'\n")
    document = diagnose(tmp_path, status=1, PATH=str(tmp_path / "bin"))
    rust = check(document, "compiler", "rust")
    assert (rust["status"], rust["version"], rust["wanted"]) == ("wrong-version", "1.63.0", ">=1.83")
    assert rust["where"] == "Cargo.toml:3"
    assert check(document, "program", "cargo")["status"] == "present"


def test_an_sdist_is_read_like_a_folder(demo: Path, tmp_path: Path) -> None:
    archive = tmp_path / "demo-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(demo, "demo-1.0")
    variables = {"PATH": "", "CC": "no-such-compiler"}
    folder, sdist = (diagnose(source, status=1, **variables) for source in (demo, archive))
    assert folder["checks"] == sdist["checks"]


def test_the_table_says_what_stops_the_build(demo: Path) -> None:
    lines = run(demo, status=1, PATH="", CC="no-such-compiler").stdout.splitlines()
    assert "Missing" in lines
    assert lines[-1].startswith("The build cannot go ahead: c, ")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "names nothing to look at"),
        (["--self", "."], "takes no SOURCE"),
        (["no-such-folder"], "does not exist"),
        (["demo-1.0-py3-none-any.whl"], "is built already"),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo-1.0-py3-none-any.whl").write_bytes(b"")
    (line,) = run(*arguments, status=2).stderr.splitlines()
    assert problem in line
