"""What meson 1.12 looked for, as its log and its table of dependencies have it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, strategies as st

from backlit.model.names import NameKind
from backlit.trace.harvest import meson_searches

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = """\
Run-time dependency zlib found: YES 1.2.13
Run-time dependency libnope found: NO  (tried pkg-config and cmake)
Dependency glib-2.0 for host machine found: NO. Found 2.74.6 but need: '>=99'
Run-time dependency glib-2.0 found: NO  (tried pkg-config and cmake)
Run-time dependency qt5 (modules: Core, Gui) found: YES 5.15.8 (qmake)
Run-time dependency Boost found: NO
Run-time dependency sub found: NO  (tried pkg-config and cmake)
sub| Run-time dependency yaml-0.1 found: YES 0.2.5
Dependency sub for host machine from subproject subprojects/sub found: YES undefined
Library m found: YES
Library lz4 found: NO
Has header "zlib.h" : YES
Has header "zstd.h" : NO
Check usable header "bzlib.h" : YES
Header "openssl/ssl.h" has symbol "SSL_new" : NO
Checking for function "strlcpy" : NO
Program swig found: NO
"""


def row(name: str, type_: str, version: str = "unknown", link_args: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"name": name, "type": type_, "version": version, "link_args": list(link_args)}


def test_a_log_names_dependencies_libraries_and_headers_and_nothing_else() -> None:
    found = {(each.sense.value, each.name): (each.found, each.version) for each in meson_searches.parse_log(LOG)}
    assert found == {
        ("meson", "zlib"): (True, "1.2.13"),
        ("meson", "libnope"): (False, ""),
        ("meson", "glib-2.0"): (False, ""),
        ("meson", "qt5"): (True, "5.15.8"),
        ("meson", "Boost"): (False, ""),
        ("meson", "sub"): (True, ""),
        ("meson", "yaml-0.1"): (True, "0.2.5"),
        ("link", "m"): (True, ""),
        ("link", "lz4"): (False, ""),
        ("header", "zlib.h"): (True, ""),
        ("header", "zstd.h"): (False, ""),
        ("header", "bzlib.h"): (True, ""),
    }


def test_the_table_knows_how_and_in_which_files_a_dependency_was_found(tmp_path: Path) -> None:
    rows = [
        row("zlib", "pkgconfig", "1.2.13", ("-L/usr/lib", "/usr/lib/libz.so")),
        row("own", "internal"),
        row("threads", "system"),
    ]
    (tmp_path / "meson-info").mkdir()
    (tmp_path / meson_searches.TABLE).write_text(json.dumps(rows))
    searches, faults = meson_searches.read(str(tmp_path), "Run-time dependency zlib found: YES 1.2.13\n")
    assert faults == ()
    assert [(each.sense, each.name, each.version, each.path) for each in searches] == [
        (NameKind.MESON, "threads", "", ""),
        (NameKind.PKGCONFIG, "zlib", "1.2.13", "/usr/lib/libz.so"),
    ]


@pytest.mark.parametrize("text", ["", "{}", "[1]"], ids=["empty", "no list", "no rows"])
def test_a_table_that_is_none_is_a_fault_and_the_log_counts(tmp_path: Path, text: str) -> None:
    (tmp_path / "meson-info").mkdir()
    (tmp_path / meson_searches.TABLE).write_text(text)
    searches, faults = meson_searches.read(str(tmp_path), LOG)
    assert (len(searches), len(faults)) == (12, 1)


@given(st.text())
def test_any_text_is_a_log(text: str) -> None:
    meson_searches.parse_log(f"Run-time dependency {text} found: NO\n{text}")
