"""Shims: the real program gets what it was given, and the record says so."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from backlit.trace import records, shims

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.trace.records import Record

SHOW = """#!/bin/sh
for each do printf '%s\\0' "$each"; done
printf '%s' "$PATH" >"$SHOWN"
exit 5
"""
"""Prints its arguments, each ended by NUL, writes down its PATH, and fails."""


class Bench(NamedTuple):
    """Shims over a folder of programs."""

    tools: Path
    """Where the real programs are."""
    shims: Path
    """Where their shims are, once made."""
    trace: Path
    """Where the records go."""
    variables: dict[str, str]
    """The environment of a build."""

    def program(self, name: str, text: str = SHOW) -> Path:
        """Add a real program; give its path."""
        path = self.tools / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def make(self, prefix_map: tuple[str, str] | None = None) -> frozenset[str]:
        """Make the shims; give their names."""
        return shims.create(shims.Plan(str(self.shims), f"{self.tools}:/usr/bin:/bin", prefix_map))

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command in the build's environment."""
        return subprocess.run(
            command, env={**self.variables, **variables}, cwd=self.tools.parent, capture_output=True, check=False
        )

    def records(self) -> list[Record]:
        """Give what the shims wrote down."""
        found, faults = records.read(self.trace / "records")
        assert faults == []
        return found


def bench_in(folder: Path) -> Bench:
    tools, trace = folder / "tools", folder / "trace"
    shims_ = folder / "backlit-shims"
    for each in (tools, trace / "records", trace / "deps"):
        each.mkdir(parents=True)
    variables = {
        "PATH": f"{shims_}:{tools}:/usr/bin:/bin",
        "_BACKLIT_TRACE": str(trace),
        "SHOWN": str(folder / "shown"),
    }
    return Bench(tools, shims_, trace, variables)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return bench_in(tmp_path)


KINDS: Final = ("gcc", "clang", "ld", "ar", "rustc", "pkg-config", "foo-config", "cmake", "make")
each_kind = pytest.mark.parametrize("name", KINDS)
ARGUMENTS: Final = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=5)


@each_kind
def test_arguments_and_status_pass_through(bench: Bench, name: str) -> None:
    real = bench.program(name)
    bench.make()
    given_ = ["-c", "", "a b", "'\"$(id)`", "new\nline", "*", "ü", "\\n"]
    done = bench.run(name, *given_)
    assert done.stdout.decode().split("\0")[:-1] == given_
    assert done.returncode == 5
    (record,) = bench.records()
    assert (record.program, record.arguments) == (str(real), tuple(given_))
    assert record.cwd == str(bench.tools.parent)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(arguments=ARGUMENTS)
def test_any_arguments_reach_the_program(tmp_path_factory: pytest.TempPathFactory, arguments: list[str]) -> None:
    bench = bench_in(tmp_path_factory.mktemp("b"))
    bench.program("gcc")
    bench.make()
    done = bench.run("gcc", *arguments)
    assert done.stdout.decode().split("\0")[:-1] == arguments
    found, faults = records.read(bench.trace / "records")
    assert faults or [record.arguments for record in found] == [tuple(arguments)]


def test_an_argument_of_130_kilobytes_passes(bench: Bench) -> None:
    bench.program("gcc")
    bench.make()
    long = "x" * 130_000
    assert bench.run("gcc", long, "y").stdout.decode().split("\0")[:-1] == [long, "y"]
    assert bench.records()[0].arguments == (long, "y")


@pytest.mark.parametrize("folder", ["it's", "a b", "$(id)", "a;b", "ü\n", "`x`", "*", '"', "\\", "}"])
def test_any_folder_will_do(tmp_path: Path, folder: str) -> None:
    bench = bench_in(tmp_path / folder)
    real = bench.program("gcc")
    bench.make()
    assert bench.run("gcc", "-c").stdout == b"-c\0"
    assert bench.records()[0].program == str(real)


@each_kind
def test_without_the_trace_a_shim_only_becomes_the_program(bench: Bench, name: str) -> None:
    bench.program(name)
    bench.make()
    shutil.rmtree(bench.trace)
    done = bench.run(name, "-c")
    assert (done.stdout, done.stderr, done.returncode) == (b"-c\0", b"", 5)
    assert not bench.trace.exists()


def test_records_that_cannot_be_written_do_not_disturb(bench: Bench) -> None:
    bench.program("gcc")
    bench.make()
    done = bench.run("gcc", "-c", _BACKLIT_TRACE="/proc/self")
    assert (done.stdout, done.stderr, done.returncode) == (b"-c\0", b"", 5)


