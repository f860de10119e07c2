"""How each tool is told: variables, files, and what is opened afterwards. The contract suite asks the real tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.versions.flit_scm import ADAPTER as FLIT_SCM
from backlit.versions.hatch_vcs import ADAPTER as HATCH_VCS
from backlit.versions.pbr import ADAPTER as PBR
from backlit.versions.pdm_scm import ADAPTER as PDM
from backlit.versions.setuptools_scm import ADAPTER as SETUPTOOLS_SCM
from backlit.versions.static import ADAPTER as STATIC
from backlit.versions.uv_dynamic import ADAPTER as UV_DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project
    from backlit.versions import VersionTool

    Plant = Callable[[dict[str, str]], Project]

OPEN = '[project]\nname = "My.Proj-Name"\ndynamic = ["version"]\n'
SCM = OPEN + "[tool.setuptools_scm]\n"
GLOBAL = "SETUPTOOLS_SCM_PRETEND_VERSION"
NORMAL = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_PROJ_NAME"
LITERAL = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY.PROJ-NAME"
GET_VERSION = "from setuptools_scm import get_version\nsetup(name='My.Proj-Name', version=get_version())\n"
PBR_SETUP = "setup(setup_requires=['pbr'], pbr=True)\n"


@pytest.mark.parametrize(
    ("tool", "files", "variables"),
    [
        pytest.param(SETUPTOOLS_SCM, {"pyproject.toml": SCM}, [NORMAL, LITERAL], id="one-project-in-both-spellings"),
        pytest.param(
            SETUPTOOLS_SCM,
            {"pyproject.toml": SCM.replace("My.Proj-Name", "my_proj_name")},
            [NORMAL],
            id="spellings-that-are-the-same",
        ),
        pytest.param(SETUPTOOLS_SCM, {"setup.py": GET_VERSION}, [GLOBAL], id="get_version-has-no-name"),
        pytest.param(
            SETUPTOOLS_SCM, {"setup.py": "setup(name=computed(), use_scm_version=True)\n"}, [GLOBAL], id="no-name"
        ),
        pytest.param(
            SETUPTOOLS_SCM,
            {"pyproject.toml": OPEN, "setup.py": "setup(use_scm_version=True)\n"},
            [NORMAL, LITERAL, GLOBAL],
            id="name-that-version-7-does-not-see",
        ),
        pytest.param(
            SETUPTOOLS_SCM,
            {"setup.cfg": "[metadata]\nname = My.Proj-Name\n", "setup.py": "setup(use_scm_version=True)\n"},
            [NORMAL, LITERAL],
            id="name-in-setup.cfg",
        ),
        pytest.param(HATCH_VCS, {"pyproject.toml": OPEN}, [GLOBAL], id="hatch-vcs"),
        pytest.param(
            HATCH_VCS,
            {"pyproject.toml": OPEN + '[tool.hatch.version.raw-options]\ndist_name = "My.Proj-Name"\n'},
            [NORMAL, LITERAL],
            id="hatch-vcs-with-a-name",
        ),
        pytest.param(UV_DYNAMIC, {"pyproject.toml": OPEN}, ["UV_DYNAMIC_VERSIONING_BYPASS"], id="uv-dynamic"),
        pytest.param(FLIT_SCM, {"pyproject.toml": SCM}, [GLOBAL], id="flit-scm"),
        pytest.param(
            FLIT_SCM,
            {"pyproject.toml": SCM + 'dist_name = "My.Proj-Name"\n'},
            [NORMAL, LITERAL],
            id="flit-scm-with-a-name",
        ),
        pytest.param(PDM, {"pyproject.toml": OPEN}, ["PDM_BUILD_SCM_VERSION"], id="pdm"),
        pytest.param(PBR, {"pyproject.toml": OPEN}, ["PBR_VERSION"], id="pbr"),
        pytest.param(STATIC, {"pyproject.toml": OPEN}, [], id="static"),
    ],
)
def test_only_these_variables_are_set(
    plant: Plant, tool: VersionTool, files: dict[str, str], variables: list[str]
) -> None:
    injection = tool.inject(plant(files), "1.2.3")
    assert sorted(injection.variables) == sorted((name, "1.2.3") for name in variables)


@pytest.mark.parametrize(
    ("tool", "files"),
    [
        pytest.param(SETUPTOOLS_SCM, {"pyproject.toml": SCM}, id="setuptools-scm"),
        pytest.param(SETUPTOOLS_SCM, {"setup.py": GET_VERSION}, id="setuptools-scm-get_version"),
        pytest.param(HATCH_VCS, {"pyproject.toml": OPEN}, id="hatch-vcs"),
        pytest.param(UV_DYNAMIC, {"pyproject.toml": OPEN}, id="uv-dynamic"),
        pytest.param(FLIT_SCM, {"pyproject.toml": SCM}, id="flit-scm"),
        pytest.param(PDM, {"pyproject.toml": OPEN}, id="pdm"),
        pytest.param(PBR, {"pyproject.toml": OPEN}, id="pbr"),
    ],
)
def test_the_first_variable_set_is_one_that_would_be_found_set(
    plant: Plant, tool: VersionTool, files: dict[str, str]
) -> None:
    project = plant(files)
    assert tool.inject(project, "1.2.3").variables[0][0] == tool.variables(project)[0]


def test_the_projects_own_variable_stands_before_the_one_for_all(plant: Plant) -> None:
    assert SETUPTOOLS_SCM.variables(plant({"pyproject.toml": SCM})) == (
        NORMAL,
        LITERAL,
        "VCS_VERSIONING_PRETEND_VERSION_FOR_MY_PROJ_NAME",
        GLOBAL,
        "VCS_VERSIONING_PRETEND_VERSION",
    )


@pytest.mark.parametrize(
    ("tool", "files", "version_files"),
    [
        pytest.param(
            SETUPTOOLS_SCM,
            {"pyproject.toml": SCM + 'version_file = "src/a/_version.py"\n'},
            ("src/a/_version.py",),
            id="version_file",
        ),
        pytest.param(
            SETUPTOOLS_SCM,
            {"pyproject.toml": SCM + 'root = ".."\nwrite_to = "tree/a/v.py"\nversion_file = "./a/w.py"\n'},
            ("a/w.py",),
            id="write_to-is-below-a-root-further-up",
        ),
        pytest.param(
            SETUPTOOLS_SCM,
            {"setup.py": "setup(use_scm_version={'write_to': 'a/v.py', \"version_file\": 'a/w.py'})\n"},
            ("a/v.py", "a/w.py"),
            id="setup.py",
        ),
        pytest.param(
            HATCH_VCS,
            {"pyproject.toml": OPEN + '[tool.hatch.build.hooks.vcs]\nversion-file = "a/v.py"\n'},
            ("a/v.py",),
            id="hatch-vcs",
        ),
        pytest.param(
            HATCH_VCS,
            {
                "pyproject.toml": OPEN,
                "hatch.toml": '[build.targets.wheel.hooks.vcs]\nversion-file = "a/v.py"\n'
                '[build.hooks.version]\npath = "b.py"\n',
            },
            ("a/v.py", "b.py"),
            id="hatch.toml",
        ),
        pytest.param(
            PDM,
            {"pyproject.toml": OPEN + '[tool.pdm.version]\nwrite_to = "a/v.py"\n'},
            ("a/v.py", "src/a/v.py"),
            id="pdm",
        ),
        pytest.param(
            PDM,
            {"pyproject.toml": OPEN + '[tool.pdm.version]\nwrite_to = "v"\n[tool.pdm.build]\npackage-dir = "lib/"\n'},
            ("v", "lib/v"),
            id="pdm-with-a-package-folder",
        ),
    ],
)
def test_files_that_the_tool_writes_are_named(
    plant: Plant, tool: VersionTool, files: dict[str, str], version_files: tuple[str, ...]
) -> None:
    assert tool.inject(plant(files), "1.2.3").version_files == version_files


def test_a_root_inside_the_tree_stands_before_write_to(plant: Plant) -> None:
    project = plant({"pyproject.toml": SCM + 'root = "sub"\nwrite_to = "v.py"\n'})
    assert SETUPTOOLS_SCM.inject(project, "1.2.3").version_files == ("sub/v.py",)


def test_a_pkg_info_with_another_version_is_replaced_for_hatchling(plant: Plant) -> None:
    project = plant({"pyproject.toml": OPEN, "PKG-INFO": "Name: a\nVersion: 0.9\nSummary: b\n\nVersion: 7\n"})
    assert HATCH_VCS.inject(project, "1.2.3").files == (
        ("PKG-INFO", "Name: a\nVersion: 1.2.3\nSummary: b\n\nVersion: 7\n"),
    )


@pytest.mark.parametrize("files", [{}, {"PKG-INFO": "Name: a\nVersion: 1.2.3\n\n"}], ids=["none", "the-same"])
def test_nothing_is_written_where_no_pkg_info_is_in_the_way(plant: Plant, files: dict[str, str]) -> None:
    assert HATCH_VCS.inject(plant({"pyproject.toml": OPEN, **files}), "1.2.3").files == ()


@pytest.mark.parametrize(
    ("files", "places"),
    [
        pytest.param(
            {"setup.cfg": "[metadata]\nname = My.Proj-Name\n"}, ["My.Proj_Name.egg-info/SOURCES.txt"], id="top"
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nname = a\n[files]\npackages_root = lib\n"},
            ["a.egg-info/SOURCES.txt", "lib/a.egg-info/SOURCES.txt"],
            id="packages_root",
        ),
        pytest.param(
            {
                "setup.cfg": "[metadata]\nname = a\n",
                "pyproject.toml": '[tool.setuptools]\npackage-dir = {"" = "src"}\n',
                "src/a.py": "",
            },
            ["a.egg-info/SOURCES.txt", "src/a.egg-info/SOURCES.txt"],
            id="package-dir",
        ),
    ],
)
def test_pbr_finds_the_list_of_files_where_it_looks(plant: Plant, files: dict[str, str], places: list[str]) -> None:
    injection = PBR.inject(plant({"setup.py": PBR_SETUP, **files}), "1.2.3")
    assert [path for path, _ in injection.files] == places
    assert {text for _, text in injection.files} == {"".join(f"{name}\n" for name in sorted(["setup.py", *files]))}
    assert ("SKIP_GIT_SDIST", "1") in injection.environment


def test_a_name_that_breaks_the_list_is_left_out_of_it(plant: Plant) -> None:
    project = plant(
        {"setup.py": PBR_SETUP, "setup.cfg": "[metadata]\nname = a\n", "a\nb": "", "c ": "", "d e": "", "é": ""}
    )
    ((_, text),) = PBR.inject(project, "1.2.3").files
    assert text == "d e\nsetup.cfg\nsetup.py\né\n"


def test_without_setup_cfg_pbr_leaves_the_files_to_setuptools(plant: Plant) -> None:
    assert PBR.inject(plant({"pyproject.toml": OPEN, "setup.py": PBR_SETUP}), "1.2.3").files == ()
