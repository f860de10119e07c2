"""Which tool is in charge of a tree's version, and where that stands. The contract suite asks the real tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import tool_in_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUPTOOLS = '[build-system]\nrequires = ["setuptools", "setuptools-scm"]\nbuild-backend = "setuptools.build_meta"\n'
HATCHLING = '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
PDM = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
OPEN = '[project]\nname = "My.Proj"\ndynamic = ["version"]\n'
FIXED = '[project]\nname = "My.Proj"\nversion = "0.9"\n'
SCM = "[tool.setuptools_scm]\n"
VCS = '[tool.hatch.version]\nsource = "vcs"\n'
USE_SCM = 'from setuptools import setup\nsetup(name="My.Proj",\n      use_scm_version=True)\n'
GET_VERSION = "from setuptools import setup\nfrom setuptools_scm import get_version\nsetup(version=get_version())\n"
PBR = 'import setuptools\nsetuptools.setup(setup_requires=["pbr"], pbr=True)\n'
WRAPPER = "from setuptools import build_meta as _real\nfrom setuptools.build_meta import *\n"


@pytest.mark.parametrize(
    ("files", "tool", "where"),
    [
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + SCM}, "setuptools-scm", "pyproject.toml:7", id="setuptools-scm-table"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + "[tool.vcs-versioning]\n"},
            "setuptools-scm",
            "pyproject.toml:7",
            id="vcs-versioning-table",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS.replace("-scm", "_scm[toml, Simple]>=9.2") + OPEN},
            "setuptools-scm",
            "pyproject.toml:2",
            id="setuptools-scm-simple",
        ),
        pytest.param({"setup.py": USE_SCM}, "setuptools-scm", "setup.py:3", id="use_scm_version"),
        pytest.param(
            {"setup.py": 'KW = {\n"use_scm_version": True}\nsetup(**KW)\n'},
            "setuptools-scm",
            "setup.py:2",
            id="use_scm_version-in-a-dictionary",
        ),
        pytest.param({"setup.py": GET_VERSION}, "setuptools-scm", "setup.py:3", id="get_version"),
        pytest.param(
            {
                "pyproject.toml": '[build-system]\nbuild-backend = "own"\nbackend-path = ["tools"]\n' + OPEN + SCM,
                "tools/own.py": WRAPPER,
            },
            "setuptools-scm",
            "pyproject.toml:7",
            id="in-tree-wrapper-of-setuptools",
        ),
        pytest.param({"pyproject.toml": HATCHLING + OPEN + VCS}, "hatch-vcs", "pyproject.toml:8", id="hatch-vcs"),
        pytest.param(
            {"pyproject.toml": HATCHLING + OPEN, "hatch.toml": '[version]\nsource = "vcs"\n'},
            "hatch-vcs",
            "hatch.toml:2",
            id="hatch-vcs-in-hatch.toml",
        ),
        pytest.param(
            {"pyproject.toml": PDM + OPEN + '[tool.pdm]\nversion = { source = "scm" }\n'},
            "pdm-backend",
            "pyproject.toml:8",
            id="pdm-scm",
        ),
        pytest.param(
            {"pyproject.toml": HATCHLING + OPEN + VCS.replace("vcs", "uv-dynamic-versioning")},
            "uv-dynamic-versioning",
            "pyproject.toml:8",
            id="uv-dynamic-versioning",
        ),
        pytest.param(
            {
                "pyproject.toml": '[build-system]\nbuild-backend = "flit_scm:buildapi"\n'
                + OPEN
                + SCM
                + 'write_to = "a"\n'
            },
            "flit-scm",
            "pyproject.toml:2",
            id="flit-scm",
        ),
        pytest.param({"setup.py": PBR, "setup.cfg": "[metadata]\nname = a\n"}, "pbr", "setup.py:2", id="pbr-keyword"),
        pytest.param(
            {"pyproject.toml": '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n' + OPEN},
            "pbr",
            "pyproject.toml:3",
            id="pbr-backend",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + FIXED}, "static", "pyproject.toml:6", id="literal"),
    ],
)
def test_the_tool_in_charge_is_named_with_its_place(plant: Plant, files: dict[str, str], tool: str, where: str) -> None:
    project = plant(files)
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found[0].name, found[1].tool, found[1].where) == (tool, tool, where)


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        pytest.param({"pyproject.toml": HATCHLING + OPEN + VCS + SCM}, "hatch-vcs", id="scm-table-under-hatchling"),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + VCS + SCM}, "setuptools-scm", id="hatch-under-setuptools"),
        pytest.param(
            {"pyproject.toml": PDM + OPEN + VCS + SCM + '[tool.pdm.version]\nsource = "scm"\n'},
            "pdm-backend",
            id="both-under-pdm",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + FIXED + SCM}, "static", id="literal-beside-a-table"),
        pytest.param({"pyproject.toml": HATCHLING + FIXED + VCS}, "static", id="literal-beside-hatch"),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS + OPEN + SCM + '[tool.setuptools.dynamic]\nversion = {attr = "m.v"}\n',
                "m.py": "v = '1'",
            },
            "static",
            id="attribute-beside-a-table",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + SCM, "setup.py": 'from setuptools import setup\nsetup(version="1")\n'},
            "static",
            id="constant-in-setup.py-beside-a-table",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + "[tool.setuptools-scm]\n"}, None, id="table-with-a-dash"),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN}, None, id="requirement-only"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + '[tool.pdm.version]\nsource = "scm"\n'},
            None,
            id="pdm-under-setuptools",
        ),
        pytest.param(
            {"pyproject.toml": HATCHLING + OPEN + VCS, "hatch.toml": "[version"}, "hatch-vcs", id="broken-hatch.toml"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS, "setup.cfg": "[metadata]\nname=a\n[options]\nuse_scm_version=True\n"},
            None,
            id="use_scm_version-in-setup.cfg",
        ),
        pytest.param({"setup.py": "# use_scm_version=True\nsetup(name='a')\n"}, None, id="comment"),
        pytest.param(
            {"setup.py": "import versioneer\nsetup(version=versioneer.get_version())\n"},
            "versioneer",
            id="somebody's-get_version",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + '[project]\nname = "a"\n' + SCM}, None, id="version-not-dynamic"),
    ],
)
def test_a_table_that_the_backend_does_not_read_is_no_claim(
    plant: Plant, files: dict[str, str], tool: str | None
) -> None:
    project = plant(files)
    found = tool_in_charge(project, projects.real_backend(project))
    assert (found and found[0].name) == tool
