"""The library in every process: what it writes down, and what it leaves as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backlit import trace
from backlit.errors import ConfigError
from backlit.model.invocation import Compilation, Mechanism, Role
from backlit.trace import preload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.model.invocation import Trace

    Watched = Callable[..., Trace]

pytestmark = [
    pytest.mark.compiler,
    pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="Linux, and a C compiler"),
]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Give a function that runs a command below a session and gives the trace."""

    def run(*command: str, mechanism: str = "preload", **variables: str) -> Trace:
        folder = tmp_path / "session"
        folder.mkdir()
        environment = {**os.environ, **variables}
        session = trace.start(folder, mechanism=mechanism, environment=environment)
        with session.listening():
            subprocess.run(
                command, check=False, cwd=tmp_path, env=environment | session.environment, capture_output=True
            )
        return session.read()

    return run


def write(path: Path, text: str, mode: int = 0o644) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def compiled(seen: Trace) -> list[Compilation]:
    return [each for each in seen.compilations if each.role is not Role.PROBE]


def absolute(name: str) -> str:
    return shutil.which(name) or ""


def test_a_compiler_that_make_starts_by_its_path_is_seen_with_its_headers(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "a.c", "#include <stdio.h>\nint main(void) { return 0; }\n")
    write(tmp_path / "flags", "-O1 -lm\n")
    write(tmp_path / "Makefile", f"a: a.c\n\t{absolute('gcc')} @flags -o a a.c\n")
    seen = watched("make")
    (one,) = compiled(seen)
    assert one.role is Role.COMPILE_AND_LINK
    assert one.invocation.mechanism is Mechanism.PRELOAD
    assert (one.invocation.status, one.libraries, one.flags) == (0, ("m",), ("-O1",))
    assert "/usr/include/stdio.h" in one.headers
    assert Mechanism.PRELOAD in seen.mechanisms


def test_two_sources_of_one_name_keep_their_headers_apart(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "x" / "a.c", "#include <stdio.h>\n")
    write(tmp_path / "y" / "a.c", "#include <math.h>\n")
    gcc = absolute("gcc")
    write(tmp_path / "Makefile", f"all: x/a.o y/a.o\n%.o: %.c\n\t{gcc} -c -o $@ $<\n")
    one, two = compiled(watched("make", "-j2"))
    assert [any(path.endswith("/stdio.h") for path in each.headers) for each in (one, two)] == [True, False]
    assert [any(path.endswith("/math.h") for path in each.headers) for each in (one, two)] == [False, True]


def test_clang_lists_its_headers_too(tmp_path: Path, watched: Watched) -> None:
    if not shutil.which("clang"):
        pytest.skip("no clang")
    write(tmp_path / "a.c", "#include <math.h>\n")
    write(tmp_path / "Makefile", f"all:\n\t{absolute('clang')} -c a.c\n")
    (one,) = compiled(watched("make"))
    assert any(path.endswith("/math.h") for path in one.headers)


def test_what_the_hook_starts_itself_is_told_once(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "a.c", "int a;\n")
    (one,) = compiled(watched("gcc", "-c", "a.c"))
    assert one.invocation.mechanism is Mechanism.PRELOAD


@pytest.mark.parametrize(("line", "answered"), [("exit 0", True), ("exit 3", False)])
def test_a_script_is_called_by_its_own_name_and_its_answer_is_known(
    tmp_path: Path,
    watched: Watched,
    line: str,
    answered: bool,  # noqa: FBT001 - a column of the table
) -> None:
    program = write(tmp_path / "bin" / "demo-config", f"#!/bin/sh\n{line}\n", 0o755)
    (query,) = watched("make", "-f", write(tmp_path / "M", f"all:\n\t{program} --libs\n")).queries
    assert (query.tool, query.invocation.arguments, query.answered) == ("demo-config", ("--libs",), answered)


@pytest.mark.parametrize("name", ["pkg-config", "aarch64-linux-gnu-pkg-config"])
def test_where_pkg_config_looks_is_known_though_the_build_chose_it(tmp_path: Path, watched: Watched, name: str) -> None:
    program = write(tmp_path / "bin" / name, "#!/bin/sh\n", 0o755)
    lines = f"all:\n\tPKG_CONFIG_PATH=/a:/b {program} --libs x\n\tenv -u PKG_CONFIG_PATH {program} --cflags x\n"
    seen = watched("make", "-f", write(tmp_path / "M", lines), PKG_CONFIG_PATH="/c")
    assert {(query.invocation.arguments[0], query.invocation.variables) for query in seen.queries} == {
        ("--libs", ("PKG_CONFIG_PATH=/a:/b",)),
        ("--cflags", ()),
    }


