"""Where names of libraries are looked up: real folders, and the real pkg-config."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from backlit.model.names import NameKind
from backlit.pipeline.doctor.compilers import Folders
from backlit.pipeline.doctor.lookup import Found, Lookup

if TYPE_CHECKING:
    from pathlib import Path

PC = "prefix=/nowhere\n\nName: demo\nDescription: a demonstration\nVersion: 2.9.1\nLibs: -ldemo\n"


def put(path: Path, text: str = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    for folder in ("include", "lib"):
        (tmp_path / folder).mkdir()
    return tmp_path


def lookup(prefix: Path, **variables: str) -> Lookup:
    folders = Folders((str(prefix / "include"),), (str(prefix / "lib"),), (str(prefix),))
    return Lookup(folders, {"PATH": "", **variables})


@pytest.mark.parametrize("file", ["libdemo.so", "libdemo.a", "libdemo.dylib"])
def test_a_linked_library_is_one_that_the_linker_takes(prefix: Path, file: str) -> None:
    path = put(prefix / "lib" / file)
    assert lookup(prefix).find(NameKind.LINK, "demo") == Found(path)


def test_a_library_to_run_with_is_none_to_link_with(prefix: Path) -> None:
    path = put(prefix / "lib/libdemo.so.2")
    assert lookup(prefix).find(NameKind.LINK, "demo") is None
    assert lookup(prefix).to_run_with(NameKind.LINK, "demo") == Found(path)
    assert lookup(prefix).to_run_with(NameKind.SONAME, "libdemo.so.2") == Found(path)
    assert lookup(prefix).to_run_with(NameKind.SONAME, "libdemo.so.3") is None


def test_an_exact_file_is_linked_as_it_is(prefix: Path) -> None:
    path = put(prefix / "lib/libdemo.a")
    assert lookup(prefix).find(NameKind.LINK, ":libdemo.a") == Found(path)
    assert lookup(prefix).find(NameKind.LINK, ":libdemo.so") is None


def test_a_header_is_in_the_compilers_folders_or_one_below(prefix: Path) -> None:
    direct, below = put(prefix / "include/demo/a.h"), put(prefix / "include/demo2/libdemo/b.h")
    assert lookup(prefix).find(NameKind.HEADER, "demo/a.h") == Found(direct)
    assert lookup(prefix).find(NameKind.HEADER, "libdemo/b.h") == Found(below)
    assert lookup(prefix).find(NameKind.HEADER, "demo/") == Found(str(prefix / "include/demo"))
    assert lookup(prefix).find(NameKind.HEADER, "c.h") is None


@pytest.mark.parametrize("name", ["/etc/passwd", "../lib/x.h", ""])
def test_a_header_elsewhere_is_not_looked_for(prefix: Path, name: str) -> None:
    put(prefix / "lib/x.h")
    assert lookup(prefix).find(NameKind.HEADER, name) is None


def test_a_module_is_asked_of_pkg_config(prefix: Path) -> None:
    put(prefix / "lib/pkgconfig/demo-2.pc", PC)
    found = lookup(prefix, PATH=os.environ["PATH"])
    assert found.pkg_config
    assert found.find(NameKind.PKGCONFIG, "demo-2") is None


def test_pkg_configs_own_path_counts(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(prefix / "somewhere/demo-2.pc", PC)
    monkeypatch.setenv("PKG_CONFIG_PATH", str(prefix / "somewhere"))
    found = lookup(prefix, PATH=os.environ["PATH"])
    assert found.find(NameKind.PKGCONFIG, "demo-2") == Found(path, "2.9.1")
    assert found.find(NameKind.MESON, "demo-2") == Found(path, "2.9.1")


def test_without_pkg_config_a_modules_file_is_looked_for(prefix: Path) -> None:
    path = put(prefix / "lib/pkgconfig/demo.pc", PC)
    assert lookup(prefix).pkg_config is None
    assert lookup(prefix).find(NameKind.PKGCONFIG, "demo") == Found(path, "2.9.1")
    assert lookup(prefix).find(NameKind.PKGCONFIG, "no-demo") is None


@pytest.mark.parametrize("name", ["--version", "a b", "../demo", ""])
def test_what_is_no_module_is_not_asked_for(prefix: Path, name: str) -> None:
    assert lookup(prefix, PATH=os.environ["PATH"]).find(NameKind.PKGCONFIG, name) is None


@pytest.mark.parametrize(
    "file",
    [
        "lib/cmake/Demo/DemoConfig.cmake",
        "lib/cmake/Demo-2.1/DemoConfig.cmake",
        "lib/cmake/demo/demo-config.cmake",
        "share/demo/cmake/DemoConfig.cmake",
        "lib/Demo/cmake/DemoConfig.cmake",
    ],
)
def test_a_cmake_package_is_where_cmake_looks(prefix: Path, file: str) -> None:
    path = put(prefix / file)
    assert lookup(prefix).find(NameKind.CMAKE, "Demo") == Found(path)
    assert lookup(prefix).find(NameKind.CMAKE, "Dem") is None


def test_a_cmake_package_states_its_version(prefix: Path) -> None:
    path = put(prefix / "lib/cmake/Demo/DemoConfig.cmake")
    put(prefix / "lib/cmake/Demo/DemoConfigVersion.cmake", 'set(PACKAGE_VERSION "2.1.3")\n')
    assert lookup(prefix).find(NameKind.CMAKE, "Demo") == Found(path, "2.1.3")


def test_a_variable_leads_to_a_cmake_package(prefix: Path) -> None:
    path = put(prefix / "odd/DemoConfig.cmake")
    assert lookup(prefix, Demo_DIR=str(prefix / "odd")).find(NameKind.CMAKE, "Demo") == Found(path)


def test_a_config_program_is_on_the_path(prefix: Path) -> None:
    path = put(prefix / "bin/demo-config", "#!/bin/sh\n")
    (prefix / "bin/demo-config").chmod(0o700)
    assert lookup(prefix, PATH=str(prefix / "bin")).find(NameKind.CONFIG_TOOL, "demo-config") == Found(path)
    assert lookup(prefix).find(NameKind.CONFIG_TOOL, "demo-config") is None


def test_crates_are_not_looked_up(prefix: Path) -> None:
    assert lookup(prefix).find(NameKind.CRATE, "demo-sys") is None


@pytest.mark.skipif(shutil.which("ldconfig", path="/sbin:/usr/sbin") is None, reason="needs ldconfig")
def test_the_loaders_cache_is_read(prefix: Path) -> None:
    found = lookup(prefix).to_run_with(NameKind.LINK, "c")
    assert found is not None
    assert found.path.endswith("/libc.so.6")
