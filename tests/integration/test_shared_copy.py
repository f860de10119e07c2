"""``backlit build``: what setup.py makes while it is asked for requirements is there for the wheel, and reported."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Final

import pytest

from backlit.pipeline.assemble import SETUP_RUNS
from kit import run
from obedience import contents, version_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

FILES: Final = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "words"
version = "1"
""",
    # As setup.py calls cythonize(): whenever it runs, and nothing where the result is there.
    "setup.py": """\
import os, subprocess
from setuptools import Extension, setup
if not os.path.exists("made.o"):
    subprocess.run(["cc", "-c", "-g", "-fPIC", "made.c", "-o", "made.o"], check=True)
    with open(os.environ["TIMES"], "a") as times:
        times.write("made ")
setup(packages=[], ext_modules=[Extension("_w", ["_w.c"], extra_objects=["made.o"])])
""",
    "made.c": "#include <zlib.h>\nconst char *made(void) { return __FILE__ ZLIB_VERSION; }\n",
    "_w.c": """\
#include <Python.h>
const char *made(void);
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_w", NULL, -1, NULL};
PyMODINIT_FUNC PyInit__w(void) { return made() ? PyModule_Create(&module) : NULL; }
""",
}


def grow(folder: Path) -> Path:
    """Write the project; always at one path, which debug information keeps."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def test_it_is_made_once_and_seen_and_the_wheel_is_the_plain_one(environment: Path, tmp_path: Path) -> None:
    times, tree = tmp_path / "times", grow(tmp_path / "words")
    command: tuple[str | Path, ...] = (environment, "-m", "build", "--no-isolation", "--wheel", "--outdir")
    run(*command, tmp_path / "plain", tree, cwd=tmp_path, variables={"TIMES": str(times)})
    times.unlink()
    tree = grow(tmp_path / "words")
    command = (environment, "-m", "backlit", "build", "--no-isolation", "--report", tmp_path / "report.json")
    run(*command, "--outdir", tmp_path / "ours", tree, cwd=tmp_path, variables={"TIMES": str(times)})
    assert times.read_text() == "made "
    assert sorted(path.name for path in tree.iterdir()) == sorted(FILES)
    report = json.loads((tmp_path / "report.json").read_text())
    compilers = [(item["name"], item["compilations"], item["links"]) for item in report["compilers"]]
    assert compilers == [("cc", 1, 0), ("gcc", 1, 1)]
    assert [(item["id"], item["linkage"]) for item in report["libraries"]] == [("dep:generic/zlib", ["header-only"])]
    assert SETUP_RUNS not in report["coverage"]["missed"]
    (plain,), (ours,) = (tuple((tmp_path / name).glob("*.whl")) for name in ("plain", "ours"))
    assert ours.read_bytes() == plain.read_bytes()


def test_files_that_a_vcs_would_list_are_those_of_the_tree_as_it_came(environment: Path, tmp_path: Path) -> None:
    tree = tmp_path / "words"
    (tree / "words").mkdir(parents=True)
    for name, text in LISTED.items():
        (tree / name).write_text(text)
    times = tmp_path / "times"
    command = (environment, "-m", "backlit", "build", "-n", "-w", "-s", "--version", "1.2.3")
    run(*command, "--outdir", tmp_path / "out", tree, cwd=tmp_path, variables={"TIMES": str(times)})
    assert times.read_text() == "made made "
    assert sorted(path.name for path in tree.iterdir()) == ["pyproject.toml", "setup.py", "words"]
    for artifact in (tmp_path / "out").iterdir():
        made = contents(artifact)
        assert version_in(made) == "1.2.3"
        assert {name for name in made if name.startswith("words/")} == {"words/__init__.py", "words/data.txt"}


LISTED: Final = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
[project]
name = "words"
dynamic = ["version"]
[tool.setuptools_scm]
""",
    "setup.py": """\
import os
from setuptools import setup
if not os.path.exists("words/generated.txt"):
    open("words/generated.txt", "w").close()
    with open(os.environ["TIMES"], "a") as times:
        times.write("made ")
setup()
""",
    "words/__init__.py": "",
    "words/data.txt": "data\n",
}


def test_the_sdist_is_made_of_a_copy_of_its_own(environment: Path, tmp_path: Path) -> None:
    tree = grow(tmp_path / "words")
    command = (environment, "-m", "backlit", "build", "-n", "-w", "-s", "--outdir", tmp_path / "out", tree)
    run(*command, cwd=tmp_path, variables={"TIMES": str(tmp_path / "times")})
    assert (tmp_path / "times").read_text() == "made made "
    (sdist,) = (tmp_path / "out").glob("*.tar.gz")
    listed = run(sys.executable, "-m", "tarfile", "-l", sdist, cwd=tmp_path).stdout
    assert "setup.py" in listed
    assert "build/" not in listed
