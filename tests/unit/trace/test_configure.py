"""config.log, as autoconf 2.71's scripts write it; the lines are those of libsodium 1.0.18 and of a made check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import given, strategies as st

from backlit.model.names import NameKind
from backlit.trace import harvest
from backlit.trace.harvest import configure

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = """\
This file contains any messages produced by compilers while
running configure, to aid debugging if configure makes a mistake.

configure:3266: checking for gawk
configure:3301: result: no
configure:5106: checking for stdio.h
configure:5106: gcc -c -g -O2  conftest.c >&5
configure:5106: $? = 0
configure:5106: result: yes
configure:5106: checking for zstd.h
configure:5106: gcc -c -g -O2  conftest.c >&5
conftest.c:67:10: fatal error: zstd.h: No such file or directory
compilation terminated.
configure:5106: $? = 1
configure: failed program was:
| #include <zstd.h>
configure:5106: result: no
configure:6001: checking for deflate in -lz
configure:6024: gcc -o conftest -g -O2   conftest.c -lz   >&5
configure:6024: $? = 0
configure:6034: result: yes
configure:6101: checking for LZ4_compress in -llz4
configure:6124: gcc -o conftest -g -O2   conftest.c -llz4   >&5
/usr/bin/ld: cannot find -llz4: No such file or directory
configure:6134: result: no
configure:6201: checking bzlib.h usability
configure:6201: result: no
configure:6201: checking for bzlib.h
configure:6201: result: yes
configure:7518: checking for variable-length arrays
configure:7534: result: no
"""


def test_headers_and_libraries_are_told_and_nothing_else() -> None:
    assert [(each.sense, each.name, each.found) for each in configure.parse(LOG)] == [
        (NameKind.HEADER, "bzlib.h", True),
        (NameKind.HEADER, "stdio.h", True),
        (NameKind.HEADER, "zstd.h", False),
        (NameKind.LINK, "lz4", False),
        (NameKind.LINK, "z", True),
    ]


def test_a_log_below_a_folder_that_is_deleted_is_read(tmp_path: Path) -> None:
    (tmp_path / "build" / "temp").mkdir(parents=True)
    (tmp_path / "build" / "temp" / "config.log").write_text(LOG)
    gathered = harvest.gather(str(tmp_path))
    assert [each.name for each in gathered.searches if not each.found] == ["zstd.h", "lz4"]


def test_a_log_of_that_name_of_another_program_is_none(tmp_path: Path) -> None:
    (tmp_path / "config.log").write_text("configure:5106: checking for zstd.h\nconfigure:5106: result: no\n")
    assert harvest.gather(str(tmp_path)).searches == ()


@given(st.text())
def test_any_text_is_a_log(text: str) -> None:
    configure.parse(f"configure:1: checking for {text}\nconfigure:1: result: {text}\n")
