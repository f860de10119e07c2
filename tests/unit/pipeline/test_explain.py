"""The lines that say why the real backend failed: what is in them, when they come, and that nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import backlit
from backlit.pipeline import explain, install
from backlit.pipeline.managers import Manager

FAILED = "error: command '/usr/bin/gcc' failed with exit code 1\n"
APT = Manager("apt", "debian", "a test", (("apt-get", "install", "-y"),))


@pytest.fixture(autouse=True)
def _with_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backlit.pipeline.managers.here", lambda: APT)
    monkeypatch.setattr(install, "_LISTS", {})
    monkeypatch.setattr(install, "are_here", lambda *_: False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "setup.py").write_text(
        "from setuptools import Extension, setup\n"
        "setup(name='a', ext_modules=[Extension('a', ['a.c'], libraries=['ldap', 'lber'])])\n"
    )
    (tmp_path / "a.c").write_text("#include <Python.h>\n#include <lber.h>\n")
    return tmp_path


def test_a_header_is_led_back_to_its_library_its_package_and_the_source(tree: Path) -> None:
    text = f"a.c:2:10: fatal error: lber.h: No such file or directory\n{FAILED}"
    assert explain.explained(text, tree) == (
        "why it failed: a.c:2: gcc found no header 'lber.h'",
        "what it is: dep:generic/openldap",
        "to install it: apt-get install -y libldap-dev",
        "asked for at: a.c:2: #include <lber.h>; setup.py:2: libraries='ldap'",
    )


def test_a_compiler_of_a_language_is_named_with_its_package(tree: Path) -> None:
    text = "meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang']]\n"
    assert explain.explained(text, tree)[:3] == (
        "why it failed: meson.build:1: meson found no compiler for 'fortran'",
        "what it is: dep:virtual/compiler/fortran",
        "to install it: apt-get install -y gfortran",
    )


def test_what_is_too_old_gets_no_line_that_installs_the_same_again(tree: Path) -> None:
    text = (
        "error: package `x v1` cannot be built because it requires rustc 9.74 or newer, while the currently active "
        "rustc version is 1.63.0\n"
    )
    lines = explain.explained(text, tree)
    assert lines[0] == "why it failed: cargo has 'rust' 1.63.0, and wants >= 9.74"
    assert not any("apt-get" in line for line in lines)


def test_what_is_installed_already_is_not_installed_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "are_here", lambda packages, _: packages == ("libldap-dev",))
    text = f"a.c:2:10: fatal error: lber.h: No such file or directory\n{FAILED}"
    cure = "to cure it: libldap-dev is installed already, and has it not, or not where the build looks"
    assert explain.explained(text, tree)[2] == cure


def test_a_header_that_no_record_has_is_named_and_nothing_is_guessed(tree: Path) -> None:
    text = f"a.c:2:10: fatal error: nobody_has_this.h: No such file or directory\n{FAILED}"
    assert explain.explained(text, tree) == (
        "why it failed: a.c:2: gcc found no header 'nobody_has_this.h'",
        "what it is: the catalogue knows no library or program of that name",
    )


def test_a_program_that_is_here_is_not_called_missing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'Traceback (most recent call last):\n  File "setup.py", line 1, in <module>\nOSError: swig not found\n'
    monkeypatch.setenv("PATH", str(tree))
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/swig"
    (tree / "swig").touch(mode=0o755)
    assert explain.explained(text, tree) == ()


def test_a_header_of_cxx_is_lacking_only_where_no_compiler_is(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    failed = "compilation terminated.\nerror: command 'gcc' failed with exit code 1\n"
    text = f"a.cpp:1:10: fatal error: vector: No such file or directory\n{failed}"
    assert explain.explained(text, tree)[1] == "what it is: dep:virtual/compiler/cxx"
    assert explain.explained(text.replace("a.cpp", "a.c"), tree) == ()
    (tree / "g++").touch(mode=0o755)
    assert explain.explained(text, tree) == ()


def test_the_qmake_of_a_source_s_own_qt_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    text = (
        'Traceback (most recent call last):\n  File "b.py", line 1, in f\n'
        "    raise PyProjectOptionException('qmake',\nsipbuild.pyproject.PyProjectOptionException\n"
    )
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/qmake"
    requires = (
        '[build-system]\nrequires = ["sip", "PyQt-builder"]\n[project]\nname = "PyQt6-Demo"\n[tool.sip.project]\n'
    )
    (tree / "pyproject.toml").write_text(requires, encoding="utf-8")
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/qmake6"


def test_a_word_means_the_library_where_the_sentence_is_about_one_or_its_program_is_here(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    text = (
        'Traceback (most recent call last):\n  File "setup.py", line 1, in <module>\nException: Could not find OpenSSL'
    )
    assert explain.explained(f"{text} lib/headers\n", tree)[2] == "to install it: apt-get install -y libssl-dev"
    assert explain.explained(f"{text}\n", tree)[2] == "to install it: apt-get install -y openssl"
    (tree / "openssl").touch(mode=0o755)
    assert explain.explained(f"{text}\n", tree)[2] == "to install it: apt-get install -y libssl-dev"


@pytest.mark.parametrize(
    ("text", "what", "package"),
    [
        ("g++-12: not found", "dep:virtual/compiler/cxx", "g++-12"),  # a newer one is here, and is not that
        ("shout-config: not found", "dep:deb/debian/libshout", "libshout-dev"),
    ],
)
def test_a_program_s_name_tells_what_to_install(
    tree: Path, monkeypatch: pytest.MonkeyPatch, text: str, what: str, package: str
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    (tree / "g++").touch(mode=0o755)
    lines = explain.explained(f"/bin/sh: 1: {text}\nmake: *** [all] Error 127\n", tree)
    assert lines[1] == f"what it is: {what}"
    assert lines[2].endswith(f" {package}")


def test_a_header_of_java_s_comes_with_its_compiler(tree: Path) -> None:
    text = f"a.c:2:10: fatal error: jni.h: No such file or directory\n{FAILED}"
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/jdk"


@pytest.mark.parametrize(
    ("package", "what", "program"),
    [
        ("SWIG", "dep:generic/swig", "swig"),
        ("JNI", "dep:generic/jdk", "javac"),
        ("CUDAToolkit", "dep:virtual/compiler/cuda", "nvcc"),
    ],
)
def test_a_package_of_cmake_s_that_is_a_program_comes_with_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch, package: str, what: str, program: str
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    failed = "-- Configuring incomplete, errors occurred!\n"
    text = f"CMake Error at CMakeLists.txt:2 (find_package):\n  Could NOT find {package} (missing: X)\n\n{failed}"
    assert explain.explained(text, tree)[1] == f"what it is: {what}"
    (tree / program).touch(mode=0o755)
    assert explain.explained(text, tree) == ()


@pytest.mark.parametrize(
    ("macro", "package"),
    [("LT_INIT", "libtool"), ("PKG_PROG_PKG_CONFIG", "pkg-config"), ("AX_PYTHON", "autoconf-archive")],
)
def test_a_macro_is_of_what_defines_it(tree: Path, monkeypatch: pytest.MonkeyPatch, macro: str, package: str) -> None:
    monkeypatch.setenv("PATH", str(tree))
    text = f"configure.ac:7: error: possibly undefined macro: {macro}\n{FAILED}"
    assert explain.explained(text, tree)[:2] == (
        f"why it failed: autoconf found no Autoconf macro '{macro}'",
        f"what it is: dep:generic/{package}",
    )


def test_what_a_crate_would_have_asked_with_is_installed_too(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    said = "Could not run `A=1 pkg-config --libs libudev`\\nThe pkg-config command could not be found."
    text = f"error: failed to run custom build command for `udev-sys v1.0`\n  --- stderr\n  {said}\n"
    assert explain.explained(text, tree)[2] == "to install it: apt-get install -y libudev-dev pkg-config"


def _unset(variable: str) -> str:
    frames = 'File "setup.py", line 8, in <module>\n  File "<frozen os>", line 685, in __getitem__'
    return f"Traceback (most recent call last):\n  {frames}\nKeyError: '{variable}'\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("error: JAVA_HOME not defined in environment\n", "dep:generic/jdk; JAVA_HOME must say where it is"),
        (_unset("JAVA_HOME"), "dep:generic/jdk; JAVA_HOME must say where it is"),
        (_unset("CUDA_PATH"), "dep:virtual/compiler/cuda; CUDA_PATH must say where it is"),
        (_unset("BOOST_ROOT"), "dep:generic/boost; BOOST_ROOT must say where it is"),
    ],
)
def test_a_variable_tells_where_something_is_that_is_missing(
    tree: Path, monkeypatch: pytest.MonkeyPatch, text: str, what: str
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    assert explain.explained(text, tree)[1] == f"what it is: {what}"


@pytest.mark.parametrize("text", ["error: JAVA_HOME not defined in environment\n", _unset("JAVA_HOME")])
def test_a_variable_alone_is_missing_where_what_it_leads_to_is_here(
    tree: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    (tree / "javac").touch(mode=0o755)
    assert explain.explained(text, tree) == ()


@pytest.mark.parametrize("text", [_unset("HOME"), _unset("CI_JOB_ID"), _unset("JAVA_HOME").replace("<frozen os>", "a")])
def test_a_key_that_leads_to_nothing_known_is_not_explained(tree: Path, text: str) -> None:
    assert explain.explained(text, tree) == ()


def test_a_package_of_cmake_s_that_nobody_has_is_called_as_its_library_is(tree: Path) -> None:
    failed = "-- Configuring incomplete, errors occurred!\n"
    text = f"CMake Error at CMakeLists.txt:2 (find_package):\n  Could NOT find LibXml (missing: LibXml_DIR)\n\n{failed}"
    assert explain.explained(text.replace("LibXml", "LibAvif"), tree)[1] == "what it is: dep:generic/libavif"
    assert explain.explained(text.replace("LibXml", "Common"), tree)[1].startswith("what it is: the catalogue knows no")


@pytest.mark.parametrize(
    ("said", "package"),
    [
        ("Error the likwid library was not found", "likwid"),
        ("Do you have libnotmuch headers installed?", "libnotmuch-dev"),
        ("Error: the notmuch program was not found by this library", ""),
    ],
)
def test_a_library_that_debian_alone_knows_is_one_where_the_message_calls_it_so(
    tree: Path, said: str, package: str
) -> None:
    lines = explain.explained(f"{said}\n", tree)
    assert [line for line in lines if line.startswith("to install it: ")] == (
        [f"to install it: apt-get install -y {package}"] if package else []
    )


CONFIGURED = "-- Configuring incomplete, errors occurred!\n"
RUNTIME = "/usr/lib/llvm-19/lib/clang/19/lib/x86_64-pc-linux-gnu/libclang_rt.asan.a"


@pytest.mark.parametrize(
    ("said", "packages"),
    [
        ("a.c:2:10: fatal error: 'omp.h' file not found", "libomp-dev"),
        ("ld.lld: error: unable to find library -lomp", "libomp-dev"),
        (
            f"CMake Error at a.cmake:2 (message):\n  Could NOT find OpenMP_CXX (missing: X)\n\n{CONFIGURED}",
            "libomp-dev",
        ),
        ("ld.lld: error: unable to find library -lc++", "libc++-dev libc++abi-dev"),
        (f"/usr/bin/ld: cannot find {RUNTIME}: No such file or directory", "libclang-rt-19-dev"),
        (f"ld.lld: error: cannot open {RUNTIME}: No such file or directory", "libclang-rt-19-dev"),
    ],
)
def test_a_part_of_clang_s_is_a_package_of_its_own(tree: Path, said: str, packages: str) -> None:
    lines = explain.explained(f"{said}\n{FAILED}", tree)
    assert lines[2] == f"to install it: apt-get install -y {packages}"


def test_what_gcc_brings_is_no_package_of_clang_s(tree: Path) -> None:
    lines = explain.explained(f"a.c:2:10: fatal error: omp.h: No such file or directory\n{FAILED}", tree)
    assert not any("libomp" in line for line in lines)


def test_a_module_that_a_requirement_s_build_lacks_is_not_to_be_installed_here() -> None:
    trace = 'Traceback (most recent call last):\n  File "<string>", line 12, in <module>\n'
    text = f"{trace}ModuleNotFoundError: No module named 'pkg_resources'\n"
    (line,) = explain.explained(text, None, of_requirement=True)[1:]
    assert line.startswith("to cure it: that requirement's own build needs 'setuptools<81'")
    text = f"a.c:2:10: fatal error: libxml/tree.h: No such file or directory\n{FAILED}"
    assert explain.explained(text, None, of_requirement=True) == explain.explained(text, None)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("autoconf, automake and libtool are required", ["autoconf", "automake", "libtool"]),
        ("ldap is missing; eigen3, unheard-of and zlib are optional and missing", ["openldap"]),
        ("Failed to find the ffmpeg libraries", ["ffmpeg"]),
        ("Node.js is required", ["nodejs"]),
        ("you need a C compiler", ["c"]),
    ],
)
def test_what_a_sentence_calls_missing_is_named_in_full_and_no_more(
    tree: Path, monkeypatch: pytest.MonkeyPatch, said: str, ids: list[str]
) -> None:
    monkeypatch.setenv("PATH", str(tree))
    what = explain.explained(f"Error: {said}\n", tree)[1].removeprefix("what it is: ")
    assert [id_.rpartition("/")[2] for id_ in what.split(", ")] == ids


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ('meson.build:2:1: ERROR: Dependency "numpy" not found, tried config-tool', "numpy"),
        ("x.DistributionNotFound: The 'cffi>=1' distribution was not found and is required by y", "cffi"),
    ],
)
def test_what_a_distribution_of_python_s_brings_is_a_requirement(text: str, requirement: str) -> None:
    assert explain.explained(f"{text}\n", None)[1].startswith(f"to install it: python -m pip install '{requirement}'")


def test_a_package_of_cmake_s_that_debian_has_is_none_that_is_spelled_alike(tree: Path) -> None:
    text = f"CMake Error at a.cmake:2 (message):\n  Could NOT find Qt6Svg (missing: X)\n\n{CONFIGURED}"
    assert explain.explained(text, tree)[2] == "to install it: apt-get install -y qt6-svg-dev"


def test_all_that_the_last_lines_name_alike_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    text = "Looking\nYou are missing eigen3\nYou are missing the unheard-of library\nYou are missing SWIG\n"
    assert explain.explained(text, tree)[:2] == (
        "why it failed: You are missing: eigen3, unheard-of, SWIG",
        "what it is: dep:generic/eigen, dep:generic/swig",
    )
    assert explain.explained(f"{text}Giving up.\n", tree)[1] == "what it is: dep:generic/eigen"


def test_all_of_a_list_of_what_is_missing_is_named(tree: Path) -> None:
    text = "Error: Missing required libraries:\n  - unheard-of\n  - eigen3\n  - ldap\n\nInstall them.\n"
    assert explain.explained(text, tree)[:2] == (
        "why it failed: Error: Missing required libraries: unheard-of, eigen3, ldap",
        "what it is: dep:generic/eigen, dep:generic/openldap",
    )


def test_a_package_s_name_in_a_message_is_a_library(tree: Path) -> None:
    text = (
        'Traceback (most recent call last):\n  File "setup.py", line 1, in <module>\n'
        "Exception: run: apt-get install libssl-dev\n"
    )
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/openssl"


def test_a_header_is_known_by_the_folder_that_the_compiler_looked_in(tree: Path) -> None:
    command = "gcc -I/usr/include/hunspell -c a.cpp -o a.o\n"
    text = f"{command}a.cpp:2:10: fatal error: hunspell.hxx: No such file or directory\n{FAILED}"
    assert explain.explained(text, tree)[1] == "what it is: dep:generic/hunspell"


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("hdf.h", "dep:generic/hdf4"),  # its folder, hdf/, is that library's own
        ("json.h", "the catalogue knows no library or program of that name"),  # json/ is jsoncpp's, json.h json-c's too
    ],
)
def test_a_header_in_no_folder_is_that_of_a_folder_of_the_same_name_if_it_is_a_library_s_own(
    tree: Path, header: str, what: str
) -> None:
    text = f"a.c:2:10: fatal error: {header}: No such file or directory\n{FAILED}"
    assert explain.explained(text, tree)[1] == f"what it is: {what}"


def test_a_config_program_that_no_record_has_is_named_all_the_same(tree: Path) -> None:
    text = "running build_ext\nerror: [Errno 2] No such file or directory: 'nobodys-config'\n"
    assert explain.explained(text, tree) == (
        "why it failed: error: [Errno 2] No such file or directory: 'nobodys-config'",
        "what it is: the catalogue knows no library or program of that name",
    )


def test_places_are_told_from_the_top_of_the_tree_and_not_of_what_was_built(tree: Path) -> None:
    (tree / "build/lib.linux").mkdir(parents=True)
    (tree / "build/lib.linux/b.pyx").write_text("cdef extern from 'lber.h':\n    pass\n")
    text = f"{tree}/a.c:2:10: fatal error: lber.h: No such file or directory\n{FAILED}"
    lines = explain.explained(text, tree)
    assert lines[0] == "why it failed: a.c:2: gcc found no header 'lber.h'"
    assert lines[3] == "asked for at: a.c:2: #include <lber.h>; setup.py:2: libraries='ldap'"


def test_the_lines_are_told_to_whatever_stands_in_for_standard_error(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=written.append, flush=lambda: None))
    monkeypatch.setattr("atexit.register", lambda call, *arguments: call(*arguments))
    explain.at_exit(f"a.c:2:10: fatal error: lber.h: No such file or directory\n{FAILED}", SystemExit(1), tree)
    assert [line.partition(":")[0] for line in "".join(written).splitlines()] == ["backlit"] * 4


@pytest.mark.parametrize(
    ("libraries", "package"),
    [(["SDL"], "libsdl1.2-dev"), (["ldap", "SDL2"], "libsdl2-dev"), (["SDL", "SDL2"], ""), (["ldap"], "")],
)
def test_a_header_of_several_series_is_that_of_the_one_which_the_source_links(
    tree: Path, libraries: list[str], package: str
) -> None:
    (tree / "setup.py").write_text(
        "from setuptools import Extension, setup\n"
        f"setup(name='a', ext_modules=[Extension('a', ['a.c'], libraries={libraries})])\n"
    )
    lines = explain.explained(f"a.c:2:10: fatal error: SDL.h: No such file or directory\n{FAILED}", tree)
    assert [line for line in lines if line.startswith("to install it: ")] == (
        [f"to install it: apt-get install -y {package}"] if package else []
    )


@pytest.mark.parametrize("text", ["", "a.c:3:1: error: expected ';'\n" + FAILED, "KeyError: 'x'\n"])
def test_nothing_is_said_of_what_is_not_understood(tree: Path, text: str) -> None:
    assert explain.explained(text, tree) == ()


def test_a_python_module_is_a_requirement_and_no_package_of_the_system(tree: Path) -> None:
    text = (
        'Traceback (most recent call last):\n  File "setup.py", line 1, in <module>\n'
        "ModuleNotFoundError: No module named 'Cython'\n"
    )
    assert explain.explained(text, tree)[:2] == (
        "why it failed: ModuleNotFoundError: No module named 'Cython'",
        "to install it: python -m pip install 'Cython', or name it in [build-system] requires",
    )


NO_MODULE = 'Traceback (most recent call last):\n  File "setup.py", line 1, in <module>\nImportError: No module named '


def test_a_module_that_nobody_knows_is_the_distribution_that_the_project_names(tree: Path) -> None:
    text = f"{NO_MODULE}zz_helper\n"
    assert explain.explained(text, tree) == ()  # what PyPI has of that name may be anybody's
    (tree / "setup.cfg").write_text("[options]\nsetup_requires = zz-helper>=2\n")
    assert explain.explained(text, tree)[1:] == (
        "to install it: python -m pip install 'zz-helper>=2', or name it in [build-system] requires",
        "asked for at: setup.cfg:2: setup_requires",
    )


def test_what_the_build_system_lists_need_not_be_listed(tree: Path) -> None:
    (tree / "pyproject.toml").write_text("[build-system]\nrequires = ['zz.helper']\n")
    lines = explain.explained(f"{NO_MODULE}zz_helper\n", tree)
    assert lines[1:] == (
        "to install it: python -m pip install 'zz.helper'",
        "asked for at: pyproject.toml:2: build-system.requires",
    )


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("You need to have stated installed.", "'stated==3'"),
        ("Cannot find attrs. Install it: pip install attrs", "'attrs'"),
        ("Cannot find attrs.", ""),
    ],
)
def test_a_word_is_a_distribution_where_the_project_or_the_sentence_says_so(tree: Path, said: str, cure: str) -> None:
    (tree / "requirements.txt").write_text("stated==3\n")
    lines = explain.explained(f"{said}\n", tree)
    assert [line for line in lines if line.startswith("to install it: ")] == (
        [f"to install it: python -m pip install {cure}, or name it in [build-system] requires"] if cure else []
    )


BACKEND = """\
import subprocess, sys

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    print("printed and not flushed")
    code = "import sys; sys.stderr.write('a.c:2:10: fatal error: lber.h: No such file or directory\\\\n'); sys.exit(1)"
    subprocess.run([sys.executable, "-c", code], check=True)
"""


def test_a_hook_that_fails_ends_with_the_lines_and_its_own_error_is_as_it_was(tree: Path) -> None:
    (tree / "own.py").write_text(BACKEND)
    (tree / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'
        '[project]\nname = "a"\nversion = "1"\n'
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLIT")}
    environment = {**kept, "PYTHONPATH": str(Path(backlit.__file__).parents[1])}
    command = [sys.executable, "-c", "import os, backlit; backlit.build_wheel(os.getcwd())"]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == "printed and not flushed\n"
    lines = done.stderr.splitlines()
    assert lines[0] == "a.c:2:10: fatal error: lber.h: No such file or directory"
    error = next(number for number, line in enumerate(lines) if line.startswith("subprocess.CalledProcessError: "))
    assert lines[error + 1] == "backlit: why it failed: a.c:2: gcc found no header 'lber.h'"
    assert lines[-1] == "backlit: asked for at: a.c:2: #include <lber.h>; setup.py:2: libraries='ldap'"
    assert len(lines) - error - 1 <= 5
