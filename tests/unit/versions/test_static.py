"""A version that stands in the tree is read without running anything, and only where the backend reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.static import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]


def backend(name: str, rest: str = "", *, project: str = '[project]\nname = "my-proj"\ndynamic = ["version"]\n') -> str:
    return f'[build-system]\nbuild-backend = "{name}"\n{project}{rest}'


SETUPTOOLS = backend("setuptools.build_meta")
LEGACY = backend("setuptools.build_meta", project="")
DYNAMIC = "[tool.setuptools.dynamic]\nversion = "


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"pyproject.toml": '[project]\nversion = "1.2"\n'}, "pyproject.toml:2", id="project-table"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.b.v"}\n', "src/a/b.py": "x = 1\nv: str = '1.2'\n"},
            "src/a/b.py:2",
            id="attr",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a/__init__.py": "v = (1, '2')\n"},
            "a/__init__.py:1",
            id="attr-of-a-tuple",
        ),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.b.v"}\n[tool.setuptools.package-dir]\na = "lib"\n',
                "lib/b.py": "v = '1.2'\n",
                "a/b.py": "v = '3'\n",
            },
            "lib/b.py:1",
            id="attr-in-a-mapped-package",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{file = ["VERSION"]}\n', "VERSION": "1.2\n"},
            "VERSION",
            id="file",
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nname = a\nversion = 1.2\n", "setup.py": "setup()"}, "setup.cfg:3", id="setup.cfg"
        ),
        pytest.param(
            {
                "setup.cfg": "[metadata]\nversion = attr: a.v\n[options]\npackage_dir =\n    =lib\n",
                "setup.py": "setup()",
                "lib/a.py": "v = '1.2'",
            },
            "lib/a.py:1",
            id="setup.cfg-attr",
        ),
        pytest.param(
            {"pyproject.toml": LEGACY, "setup.cfg": "[metadata]\nversion = file: V\n", "V": " 1.2 \n"},
            "V",
            id="setup.cfg-file",
        ),
        pytest.param({"setup.py": "V = '1.2'\nsetup(name='a', version=V)\n"}, "setup.py:2", id="setup.py"),
        pytest.param(
            {"setup.py": "setup(version='1.2')\n", "setup.cfg": "[metadata]\nversion = 3\n"},
            "setup.py:1",
            id="setup.py-before-setup.cfg",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("hatchling.build", '[tool.hatch.version]\npath = "a.py"\n'),
                "a.py": '#\nVERSION = "v1.2"\n',
            },
            "a.py:2",
            id="hatch-path",
        ),
        pytest.param(
            {
                "pyproject.toml": backend(
                    "hatchling.build", "[tool.hatch.version]\npath = 'a'\npattern = '^is (?P<version>.+)$'\n"
                ),
                "a": "x\nis 1.2\n",
            },
            "a:2",
            id="hatch-pattern",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("hatchling.build", '[tool.hatch.version]\nsource = "code"\npath = "a.py"\n'),
                "a.py": "__version__ = '1.2'\n",
            },
            "a.py:1",
            id="hatch-code",
        ),
        pytest.param(
            {"pyproject.toml": backend("flit_core.buildapi"), "my_proj.py": '"""Doc."""\n__version__ = "1.2"\n'},
            "my_proj.py:2",
            id="flit-module",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("flit_core.buildapi", '[tool.flit.module]\nname = "a.b"\n'),
                "src/a/b/__init__.py": '__version__ = "1.2"\n',
            },
            "src/a/b/__init__.py:1",
            id="flit-package",
        ),
        pytest.param(
            {"pyproject.toml": backend("poetry.core.masonry.api", '[tool.poetry]\nversion = "1.2"\n', project="")},
            "pyproject.toml:4",
            id="poetry",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("pdm.backend", '[tool.pdm.version]\nsource = "file"\npath = "a.py"\n'),
                "a.py": "VERSION = '1.2'  # now\n",
            },
            "a.py:1",
            id="pdm-file",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("pdm.backend", "[tool.pdm.version]\npath = 'a'\npattern = '=(.+)='\n"),
                "a": "=1.2=\n",
            },
            "a:1",
            id="pdm-pattern",
        ),
    ],
)
def test_a_literal_is_read_with_its_place(plant: Plant, files: dict[str, str], where: str) -> None:
    project = plant(files)
    claim = ADAPTER.claim(project, projects.real_backend(project))
    assert claim is not None
    assert (claim.states, claim.where) == ("1.2", where)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"pyproject.toml": SETUPTOOLS}, id="nobody"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a.py": "v = compute()\n"}, id="computed"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a.py": "from b import v\n"}, id="imported"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a.py": "v = f()\nv = '1'\n"},
            id="first-assignment-computed",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a.py": "v = (\n"}, id="no-Python"),
        pytest.param({"pyproject.toml": SETUPTOOLS + DYNAMIC + '{attr = "a.v"}\n', "a.py": "v = 1.2\n"}, id="number"),
        pytest.param({"pyproject.toml": SETUPTOOLS + DYNAMIC + '{file = "V"}\n'}, id="file-missing"),
        pytest.param({"pyproject.toml": SETUPTOOLS + DYNAMIC + "{file = [1]}\n"}, id="file-no-name"),
        pytest.param(
            {"setup.py": "setup(version=f())\n", "setup.cfg": "[metadata]\nversion = 1\n"}, id="setup.py-computes"
        ),
        pytest.param({"setup.py": "setup(\n"}, id="setup.py-no-Python"),
        pytest.param(
            {"pyproject.toml": LEGACY + "[tool.setuptools_scm]\n", "setup.cfg": "[metadata]\nversion = 1\n"},
            id="setup.cfg-beside-setuptools-scm",
        ),
        pytest.param(
            {"pyproject.toml": backend("hatchling.build"), "my_proj.py": "__version__ = '1'\n"}, id="hatch-none"
        ),
        pytest.param(
            {
                "pyproject.toml": backend("hatchling.build", "[tool.hatch.version]\npath = 'a'\npattern = '('\n"),
                "a": "1",
            },
            id="hatch-broken-pattern",
        ),
        pytest.param(
            {
                "pyproject.toml": backend("hatchling.build", "[tool.hatch.version]\npath = 'a'\npattern = '1'\n"),
                "a": "1",
            },
            id="hatch-pattern-without-its-group",
        ),
        pytest.param(
            {"pyproject.toml": backend("flit_core.buildapi"), "my_proj.py": "from x import __version__\n"},
            id="flit-imports",
        ),
        pytest.param(
            {"pyproject.toml": backend("mesonpy", DYNAMIC + '{file = "V"}\n'), "V": "1.2"},
            id="a-backend-that-reads-none",
        ),
        pytest.param(
            {
                "pyproject.toml": backend(
                    "poetry_dynamic_versioning.backend", '[tool.poetry]\nversion = "0.0.0"\n', project=""
                )
            },
            id="placeholder-of-a-plugin",
        ),
        pytest.param({"pyproject.toml": backend("flit_core.buildapi", project="")}, id="flit-without-a-name"),
        pytest.param({"pyproject.toml": backend("poetry.core.masonry.api")}, id="poetry-none"),
        pytest.param(
            {"pyproject.toml": backend("pdm.backend", '[tool.pdm.version]\nsource = "call"\ngetter = "a:b"\n')},
            id="pdm-call",
        ),
        pytest.param({"pyproject.toml": '[project]\nname = "a"\nversion = 1\n'}, id="no-text"),
    ],
)
def test_what_is_no_literal_is_left_unknown(plant: Plant, files: dict[str, str]) -> None:
    project = plant(files)
    assert ADAPTER.claim(project, projects.real_backend(project)) is None
