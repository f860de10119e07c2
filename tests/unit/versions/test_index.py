"""The index is what the folder holds, and leads to the adapters of the tools that a tree mentions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backlit import versions
from backlit.config import project as projects
from backlit.versions import _generate, _index

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project


def test_the_index_is_up_to_date() -> None:
    written = Path(str(_index.__file__)).read_text(encoding="utf-8")
    assert written == _generate.text(), "run python -m backlit.versions._generate"


def test_each_tool_has_a_mark() -> None:
    assert [name for name, _, marks in _index.TOOLS if not marks] == []


def test_a_tool_is_in_charge_by_the_name_of_a_file_alone(plant: Callable[[dict[str, str]], Project]) -> None:
    project = plant(
        {
            "setup.py": "import helper\nfrom setuptools import setup\nsetup(version=helper.VERSION)\n",
            "helper.py": "import versioneer\nVERSION = versioneer.get_version()\n",
            "versioneer.py": "VCS = 'git'\n",
            "setup.cfg": "[metadata]\nname = demo\n",
        }
    )
    found = versions.tool_in_charge(project, projects.real_backend(project))
    assert found is not None
    assert found.tool.name == "versioneer"
