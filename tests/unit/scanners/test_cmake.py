"""CMake's files: what they ask for, under which conditions, and what is no CMake."""

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import Finding, LanguageUse, Required, Signal, ToolUse, VendoredCopy
from backlit.scanners import File, Tree, _cmake_language
from backlit.scanners.cmake import ADAPTER

SKBUILD = '[build-system]\nrequires = ["scikit-build-core"]\nbuild-backend = "scikit_build_core.build"\n'


def read(files: dict[str, str]) -> Tree:
    return scanners.read(File(path, len(text), text.encode) for path, text in files.items())


def findings(text: str, files: dict[str, str] | None = None) -> list[Finding]:
    return list(ADAPTER.findings(read({"pyproject.toml": SKBUILD, "CMakeLists.txt": text, **(files or {})})))


def signals(text: str, files: dict[str, str] | None = None) -> list[Signal]:
    return [item for item in findings(text, files) if isinstance(item, Signal)]


def one(text: str, files: dict[str, str] | None = None) -> Signal:
    (found,) = signals(text, files)
    return found


def test_package_has_name_version_place_and_need() -> None:
    found = one("project(p C)\nfind_package(ZLIB 1.2 REQUIRED)\n")
    assert (found.sense, found.name, found.kind) == (NameKind.CMAKE, "ZLIB", Kind.QUERIED)
    assert (found.where, found.version, found.required) == ("CMakeLists.txt:2", ">=1.2", Required.YES)


def test_package_is_needed_where_its_absence_is_fatal() -> None:
    text = 'find_package(Foo)\nif(NOT Foo_FOUND)\n message(FATAL_ERROR "no foo")\nendif()\n'
    assert one(text).required is Required.YES


def test_package_is_optional_where_its_presence_is_tested() -> None:
    assert one("find_package(Foo QUIET)\nif(Foo_FOUND)\nadd_definitions(-DFOO)\nendif()").required is Required.OPTIONAL


def test_python_and_compilers_are_no_packages() -> None:
    text = "find_package(Python COMPONENTS Interpreter)\nfind_package(pybind11 CONFIG)\nfind_package(Threads REQUIRED)"
    assert not signals(text)


def test_option_is_a_switch_and_its_default_counts() -> None:
    text = 'option(WITH_A "a" ON)\noption(WITH_B "b" OFF)\n'
    text += "if(WITH_A)\nfind_package(A REQUIRED)\nendif()\nif(WITH_B)\nfind_package(B REQUIRED)\nendif()"
    assert [(item.name, item.condition.switch, item.required) for item in signals(text)] == [
        ("A", "option WITH_A", Required.YES),
        ("B", "option WITH_B", Required.OPTIONAL),
    ]


def test_platforms() -> None:
    text = (
        "if(WIN32)\nfind_package(W)\nelseif(APPLE)\nfind_package(M)\nelse()\nfind_package(L)\nendif()\n"
        'if(CMAKE_SYSTEM_NAME STREQUAL "Linux")\nfind_package(X)\nendif()\n'
        'if(${CMAKE_SYSTEM_NAME} MATCHES "Linux|FreeBSD")\nfind_package(Y)\nendif()\n'
        "if(NOT (MSVC OR APPLE))\nfind_package(Z)\nendif()"
    )
    assert {item.name: item.condition.platforms for item in signals(text)} == {
        "W": ("win32",),
        "M": ("darwin",),
        "L": ("linux", "other"),
        "X": ("linux",),
        "Y": ("linux", "other"),
        "Z": ("linux", "other"),
    }


def test_pkgconfig_modules_and_versions() -> None:
    found = signals("pkg_check_modules(DEPS REQUIRED IMPORTED_TARGET liblz4>=1.9 libunwind glib-2.0 >= 2.40)")
    assert [(item.sense, item.name, item.version, item.required) for item in found] == [
        (NameKind.PKGCONFIG, "liblz4", ">=1.9", Required.YES),
        (NameKind.PKGCONFIG, "libunwind", "", Required.YES),
        (NameKind.PKGCONFIG, "glib-2.0", ">=2.40", Required.YES),
    ]


