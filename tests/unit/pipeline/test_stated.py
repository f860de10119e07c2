"""Python distributions that a project names, and what a module that it lacks is looked for in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import stated, survey

if TYPE_CHECKING:
    from pathlib import Path


def _of(root: Path, files: dict[str, str]) -> stated.Stated:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return stated.in_tree(root, tuple(survey.build_findings(root, seconds=60)))


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[build-system]\nrequires = ['Not-Known.Yet>=2, <3; python_version > \"3\"']\n"},
        {"pyproject.toml": "[project]\ndependencies = ['Not-Known.Yet >= 2,<3']\n"},
        {"setup.cfg": "[options]\nsetup_requires =\n  Not-Known.Yet>=2,<3\n"},
        {"setup.cfg": "[options]\ninstall_requires =\n  Not-Known.Yet>=2,<3\n"},
        {"setup.py": "from setuptools import setup\nsetup(install_requires=['Not-Known.Yet>=2,<3'])\n"},
        {"PKG-INFO": "Metadata-Version: 2.1\nName: a\nRequires-Dist: Not-Known.Yet (>=2,<3)\n"},
        {"a.egg-info/requires.txt": "\n[tests]\nNot-Known.Yet>=2,<3\n"},
        {"requirements-build.txt": "# to build\nNot-Known.Yet>=2,<3  # in 4 all is otherwise\n"},
        {"requirements/build.txt": "-r base.txt\nNot-Known.Yet>=2,<3\n"},
    ],
    ids="+".join,
)
def test_a_module_is_looked_for_in_what_the_project_names(tmp_path: Path, files: dict[str, str]) -> None:
    found = _of(tmp_path, files)
    assert found.requirement_for("not_known_yet") == "Not-Known.Yet>=2,<3"
    assert found.requirement_for("unheard_of") == ""


def test_what_builds_counts_before_what_runs(tmp_path: Path) -> None:
    text = "[build-system]\nrequires = ['numpy==1.*']\n[project]\ndependencies = ['numpy>=2', 'scipy']\n"
    found = _of(tmp_path, {"pyproject.toml": text})
    assert found.requirement_for("numpy") == "numpy==1.*"
    assert (found.builds_with("numpy==1.*"), found.builds_with("scipy")) == (True, False)


def test_a_known_module_is_asked_for_as_the_project_asks_for_its_distribution(tmp_path: Path) -> None:
    found = _of(tmp_path, {"pyproject.toml": "[build-system]\nrequires = ['Scikit_Build>=0.13']\n"})
    assert found.requirement_for("skbuild") == "Scikit_Build>=0.13"
    assert found.requirement_for("pkg_resources") == "setuptools<81"


def test_a_distribution_that_is_listed_in_another_version_is_not_listed(tmp_path: Path) -> None:
    found = _of(tmp_path, {"pyproject.toml": "[build-system]\nrequires = ['setuptools']\n"})
    assert (found.builds_with("setuptools"), found.builds_with("setuptools<81")) == (True, False)


@pytest.mark.parametrize("path", ["versioneer.py", "versioneer/__init__.py", "src/versioneer.py"])
def test_a_module_of_the_projects_own_is_nobodys_distribution(tmp_path: Path, path: str) -> None:
    assert _of(tmp_path, {"setup.py": "import versioneer\n"}).requirement_for("versioneer") == "versioneer"
    assert _of(tmp_path, {path: ""}).requirement_for("versioneer") == ""
