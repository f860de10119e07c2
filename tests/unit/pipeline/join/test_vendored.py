"""Libraries whose sources stand in the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from backlit.pipeline.join import included, vendored

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build


def join(build: Build, project: str | None = "demo") -> None:
    vendored.enter(build.ledger, build.observation, build.places, project)


@pytest.mark.parametrize(
    "folder",
    ["vendor/zlib", "third_party/zlib-1.3.1", "3rdparty/zlib", "deps/zlib", "subprojects/zlib_v1.2", "extern/z"],
)
def test_a_folder_on_a_shelf_with_a_librarys_name_is_that_library(build: Build, folder: str) -> None:
    build.compile(f"{folder}/adler32.c", f"{folder}/sub/crc32.c")
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.linkage, zlib.used, zlib.direct) == (("vendored",), True, True)
    assert [(e.where, e.detail, e.confidence) for e in zlib.evidence] == [
        (folder, "2 source files compiled in", "medium")
    ]


@pytest.mark.parametrize("paper", ["COPYING", "LICENSE", "configure"])
def test_a_folder_with_papers_of_its_own_is_somebody_elses_project(build: Build, paper: str) -> None:
    build.write(f"src/zlib/{paper}")
    build.compile("src/zlib/adler32.c")
    join(build)
    assert [e.detail for e in build.libraries["zlib"].evidence] == ["1 source file compiled in"]


def test_a_folder_of_a_librarys_name_alone_is_the_projects_own(build: Build) -> None:
    build.compile("src/zlib/wrapper.c")
    join(build)
    assert build.libraries == {}


def test_the_projects_own_name_is_no_vendored_library(build: Build) -> None:
    build.write("zlib/LICENSE")
    build.compile("zlib/wrapper.c")
    join(build, "ZLib")
    assert build.libraries == {}


@pytest.mark.parametrize("folder", ["libsoxr", "core"])
def test_a_library_that_the_project_wraps_is_no_part_of_it(build: Build, folder: str) -> None:
    build.write(f"{folder}/LICENCE")
    build.write(f"{folder}/CMakeLists.txt", "project(soxr VERSION 0.1.3 LANGUAGES C)\n")
    build.compile(f"{folder}/src/soxr.c")
    join(build, "soxr")
    found = {name: library.version for name, library in build.libraries.items()}
    assert found == ({"soxr": "0.1.3"} if folder == "libsoxr" else {})


def test_on_a_shelf_the_projects_own_name_is_a_library(build: Build) -> None:
    build.compile("vendor/zlib/adler32.c")
    join(build, "zlib")
    assert list(build.libraries) == ["zlib"]


def test_a_copy_on_a_shelf_that_no_record_knows_keeps_its_folders_name(build: Build) -> None:
    build.compile("vendor/strange/x.c")
    join(build)
    (strange,) = build.libraries.values()
    assert (strange.id, strange.canonical, strange.linkage) == ("dep:generic/strange", "unknown", ("vendored",))
    assert [each.confidence for each in strange.evidence] == ["medium"]


def test_a_folder_of_the_projects_own_is_not_guessed_at(build: Build) -> None:
    build.compile("src/strange/x.c")
    join(build)
    assert build.libraries == {}


def test_sources_outside_the_project_are_not_vendored(build: Build) -> None:
    build.compile("/usr/src/vendor/zlib/adler32.c")
    join(build)
    assert build.libraries == {}


def test_sources_compiled_in_are_more_than_headers(build: Build) -> None:
    build.compile("vendor/zlib/adler32.c", headers=("/usr/include/zlib.h",))
    included.enter(build.ledger, build.observation, build.places)
    join(build)
    assert build.libraries["zlib"].linkage == ("vendored",)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("configure.ac", "AC_INIT([zlib], [1.3.1], [zlib@gzip.org])\n"),
        ("CMakeLists.txt", "project(zlib VERSION 1.3.1 LANGUAGES C)\n"),
        ("zlib.h", '#define ZLIB_VERSION "1.3.1"\n'),
    ],
    ids=["autoconf", "CMake", "header"],
)
def test_a_copys_name_and_version_are_what_its_own_files_say(build: Build, file: str, text: str) -> None:
    build.write(f"third_party/zlib/{file}", text)
    build.write("third_party/zlib/adler32.c")
    build.compile("third_party/zlib/adler32.c", headers=(str(build.root / "third_party/zlib/zlib.h"),))
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.version, zlib.linkage, zlib.canonical) == ("1.3.1", ("vendored",), "true")
    assert ("third_party/zlib", "1 source file compiled in", "high") in [
        (each.where, each.detail, each.confidence) for each in zlib.evidence
    ]
    assert "its own files say: zlib 1.3.1" in [each.detail for each in zlib.evidence]


def test_a_copy_that_no_record_knows_keeps_the_name_its_own_files_give_it(build: Build) -> None:
    build.write("deps/qx/configure.ac", "AC_INIT([quuxlib], [0.4.2])\n")
    build.compile("deps/qx/q.c")
    join(build)
    quux = build.libraries["quuxlib"]
    assert (quux.canonical, quux.version, {each.confidence for each in quux.evidence}) == (
        "unknown",
        "0.4.2",
        {"medium", "high"},
    )


def test_one_file_that_is_somebody_elses_beside_the_projects_own_is_counted_alone(build: Build) -> None:
    build.write("src/niggli.h", "#define NIGGLI_MAJOR_VERSION 0\n#define NIGGLI_MINOR_VERSION 1\n")
    build.write("src/niggli.h", '#define NIGGLI_VERSION "0.1.2"\n')
    for name in ("niggli.c", "own.c"):
        build.write(f"src/{name}")
    build.compile("src/niggli.c", "src/own.c", headers=(str(build.root / "src/niggli.h"),))
    join(build)
    assert [(each.where, each.detail) for each in build.libraries["niggli"].evidence] == [
        ("src/niggli.h", "1 source file compiled in"),
        ("src/niggli.h:1", "its own files say: niggli 0.1.2"),
    ]


def test_a_copy_of_which_nothing_was_compiled_is_none(build: Build) -> None:
    build.write("deps/zlib/configure.ac", "AC_INIT([zlib], [1.3.1])\n")
    build.compile("src/own.c")
    join(build)
    assert build.libraries == {}


def test_a_copy_beside_the_projects_own_folder_may_have_a_name_of_several_words(build: Build) -> None:
    text = "#define HTTP_PARSER_VERSION_MAJOR 2\n#define HTTP_PARSER_VERSION_MINOR 9\n"
    header = build.write("http-parser/http_parser.h", text)
    build.write("http-parser/http_parser.c")
    build.compile("http-parser/http_parser.c", "own.c", headers=(header,))
    join(build)
    assert [(library.version, library.linkage) for library in build.libraries.values()] == [("2.9", ("vendored",))]
    assert list(build.libraries) == ["http-parser"]


TEMPLATES: Final = (
    "#define RAPIDJSON_MAJOR_VERSION 1\n#define RAPIDJSON_MINOR_VERSION 1\n#define RAPIDJSON_PATCH_VERSION 0\n"
)


@pytest.mark.parametrize("linked", [False, True], ids=["templates", "headers of a library that is linked"])
def test_a_copy_that_is_headers_alone_is_compiled_in_where_the_library_is_not_linked(
    build: Build, *, linked: bool
) -> None:
    headers = [build.write(f"rapidjson/include/rapidjson/{name}", TEMPLATES) for name in ("rapidjson.h", "reader.h")]
    for paper in ("license.txt", "readme.md"):
        build.write(f"rapidjson/{paper}")
    build.compile("own.cpp", headers=tuple(headers))
    if linked:
        build.ledger.entry(build.ledger.resolver.project("rapidjson")).linkage.add("dynamic")
    join(build)
    rapidjson = build.libraries["rapidjson"]
    assert (rapidjson.linkage, rapidjson.version) == ((("dynamic",), None) if linked else (("vendored",), "1.1.0"))
    assert [each.detail for each in rapidjson.evidence][:1] == ([] if linked else ["2 headers compiled in"])


def test_what_cmake_fetched_and_compiled_is_known_by_the_name_it_was_given(build: Build) -> None:
    for name in ("bundled_libzmq", "nobodys"):
        build.compile(f"/elsewhere/build/_deps/{name}-src/src/a.cpp", f"/elsewhere/build/_deps/{name}-src/src/b.cpp")
    join(build)
    assert {name: library.linkage for name, library in build.libraries.items()} == {"zeromq": ("vendored",)}
    assert [(each.where, each.detail, each.confidence) for each in build.libraries["zeromq"].evidence] == [
        ("_deps/bundled_libzmq-src", "2 source files compiled in", "medium")
    ]


def test_an_amalgamation_among_the_projects_sources_is_a_copy_with_the_version_of_its_header(build: Build) -> None:
    text = "/* This file is an amalgamation of many separate C source files from SQLite version 3.45.1. */\n"
    build.write("src/sqlite3.c", text + "int x;\n" * 10_000)
    header = build.write("src/sqlite3.h", '#define SQLITE_VERSION "3.45.1"\n')
    build.compile("src/sqlite3.c", headers=(header,))
    join(build)
    assert [(library.version, library.linkage) for library in build.libraries.values()] == [("3.45.1", ("vendored",))]
    assert list(build.libraries) == ["sqlite"]


SWITCH = 'import os\nUSE = os.environ.get("SOXR_SYSTEM_SOXR")\n'


@pytest.mark.parametrize(("setup", "version"), [(SWITCH, "0.1.3"), ("", None)], ids=["switch", "own"])
def test_what_the_systems_can_stand_for_is_a_copy_though_it_is_called_as_the_project(
    build: Build, setup: str, version: str | None
) -> None:
    build.write("setup.py", f"{setup}setup(name='soxr')\n")
    header = "#define SOXR_VERSION_MAJOR 0\n#define SOXR_VERSION_MINOR 1\n#define SOXR_VERSION_PATCH 3\n"
    opened = build.write("soxr/soxr/soxr.h", header)
    build.write("soxr/linux/filter.c", '#include "soxr.h"\n')
    build.compile("soxr/linux/filter.c", headers=(opened,))
    join(build, "soxr")
    found = {name: library.version for name, library in build.libraries.items()}
    assert found == ({"soxr": version} if version else {})


def test_releases_that_a_copy_holds_are_told_by_themselves(build: Build) -> None:
    build.write("c-blosc/LICENSE")
    build.write("c-blosc/CMakeLists.txt", "project(blosc VERSION 1.21.6)\n")
    inner = "c-blosc/internal"
    build.compile("c-blosc/blosc/blosc.c", f"{inner}/zstd-1.5.6/lib/a.c", f"{inner}/zstd-1.5.6/lib/deep/b.c")
    build.compile(f"{inner}/strange-1.2/x.c")
    join(build)
    found = {name: (library.version, library.evidence[0].detail) for name, library in build.libraries.items()}
    assert found == {
        "blosc": ("1.21.6", "2 source files compiled in"),
        "zstd": ("1.5.6", "2 source files compiled in"),
    }


def test_a_copy_whose_macros_are_called_otherwise_is_known_by_its_header(build: Build) -> None:
    opened = build.write("lib/lmdb.h", "#define MDB_VERSION_MAJOR 0\n#define MDB_VERSION_MINOR 9\n")
    build.compile("lib/mdb.c", "lib/midl.c", headers=(opened,))
    join(build, "lmdb")
    lmdb = build.libraries["lmdb"]
    assert (lmdb.linkage, lmdb.version) == (("vendored",), "0.9")
    assert [each.detail for each in lmdb.evidence] == ["1 source file compiled in", "its own files say: mdb 0.9"]


@pytest.mark.parametrize("folder", ["build/jq-1.8.2", "jq"])
def test_a_release_of_the_projects_own_name_is_what_it_wraps(build: Build, folder: str) -> None:
    build.write(f"{folder}/COPYING")
    build.write(f"{folder}/configure.ac", "AC_INIT([jq],[1.8.2])\n")
    build.compile(f"{folder}/src/main.c")
    join(build, "jq")
    found = {name: library.version for name, library in build.libraries.items()}
    assert found == ({"jq": "1.8.2"} if folder != "jq" else {})


@pytest.mark.parametrize(("folder", "found"), [("libbrotli", {"brotli"}), ("python", set())])
def test_a_folder_with_papers_may_be_called_as_a_library_that_links_under_other_names(
    build: Build, folder: str, found: set[str]
) -> None:
    build.write(f"{folder}/LICENSE")
    build.compile(f"{folder}/c/dec/decode.c")
    join(build, "brotlicffi")
    assert build.libraries.keys() == found


@pytest.mark.parametrize("own", [0, 1])
def test_what_a_copy_holds_is_counted_for_that_alone(build: Build, own: int) -> None:
    build.write("vendor/jq/configure.ac", "AC_INIT([jq],[1.8.2])\n")
    build.write("vendor/jq/vendor/oniguruma/configure.ac", "AC_INIT([onig],[6.9.10])\n")
    build.compile("vendor/jq/vendor/oniguruma/src/a.c", "vendor/jq/vendor/oniguruma/src/b.c")
    build.compile(*["vendor/jq/src/main.c"][:own])
    join(build)
    counted = {name: library.evidence[0].detail for name, library in build.libraries.items()}
    told = {"jq": "1 source file compiled in", "oniguruma": "2 source files compiled in"}
    assert counted == (told if own else {"oniguruma": told["oniguruma"]})


@pytest.mark.parametrize(
    ("header", "linked", "found"), [("gumbo.h", False, True), ("gumbo.h", True, False), ("parser.h", False, False)]
)
def test_a_folder_with_a_header_of_its_name_and_many_sources_is_that_library_unless_it_is_linked(
    build: Build, header: str, *, linked: bool, found: bool
) -> None:
    build.write(f"gumbo/{header}")
    if linked:
        build.ledger.entry(build.ledger.resolver.project("gumbo")).linkage.add("dynamic")
    build.compile(*[f"gumbo/{name}.c" for name in ("attribute", "char_ref", "error", "parser")])
    join(build, "html5-parser")
    assert [name for name, each in build.libraries.items() if "vendored" in each.linkage] == ["gumbo-parser"] * found