@each_kind
def test_the_environment_is_as_it_was(bench: Bench, name: str) -> None:
    bench.program(name, "#!/bin/sh\nexec /usr/bin/env -0\n")
    bench.make()
    ours = {"_BACKLIT_SHIM", "SUNPRO_DEPENDENCIES", "CC_PRINT_HEADERS", "CC_PRINT_HEADERS_FILE"}
    sh = {"PWD", "OLDPWD", "SHLVL", "_"}
    path = {"PATH"} if name == "cmake" else set()
    shown = bench.run(name, IFS="x", _="y", t="z").stdout.decode()
    seen = dict(each.split("=", 1) for each in shown.split("\0") if each)
    expected = {**bench.variables, "t": "z", "IFS": "x"}
    left_out = ours | sh | path | {"IFS"}
    assert {k: v for k, v in seen.items() if k not in left_out} == {
        k: v for k, v in expected.items() if k not in left_out
    }


@pytest.mark.parametrize(("name", "status"), [("pkg-config", 5), ("foo-config", 5), ("gcc", None), ("make", None)])
def test_the_status_of_a_question_is_known(bench: Bench, name: str, status: int | None) -> None:
    bench.program(name)
    bench.make()
    bench.run(name)
    assert bench.records()[0].status == status


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{shims}:/usr/bin:/bin", "/usr/bin:/bin"),
        ("/usr/bin:{shims}:/bin", "/usr/bin:/bin"),
        ("/usr/bin:/bin:{shims}", "/usr/bin:/bin"),
        ("{shims}:{shims}:/usr/bin:/bin", "/usr/bin:/bin"),
        ("{shims}::/usr/bin:/bin", ":/usr/bin:/bin"),
        ("{shims}:/usr/bin:/bin:", "/usr/bin:/bin:"),
    ],
)
def test_cmake_does_not_find_the_shims(bench: Bench, before: str, after: str) -> None:
    bench.program("cmake")
    bench.make()
    bench.run(str(bench.shims / "cmake"), PATH=before.format(shims=bench.shims))
    assert (bench.tools.parent / "shown").read_text() == after


def test_a_response_file_is_kept(bench: Bench) -> None:
    bench.program("gcc", "#!/bin/sh\nrm -f a.rsp\n")
    bench.make()
    (bench.tools.parent / "a.rsp").write_text("a.o b.o\n'c d.o'")
    bench.run("gcc", "-shared", "@a.rsp", "@gone", "user@host")
    (record,) = bench.records()
    assert record.arguments == ("-shared", "@a.rsp", "@gone", "user@host")
    assert record.responses == ((1, "a.o b.o\n'c d.o'"),)


@pytest.mark.parametrize("variables", [{"COLLECT_GCC": "gcc"}], ids=["below gcc"])
def test_a_linker_below_its_driver_is_the_drivers_affair(bench: Bench, variables: dict[str, str]) -> None:
    bench.program("ld")
    bench.make()
    (bench.tools.parent / "a.rsp").write_text("a.o")
    assert bench.run("ld", "@a.rsp", **variables).returncode == 5
    assert bench.records() == []


def test_a_script_that_looks_for_its_own_name_finds_the_next(bench: Bench) -> None:
    later = bench.tools.parent / "later"
    later.mkdir()
    bench.program("gcc", '#!/bin/sh\nPATH=${PATH#*/tools:}\nexec gcc wrapped "$@"\n')
    real = bench.program("real")
    shutil.move(real, later / "gcc")
    bench.make()
    path = f"{bench.shims}:{bench.tools}:{later}:/usr/bin:/bin"
    # The wrapper takes its own folder away, and whatever stands before it.
    assert bench.run("gcc", "-c", PATH=path).stdout == b"wrapped\0-c\0"


def test_a_script_that_keeps_the_shims_on_its_path_does_not_loop(bench: Bench) -> None:
    marker = bench.tools.parent / "again"
    bench.program("gcc", f'#!/bin/sh\nif [ -e {marker} ]; then echo done; exit; fi\n: >{marker}\ngcc "$@"\n')
    bench.make()
    assert bench.run("gcc", "-c").stdout == b"done\n"
    assert len(bench.records()) == 1


def test_gcc_is_told_where_to_list_headers(bench: Bench) -> None:
    bench.program("gcc", '#!/bin/sh\nprintf "$SUNPRO_DEPENDENCIES"\n')
    bench.make()
    listed = bench.run("gcc").stdout.decode()
    assert listed == f"{bench.trace}/deps/{bench.records()[0].pid}"


