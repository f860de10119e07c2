"""Questions to pkg-config and its like."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.model.names import NameKind
from backlit.pipeline.join import included, probed, queried

if TYPE_CHECKING:
    from pathlib import Path

    from unit.pipeline.join.conftest import Build


def join(build: Build) -> None:
    queried.enter(build.ledger, build.observation, build.places)
    probed.enter(build.ledger, build.observation, build.places)


def test_a_module_asked_for_is_direct_but_not_yet_used(build: Build) -> None:
    build.ask("pkg-config", "libxml-2.0")
    join(build)
    libxml2 = build.libraries["libxml2"]
    assert (libxml2.direct, libxml2.used, libxml2.names.pkgconfig) == (True, False, ("libxml-2.0",))
    assert [(e.kind, e.where, e.detail) for e in libxml2.evidence] == [("queried", "pkg-config", "libxml-2.0")]


def test_version_conditions_are_the_evidence(build: Build) -> None:
    build.ask("pkg-config", "zlib")
    build.queries[0] = build.queries[0]._replace(constraints=("zlib >= 1.2",))
    join(build)
    assert build.libraries["zlib"].evidence[0].detail == "zlib >= 1.2"


def test_a_module_not_found_is_a_failed_probe_and_no_library(build: Build) -> None:
    build.ask("pkg-config", "zlib", answered=False)
    join(build)
    assert build.libraries == {}
    assert (build.diagnostic.code, build.diagnostic.where) == ("probe-failed", "pkg-config zlib")
    assert build.diagnostic.message == "the build looked for zlib with pkg-config, and it said no"


def test_a_module_found_at_the_second_try_is_no_failed_probe(build: Build) -> None:
    build.ask("pkg-config", "zlib", answered=False)
    build.ask("pkg-config", "zlib")
    join(build)
    assert (list(build.libraries), build.codes) == (["zlib"], [])


def test_a_module_named_by_its_file_is_told_relative_to_the_project(build: Build) -> None:
    build.ask("pkg-config", str(build.root / "pc" / "own.pc"), answered=False)
    join(build)
    assert build.diagnostic.where == "pkg-config pc/own.pc"
    assert str(build.root) not in build.diagnostic.message


def test_a_module_is_looked_for_where_the_build_had_pkg_config_look(build: Build, tmp_path: Path) -> None:
    (tmp_path / "pc").mkdir()
    (tmp_path / "pc" / "zlib.pc").write_text("Version: 9.9\n")
    build.ask("pkg-config", "zlib")
    chosen = build.queries[0].invocation._replace(variables=(f"PKG_CONFIG_PATH={tmp_path}/pc",))
    build.queries[0] = build.queries[0]._replace(invocation=chosen)
    join(build)
    assert build.libraries["zlib"].version == "9.9"


@pytest.mark.parametrize("found", [True, False], ids=["said no", "no such program"])
def test_a_config_program_that_fails_is_a_failed_probe(build: Build, *, found: bool) -> None:
    build.ask("krb5-config", arguments=("--libs",), answered=False, found=found)
    join(build)
    assert (build.libraries, build.diagnostic.where) == ({}, "krb5-config")
    assert build.diagnostic.message.endswith("it said no" if found else "no such program")


def test_a_program_that_is_not_there_is_a_failed_probe_though_nobody_waited(build: Build) -> None:
    build.ask("krb5-config", answered=None, found=False)
    join(build)
    assert build.codes == ["probe-failed"]


def test_a_config_program_that_answers_is_evidence_for_its_library(build: Build) -> None:
    build.ask("krb5-config", arguments=("--libs", "gssapi"), answered=None)
    join(build)
    krb5 = build.libraries["krb5"]
    assert (krb5.direct, krb5.names.pkgconfig, krb5.version) == (True, (), None)
    assert [(e.where, e.detail) for e in krb5.evidence] == [("krb5-config", "--libs gssapi")]


@pytest.mark.parametrize(
    ("tool", "says", "version"),
    [
        ("xml2-config", "2.9.14", "2.9.14"),
        ("curl-config", "libcurl 7.88.1-DEV", "7.88.1-DEV"),
        ("krb5-config", "Kerberos 5 release 1.20.1", "1.20.1"),
        ("pg_config", "PostgreSQL 15.20 (Debian 15.20-0+deb12u1)", "15.20"),
        ("pg_config", "PostgreSQL 18devel", "18devel"),
        ("xml2-config", "unknown", None),
    ],
)
def test_a_version_that_the_build_asked_for_is_told_with_the_answer(
    build: Build, tmp_path: Path, tool: str, says: str, version: str | None
) -> None:
    program = tmp_path / "root" / tool
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n[ $# = 1 ] && [ $1 = --version ] && echo '{says}'\n")
    program.chmod(0o755)
    build.ask(tool, arguments=("--version",))
    build.queries[0] = build.queries[0]._replace(invocation=build.queries[0].invocation._replace(program=str(program)))
    queried.enter(build.ledger, build.observation, build.places._replace(sysroots=(str(program.parent),)))
    (library,) = build.libraries.values()
    assert library.version == version
    assert [(e.kind, e.where, e.detail) for e in library.evidence] == [("queried", tool, f"--version: {says}")]


@pytest.mark.parametrize("tool", ["python3-config", "demo-config", "llvm-tblgen", "pkg-config"])
def test_a_program_that_speaks_for_no_library_is_none(build: Build, tool: str) -> None:
    build.ask(tool, arguments=("--version",))
    join(build)
    assert (build.libraries, build.codes) == ({}, [])


def test_a_module_that_every_extension_has_is_left_out(build: Build) -> None:
    build.ask("pkg-config", "python3")
    join(build)
    assert build.libraries == {}


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("pkg-config") is None, reason="pkg-config itself is asked what is right")
def test_the_version_is_what_pkg_config_says(build: Build) -> None:
    said = subprocess.run(["pkg-config", "--modversion", "zlib"], capture_output=True, text=True, check=False)
    if said.returncode:
        pytest.skip("zlib's development files are not here")
    build.ask("pkg-config", "zlib")
    join(build)
    assert build.libraries["zlib"].version == said.stdout.strip()


def test_a_module_that_is_not_here_has_no_version(build: Build) -> None:
    build.ask("pkg-config", "no-such-module-anywhere")
    join(build)
    assert build.libraries["no-such-module-anywhere"].version is None


def test_a_version_that_a_build_system_noted_is_the_librarys(build: Build) -> None:
    build.ask("pkg-config", "zlib")
    build.search(NameKind.PKGCONFIG, "zlib", tool="meson", found=True, version="9.9")
    join(build)
    assert build.libraries["zlib"].version == "9.9"


@pytest.fixture
def behind_zip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let pkg-config see one module, libzip, that needs zlib for itself, and openssl for a static link."""
    text = "Name: libzip\nVersion: 1.7\nRequires: zlib\nRequires.private: openssl\n"
    (tmp_path / "libzip.pc").write_text(text)
    monkeypatch.setenv("PKG_CONFIG_LIBDIR", str(tmp_path))


