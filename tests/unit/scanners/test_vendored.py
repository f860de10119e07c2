"""Copies of other projects: which folders and files are some, and what their own files say of them."""

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.signal import VendoredCopy
from backlit.scanners import File, Tree, _own_files
from backlit.scanners.vendored import ADAPTER


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def copies(files: dict[str, str]) -> list[VendoredCopy]:
    return [item for item in ADAPTER.findings(read(files)) if isinstance(item, VendoredCopy)]


def one(files: dict[str, str]) -> VendoredCopy:
    (found,) = copies(files)
    return found


JOINED = """\
define(_VERSION_MAJOR, 0)
define(_VERSION_MINOR, 8)
AC_DEFINE([X_MINOR], [3])
AC_INIT([libfoo],m4_join([.], _VERSION_MAJOR, _VERSION_MINOR)m4_if(_DEV, [true], [-dev]),[https://x.org],[libfoo])
"""


@pytest.mark.parametrize(
    ("path", "text", "name", "version"),
    [
        ("configure.ac", "AC_INIT([c-foo], [1.34.6], [x@example.org])", "c-foo", "1.34.6"),
        ("configure.ac", "AC_INIT(Easel, 0.49, x@example.org, easel)", "easel", "0.49"),
        ("configure.ac", "m4_define([foo_major],[3])\nm4_define([foo_minor],[7])\nAC_INIT([foo], foo_v)", "foo", "3.7"),
        ("configure.ac", JOINED, "libfoo", "0.8"),
        ("configure", "PACKAGE_NAME='Foo'\nPACKAGE_TARNAME='foo'\nPACKAGE_VERSION='2.1'\n", "foo", "2.1"),
        ("CMakeLists.txt", 'project("foo" VERSION 3.2.0 LANGUAGES C)', "foo", "3.2.0"),
        ("CMakeLists.txt", "project(foo C)\nset (PROJECT_VERSION_MAJOR 0)\nset(FOO_VERSION_MINOR 1)\n", "foo", "0.1"),
        ("meson.build", "project('foo', 'c',\n  version : '0.9.1')", "foo", "0.9.1"),
        ("package.json", '{"name": "@scope/foo", "version": "4.0.0"}', "foo", "4.0.0"),
        ("vcpkg.json", '{"name": "foo", "version-string": "4.0.0"}', "foo", "4.0.0"),
        ("foo.pc.in", "Name: foo\nVersion: @VERSION@\n", "foo", ""),
        ("VERSION", "1.2.3\n", "thing", "1.2.3"),
        ("thing.h", '#define THING_VERSION "5.6"\n', "thing", "5.6"),
        ("thing.h", "#define THING_VERSION 5.6.7\n", "thing", "5.6.7"),
        ("include/thing.h", "#define THING_VERSION_MAJOR 5\n#define THING_VERSION_MINOR 6\n", "thing", "5.6"),
        ("thing.h", "#define THING_MAJOR_VERSION 5\n#define THING_MINOR_VERSION 6\n", "thing", "5.6"),
        ("thing.h", "#define THING_MAJOR 5\n#define THING_MINOR 6\n#define THING_PATCH 1\n", "thing", "5.6.1"),
    ],
)
def test_name_and_version_come_from_its_own_files(path: str, text: str, name: str, version: str) -> None:
    found = one({f"deps/thing/{path}": text, "deps/thing/src/a.c": ""})
    assert (found.name, found.version, found.path) == (name, version, "deps/thing")


@pytest.mark.parametrize("folder", ["win32", "src/pkg/cpp", "vendor/inc", "python"])
def test_a_folder_whose_name_says_nothing_names_no_copy(folder: str) -> None:
    assert copies({f"{folder}/LICENSE": "", f"{folder}/README": "", f"{folder}/a.c": ""}) == []


def test_what_its_own_files_call_by_such_a_name_is_a_copy() -> None:
    found = one({"vendor/json/package.json": '{"name": "tools", "version": "4.0.0"}', "vendor/json/a.c": ""})
    assert (found.name, found.path) == ("tools", "vendor/json")