def test_of_a_wrapper_and_the_compiler_below_it_the_compiler_counts(tmp_path: Path, watched: Watched) -> None:
    wrapper = write(tmp_path / "bin" / "gcc", f'#!/bin/sh\nexec {absolute("gcc")} -DWRAPPED -O2 "$@"\n', 0o755)
    write(tmp_path / "a.c", "#include <math.h>\n")
    (one,) = compiled(watched(wrapper, "-c", "a.c"))
    assert one.flags == ("-O2",)
    assert one.headers


def test_what_a_wrapper_hands_on_in_a_file_that_it_deletes_is_read(tmp_path: Path, watched: Watched) -> None:
    lines = ["#!/bin/sh", "f=$(mktemp)", "trap 'rm -f $f' EXIT", 'printf "%s\\n" -O2 "$@" >$f']
    lines.append(f"(exec {absolute('gcc')} @$f)")  # as Nix's: below a shell that waits, to delete the file
    wrapper = write(tmp_path / "bin" / "gcc", "\n".join(lines) + "\n", 0o755)
    write(tmp_path / "a.c", "#include <math.h>\n")
    (one,) = compiled(watched("make", "-f", write(tmp_path / "M", f"all:\n\t{wrapper} -c a.c -DX\n")))
    assert (one.flags, one.invocation.program) == (("-O2",), absolute("gcc"))
    assert [source.rpartition("/")[2] for source in one.sources] == ["a.c"]
    assert one.headers


def test_a_program_that_becomes_another_of_its_name_is_told_once(tmp_path: Path, watched: Watched) -> None:
    real = write(tmp_path / "real" / "demo-config", "#!/bin/sh\nexit 4\n", 0o755)
    proxy = write(tmp_path / "bin" / "demo-config", f'#!/bin/sh\nexec {real} "$@"\n', 0o755)
    line = f"\t-{proxy} --libs\n"
    one, two = watched("make", "-f", write(tmp_path / "M", f"all:\n{line}{line}")).queries
    assert {one.invocation.program, two.invocation.program} == {real}
    assert one.answered is False


def test_ccache_works_as_without_us_and_its_compiler_is_told_once(tmp_path: Path, watched: Watched) -> None:
    if not shutil.which("ccache"):
        pytest.skip("no ccache")
    write(tmp_path / "a.c", "#include <math.h>\n")
    write(tmp_path / "Makefile", f"all:\n\t{absolute('ccache')} {absolute('gcc')} -c a.c -o a.o\n")
    (one,) = compiled(watched("make", CCACHE_DIR=str(tmp_path / "cache")))
    assert (tmp_path / "a.o").exists()
    assert any(path.endswith("/math.h") for path in one.headers)


SCCACHE = """
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(int count, char **argv)
{
    int status = 0;
    if (getenv("SCCACHE_START_SERVER")) {
        FILE *file = fopen("server", "w");
        for (char **each = environ; *each; each++) fprintf(file, "%s\\n", *each);
        return fclose(file);
    }
    if (!fork()) return putenv("SCCACHE_START_SERVER=1") || execv(argv[0], argv);
    wait(&status);
    if (!fork()) return (getenv("BARE") && unsetenv("LD_PRELOAD")) || execvp(argv[1], argv + 1);
    wait(&status);
    return WEXITSTATUS(status);
}
"""
"""What sccache does of interest: its server has the environment of the client that first needed it; what a client asks
for is done in the server with the client's, in newer ones (0.16) without ``LD_PRELOAD``."""


@pytest.mark.parametrize("bare", [{"BARE": "1"}, {}], ids=["0.16", "0.4"])
@pytest.mark.parametrize("before", ["", "libc.so.6"])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_cache_with_a_server_keeps_nothing_of_a_build(
    tmp_path: Path, watched: Watched, compiler: str, before: str, bare: dict[str, str]
) -> None:
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    program = tmp_path / "sccache"
    subprocess.run([absolute("cc"), "-x", "c", "-", "-o", program], input=SCCACHE, text=True, check=True)
    write(tmp_path / "a.c", "#include <math.h>\n")
    makefile = write(tmp_path / "Makefile", f"all:\n\t{program} {compiler} -c a.c -o a.o\n")
    preloaded = {"LD_PRELOAD": before} if before else {}
    (one,) = compiled(watched("make", "-f", makefile, **preloaded, **bare))
    assert (tmp_path / "a.o").exists()
    assert any(path.endswith("/math.h") for path in one.headers)
    names = dict(line.partition("=")[::2] for line in (tmp_path / "server").read_text().splitlines())
    assert names["LD_PRELOAD"] == before
    assert not names.keys() & {"SUNPRO_DEPENDENCIES", "CC_PRINT_HEADERS", "CC_PRINT_HEADERS_FILE"}