def test_library_path_and_program() -> None:
    text = "find_library(U_LIBRARY NAMES usb-1.0 usb REQUIRED)\nfind_path(U_INCLUDE_DIR libusb.h)\nfind_program(S swig)"
    found = findings(text)
    assert [(item.sense, item.name) for item in found if isinstance(item, Signal)] == [
        (NameKind.LINK, "usb-1.0"),
        (NameKind.LINK, "usb"),
        (NameKind.HEADER, "libusb.h"),
    ]
    assert "swig" in {item.name for item in found if isinstance(item, ToolUse)}


def test_own_targets_are_set_apart_from_what_is_linked() -> None:
    text = (
        "add_library(core STATIC a.c)\npybind11_add_module(_x x.cpp)\nadd_library(My::alias ALIAS core)\n"
        "target_link_libraries(_x PRIVATE core My::alias later ssl -lcrypto ${UNSET} $<TARGET_FILE:core> /abs/lib.a)\n"
        "add_library(later b.c)"
    )
    assert [(item.sense, item.name) for item in signals(text)] == [(NameKind.LINK, "ssl"), (NameKind.LINK, "crypto")]


def test_namespace_of_a_package_that_was_looked_for_says_nothing_more() -> None:
    text = "find_package(ZLIB REQUIRED)\ntarget_link_libraries(t ZLIB::ZLIB Other::thing)"
    assert [(item.name, item.confidence) for item in signals(text)] == [
        ("ZLIB", Confidence.HIGH),
        ("Other", Confidence.MEDIUM),
    ]


def test_variables_lists_and_loops_are_followed() -> None:
    text = (
        "set(LIBS png)\nlist(APPEND LIBS jpeg)\n"
        "foreach(lib IN LISTS LIBS)\nfind_library(X_${lib} ${lib})\nendforeach()\n"
        'set(NAME "foo")\ntarget_link_libraries(t ${NAME}bar ${LIBS})'
    )
    assert [item.name for item in signals(text)] == ["png", "jpeg", "foobar", "png", "jpeg"]


def test_functions_are_followed_where_they_are_called() -> None:
    text = "function(need lib)\nfind_library(L_${lib} ${lib})\nendfunction()\n"
    found = one(f"{text}macro(unused)\nfind_library(A never)\nendmacro()\nneed(archive)\n")
    assert (found.name, found.where) == ("archive", "CMakeLists.txt:2")


def test_folders_and_modules_are_followed() -> None:
    files = {
        "src/CMakeLists.txt": "find_package(A)",
        "cmake/extra.cmake": "find_package(B)",
        "cmake/unused.cmake": "find_package(C)",
    }
    text = "add_subdirectory(src)\ninclude(cmake/extra.cmake)"
    assert [item.name for item in signals(text, files)] == ["A", "B"]


def test_own_module_tells_what_a_package_is_with_its_components() -> None:
    module = (
        "foreach(c ${Osm_FIND_COMPONENTS})\nstring(TOUPPER ${c} up)\nset(Osm_USE_${up} TRUE)\nendforeach()\n"
        "if(Osm_USE_XML)\nfind_package(EXPAT)\nendif()\nif(Osm_USE_GEO)\nfind_package(GEOS REQUIRED)\nendif()"
    )
    found = signals("find_package(Osm REQUIRED COMPONENTS io xml)", {"cmake/FindOsm.cmake": module})
    assert [(item.name, item.required) for item in found] == [
        ("Osm", Required.YES),
        ("EXPAT", Required.UNKNOWN),
        ("GEOS", Required.OPTIONAL),
    ]
    assert found[-1].confidence is Confidence.LOW


def test_of_another_project_in_the_tree_only_what_it_cannot_do_without() -> None:
    files = {"extern/foo/CMakeLists.txt": "find_package(A REQUIRED)\nfind_package(B)", "foo/COPYING": ""}
    assert [item.name for item in signals("add_subdirectory(extern/foo)", files)] == ["A"]
    files = {"foo/CMakeLists.txt": "find_package(A REQUIRED)\nfind_package(B)", "foo/COPYING": ""}
    assert [item.name for item in signals("add_subdirectory(foo)", files)] == ["A"]


def languages(text: str) -> dict[str, Confidence]:
    return {item.language: item.confidence for item in findings(text) if isinstance(item, LanguageUse)}


