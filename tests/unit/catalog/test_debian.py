"""What Debian's file lists say of names that no entry has, and how that is made of them."""

from __future__ import annotations

import gzip
import json
import lzma
import re
from typing import TYPE_CHECKING, Any

import pytest

from backlit.catalog import _generate_debian, debian
from backlit.catalog._generate import HERE
from backlit.model.names import NameKind

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = """\
Package: libzzev-dev
Source: zzev (1.0-1)
Section: libdevel

Package: libzzev-dev-common
Source: zzev
Section: libdevel

Package: libother-dev
Section: libdevel

Package: zzev-doc
Source: zzev
Section: doc
"""
CONTENTS = """\
usr/include/utils.h                                     libdevel/libother-dev
usr/include/zzev/zzev.h                                 libdevel/libzzev-dev-common
usr/include/zzev-2/zzio.h                               libdevel/libzzev-dev
usr/include/zlib.h                                      libdevel/libzzev-dev
usr/lib/x86_64-linux-gnu/cmake/ZzEv/ZzEvConfig.cmake    libdevel/libzzev-dev
usr/lib/x86_64-linux-gnu/libzzev.so                     libdevel/libzzev-dev
usr/lib/x86_64-linux-gnu/pkgconfig/zz-two.pc            libdevel/libother-dev,libdevel/libzzev-dev
usr/lib/x86_64-linux-gnu/pkgconfig/zz.pc                libdevel/libzzev-dev
usr/share/doc/zzev/a.h                                  doc/zzev-doc
"""


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Any]:
    for release in _generate_debian.RELEASES:
        (tmp_path / release / "binary-amd64").mkdir(parents=True)
        with lzma.open(tmp_path / release / "binary-amd64" / "Packages.xz", "wt") as file:
            file.write(PACKAGES)
        for architecture in ("amd64", "all"):
            with gzip.open(tmp_path / release / f"Contents-{architecture}.gz", "wt") as file:
                file.write(CONTENTS)
    document: dict[str, Any] = json.loads(_generate_debian.document(tmp_path))
    return document


SHIPPED: dict[str, Any] = json.loads((HERE / "debian.json").read_text(encoding="utf-8"))
TABLES = {kind.value for kind in _generate_debian.KINDS.values()}


def test_what_is_shipped_has_the_form_that_the_generator_makes(made: dict[str, Any]) -> None:
    assert list(SHIPPED) == list(made) == ["releases", "packages", *sorted(TABLES)]
    assert SHIPPED["releases"] == made["releases"] == ["bookworm", "trixie"]


def test_packages_that_are_shipped_are_sorted_and_called_as_debian_may_call_them() -> None:
    rows = SHIPPED["packages"]
    assert rows == sorted(rows)
    assert [row for row in rows if len(row) < 2] == []
    assert [name for row in rows for name in row if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name)] == []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_names_that_are_shipped_are_sorted_and_each_has_a_row(table: str) -> None:
    names, rows = SHIPPED[table], SHIPPED["packages"]
    assert list(names) == sorted(names)
    assert all(0 <= number < len(rows) for number in names.values())
    assert [name for name in names if not re.fullmatch(FORMS.get(table, r"[^/\s]+"), name)] == []


FORMS = {"header": r"[^/\s]+/?", "cmake": r"[^/\sA-Z]+", "config_tool": r"[^/\s]+-config"}


def test_no_row_is_without_a_name() -> None:
    assert {number for table in TABLES for number in SHIPPED[table].values()} == set(range(len(SHIPPED["packages"])))


def test_a_name_of_one_source_is_kept_with_the_packages_to_install(made: dict[str, Any]) -> None:
    rows = made["packages"]
    assert {name: rows[number] for name, number in made["pkgconfig"].items()} == {"zz": ["zzev", "libzzev-dev"]}
    assert set(made["cmake"]) == {"zzev"}
    assert set(made["link"]) == {"zzev"}


def test_a_header_is_kept_where_it_is_called_like_its_package_and_no_entry_has_it(
    made: dict[str, Any],
) -> None:
    assert set(made["header"]) == {"zzev/", "zzev-2/"}  # not zzev.h: a short name that may be a project's own


def test_of_common_files_the_package_that_needs_them_is_installed(made: dict[str, Any]) -> None:
    assert made["packages"][made["header"]["zzev/"]] == ["zzev", "libzzev-dev"]


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("pkgconfig", NameKind.PKGCONFIG),
        ("pkgconfig", NameKind.MESON),
        ("cmake", NameKind.CMAKE),
        ("link", NameKind.LINK),
        ("config_tool", NameKind.CONFIG_TOOL),
        ("header", NameKind.HEADER),
    ],
)
def test_a_name_is_found_in_its_sense(table: str, kind: NameKind) -> None:
    name, number = max(SHIPPED[table].items())
    found = debian.find(kind, f"{name}x/y.h" if name.endswith("/") else name)
    assert found is not None
    assert [found.source, *found.packages] == SHIPPED["packages"][number]


@pytest.mark.parametrize("name", ["config.h", "utils.h", "version.h", "common/log.h", "opt.h", "st.h", "zlib.h"])
def test_a_header_that_may_be_anybodys_is_nobodys(name: str) -> None:
    assert debian.find(NameKind.HEADER, name) is None
