"""What a source that is compiled only to learn something includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.trace import tries

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
/* #include "no line of its own" */
#include <yajl/yajl_version.h>
  # include "zlib.h"
#ifdef __APPLE__
#  if 1
#    include <mach/mach.h>
#  endif
#  include <CoreFoundation/CoreFoundation.h>
#else
#include <linux/if.h>
#endif
#include <zlib.h>
int main(void) { return 0; }
"""


def test_what_no_condition_surrounds_is_named_once_and_in_order(tmp_path: Path) -> None:
    source = tmp_path / "_configtest.c"
    source.write_text(SOURCE)
    assert tries.included(str(source)) == ("yajl/yajl_version.h", "zlib.h")
    assert tries.included(str(tmp_path / "gone.c")) == ()


@pytest.mark.parametrize(
    ("program", "source"),
    [
        pytest.param("/usr/bin/gcc", "_configtest.c", id="a try"),
        pytest.param("/usr/bin/gcc", "zlib.c", id="the project's own"),
        pytest.param("/usr/bin/swig", "_configtest.c", id="no compiler"),
        pytest.param("/usr/bin/gcc", "-o_configtest.c", id="no source"),
    ],
)
def test_only_what_a_compiler_tries_is_read(tmp_path: Path, program: str, source: str) -> None:
    for name in ("_configtest.c", "zlib.c"):
        (tmp_path / name).write_text("#include <zlib.h>\n")
    expected = {(str(tmp_path / "_configtest.c"), ("zlib.h",))} if "/gcc _c" in f"{program} {source}" else set()
    assert set(tries.named_by(program, ("-c", source, "-Wall"), str(tmp_path))) == expected
