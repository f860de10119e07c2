"""poetry-dynamic-versioning: when it is in charge, under which backend, and what stands in for it where it is not."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import _poetry, tool_in_charge
from backlit.versions.poetry_dynamic_versioning import ADAPTER as TOOL
from backlit.versions.poetry_plugin import ADAPTER as PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

ACTIVE = '[build-system]\nbuild-backend = "poetry_dynamic_versioning.backend"\n'
UNUSED = '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
POETRY = '[tool.poetry]\nname = "My.Proj"\nversion = "0.0.0"\n'
PROJECT = '[project]\nname = "My.Proj"\ndynamic = ["version"]\n[tool.poetry]\nversion = "0.0.0"\n'
ENABLED = "[tool.poetry-dynamic-versioning]\nenable = true\n"


@pytest.mark.parametrize(
    ("pyproject", "tool", "line"),
    [
        pytest.param(ACTIVE + POETRY + ENABLED, "poetry-dynamic-versioning", 6, id="poetry-table"),
        pytest.param(ACTIVE + PROJECT + ENABLED, "poetry-dynamic-versioning", 8, id="project-table"),
        pytest.param(UNUSED + POETRY + ENABLED, "poetry-plugin", 6, id="plugin-that-is-not-loaded"),
        pytest.param(UNUSED + PROJECT + ENABLED, "poetry-plugin", 8, id="plugin-that-is-not-loaded-project-table"),
        pytest.param(UNUSED + POETRY, "static", 5, id="no-table"),
        pytest.param(UNUSED + POETRY + ENABLED.replace("true", "false"), "static", 5, id="switched-off"),
        pytest.param(ACTIVE + PROJECT.replace("dynamic", "x") + ENABLED, None, None, id="version-not-dynamic"),
        pytest.param(ACTIVE + POETRY.replace("version", "x") + ENABLED, None, None, id="no-placeholder"),
        pytest.param(POETRY + ENABLED, None, None, id="another-backend"),
    ],
)
def test_the_active_backend_says_which_is_in_charge(
    plant: Plant, pyproject: str, tool: str | None, line: int | None
) -> None:
    project = plant({"pyproject.toml": pyproject})
    found = tool_in_charge(project, projects.real_backend(project))
    assert (found and found.tool.name) == tool
    assert (found and found.claim.where) == (line and f"pyproject.toml:{line}")


@pytest.mark.parametrize("system", [ACTIVE, UNUSED], ids=["plugin", "no-plugin"])
@pytest.mark.parametrize(
    ("table", "states"),
    [
        pytest.param('from-file.source = "v.txt"\n', "1.2.3", id="whole-file"),
        pytest.param('from-file = { source = "v.py", pattern = "= \'(.*)\'" }\n', "4.5", id="pattern"),
        pytest.param('from-file.source = "missing.txt"\n', None, id="no-file"),
        pytest.param("", None, id="vcs"),
    ],
)
def test_a_version_that_a_file_says_is_known(plant: Plant, system: str, table: str, states: str | None) -> None:
    files = {"v.txt": "1.2.3\n", "v.py": "x = '4.5'\n"}
    project = plant({"pyproject.toml": system + POETRY + ENABLED + table, **files})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert found.claim.states == states


def test_the_project_is_named_letter_by_letter(plant: Plant) -> None:
    injection = TOOL.inject(plant({"pyproject.toml": ACTIVE + PROJECT + ENABLED}), "1.2.3")
    assert injection.inherited == (("POETRY_DYNAMIC_VERSIONING_OVERRIDE", "My.Proj=1.2.3"),)
    assert injection.environment == (("POETRY_DYNAMIC_VERSIONING_BYPASS", "1.2.3"),)
    assert injection.files == ()


@pytest.mark.parametrize("tables", [POETRY, PROJECT], ids=["poetry-table", "project-table"])
def test_without_the_plugin_the_version_takes_the_placeholders_place(plant: Plant, tables: str) -> None:
    project = plant({"pyproject.toml": f'# version = "9"\n{UNUSED}{tables}{ENABLED}', "a/_version.py": "x = 1\n"})
    injection = PLUGIN.inject(project, "1.2.3")
    ((name, text),) = injection.files
    tool = tomllib.loads(text)["tool"]
    assert name == "pyproject.toml"
    assert text.startswith('# version = "9"\n')
    assert (tool["poetry"]["version"], tool["poetry-dynamic-versioning"]) == ("1.2.3", {"enable": False})


@pytest.mark.parametrize(
    ("table", "files", "substituted"),
    [
        pytest.param(
            "",
            {"a.py": "__version__: str = '0'\n", "b/c/__init__.py": "__version__ = '0'\n", "d/e.py": "__version__='0'"},
            {"a.py": "__version__: str = '1.2.3rc1'\n"},
            id="default-files",
        ),
        pytest.param(
            "",
            {"a/_version.py": "__version_tuple__ = (0, 0)\n"},
            {"a/_version.py": '__version_tuple__ = (1, 2, 3, "rc1")\n'},
            id="tuple",
        ),
        pytest.param(
            "[tool.poetry-dynamic-versioning.substitution]\nfiles = ['**/v.txt']\npatterns = ['(^v: )\\S+($)']\n",
            {"a/b/v.txt": "v: 0\n", "a.py": "__version__ = '0'\n"},
            {"a/b/v.txt": "v: 1.2.3rc1\n"},
            id="own-files-and-patterns",
        ),
        pytest.param(
            "[[tool.poetry-dynamic-versioning.substitution.folders]]\npath = 'src'\n",
            {"src/a/__init__.py": "__version__ = '0'\n"},
            {"src/a/__init__.py": "__version__ = '1.2.3rc1'\n"},
            id="folder",
        ),
        pytest.param(
            "[tool.poetry-dynamic-versioning.files.'a/_version.py']\ninitial-content = '''\n  __version__ = '0'\n'''\n",
            {},
            {"a/_version.py": "__version__ = '1.2.3rc1'\n"},
            id="file-that-is-not-there",
        ),
        pytest.param(
            "[tool.poetry-dynamic-versioning.files.'a.py']\ninitial-content-jinja = '{{ x }}'\n",
            {"a.py": "__version__ = '0'"},
            {"a.py": "__version__ = '1.2.3rc1'"},
            id="jinja-is-left-out",
        ),
        pytest.param(
            "[tool.poetry-dynamic-versioning.substitution]\nfiles = ['/etc/*', '../*', '*.py']\npatterns = ['(']\n",
            {"a.py": "__version__ = '0'"},
            {},
            id="files-outside-and-broken-patterns",
        ),
    ],
)
def test_files_are_substituted_as_the_tool_does(
    plant: Plant, table: str, files: dict[str, str], substituted: dict[str, str]
) -> None:
    project = plant({"pyproject.toml": UNUSED + POETRY + ENABLED + table, **files})
    assert _poetry.substituted(project, "1.2.3rc1") == substituted


def test_only_files_that_state_the_version_are_looked_at_afterwards(plant: Plant) -> None:
    table = "[tool.poetry-dynamic-versioning.substitution]\nfiles = ['*.py', '*.txt']\npatterns = ['(^v.*= ).*($)']\n"
    files = {"a.py": "v = 0\n", "b.txt": "v = '0'\n", "c.py": "__version__ = '0'\n"}
    project = plant({"pyproject.toml": ACTIVE + POETRY + ENABLED + table, **files})
    assert set(_poetry.substituted(project, "'1'")) == {"a.py", "b.txt"}
    assert TOOL.inject(project, "1").version_files == ()
