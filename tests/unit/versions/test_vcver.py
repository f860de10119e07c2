"""vcver: its version file, and what is in the way of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.vcver import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project
    from backlit.versions import Claim

    Plant = Callable[[dict[str, str]], Project]

SETUP = "setup(name='a', vcver={})\n"
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "{}"\n[project]\nname = "a"\ndynamic = ["version"]\n'


def claim(project: Project) -> Claim | None:
    return ADAPTER.claim(project, projects.real_backend(project))


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"setup.py": SETUP}, "setup.py:1", id="keyword"),
        pytest.param({"setup.py": "args = {\n 'vcver': {}}\nsetup(**args)\n"}, "setup.py:2", id="dictionary"),
        pytest.param({"setup.py": "import vcver\nsetup(version=vcver.get_version())\n"}, "setup.py:2", id="call"),
        pytest.param({"setup.py": "setup(name='a', install_requires=['vcver'])\n"}, None, id="another-use"),
        pytest.param({"setup.py": "# vcver={}\nsetup()\n"}, None, id="comment"),
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
    found = claim(plant(files))
    assert (found and found.where) == where


@pytest.mark.parametrize(
    ("files", "states"),
    [
        pytest.param({}, None, id="archive"),
        pytest.param({"VERSION": "1.0\n"}, "1.0", id="sdist"),
        pytest.param({"VERSION": ""}, None, id="empty"),
        pytest.param({"VERSION": "1.0", ".git/HEAD": "ref: refs/heads/main\n"}, None, id="checkout"),
    ],
)
def test_the_file_states_a_version_where_no_repository_comes_first(
    plant: Plant, files: dict[str, str], states: str | None
) -> None:
    found = claim(plant({**files, "setup.py": SETUP}))
    assert found is not None
    assert found.states == states


@pytest.mark.parametrize(
    ("keyword", "path"),
    [
        ("vcver={}", "VERSION"),
        ("vcver={'version_file': 'a/V'}", "a/V"),
        ('vcver=dict(version_file="./V")', "V"),
        ("vcver={'version_file': '../V'}", "VERSION"),
        ("vcver={'version_file': name}", "VERSION"),
    ],
)
def test_the_file_that_setup_py_names_is_written(plant: Plant, keyword: str, path: str) -> None:
    told = ADAPTER.inject(plant({"setup.py": f"setup(name='a', {keyword})\n"}), "1.2")
    # vcver takes the text as it is.
    assert told.files == ((path, "1.2"),)
    assert told.hides_repository