def test_folder_says_name_and_version_where_nothing_else_does() -> None:
    found = one({"third_party/zlib-1.3.1/inflate.c": ""})
    assert (found.name, found.version) == ("zlib", "1.3.1")


@pytest.mark.parametrize(("switch", "found"), [("PYFOO_USE_SYSTEM_FOO", ["foo"]), ("FOO_DEBUG", [])])
@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"foolibs/foo.h": '#define FOO_VERSION "1.1"', "foolibs/foo.c": ""}, id="header"),
        pytest.param({"foo/foo/foo.h": '#define FOO_VERSION "1.1"', "foo/linux/a.c": ""}, id="folder"),
    ],
)
def test_what_the_systems_can_stand_for_is_a_copy_though_it_is_called_as_the_project(
    files: dict[str, str], switch: str, found: list[str]
) -> None:
    setup = f"import os\nuse = os.environ.get('{switch}')\nsetup(name='foo')\n"
    seen = copies({"setup.py": setup, **files})
    assert [copy.name for copy in seen] == found
    assert all((copy.version, copy.switch) == ("1.1", f"environment {switch}") for copy in seen)


def test_header_of_the_copy_is_nearer_than_papers() -> None:
    files = {
        "vendor/foo/package.json": '{"name": "foo", "version": "1.0"}',
        "vendor/foo/foo.h": '#define FOO_VERSION "1.1"',
    }
    assert one(files).version == "1.1"


def test_folder_with_papers_and_a_build_is_a_copy_anywhere() -> None:
    assert one({"src/foo/COPYING": "", "src/foo/Makefile": "", "src/foo/a.c": ""}).path == "src/foo"


def test_package_of_the_project_is_no_copy() -> None:
    assert not copies({"pkg/LICENSE": "", "pkg/README.md": "", "pkg/__init__.py": "", "pkg/a.c": ""})


def test_folder_without_compiled_sources_is_none() -> None:
    assert not copies({"vendor/six/six.py": "", "vendor/six/LICENSE": ""})


def test_crates_are_no_matter_of_this() -> None:
    assert not copies({"vendor/foo/Cargo.toml": "", "vendor/foo/src/a.c": ""})


def test_tests_and_documents_hold_none() -> None:
    assert not copies({"tests/deps/foo/a.c": "", "doc/extern/foo/a.c": ""})


def test_copy_in_a_copy_belongs_to_it() -> None:
    assert [item.path for item in copies({"deps/foo/a.c": "", "deps/foo/deps/bar/b.c": ""}) if item.sure] == [
        "deps/foo"
    ]


def test_library_without_papers_is_told_by_its_layout() -> None:
    assert one({"libfoo/foo/foo.h": "", "libfoo/foo/a.c": ""}).name == "libfoo"
    assert not copies({"libfoo/a.c": ""})


def test_core_of_the_project_itself_is_none() -> None:
    files = {"PKG-INFO": "Name: foo\n\n", "libfoo/configure.ac": "AC_INIT([libfoo])", "libfoo/include/foo.h": ""}
    assert not copies({**files, "libfoo/src/a.c": ""})


def test_copy_in_a_folder_named_for_it() -> None:
    files = {"libfoo/foo/COPYING": "", "libfoo/foo/configure.ac": "AC_INIT([foo],[2.0])", "libfoo/foo/src/a.c": ""}
    found = one({**files, "libfoo/foo/include/foo.h": ""})
    assert (found.name, found.version, found.path) == ("foo", "2.0", "libfoo/foo")


def test_header_among_own_sources_tells_of_another_project() -> None:
    files = {
        "PKG-INFO": "Name: fast.yaml\n\n",
        "config.h": '#define YAML_VERSION_STRING "0.2.5"',
        "yaml.h": "",
        "yaml_private.h": "",
        "api.c": "",
    }
    found = one(files)
    assert (found.name, found.version, found.where) == ("yaml", "0.2.5", "config.h:1")


