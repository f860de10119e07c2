"""Real builds, watched: what the trace of each says."""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from kit import ROOT, SETUPTOOLS, run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

DRIVER: Final = """
import importlib, json, os, sys
from pathlib import Path
from backlit import trace

backend, folder, out, mechanism, prefix_map = sys.argv[1:6]
before = dict(os.environ)
session = trace.start(
    Path(folder), mechanism=mechanism, environment=before,
    prefix_map=tuple(json.loads(prefix_map)) or None,
)
os.environ.update(session.environment)
with session.listening():
    importlib.import_module(backend).build_wheel(out)
os.environ.clear()
os.environ.update(before)
from backlit.support.values import plain
seen = plain(session.read())
Path(folder, "seen.json").write_text(json.dumps({**seen, "quiet": session.quiet}))
"""

ZLIB_C: Final = """
#include <Python.h>
#include <zlib.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_z", NULL, -1, NULL};
PyMODINIT_FUNC PyInit__z(void) { if (!zlibVersion()) return NULL; return PyModule_Create(&module); }
"""


Build: TypeAlias = "Callable[..., dict[str, Any]]"


@pytest.fixture(scope="session")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the interpreter of an environment with the native backends."""
    folder = tmp_path_factory.mktemp("backends")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    python = folder / "bin" / "python"
    meson = ["meson-python==0.22.1", "meson==1.12.1", "ninja==1.13.2"]
    cmake = ["scikit-build-core==1.1.2", "cmake==4.4.4"]
    run(python, "-m", "pip", "install", "--quiet", *meson, *cmake, SETUPTOOLS, cwd=folder)
    return python


@pytest.fixture
def build(backends: Path) -> Build:
    """Give a function that builds a project's wheel, watched, and gives the trace as plain data."""

    def built(
        project: Path,
        backend: str = "setuptools.build_meta",
        *,
        mechanism: str = "auto",
        prefix_map: tuple[str, ...] = (),
        **variables: str,
    ) -> dict[str, Any]:
        folder = project.parent / f"{project.name}-session"
        folder.mkdir()
        (folder / "driver.py").write_text(DRIVER)
        path = f"{backends.parent}:{os.environ['PATH']}"
        run(
            *(backends, folder / "driver.py", backend, folder, folder, mechanism, json.dumps(prefix_map)),
            cwd=project,
            variables={"PATH": path, "PYTHONPATH": str(ROOT / "src"), **variables},
        )
        seen: dict[str, Any] = json.loads((folder / "seen.json").read_text())
        assert seen["faults"] == []
        return seen

    return built


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return folder


def did(seen: dict[str, Any], *roles: str) -> list[dict[str, Any]]:
    return [each for each in seen["compilations"] if each["role"] in (roles or ("compile", "link", "compile-and-link"))]


def test_an_extension_is_one_compilation_and_one_link(tmp_path: Path, build: Build) -> None:
    setup = """
        from setuptools import Extension, setup
        setup(name="z", version="1", ext_modules=[Extension("_z", ["_z.c"], libraries=["z"])])
    """
    project = write(tmp_path / "z", {"setup.py": setup, "_z.c": ZLIB_C})
    seen = build(project)
    compiled, linked = did(seen, "compile"), did(seen, "link")
    assert [each["sources"] for each in compiled] == [[str(project / "_z.c")]]
    assert "/usr/include/zlib.h" in compiled[0]["headers"]
    assert [each["libraries"][-1:] for each in linked] == [["z"]]
    assert linked[0]["objects"] == [compiled[0]["output"]]
    assert seen["quiet"] is False


def test_a_cxx_extension_is_compiled_as_cxx(tmp_path: Path, build: Build) -> None:
    setup = """
        from setuptools import Extension, setup
        setup(name="z", version="1", ext_modules=[Extension("_z", ["_z.cpp"], language="c++", libraries=["z"])])
    """
    seen = build(write(tmp_path / "z", {"setup.py": setup, "_z.cpp": ZLIB_C}))
    assert {(each["role"], each["language"]) for each in did(seen)} == {("compile", "cxx"), ("link", "")}


