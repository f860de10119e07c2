"""Which compiler a build would call, and where that one looks."""

from __future__ import annotations

import os
import shutil
import sysconfig
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline.doctor import compilers

if TYPE_CHECKING:
    from pathlib import Path

FLIT, SETUPTOOLS = "flit_core.buildapi", "setuptools.build_meta"


def program(folder: Path, name: str, script: str = "echo 'demo version 7.1.2'") -> str:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def test_the_environment_names_the_compiler(tmp_path: Path) -> None:
    path = program(tmp_path, "mycc")
    found = compilers.find("c", FLIT, {"PATH": str(tmp_path), "CC": "mycc -O2"})
    assert found == compilers.Compiler("c", ("mycc", "-O2"), path, "7.1.2")


def test_a_compiler_that_the_environment_names_and_is_not_there_is_missing(tmp_path: Path) -> None:
    program(tmp_path, "cc")
    assert compilers.find("c", FLIT, {"PATH": str(tmp_path), "CC": "mycc"}).path is None


def test_one_of_the_usual_compilers_is_taken(tmp_path: Path) -> None:
    path = program(tmp_path, "clang")
    assert compilers.find("c", FLIT, {"PATH": str(tmp_path)}).path == path


def test_setuptools_takes_pythons_own_compiler_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "clang")
    monkeypatch.setattr(sysconfig, "get_config_var", {"CC": "odd-gcc -pthread", "CXX": "odd-g++"}.get)
    found = compilers.find("c", SETUPTOOLS, {"PATH": str(tmp_path)})
    assert (found.command, found.path) == (("odd-gcc", "-pthread"), None)


@pytest.mark.parametrize("language", sorted(compilers.LANGUAGES - {"cuda"}))  # whose own folder is looked into
def test_without_programs_every_compiler_is_missing(language: str) -> None:
    found = compilers.find(language, FLIT, {"PATH": ""})
    assert (found.path, found.version) == (None, None)
    assert found.command


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("echo 'cmake version 3.25.1'", "3.25.1"),
        ("echo 'SWIG Version 4.1.0 of 2022'", "4.1.0"),
        ("test $1 = -version && echo 'ninja-like 1.11'", "1.11"),
        ("echo 'rustc 1.63.0 (4b91a6ea7 2022-08-08)'", "1.63.0"),
        ("echo 'of 2022'", None),
        ("exit 3", None),
    ],
)
def test_a_program_tells_its_version(tmp_path: Path, script: str, version: str | None) -> None:
    assert compilers.version_of(program(tmp_path, "demo", script)) == version


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_a_compiler_tells_its_folders_and_flags_count(tmp_path: Path) -> None:
    for name in ("inc", "lib"):
        (tmp_path / name).mkdir()
    variables = {
        "PATH": os.environ["PATH"],
        "CC": "gcc",
        "CPPFLAGS": f"-I{tmp_path}/inc",
        "LDFLAGS": f"-L{tmp_path}/lib",
    }
    found = compilers.folders({"c": compilers.find("c", FLIT, variables)}, variables)
    assert found.headers[0] == str(tmp_path / "inc")
    assert any(os.path.isfile(f"{folder}/stdio.h") for folder in found.headers)  # noqa: PTH113 - text
    assert found.libraries[0] == str(tmp_path / "lib")


def test_without_a_compiler_a_prefix_that_is_named_counts(tmp_path: Path) -> None:
    for name in ("include", "lib"):
        (tmp_path / name).mkdir()
    found = compilers.folders({}, {"PATH": "", "CMAKE_PREFIX_PATH": str(tmp_path)})
    assert found.headers[0] == str(tmp_path / "include")
    assert found.libraries[0] == str(tmp_path / "lib")
