"""Tools that read the version from a file of the tree: the version is known before the build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import tool_in_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

OPEN = '[project]\nname = "a"\ndynamic = ["version"]\n'
NODE = '[build-system]\nbuild-backend = "hatchling.build"\n' + OPEN + '[tool.hatch.version]\nsource = "nodejs"\n'
JUPYTER = '[build-system]\nbuild-backend = "{}"\n'
IMPORT = "from jupyter_packaging import get_version\n"


@pytest.mark.parametrize(
    ("files", "where", "states"),
    [
        pytest.param(
            {"package.json": '{\n"version": "1.2.3-rc.1"}'}, "package.json:2", "1.2.3-rc.1", id="package.json"
        ),
        pytest.param({"package.json": '{"version": 1}'}, "pyproject.toml:7", None, id="no-text"),
        pytest.param({"package.json": "{"}, "pyproject.toml:7", None, id="no-json"),
        pytest.param({}, "pyproject.toml:7", None, id="no-file"),
    ],
)
def test_hatch_nodejs_version(plant: Plant, files: dict[str, str], where: str, states: str | None) -> None:
    project = plant({"pyproject.toml": NODE, **files})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found.tool.name, found.claim.where, found.claim.states) == ("hatch-nodejs-version", where, states)
    assert found.tool.inject(project, "1.2.3").variables == ()


def test_hatch_nodejs_version_takes_another_file(plant: Plant) -> None:
    project = plant({"pyproject.toml": NODE + 'path = "js/p.json"\n', "js/p.json": '{"version": "2.0.0"}'})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert found.claim.states == "2.0.0"


UV = NODE.replace("nodejs", "uv-dynamic-versioning")


@pytest.mark.parametrize(
    ("table", "states"),
    [
        pytest.param('from-file = { source = "v.txt" }\n', "1.2.3", id="whole-file"),
        pytest.param('from-file = { source = "v.py", pattern = "= \'(.*)\'" }\n', "4.5", id="pattern"),
        pytest.param('from-file = { source = "v.py", pattern = "nothing" }\n', None, id="no-match"),
        pytest.param('from-file = { source = "missing.txt" }\n', None, id="no-file"),
        pytest.param('fallback-version = "0.1"\n', None, id="fallback-version-is-not-the-trees"),
    ],
)
def test_uv_dynamic_versioning(plant: Plant, table: str, states: str | None) -> None:
    files = {"v.txt": "1.2.3\n", "v.py": "x = '4.5'\n"}
    project = plant({"pyproject.toml": f"{UV}[tool.uv-dynamic-versioning]\n{table}", **files})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found.tool.name, found.claim.states) == ("uv-dynamic-versioning", states)


@pytest.mark.parametrize("backend", ["jupyter_packaging.build_api", "setuptools.build_meta"])
@pytest.mark.parametrize(
    ("setup", "states"),
    [
        pytest.param('setup(version=get_version("a/_version.py"))', "1.2.3", id="path"),
        pytest.param('V = get_version(pjoin("a", "_version.py"))\nsetup(version=V)', "1.2.3", id="joined"),
        pytest.param(
            "HERE = Path(__file__).parent.resolve()\nsetup(version=get_version(str(HERE / 'a' / '_version.py')))",
            "1.2.3",
            id="pathlib",
        ),
        pytest.param(
            "here = os.path.abspath(os.path.dirname(__file__))\nname = 'a'\n"
            "setup(version=get_version(os.path.join(here, name, '_version.py')))",
            "1.2.3",
            id="os.path",
        ),
        pytest.param('setup(version=get_version("a/_version.py", "V"))', "4", id="another-name"),
        pytest.param("setup(version=get_version(computed()))", None, id="computed"),
        pytest.param("x = x\nsetup(version=get_version(x))", None, id="round-and-round"),
        pytest.param('setup(version=get_version("b.py"))', None, id="no-file"),
    ],
)
def test_jupyter_packaging(plant: Plant, backend: str, setup: str, states: str | None) -> None:
    version = "V = '4'\n__version__ = '1.2.3'\n"
    project = plant({"pyproject.toml": JUPYTER.format(backend), "setup.py": IMPORT + setup, "a/_version.py": version})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert (found.tool.name, found.claim.states) == ("jupyter-packaging", states)


@pytest.mark.parametrize(
    "setup",
    [
        "from jupyter_packaging import wrap_installers\nsetup(version=get_version())\n",
        "import jupyter_packaging\nsetup(version='1')\n",
        "from setupbase import get_version\nsetup(version=get_version('a/_version.py'))\n",
        "from jupyter_packaging import get_version\nsetup(",
    ],
)
def test_another_get_version_is_not_jupyter_packagings(plant: Plant, setup: str) -> None:
    project = plant({"setup.py": setup, "a/_version.py": "__version__ = '1.2.3'\n"})
    found = tool_in_charge(project, projects.real_backend(project))
    assert found is None or found.tool.name != "jupyter-packaging"