def test_what_a_driver_starts_is_its_own_affair(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "a.c", "int main(void) { return 0; }\n")
    seen = watched("make", "-f", write(tmp_path / "M", "all:\n\tgcc a.c -o a\n"))
    assert {each.family for each in seen.compilations} == {"gcc"}
    assert seen.ignored == 0


def test_what_is_set_before_stays_first(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "LD_PRELOAD": "/usr/lib/libfakeroot.so"}
    session = trace.start(tmp_path, mechanism="preload", environment=environment)
    assert session.environment["LD_PRELOAD"] == f"/usr/lib/libfakeroot.so:{session.library}"
    assert "PATH" not in session.environment


def test_a_program_with_a_sanitizer_starts(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "a.c", "int main(void) { return 0; }\n")
    write(tmp_path / "build", f"#!/bin/sh\n{absolute('gcc')} -fsanitize=address a.c -o a && ./a && : >ran\n", 0o755)
    (one,) = compiled(watched(str(tmp_path / "build"), ASAN_OPTIONS="exitcode=9"))
    assert one.invocation.mechanism is Mechanism.PRELOAD
    assert (tmp_path / "ran").exists()


def test_no_program_but_a_compiler_knows_where_headers_are_listed(tmp_path: Path, watched: Watched) -> None:
    watched("make", "-f", write(tmp_path / "M", "all:\n\tenv > env.txt\n"))
    names = {line.partition("=")[0] for line in (tmp_path / "env.txt").read_text().splitlines()}
    assert not names & {"SUNPRO_DEPENDENCIES", "DEPENDENCIES_OUTPUT", "CC_PRINT_HEADERS"}


@pytest.mark.parametrize(
    ("folder", "variables", "reason"),
    [
        ("a b", {}, "blank"),
        ("s", {"CFLAGS": "-g -fsanitize=address"}, "sanitizer"),
        ("s", {"RUSTC_WRAPPER": "/usr/bin/buildcache"}, "buildcache"),
        ("s", {"PATH": "/nowhere"}, "none of cc"),
    ],
)
def test_where_it_could_harm_it_is_not_used(
    tmp_path: Path, folder: str, variables: dict[str, str], reason: str
) -> None:
    (tmp_path / folder).mkdir()
    environment = {"PATH": os.environ["PATH"], **variables}
    assert "LD_PRELOAD" not in trace.start(tmp_path / folder, mechanism="auto", environment=environment).environment
    with pytest.raises(ConfigError, match=reason):
        trace.start(tmp_path / folder, mechanism="preload", environment=environment)


def test_what_a_program_reads_from_a_pipe_is_left_to_it(tmp_path: Path, watched: Watched) -> None:
    program = write(tmp_path / "bin" / "demo-config", '#!/bin/sh\ncat "${1#@}" > out.txt\n', 0o755)
    write(tmp_path / "Makefile", f"all:\n\tmkfifo f; printf 7 > f & {program} @f\n")
    watched("make")
    assert (tmp_path / "out.txt").read_text() == "7"


def test_a_compiler_that_fails_is_said_and_the_build_goes_on(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "bin" / "cc", "#!/bin/sh\necho no code today >&2\nexit 1\n", 0o755)
    seen = watched("make", "--version-of-nothing", PATH=f"{tmp_path}/bin:{os.environ['PATH']}")
    assert any("could not be compiled: no code today" in sentence for sentence in seen.missed)
    assert Mechanism.PRELOAD not in seen.mechanisms


def test_it_needs_no_version_of_any_c_library(tmp_path: Path) -> None:
    library = str(tmp_path / "l.so")
    assert preload.create(library, os.environ["PATH"]) == ""
    said = subprocess.run(["readelf", "-dV", library], check=True, capture_output=True, text=True).stdout
    assert "NEEDED" not in said
    assert "GLIBC" not in said
