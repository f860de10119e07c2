"""CMakeCache.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, strategies as st

from backlit.trace import tables
from backlit.trace.harvest import cmake
from backlit.trace.harvest.cmake import Module

if TYPE_CHECKING:
    from pathlib import Path

CACHE: Final = """\
# This is the CMakeCache file.
//C compiler
CMAKE_C_COMPILER:FILEPATH=/usr/bin/cc
CMAKE_CXX_COMPILER:FILEPATH=/usr/bin/c++
CMAKE_C_COMPILER_AR:FILEPATH=/usr/bin/gcc-ar
CMAKE_GENERATOR:INTERNAL=Ninja
CMAKE_COMMAND:INTERNAL=/usr/bin/cmake
CMAKE_MAKE_PROGRAM:FILEPATH=/usr/bin/ninja
PKG_CONFIG_EXECUTABLE:FILEPATH=/usr/bin/pkg-config
Foo_DIR:PATH=Foo_DIR-NOTFOUND
ZLIB_INCLUDE_DIR:PATH=/usr/include
z_BINARY_DIR:STATIC=/build
FIND_PACKAGE_MESSAGE_DETAILS_ZLIB:INTERNAL=[/usr/lib/libz.so][/usr/include][ ][v1.2.13()]
ZIP_FOUND:INTERNAL=1
ZIP_MODULE_NAME:INTERNAL=zlib
__pkg_config_arguments_ZIP:INTERNAL=REQUIRED;zlib>=1.2
__pkg_config_checked_ZIP:INTERNAL=1
__pkg_config_arguments_TWO:INTERNAL=QUIET;IMPORTED_TARGET;zlib;libxml-2.0 >= 2.9
__pkg_config_checked_TWO:INTERNAL=1
TWO_FOUND:INTERNAL=1
ANY_FOUND:INTERNAL=1
ANY_MODULE_NAME:INTERNAL=zlib
ANY_no-such-a_VERSION:INTERNAL=
__pkg_config_checked_ANY:INTERNAL=1
NOTHING_FOUND:INTERNAL=
NOTHING_VERSION:INTERNAL=
NOTHING_no-such-module_VERSION:INTERNAL=
__pkg_config_checked_NOTHING:INTERNAL=1
SEVERAL_FOUND:INTERNAL=
SEVERAL_zlib_VERSION:INTERNAL=1.2.13
SEVERAL_gone_VERSION:INTERNAL=
__pkg_config_checked_SEVERAL:INTERNAL=1
"""


def test_the_programs_that_cmake_took() -> None:
    cache = cmake.parse(CACHE)
    assert cache.compilers == (("C", "/usr/bin/cc"), ("CXX", "/usr/bin/c++"))
    assert (cache.generator, cache.make_program) == ("Ninja", "/usr/bin/ninja")
    assert (cache.cmake, cache.pkg_config) == ("/usr/bin/cmake", "/usr/bin/pkg-config")


def test_the_modules_that_pkg_config_was_asked_for() -> None:
    assert cmake.parse(CACHE).modules == (
        Module(("zlib",), (), found=True),
        Module(("no-such-module",), (), found=False),
        Module(("zlib", "gone"), (), found=None),
        Module(("zlib", "libxml-2.0"), ("libxml-2.0 >= 2.9",), found=True),
        Module(("zlib",), ("zlib >= 1.2",), found=True),
    )


def test_the_packages_that_were_looked_for() -> None:
    found = [(each.name, each.found, each.version, each.path) for each in cmake.parse(CACHE).searches]
    assert found == [("Foo", False, "", ""), ("ZLIB", True, "1.2.13", "/usr/lib/libz.so")]


def test_the_programs_that_were_looked_for_in_vain() -> None:
    text = """\
//bison executable
BISON_EXECUTABLE:FILEPATH=BISON_EXECUTABLE-NOTFOUND
//Path to a program.
CCACHE_FOUND_AT:FILEPATH=CCACHE_FOUND_AT-NOTFOUND
//Path to a program.
CMAKE_DLLTOOL:FILEPATH=CMAKE_DLLTOOL-NOTFOUND
//Path to a program.
RAGEL:FILEPATH=/usr/bin/ragel
//Path to a library.
ZLIB_LIBRARY:FILEPATH=ZLIB_LIBRARY-NOTFOUND
"""
    assert cmake.parse(text).lacking == ("BISON_EXECUTABLE", "CCACHE_FOUND_AT")


@pytest.mark.parametrize(
    ("variable", "tool"),
    [
        ("BISON_EXECUTABLE", "bison"),
        ("Protobuf_PROTOC_EXECUTABLE", "protoc"),
        ("PKG_CONFIG_EXECUTABLE", "pkg-config"),
        ("CCACHE_PROGRAM", "ccache"),
        ("Made_Up", "made-up"),
    ],
)
def test_a_variable_for_a_program_names_its_tool(variable: str, tool: str) -> None:
    assert tables.tool_of_variable(variable) == tool


def test_a_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    assert len(cmake.read(str(tmp_path)).faults) == 1


@given(st.text())
def test_any_text_is_a_cache(text: str) -> None:
    assert cmake.parse(text).faults == ()
