"""setuptools-git-version: told from its namesakes, and what stands in for git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.setuptools_git_version import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUP = "setup(name='My.Proj-Name', setup_requires=['setuptools-git-version'], version_format='{tag}')\n"
PLAIN = "setup(name='a', version_format='{tag}')\n"
PYPROJECT = """\
[build-system]
requires = ["setuptools", "{}"]
build-backend = "{}"
[project]
name = "a"
dynamic = ["version"]
"""


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"setup.py": SETUP}, "setup.py:1", id="named-in-setup.py"),
        pytest.param(
            {
                "setup.py": PLAIN,
                "pyproject.toml": PYPROJECT.format("setuptools_git_version>=1", "setuptools.build_meta"),
            },
            "setup.py:1",
            id="build-requirement",
        ),
        pytest.param({"setup.py": PLAIN}, None, id="nobody-asks-for-it"),
        pytest.param(
            {"setup.py": SETUP.replace("git-version", "git-versioning")}, None, id="setuptools-git-versioning"
        ),
        pytest.param({"setup.py": SETUP.replace("version_format", "version_config")}, None, id="better-one"),
        pytest.param({"setup.py": f"# {SETUP}setup()\n"}, None, id="comment"),
        pytest.param(
            {"setup.py": SETUP, "pyproject.toml": PYPROJECT.format("hatchling", "hatchling.build")},
            None,
            id="hatchling",
        ),
        pytest.param(
            {
                "setup.py": SETUP,
                "pyproject.toml": PYPROJECT.format("wheel", "setuptools.build_meta")
                + '[tool.setuptools.dynamic]\nversion = {file = "V"}\n',
            },
            None,
            id="told-otherwise",
        ),
    ],
)
def test_the_keyword_counts_where_the_tool_is_asked_for(plant: Plant, files: dict[str, str], where: str | None) -> None:
    project = plant(files)
    found = ADAPTER.claim(project, projects.real_backend(project))
    assert (found and found.where) == where


def test_a_tag_tells_it_and_an_egg_info_without_git(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP}), "1.2")
    assert told.repository == ("1.2",)
    ((path, text),) = told.files
    assert path == "My.Proj_Name.egg-info/PKG-INFO"
    assert text == "Metadata-Version: 2.1\nName: My.Proj-Name\nVersion: 1.2\n\n"


def test_without_a_name_there_is_no_egg_info_to_write(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP.replace("'My.Proj-Name'", "computed()")}), "1.2")
    assert (told.files, told.repository) == ((), ("1.2",))