def test_audit_alone_sees_what_the_hook_starts_and_sets_nothing(tmp_path: Path, build: Build) -> None:
    setup = """
        import os
        from setuptools import Extension, setup
        assert "_BACKLIT_TRACE" not in os.environ
        setup(name="z", version="1", ext_modules=[Extension("_z", ["_z.c"], libraries=["z"])])
    """
    seen = build(write(tmp_path / "z", {"setup.py": setup, "_z.c": ZLIB_C}), mechanism="audit")
    assert seen["mechanisms"] == ["audit"]
    assert [each["role"] for each in did(seen)] == ["link", "compile"]
    assert did(seen, "compile")[0]["headers"] == []


def test_two_hundred_files_under_a_parallel_make_are_two_hundred_compilations(tmp_path: Path, build: Build) -> None:
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.check_call(["make", "-s", "-j8"])
        setup(name="many", version="1", py_modules=[])
    """
    makefile = "objects := $(patsubst %.c,%.o,$(wildcard *.c))\nlib.so: $(objects)\n\t$(CC) -shared -o $@ $^ -lz\n"
    project = write(tmp_path / "many", {"setup.py": setup, "Makefile": makefile})
    for number in range(200):
        (project / f"f{number}.c").write_text(f"#include <zlib.h>\nint f{number}(void) {{ return Z_OK; }}\n")
    seen = build(project)
    compiled = did(seen, "compile")
    assert {Path(each["sources"][0]).name for each in compiled} == {f"f{number}.c" for number in range(200)}
    assert len(compiled) == 200
    assert all("/usr/include/zlib.h" in each["headers"] for each in compiled)
    assert [(each["libraries"], len(each["objects"])) for each in did(seen, "link")] == [(["z"], 200)]
    assert [run_["tool"] for run_ in seen["runs"]] == ["make"]


def test_questions_and_their_answers_are_seen(tmp_path: Path, build: Build) -> None:
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.run(["pkg-config", "--cflags", "zlib >= 1.2"], check=True)
        subprocess.run(["pkg-config", "--exists", "no-such-module"])
        subprocess.run(["squeeze-config", "--libs"], check=True)
        try:
            subprocess.run(["absent-config", "--libs"])
        except FileNotFoundError:
            pass
        subprocess.run("missing-config --cflags", shell=True)
        setup(name="q", version="1", py_modules=[])
    """
    project = write(tmp_path / "q", {"setup.py": setup})
    config = tmp_path / "bin" / "squeeze-config"
    config.parent.mkdir()
    config.write_text("#!/bin/sh\necho -lz\n")
    config.chmod(0o755)
    seen = build(project, PATH=f"{config.parent}:{os.environ['PATH']}")
    assert {(each["tool"], *each["modules"], each["answered"]) for each in seen["queries"]} == {
        ("pkg-config", "zlib", True),
        ("pkg-config", "no-such-module", False),
        ("squeeze-config", True),
        ("absent-config", False),
        ("missing-config", False),
    }
    assert [each["constraints"] for each in seen["queries"] if each["constraints"]] == [["zlib >= 1.2"]]


