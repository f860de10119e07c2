"""setupmeta: who asks for it, and which versions its variable can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.setupmeta import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUP = "setup(name='a', setup_requires=['setupmeta>=3'], versioning='dev')\n"
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "{}"\n[project]\nname = "a"\ndynamic = ["version"]\n'
SETUPTOOLS = PYPROJECT.format("setuptools.build_meta")


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"setup.py": SETUP}, "setup.py:1", id="legacy"),
        pytest.param({"setup.py": SETUP, "pyproject.toml": SETUPTOOLS}, "setup.py:1", id="table"),
        pytest.param(
            {"setup.py": "args = {'setup_requires': 'setupmeta',\n 'versioning': 'post'}\nsetup(**args)\n"},
            "setup.py:2",
            id="dictionary",
        ),
        pytest.param(
            {"setup.py": "args['versioning'] = 'dev'\nargs['setup_requires'] = ['setupmeta']\nsetup(**args)\n"},
            "setup.py:1",
            id="items",
        ),
        pytest.param({"setup.py": SETUP.replace("name=", "version='1.0', name=")}, "setup.py:1", id="own-version"),
        pytest.param({"setup.py": SETUP.replace("versioning='dev'", "")}, None, id="no-versioning"),
        pytest.param({"setup.py": f"# {SETUP}setup()\n"}, None, id="comment"),
        pytest.param(
            {"setup.py": "setup(versioning='dev')\n", "setup.cfg": "[options]\nsetup_requires = setupmeta\n"},
            None,
            id="asked-for-in-setup.cfg",
        ),
        pytest.param({"setup.py": SETUP, "pyproject.toml": PYPROJECT.format("hatchling.build")}, None, id="hatchling"),
        pytest.param(
            {"setup.py": SETUP, "pyproject.toml": SETUPTOOLS + '[tool.setuptools.dynamic]\nversion = {file = "V"}\n'},
            None,
            id="told-otherwise",
        ),
    ],
)
def test_setup_py_alone_puts_it_in_charge(plant: Plant, files: dict[str, str], where: str | None) -> None:
    project = plant(files)
    found = ADAPTER.claim(project, projects.real_backend(project))
    assert (found and found.where) == where


@pytest.mark.parametrize(
    ("version", "described"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("2026", "2026.0.0"),
        ("1.2rc1", "1.2.0rc1"),
        ("1.2.3.dev4", "1.2.3.dev4"),
        ("1.2.3.4", None),
        ("1!1.2.3", None),
        ("1.2.3+local", None),
        ("1.2.3rc1.dev2", None),
    ],
)
def test_the_variable_carries_what_setupmeta_reads_back(plant: Plant, version: str, described: str | None) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP}), version)
    assert dict(told.variables).get("SCM_DESCRIBE") == described
    assert ADAPTER.variables(plant({"setup.py": SETUP})) == ("SCM_DESCRIBE",)
    assert told.files == (("PKG-INFO", f"Metadata-Version: 2.1\nName: a\nVersion: {version}\n\n"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Name: a\nVersion: 2.0\n\nVersion: 1\n", None, id="the-same"),
        pytest.param(
            "Name: a\nVersion: 1.0\nX: y\n\nVersion: 1\n", "Name: a\nVersion: 2.0\nX: y\n\nVersion: 1\n", id="another"
        ),
    ],
)
def test_a_pkg_info_keeps_all_but_its_version(plant: Plant, before: str, after: str | None) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP, "PKG-INFO": before}), "2.0")
    assert dict(told.files).get("PKG-INFO") == after


def test_a_pkg_info_has_no_name_where_the_tree_states_none(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": "setup(setup_requires=['setupmeta'], versioning='dev')\n"}), "2.0")
    assert told.files == (("PKG-INFO", "Metadata-Version: 2.1\nVersion: 2.0\n\n"),)


def test_a_setup_py_that_looks_for_its_own_metadata_finds_them(plant: Plant) -> None:
    setup = f"boot = not os.path.isdir('a_b.egg-info')\n{SETUP}"
    told = dict(ADAPTER.inject(plant({"setup.py": setup}), "2.0").files)
    assert told["a_b.egg-info/PKG-INFO"] == "Metadata-Version: 2.1\nName: a_b\nVersion: 2.0\n\n"
    project = plant({"setup.py": setup, "a_b.egg-info/PKG-INFO": "Name: a_b\n"})
    assert [path for path, _ in ADAPTER.inject(project, "2.0").files] == ["PKG-INFO"]