def test_languages() -> None:
    assert languages("project(p VERSION 1.0 LANGUAGES CXX Fortran)") == {
        "cxx": Confidence.HIGH,
        "fortran": Confidence.HIGH,
    }
    assert languages("project(p C)") == {"c": Confidence.HIGH}
    assert languages("project(p)") == {"c": Confidence.MEDIUM, "cxx": Confidence.MEDIUM}
    assert languages("project(p NONE)") == {}
    assert (
        languages("option(GPU x OFF)\nproject(p C)\nif(GPU)\nenable_language(CUDA)\nendif()")["cuda"] is Confidence.LOW
    )


def test_what_is_fetched_is_a_copy_and_its_target_is_no_library() -> None:
    text = (
        "FetchContent_Declare(samplerate GIT_REPOSITORY https://git.example/libsamplerate.git GIT_TAG v0.2.2)\n"
        "FetchContent_MakeAvailable(samplerate)\ntarget_link_libraries(t samplerate)"
    )
    found = findings(text)
    (copy,) = [item for item in found if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version) == ("libsamplerate", "0.2.2")
    assert not [item for item in found if isinstance(item, Signal)]


def test_what_a_folder_of_the_tree_is_taken_for() -> None:
    text = (
        "FetchContent_Declare(foo URL https://x.example/foo-1.4.2.zip SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/ext/foo)"
    )
    (copy,) = [item for item in findings(text) if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version, copy.path) == ("foo", "1.4.2", "ext/foo")


def test_programs_of_custom_commands() -> None:
    text = "add_custom_command(OUTPUT a.c COMMAND bison -o a.c a.y COMMAND mkdir x COMMAND ${PY} -m cython a.pyx)"
    tools = {item.name for item in findings(text) if isinstance(item, ToolUse)}
    assert tools == {"cmake", "bison", "cython"}


def test_without_a_backend_that_runs_it_all_is_a_hint() -> None:
    files = {"setup.py": "from setuptools import setup\nsetup()\n", "CMakeLists.txt": "find_package(ZLIB)"}
    (found,) = ADAPTER.findings(read(files))
    assert isinstance(found, Signal)
    assert found.confidence is Confidence.LOW


def test_setup_py_that_runs_cmake_makes_it_certain() -> None:
    files = {"setup.py": "import subprocess\nsubprocess.run(['cmake', '.'])\n", "CMakeLists.txt": "find_package(ZLIB)"}
    found = [item for item in ADAPTER.findings(read(files)) if isinstance(item, Signal | ToolUse)]
    assert {(item.name, item.confidence) for item in found} == {("cmake", Confidence.HIGH), ("ZLIB", Confidence.HIGH)}


def test_comments_brackets_and_quotes() -> None:
    text = '# find_package(A)\n#[[ find_package(B)\n]]\nset(X [=[ find_package(C) ]=])\nmessage("find_package(D)\n")\n'
    text += "find_package(E)"
    found = one(text)
    assert (found.name, found.where) == ("E", "CMakeLists.txt:7")


def test_what_is_not_closed_ends_with_the_file() -> None:
    for text in ("#[[ x", "set(a [[ x", 'set(a "x', "if(", "if(A)\n" * 3000, "a(" + "(" * 5000, "while(x)\n" * 300):
        _cmake_language.parse(list(_cmake_language.commands_in(text)))
        assert not signals(text)


def test_functions_that_call_themselves_end() -> None:
    assert not signals("function(f)\nf()\nf()\nendfunction()\nf()")


def test_option_for_tests_that_is_off_makes_a_hint() -> None:
    text = 'option(BUILD_TESTS "t" OFF)\nif(BUILD_TESTS)\nfind_package(GTest REQUIRED)\nendif()'
    found = one(text)
    assert (found.confidence, found.condition.switch) == (Confidence.LOW, "option BUILD_TESTS")


def test_target_s_name_is_taken_out_of_its_wrapping() -> None:
    (copy,) = [
        item for item in findings("FetchContent_Declare(bundled_libfoo URL ${X})") if isinstance(item, VendoredCopy)
    ]
    assert copy.name == "libfoo"


def test_flags_that_grow_take_no_time() -> None:
    lines = [f'if(X{number})\nset(FLAGS "${{FLAGS}} -f{number}")\nendif()' for number in range(200)]
    assert not signals("\n".join(lines))


def test_archives_are_named_by_their_address() -> None:
    text = "ExternalProject_Add(dep URL https://github.com/org/foo/archive/refs/tags/v1.2.3.tar.gz)"
    (copy,) = [item for item in findings(text) if isinstance(item, VendoredCopy)]
    assert (copy.name, copy.version) == ("foo", "1.2.3")


