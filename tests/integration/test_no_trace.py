"""A build that was watched leaves nothing of that behind: in the wheel, in its folder, in the next build."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from kit import SETUPTOOLS, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

MODULE: Final = """\
#include <Python.h>
#include <zlib.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_w", NULL, -1, NULL};
PyMODINIT_FUNC PyInit__w(void) { if (!zlibVersion()) return NULL; return PyModule_Create(&module); }
"""
PYPROJECT: Final = """\
[build-system]
requires = []
build-backend = "{}"
[project]
name = "words"
version = "1"
"""
SETUP: Final = """\
import os, subprocess
from setuptools import Extension, setup
subprocess.run(["cc", "--version"], check=True, capture_output=True)
setup(packages=[], ext_modules=[Extension("_w", ["_w.c"], libraries=["z"])])
"""
CMAKE: Final = """\
cmake_minimum_required(VERSION 3.18...3.31)
project(words LANGUAGES C)
find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
find_package(ZLIB REQUIRED)
configure_file(config.py.in words_config.py)
python_add_library(_w MODULE _w.c WITH_SOABI)
target_link_libraries(_w PRIVATE ZLIB::ZLIB)
install(TARGETS _w DESTINATION .)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/words_config.py DESTINATION .)
"""
CMAKE_CONFIG: Final = (
    'COMPILER = "@CMAKE_C_COMPILER@ @CMAKE_C_COMPILER_VERSION@ @CMAKE_C_FLAGS@"\n'
    'TOOLS = "@CMAKE_AR@ @CMAKE_LINKER@ @CMAKE_MAKE_PROGRAM@"\n'
)
PATH_CONFIG: Final = 'PATH = "$ENV{PATH}"\n'
# What numpy's show_config() is made of.
MESON: Final = """\
project('words', 'c', version: '1')
py = import('python').find_installation(pure: false)
zlib = dependency('zlib')
cc = meson.get_compiler('c')
config = configuration_data({
  'COMPILER': ' '.join(cc.cmd_array()), 'LINKER': cc.get_linker_id(), 'VERSION': cc.version(),
  'ARGS': ' '.join(get_option('c_args')), 'ZLIB': zlib.get_variable(pkgconfig: 'libdir'),
  'PKG': find_program('pkg-config').full_path(),
})
configured = configure_file(input: 'config.py.in', output: 'words_config.py', configuration: config)
py.install_sources(configured)
py.extension_module('_w', '_w.c', dependencies: [zlib], install: true)
"""
MESON_CONFIG: Final = "COMPILER = '@COMPILER@ @LINKER@ @VERSION@ @ARGS@ @ZLIB@ @PKG@'\n"


class Kept(NamedTuple):
    """A project, and the setting by which its backend keeps the build folder."""

    backend: str
    files: dict[str, str]
    settings: dict[str, Any]


KEPT: Final = {
    "setuptools": Kept("setuptools.build_meta", {"setup.py": SETUP}, {}),
    "scikit-build-core": Kept(
        "scikit_build_core.build",
        {"CMakeLists.txt": CMAKE, "config.py.in": CMAKE_CONFIG},
        {"build-dir": "build/kept"},
    ),
    "meson-python": Kept("mesonpy", {"meson.build": MESON, "config.py.in": MESON_CONFIG}, {"build-dir": "build/kept"}),
}
BUILD: Final = """\
import importlib, json, sys
importlib.import_module(sys.argv[1]).build_wheel(sys.argv[2], json.loads(sys.argv[3]))
"""


@pytest.fixture(scope="session")
def workshop(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the interpreter of an environment with the native backends and backlit."""
    folder = tmp_path_factory.mktemp("workshop")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    python = folder / "bin" / "python"
    backends = ["meson-python==0.22.1", "meson==1.12.1", "scikit-build-core==1.1.2", "cmake==4.4.4", "ninja==1.13.2"]
    run(python, "-m", "pip", "install", "--quiet", SETUPTOOLS, *backends, next(wheelhouse.glob("*.whl")), cwd=folder)
    return python


