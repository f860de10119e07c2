"""configure.ac: what it looks for, under which options and hosts, and what is only looked at."""

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.model.signal import Finding, LanguageUse, Required, Signal, ToolUse
from backlit.scanners import File, Tree
from backlit.scanners.autotools import ADAPTER


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def findings(text: str, files: dict[str, str] | None = None) -> list[Finding]:
    return list(ADAPTER.findings(read({"configure.ac": text, **(files or {})})))


def signals(text: str, files: dict[str, str] | None = None) -> list[Signal]:
    return [item for item in findings(text, files) if isinstance(item, Signal)]


def test_modules_with_versions() -> None:
    found = signals("AC_INIT([x],[1])\nPKG_CHECK_MODULES([DEPS], [libelf >= 0.165 libdw >= 0.165 glib-2.0])\n")
    assert [(item.sense, item.name, item.version, item.required, item.where) for item in found] == [
        (NameKind.PKGCONFIG, "libelf", ">=0.165", Required.YES, "configure.ac:2"),
        (NameKind.PKGCONFIG, "libdw", ">=0.165", Required.YES, "configure.ac:2"),
        (NameKind.PKGCONFIG, "glib-2.0", "", Required.YES, "configure.ac:2"),
    ]


@pytest.mark.parametrize(
    ("action", "required"),
    [
        ("", Required.YES),
        (", [have=yes], [AC_MSG_ERROR([no foo])]", Required.YES),
        (", [have=yes], [have=no]", Required.OPTIONAL),
    ],
)
def test_action_for_what_is_missing_says_whether_it_is_needed(action: str, required: Required) -> None:
    (found,) = signals(f"PKG_CHECK_MODULES(FOO, foo{action})")
    assert found.required is required


def test_libraries_and_headers() -> None:
    text = (
        "AC_CHECK_LIB([z], [inflate], [], [AC_MSG_ERROR([no zlib])])\nAC_SEARCH_LIBS(tgetent, [tinfo ncurses])\n"
        "AC_CHECK_HEADERS([zlib.h unistd.h], [], [AC_MSG_ERROR([none])])\nAC_CHECK_HEADERS([sys/x.h])"
    )
    assert [(item.name, item.required, item.confidence) for item in signals(text)] == [
        ("z", Required.YES, Confidence.HIGH),
        ("tinfo", Required.OPTIONAL, Confidence.MEDIUM),
        ("ncurses", Required.OPTIONAL, Confidence.MEDIUM),
        ("zlib.h", Required.YES, Confidence.HIGH),
        ("unistd.h", Required.YES, Confidence.HIGH),
        ("sys/x.h", Required.OPTIONAL, Confidence.LOW),
    ]


def test_option_with_its_default() -> None:
    text = (
        "AC_ARG_WITH([foo], [AS_HELP_STRING([--with-foo], [use foo])], [], [with_foo=yes])\n"
        "AC_ARG_ENABLE(bar, [help], [], [enable_bar=no])\n"
        'AS_IF([test "x$with_foo" != xno], [PKG_CHECK_MODULES([FOO], [foo])])\n'
        'if test "$enable_bar" = yes; then\n  PKG_CHECK_MODULES([BAR], [bar])\nfi\nPKG_CHECK_MODULES([BAZ], [baz])'
    )
    assert [(item.name, item.condition.switch, item.required) for item in signals(text)] == [
        ("foo", "option with-foo", Required.YES),
        ("bar", "option enable-bar", Required.OPTIONAL),
        ("baz", "", Required.YES),
    ]


def test_cases_of_an_option() -> None:
    text = (
        "AC_ARG_WITH([foo], [help], [], [with_foo=auto])\n"
        'AS_CASE(["x$with_foo"], [xyes], [PKG_CHECK_MODULES(FOO, [foo])],\n'
        "  [xauto], [PKG_CHECK_MODULES(FOO, [foo], [with_foo=yes], [with_foo=no])])"
    )
    assert {(item.name, item.condition.switch) for item in signals(text)} == {("foo", "option with-foo")}


def test_hosts() -> None:
    text = (
        "AS_CASE([$host_os], [linux*], [AC_CHECK_LIB([asound], [f])], [darwin*], [AC_CHECK_LIB([au], [f])])\n"
        "case $host in\n  *-mingw*)\n    AC_CHECK_LIB([winx], [f])\n    ;;\n"
        "  *)\n    AC_CHECK_LIB([other], [f])\n    ;;\nesac\n"
        "AC_CHECK_LIB([all], [f])"
    )
    assert {item.name: item.condition.platforms for item in signals(text)} == {
        "asound": ("linux",),
        "au": ("darwin",),
        "winx": ("win32",),
        "other": (),
        "all": (),
    }


def test_else_branch() -> None:
    text = 'if test "$host" = x; then\nAC_CHECK_LIB(a, f)\nelse\nAC_CHECK_LIB(b, f)\nfi\nAC_CHECK_LIB(c, f)'
    assert [item.name for item in signals(text)] == ["a", "b", "c"]


def test_programs_and_languages() -> None:
    text = "AC_PROG_CC\nAC_PROG_CXX\nAC_PROG_YACC\nAC_PATH_PROG([PCAP], [pcap-config])\n"
    text += "AM_PATH_LIBGCRYPT([1.8])\nAM_PATH_PYTHON"
    found = findings(text, {"configure": ""})
    assert {item.language for item in found if isinstance(item, LanguageUse)} == {"c", "cxx"}
    assert {item.name for item in found if isinstance(item, ToolUse)} == {"bison", "pcap-config", "libgcrypt-config"}
    assert {(item.sense, item.name) for item in found if isinstance(item, Signal)} == {
        (NameKind.CONFIG_TOOL, "pcap-config"),
        (NameKind.CONFIG_TOOL, "libgcrypt-config"),
    }


def test_without_configure_autoconf_is_needed() -> None:
    assert {item.name for item in findings("AC_INIT") if isinstance(item, ToolUse)} == {"autoconf"}


def test_comments_are_none() -> None:
    assert not signals("dnl PKG_CHECK_MODULES(A, a)\n# AC_CHECK_LIB(b, f)\n")


def test_build_that_does_not_run_it_makes_it_a_hint() -> None:
    text = "PKG_CHECK_MODULES(A, a)"
    (found,) = signals(text, {"setup.py": "from setuptools import setup\nsetup()"})
    assert found.confidence is Confidence.LOW
    (found,) = signals(text, {"setup.py": "subprocess.run(['./configure'])"})
    assert found.confidence is Confidence.HIGH


def test_copy_of_another_project_asks_for_nothing() -> None:
    assert not list(ADAPTER.findings(read({"foo/configure.ac": "PKG_CHECK_MODULES(A, a)", "foo/COPYING": ""})))


def test_what_is_not_closed_ends() -> None:
    for part in ("AS_IF([", "AC_CHECK_LIB(", "if x\n", "case x in\n", "PKG_CHECK_MODULES(A, [a"):
        signals(part * 3000)


@given(st.text(alphabet="AS_IF([], )\nif fi;case;;#dnl$with_foo") | st.text())
def test_any_text_is_read(text: str) -> None:
    findings(f"AC_ARG_WITH(foo)\n{text}")


WORDS = "AS_IF([ AS_CASE([$host],[ ]) ) , PKG_CHECK_MODULES(A,[a] AC_CHECK_LIB(z,f if case fi esac else ;; *) $with_a"


@given(st.lists(st.sampled_from(["\n", *WORDS.split()]), max_size=60))
def test_any_words_are_read(parts: list[str]) -> None:
    findings(" ".join(parts))
