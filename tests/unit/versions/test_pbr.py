"""When pbr is given the list of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit import versions
from backlit.config import project as projects

if TYPE_CHECKING:
    from pathlib import Path

PBR_BUILD = (
    '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n[project]\nname = "demo"\ndynamic = ["version"]\n'
)
SETUPTOOLS = '[build-system]\nrequires = ["pbr"]\nbuild-backend = "setuptools.build_meta"\n'


@pytest.mark.parametrize(
    ("pyproject", "setup", "is_listed"),
    [
        pytest.param(SETUPTOOLS, "from setuptools import setup\nsetup(pbr=True)\n", True, id="keyword"),
        pytest.param(
            PBR_BUILD,
            "import setuptools\nfrom pbr import setupcfg\nsetuptools.setup(**setupcfg.setup_cfg_to_args())\n",
            True,
            id="all keywords from pbr",
        ),
        pytest.param(PBR_BUILD, "", False, id="setuptools chooses the files"),
    ],
)
def test_the_list_of_files_is_given_where_pbr_chooses_them(
    tmp_path: Path, pyproject: str, setup: str, *, is_listed: bool
) -> None:
    for name, text in {
        "pyproject.toml": pyproject,
        "setup.py": setup,
        "setup.cfg": "[metadata]\nname = demo\n",
    }.items():
        (tmp_path / name).write_text(text)
    project = projects.load(tmp_path)
    found = versions.tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    told = found.tool.inject(project, "1.2")
    assert (found.tool.name, [name for name, _ in told.files]) == (
        "pbr",
        ["demo.egg-info/SOURCES.txt"] if is_listed else [],
    )