def test_variables_that_hold_themselves_end() -> None:
    assert not signals('set(A "${A}${A}x")\nset(A "${A}${A}")\nset(B "${A}${A}${A}${A}")\nmessage(${B}${B}${B})')


@given(st.text(alphabet='abIF if()[]="\\#${}\n;:set') | st.text())
def test_any_text_is_read(text: str) -> None:
    for item in findings(text, {"cmake/FindA.cmake": text}):
        assert item


WORDS = (
    "if( else() endif() set(A A) find_package(A) ${A} AND NOT OR ( ) foreach(A endforeach() function(A A() include(A)"
)


@given(st.lists(st.sampled_from(["\n", *WORDS.split()]), max_size=40))
def test_any_words_are_read(parts: list[str]) -> None:
    findings(" ".join(parts), {"A.cmake": " ".join(parts), "FindA.cmake": " ".join(parts)})


def test_what_a_failed_search_leaves_behind_is_no_library() -> None:
    assert signals("project(p C)\ntarget_link_libraries(own A_LIBRARY-NOTFOUND)\n") == []


def test_name_is_no_library() -> None:
    assert [item.name for item in signals("find_library(X NAME cdt HINTS /usr)\n")] == ["cdt"]


def test_packages_for_tests_are_hints() -> None:
    assert one("find_package(GTest REQUIRED)\n").confidence is Confidence.LOW


def test_environment_is_a_switch_that_nobody_sets() -> None:
    text = 'set(MODE "$ENV{FOO_MODE}" CACHE STRING "")\nif(MODE STREQUAL "")\nif(WIN32)\nset(MODE "SYSTEM")\n'
    text += (
        'else()\nset(MODE "OWN")\nendif()\nendif()\nif(NOT MODE STREQUAL "OWN")\nfind_package(Foo REQUIRED)\nendif()\n'
    )
    found = one(text)
    assert (found.condition.switch, found.required) == ("environment FOO_MODE", Required.OPTIONAL)


def test_package_that_the_project_gives_is_not_asked_for() -> None:
    assert not signals("find_package(Foo REQUIRED)", {"cmake/FooConfig.cmake.in": ""})
    assert signals("find_package(Foo REQUIRED)", {"third_party/foo/FooConfig.cmake.in": ""})


def test_what_a_module_looks_for_to_find_all_of_a_library_is_a_hint() -> None:
    module = {"FindFoo.cmake": "find_package(Bar)\nfind_library(FOO_LIBRARY foo)\n"}
    sure = {item.name: item.confidence for item in signals("find_package(Foo REQUIRED)", module)}
    assert (sure["Bar"], sure["foo"]) == (Confidence.LOW, Confidence.MEDIUM)
    sure = {item.name: item.confidence for item in signals("find_package(Foo REQUIRED COMPONENTS a)", module)}
    assert sure["Bar"] is Confidence.MEDIUM


def names_in(files: dict[str, str]) -> list[str]:
    return [item.name for item in ADAPTER.findings(read(files)) if isinstance(item, Signal)]


def test_project_in_a_folder_is_read_where_the_build_runs_it() -> None:
    setup = {"setup.py": "subprocess.run(['cmake', 'ffi'])\n"}
    assert names_in({**setup, "ffi/CMakeLists.txt": "find_package(LLVM)"}) == ["LLVM"]
    assert names_in({"setup.py": "", "ffi/CMakeLists.txt": "find_package(LLVM)"}) == []
    assert names_in({**setup, "ffi/CMakeLists.txt": "find_package(LLVM)", "ffi/LICENSE": ""}) == []
    assert names_in({**setup, "ffi/CMakeLists.txt": "find_package(LLVM)", "b/CMakeLists.txt": ""}) == []


def test_build_says_where_its_project_is() -> None:
    project = f'{SKBUILD}[tool.scikit-build]\ncmake.source-dir = "native/lib"\n'
    assert names_in({"pyproject.toml": project, "native/lib/CMakeLists.txt": "find_package(ZLIB)"}) == ["ZLIB"]
    copied = {"native/lib/CMakeLists.txt": "find_package(ZLIB)", "native/lib/LICENSE": ""}
    assert names_in({"pyproject.toml": project, **copied}) == []


