"""ninja's list of headers."""

from __future__ import annotations

import shutil
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from backlit.errors import FormatError
from backlit.trace.harvest import ninja_deps
from backlit.trace.harvest.ninja_deps import SIGNATURE

if TYPE_CHECKING:
    from pathlib import Path


def path(name: bytes, number: int) -> bytes:
    padded = name + b"\0" * (-len(name) % 4)
    return struct.pack("=I", len(padded) + 4) + padded + struct.pack("=I", number ^ 0xFFFFFFFF)


def headers(version: int, output: int, *numbers: int) -> bytes:
    time = (0,) * (1 if version == 3 else 2)
    words = (output, *time, *numbers)
    return struct.pack(f"={len(words) + 1}I", len(words) * 4 | 0x80000000, *words)


def log(version: int, *records: bytes) -> bytes:
    return SIGNATURE + struct.pack("=I", version) + b"".join(records)


@pytest.mark.parametrize("version", [3, 4])
def test_headers_of_an_output(version: int) -> None:
    data = log(version, path(b"a.o", 0), path(b"a.c", 1), path(b"/usr/include/zlib.h", 2), headers(version, 0, 1, 2))
    assert ninja_deps.parse(data) == {"a.o": ("a.c", "/usr/include/zlib.h")}


def test_the_last_list_of_an_output_counts() -> None:
    data = log(4, path(b"a.o", 0), path(b"a.c", 1), path(b"b.h", 2), headers(4, 0, 1, 2), headers(4, 0, 1))
    assert ninja_deps.parse(data) == {"a.o": ("a.c",)}


def test_a_torn_end_is_passed_over() -> None:
    data = log(4, path(b"a.o", 0), path(b"a.c", 1), headers(4, 0, 1))
    assert ninja_deps.parse(data + path(b"b.h", 2)[:-3]) == {"a.o": ("a.c",)}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"# something else\n", id="another file"),
        pytest.param(SIGNATURE, id="no version"),
        pytest.param(log(9), id="another version"),
        pytest.param(log(4, path(b"a.o", 1)), id="another's number"),
        pytest.param(log(4, path(b"a.o", 0), headers(4, 0, 7)), id="a number of no path"),
        pytest.param(log(4, struct.pack("=I", 3) + b"abc"), id="half a word"),
        pytest.param(log(4, struct.pack("=II", 4 | 0x80000000, 0)), id="a list without a time"),
    ],
)
def test_what_is_no_such_list_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        ninja_deps.parse(data)


@given(st.binary(max_size=200), st.sampled_from([3, 4]))
def test_any_bytes_give_headers_or_are_refused(data: bytes, version: int) -> None:
    try:
        found = ninja_deps.parse(log(version, path(b"a.o", 0), data))
    except FormatError:
        return
    assert set(found) <= {"a.o"} or data


@pytest.mark.compiler
def test_what_ninja_itself_wrote_is_read(tmp_path: Path) -> None:
    if not shutil.which("ninja"):
        pytest.skip("no ninja")
    (tmp_path / "a.c").write_text('#include "b.h"\n')
    (tmp_path / "b.h").write_text("")
    rule = "rule cc\n command = gcc -MD -MF $out.d -c $in -o $out\n depfile = $out.d\n deps = gcc\nbuild a.o: cc a.c\n"
    (tmp_path / "build.ninja").write_text(rule)
    subprocess.run(["ninja", "-C", tmp_path], check=True, capture_output=True)
    found = ninja_deps.parse((tmp_path / ".ninja_deps").read_bytes())
    assert {"a.c", "b.h"} <= set(found["a.o"])