@pytest.mark.parametrize("variable", ["SUNPRO_DEPENDENCIES", "DEPENDENCIES_OUTPUT"])
def test_a_list_that_the_user_asked_for_is_the_users(bench: Bench, variable: str) -> None:
    bench.program("gcc", f'#!/bin/sh\nprintf "%s|" "$SUNPRO_DEPENDENCIES" "${variable}"\n')
    bench.make()
    users = bench.run("gcc", **{variable: "/mine"}).stdout.decode()
    assert users == ("/mine|/mine|" if variable == "SUNPRO_DEPENDENCIES" else "|/mine|")


def test_a_shim_is_as_old_as_the_newest_program_that_it_stands_for(bench: Bench) -> None:
    # The machine's own compilers and config programs have the same shims.
    os.utime(bench.program("gcc-7"), (4_000_000_000, 4_000_000_000))
    os.utime(bench.program("foo-config"), (3_000_000_000, 3_000_000_000))
    bench.make()
    times = [(bench.shims / name).stat().st_mtime for name in ("gcc-7", "foo-config")]
    assert times == [4_000_000_000, 3_000_000_000]


def test_a_launcher_finds_no_shim_for_the_compiler(bench: Bench) -> None:
    bench.program("sccache")
    bench.program("gcc")
    assert {"sccache", "gcc"} <= bench.make()
    assert bench.run("sccache", "gcc", "-c", "a.c").stdout == b"gcc\0-c\0a.c\0"
    assert str(bench.shims) not in (bench.shims.parent / "shown").read_text()
    assert [record.arguments for record in bench.records()] == [("gcc", "-c", "a.c")]


def test_a_launcher_finds_the_shim_that_maps_a_scratch_folder(bench: Bench) -> None:
    bench.program("sccache")
    assert "sccache" not in bench.make((str(bench.tools), "/original"))


def test_a_compiler_that_is_a_link_to_ccache_is_not_told(bench: Bench) -> None:
    bench.program("ccache", '#!/bin/sh\nprintf "%s|" "$SUNPRO_DEPENDENCIES" "$PATH"\n')
    (bench.tools / "gcc").symlink_to("ccache")
    assert "ccache" not in bench.make()
    told, path, _ = bench.run("gcc").stdout.decode().split("|")
    assert told == ""
    assert path == f"{bench.tools}:/usr/bin:/bin"


@pytest.mark.parametrize(("accepts", "expected"), [(True, b"-ffile-prefix-map=/s=/o\0-c\0"), (False, b"-c\0")])
def test_a_scratch_folder_is_mapped_where_the_compiler_takes_it(
    bench: Bench,
    accepts: bool,  # noqa: FBT001 - a column of the table
    expected: bytes,
) -> None:
    refuse = "" if accepts else 'case "$*" in *prefix-map*) exit 1 ;; esac\n'
    bench.program("gcc", f'#!/bin/sh\n{refuse}for each do printf "%s\\0" "$each"; done\n')
    bench.make(("/s", "/o"))
    assert bench.run("gcc", "-c").stdout == expected
    assert bench.records()[0].arguments == ("-c",)


def test_relative_folders_and_other_builds_shims_are_passed_over(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    other = bench.tools.parent / "other" / "backlit-shims"
    other.mkdir(parents=True)
    real = bench.program("gcc")
    shutil.copy(real, other / "gcc")
    shutil.copy(real, bench.tools.parent / "clang")
    monkeypatch.chdir(bench.tools.parent)
    found = {name: program for name, program, _ in shims.programs(f"{other}::.:tools:{bench.tools}")}
    assert found == {"gcc": str(real)}


def test_a_setup_py_that_takes_hard_links_away_takes_no_shims_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gcc", "cc"):
        bench.program(name)
    monkeypatch.delattr("os.link")
    assert {"cc", "gcc"} <= bench.make()
    for name in ("gcc", "cc"):
        assert bench.run(str(bench.shims / name), "-c").stdout == b"-c\0"


def test_a_folder_that_is_there_already_is_left_alone(bench: Bench) -> None:
    bench.program("gcc")
    bench.make()
    before = (bench.shims / "gcc").stat().st_ino
    bench.make()
    assert (bench.shims / "gcc").stat().st_ino == before
    assert [path.name for path in bench.tools.parent.glob("backlit-shims*")] == ["backlit-shims"]
