"""The scratch copy's path stays out of the artifact, whose bytes are those of a build in place."""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from kit import ROOT, SETUPTOOLS, run
from obedience import environment, make_workshop, plant

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

KEEPS_PATH = "\nconst char *file_of_this(void) { return __FILE__; }\n"
"""C code that keeps the path of its source even without debug information."""

LEGACY = "setuptools.build_meta:__legacy__"
SETUP = """\
from setuptools import Extension, setup
{}
setup(name="words", version="1.0", packages=["words"], ext_modules={})
"""
MODULE = """\
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_w"};
PyMODINIT_FUNC PyInit__w(void) { return PyModule_Create(&module); }
"""
CYTHON = "cython==3.1.2"
SCIKIT = ("scikit-build-core==1.1.2", "cmake==3.31.6", "ninja==1.13.0")
SCIKIT_TABLE = '[tool.scikit-build]\nbuild-dir = "build/x"\ncmake.build-type = "Debug"\ninstall.strip = false\n'
CMAKE_CYTHON = """\
cmake_minimum_required(VERSION 3.18...3.31)
project(${SKBUILD_PROJECT_NAME} LANGUAGES C)
find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
add_custom_command(OUTPUT _w.c DEPENDS words/_w.pyx COMMAND Python::Interpreter -m cython
  ${CMAKE_CURRENT_SOURCE_DIR}/words/_w.pyx --output-file ${CMAKE_CURRENT_BINARY_DIR}/_w.c)
python_add_library(_w MODULE _w.c WITH_SOABI)
install(TARGETS _w DESTINATION words)
"""
RUST = """\
#[no_mangle]
pub extern "C" fn at(place: usize) -> u8 {
    let known = vec![1u8, 2, 3];
    if place == 77 { panic!("no {}", file!()); }
    known[place]
}
"""
CARGO = """\
[package]
name = "words"
version = "1.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[profile.release]
debug = true
"""
RUST_PYPROJECT = """\
[build-system]
requires = ["setuptools", "setuptools-rust"]
build-backend = "setuptools.build_meta"
[project]
name = "words"
version = "1.0"
[tool.setuptools]
packages = ["words"]
[[tool.setuptools-rust.ext-modules]]
target = "words._w"
path = "Cargo.toml"
binding = "NoBinding"
strip = "No"
"""


class Native(NamedTuple):
    """A project whose build keeps paths."""

    requires: tuple[str, ...]
    """What its environment holds."""
    files: dict[str, str]
    """Files of its own, or that stand in for those of `like`."""
    settings: dict[str, Any] = {}  # noqa: RUF012 - never changed
    """Config settings."""
    like: str = ""
    """A test project that it is a copy of."""
    more: tuple[str, str] = ("", "")
    """A file, and a text to add to it."""
    program: str = "cc"
    """What must be installed."""


PROJECTS = {
    "setuptools": Native(
        (SETUPTOOLS,),
        {"setup.py": SETUP.format("", '[Extension("words._w", ["words/_w.c"])]'), "words/_w.c": MODULE + KEEPS_PATH},
    ),
    "cython": Native(
        (SETUPTOOLS, CYTHON),
        {
            "setup.py": SETUP.format(
                "from Cython.Build import cythonize", 'cythonize([Extension("words._w", ["words/_w.pyx"])])'
            ),
            "words/_w.pyx": "def f(int x): return 1 / x\n",
        },
    ),
    "cmake": Native(
        SCIKIT,
        {
            "pyproject.toml": (ROOT / "testprojects/cmake-zlib/pyproject.toml")
            .read_text()
            .replace("[tool.scikit-build]\n", SCIKIT_TABLE)
        },
        like="cmake-zlib",
        more=("cmake_squeeze/_crc.c", KEEPS_PATH),
    ),
    "cmake-cython": Native(
        (*SCIKIT, CYTHON),
        {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "scikit_build_core.build"\n'
            f'[project]\nname = "words"\nversion = "1.0"\n{SCIKIT_TABLE}',
            "CMakeLists.txt": CMAKE_CYTHON,
            "words/_w.pyx": "def f(int x): return 1 / x\n",
        },
    ),
    "meson": Native(
        ("meson-python==0.18.0", "meson==1.8.2", "ninja==1.13.0"),
        {},
        {"build-dir": "made", "setup-args": ["-Dbuildtype=debug"]},
        like="meson-zlib",
        more=("meson_squeeze/_crc.c", KEEPS_PATH),
    ),
    "rust": Native(
        (SETUPTOOLS, "setuptools-rust==1.10.2"),
        {"pyproject.toml": RUST_PYPROJECT, "Cargo.toml": CARGO, "src/lib.rs": RUST},
        program="rustc",
    ),
}

