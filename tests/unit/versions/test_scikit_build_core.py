"""scikit-build-core's two providers, and how each is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.scikit_build_core import ADAPTER

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
[build-system]
requires = ["scikit-build-core"]
build-backend = "scikit_build_core.build"

[project]
name = "My.Proj"
dynamic = ["version"]

"""
SCM = """\
[tool.scikit-build]
metadata.version.provider = "scikit_build_core.metadata.setuptools_scm"

[tool.setuptools_scm]
write_to = "src/my/_version.py"
"""
DYNAMIC = """\
[[tool.dynamic-metadata]]
provider = "vcs_versioning"
field = "version"
"""


def project(folder: Path, text: str) -> projects.Project:
    (folder / "pyproject.toml").write_text(text)
    return projects.load(folder)


@pytest.mark.parametrize(("table", "line"), [(SCM, 10), (DYNAMIC, 10)], ids=["setuptools-scm", "vcs-versioning"])
def test_a_provider_that_computes_the_version_is_in_charge(tmp_path: Path, table: str, line: int) -> None:
    found = project(tmp_path, HEAD + table)
    claim = ADAPTER.claim(found, projects.real_backend(found))
    assert claim is not None
    assert claim.where == f"pyproject.toml:{line}"


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD.replace('dynamic = ["version"]', 'version = "1"') + SCM,
        HEAD.replace("scikit_build_core.build", "hatchling.build") + SCM,
        HEAD + SCM.replace("metadata.setuptools_scm", "metadata.regex"),
    ],
    ids=["no provider", "static", "another backend", "regex"],
)
def test_another_provider_or_backend_is_not(tmp_path: Path, text: str) -> None:
    found = project(tmp_path, text)
    assert ADAPTER.claim(found, projects.real_backend(found)) is None


def test_the_project_alone_is_told_and_its_version_file_is_looked_at(tmp_path: Path) -> None:
    injection = ADAPTER.inject(project(tmp_path, HEAD + SCM), "1.2.3")
    assert {name for name, _ in injection.variables} == {
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_PROJ",
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY.PROJ",
        "VCS_VERSIONING_PRETEND_VERSION_FOR_MY_PROJ",
    }
    assert {value for _, value in injection.variables} == {"1.2.3"}
    assert injection.version_files == ("src/my/_version.py",)


def test_vcs_versioning_reads_its_own_variables_alone(tmp_path: Path) -> None:
    names = ADAPTER.variables(project(tmp_path, HEAD + DYNAMIC))
    assert names
    assert all(name.startswith("VCS_VERSIONING_") for name in names)