def test_a_compiler_by_its_absolute_path_lists_its_headers(tmp_path: Path, build: Build) -> None:
    if shutil.which("ccache"):
        pytest.skip("where ccache is, gcc is not asked from outside")
    setup = """
        import shutil, subprocess
        from setuptools import setup
        subprocess.check_call([shutil.which("gcc"), "-c", "a.c", "-o", "build.o"])
        setup(name="q", version="1", py_modules=[])
    """
    project = write(tmp_path / "q", {"setup.py": setup, "a.c": "#include <zlib.h>\n"})
    seen = build(project, mechanism="shim")
    assert [each["invocation"]["mechanism"] for each in did(seen)] == ["audit"]
    assert "/usr/include/zlib.h" in did(seen)[0]["headers"]


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_scratch_copy_leaves_no_path_of_it_in_the_object(tmp_path: Path, build: Build, compiler: str) -> None:
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    setup = """
        import os
        from setuptools import Extension, setup
        from setuptools.command.build_ext import build_ext
        class Absolute(build_ext):
            def build_extension(self, extension):
                extension.sources = [os.path.abspath(source) for source in extension.sources]
                super().build_extension(extension)
        extension = Extension("_z", ["_z.c"], libraries=["z"], extra_compile_args=["-g"])
        setup(name="z", version="1", ext_modules=[extension], cmdclass={"build_ext": Absolute})
    """
    code = f"{ZLIB_C}\nconst char *name(void) {{ return __FILE__; }}\n"
    original = write(tmp_path / "original", {"setup.py": setup, "_z.c": code})
    scratch = tmp_path / "elsewhere" / "scratch"
    shutil.copytree(original, scratch)
    build(original, CC=compiler)
    build(scratch, CC=compiler, prefix_map=(str(scratch), str(original)))
    made, again = (next((tree / "build").rglob("_z.o")) for tree in (original, scratch))
    assert made.read_bytes() == again.read_bytes()
    linked, relinked = (next((tree / "build").rglob("_z.*.so")) for tree in (original, scratch))
    assert linked.read_bytes() == relinked.read_bytes()


CMAKE: Final = """
    cmake_minimum_required(VERSION 3.18...3.31)
    project(z LANGUAGES C)
    find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(ZIP REQUIRED zlib>=1.2)
    pkg_check_modules(NOTHING QUIET no-such-module)
    find_package(ZLIB REQUIRED)
    find_package(NoSuchPackage QUIET)
    include(CheckIncludeFile)
    check_include_file(zlib.h HAVE_ZLIB_H)
    check_include_file(no_such_header.h HAVE_NO_SUCH_HEADER_H)
    include(CheckLibraryExists)
    check_library_exists(no_such_library no_such_function "" HAVE_NO_SUCH_LIBRARY)
    python_add_library(_z MODULE _z.c WITH_SOABI)
    target_link_libraries(_z PRIVATE ZLIB::ZLIB)
    install(TARGETS _z DESTINATION .)
"""
PYPROJECT: Final = """
    [build-system]
    requires = []
    build-backend = "x"
    [project]
    name = "z"
    version = "1"
"""


@pytest.mark.parametrize("generator", ["Ninja", "Unix Makefiles"])
def test_a_cmake_build_is_read_from_its_own_records(tmp_path: Path, build: Build, generator: str) -> None:
    project = write(tmp_path / "z", {"pyproject.toml": PYPROJECT, "CMakeLists.txt": CMAKE, "_z.c": ZLIB_C})
    seen = build(project, "scikit_build_core.build", CMAKE_GENERATOR=generator)
    compiled, linked = did(seen, "compile"), did(seen, "link")
    assert [each["sources"] for each in compiled] == [[str(project / "_z.c")]]
    assert "/usr/include/zlib.h" in compiled[0]["headers"]
    assert [[Path(file).name for file in each["library_files"]] for each in linked] == [["libz.so"]]
    assert {(*each["modules"], each["answered"]) for each in seen["queries"]} == {
        ("zlib", True),
        ("no-such-module", False),
    }
    assert {tuple(each["constraints"]) for each in seen["queries"] if each["answered"]} == {(), ("zlib >= 1.2",)}
    used = {each["tool"] for each in seen["runs"] if not each["probe"]}
    # CMake's installation strips the module.
    assert used == {"cmake", "strip", "ninja" if generator == "Ninja" else "make"}
    found = {each["name"]: each for each in seen["searches"]}
    assert {name: each["found"] for name, each in found.items()} == {
        **dict.fromkeys(("PkgConfig", "Python", "ZLIB", "zlib.h"), True),
        **dict.fromkeys(("NoSuchPackage", "no_such_header.h", "no_such_library"), False),
    }
    assert (found["ZLIB"]["version"][:1], Path(found["ZLIB"]["path"]).name) == ("1", "libz.so")


