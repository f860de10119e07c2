"""scikit-build-core's providers, and how each is told."""

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


REGEX = """\
[tool.scikit-build.metadata.version]
provider = "scikit_build_core.metadata.regex"
input = "words/given.py"
"""
GIT = """\
[[tool.dynamic-metadata]]
provider = "setuptools_git_versioning.dynamic_metadata"
"""
OWN = """\
[tool.scikit-build.metadata.version]
provider = "asked"
provider-path = "tools"
"""


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(SCM, 10, id="setuptools-scm"),
        pytest.param(DYNAMIC, 10, id="vcs-versioning"),
        pytest.param('[[tool.dynamic-metadata]]\nprovider = "x.fancy_pypi_readme"\n' + DYNAMIC, 12, id="second-entry"),
        pytest.param(
            '[[tool.dynamic-metadata]]\nprovider = "x.regex"\nfield = "license"\n' + DYNAMIC, 13, id="another-field"
        ),
        pytest.param(REGEX, 10, id="regex"),
        pytest.param(GIT, 10, id="setuptools-git-versioning"),
        pytest.param(OWN, 10, id="its-own"),
        pytest.param(
            '[[tool.dynamic-metadata]]\nprovider = { module = "a", path = "b" }\n', 10, id="its-own-in-a-table"
        ),
    ],
)
def test_the_provider_of_the_version_is_in_charge(tmp_path: Path, table: str, line: int) -> None:
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
        HEAD + '[[tool.dynamic-metadata]]\nprovider = "x.fancy_pypi_readme"\n',
        HEAD + "[[tool.dynamic-metadata]]\n",
    ],
    ids=["no provider", "static", "another backend", "readme only", "no provider in the entry"],
)
def test_another_provider_or_backend_is_not(tmp_path: Path, text: str) -> None:
    found = project(tmp_path, text)
    assert ADAPTER.claim(found, projects.real_backend(found)) is None


@pytest.mark.parametrize(
    ("more", "states"),
    [
        ("", "1.2.3"),
        ("regex = '(?P<value>9.9)'\n", "9.9"),
        ("regex = '(?P<v>9.9)'\n", None),
        ('result = "{value}.dev1"\n', "1.2.3.dev1"),
        ('result = "{other}"\n', None),
        ('remove = "[.]3"\n', "1.2"),
        ('regex = "("\n', None),
    ],
    ids=["default", "regex", "no group", "result", "another group", "remove", "broken"],
)
def test_a_version_that_is_found_is_stated(tmp_path: Path, more: str, states: str | None) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "given.py").write_text("X = '9.9'\nversion: str = 'v1.2.3'\n")
    found = project(tmp_path, HEAD + REGEX + more)
    claim = ADAPTER.claim(found, projects.real_backend(found))
    assert claim is not None
    assert claim.states == states
    injection = ADAPTER.inject(found, "1.2.3")
    assert (injection.variables, injection.files, injection.repository) == ((), (), ())


def test_setuptools_git_versioning_is_told_by_a_pkg_info(tmp_path: Path) -> None:
    injection = ADAPTER.inject(project(tmp_path, HEAD + GIT), "1.2.3")
    assert injection.files == (("PKG-INFO", "Metadata-Version: 2.1\nName: My.Proj\nVersion: 1.2.3\n\n"),)
    assert injection.repository == ()


@pytest.mark.parametrize(
    "table",
    [OWN, GIT + "[[tool.scikit-build.overrides]]\nif.from-sdist = true\n"],
    ids=["its own", "a PKG-INFO means an sdist"],
)
def test_nothing_but_a_repository_tells_the_others(tmp_path: Path, table: str) -> None:
    injection = ADAPTER.inject(project(tmp_path, HEAD + table), "1.2.3")
    assert (injection.variables, injection.files) == ((), ())
    assert injection.repository == ("v1.2.3", "1.2.3")


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
