"""Build requirements that tell setuptools which files a VCS tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import finders, project as projects

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = '[build-system]\nrequires = [\n    "setuptools>=61",\n    "{}",\n]\n'
SETUP = "from setuptools import setup\n{}\nsetup(\n    name='demo',\n    setup_requires={},\n)\n"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"pyproject.toml": PYPROJECT.format("setuptools-git")}, "pyproject.toml:4: setuptools-git"),
        ({"pyproject.toml": PYPROJECT.format("setuptools_git>=1.2")}, "pyproject.toml:4: setuptools-git"),
        ({"pyproject.toml": PYPROJECT.format("Setuptools.SCM[toml]>=8")}, "pyproject.toml:4: setuptools-scm"),
        ({"pyproject.toml": PYPROJECT.format("setuptools-svn")}, "pyproject.toml:4: setuptools-svn"),
        ({"pyproject.toml": PYPROJECT.format("setuptools-git-versioning")}, None),
        ({"pyproject.toml": PYPROJECT.format("wheel")}, None),
        ({"pyproject.toml": PYPROJECT.format("setuptools-git-ls-files")}, "pyproject.toml:4: setuptools-git-ls-files"),
        ({"setup.py": SETUP.format("", "['setuptools-git']")}, "setup.py:5: setuptools-git"),
        ({"setup.py": SETUP.format("", "('wheel', 'setuptools_hg >= 0.4')")}, "setup.py:5: setuptools-hg"),
        ({"setup.py": SETUP.format("", "'setuptools-git\\nwheel'")}, "setup.py:5: setuptools-git"),
        ({"setup.py": SETUP.format("needs = ['setuptools-git']", "needs")}, "setup.py:2: setuptools-git"),
        ({"setup.py": SETUP.format("", "['setuptools-git'] + more()")}, "setup.py:5: setuptools-git"),
        ({"setup.py": SETUP.format("# not setuptools-git", "['wheel']")}, None),
        ({"setup.py": SETUP.format("", "['setuptools-git-version']")}, None),
        ({"setup.py": "from setuptools import setup\nsetup(install_requires=['setuptools-git'])\n"}, None),
        ({"setup.py": "setup_requires = ['setuptools-git'\n"}, None),
        (
            {"setup.py": "", "setup.cfg": "[options]\nsetup_requires =\n    wheel\n    setuptools-git\n"},
            "setup.cfg:4: setuptools-git",
        ),
        (
            {"setup.py": "", "setup.cfg": "[options]\nsetup_requires = wheel; setuptools-git\n"},
            "setup.cfg:2: setuptools-git",
        ),
        ({"setup.py": "", "setup.cfg": "[options]\ninstall_requires = setuptools-git\n# setup_requires\n"}, None),
    ],
)
def test_a_requirement_that_finds_files_is_named_with_its_place(
    tmp_path: Path, files: dict[str, str], named: str | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    project = projects.load(tmp_path)
    assert finders.required(project, projects.real_backend(project)) == named


@pytest.mark.parametrize(
    ("backend", "named"),
    [
        ("hatchling.build", None),
        ("setuptools.build_meta", "pyproject.toml:4: setuptools-scm"),
        ("flit_scm:buildapi", None),
    ],
)
def test_a_backend_that_asks_nobody_is_given_nothing(tmp_path: Path, backend: str, named: str | None) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format("setuptools-scm") + f'build-backend = "{backend}"\n')
    project = projects.load(tmp_path)
    assert finders.required(project, projects.real_backend(project)) == named