def grow(kept: Kept, folder: Path) -> Path:
    """Write a project; always at the same path, which debug information and caches keep."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = {"pyproject.toml": PYPROJECT.format(kept.backend), "_w.c": MODULE, **kept.files}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def build(
    python: Path, tree: Path, kept: Kept, *, watched: str = "", variables: Mapping[str, str] | None = None
) -> bytes:
    """Build a wheel through the real backend alone, or watched by a mechanism; give the wheel."""
    out, report = tree.parent / "out", tree.parent / "r.json"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    told = {"PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin", **(variables or {})}
    if watched:
        told |= {"BACKLIT_TRACE": watched, "BACKLIT_REPORT": str(report)}
    backend = "backlit" if watched else kept.backend
    done = run(python, "-c", BUILD, backend, out, json.dumps(kept.settings), cwd=tree, variables=told)
    assert "warning: no report" not in done.stderr, done.stderr
    return next(out.glob("*.whl")).read_bytes()


def mentions(folder: Path) -> list[str]:
    """Name the files below a folder that speak of us."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path.relative_to(folder)) for path in files if b"backlit" in path.read_bytes().lower()]


@pytest.mark.parametrize("watched", ["preload", "shim"])
@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_kept_build_folder_serves_the_next_build(tmp_path: Path, workshop: Path, name: str, watched: str) -> None:
    kept, folder = KEPT[name], tmp_path / "words"
    if watched == "preload" and "config.py.in" in kept.files:
        # Shims cannot work without PATH; the library leaves even that as it is.
        kept = kept._replace(files={**kept.files, "config.py.in": kept.files["config.py.in"] + PATH_CONFIG})
    tree = grow(kept, folder)
    plain = [build(workshop, tree, kept), build(workshop, tree, kept)]
    tree = grow(kept, folder)
    mixed = [build(workshop, tree, kept, watched=watched), build(workshop, tree, kept)]
    assert mixed == plain
    report = json.loads((tmp_path / "r.json").read_text())
    # CMake and meson get no shims.
    assert watched == "shim" or "preload" in report["coverage"]["mechanism"]
    assert [(library["id"], library["used"]) for library in report["libraries"]] == [("dep:generic/zlib", True)]
    # CMake's log of what it looked at has PATH in it, and so the shims' folder; nothing reads it again.
    allowed = {"build/kept/CMakeFiles/CMakeConfigureLog.yaml"} if watched == "shim" else set()
    assert set(mentions(tree)) <= allowed


@pytest.mark.parametrize("name", sorted(KEPT))
def test_flags_and_compilers_of_a_distribution_keep_their_meaning(tmp_path: Path, workshop: Path, name: str) -> None:
    flags = {"CFLAGS": "-O1 -g -DMARKED=1", "LDFLAGS": "-Wl,-z,now", "CC": "gcc -pthread"}
    tree = grow(KEPT[name], tmp_path / "words")
    plain = build(workshop, tree, KEPT[name], variables=flags)
    tree = grow(KEPT[name], tmp_path / "words")
    assert build(workshop, tree, KEPT[name], watched="auto", variables=flags) == plain
    (gcc,) = (
        each
        for each in json.loads((tmp_path / "r.json").read_text())["compilers"]
        if each["family"] == "gcc" and each["links"]
    )
    assert {"-O1", "-pthread"} <= set(gcc["flags"])


def test_fakeroot_stays_what_it_was(tmp_path: Path, workshop: Path) -> None:
    if not shutil.which("fakeroot"):
        pytest.skip("no fakeroot")
    setup = """\
        import os, subprocess
        from setuptools import setup
        open("some.txt", "w").close()
        os.chown("some.txt", 1234, 4321)
        seen = subprocess.run(["make", "-s", "-f", "owner.mk"], check=True, capture_output=True, text=True).stdout
        assert seen.split() == ["1234", "4321"], seen
        setup(py_modules=[])
    """
    lines = "\n".join(line.removeprefix("        ") for line in setup.splitlines())
    kept = Kept("setuptools.build_meta", {"setup.py": lines, "owner.mk": "all:\n\tstat -c '%u %g' some.txt\n"}, {})
    tree = grow(kept, tmp_path / "words")
    told = {"BACKLIT_TRACE": "preload", "BACKLIT_REPORT": str(tmp_path / "r.json")}
    run("fakeroot", workshop, "-c", BUILD, "backlit", tmp_path, "{}", cwd=tree, variables=told)
    report = json.loads((tmp_path / "r.json").read_text())
    assert "preload" in report["coverage"]["mechanism"]
    assert "make" in {tool["name"] for tool in report["tools"]}
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert wheel.namelist()