def test_header_alone_is_no_copy() -> None:
    assert not copies({"src/mpc.h": '#define MPC_VERSION_STRING "1.3.1"', "src/own.c": ""})


@pytest.mark.parametrize("name", ["foo", "pyfoo", "python-foo", "foo-py"])
def test_version_of_the_project_itself_tells_of_none(name: str) -> None:
    assert not copies({"PKG-INFO": f"Name: {name}\n\n", "src/foo.h": '#define FOO_VERSION "1.0"', "src/foo.c": ""})


def test_amalgamation_is_a_copy_with_its_header_s_version() -> None:
    text = "/*\n** This file is an amalgamation of many separate C source files\n*/\n" + "int x;\n" * 10_000
    files = {"src/sqlite3.c": text, "src/sqlite3.h": '#define SQLITE_VERSION        "3.45.1"\n'}
    assert {(item.name, item.version) for item in copies(files)} >= {("sqlite3", "3.45.1")}


def test_archive_is_a_copy() -> None:
    found = one({"cfoo-4.6.4.tar.gz": "", "tests/data-1.0.tar.gz": ""})
    assert (found.name, found.version, found.path) == ("cfoo", "4.6.4", "cfoo-4.6.4.tar.gz")


def test_part_of_a_family_has_the_family_s_name() -> None:
    files = {"extern/core/CMakeLists.txt": "project(boost_core VERSION 1.90.0)", "extern/core/include/boost/a.hpp": ""}
    found = one(files)
    assert (found.name, found.version) == ("boost", "1.90.0")


def test_submodule_s_address_names_it() -> None:
    modules = '[submodule "x"]\n\tpath = deps/x\n\turl = https://git.example/org/libx.git\n'
    assert one({".gitmodules": modules, "deps/x/a.c": ""}).name == "libx"


@pytest.mark.parametrize(
    ("setup", "switch"),
    [
        ("import os\nos.environ.get('FOO_USE_SYSTEM_LIB')", "environment FOO_USE_SYSTEM_LIB"),
        ("import sys\n'--use-system-foo' in sys.argv", "option use-system-foo"),
        ("import os\nos.environ.get('USE_SYSTEM_OTHER', 'USE_SYSTEM_THIRD')", ""),
        # A variable may say so by its value, at once or by another name.
        ("if os.environ.get('FOO_INSTALL') == 'system':\n    pass\n", "environment FOO_INSTALL"),
        ("kind = os.environ.get('FOO_INSTALL')\n\nif kind == 'system':\n    pass\n", "environment FOO_INSTALL"),
        ("kind = os.environ.get('FOO_INSTALL')\nif other == 'system':\n    pass\n", ""),
        ("if os.environ.get('FOO_INSTALL') == 'user':\n    x = 'system'\n", ""),
    ],
)
def test_switch_of_the_build(setup: str, switch: str) -> None:
    assert one({"setup.py": setup, "deps/foo/a.c": ""}).switch == switch


def test_setup_py_that_names_it_compiles_it() -> None:
    assert one({"setup.py": "sources = ['deps/foo/a.c']", "deps/foo/a.c": ""}).compiled is True
    assert one({"setup.py": "", "deps/foo/a.c": ""}).compiled is None


NAMES = [
    "configure.ac",
    "configure",
    "CMakeLists.txt",
    "meson.build",
    "package.json",
    "VERSION",
    "a.h",
    "a.pc.in",
    ".gitmodules",
]


@given(st.sampled_from(NAMES), st.text() | st.text(alphabet="AC_INIT([])\n,.'#define project(version:1.2) \"{}"))
def test_any_text_is_read(name: str, text: str) -> None:
    _own_files.read(name, text.encode())
    copies({f"deps/x/{name}": text, "deps/x/a.c": text, name: text, "setup.py": text})


def test_long_lines_take_no_time() -> None:
    for text in ("AC_INIT(" + "[" * 50_000, "#define A_" * 20_000, "project('" * 20_000, "project(" + "a" * 50_000):
        for name in NAMES:
            _own_files.read(name, text.encode())


