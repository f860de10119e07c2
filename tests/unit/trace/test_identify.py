"""Compilers, asked about themselves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backlit.trace import identify
from backlit.trace.identify import Identity

ANSWERS = {
    "gcc": ("12.2.0\n", "x86_64-linux-gnu\n", Identity("12.2.0", "x86_64-linux-gnu")),
    "clang": (
        "Debian clang version 14.0.6\nTarget: x\n",
        "x86_64-pc-linux-gnu\n",
        Identity("14.0.6", "x86_64-pc-linux-gnu"),
    ),
    "rustc": (
        "rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n",
        "",
        Identity("1.95.0", "x86_64-unknown-linux-gnu"),
    ),
    "ld": ("GNU ld (GNU Binutils for Debian) 2.40\n", "", Identity("2.40", None)),
    "ld.lld": ("Debian LLD 14.0.6 (compatible with GNU linkers)\n", "", Identity("14.0.6", None)),
    "nvcc": ("Cuda compilation tools, release 12.0, V12.0.140\n", "", Identity("12.0.140", None)),
}


def program(folder: Path, name: str, version: str, target: str) -> str:
    (folder / "version").write_text(version)
    (folder / "target").write_text(target)
    path = folder / name
    path.write_text(f'#!/bin/sh\ncase $1 in -dumpmachine) cat "{folder}/target" ;; *) cat "{folder}/version" ;; esac\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", ANSWERS)
def test_version_and_target(tmp_path: Path, name: str) -> None:
    version, target, expected = ANSWERS[name]
    assert identify.identify(program(tmp_path, name, version, target)) == expected


def test_a_compiler_that_says_nothing_known_has_no_version(tmp_path: Path) -> None:
    assert identify.identify(program(tmp_path, "gcc", "eh?\n", "")) == Identity(None, None)


@pytest.mark.parametrize("path", ["gcc", "/no/such/gcc", "/bin/true"])
def test_what_is_no_compiler_is_not_known(path: str) -> None:
    assert identify.identify(path) is None


def test_a_compiler_that_says_nothing_has_no_folders(tmp_path: Path) -> None:
    assert identify.search_dirs(program(tmp_path, "gcc", "", ""), ()) == ()


@pytest.mark.compiler
def test_the_real_gcc_looks_where_its_libraries_are() -> None:
    gcc = shutil.which("gcc")
    if not gcc:
        pytest.skip("no gcc")
    folders = identify.search_dirs(gcc, ("-O2",))
    assert any(Path(folder, "libc.so").exists() for folder in folders)


def test_a_driver_around_another_compiler_tells_its_folders(tmp_path: Path) -> None:
    for folder in ("include", "include/cccl", "lib", "bin"):
        (tmp_path / folder).mkdir()
    nvcc = tmp_path / "bin" / "nvcc"
    says = f"""#$ _SPACE_=
#$ INCLUDES="-I{tmp_path}/bin/../include"
#$ SYSTEM_INCLUDES="-isystem" "{tmp_path}/include/cccl"
#$ LIBRARIES=  "-L{tmp_path}/lib/stubs" "-L{tmp_path}/lib"
#$ cc -E -x c++ "-I{tmp_path}/other" k.cu"""
    nvcc.write_text(f"#!/bin/sh\ncat >&2 <<'EOF'\n{says}\nEOF\n")
    nvcc.chmod(0o755)
    assert identify.toolkit(str(nvcc)) == (
        (f"{tmp_path}/include", f"{tmp_path}/include/cccl"),
        (f"{tmp_path}/lib",),
        shutil.which("cc") or "",
    )
    assert identify.search_dirs(str(nvcc), ())[0] == f"{tmp_path}/lib"


def test_another_compiler_has_no_toolkit(tmp_path: Path) -> None:
    assert identify.toolkit(program(tmp_path, "gcc", "12\n", "")) is None
