"""Cython sources: foreign headers, what they have linked, and the language."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Signal
from backlit.scanners import File
from backlit.scanners.cython import ADAPTER


def findings(text: str, path: str = "pkg/m.pyx", **files: str) -> list[object]:
    named = {path: text, **{f"{name}.h": content for name, content in files.items()}}
    return list(ADAPTER.findings(scanners.read(File(name, len(one), one.encode) for name, one in named.items())))


def signals(text: str, **files: str) -> list[Signal]:
    return [item for item in findings(text, **files) if isinstance(item, Signal)]


def test_a_foreign_header_has_file_and_line() -> None:
    (found,) = signals('# a comment\ncdef extern from "krb5.h" nogil:\n    pass\n')
    assert (found.sense, found.name, found.kind, found.where) == (
        NameKind.HEADER,
        "krb5.h",
        Kind.INCLUDED,
        "pkg/m.pyx:2",
    )


@pytest.mark.parametrize("text", ['cdef extern from "mine.h":', "cdef extern from *:", "# cdef extern"])
def test_own_headers_and_none_are_left_out(text: str) -> None:
    assert signals(text, mine="") == []


def test_angle_brackets_are_headers_too() -> None:
    assert [item.name for item in signals('cdef extern from "<libxml/tree.h>":')] == ["libxml/tree.h"]


def test_headers_of_copied_c_count_and_comments_do_not() -> None:
    text = 'cdef extern from *:\n    """\n    #include <zlib.h>\n    """\n#include <png.h>\n'
    assert [(item.name, item.where) for item in signals(text)] == [("zlib.h", "pkg/m.pyx:3")]


def test_a_platform_of_compile_time_stays() -> None:
    text = (
        'IF UNAME_SYSNAME == "Windows":\n    cdef extern from "a.h":\n        pass\n'
        'ELSE:\n    cdef extern from "b.h":\n        pass\ncdef extern from "c.h":\n    pass\n'
    )
    found = {item.name: item.condition.platforms for item in signals(text)}
    assert found == {"a.h": ("win32",), "b.h": ("darwin", "linux", "other"), "c.h": ()}


def test_lines_for_distutils_link() -> None:
    text = "# distutils: libraries = foo bar\n# distutils: extra_link_args = -lbaz -s\n# distutils: language = c\n"
    assert [item.name for item in signals(text)] == ["foo", "bar", "baz"]


def test_alias_that_setup_py_defines_is_no_library() -> None:
    text = "# distutils: libraries = STD_LIBS FIXED_INTERP GL gsl\n# distutils: extra_link_args = -lGL_ES\n"
    assert [item.name for item in signals(text)] == ["GL", "gsl", "GL_ES"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "c"),
        ("# distutils: language = c++\n", "cxx"),
        ("#distutils:language=c++\n", "cxx"),
        ("from libcpp.vector cimport vector\n", "cxx"),
        ("# libcpp is not used\n", "c"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert [item.language for item in findings(text) if isinstance(item, LanguageUse)] == [language]


def test_declarations_alone_compile_nothing() -> None:
    assert [item for item in findings("", "pkg/m.pxd") if isinstance(item, LanguageUse)] == []


def test_the_same_header_is_said_once() -> None:
    assert len(signals('cdef extern from "z.h":\n    pass\ncdef extern from "z.h":\n    pass\n')) == 1


@given(st.text(alphabet="IFELS:\n \"cdefxtrnom<.h># =ditus*'", max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    findings(text)


@pytest.mark.parametrize(
    ("setup", "language"),
    [
        ("Extension('a', ['a.pyx'], language='c++')", "cxx"),
        ("Extension('a', ['a.pyx'], language='c++')\nExtension('b', ['b.pyx'])", "c"),
        ("cythonize('a.pyx', language='c++')", "cxx"),
        ("Extension('a', ['a.pyx'])", "c"),
    ],
)
def test_setup_py_may_have_all_compiled_as_cxx(setup: str, language: str) -> None:
    files = {"setup.py": setup, "a.pyx": "x = 1\n"}
    tree = scanners.read(File(path, len(text), text.encode) for path, text in files.items())
    assert [item.language for item in ADAPTER.findings(tree) if isinstance(item, LanguageUse)] == [language]
