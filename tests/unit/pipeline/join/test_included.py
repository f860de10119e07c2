"""Libraries whose headers were compiled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.model.invocation import Role
from backlit.pipeline.join import included, linked, queried

if TYPE_CHECKING:
    from pathlib import Path

    from unit.pipeline.join.conftest import Build

ZLIB, PNG = "/usr/include/zlib.h", "/usr/include/libpng16/png.h"


def join(build: Build) -> None:
    included.enter(build.ledger, build.observation, build.places)


def test_a_header_that_the_project_names_is_direct_and_header_only(build: Build) -> None:
    build.write("x.c", "#include <stdio.h>\n#  include <zlib.h>\n")
    build.compile("x.c", headers=("/usr/include/stdio.h", ZLIB))
    join(build)
    zlib = build.libraries["zlib"]
    assert (list(build.libraries), zlib.direct, zlib.used) == (["zlib"], True, True)
    assert (zlib.linkage, zlib.names.header) == (("header-only",), ("zlib.h",))
    assert [(e.kind, e.where, e.detail) for e in zlib.evidence] == [
        ("included", "zlib.h", "named by the project's own source")
    ]


def test_a_header_opened_through_another_is_not_direct(build: Build) -> None:
    build.write("x.c", "#include <png.h>\n")
    build.compile("x.c", headers=(ZLIB, PNG), include_dirs=("/usr/include/libpng16",))
    join(build)
    assert {name: library.direct for name, library in build.libraries.items()} == {"libpng": True, "zlib": False}
    assert build.libraries["zlib"].names.header == ()


def test_a_header_named_by_a_header_of_the_project_is_direct(build: Build) -> None:
    own = build.write("include/own.h", "#include <zlib.h>\n")
    build.write("x.c", '#include "own.h"\n')
    build.compile("x.c", headers=(own, ZLIB))
    join(build)
    assert build.libraries["zlib"].direct


def test_a_comment_names_nothing(build: Build) -> None:
    build.write("x.c", "// #include <zlib.h>\n#include <png.h>\n")
    build.compile("x.c", headers=(ZLIB, PNG), include_dirs=("/usr/include/libpng16",))
    join(build)
    assert not build.libraries["zlib"].direct


@pytest.mark.parametrize(
    ("include", "folders"),
    [
        pytest.param("libxml/tree.h", ("/usr/include/libxml2",), id="-I"),
        pytest.param("libxml/tree.h", ("/usr/include/libxml2/",), id="slash"),
        pytest.param("libxml2/libxml/tree.h", (), id="root"),
        pytest.param("tree.h", ("/usr/include/libxml2/libxml",), id="deep"),
    ],
)
def test_a_header_is_direct_by_each_name_that_leads_to_it(build: Build, include: str, folders: tuple[str, ...]) -> None:
    build.write("x.c", f"#include <{include}>\n")
    path = "/usr/include/libxml2/libxml/tree.h"
    build.own(path, "libxml2-dev", "libxml2")
    build.compile("x.c", headers=(path,), include_dirs=folders)
    join(build)
    assert list(build.libraries) == ["libxml2"]
    assert (build.libraries["libxml2"].direct, build.libraries["libxml2"].names.header) == (True, (include,))


@pytest.mark.parametrize(
    ("own", "include", "folders"),
    [
        pytest.param("src/zlib.h", '"zlib.h"', (), id="beside"),
        pytest.param("include/zlib.h", '"zlib.h"', ("include",), id="-I"),
        pytest.param("include/zlib.h", "<zlib.h>", ("include",), id="angle"),
    ],
)
def test_a_header_of_the_project_does_not_make_one_of_its_name_direct(
    build: Build, own: str, include: str, folders: tuple[str, ...]
) -> None:
    header = build.write(own, "int own;\n")
    build.write("src/x.c", f"#include {include}\n#include <png.h>\n")
    given = tuple(str(build.root / folder) for folder in folders)
    build.compile("src/x.c", headers=(header, ZLIB, PNG), include_dirs=(*given, "/usr/include/libpng16"))
    join(build)
    assert {name: library.direct for name, library in build.libraries.items()} == {"libpng": True, "zlib": False}


def test_a_header_of_the_project_hides_none_from_a_source_that_does_not_open_it(build: Build) -> None:
    header = build.write("include/zlib.h", "int own;\n")
    build.write("x.c", "#include <zlib.h>\n")
    build.write("y.c", "#include <zlib.h>\n")
    build.compile("x.c", headers=(header,), include_dirs=(str(build.root / "include"),))
    build.compile("y.c", headers=(ZLIB,))
    join(build)
    assert build.libraries["zlib"].direct


def test_headers_of_the_project_of_python_and_of_temporary_folders_are_no_library(build: Build, tmp_path: Path) -> None:
    own = build.write("zlib.h")
    python = f"{build.places.python[0]}/zlib.h"
    build.compile("x.c", headers=(own, python, str(tmp_path / "zlib.h")))
    join(build)
    assert build.libraries == {}


@pytest.mark.parametrize("site", ["build-env-x/lib/python3.11/site-packages", "usr/lib/python3/dist-packages"])
def test_a_python_packages_headers_are_a_library_where_the_catalogue_knows_it(
    build: Build, tmp_path: Path, site: str
) -> None:
    site = f"{tmp_path}/{site}"
    pybind11, numpy = f"{site}/pybind11/include", f"{site}/numpy/_core/include"
    headers = (f"{pybind11}/pybind11/pybind11.h", f"{numpy}/numpy/arrayobject.h")
    build.own(headers[0], "pybind11", "pybind11")
    build.own(headers[1], "numpy", "numpy")
    build.write("x.cc", "#include <pybind11/pybind11.h>\n#include <numpy/arrayobject.h>\n")
    build.compile("x.cc", headers=headers, include_dirs=(pybind11, numpy))
    join(build)
    assert list(build.libraries) == ["pybind11"]
    library = build.libraries["pybind11"]
    assert (library.linkage, library.direct, len(library.packages)) == (("header-only",), True, 1)


def test_the_package_that_has_the_file_knows_better_than_its_folder(build: Build) -> None:
    path = "/usr/include/openssl/evp.h"
    build.own(path, "libgnutls28-dev", "gnutls28")
    build.write("x.c", "#include <openssl/evp.h>\n")
    build.compile("x.c", headers=(path,))
    join(build)
    assert list(build.libraries) == ["gnutls"]


def test_an_exact_name_knows_better_than_the_package(build: Build) -> None:
    build.own(ZLIB, "libgnutls28-dev", "gnutls28")
    build.compile("x.c", headers=(ZLIB,))
    join(build)
    assert list(build.libraries) == ["zlib"]
    assert [package.role for package in build.libraries["zlib"].packages] == ["host"]


def test_a_header_of_a_platform_package_is_left_out(build: Build) -> None:
    path = "/usr/include/strange/thing.h"
    build.own(path, "libc6-dev", "glibc")
    build.compile("x.c", headers=(path,))
    join(build)
    assert build.libraries == {}


def test_a_header_that_only_its_package_knows_is_named_by_the_source_package(build: Build) -> None:
    path = "/usr/include/strange/thing.h"
    build.own(path, "strange-dev", "strange-source")
    build.compile("x.c", headers=(path,))
    join(build)
    assert build.libraries["strange-source"].canonical == "unknown"


@pytest.mark.parametrize(
    ("path", "name", "id_"),
    [
        pytest.param("/opt/strange/thing.h", "thing.h", "thing", id="no include folder"),
        pytest.param("/opt/odd/include/strange/thing.h", "strange/thing.h", "strange", id="include folder"),
    ],
)
def test_a_header_below_no_folder_that_was_given_is_named_without_an_absolute_path(
    build: Build, path: str, name: str, id_: str
) -> None:
    build.compile("x.c", headers=(path,))
    join(build)
    assert {key: library.evidence[0].where for key, library in build.libraries.items()} == {id_: name}


def test_asked_for_in_vain_and_opened_only_through_another_header_is_not_used(build: Build) -> None:
    build.ship("demo/_x.so", "libpng16.so.16")
    build.write("x.c", "#include <png.h>\n")
    build.compile("x.c", headers=(ZLIB, PNG), include_dirs=("/usr/include/libpng16",))
    build.link("build/demo/_x.so", "png16", "z")
    linked.enter(build.ledger, linked.links_of(build.observation, build.places))
    join(build)
    assert {name: library.used for name, library in build.libraries.items()} == {"libpng": True, "zlib": False}
    assert build.libraries["zlib"].linkage == ()


def test_asked_for_in_vain_but_named_by_the_project_is_used(build: Build) -> None:
    build.ship("demo/_x.so")
    build.write("x.c", "#include <zlib.h>\n")
    build.compile("x.c", headers=(ZLIB,))
    build.link("build/demo/_x.so", "z")
    linked.enter(build.ledger, linked.links_of(build.observation, build.places))
    join(build)
    assert (build.libraries["zlib"].used, build.libraries["zlib"].linkage) == (True, ("header-only",))


def test_a_linked_librarys_headers_do_not_make_it_header_only(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.compile("gone.c", headers=(ZLIB,))
    build.link("build/demo/_x.so", "z")
    linked.enter(build.ledger, linked.links_of(build.observation, build.places))
    join(build)
    assert build.libraries["zlib"].linkage == ("dynamic",)


def test_a_question_makes_an_included_library_direct(build: Build) -> None:
    build.compile("gone.c", headers=(ZLIB,))
    build.ask("pkg-config", "zlib")
    join(build)
    queried.enter(build.ledger, build.observation, build.places)
    assert build.libraries["zlib"].direct


def test_the_paths_whose_owners_are_wanted_are_the_machines_headers(build: Build) -> None:
    build.compile("x.c", headers=(build.write("own.h"), ZLIB))
    assert included.paths_of(build.observation, build.places) == {ZLIB}


def test_what_is_compiled_only_to_learn_something_takes_no_library(build: Build) -> None:
    build.compile("conftest.c", headers=("/usr/include/zlib.h",))
    build.compilations[0] = build.compilations[0]._replace(role=Role.PROBE)
    included.enter(build.ledger, build.observation, build.places)
    assert build.libraries == {}


def test_headers_that_nvcc_opens_by_itself_are_no_libraries(build: Build, tmp_path: Path) -> None:
    toolkit = tmp_path / "opt" / "cuda"
    (toolkit / "include").mkdir(parents=True)
    nvcc = toolkit / "nvcc"
    nvcc.write_text(f"#!/bin/sh\necho '#$ INCLUDES=\"-I{toolkit}/include\"' >&2\n")
    nvcc.chmod(0o755)
    build.write("x.cu", "#include <driver_types.h>\n")
    named, opened = f"{toolkit}/include/driver_types.h", f"{toolkit}/include/vector_types.h"
    build.compile("x.cu", headers=(named, opened, ZLIB), include_dirs=(f"{toolkit}/include",))
    command = build.compilations[0].invocation._replace(program=str(nvcc))
    build.compilations[0] = build.compilations[0]._replace(invocation=command, family="nvcc", language="cuda")
    included.enter(build.ledger, build.observation, build.places._replace(sysroots=(str(toolkit),)))
    assert {name: library.direct for name, library in build.libraries.items()} == {"cudart": True, "zlib": False}
