"""pyproject.toml: requirements, what they bring along, and tables that compile."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from backlit import scanners
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, RequirementUse, Scope, Signal, ToolUse
from backlit.scanners import File
from backlit.scanners.pyproject import ADAPTER


def findings(text: str | None, **files: str) -> list[object]:
    named = {name.replace("_", "."): content for name, content in files.items()}
    if text is not None:
        named["pyproject.toml"] = text
    tree = scanners.read(File(path, len(content), content.encode) for path, content in named.items())
    return list(ADAPTER.findings(tree))


def requires(*names: str) -> str:
    return f"[build-system]\nrequires = {list(names)!r}\n"


def tools(found: list[object]) -> set[str]:
    return {item.name for item in found if isinstance(item, ToolUse)}


def languages(found: list[object]) -> set[str]:
    return {item.language for item in found if isinstance(item, LanguageUse)}


@pytest.mark.parametrize(
    ("requirement", "brought", "compiled"),
    [
        ("meson-python>=0.15", {"meson", "ninja"}, set()),
        ("scikit_build_core", {"cmake", "ninja"}, set()),
        ("maturin>=1,<2", {"cargo", "rustc"}, {"rust"}),
        ("Setuptools.Rust", {"cargo", "rustc"}, {"rust"}),
        ("pybind11", set(), {"cxx"}),
        ("PyQt-builder >=1", {"sip", "qmake", "make"}, {"cxx"}),
        ("wheel", set(), set()),
    ],
)
def test_a_requirement_brings_its_tools_and_languages(requirement: str, brought: set[str], compiled: set[str]) -> None:
    found = findings(requires(requirement))
    assert (tools(found), languages(found)) == (brought, compiled)


def test_a_requirement_has_its_line() -> None:
    found = findings('[build-system]\nrequires = [\n  "setuptools",\n  "Cython>=3",\n]\n', m_pyx="")
    listed = [(item.requirement, item.where) for item in found if isinstance(item, RequirementUse)]
    assert listed == [("setuptools", "pyproject.toml:3"), ("Cython>=3", "pyproject.toml:4")]
    (tool,) = (item for item in found if isinstance(item, ToolUse))
    assert (tool.name, tool.where, tool.required) == ("cython", "pyproject.toml:4", Required.YES)


def test_cython_without_anything_to_compile_is_a_left_over() -> None:
    assert tools(findings(requires("cython"))) == set()


def test_a_tree_without_pyproject_is_built_by_setuptools() -> None:
    (found,) = findings(None, setup_py="")
    assert isinstance(found, RequirementUse)
    assert (found.requirement, found.where) == ("setuptools", "setup.py:1")


def test_a_backend_without_requirements_is_one() -> None:
    found = findings("[build-system]\nbuild-backend = 'mesonpy'\n")
    assert tools(found) == {"meson", "ninja"}


def test_setup_requires_of_setup_cfg_counts() -> None:
    found = findings(None, setup_cfg="[options]\nsetup_requires =\n    cffi>=1\n    setuptools_rust; x\n")
    listed = [item.requirement for item in found if isinstance(item, RequirementUse)]
    assert {"cffi>=1", "setuptools_rust"} <= set(listed)


def test_extension_modules_of_setuptools_are_read() -> None:
    found = findings(
        "[[tool.setuptools.ext-modules]]\nname = 'm'\nsources = ['m.cpp']\nlibraries = ['z']\n"
        "extra-link-args = ['-lbz2', '-s']\n"
    )
    linked = [item for item in found if isinstance(item, Signal)]
    assert [(item.name, item.kind, item.where) for item in linked] == [
        ("z", Kind.LINKED, "pyproject.toml:4"),
        ("bz2", Kind.LINKED, "pyproject.toml:5"),
    ]
    assert languages(found) == {"cxx"}


def test_hooks_of_hatchling_compile() -> None:
    assert languages(findings("[tool.hatch.build.targets.wheel.hooks.mypyc]\ndependencies = []\n")) == {"c"}
    assert tools(findings("[tool.hatch.build.hooks.cython]\n")) == {"cython"}


@pytest.mark.parametrize(
    ("more", "confidence"),
    [("", Confidence.LOW), ("[tool.cibuildwheel]\nenvironment = 'HATCH_BUILD_HOOKS_ENABLE=1'\n", Confidence.MEDIUM)],
    ids=["off", "off, but for the project's own wheels"],
)
def test_a_hook_that_is_off_is_a_hint(more: str, confidence: Confidence) -> None:
    found = findings("[tool.hatch.build.hooks.mypyc]\nenable-by-default = false\n" + more)
    assert [item.confidence for item in found if isinstance(item, LanguageUse)] == [confidence]
    assert Required.OPTIONAL in [item.required for item in found if isinstance(item, RequirementUse)]


def test_external_is_declared() -> None:
    found = findings(
        "[external]\nbuild-requires = ['dep:virtual/compiler/c']\nhost-requires = ['dep:generic/zlib@>=1.2']\n"
        "[external.optional-host-requires]\nx = ['dep:generic/libxml2']\n"
    )
    declared = [item for item in found if isinstance(item, Signal)]
    assert [(item.name, item.kind, item.required) for item in declared] == [
        ("zlib", Kind.DECLARED, Required.YES),
        ("libxml2", Kind.DECLARED, Required.OPTIONAL),
    ]


def test_what_cibuildwheel_installs_is_a_hint() -> None:
    found = findings(
        "[tool.cibuildwheel]\nbefore-all = 'apt-get update && apt-get install -y libfoo-dev'\n"
        "[tool.cibuildwheel.linux]\nbefore-build = ['yum install -y bar-devel', 'echo install baz']\n"
    )
    hints = [item for item in found if isinstance(item, Signal)]
    assert [item.name for item in hints] == ["foo", "bar"]
    assert {(item.confidence, item.scope, item.sense) for item in hints} == {
        (Confidence.LOW, Scope.TOOLING, NameKind.LINK)
    }


_TABLES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="abc-", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    [
        *(
            "build-system.requires",
            "build-system.build-backend",
            "tool.setuptools.ext-modules",
            "tool.hatch.build.hooks",
        ),
        *("tool.hatch.build.targets", "external.host-requires", "external.optional-host-requires", "tool.cibuildwheel"),
    ]
)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value) if isinstance(value, int) else "'x'"


@given(_KEYS, _TABLES)
def test_tables_of_any_shape_are_read_without_a_fault(key: str, value: object) -> None:
    findings(f"{key} = {_toml(value)}\n")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text: str, config: str) -> None:
    findings(text, setup_cfg=config)
