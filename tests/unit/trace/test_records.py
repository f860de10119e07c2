"""Records of shims: what is written comes back, and any bytes give records or a sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, strategies as st

from backlit.trace import records
from backlit.trace.records import RS, US, Record

if TYPE_CHECKING:
    from pathlib import Path

TEXT: Final = st.text(st.characters(exclude_characters=f"\0{US}{RS}", exclude_categories=["Cs"]))


def line(*fields: str) -> bytes:
    return os.fsencode(US.join(fields) + RS)


@given(st.lists(TEXT))
def test_what_was_encoded_is_read_back(arguments: list[str]) -> None:
    record = Record("audit", "/usr/bin/gcc", tuple(arguments), "/src")
    assert records.parse(records.encode(record), pid="1") == ([record], [])


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_a_sentence(data: bytes) -> None:
    found, faults = records.parse(data)
    assert all(record.program.startswith("/") for record in found)
    assert found or faults or not data


@given(st.lists(st.sampled_from([US, RS, "1", "2", "@", "/a", "0", "9" * 12, ""]), max_size=40))
def test_any_fields_give_records_or_a_sentence(pieces: list[str]) -> None:
    found, faults = records.parse("".join(pieces).encode())
    assert found or faults or not pieces or not "".join(pieces)


def test_a_status_and_an_empty_argument_are_kept() -> None:
    found, faults = records.parse(line("1", "x-config", "/usr/bin/x-config", "/src", "3", "1", ""), pid="7")
    assert faults == []
    assert found == [Record("shim", "/usr/bin/x-config", ("",), "/src", 3, pid="7")]


def test_no_arguments_are_not_one_empty_argument() -> None:
    found, _ = records.parse(line("1", "gcc", "/usr/bin/gcc", "/src", "", "0", ""))
    assert found[0].arguments == ()


def test_a_response_file_belongs_to_the_command_before_it() -> None:
    data = line("1", "gcc", "/usr/bin/gcc", "/src", "", "2", "-c", "@a.rsp") + line("@", "2", "a.c -o a.o")
    found, faults = records.parse(data)
    assert faults == []
    assert found[0].responses == ((1, "a.c -o a.o"),)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"1", id="torn"),
        pytest.param(line("1", "gcc"), id="too few fields"),
        pytest.param(line("9", "gcc", "/usr/bin/gcc", "/src", "", "0", ""), id="another version"),
        pytest.param(line("1", "gcc", "gcc", "/src", "", "0", ""), id="a program without a folder"),
        pytest.param(line("1", "gcc", "/usr/bin/gcc", "", "", "0", ""), id="no working folder"),
        pytest.param(line("1", "gcc", "/usr/bin/gcc", "/src", "x", "0", ""), id="a status that is no number"),
        pytest.param(line("1", "gcc", "/usr/bin/gcc", "/src", "", "1", "a", "b"), id="a separator inside an argument"),
        pytest.param(line("@", "1", "content"), id="a response file of no command"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(data: bytes) -> None:
    found, faults = records.parse(data)
    assert found == []
    assert len(faults) == 1


def test_a_torn_end_costs_only_itself() -> None:
    data = line("1", "gcc", "/usr/bin/gcc", "/src", "", "0", "") + b"1\037gcc\037/usr"
    found, faults = records.parse(data)
    assert len(found) == len(faults) == 1


def test_bytes_that_are_no_utf8_survive() -> None:
    data = b"1\037gcc\037/usr/bin/gcc\037/src\037\0371\037\xff.c\036"
    found, _ = records.parse(data)
    assert os.fsencode(found[0].arguments[0]) == b"\xff.c"


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for pid in ("20", "10"):
        (tmp_path / pid).write_bytes(line("1", "gcc", "/usr/bin/gcc", "/src", "", "1", pid))
    found, faults = records.read(tmp_path)
    assert [(record.pid, record.arguments) for record in found] == [("10", ("10",)), ("20", ("20",))]
    assert faults == []


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    found, faults = records.read(tmp_path / "gone")
    assert found == []
    assert len(faults) == 1