@pytest.mark.parametrize("test", ['"$ENV{FOO}" STREQUAL "1"', "DEFINED ENV{FOO}", "$ENV{FOO}"])
def test_environment_that_is_asked_at_once_is_a_switch(test: str) -> None:
    found = one(f"if({test})\nfind_package(Foo REQUIRED)\nendif()\n")
    assert (found.condition.switch, found.required) == ("environment FOO", Required.OPTIONAL)


def test_part_of_another_project_without_a_shelf_is_asked_for_what_it_needs_alone() -> None:
    files = {
        "ext/foo/LICENSE": "",
        "ext/foo/build/cmake/CMakeLists.txt": "option(FOO_Z off)\nif(FOO_Z)\nfind_package(ZLIB REQUIRED)\nendif()\n"
        "find_package(BZip2)\nfind_package(LibLZMA REQUIRED)\n",
    }
    found = signals("project(p C)\nadd_subdirectory(ext/foo/build/cmake)\n", files)
    assert [item.name for item in found] == ["LibLZMA"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('[tool.scikit-build.cmake]\ndefine = { A = "ON" }\n', id="define"),
        pytest.param("[tool.scikit-build]\ncmake.define.A = true\n", id="truth"),
        pytest.param('[tool.scikit-build]\ncmake.args = ["-G", "Ninja", "-DA:BOOL=ON"]\n', id="arguments"),
        pytest.param('[tool.py-build-cmake.cmake]\noptions = { A = "ON" }\n', id="py-build-cmake"),
    ],
)
def test_option_that_pyproject_sets_is_what_it_says(said: str) -> None:
    text = "option(A off)\noption(B off)\nif(A)\nfind_package(ZLIB REQUIRED)\nendif()\n"
    text += "if(B)\nfind_package(BZip2 REQUIRED)\nendif()\n"
    plain = {item.name: (item.required, item.confidence) for item in signals(text)}
    assert plain == dict.fromkeys(("ZLIB", "BZip2"), (Required.OPTIONAL, Confidence.MEDIUM))
    told = {item.name: (item.required, item.confidence) for item in signals(text, {"pyproject.toml": SKBUILD + said})}
    assert told == {"ZLIB": (Required.YES, Confidence.HIGH), "BZip2": (Required.OPTIONAL, Confidence.LOW)}


def test_what_pyproject_sets_is_not_set_again_by_the_cache() -> None:
    said = SKBUILD + '[tool.scikit-build.cmake]\ndefine = { KIND = "system" }\n'
    text = 'set(KIND "own" CACHE STRING "which")\nif(KIND STREQUAL "system")\nfind_package(ZLIB REQUIRED)\nendif()\n'
    assert one(text, {"pyproject.toml": said}).required is Required.YES
    assert not [item for item in signals(text) if item.confidence is not Confidence.LOW]


def test_switch_is_the_one_that_is_off() -> None:
    text = "option(A on)\noption(B off)\nif(A)\nif(B)\nfind_package(ZLIB)\nendif()\nendif()\n"
    assert one(text.replace("A on", "A a on").replace("B off", "B b off")).condition.switch == "option B"


@pytest.mark.parametrize(
    "test", ['CMAKE_SYSTEM_NAME STREQUAL "FreeBSD"', "WIN32", 'WIN32 AND CMAKE_C_COMPILER_ID STREQUAL "X"']
)
@pytest.mark.parametrize("command", ["set(LIBS {})", "list(APPEND LIBS {})"])
def test_what_a_variable_holds_elsewhere_is_not_linked_on_linux(command: str, test: str) -> None:
    text = f"if(A_FOUND)\n{command.format('z')}\nelseif({test})\n{command.format('thr')}\nendif()\n"
    assert [item.name for item in signals(f"{text}target_link_libraries(m ${{LIBS}})\n")] == ["z"]


@pytest.mark.parametrize(
    ("item", "confidence"),
    [("${ext}_extension", Confidence.LOW), ("${ext}", Confidence.HIGH), ("foo${ext}", Confidence.HIGH)],
)
def test_name_that_is_put_together_is_a_target_s(item: str, confidence: Confidence) -> None:
    assert one(f"set(ext json)\ntarget_link_libraries(m {item})\n").confidence is confidence


def test_targets_of_nanobind_are_no_libraries() -> None:
    assert not signals("target_link_libraries(m nanobind-static-abi3 nanobind)\n")
