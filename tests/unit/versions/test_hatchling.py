"""hatchling's own version sources and plugins: which is in charge, and what tells each."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import tool_in_charge
from backlit.versions.hatch_env import ADAPTER as ENV
from backlit.versions.hatchling import ADAPTER as HATCHLING

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SYSTEM = '[build-system]\nbuild-backend = "hatchling.build"\n'
OPEN = '[project]\nname = "a"\ndynamic = ["version"]\n'
CODE = '[tool.hatch.version]\nsource = "code"\npath = "v.py"\n'
HOOK = "[tool.hatch.metadata.hooks.custom]\n"
SAYS = {"v.py": "__version__ = '.'.join('12')\n"}
ASKS = {"v.py": "__version__ = run(['git', 'describe'])\n"}


@pytest.mark.parametrize(
    ("files", "tool", "where"),
    [
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN + '[tool.hatch.version]\nsource = "env"\nvariable = "X"\n'},
            "hatchling-env",
            "pyproject.toml:7",
            id="env",
        ),
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN, "hatch.toml": '[version]\nsource = "env"\nvariable = "X"\n'},
            "hatchling-env",
            "hatch.toml:2",
            id="env-in-hatch.toml",
        ),
        pytest.param({"pyproject.toml": SYSTEM + OPEN + CODE, **SAYS}, "hatchling", "pyproject.toml:7", id="code"),
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN + CODE, "v.py": "__version__ = '1'\n"}, "static", "v.py:1", id="literal"
        ),
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN + '[tool.hatch.version]\npath = "made.py"\n'},
            "hatchling",
            "pyproject.toml:6",
            id="file-that-is-not-there",
        ),
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN + '[tool.hatch.version]\nsource = "odd"\n'},
            "hatchling",
            "pyproject.toml:7",
            id="plugin",
        ),
        pytest.param({"pyproject.toml": SYSTEM + OPEN + HOOK}, "hatchling", "pyproject.toml:6", id="metadata-hook"),
        pytest.param(
            {"pyproject.toml": SYSTEM + OPEN + HOOK + '[tool.hatch.version]\nsource = "vcs"\n'},
            "hatch-vcs",
            "pyproject.toml:8",
            id="metadata-hook-beside-a-source",
        ),
    ],
)
def test_the_source_says_which_is_in_charge(plant: Plant, files: dict[str, str], tool: str, where: str) -> None:
    project = plant(files)
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found.tool.name, found.claim.where) == (tool, where)


@pytest.mark.parametrize(
    "pyproject",
    [
        pytest.param(SYSTEM + OPEN, id="nothing"),
        pytest.param(OPEN + CODE, id="another-backend"),
        pytest.param(SYSTEM + '[project]\nname = "a"\n' + CODE, id="not-dynamic"),
        pytest.param(SYSTEM + CODE, id="no-project-table"),
        pytest.param(SYSTEM + OPEN + '[tool.hatch.version]\nsource = "env"\n', id="no-variable"),
    ],
)
def test_what_hatchling_does_not_compute_is_not_claimed(plant: Plant, pyproject: str) -> None:
    project = plant({"pyproject.toml": pyproject, **ASKS})
    backend = projects.real_backend(project)
    assert ENV.claim(project, backend) is None
    assert HATCHLING.claim(project, backend) is None or "env" in pyproject


def test_the_projects_own_variable_is_set(plant: Plant) -> None:
    project = plant({"pyproject.toml": SYSTEM + OPEN + '[tool.hatch.version]\nsource = "env"\nvariable = "X"\n'})
    assert ENV.variables(project) == ("X",)
    assert ENV.inject(project, "1.2.3").environment == (("X", "1.2.3"),)
    assert ENV.inject(project, "1.2.3").files == ()


@pytest.mark.parametrize(
    ("table", "files"),
    [
        pytest.param(CODE, ASKS, id="code-that-asks-git"),
        pytest.param(
            CODE + 'search-paths = ["lib"]\n',
            {"v.py": "from helper import __version__\n", "lib/helper.py": ASKS["v.py"]},
            id="code-whose-module-asks-git",
        ),
        pytest.param(HOOK, {}, id="metadata-hook"),
        pytest.param('[tool.hatch.version]\nsource = "odd"\n', {}, id="plugin"),
    ],
)
def test_pyproject_says_the_version_where_it_is_asked_for(plant: Plant, table: str, files: dict[str, str]) -> None:
    injection = HATCHLING.inject(plant({"pyproject.toml": SYSTEM + OPEN + table, **files}), "1.2.3")
    ((name, text),) = injection.files
    assert name == "pyproject.toml"
    assert tomllib.loads(text)["project"] == {"name": "a", "version": "1.2.3", "dynamic": []}
    assert injection.repository == ("v1.2.3", "1.2.3")


def test_code_that_asks_no_vcs_is_left_to_say_what_it_says(plant: Plant) -> None:
    injection = HATCHLING.inject(plant({"pyproject.toml": SYSTEM + OPEN + CODE, **SAYS}), "1.2.3")
    assert (injection.files, injection.variables) == ((), ())


def test_code_that_writes_files_has_to_run(plant: Plant) -> None:
    code = ASKS["v.py"] + "open('w.py', 'w').write(__version__)\n"
    injection = HATCHLING.inject(plant({"pyproject.toml": SYSTEM + OPEN + CODE, "v.py": code}), "1.2.3")
    assert (injection.files, injection.repository) == ((), ("v1.2.3", "1.2.3"))


HOOKED = "[tool.hatch.metadata.hooks.uv-dynamic-versioning]\n"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(CODE, id="code"),
        pytest.param('[tool.hatch.version]\nsource = "env"\nvariable = "X"\n', id="env"),
        pytest.param('[tool.hatch.version]\nsource = "vcs"\n', id="vcs"),
        pytest.param('[tool.hatch.version]\nsource = "nodejs"\n', id="nodejs"),
        pytest.param('[tool.hatch.version]\npath = "w.py"\n', id="static"),
    ],
)
def test_the_hook_that_asks_git_once_more_is_told_beside_any_source(plant: Plant, table: str) -> None:
    files = {**ASKS, "w.py": "__version__ = '1.2.3'\n"}
    told = ("UV_DYNAMIC_VERSIONING_BYPASS", "1.2.3")
    for more, expected in ((HOOKED, True), ("", False)):
        project = plant({"pyproject.toml": SYSTEM + OPEN + table + more, **files})
        found = tool_in_charge(project, projects.real_backend(project))
        assert found is not None
        assert (told in found.tool.inject(project, "1.2.3").environment) is expected
