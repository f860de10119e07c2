"""The ``[external]`` table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.pipeline.join import declared, linked

if TYPE_CHECKING:
    from unit.pipeline.join.conftest import Build


def join(build: Build, table: str) -> None:
    build.write("pyproject.toml", f"[external]\n{table}\n")
    declared.enter(build.ledger, projects.load(build.root))


@pytest.mark.parametrize(
    ("table", "required", "role"),
    [
        pytest.param('host-requires = ["dep:generic/zlib@>=1.2"]', "yes", "host", id="host"),
        pytest.param('dependencies = ["dep:generic/zlib"]', "yes", "run", id="run"),
        pytest.param('optional-host-requires.fast = ["dep:generic/zlib"]', "optional", "host", id="optional"),
        pytest.param(
            'host-requires = ["dep:generic/zlib"]\noptional-host-requires.x = ["dep:generic/zlib"]',
            "yes",
            "host",
            id="both",
        ),
        pytest.param(
            'optional-host-requires.x = ["dep:generic/zlib"]\nhost-requires = ["dep:generic/zlib"]',
            "yes",
            "host",
            id="both, turned",
        ),
    ],
)
def test_a_declared_library(build: Build, table: str, required: str, role: str) -> None:
    join(build, table)
    zlib = build.libraries["zlib"]
    assert (zlib.id, zlib.canonical, zlib.required, zlib.role) == ("dep:generic/zlib", "true", required, role)
    assert (zlib.direct, zlib.used, zlib.linkage) == (True, False, ())
    assert build.codes == []


def test_the_evidence_names_the_line(build: Build) -> None:
    join(build, '\nhost-requires = [\n  "dep:generic/zlib@>=1.2",\n]')
    assert [(e.side, e.kind, e.where, e.detail) for e in build.libraries["zlib"].evidence] == [
        ("source", "declared", "pyproject.toml:4", "host-requires: dep:generic/zlib@>=1.2")
    ]


def test_a_declared_library_that_is_linked_is_no_run_time_one(build: Build) -> None:
    build.ship("demo/_x.so", "libz.so.1")
    build.link("build/demo/_x.so", "z")
    linked.enter(build.ledger, linked.links_of(build.observation, build.places))
    join(build, 'dependencies = ["dep:generic/ZLIB"]')
    assert (build.libraries["zlib"].role, build.libraries["zlib"].required) == ("host", "yes")


def test_an_id_that_no_entry_has_is_kept_as_it_is(build: Build) -> None:
    join(build, 'host-requires = ["dep:github/Some/Thing"]')
    (library,) = build.ledger.libraries()
    assert (library.id, library.canonical) == ("dep:github/some/thing", "unknown")


@pytest.mark.parametrize(
    "table",
    [
        pytest.param('build-requires = ["dep:virtual/compiler/c", "dep:generic/cmake"]', id="build"),
        pytest.param('optional-build-requires.x = ["dep:generic/swig"]', id="optional build"),
        pytest.param('host-requires = ["dep:virtual/interface/blas"]', id="virtual"),
        pytest.param('dependency-groups.x = [{ include-group = "y" }]', id="included group"),
    ],
)
def test_what_is_no_library_is_left_to_the_tools(build: Build, table: str) -> None:
    join(build, table)
    assert (build.libraries, build.codes) == ({}, [])


@pytest.mark.parametrize(
    ("table", "where", "message"),
    [
        pytest.param("hosts = []", "external.hosts", "is no key of this table", id="key"),
        pytest.param('host-requires = ["zlib"]', "external.host-requires", "'zlib' is no DepURL", id="no DepURL"),
        pytest.param(
            'build-requires = ["pkg:generic/zlib"]',
            "external.build-requires",
            "'pkg:generic/zlib' is no DepURL",
            id="purl",
        ),
        pytest.param(
            'host-requires = "dep:generic/zlib"', "external.host-requires", "needs a list of strings", id="text"
        ),
        pytest.param("host-requires = [1]", "external.host-requires", "needs a list of strings", id="number"),
        pytest.param(
            'optional-host-requires = ["dep:generic/zlib"]',
            "external.optional-host-requires",
            "needs a table of lists",
            id="list",
        ),
        pytest.param(
            "optional-host-requires.x = 1", "external.optional-host-requires.x", "needs a list of strings", id="group"
        ),
    ],
)
def test_what_breaks_the_rules_is_said_and_no_library(build: Build, table: str, where: str, message: str) -> None:
    join(build, table)
    assert build.libraries == {}
    assert (build.diagnostic.code, build.diagnostic.where) == ("external-invalid", f"pyproject.toml: {where}")
    assert build.diagnostic.message == message
