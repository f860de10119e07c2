"""meson.build: the version of its ``project()``, and how a command there is told. The contract suite asks meson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import Injection, _meson
from backlit.versions.meson import ADAPTER
from backlit.versions.static import ADAPTER as STATIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

MESONPY = '[build-system]\nrequires = ["meson-python"]\nbuild-backend = "mesonpy"\n'
OPEN = MESONPY + '[project]\nname = "My.Proj"\ndynamic = ["version"]\n'
FIXED = MESONPY + '[project]\nname = "My.Proj"\nversion = "1.2.3"\n'
BUILD = "project('a', version: {})\n"
COMMAND = "run_command('python3', 'tools/v.py', check: true).stdout().strip()"
ASKS = {"tools/v.py": "import subprocess\nprint(subprocess.check_output(['git', 'describe']))\n"}


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        pytest.param("project('a', 'c', version: '1.2')", "'1.2'", id="literal"),
        pytest.param("# project('b')\n\nproject('a',\n  version : x , # y\n  license: 'MIT')\n", "x", id="lines"),
        pytest.param("project('a', version: f(['x', 'y'], z: [1, 2]).g())", "f(['x', 'y'], z: [1, 2]).g()", id="call"),
        pytest.param("project('a', default_options: ['version: 3'], version: '1')", "'1'", id="in-a-string"),
        pytest.param("project('a', x: {'version': '3', 'b': f(version: '4')}, version: '1')", "'1'", id="further-in"),
        pytest.param("project('it\\'s', # version: '2'\n version: '''1''')", "'''1'''", id="strings"),
        pytest.param("project('a')\nx(version: '1')", None, id="another-call"),
        pytest.param("x(version: '1')\nproject('a', version: '1')", None, id="not-the-first"),
        pytest.param("project('a', version:", None, id="cut-off"),
        pytest.param("project('a', version", None, id="cut-off-earlier"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_version_is_found_in_the_call(text: str, keyword: str | None) -> None:
    found = _meson.version_keyword(text)
    assert (found and found.text) == keyword
    assert found is None or text[found.start :].startswith(found.text)


@pytest.mark.parametrize(
    ("files", "claim"),
    [
        pytest.param({"meson.build": BUILD.format("'1.0'")}, ("meson.build:1", "version: '1.0'", "1.0"), id="literal"),
        pytest.param(
            {"meson.build": BUILD.format("files('V')"), "V": "1.0\n"},
            ("meson.build:1", "version: files('V')", "1.0"),
            id="file",
        ),
        pytest.param(
            {"meson.build": "project('a',\n  version: run_command(\n  'x'))\n"},
            ("meson.build:2", "version: run_command( 'x')", None),
            id="command",
        ),
        pytest.param({"meson.build": "project('a')\n"}, None, id="no-version"),
        pytest.param({}, None, id="no-meson.build"),
        pytest.param({"pyproject.toml": FIXED, "meson.build": BUILD.format("'1.0'")}, None, id="fixed"),
        pytest.param(
            {"pyproject.toml": OPEN.replace("mesonpy", "hatchling.build"), "meson.build": BUILD.format("'1.0'")},
            None,
            id="another-backend",
        ),
    ],
)
def test_it_claims_what_meson_python_takes_from_meson_build(
    plant: Plant, files: dict[str, str], claim: tuple[str, str, str | None] | None
) -> None:
    project = plant({"pyproject.toml": OPEN, **files})
    found = ADAPTER.claim(project, projects.real_backend(project))
    assert (found and (found.where, found.detail, found.states)) == claim


SCM = ("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_PROJ", "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY.PROJ")
FOR_ALL = ("SETUPTOOLS_SCM_PRETEND_VERSION", "VCS_VERSIONING_PRETEND_VERSION")


@pytest.mark.parametrize(
    ("command", "files", "variables"),
    [
        pytest.param("run_command('python3', '-m', 'setuptools_scm')", {}, SCM, id="program"),
        pytest.param("run_command('python3', '-c', 'import setuptools_scm')", {}, FOR_ALL, id="code"),
        pytest.param(COMMAND, {"tools/v.py": "from setuptools_scm import get_version\n"}, FOR_ALL, id="script"),
    ],
)
def test_setuptools_scm_is_told_by_variables_that_children_inherit(
    plant: Plant, command: str, files: dict[str, str], variables: tuple[str, ...]
) -> None:
    project = plant({"pyproject.toml": OPEN, "meson.build": BUILD.format(command), **files})
    told = ADAPTER.inject(project, "1.2.3")
    assert told == Injection(inherited=tuple((name, "1.2.3") for name in variables))
    assert ADAPTER.variables(project) == tuple(dict.fromkeys((*variables, *FOR_ALL)))


@pytest.mark.parametrize(
    ("command", "files", "repository"),
    [
        pytest.param(COMMAND, ASKS, False, id="script"),
        pytest.param("run_command('git', 'describe').stdout().strip()", {}, False, id="git"),
        pytest.param("run_command('./v.sh').stdout()", {"v.sh": "#!/bin/sh\ngit describe\n"}, False, id="shell"),
        pytest.param(
            COMMAND, {**ASKS, "a/meson.build": "custom_target(command: [v, '../tools/v.py'])"}, True, id="twice"
        ),
        pytest.param(COMMAND, {**ASKS, "subprojects/a/meson.build": "run_command('v.py')"}, False, id="subproject"),
    ],
)
def test_another_command_is_replaced_by_the_version(
    plant: Plant, command: str, files: dict[str, str], *, repository: bool
) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": OPEN, "meson.build": BUILD.format(command), **files}), "1.2.3")
    assert told.files == (("meson.build", BUILD.format("'1.2.3'")),)
    assert told.repository == (("v1.2.3", "1.2.3") if repository else ())
    assert told.outside == ("v1.2.3", "1.2.3")
    assert told.variables == ()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"meson.build": BUILD.format("'1.0'")}, id="literal"),
        pytest.param({"meson.build": BUILD.format("files('V')"), "V": "1.0"}, id="file"),
        pytest.param(
            {"meson.build": BUILD.format(COMMAND), "tools/v.py": "print('1.0')"}, id="script-that-asks-no-vcs"
        ),
    ],
)
def test_what_stands_in_the_tree_is_told_nothing(plant: Plant, files: dict[str, str]) -> None:
    assert ADAPTER.inject(plant({"pyproject.toml": OPEN, **files}), "1.2.3") == Injection()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(ASKS["tools/v.py"], ("meson.build",), id="script-that-asks-git"),
        pytest.param(ASKS["tools/v.py"] + "# and pyproject.toml\n", (), id="script-that-reads-pyproject.toml"),
    ],
)
def test_a_computed_version_beside_a_fixed_one_is_told_unless_it_reads_that_one(
    plant: Plant, script: str, told: tuple[str, ...]
) -> None:
    project = plant({"pyproject.toml": FIXED, "meson.build": BUILD.format(COMMAND), "tools/v.py": script})
    assert tuple(path for path, _ in STATIC.inject(project, "1.2.3").files) == told
