"""What a source says besides its libraries: compilers, tools, Python's requirements, Rust's crates."""

from __future__ import annotations

import pytest

from backlit.catalog import Catalogue
from backlit.model.signal import Condition, CrateUse, LanguageUse, Required, RequirementUse, ToolUse
from backlit.pipeline import source_facts
from backlit.pipeline.join.resolve import Resolver
from backlit.support import markers

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


@pytest.mark.parametrize(
    ("platforms", "marker"),
    [
        ((), None),
        (("darwin",), 'sys_platform == "darwin"'),
        (("darwin", "linux"), 'sys_platform == "darwin" or sys_platform == "linux"'),
        (("darwin", "linux", "other"), 'sys_platform != "win32"'),
        (("other",), 'sys_platform != "darwin" and sys_platform != "linux" and sys_platform != "win32"'),
        (("darwin", "linux", "other", "win32"), None),
        (("none",), None),
    ],
)
def test_platforms_have_a_marker(platforms: tuple[str, ...], marker: str | None) -> None:
    assert markers.of_platforms(platforms) == marker


def test_one_statement_for_all_platforms_makes_the_marker_needless() -> None:
    assert markers.of_all([("darwin",), ()]) is None
    assert markers.of_all([("darwin",), ("win32",)]) == 'sys_platform == "darwin" or sys_platform == "win32"'


def test_a_tool_has_its_places_platforms_and_need() -> None:
    uses = [
        ToolUse("xcrun", "setup.py:9", "run", required=Required.YES, condition=Condition(("darwin",))),
        ToolUse("xcrun", "setup.py:3", "run", condition=Condition(("darwin",))),
        ToolUse("cmake", "setup.py:5", "run", required=Required.YES, condition=Condition(switch="option cmake")),
    ]
    cmake, xcrun = source_facts.tools_of(uses, Resolver(Catalogue.load(), {}))
    assert (xcrun.marker, xcrun.required, xcrun.where) == (
        'sys_platform == "darwin"',
        "yes",
        ("setup.py:3", "setup.py:9"),
    )
    assert (cmake.marker, cmake.required, cmake.switches) == (None, "optional", ("option cmake",))


def test_a_language_has_a_compiler_with_its_place() -> None:
    (compiler,) = source_facts.compilers_of([LanguageUse("c", "setup.py:3"), LanguageUse("c", "setup.py:1")])
    assert (compiler.languages, compiler.where) == (("c",), ("setup.py:1", "setup.py:3"))


def test_what_shows_without_being_declared_joins_what_declares_it() -> None:
    found = source_facts.requirements_of(
        [
            RequirementUse("Cython[x] >=3.0, <4 ; python_version < '3.9'", "pyproject.toml:2", "build-system.requires"),
            RequirementUse("cython", "setup.py:4", "import Cython", declared=False),
            RequirementUse("numpy", "setup.py:5", "import numpy", Required.OPTIONAL, declared=False),
            RequirementUse("setuptools@ git+https://example.org/x", "setup.cfg:1", "setup_requires"),
        ]
    )
    assert [(item.name, item.specifier, item.marker, item.declared, item.required) for item in found] == [
        ("cython", ">=3.0, <4", "python_version < '3.9'", True, "yes"),
        ("numpy", "", None, False, "optional"),
        ("setuptools", "", None, True, "yes"),
    ]
    assert found[0].where == ("pyproject.toml:2", "setup.py:4")


@pytest.mark.parametrize(
    ("source", "origin", "url", "revision"),
    [
        (REGISTRY, "registry", "https://github.com/rust-lang/crates.io-index", None),
        ("sparse+https://index.crates.io/", "registry", "https://index.crates.io/", None),
        ("git+https://example.org/x.git?tag=v1#" + "a" * 40, "git", "https://example.org/x.git", "a" * 40),
        ("git+https://example.org/x#" + "b" * 40, "git", "https://example.org/x", "b" * 40),
        ("", "path", None, None),
    ],
)
def test_a_crate_says_where_it_comes_from(source: str, origin: str, url: str | None, revision: str | None) -> None:
    (crate,) = source_facts.crates_of([CrateUse("x", "1.0", source, "ab", "Cargo.lock:3")])
    assert (crate.origin, crate.url, crate.revision) == (origin, url, revision)
    assert (crate.checksum, crate.where) == ("ab", "Cargo.lock:3")
