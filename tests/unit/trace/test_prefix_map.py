"""What compilers are told of a scratch folder, without an argument on their command lines."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.trace import prefix_map

if TYPE_CHECKING:
    from pathlib import Path

USUAL = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_variables_of_the_users_are_kept(tmp_path: Path) -> None:
    program(tmp_path / "bin", "clang-14", "exit 0")
    (tmp_path / "bin" / "clang").symlink_to("clang-14")
    given = {
        "PATH": str(tmp_path / "bin"),
        "LIBRARY_PATH": "/own/lib",
        "COMPILER_PATH": "/own/parts",
        "CCC_OVERRIDE_OPTIONS": "^-g",
    }
    told = prefix_map.variables("/specs", ("/a", "/b"), given, shims=True)
    assert told == {
        "LIBRARY_PATH": "/specs:/own/lib",
        "COMPILER_PATH": "/specs/parts:/own/parts",
        "CCC_OVERRIDE_OPTIONS": "^-g ^-ffile-prefix-map=/a=/b",
    }


@pytest.mark.parametrize(
    ("name", "script", "told"),
    [("clang-9", "exit 0", False), ("clang-10", "exit 1", True), ("any", "exit 0", True), ("any", "exit 1", False)],
)
def test_a_clang_that_does_not_know_the_option_is_not_told(
    tmp_path: Path, name: str, script: str, *, told: bool
) -> None:
    program(tmp_path / "bin", name, script)
    (tmp_path / "bin" / "clang").symlink_to(name)
    given = {"PATH": str(tmp_path / "bin")}
    assert ("CCC_OVERRIDE_OPTIONS" in prefix_map.variables("/s", ("/a", "/b"), given, shims=True)) is told
    assert "CCC_OVERRIDE_OPTIONS" not in prefix_map.variables("/s", ("/a b", "/c"), given, shims=True)


@pytest.mark.parametrize(("folder", "pair"), [("/s", ("/a=b", "/c")), ("/s:t", ("/a", "/c"))])
def test_names_that_nobody_takes_are_not_told(folder: str, pair: tuple[str, str]) -> None:
    assert prefix_map.variables(folder, pair, USUAL, shims=False) == {}


@pytest.mark.parametrize("before", ["", "sccache"])
def test_rustc_is_told_by_a_wrapper_where_no_shim_tells_it(tmp_path: Path, before: str) -> None:
    program(tmp_path / "bin", "rustc", 'printf "%s\\n" rustc "$@"')
    program(tmp_path / "bin", "sccache", 'printf "%s\\n" sccache "$@"')
    given = {"PATH": f"{tmp_path / 'bin'}:/bin", **({"RUSTC_WRAPPER": before} if before else {})}
    specs = str(tmp_path / "specs")
    assert "RUSTC_WRAPPER" not in prefix_map.variables(specs, ("/a b", "/c"), given, shims=True)
    told = prefix_map.variables(specs, ("/a b", "/c"), given, shims=False)
    prefix_map.prepare(specs, ("/a b", "/c"), given)
    command = [told["RUSTC_WRAPPER"], "rustc", "-vV"]
    printed = subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout.splitlines()
    assert printed == [*([before, "rustc"] if before else ["rustc"]), "-vV", "--remap-path-prefix=/a b=/c"]


def test_an_old_gcc_and_one_that_says_nothing_get_no_specs(tmp_path: Path) -> None:
    answer = (
        'case $1 in -dumpspecs) echo; echo "*link_command:" ;; '
        '*) echo "install: {}"; echo "libraries: =$LIBRARY_PATH/x86_64-linux-gnu/:/lib/" ;; esac'
    )
    program(tmp_path / "bin", "gcc-7", answer.format("/usr/lib/gcc/x86_64-linux-gnu/7/"))
    program(tmp_path / "bin", "gcc-8", answer.format("/usr/lib/gcc/x86_64-linux-gnu/8.3.0/"))
    program(tmp_path / "bin", "gcc", "exit 1")
    prefix_map.prepare(str(tmp_path / "specs"), ("/a", "/b"), {"PATH": f"{tmp_path / 'bin'}:/nowhere"})
    found = [path.relative_to(tmp_path / "specs").as_posix() for path in (tmp_path / "specs").rglob("specs")]
    assert found == ["x86_64-linux-gnu/8.3.0/specs"]


@pytest.mark.compiler
@pytest.mark.parametrize("name", ["copy", "a b%c{d}*;e|f,g"])
@pytest.mark.parametrize("compiler", ["gcc", "aarch64-linux-gnu-gcc", "riscv64-linux-gnu-gcc"])
def test_a_gcc_that_is_started_by_its_path_writes_the_other_path_and_all_else_as_ever(
    tmp_path: Path, compiler: str, name: str
) -> None:
    gcc = shutil.which(compiler)
    if gcc is None:
        pytest.skip(f"{compiler} is not installed")
    found = {}
    for place in (tmp_path / name, tmp_path / "tree"):
        place.mkdir()
        (place / "a.c").write_text("const char *f(void) { return __FILE__; }\n")
        (place / "b.S").write_text(".globl g\ng: nop\n")
        told = {}
        if place.name == name:
            pair = (str(place), str(tmp_path / "tree"))
            prefix_map.prepare(str(tmp_path / "specs"), pair, USUAL)
            told = prefix_map.variables(str(tmp_path / "specs"), pair, USUAL, shims=True)
        for command in (
            [gcc, "-g", "-fPIC", "-c", f"{place}/a.c", "-o", "a.o"],
            [gcc, "-g", "-c", f"{place}/b.S", "-o", "b.o"],
            [gcc, "-shared", "-nostdlib", "-Wl,-z,noexecstack", "a.o", "b.o", "-o", "m.so"],
        ):
            subprocess.run(command, cwd=place, env={**USUAL, **told}, check=True)
        found[place.name] = (place / "m.so").read_bytes()
    assert found[name] == found["tree"]
    assert str(tmp_path / "tree").encode() in found[name]


def test_a_compiler_of_the_same_name_elsewhere_gets_its_own_parts(tmp_path: Path) -> None:
    places = {}
    for place in ("one", "two"):
        part = program(tmp_path / place / "lib" / "q-linux" / "12", "cc1", f'echo {place} "$@"')
        answer = f'echo "install: {part.parent}/"; echo "programs: ={part.parent}/"; echo "libraries: =/lib/"'
        script = f'case $1 in -print-prog-name=cc1) echo "{part}" ;; *) {answer} ;; esac'
        places[place] = str(program(tmp_path / place / "bin", "q-linux-gcc", script))
    given = {"PATH": f"{tmp_path / 'one' / 'bin'}:/usr/bin:/bin"}
    prefix_map.prepare(str(tmp_path / "specs"), ("/a", "/b"), given)
    stand_in = tmp_path / "specs" / "parts" / "q-linux" / "12" / "cc1"
    for place, gcc in places.items():
        variables = {**given, "COLLECT_GCC": gcc}
        done = subprocess.run([stand_in, "x.c"], env=variables, capture_output=True, text=True, check=True)
        assert done.stdout == f"{place} x.c -ffile-prefix-map=/a=/b\n"
