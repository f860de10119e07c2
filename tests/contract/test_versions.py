"""What every version tool's adapter keeps to, whatever tree it is shown."""

from __future__ import annotations

import re
from importlib.resources import files as resources
from typing import TYPE_CHECKING

import pytest

from backlit import versions
from backlit.config import project as projects
from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.versions import VersionTool

ADAPTERS: tuple[VersionTool, ...] = adapters_in("backlit.versions")

each = pytest.mark.parametrize("adapter", [pytest.param(adapter, id=adapter.name) for adapter in ADAPTERS])


def test_every_module_of_the_folder_is_an_adapter() -> None:
    modules = [entry.name for entry in resources(versions).iterdir() if re.fullmatch(r"[^_].*\.py", entry.name)]
    assert len({adapter.name for adapter in ADAPTERS}) == len(modules) == len(ADAPTERS)


@each
def test_its_facts_have_their_types(adapter: VersionTool, tmp_path: Path) -> None:
    project = projects.Project(tmp_path, {})
    variables = adapter.variables(project)
    assert re.fullmatch(r"[a-z][a-z0-9-]*", adapter.name)
    assert isinstance(adapter.climbs, bool)
    assert isinstance(variables, tuple)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in variables)


@each
@pytest.mark.parametrize(
    "backend", ["setuptools.build_meta", "hatchling.build", "pdm.backend", "flit_core.buildapi", "x"]
)
def test_an_empty_tree_is_not_claimed(adapter: VersionTool, tmp_path: Path, backend: str) -> None:
    project = projects.Project(tmp_path, {})
    assert adapter.claim(project, projects.BackendSpec(backend, (), "")) is None


@each
@pytest.mark.parametrize("value", [1, "text", [], {"a": 1}, {"version": 1}, {"version": [{}]}], ids=repr)
def test_tables_of_any_shape_are_taken(adapter: VersionTool, tmp_path: Path, value: object) -> None:
    tools = ("setuptools_scm", "setuptools", "hatch", "pdm", "flit", "poetry")
    pyproject = {"tool": dict.fromkeys(tools, value), "project": {"name": "a", "dynamic": ["version"]}}
    project = projects.Project(tmp_path, pyproject)
    for backend in ("setuptools.build_meta", "hatchling.build", "pdm.backend", "flit_core.buildapi"):
        claim = adapter.claim(project, projects.BackendSpec(backend, (), ""))
        assert claim is None or claim.tool == adapter.name
    assert adapter.inject(project, "1.2.3") == adapter.inject(project, "1.2.3")


@each
@pytest.mark.parametrize("version", ["1.2.3", "2!1.0rc1.post2.dev3+local.1"])
def test_a_version_is_passed_on_unchanged(adapter: VersionTool, tmp_path: Path, version: str) -> None:
    injection = adapter.inject(projects.Project(tmp_path, {"project": {"name": "a"}}), version)
    # A variable of poetry-dynamic-versioning has the project's name before the version.
    assert {value.rpartition("=")[2] for _, value in injection.variables} <= {version, "1"}
