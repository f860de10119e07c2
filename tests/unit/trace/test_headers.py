"""Lists of headers: real paths, in the compiler's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.invocation import Compilation, Invocation, Mechanism, Role
from backlit.trace.headers import Lists

if TYPE_CHECKING:
    from pathlib import Path


def test_headers_are_real_paths_once_each_in_the_order_opened_without_the_source(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for name in ("b.h", "a.h"):
        (tmp_path / "real" / name).touch()
    (tmp_path / "link").symlink_to("real")
    rule = f"x.o: x.c link/b.h \\\n {tmp_path}/link/a.h {tmp_path}/real/b.h\n"
    (tmp_path / "list").write_text(rule)
    command = Invocation("/usr/bin/gcc", (), str(tmp_path), Mechanism.PRELOAD)
    compilation = Compilation(command, "gcc", "c", Role.COMPILE, sources=(f"{tmp_path}/x.c",))
    lists = Lists(str(tmp_path), {})
    for _ in range(2):  # the second time every path is known
        found = lists.of(compilation, names=("list",), depfile=None)
        assert found == (f"{tmp_path}/real/b.h", f"{tmp_path}/real/a.h")
