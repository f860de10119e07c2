"""Which machine is which."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backlit import binfmt
from backlit.model.invocation import Compilation, Invocation, Mechanism, Role
from backlit.pipeline import machines
from backlit.pipeline.machines import Machines

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = {
    "x86_64-linux-gnu": "linux-x86_64",
    "x86_64-pc-linux-gnu": "linux-x86_64",
    "i686-linux-gnu": "linux-i686",
    "i386-redhat-linux": "linux-i686",
    "aarch64-linux-gnu": "linux-aarch64",
    "aarch64-conda-linux-gnu": "linux-aarch64",
    "aarch64-unknown-linux-musl": "linux-aarch64",
    "aarch64-linux-android21": "android-aarch64",
    "arm-linux-gnueabihf": "linux-arm",
    "armv7l-unknown-linux-gnueabihf": "linux-arm",
    "thumbv7neon-unknown-linux-gnueabihf": "linux-arm",
    "riscv64-linux-gnu": "linux-riscv64",
    "riscv64gc-unknown-linux-gnu": "linux-riscv64",
    "powerpc64le-linux-gnu": "linux-ppc64le",
    "s390x-linux-gnu": "linux-s390x",
    "mips64el-linux-gnuabi64": "linux-mips64",
    "loongarch64-unknown-linux-gnu": "linux-loongarch64",
    "arm64-apple-darwin23.1.0": "darwin-arm64",
    "x86_64-apple-macosx11.0": "darwin-x86_64",
    "x86_64-w64-mingw32": "win32-AMD64",
    "aarch64-pc-windows-msvc": "win32-ARM64",
    "wasm32-unknown-emscripten": None,
    "nvptx64-nvidia-cuda": None,
    "": None,
}


@pytest.mark.parametrize(("target", "machine"), TARGETS.items(), ids=TARGETS)
def test_a_target_names_a_machine(target: str, machine: str | None) -> None:
    assert machines.of_target(target) == machine


def test_what_the_platform_module_is_made_to_say_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere it is asked")
    before = machines.this()
    monkeypatch.setattr("platform.machine", lambda: "aarch128")
    assert machines.this() == before
    assert before in {f"linux-{os.uname().machine}", "linux-i686", "linux-arm"}


def test_a_chroot_without_proc_is_a_machine_too(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("there is no /proc")
    before = machines.this()
    read = binfmt.architecture_of

    def gone(path: Path) -> str | None:
        return read(path if str(path) != "/proc/self/exe" else path / "gone")

    monkeypatch.setattr("backlit.binfmt.architecture_of", gone)
    monkeypatch.setattr("platform.machine", lambda: "aarch128")
    assert machines.this() == before
    monkeypatch.setattr("sys.executable", "")
    assert machines.this() == "linux-aarch128"


def compilation(tmp_path: Path, target: str, *arguments: str, flags: tuple[str, ...] = ()) -> Compilation:
    program = tmp_path / "gcc"
    program.write_text(f'#!/bin/sh\ncase "$*" in *-dumpmachine) echo {target} ;; *) echo 12.2.0 ;; esac\n')
    program.chmod(0o755)
    invocation = Invocation(str(program), arguments, "/", Mechanism.SHIM)
    return Compilation(invocation, family="gcc", language="c", role=Role.COMPILE, flags=flags)


@pytest.mark.parametrize(
    ("target", "flags", "hosts", "role"),
    [
        ("x86_64-linux-gnu", (), {"linux-x86_64"}, "host"),
        ("x86_64-linux-gnu", (), {"linux-aarch64"}, "build"),
        ("aarch64-linux-gnu", (), {"linux-aarch64"}, "host"),
        ("x86_64-linux-gnu", ("-m32",), {"linux-i686"}, "host"),
        ("x86_64-w64-mingw32", (), {"win32-AMD64"}, "host"),
        ("x86_64-w64-mingw32", (), {"linux-aarch64"}, None),
        ("x86_64-linux-gnu", (), set(), None),
        ("", (), {"linux-x86_64"}, None),
    ],
)
def test_a_compilation_is_for_one_of_the_machines(
    tmp_path: Path, target: str, flags: tuple[str, ...], hosts: set[str], role: str | None
) -> None:
    known = Machines("linux-x86_64", frozenset(hosts))
    assert known.role(compilation(tmp_path, target, flags=flags)) == role


def test_apples_compilers_are_told_the_architecture_apart(tmp_path: Path) -> None:
    item = compilation(tmp_path, "arm64-apple-darwin23.1.0", "-arch", "x86_64", "-c", "a.c")
    assert Machines("darwin-arm64", frozenset({"darwin-x86_64"})).role(item) == "host"


@pytest.mark.compiler
def test_the_machine_of_what_a_linker_takes_is_told(tmp_path: Path) -> None:
    from pathlib import Path  # noqa: PLC0415 - for this test alone

    (tmp_path / "a_name_longer_than_sixteen.c").write_text("int a;\n")
    subprocess.run(["cc", "-c", "a_name_longer_than_sixteen.c"], cwd=tmp_path, check=True)
    subprocess.run(["ar", "rcs", "liba.a", "a_name_longer_than_sixteen.o"], cwd=tmp_path, check=True)
    (tmp_path / "libscript.so").write_text("INPUT(libz.so.1)\n")
    (tmp_path / "libempty.a").write_bytes(b"!<arch>\n")
    expected = machines.this().partition("-")[2]
    assert binfmt.architecture_of(tmp_path / "liba.a") == expected
    assert binfmt.architecture_of(tmp_path / "a_name_longer_than_sixteen.o") == expected
    assert binfmt.architecture_of(Path(sys.executable)) == expected
    assert binfmt.architecture_of(tmp_path / "libscript.so") is None
    assert binfmt.architecture_of(tmp_path / "libempty.a") is None