def test_papers_may_be_spelled_as_anybody_likes() -> None:
    assert one({"foo/License.txt": "", "foo/configure": "", "foo/a.c": "", "setup.py": ""}).path == "foo"


def test_name_of_a_release_is_not_taken_out_of_the_next_line() -> None:
    text = "AC_INIT([foo], [foo_version])\n#AC_INIT([foo], [foo_version], [x@example.org])\n"
    assert one({"deps/thing/configure.ac": text, "deps/thing/a.c": ""}).name == "foo"


def test_copy_on_a_shelf_within_a_copy_counts_where_the_build_names_it() -> None:
    files = {"vendor/outer/a.c": "", "vendor/outer/deps/inner/b.c": "", "vendor/outer/deps/other/c.c": ""}
    found = {item.path: item.sure for item in copies(files)}
    assert found == {"vendor/outer": True, "vendor/outer/deps/inner": False, "vendor/outer/deps/other": False}
    named = {**files, "setup.py": "Extension('m', ['vendor/outer/deps/inner/b.c'])"}
    assert [item.path for item in copies(named) if item.sure] == ["vendor/outer", "vendor/outer/deps/inner"]


def test_folder_with_papers_and_a_version_in_its_name_is_a_copy() -> None:
    found = one({"src/foo-1.0/LICENSE": "", "src/foo-1.0/code/a.cc": ""})
    assert (found.name, found.version) == ("foo", "1.0")


@pytest.mark.parametrize(("version", "found"), [("6.4.2", [("foo", "6.4.2", False)]), ("1.4.2", [])])
def test_a_header_that_says_another_version_than_the_projects_may_be_of_what_it_wraps(
    version: str, found: list[tuple[str, str, bool]]
) -> None:
    files = {"PKG-INFO": "Name: pyfoo\nVersion: 1.4.0\n", "src/foo.cpp": ""}
    seen = copies({**files, "src/foo.hpp": f'#define FOO_VERSION "{version}"'})
    assert [(copy.name, copy.version, copy.sure) for copy in seen] == found


@pytest.mark.parametrize(("macro", "is_copy"), [("FOO_VERSION_MAJOR", True), ("BAR_VERSION_MAJOR", False)])
def test_folder_with_papers_and_a_header_that_says_its_version_is_a_copy(macro: str, *, is_copy: bool) -> None:
    version = f"#define {macro} 1\n#define {macro.replace('MAJOR', 'MINOR')} 2\n"
    found = copies({"libfoo/LICENSE": "", "libfoo/c/common/version.h": version, "libfoo/c/dec/decode.c": ""})
    assert [(copy.name, copy.version) for copy in found] == ([("libfoo", "1.2")] if is_copy else [])


@pytest.mark.parametrize(
    ("paths", "is_copy"),
    [
        (["lib/World/LICENSE.txt", "lib/World/src/dio.cpp", "lib/World/test/test.cpp"], True),
        (["lib/World/LICENSE.txt", "lib/World/src/dio.cpp", "lib/World/include/dio.h"], True),
        (["lib/World/LICENSE.txt", "lib/World/src/dio.cpp"], False),
        (["lib/World/src/dio.cpp", "lib/World/test/test.cpp"], False),
    ],
)
def test_folder_with_papers_and_what_comes_along_with_a_release_is_a_copy(paths: list[str], *, is_copy: bool) -> None:
    found = [copy.path for copy in copies(dict.fromkeys(paths, ""))]
    assert found == (["lib/World"] if is_copy else [])


def test_folder_with_a_header_of_its_name_may_be_a_library_if_it_has_many_sources() -> None:
    files = {"gumbo/gumbo.h": "", **{f"gumbo/{name}.c": "" for name in ("parser", "tag", "utf8")}}
    assert not copies(files)
    assert not one({**files, "gumbo/util.c": ""}).sure


