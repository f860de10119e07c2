"""C and its kin: foreign headers, their conditions, and the languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence
from backlit.model.signal import LanguageUse, Required, Scope, Signal
from backlit.scanners import File
from backlit.scanners._scope import scope_of
from backlit.scanners.includes import ADAPTER


def findings(files: dict[str, str]) -> list[object]:
    tree = scanners.read(File(path, len(text), text.encode) for path, text in files.items())
    return list(ADAPTER.findings(tree))


def headers(text: str, path: str = "src/m.c", **files: str) -> dict[str, Signal]:
    others = {name.replace("_", "."): content for name, content in files.items()}
    return {item.name: item for item in findings({path: text, **others}) if isinstance(item, Signal)}


def test_a_foreign_header_has_file_line_and_text() -> None:
    found = headers("\n#  include <openssl/ssl.h> // here\n")["openssl/ssl.h"]
    assert (found.where, found.detail) == ("src/m.c:2", "#include <openssl/ssl.h>")
    assert (found.required, found.confidence, found.scope) == (Required.UNKNOWN, Confidence.HIGH, Scope.BUILD)


@pytest.mark.parametrize(
    "last",
    [
        "#include <foo.h>",
        "#" + " \t" * 40 + "include <foo.h>",
        "/* include */\n#include <foo.h>\n// no more to include, or to import",
        "#import <foo.h>\n/* import */",
        "#include <bar.h>\n#import <foo.h>",
        "#import <bar.h>\n#include <foo.h>",
    ],
)
def test_the_last_include_is_found_wherever_it_stands(last: str) -> None:
    assert "foo.h" in headers(f"#if X\n#endif\n{last}\nint x;\n#if Y\n#endif\n")


def test_own_headers_are_left_out_wherever_they_lie() -> None:
    tree = {"src/m.c": '#include "a/b.h"\n#include "b.h"\n', "include/a/b.h": ""}
    assert [item for item in findings(tree) if isinstance(item, Signal)] == []


def test_headers_that_are_brought_for_windows_are_foreign_elsewhere() -> None:
    tree = {"src/m.c": "#include <fftw3.h>\n", "include/win/fftw3.h": ""}
    assert [item.name for item in findings(tree) if isinstance(item, Signal)] == ["fftw3.h"]


@pytest.mark.parametrize(
    ("opening", "platforms", "switch"),
    [
        ("#ifdef _WIN32", ("win32",), ""),
        ("#if defined(__APPLE__) && X", ("darwin",), ""),
        ("#ifdef __linux__", ("linux",), ""),
        ("#if 0", ("other",), ""),
        ("#ifdef HAVE_FOO", (), "macro HAVE_FOO"),
        ("#if defined(WITH_FOO)", (), "macro WITH_FOO"),
        ("#ifndef GUARD_H", (), ""),
        ("#if !defined(_WIN32)", (), ""),
        ("#ifdef _WIN32\n#else", (), ""),
        ("#ifdef _WIN32\n#endif\n#ifdef X", (), ""),
    ],
)
def test_conditions_around_an_include(opening: str, platforms: tuple[str, ...], switch: str) -> None:
    found = headers(f"{opening}\n#include <foo.h>\n#endif\n")["foo.h"]
    assert (found.condition.platforms, found.condition.switch) == (platforms, switch)


def test_a_macro_that_the_build_sets_makes_a_claim_and_another_a_hint() -> None:
    text = "#ifdef HAVE_FOO\n#include <foo.h>\n#endif\n#ifdef HAVE_BAR\n#include <bar.h>\n#endif\n"
    found = headers(text, setup_py="define_macros = [('HAVE_FOO', 1)]\n")
    assert (found["foo.h"].confidence, found["foo.h"].required) == (Confidence.HIGH, Required.OPTIONAL)
    assert found["bar.h"].confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("path", "platforms"),
    [("src/io_win32.c", ("win32",)), ("src/darwin/io.c", ("darwin",)), ("src/window.c", ()), ("winsome/io.c", ())],
)
def test_names_of_files_say_a_platform(path: str, platforms: tuple[str, ...]) -> None:
    assert headers("#include <foo.h>\n", path)["foo.h"].condition.platforms == platforms


def test_tests_are_told_apart_and_copies_left_out() -> None:
    assert headers("#include <foo.h>\n", "tests/m.c")["foo.h"].scope is Scope.TEST
    assert headers("#include <foo.h>\n", "vendor/m.c") == {}
    assert headers("#include <foo.h>\n", "vendored-foo/m.c") == {}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("m.c", "c"),
        ("m.CPP", "cxx"),
        ("m.cc", "cxx"),
        ("m.cu", "cuda"),
        ("m.mm", "objcxx"),
        ("m.h", None),
        ("m.i", None),
    ],
)
def test_sources_tell_their_language(path: str, language: str | None) -> None:
    found = [item.language for item in findings({path: ""}) if isinstance(item, LanguageUse)]
    assert found == ([language] if language else [])


def test_swig_includes_in_its_own_files() -> None:
    assert set(headers("%{\n#include <glpk.h>\n%}\n", "m.i")) == {"glpk.h"}


def test_what_a_compiler_for_devices_alone_reads_is_a_hint_without_sources_for_it() -> None:
    text = "#ifdef __CUDACC__\n#include <cuda_runtime.h>\n#endif\n"
    setup = "Extension('m', ['m.c'])"
    assert confidences({"m.c": text, "setup.py": setup}) == {"cuda_runtime.h": Confidence.LOW}


def test_a_long_file_is_read_in_a_straight_line() -> None:
    text = "#ifdef HAVE_X\n#include <x.h>\n" * 40_000
    started = time.process_time()
    findings({"m.c": text})
    assert time.process_time() - started < 5


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_fault(data: bytes) -> None:
    tree = scanners.read([File("m.c", len(data), lambda: data), File("CMakeLists.txt", len(data), lambda: data)])
    list(ADAPTER.findings(tree))


@given(st.text(alphabet='#ifdefnslu \n<>".hHAVE_X0!|', max_size=200))
def test_directives_of_any_shape_are_read_without_a_fault(text: str) -> None:
    headers(text)


@pytest.mark.parametrize("name", ["philox-benchmark.c", "a_test.cc", "a_unittest.cpp", "x-bench.c"])
def test_sources_that_are_named_for_tests_are_tests(name: str) -> None:
    assert scope_of(f"src/{name}") is Scope.TEST
    assert scope_of(f"src/{name.partition('.')[0]}er.c") is Scope.BUILD


@pytest.mark.parametrize("name", ["pango_example.py", "example_use.py", "viewer_demo.py"])
def test_examples_are_told_by_their_names(name: str) -> None:
    assert scope_of(f"utils/{name}") is Scope.EXAMPLE


def confidences(files: dict[str, str]) -> dict[str, Confidence]:
    found = (item for item in findings(files) if isinstance(item, Signal))
    return {item.name: item.confidence for item in found}


SETUP = 'setup(ext_modules=[Extension("a", ["src/a.c", f"{x}.c" for x in ("b",)])])'


def test_what_no_build_compiles_includes_is_a_hint() -> None:
    files = {
        "setup.py": SETUP,
        "src/a.c": '#include <one.h>\n#include "own.h"\n',
        "src/b.c": "#include <two.h>\n",
        "src/own.h": '#include <three.h>\n#include "deep/own.h"\n',
        "src/deep/own.h": "#include <four.h>\n",
        "src/viewer.c": "#include <one.h>\n#include <five.h>\n",
        "src/lonely.h": "#include <six.h>\n",
    }
    sure = dict.fromkeys(("one.h", "two.h", "three.h", "four.h"), Confidence.HIGH)
    assert confidences(files) == sure | dict.fromkeys(("five.h", "six.h"), Confidence.LOW)


def test_headers_that_cython_or_code_in_texts_names_are_compiled() -> None:
    files = {
        "setup.py": SETUP,
        "build_x.py": 'ffi.set_source("x", "#include \\"texts.h\\"")',
        "src/a.c": "",
        "src/x.pyx": 'cdef extern from "named.h":\n    pass\n',
        "src/named.h": "#include <one.h>\n",
        "src/texts.h": "#include <two.h>\n",
    }
    assert confidences(files) == {"one.h": Confidence.HIGH, "two.h": Confidence.HIGH}


def test_sources_that_a_build_gathers_are_compiled() -> None:
    files = {
        "setup.py": 'sources = glob("src/*.c")',
        "src/deep/a.c": "#include <one.h>\n",
        "z/b.c": "#include <two.h>\n",
    }
    assert confidences(files) == {"one.h": Confidence.HIGH, "two.h": Confidence.LOW}


def test_meson_compiles_what_its_files_name() -> None:
    files = {
        "pyproject.toml": '[build-system]\nbuild-backend = "mesonpy"\nrequires = ["meson-python"]\n',
        "meson.build": "project('p', 'c')\nsubdir('src')\n",
        "src/meson.build": "py.extension_module('m', 'a.c')\n",
        "src/a.c": "#include <one.h>\n",
        "src/generate.c": "#include <two.h>\n",
        "setup.py": "for name in glob('src/*.c'): pass\n",
    }
    assert confidences(files) == {"one.h": Confidence.HIGH, "two.h": Confidence.LOW}


@pytest.mark.parametrize("setup", ["import build_it", None], ids=["silent", "none"])
def test_where_no_source_is_named_any_may_be_compiled(setup: str | None) -> None:
    files = {"a.c": "#include <one.h>\n", "b.h": "#include <two.h>\n"} | ({"setup.py": setup} if setup else {})
    assert confidences(files) == {"one.h": Confidence.HIGH, "two.h": Confidence.HIGH}


@pytest.mark.parametrize(
    "macro", ["OSMIUM_WITH_LZ4", "XSIMD_ENABLE_XTL", "HAVE_XTL", "SIMDE_MATH_SLEEF_ENABLE", "A_SUPPORT"]
)
def test_macros_that_turn_something_on_are_switches(macro: str) -> None:
    files = {"src/a.c": f"#ifdef {macro}\n#include <one.h>\n#endif\n"}
    (found,) = (item for item in findings(files) if isinstance(item, Signal))
    assert (found.condition.switch, found.confidence) == (f"macro {macro}", Confidence.LOW)
    (found,) = (item for item in findings(files | {"setup.py": f"x = ['{macro}']"}) if isinstance(item, Signal))
    assert found.confidence is Confidence.HIGH


def test_a_header_that_the_build_makes_is_the_tree_s_own() -> None:
    tree = {"m.c": "#include <foo/config.h>\n", "include/foo/config.h.in": ""}
    assert not [item for item in findings(tree) if isinstance(item, Signal)]


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("function y = f(x)\n  y = @(z) z + x;\nend\n", []),
        ("% #includes nothing\nx = 1;\n", []),
        ("#import <Foundation/Foundation.h>\n", ["objc"]),
        ("@implementation A\n@end\n", ["objc"]),
    ],
)
def test_sources_of_matlab_are_no_objective_c(text: str, languages: list[str]) -> None:
    assert [item.language for item in findings({"src/a.m": text}) if isinstance(item, LanguageUse)] == languages


@pytest.mark.parametrize(
    ("said", "confidence"),
    [("", Confidence.LOW), ("check_call(['make'])\n", Confidence.HIGH), ("run('./configure')\n", Confidence.HIGH)],
)
def test_makefile_counts_where_something_runs_make(said: str, confidence: Confidence) -> None:
    files = {"setup.py": f"{said}Extension('m', ['src/m.c'])\n", "src/m.c": "", "src/tools/Makefile": "t: t.c u.c\n"}
    (found,) = (item for item in findings({**files, "src/tools/t.c": "#include <png.h>\n"}) if isinstance(item, Signal))
    assert found.confidence is confidence
