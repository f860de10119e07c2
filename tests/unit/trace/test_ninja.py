"""build.ninja, read as ninja reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from backlit.trace.harvest import ninja

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def folder(path: Path, text: str, *made: str) -> str:
    (path / "build.ninja").write_text(text)
    lines = "".join(f"0\t1\t2\t{output}\tabc\n" for output in made)
    (path / ".ninja_log").write_text(f"# ninja log v5\n{lines}")
    return str(path)


def test_a_command_has_its_variables_in_place(tmp_path: Path) -> None:
    text = """
cc = gcc
# comment
rule compile
  command = $cc ${FLAGS} -c $in -o $out
build out/a.o: compile a.c | implicit.h || order
  FLAGS = -O2 $
    -DX=$$HOME
"""
    build = ninja.read(folder(tmp_path, text, "out/a.o"))
    assert build.faults == ()
    assert [(edge.words, edge.outputs) for edge in build.edges] == [
        (("gcc", "-O2", "-DX=$HOME", "-c", "a.c", "-o", "out/a.o"), (f"{tmp_path}/out/a.o",))
    ]


def test_only_what_was_made_counts(tmp_path: Path) -> None:
    text = "rule r\n command = gcc $in\nbuild a.o: r a.c\nbuild b.o: r b.c\n"
    build = ninja.read(folder(tmp_path, text, "b.o"))
    assert [edge.words for edge in build.edges] == [("gcc", "b.c")]


def test_a_response_file_is_put_in_place(tmp_path: Path) -> None:
    rule = "rule r\n command = gcc @$out.rsp -o $out\n rspfile = $out.rsp\n rspfile_content = $in -lz\n"
    text = f"{rule}build x: r a.o b.o\n"
    build = ninja.read(folder(tmp_path, text, "x"))
    assert build.edges[0].words == ("gcc", "a.o", "b.o", "-lz", "-o", "x")


def test_included_files_share_rules_and_subninja_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "rules.ninja").write_text("rule r\n command = gcc $flag $in\nflag = -A\n")
    (tmp_path / "sub.ninja").write_text("flag = -B\nbuild b.o: r b.c\n")
    text = "include rules.ninja\nsubninja sub.ninja\nbuild a.o: r a.c\n"
    build = ninja.read(folder(tmp_path, text, "a.o", "b.o"))
    assert [edge.words for edge in build.edges] == [("gcc", "-B", "b.c"), ("gcc", "-A", "a.c")]


def test_names_with_spaces_and_colons(tmp_path: Path) -> None:
    text = "rule r\n command = gcc $in -o $out\nbuild a$ b.o: r c$:d.c\n"
    build = ninja.read(folder(tmp_path, text, "a b.o"))
    assert build.edges[0].words == ("gcc", "c:d.c", "-o", "a b.o")


def test_a_rule_that_expands_to_itself_is_a_fault(tmp_path: Path) -> None:
    build = ninja.read(folder(tmp_path, "rule r\n command = $command\nbuild a: r b\n", "a"))
    assert len(build.faults) == 1


def test_files_that_include_each_other_are_a_fault(tmp_path: Path) -> None:
    build = ninja.read(folder(tmp_path, "include build.ninja\n", "a"))
    assert len(build.faults) == 1


def test_a_folder_without_its_files_is_a_fault(tmp_path: Path) -> None:
    build = ninja.read(str(tmp_path))
    assert (build.edges, build.ran) == ((), False)
    assert len(build.faults) == 1


@given(st.text("ru leb:ild|$\n =ab{}in.cor"))
def test_any_text_gives_edges_or_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("b")
    build = ninja.read(folder(path, f"rule r\n command = gcc $in\nbuild a: r b\n{text}", "a"))
    assert build.edges or build.faults