@pytest.mark.parametrize(
    ("paths", "header"),
    [
        (["src/longparser.h", "src/longparser.c"], "longparser.h"),
        (["lzx.h", "lzx_c.c", "lzx_d.c"], "lzx.h"),
        (["cbx/include/cbx.h", "cbx/src/cbx_a.c", "cbx/src/cbx_b.c"], "cbx.h"),
        (["code/lzx/lzx.hpp", "code/lzx/lzx_c.cpp"], "lzx.hpp"),
        (["vendor/lzx.h", "vendor/lzx.c"], "lzx.h"),
    ],
)
def test_header_beside_its_sources_may_be_a_library_s(paths: list[str], header: str) -> None:
    (found,) = (item for item in copies(dict.fromkeys([*paths, "setup.py"], "")) if item.header)
    assert (found.header, found.sure, found.path.endswith(header)) == (header, False, True)


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(["src/util.h", "src/util.c"], id="short"),
        pytest.param(["src/longparser.h", "src/other.c"], id="no source"),
        pytest.param(["tests/longparser.h", "tests/longparser.c"], id="of tests"),
        pytest.param(["third_party/foo/longparser.h", "third_party/foo/longparser.c"], id="of a copy"),
        pytest.param(["vendor/deep/foo/draft/lzx.h", "vendor/deep/foo/draft/lzx.c"], id="short, deep in a copy"),
    ],
)
def test_header_that_tells_nothing_is_left_out(paths: list[str]) -> None:
    assert not [item for item in copies(dict.fromkeys(paths, "")) if item.header]


@pytest.mark.parametrize(("name", "count"), [("longparser", 0), ("python-longparser", 1), ("other", 1)])
def test_header_of_the_project_s_own_name_is_its_own(name: str, count: int) -> None:
    files = {"PKG-INFO": f"Name: {name}\n", "src/longparser.h": "", "src/longparser.c": ""}
    assert len([item for item in copies(files) if item.header]) == count


def test_copy_within_a_copy_counts_where_the_build_joins_its_path() -> None:
    files = {"outer/COPYING": "", "outer/configure": "", "outer/a.c": "", "outer/third_party/inner/b.c": ""}
    named = {**files, "setup.py": "OUTER / 'third_party' / 'inner' / 'b.c'"}
    assert [item.path for item in copies(named)] == ["outer", "outer/third_party/inner"]


def test_folder_that_has_a_number_for_its_name_tells_of_nobody() -> None:
    files = {"source/12/LICENSE": "", "source/12/README": "", "source/12/a.c": ""}
    assert not copies(files)


def test_folder_of_meson_s_overlays_is_no_copy() -> None:
    assert not copies({"subprojects/packagefiles/foo/a.c": ""})


def test_copies_further_in_a_copy_count_where_the_build_names_them() -> None:
    files = {"vendor/outer/a.c": "", "vendor/outer/src/deps/inner/b.c": ""}
    assert [item.path for item in copies(files)] == ["vendor/outer"]
    assert len(copies({**files, "setup.py": "['vendor/outer/src/deps/inner/b.c']"})) == 2


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["include/foo/foo-b.h", "include/foo/foo.hpp", "include/foo/a.h"], ["foo/foo-b.h"]),
        (["include/foo/a.h"], []),
        (["include/foo/foo.h", "include/foo/a.c"], []),
        (["include/a.h"], []),
        (["include/mine/a.h"], []),
        (["tests/foo/a.h"], []),
        (["simd/neon/neon.h"], []),
        (["utils/fake_libc_include/foo/foo.h"], []),
    ],
)
def test_folder_of_headers_alone_may_be_a_library(paths: list[str], found: list[str]) -> None:
    files = dict.fromkeys(["src/m.c", *paths], "") | {"PKG-INFO": "Name: python-mine\n"}
    assert [item.header for item in copies(files) if "/" in item.header] == found


def test_copy_in_a_copy_that_has_only_headers_may_be_how_it_is_configured() -> None:
    files = {"vendor/outer/a.c": "", "vendor/outer/third_party/inner/config.h": ""}
    assert [item.path for item in copies(files)] == ["vendor/outer"]
