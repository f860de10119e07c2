"""pdm's two backends: which source, which form of the table, and what tells each."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import charges, tool_in_charge
from backlit.versions.pdm_call import ADAPTER as CALL
from backlit.versions.pdm_pep517 import ADAPTER as PEP517

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

PDM = '[build-system]\nbuild-backend = "pdm.backend"\n'
OLD = '[build-system]\nbuild-backend = "pdm.pep517.api"\n'
OPEN = '[project]\nname = "a"\ndynamic = ["version"]\n'
ASKING = '[tool.pdm.version]\nsource = "call"\ngetter = "tools.v:get"\n'
RUNS_GIT = "def get():\n    return run(['git', 'describe'])\n"


@pytest.mark.parametrize(
    ("pyproject", "tool"),
    [
        pytest.param(PDM + OPEN + ASKING, "pdm-backend-call", id="call"),
        pytest.param(PDM + OPEN + '[tool.pdm.version]\nsource = "scm"\n', "pdm-backend", id="scm"),
        pytest.param(PDM + OPEN + '[tool.pdm.version]\npath = "a.py"\n', "static", id="file"),
        pytest.param(PDM + OPEN + '[tool.pdm.version]\nsource = "call"\n', None, id="no-getter"),
        pytest.param(OLD + OPEN + '[tool.pdm.version]\nsource = "scm"\n', "pdm-pep517", id="pep517-source"),
        pytest.param(OLD + OPEN + "[tool.pdm.version]\nuse_scm = true\n", "pdm-pep517", id="pep517-use_scm"),
        pytest.param(OLD + OPEN + "version = { use_scm = true }\n", "pdm-pep517", id="pep517-project-table"),
        pytest.param(OLD + OPEN + '[tool.pdm]\nversion = { from = "a.py" }\n', "static", id="pep517-from"),
        pytest.param(OLD + OPEN + "[tool.pdm.version]\nuse_scm = false\n", None, id="pep517-off"),
        pytest.param(OLD + OPEN + ASKING, None, id="call-is-not-pep517s"),
        pytest.param(PDM + OPEN + "[tool.pdm.version]\nuse_scm = true\n", None, id="use_scm-is-not-pdm-backends"),
    ],
)
def test_the_backend_and_the_source_say_which_is_in_charge(plant: Plant, pyproject: str, tool: str | None) -> None:
    project = plant({"pyproject.toml": pyproject, "a.py": '__version__ = "1"\n'})
    found = tool_in_charge(project, projects.real_backend(project))
    assert (found and found.tool.name) == tool


@pytest.mark.parametrize(
    ("code", "tool"),
    [
        ("from pdm.backend import *\n", "pdm-backend"),
        ("from pdm import backend\n", "pdm-backend"),
        ("import pdm.pep517.api as real\n", "pdm-pep517"),
    ],
)
def test_a_backend_in_the_tree_is_the_one_that_it_imports(plant: Plant, code: str, tool: str) -> None:
    system = '[build-system]\nbuild-backend = "own"\nbackend-path = ["tools"]\n'
    project = plant({"pyproject.toml": system + OPEN + '[tool.pdm.version]\nsource = "scm"\n', "tools/own.py": code})
    found = charges(project, projects.real_backend(project))
    assert [charge.tool.name for charge in found] == [tool]


def test_another_getter_says_the_version(plant: Plant) -> None:
    more = 'write_to = "a/v.py"\nwrite_template = "{}"\n'
    project = plant({"pyproject.toml": PDM + OPEN + ASKING + more, "tools/v.py": RUNS_GIT})
    injection = CALL.inject(project, "1.2.3")
    ((name, text),) = injection.files
    table = tomllib.loads(text)["tool"]["pdm"]["version"]
    assert name == "pyproject.toml"
    assert table == {
        "source": "call",
        "getter": "builtins:str.format('{}', '1.2.3')",
        "write_to": "a/v.py",
        "write_template": "{}",
    }
    assert injection.version_files == ("a/v.py", "src/a/v.py")
    assert injection.repository == ()


def test_a_getter_outside_the_tree_is_taken_for_one_that_asks(plant: Plant) -> None:
    assert CALL.inject(plant({"pyproject.toml": PDM + OPEN + ASKING}), "1.2.3").files


def test_a_getter_that_asks_no_vcs_is_left_to_say_what_it_says(plant: Plant) -> None:
    project = plant({"pyproject.toml": PDM + OPEN + ASKING, "tools/v.py": "def get():\n    return '1'\n"})
    injection = CALL.inject(project, "1.2.3")
    assert (injection.files, injection.variables) == ((), ())
    assert injection.repository == ("v1.2.3", "1.2.3")


def test_a_getter_that_writes_files_has_to_run(plant: Plant) -> None:
    code = RUNS_GIT + "    open('a/_version.py', 'w')\n"
    injection = CALL.inject(plant({"pyproject.toml": PDM + OPEN + ASKING, "tools/v.py": code}), "1.2.3")
    assert (injection.files, injection.repository) == ((), ("v1.2.3", "1.2.3"))


@pytest.mark.parametrize("version", ["1.2.3", "2!1.0rc1.post2.dev3"])
def test_the_variable_is_enough_for_pdm_pep517(plant: Plant, version: str) -> None:
    injection = PEP517.inject(plant({"pyproject.toml": OLD + OPEN + "[tool.pdm.version]\nsource = 'scm'\n"}), version)
    assert injection.environment == (("PDM_PEP517_SCM_VERSION", version),)
    assert injection.files == ()


@pytest.mark.parametrize(
    ("table", "version"),
    [
        pytest.param("[tool.pdm.version]\nsource = 'scm'\n", "1.2.3+local.1", id="local-version"),
        pytest.param("version = { use_scm = true }\n", "1.2.3", id="project-table"),
    ],
)
def test_the_file_says_what_the_variable_does_not(plant: Plant, table: str, version: str) -> None:
    ((_, text),) = PEP517.inject(plant({"pyproject.toml": OLD + OPEN + table}), version).files
    assert tomllib.loads(text)["project"] == {"name": "a", "version": version, "dynamic": []}