@pytest.mark.usefixtures("behind_zip")
def test_what_an_asked_module_opens_is_no_library_of_the_build_by_that(build: Build) -> None:
    build.ask("pkg-config", "libzip", arguments=("--libs", "libzip"))
    join(build)
    assert list(build.libraries) == ["libzip"]


@pytest.mark.usefixtures("behind_zip")
def test_for_a_static_link_it_is_one_and_not_direct(build: Build) -> None:
    build.ask("pkg-config", "libzip", arguments=("--static", "--libs", "libzip"))
    join(build)
    found = {name: (library.direct, library.used) for name, library in build.libraries.items()}
    assert found == {"libzip": (True, False), "zlib": (False, False), "openssl": (False, False)}
    assert [each.detail for each in build.libraries["openssl"].evidence] == [
        "openssl, opened by Requires.private of libzip"
    ]


@pytest.mark.usefixtures("behind_zip")
def test_what_is_opened_for_a_question_is_there_and_never_direct(build: Build) -> None:
    build.ask("pkg-config", "libzip", arguments=("--libs-only-l", "libzip"))
    build.ask("pkg-config", "libzip", arguments=("--cflags", "libzip"))
    join(build)
    found = {name: (library.direct, library.used) for name, library in build.libraries.items()}
    assert found == {"libzip": (True, False), "openssl": (False, False), "zlib": (False, False)}


@pytest.mark.usefixtures("behind_zip")
def test_a_library_whose_headers_come_with_it_is_said_to_and_stays_not_direct(build: Build) -> None:
    build.compile("a.c", headers=("/usr/include/zlib.h",))
    build.ask("pkg-config", "libzip")
    included.enter(build.ledger, build.observation, build.places)
    join(build)
    zlib = build.libraries["zlib"]
    assert (zlib.direct, [each.detail for each in zlib.evidence]) == (
        False,
        ["opened through another header", "zlib, opened by Requires of libzip"],
    )
