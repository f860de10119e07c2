"""Cross builds: which machine is which, whose the libraries are; and what is built is imported where it is for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from kit import SETUPTOOLS, run
from obedience import environment, make_workshop, plant
from sysroots import HOSTS, Sysroot, make

if TYPE_CHECKING:
    from sysroots import Host

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

MODULE = """\
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x03090000
#include <Python.h>
#include <zlib.h>

static PyObject *
checksum(PyObject *module, PyObject *arguments)
{
    const char *bytes;
    Py_ssize_t length;

    if (!PyArg_ParseTuple(arguments, "y#", &bytes, &length))
        return NULL;
    return PyLong_FromUnsignedLong(crc32(0L, (const Bytef *)bytes, (uInt)length));
}

const char *file_of_this(void) { return __FILE__; }

static PyMethodDef methods[] = {{"checksum", checksum, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_crc", NULL, -1, methods};
PyMODINIT_FUNC PyInit__crc(void) { return PyModule_Create(&definition); }
"""

GENERATOR = """\
#include <stdio.h>
#include <zlib.h>
int main(void) { return printf("/* made by zlib %s */\\n", zlibVersion()) < 0; }
"""
SETUP = """\
import os, subprocess
from setuptools import Extension, setup

os.makedirs("build", exist_ok=True)
subprocess.run(["gcc", "generate.c", "-lz", "-o", "build/generate"], check=True)
subprocess.run(["build/generate"], check=True)
crc = Extension("words._crc", ["words/_crc.c"], libraries=["z"], py_limited_api=True)
setup(
    name="words",
    version="1.0",
    packages=["words"],
    ext_modules=[crc],
    options={"bdist_wheel": {"py_limited_api": "cp39"}},
)
"""
MESON = """\
project('words', 'c', version: '1.0')
py = import('python').find_installation(pure: false)
py.extension_module('_crc', 'words/_crc.c', dependencies: [dependency('zlib')], subdir: 'words', install: true,
  limited_api: '3.9')
py.install_sources('words/__init__.py', subdir: 'words')
"""
CMAKE = """\
cmake_minimum_required(VERSION 3.18...3.31)
project(words LANGUAGES C)
find_package(ZLIB REQUIRED)
add_library(_crc MODULE words/_crc.c)
set_target_properties(_crc PROPERTIES PREFIX "" SUFFIX ".abi3.so")
target_include_directories(_crc PRIVATE ${HOST_PYTHON_INCLUDE})
target_link_libraries(_crc PRIVATE ZLIB::ZLIB)
install(TARGETS _crc DESTINATION words)
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "{}"\n[project]\nname = "words"\nversion = "1.0"\n{}'
CROSS_FILE = """\
[binaries]
c = '{triplet}-gcc'
ar = '{triplet}-ar'
strip = '{triplet}-strip'
pkg-config = 'pkg-config'
[built-in options]
c_args = ['--sysroot={root}', '-I{root}/usr/include/python{python}']
c_link_args = ['--sysroot={root}']
[properties]
sys_root = '{root}'
pkg_config_libdir = '{root}/usr/lib/{triplet}/pkgconfig'
[host_machine]
system = 'linux'
cpu_family = '{architecture}'
cpu = '{architecture}'
endian = 'little'
"""
TOOLCHAIN = """\
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR {architecture})
set(CMAKE_SYSROOT {root})
set(CMAKE_C_COMPILER {triplet}-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE {triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(HOST_PYTHON_INCLUDE {root}/usr/include/python{python})
"""


class Project(NamedTuple):
    """A project that links zlib."""

    requires: tuple[str, ...]
    """What its environment holds."""
    files: dict[str, str]
    """Its files, beside those that all have."""
    settings: dict[str, Any] = {}  # noqa: RUF012 - never changed
    """Config settings, with ``{folder}`` for where the files that tell of the host are."""
    variables: dict[str, str] = {}  # noqa: RUF012 - likewise
    """Variables, likewise, and with ``{triplet}`` and ``{root}``."""


COMPILER = {"CC": "{triplet}-gcc --sysroot={root}", "AR": "{triplet}-ar"}
PROJECTS = {
    "setuptools": Project(
        (SETUPTOOLS,),
        {"setup.py": SETUP, "pyproject.toml": PYPROJECT.format("setuptools.build_meta", ""), "generate.c": GENERATOR},
        variables=COMPILER,
    ),
    "meson": Project(
        ("meson-python==0.18.0", "meson==1.8.2", "ninja==1.13.0"),
        {
            "meson.build": MESON,
            "pyproject.toml": PYPROJECT.format("mesonpy", "[tool.meson-python]\nlimited-api = true\n"),
        },
        settings={"setup-args": ["--cross-file={folder}/cross.ini"]},
    ),
    "cmake": Project(
        ("scikit-build-core==1.1.2", "cmake==3.31.6", "ninja==1.13.0"),
        {
            "CMakeLists.txt": CMAKE,
            "pyproject.toml": PYPROJECT.format(
                "scikit_build_core.build", '[tool.scikit-build]\nwheel.py-api = "cp39"\n'
            ),
        },
        variables={"CMAKE_TOOLCHAIN_FILE": "{folder}/toolchain.cmake"},
    ),
}

HOOK = """
import importlib, json, sys
folder, settings = sys.argv[1:]
print("made", importlib.import_module("backlit").build_wheel(folder, json.loads(settings)))
"""


class Built(NamedTuple):
    """A wheel for another machine."""

    report: dict[str, Any]
    """The report."""
    wheel: Path
    """The wheel."""
    sysroot: Sysroot
    """The machine."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for environments."""
    return make_workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module", params=HOSTS, ids=[host.architecture for host in HOSTS])
def sysroot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sysroot:
    """Give a sysroot: that of aarch64 has dpkg's database, that of riscv64 has files alone."""
    host: Host = request.param
    return make(host, tmp_path_factory.mktemp(host.architecture), database=host.architecture == "aarch64")


@pytest.fixture(scope="module", params=PROJECTS)
def built(
    request: pytest.FixtureRequest, sysroot: Sysroot, workshop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """Build one project for one machine, in a scratch copy."""
    return build(PROJECTS[request.param], sysroot, workshop, tmp_path_factory.mktemp("built"))


def build(project: Project, sysroot: Sysroot, workshop: Path, folder: Path) -> Built:
    """Build a project for the machine of a sysroot."""
    host = sysroot.host
    values = {**host._asdict(), "triplet": host.triplet, "root": str(sysroot.path), "folder": str(folder)}
    (folder / "cross.ini").write_text(CROSS_FILE.format(**values))
    (folder / "toolchain.cmake").write_text(TOOLCHAIN.format(**values))
    tree = plant(folder / "words", {"words/__init__.py": "", "words/_crc.c": MODULE, **project.files})
    python = environment(workshop, project.requires)
    variables = {
        "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": f"{workshop / 'finder'}:{sysroot.facts}",
        "_PYTHON_HOST_PLATFORM": f"linux-{host.architecture}",
        "_PYTHON_SYSCONFIGDATA_NAME": f"_sysconfigdata__{host.triplet}",
        "BACKLIT_REPORT": str(folder / "report.json"),
        "BACKLIT_BACKEND": re.findall('build-backend = "(.*)"', project.files["pyproject.toml"])[0],
        **{name: value.format(**values) for name, value in project.variables.items()},
    }
    settings = {name: [value.format(**values) for value in listed] for name, listed in project.settings.items()} | {
        "backlit.copy": "always"
    }
    out = folder / "out"
    out.mkdir()
    run(python, "-B", "-c", HOOK, out, json.dumps(settings), cwd=tree, variables=variables)
    (wheel,) = out.iterdir()
    return Built(json.loads((folder / "report.json").read_text()), wheel, sysroot)


def test_the_machines_are_told_apart(built: Built) -> None:
    host = built.sysroot.host.architecture
    platform = built.report["platform"]
    assert platform["host"] == f"linux-{host}"
    assert platform["cross"] is True
    assert platform["build"] != platform["host"]
    assert built.wheel.name.endswith(f"-abi3-linux_{host}.whl")


def test_the_compiler_is_a_build_tool_for_the_host(built: Built) -> None:
    host = built.sysroot.host
    machines = {item["name"]: (item["machine"], item["target"]) for item in built.report["compilers"]}
    assert machines[f"{host.triplet}-gcc"] == ("host", host.triplet)
    if built.report["backend"]["name"] == "setuptools.build_meta":
        assert machines["gcc"][0] == "build"
        assert machines["gcc"][1] != host.triplet
    for item in built.report["compilers"]:
        assert "?arch=" not in (item["package"] or "") or f"arch={host.debian}" not in item["package"]


def test_the_library_is_the_hosts(built: Built) -> None:
    (zlib,) = built.report["libraries"]
    assert (zlib["id"], zlib["role"]) == ("dep:generic/zlib", "host")
    assert (zlib["linkage"], zlib["used"], zlib["direct"]) == (["dynamic"], True, True)
    assert zlib["names"]["header"] == ["zlib.h"]
    assert zlib["names"]["soname"] == ["libz.so.1"]


def test_the_owner_is_the_hosts_package_or_none(built: Built) -> None:
    (zlib,) = built.report["libraries"]
    owners = {
        (name, role): package
        for package, name, role in (
            (item["purl"], re.findall(r"/([^/@]+)@", item["purl"])[0], item["role"]) for item in zlib["packages"]
        )
    }
    generates = built.report["backend"]["name"] == "setuptools.build_meta"
    wanted = {("zlib1g-dev", "build")} if generates and shutil.which("dpkg") else set()
    if built.sysroot.host.architecture == "aarch64":
        wanted |= {("zlib1g-dev", "host"), ("zlib1g", "run")}
        assert zlib["unowned"] == []
    else:
        (file,) = zlib["unowned"]
        assert (file["soname"], file["path"].rpartition("/")[2][:9]) == ("libz.so.1", "libz.so.1")
        assert file["version"] == zlib_of(built.sysroot)
    assert owners.keys() == wanted
    for (_, role), package in owners.items():
        assert ("arch=arm64" in package) is (role != "build")


def zlib_of(sysroot: Sysroot) -> str:
    """Give the version in the sysroot's zlib.pc."""
    (module,) = sysroot.path.glob("usr/lib/*/pkgconfig/zlib.pc")
    (version,) = re.findall(r"^Version: (\S+)", module.read_text(), re.MULTILINE)
    return str(version)


def test_the_binary_is_read_as_what_it_is(built: Built, tmp_path: Path) -> None:
    (binary,) = built.report["binaries"]
    assert binary["architecture"] == built.sysroot.host.architecture
    with zipfile.ZipFile(built.wheel) as archive:
        path = archive.extract(binary["path"], tmp_path)
    done = subprocess.run(["readelf", "-d", "-W", path], check=True, capture_output=True, text=True)
    assert binary["needed"] == re.findall(r"\(NEEDED\).*\[(.*)\]", done.stdout)


def test_nothing_is_found_amiss_and_the_copy_does_not_show(built: Built) -> None:
    codes = {item["code"] for item in built.report["diagnostics"]}
    assert codes == (set() if built.sysroot.host.architecture == "aarch64" else {"unowned-file"})


def test_it_is_imported_where_it_is_for(built: Built, tmp_path: Path) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        archive.extractall(tmp_path)
    code = "import os; from words import _crc; print(_crc.checksum(b'hello'), os.uname().machine)"
    assert built.sysroot.run(code, tmp_path).split() == ["907060870", built.sysroot.host.architecture]


@pytest.mark.parametrize("sysroot", HOSTS[:1], ids=["aarch64"], indirect=True)
def test_a_wheel_that_is_named_for_another_machine_is_told_on(sysroot: Sysroot, workshop: Path, tmp_path: Path) -> None:
    project = PROJECTS["setuptools"]
    built = build(project._replace(variables={"CC": "gcc"}), sysroot, workshop, tmp_path)
    assert built.report["platform"]["cross"] is False
    codes = {item["code"]: item["severity"] for item in built.report["diagnostics"]}
    assert codes["tag-architecture"] == "warning"


RUST = {
    "setup.py": """
        import shutil, subprocess
        from setuptools import Distribution, setup
        class Native(Distribution):
            def has_ext_modules(self):
                return True
        subprocess.check_call(["cargo", "build", "--offline", "--quiet"])
        shutil.copy("target/aarch64-unknown-linux-gnu/debug/lib_crc.so", "words/_crc.so")
        setup(packages=["words"], package_data={"words": ["*.so"]}, distclass=Native)
    """,
    "pyproject.toml": PYPROJECT.format("setuptools.build_meta", ""),
    "words/__init__.py": "",
    "Cargo.toml": """
        [package]
        name = "words"
        version = "1.0.0"
        edition = "2021"
        [lib]
        name = "_crc"
        crate-type = ["cdylib"]
        [dependencies]
        shipped = { path = "shipped" }
    """,
    "src/lib.rs": '#[no_mangle] pub extern "C" fn one() -> i32 { shipped::one() }\n',
    "shipped/Cargo.toml": """
        [package]
        name = "shipped"
        version = "0.3.0"
        edition = "2021"
        [build-dependencies]
        generator = { path = "../generator" }
    """,
    "shipped/src/lib.rs": "pub fn one() -> i32 { 1 }\n",
    "shipped/build.rs": "fn main() { generator::run() }\n",
    "generator/Cargo.toml": '[package]\nname = "generator"\nversion = "0.9.0"\nedition = "2021"\n',
    "generator/src/lib.rs": "pub fn run() {}\n",
}


def test_rust_for_another_machine_is_told_apart_from_its_build_scripts(workshop: Path, tmp_path: Path) -> None:
    target = "aarch64-unknown-linux-gnu"
    for program in ("cargo", "rustc", "aarch64-linux-gnu-gcc"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    library = run("rustc", "--print", "sysroot", cwd=tmp_path).stdout.strip()
    if not Path(library, "lib", "rustlib", target, "lib").is_dir():
        pytest.skip(f"rustc has no standard library for {target}")
    tree = plant(tmp_path / "words", {name: dedent(text) for name, text in RUST.items()})
    python = environment(workshop, (SETUPTOOLS,))
    (tmp_path / "out").mkdir()
    variables = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(workshop / "finder"),
        "_PYTHON_HOST_PLATFORM": "linux-aarch64",
        "CARGO_BUILD_TARGET": target,
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER": "aarch64-linux-gnu-gcc",
        "BACKLIT_REPORT": str(tmp_path / "report.json"),
        "BACKLIT_BACKEND": "setuptools.build_meta",
    }
    run(python, "-B", "-c", HOOK, tmp_path / "out", "{}", cwd=tree, variables=variables)
    report = json.loads((tmp_path / "report.json").read_text())
    machines = {(item["name"], item["machine"], item["target"]) for item in report["compilers"]}
    assert ("rustc", "host", target) in machines
    assert ("aarch64-linux-gnu-gcc", "host", "aarch64-linux-gnu") in machines
    assert {name for name, machine, _ in machines if machine == "build"} == {"rustc", "cc"}
    assert [(crate["name"], crate["version"]) for crate in report["crates"]] == [("shipped", "0.3.0")]
    assert [binary["architecture"] for binary in report["binaries"]] == ["aarch64"]
    assert report["platform"]["host"] == "linux-aarch64"
