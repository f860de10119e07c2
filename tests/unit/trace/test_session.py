"""A session: what it sets, what it hears, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backlit import trace
from backlit.errors import ConfigError
from backlit.model.invocation import Mechanism, Trace

BUILD_NINJA = "rule r\n command = gcc -c $in -o $out\nbuild a.o: r a.c\n"


def started(folder: Path, mechanism: str = "auto", **variables: str) -> trace.Session:
    folder.mkdir(exist_ok=True)
    return trace.start(folder, mechanism=mechanism, environment={"PATH": os.environ["PATH"], **variables})


def _is_made(session: trace.Session) -> bool:
    """Tell whether shims or the library were made; the C library may stand in for it."""
    library = Path(session.library or "/nowhere")
    return Path(session.shims or "/nowhere").exists() or (library.exists() and not library.is_symlink())


@pytest.fixture(params=["shim", "preload"])
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> trace.Session:
    session = started(tmp_path / "session", request.param)
    for name, value in session.environment.items():
        monkeypatch.setenv(name, value)
    return session


def test_a_mechanism_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'magic'"):
        started(tmp_path, "magic")


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("pair", "shims"),
    [(None, False), (("/copy", "/tree"), False), (("/copy", "/a tree"), True), (("/a\tb", "/t"), True)],
)
def test_beside_the_library_shims_are_for_a_copy_whose_path_clang_is_not_told(
    tmp_path: Path, pair: tuple[str, str] | None, *, shims: bool
) -> None:
    environment = {"PATH": os.environ["PATH"]}
    session = trace.start(tmp_path, mechanism="auto", environment=environment, prefix_map=pair)
    assert session.library
    assert bool(session.shims) is shims
    assert ("PATH" in session.environment) is shims


@pytest.mark.parametrize("mechanism", ["shim", "audit", "preload"])
def test_a_mechanism_of_linux_is_refused_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ConfigError):
        started(tmp_path, mechanism)


def test_off_sets_nothing_and_sees_nothing(tmp_path: Path) -> None:
    session = started(tmp_path, "off")
    with session.listening():
        subprocess.run(["true"], check=True)
    assert session.environment == {}
    assert session.read() == Trace()
    assert list(tmp_path.iterdir()) == []


def test_a_quiet_hook_makes_nothing(session: trace.Session) -> None:
    with session.listening():
        pass
    assert session.quiet
    assert not _is_made(session)
    assert session.read() == Trace(mechanisms=(Mechanism.AUDIT,))


def test_the_shims_stand_first_on_the_path_and_others_are_gone(tmp_path: Path) -> None:
    session = started(tmp_path / "s", "shim", PATH="/x/backlit-shims:/usr/bin:")
    assert session.environment["PATH"] == f"{tmp_path}/s/backlit-shims:/usr/bin:"


@pytest.mark.parametrize(
    ("folder", "variables", "asked"),
    [
        ("s", {}, True),
        ("a b", {}, False),
        ("s", {"SUNPRO_DEPENDENCIES": "/mine"}, False),
        ("s", {"DEPENDENCIES_OUTPUT": "/mine"}, False),
        ("s", {"CC": "/opt/bin/ccache gcc"}, False),
        ("s", {"PATH": "/usr/lib/ccache:/bin"}, False),
    ],
)
def test_gcc_is_asked_for_headers_only_where_it_cannot_harm(
    tmp_path: Path,
    folder: str,
    variables: dict[str, str],
    asked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    (tmp_path / folder).mkdir()
    environment = {"PATH": "/nowhere", **variables}
    session = trace.start(tmp_path / folder, mechanism="shim", environment=environment)
    assert ("SUNPRO_DEPENDENCIES" in session.environment) == asked


def test_a_folder_that_cannot_stand_on_a_path_gets_no_shims(tmp_path: Path) -> None:
    session = started(tmp_path / "a:b")
    assert session.environment == {}


def test_a_program_that_only_asks_git_makes_nothing(session: trace.Session) -> None:
    with session.listening():
        subprocess.run(["git", "--version"], check=True, capture_output=True)
    assert not session.quiet
    assert not _is_made(session)
    assert [run.tool for run in session.read().runs] == ["git"]


def test_a_failed_start_is_a_question_answered_no(session: trace.Session) -> None:
    with session.listening(), pytest.raises(FileNotFoundError):
        subprocess.run(["no-such-config", "--libs"], check=True)
    (query,) = session.read().queries
    assert (query.tool, query.answered, query.invocation.found) == ("no-such-config", False, False)
    assert query.invocation.arguments == ("--libs",)


def test_exceptions_pass_and_the_ear_is_closed(session: trace.Session) -> None:
    with pytest.raises(KeyError), session.listening():
        raise KeyError
    subprocess.run(["true"], check=True)
    assert session.quiet


def test_the_inner_of_two_sessions_hears_alone(session: trace.Session, tmp_path: Path) -> None:
    inner = started(tmp_path / "inner")
    with session.listening():
        with inner.listening(), inner.listening():
            subprocess.run(["git", "--version"], check=True, capture_output=True)
        assert session.quiet
    assert len(inner.read().runs) == 1


def test_a_path_of_its_own_is_said(session: trace.Session) -> None:
    with session.listening():
        subprocess.run(["make", "--help"], check=True, capture_output=True, env={"PATH": session.path})
    seen = session.read()
    assert [run.invocation.mechanism for run in seen.runs] == [Mechanism.AUDIT]
    assert any("an environment of its own" in sentence for sentence in seen.missed)


def test_a_forked_process_is_heard_too(session: trace.Session) -> None:
    with session.listening():
        pid = os.fork()
        if not pid:
            os.execv(shutil.which("git", path=session.path) or "", ["git", "--version"])  # noqa: S606 - what is tested
        os.waitpid(pid, 0)
    assert [run.tool for run in session.read().runs] == ["git"]


def test_a_shell_line_is_heard(session: trace.Session) -> None:
    with session.listening():
        os.system("pkg-config --exists no-such-module")  # noqa: S605 - what is tested
    (query,) = session.read().queries
    assert (query.modules, query.answered) == (("no-such-module",), False)


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(["{finder}", "-S", "."], id="by its path"),
        pytest.param([sys.executable, "{finder}", "-S", "."], id="as a script"),
    ],
)
def test_a_finder_past_its_shim_sees_no_shims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    session = started(tmp_path / "session", "shim")
    for name, value in session.environment.items():
        monkeypatch.setenv(name, value)
    finder = tmp_path / "meson.py"
    finder.write_text(f"#!{sys.executable}\nimport os, sys\nsys.stdout.write(str(os.path.exists({session.shims!r})))\n")
    finder.chmod(0o755)
    command = [word.format(finder=finder) for word in argv]
    with session.listening():
        subprocess.run(["make", "--help"], check=True, capture_output=True)
        assert Path(session.shims).exists()
        seen = subprocess.run(command, check=True, capture_output=True).stdout
        assert seen == b"False"
        subprocess.run(["make", "--help"], check=True, capture_output=True)
        assert Path(session.shims).exists()


def test_a_build_folder_is_read_before_it_is_deleted(session: trace.Session, tmp_path: Path) -> None:
    build = tmp_path / "tmp" / "build"
    build.mkdir(parents=True)
    (build / "build.ninja").write_text(BUILD_NINJA)
    (build / ".ninja_log").write_text("# ninja log v5\n0\t1\t2\ta.o\tabc\n")
    with session.listening():
        subprocess.run(["git", "--version"], check=True, capture_output=True)
        shutil.rmtree(tmp_path / "tmp")
    (compilation,) = session.read().compilations
    assert compilation.output == f"{build}/a.o"
    assert compilation.invocation.mechanism is Mechanism.NINJA


@pytest.mark.compiler
def test_a_compilation_that_failed_has_no_headers_to_miss(session: trace.Session, tmp_path: Path) -> None:
    source = tmp_path / "a.c"
    source.write_text("#include <no_such_header.h>\n")
    with session.listening():
        subprocess.run(["gcc", "-c", source, "-o", tmp_path / "a.o"], check=False, capture_output=True)
    seen = session.read()
    (command,) = (each.invocation for each in seen.compilations)
    is_known = command.mechanism is Mechanism.PRELOAD  # a shim becomes the compiler, and is not there to see its end
    assert command.status == (1 if is_known else None)
    assert any("headers" in sentence for sentence in seen.missed) is not is_known


@pytest.mark.compiler
def test_what_a_wrapper_adds_is_seen_or_said_to_be_missed(session: trace.Session, tmp_path: Path) -> None:
    wrapper, source = tmp_path / "gcc", tmp_path / "a.c"
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("gcc")} -O2 "$@"\n')
    wrapper.chmod(0o755)
    source.write_text("int a;\n")
    with session.listening():
        subprocess.run(
            [wrapper, "-c", source, "-o", tmp_path / "a.o"],
            check=True,
            capture_output=True,
            env={**os.environ, **session.environment},
        )
    seen = session.read()
    (compilation,) = seen.compilations
    is_seen = compilation.invocation.mechanism is Mechanism.PRELOAD
    assert compilation.flags == (("-O2",) if is_seen else ())
    assert ("gcc is a script, and what it adds to its command was not seen." in seen.missed) is not is_seen


@pytest.mark.compiler
def test_a_depfile_is_read_before_it_is_deleted(session: trace.Session, tmp_path: Path) -> None:
    build = tmp_path / "tmp"
    build.mkdir()
    with session.listening():
        # Only the command is needed: gcc finds no source, and says so.
        subprocess.run(["gcc", "-MD", "-c", "a.c", "-o", "a.o"], check=False, cwd=build, capture_output=True)
        (build / "a.d").write_text("a.o: a.c b.h\n")
        shutil.rmtree(build)
    (compilation,) = session.read().compilations
    assert compilation.headers == (f"{build}/b.h",)


def test_what_harvesting_cannot_read_is_a_fault_and_no_more(session: trace.Session, tmp_path: Path) -> None:
    build = tmp_path / "tmp"
    build.mkdir()
    (build / "build.ninja").write_bytes(b"rule r\n command = $command\nbuild a: r b\n")
    (build / ".ninja_deps").write_bytes(b"damaged")
    with session.listening():
        subprocess.run(["git", "--version"], check=True, capture_output=True)
        shutil.rmtree(build)
    assert len(session.read().faults) == 2


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, os, typing, pathlib, contextlib; before = set(sys.modules); import backlit.trace"
    code += "; print({name for name in set(sys.modules) - before if not name.startswith('backlit')} - {'__future__'})"
    environment = {**os.environ, "PYTHONPATH": str(Path(trace.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_tool_that_works_in_this_process_is_a_run(session: trace.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "Cython.Compiler.CodeGeneration", raising=False)
    with session.listening():
        sys.audit("import", "Cython.Compiler.CodeGeneration", None, None, None, None)
    (run,) = session.read().runs
    assert (run.tool, run.probe) == ("cython", False)


@pytest.mark.skipif(sys.platform != "linux", reason="the library is Linux's")
@pytest.mark.parametrize(("mechanism", "times"), [("preload", 0), ("audit", 1)])
def test_programs_count_as_unwatched_only_where_nothing_would_have_watched_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mechanism: str, times: int
) -> None:
    monkeypatch.delitem(sys.modules, "Cython.Compiler.CodeGeneration", raising=False)
    session = started(tmp_path, mechanism)
    with session.listening():
        sys.audit("import", "Cython.Compiler.CodeGeneration", None, None, None, None)
    assert sum("were not watched" in sentence for sentence in session.read().missed) == times
