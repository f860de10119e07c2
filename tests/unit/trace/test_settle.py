"""Several records of one command, made one."""

from __future__ import annotations

import pytest

from backlit.trace.records import Record
from backlit.trace.settle import settle


def seen(program: str, *arguments: str, process: int, parent: int = 1, skipped: int = 1) -> Record:
    name = f"{program.rpartition('/')[2]}-{process}"
    return Record("preload", program, arguments, "/w", pid=name, process=process, parent=parent, skipped=skipped)


CCACHE = seen("/usr/bin/ccache", "gcc", "-shared", "a.o", process=7)


@pytest.mark.parametrize(
    "compiler",
    [
        pytest.param(seen("/usr/bin/gcc", "-shared", "a.o", process=7), id="becomes it"),
        pytest.param(seen("/usr/bin/gcc", "-shared", "a.o", process=8, parent=7), id="starts it"),
    ],
)
def test_of_a_launcher_and_its_compiler_the_launcher_counts_with_the_compilers_headers(compiler: Record) -> None:
    (settled,) = settle([CCACHE, compiler])
    assert settled.record is CCACHE
    assert settled.lists == (CCACHE.pid, compiler.pid)


def test_a_wrapper_that_becomes_a_launcher_is_told_once() -> None:
    wrapper = seen("/opt/wrappers/gcc", "-shared", "a.o", process=7, skipped=2)
    compiler = seen("/usr/bin/gcc", "-shared", "a.o", process=7)
    assert [each.record for each in settle([wrapper, CCACHE, compiler])] == [CCACHE]


def test_what_a_launcher_starts_once_it_is_the_compiler_is_the_compilers() -> None:
    launcher = seen("/usr/bin/ccache", "rustc", "-C", "linker=cc", process=7)
    compiler = seen("/usr/bin/rustc", "-C", "linker=cc", process=7)
    linker = seen("/usr/bin/cc", "-shared", "a.o", process=8, parent=7)
    assert [each.record for each in settle([launcher, compiler, linker])] == [launcher, linker]


def test_what_a_launchers_number_is_given_to_later_is_told() -> None:
    other = seen("/usr/bin/gcc", "-c", "b.c", process=7, parent=3)
    assert settle([CCACHE, other]) == [(CCACHE, (CCACHE.pid,)), (other, (other.pid,))]
