"""katversion: who asks for it, and the files that it writes into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.katversion import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUP = "setup(name='a', setup_requires=['katversion'], use_katversion=True)\n"
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "{}"\n[project]\nname = "a"\ndynamic = ["version"]\n'
CHECK = "# BEGIN VERSION CHECK\n__version__ = get_version()\n# END VERSION CHECK\n"


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"setup.py": SETUP}, "setup.py:1", id="keyword"),
        pytest.param(
            {"setup.py": "args = {\n 'use_katversion': True}\nsetup(**args)\n"}, "setup.py:2", id="dictionary"
        ),
        pytest.param({"setup.py": SETUP.replace("True", "False")}, None, id="switched-off"),
        pytest.param({"setup.py": f"# {SETUP}setup()\n"}, None, id="comment"),
        pytest.param({"setup.py": SETUP, "pyproject.toml": PYPROJECT.format("hatchling.build")}, None, id="hatchling"),
        pytest.param(
            {
                "setup.py": SETUP,
                "pyproject.toml": PYPROJECT.format("setuptools.build_meta")
                + '[tool.setuptools.dynamic]\nversion = {file = "V"}\n',
            },
            None,
            id="told-otherwise",
        ),
    ],
)
def test_setup_py_puts_it_in_charge(plant: Plant, files: dict[str, str], where: str | None) -> None:
    project = plant(files)
    found = ADAPTER.claim(project, projects.real_backend(project))
    assert (found and found.where) == where


def test_a_pkg_info_tells_it_and_a_plain_tag_where_none_can_be_written(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP}), "1.2")
    assert told.files == (("PKG-INFO", "Metadata-Version: 2.1\nName: a\nVersion: 1.2\n\n"),)
    assert (told.outside, told.repository, told.variables) == (("1.2",), (), ())


def test_the_packages_that_ask_it_are_opened_afterwards(plant: Plant) -> None:
    files = {"b/__init__.py": CHECK, "src/a/__init__.py": CHECK, "c/__init__.py": "__version__ = '0'\n"}
    assert ADAPTER.inject(plant({"setup.py": SETUP, **files}), "1.2").version_files == (
        "b/__init__.py",
        "src/a/__init__.py",
    )