HOOK = """
import importlib, json, sys
name, folder, settings = sys.argv[1:]
module, _, attribute = name.partition(":")
backend = importlib.import_module(module)
backend = getattr(backend, attribute) if attribute else backend
print("made", backend.build_wheel(folder, json.loads(settings)))
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for environments."""
    return make_workshop(tmp_path_factory.mktemp("workshop"))


def built(
    workshop: Path, native: Native, folder: Path, backend: str, settings: Mapping[str, Any], **variables: str
) -> Path:
    """Build a project from a fresh tree that stands at the same path each time; give the wheel."""
    folder.mkdir(exist_ok=True)
    tree, out = folder / "project", folder / backend.partition(".")[0] / "out"
    shutil.rmtree(tree, ignore_errors=True)
    if native.like:
        shutil.copytree(ROOT / "testprojects" / native.like, tree)
    plant(tree, {"words/__init__.py": "", **native.files} if not native.like else native.files)
    name, text = native.more
    if name:
        plant(tree, {name: (tree / name).read_text() + text})
    out.mkdir(parents=True)
    python = environment(workshop, native.requires)
    given = {"PYTHONPATH": str(workshop / "finder"), "CFLAGS": "-g", **variables}
    # As in an active environment: cmake and ninja stand beside Python.
    given["PATH"] = f"{python.parent}:{given.get('PATH', '')}:/usr/local/bin:/usr/bin:/bin:{Path.home()}/.cargo/bin"
    done = run(
        python, "-B", "-c", HOOK, backend, out, json.dumps({**native.settings, **settings}), cwd=tree, variables=given
    )
    return out / done.stdout.rsplit("made ", 1)[1].strip()


@pytest.mark.parametrize("trace", ["auto", "off"])
@pytest.mark.parametrize("compiler", ["", "clang"], ids=["cc", "clang"])
@pytest.mark.parametrize("native", [pytest.param(native, id=name) for name, native in PROJECTS.items()])
def test_a_build_in_a_copy_gives_the_bytes_of_a_build_in_place(
    native: Native, compiler: str, trace: str, tmp_path: Path, workshop: Path
) -> None:
    for program in filter(None, (native.program, compiler)):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if compiler and native.program == "rustc":
        pytest.skip("rustc is no part of it")
    variables = {"CC": compiler, "BACKLIT_TRACE": trace} if compiler else {"BACKLIT_TRACE": trace}
    real = re.search(r'build-backend = "(.*)"', _pyproject(native))
    # gcc takes a path of any name; clang's variable none with a blank, the linker of rustc none with a per cent sign.
    tmp_path = tmp_path / ("one" if compiler or native.program == "rustc" else "a%b c")
    in_place = built(workshop, native, tmp_path, real[1] if real else LEGACY, {}, **variables)
    copied = built(workshop, native, tmp_path, "backlit", {"backlit.copy": "always"}, **variables)
    members = [_members(wheel) for wheel in (in_place, copied)]
    assert not [name for name, content in members[1].items() if b"/backlit-" in content]
    assert [name for name in members[0] if members[0][name] != members[1].get(name)] == []
    assert in_place.read_bytes() == copied.read_bytes()
    (extension,) = [content for name, content in members[1].items() if name.endswith(".so")]
    assert b"prefix-map" not in extension
    # That of Cython is compiled by a relative path, from the folder that the debug information names.
    assert str(tmp_path / "project").encode() in extension


def _pyproject(native: Native) -> str:
    if native.like and "pyproject.toml" not in native.files:
        return (ROOT / "testprojects" / native.like / "pyproject.toml").read_text()
    return native.files.get("pyproject.toml", "")


def _members(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_path_that_no_compiler_wrote_is_told_on(tmp_path: Path) -> None:
    setup = "import os\nopen('words/where.py', 'w').write(repr(os.getcwd()))\n"
    files = {"setup.py": setup + SETUP.format("", "[]"), "words/__init__.py": ""}
    plant(tmp_path / "project", files)
    command = [sys.executable, "-m", "backlit", "build", "project", "-o", "out", "--report", "report.json"]
    run(*command, cwd=tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    (found,) = [item for item in report["diagnostics"] if item["code"] == "scratch-path"]
    assert found["where"] == "words/where.py"
