"""incremental: the numbers in ``_version.py``. The contract suite asks the real tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import Injection
from backlit.versions.incremental import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUPTOOLS = '[build-system]\nrequires = ["incremental"]\nbuild-backend = "setuptools.build_meta"\n'
OPEN = '[project]\nname = "A.Word"\ndynamic = ["version"]\n'
TABLE = "[tool.incremental]\n"
SOURCE = '[tool.hatch.version]\nsource = "incremental"\n'
VERSION = "from incremental import Version\n\n__version__ = Version({})\n"
FILE = {"a.word/_version.py": VERSION.format("'A.Word', 1, 2, 3")}


def claimed(project: Project) -> tuple[str, str | None] | None:
    claim = ADAPTER.claim(project, projects.real_backend(project))
    return claim and (claim.where, claim.states)


@pytest.mark.parametrize(
    ("files", "claim"),
    [
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, **FILE}, ("pyproject.toml:7", "1.2.3"), id="table"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS.replace("setuptools.build_meta", "hatchling.build") + OPEN + SOURCE, **FILE},
            ("pyproject.toml:8", "1.2.3"),
            id="hatch",
        ),
        pytest.param(
            {
                "setup.py": "from setuptools import setup\nsetup(name='other', use_incremental=True)\n",
                "src/word/_version.py": VERSION.format("'Word', 2, 0, 0"),
            },
            ("setup.py:2", "2.0.0"),
            id="keyword-and-another-name",
        ),
        pytest.param(
            {
                "setup.py": "setup(name='other', use_incremental=True)\n",
                "a/_version.py": VERSION.format("'a', 2, 0, 0"),
                "b/_version.py": VERSION.format("'b', 3, 0, 0"),
            },
            ("setup.py:1", None),
            id="which-of-two-is-not-known",
        ),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS + OPEN + '[tool.incremental]\nname = "Lib"\n',
                "src/lib/_version.py": VERSION.format("'Lib', 4, 0, 0"),
                **FILE,
            },
            ("pyproject.toml:7", "4.0.0"),
            id="named-in-the-table",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + TABLE}, ("pyproject.toml:7", None), id="no-file"),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN, **FILE}, None, id="requirement-only"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS.replace("incremental", "wheel") + OPEN + TABLE, **FILE},
            None,
            id="left-behind",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + TABLE + '[tool.setuptools.dynamic]\nversion = {attr = "a.b"}\n'},
            None,
            id="attribute",
        ),
        pytest.param({"setup.py": "# use_incremental=True\nsetup(name='a')\n", **FILE}, None, id="comment"),
    ],
)
def test_it_claims_what_incremental_would_version(
    plant: Plant, files: dict[str, str], claim: tuple[str, str | None] | None
) -> None:
    assert claimed(plant(files)) == claim


@pytest.mark.parametrize(
    ("arguments", "version"),
    [
        pytest.param("'a', 22, 10, 0", "22.10.0", id="release"),
        pytest.param("'a', 22, 10, 0, 1", "22.10.0rc1", id="candidate-by-place"),
        pytest.param("'a', 22, 10, 0, release_candidate=0, dev=3", "22.10.0rc0.dev3", id="candidate-and-dev"),
        pytest.param("package='a', major=1, minor=0, micro=0, prerelease=2", "1.0.0rc2", id="older-keyword"),
        pytest.param("'a', 1, 0, 0, post=1", "1.0.0.post1", id="post"),
        pytest.param("'a', 'NEXT', 0, 0", None, id="next"),
        pytest.param("'a', MAJOR, 0, 0", None, id="computed"),
        pytest.param("'a', 1, 0, 0, *more", None, id="starred"),
        pytest.param("'a', 1, 0, 0, **more", None, id="keywords-from-elsewhere"),
        pytest.param("'a', 1", None, id="too-few"),
    ],
)
def test_the_numbers_are_read_as_incremental_spells_them(plant: Plant, arguments: str, version: str | None) -> None:
    project = plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, "src/a.word/_version.py": VERSION.format(arguments)})
    assert claimed(project) == ("pyproject.toml:7", version)


@pytest.mark.parametrize("text", ["__version__ = (", "__version__ = '1.0'", "version = Version('a', 1, 0, 0)"])
def test_another_version_file_states_nothing(plant: Plant, text: str) -> None:
    project = plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, "a.word/_version.py": text})
    assert claimed(project) == ("pyproject.toml:7", None)


def test_nothing_is_told(plant: Plant) -> None:
    project = plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, **FILE})
    assert ADAPTER.variables(project) == ()
    assert ADAPTER.inject(project, "1.2.3") == Injection()