def test_no_path_of_a_shim_outlives_a_cmake_build(tmp_path: Path, build: Build) -> None:
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.check_call(["cmake", "-S", ".", "-B", "build/c"])
        subprocess.check_call(["cmake", "--build", "build/c"])
        setup(name="z", version="1", py_modules=[])
    """
    project = write(tmp_path / "z", {"setup.py": setup, "CMakeLists.txt": CMAKE, "_z.c": ZLIB_C})
    seen = build(project)
    assert [each["role"] for each in did(seen)] == ["compile", "link"]
    kept = [path for path in (project / "build").rglob("*") if path.is_file() and b"backlit" in path.read_bytes()]
    assert kept == []


@pytest.mark.parametrize("mechanism", ["preload", "shim"])
def test_sccache_compiles_once_and_what_it_did_is_told_once(tmp_path: Path, build: Build, mechanism: str) -> None:
    if not shutil.which("sccache"):
        pytest.skip("no sccache")
    setup = """
        from setuptools import Extension, setup
        setup(name="z", version="1", ext_modules=[Extension("_z", ["_z.c"], libraries=["z"])])
    """
    project = write(tmp_path / "z", {"setup.py": setup, "_z.c": ZLIB_C})
    cache = {
        "SCCACHE_DIR": str(tmp_path / "cache"),
        "SCCACHE_SERVER_UDS": str(tmp_path / "socket"),
        "SCCACHE_SERVER_PORT": "4727",
    }
    try:
        seen = build(project, mechanism=mechanism, CC="sccache gcc", **cache)
        run(
            "sccache",
            "gcc",
            "-c",
            "_z.c",
            "-o",
            "again.o",
            "-I",
            sysconfig.get_path("include"),
            cwd=project,
            variables=cache,
        )
    finally:
        run("sccache", "--stop-server", cwd=tmp_path, variables=cache)
    assert {each["role"] for each in did(seen)} == {"compile", "link"}
    assert len(did(seen)) == 2
    assert ("/usr/include/zlib.h" in did(seen, "compile")[0]["headers"]) is (mechanism == "preload")


MESON: Final = """
    project('z', 'c', version: '1')
    py = import('python').find_installation(pure: false)
    dependency('no-such-module', required: false)
    meson.get_compiler('c').find_library('no_such_library', required: false)
    meson.get_compiler('c').has_header('no_such_header.h')
    find_program('bison-of-nobody', 'swig-of-nobody', required: false)
    py.extension_module('_z', '_z.c', dependencies: [dependency('zlib', version: '>=1.2')], install: true)
"""


def test_a_meson_build_is_read_from_its_own_records(tmp_path: Path, build: Build) -> None:
    project = write(tmp_path / "z", {"pyproject.toml": PYPROJECT, "meson.build": MESON, "_z.c": ZLIB_C})
    seen = build(project, "mesonpy")
    compiled, linked = did(seen, "compile"), did(seen, "link")
    assert [each["sources"] for each in compiled] == [[str(project / "_z.c")]]
    assert "/usr/include/zlib.h" in compiled[0]["headers"]
    assert [[Path(file).name for file in each["library_files"]] for each in linked] == [["libz.so"]]
    asked = {(*each["modules"], each["answered"]) for each in seen["queries"]}
    assert {("zlib", True), ("no-such-module", False)} <= asked
    used = {each["tool"] for each in seen["runs"] if not each["probe"]}
    # meson asks cmake for what pkg-config does not know, and starts compilers through a ccache that it finds.
    assert {"meson", "ninja"} <= used <= {"meson", "ninja", "cmake", "ccache"}
    found = {each["name"]: each for each in seen["searches"]}
    lacking = {(each["sense"], name) for name, each in found.items() if not each["found"]}
    assert lacking == {("meson", "no-such-module"), ("link", "no_such_library"), ("header", "no_such_header.h")}
    zlib = found["zlib"]
    assert (zlib["sense"], zlib["version"][:1], Path(zlib["path"]).name) == ("pkgconfig", "1", "libz.so")


def test_no_path_of_a_shim_outlives_a_meson_build(tmp_path: Path, build: Build) -> None:
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.check_call(["meson", "setup", "build/m"])
        subprocess.check_call(["ninja", "-C", "build/m"])
        setup(name="z", version="1", py_modules=[])
    """
    project = write(tmp_path / "z", {"setup.py": setup, "meson.build": MESON, "_z.c": ZLIB_C})
    seen = build(project)
    assert len(did(seen, "compile")) == 1
    kept = [path for path in (project / "build").rglob("*") if path.is_file() and b"backlit" in path.read_bytes()]
    assert kept == []


def test_cargo_is_seen_down_to_the_linker(tmp_path: Path, build: Build) -> None:
    if not shutil.which("cargo"):
        pytest.skip("no cargo")
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.check_call(["cargo", "build", "--offline", "--quiet"])
        setup(name="r", version="1", py_modules=[])
    """
    cargo = '[package]\nname = "r"\nversion = "1.0.0"\nedition = "2021"\nlinks = "z"\n[lib]\ncrate-type = ["cdylib"]\n'
    script = """
        fn main() {
            std::process::Command::new("pkg-config").args(["--libs", "zlib"]).status().unwrap();
            println!("cargo:rustc-link-lib=z");
        }
    """
    library = """
        #[no_mangle] pub extern "C" fn squeeze() -> usize { extern "C" { fn zlibVersion() -> *const u8; }
            unsafe { zlibVersion() as usize } }
    """
    project = write(
        tmp_path / "r",
        {"setup.py": setup, "Cargo.toml": cargo, "build.rs": script, "src/lib.rs": library},
    )
    seen = build(project)
    assert [each["modules"] for each in seen["queries"]] == [["zlib"]]
    assert any("z" in each["libraries"] for each in did(seen, "link"))
    assert "cargo" in {each["tool"] for each in seen["runs"]}


def test_a_configure_script_below_setup_py_is_read_from_its_log(tmp_path: Path, build: Build) -> None:
    if not shutil.which("autoconf"):
        pytest.skip("no autoconf")
    configure = """
        AC_INIT([z], [1])
        AC_CHECK_HEADERS([zlib.h no_such_header.h])
        AC_CHECK_LIB([z], [deflate])
        AC_CHECK_LIB([no_such_library], [no_such_function])
        AC_CHECK_FUNCS([no_such_function])
        AC_OUTPUT
    """
    setup = """
        import subprocess
        from setuptools import setup
        subprocess.check_call(["sh", "../../configure", "--quiet"], cwd="build/c")
        setup(name="z", version="1", py_modules=[])
    """
    project = write(tmp_path / "z", {"setup.py": setup, "configure.ac": configure, "build/c/keep": ""})
    run("autoconf", cwd=project)
    seen = build(project)
    found = {(each["sense"], each["name"]): each["found"] for each in seen["searches"]}
    assert found["header", "zlib.h"] is found["link", "z"] is True
    lacking = {name for name, there in found.items() if not there}
    assert {("header", "no_such_header.h"), ("link", "no_such_library")} <= lacking
    assert not any("no_such_function" in name for _, name in found)
    assert did(seen) == []


def test_what_setup_py_tries_to_compile_is_no_use_of_it(tmp_path: Path, build: Build) -> None:
    setup = """
        from setuptools import Extension, setup
        from setuptools.command.build_ext import build_ext
        from distutils.command.config import config
        class Build(build_ext):
            def build_extensions(self):
                assert self.compiler.has_function("deflate", libraries=["z"])
                tries = config(self.distribution)
                tries.ensure_finalized()
                assert not tries.check_lib("no_such_library")
                assert not tries.check_header("no_such_header.h")
                super().build_extensions()
        extension = Extension("_z", ["_z.c"], libraries=["z"])
        setup(name="z", version="1", ext_modules=[extension], cmdclass={"build_ext": Build})
    """
    seen = build(write(tmp_path / "z", {"setup.py": setup, "_z.c": ZLIB_C}))
    assert sorted(each["role"] for each in did(seen)) == ["compile", "link"]
    tried = {(*each["libraries"][-1:], bool(each["invocation"]["status"])) for each in did(seen, "probe")}
    assert {("z", False), ("no_such_library", True)} <= tried
    assert any("no_such_header.h" in names for _, names in seen["tried"])
