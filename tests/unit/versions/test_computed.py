"""Code that asks a VCS, told from code that says what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.versions import _computed

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess\nsubprocess.run(['git', 'describe'])\n",
        "import os\nos.popen('git describe --tags')\n",
        "x = f'git log {1}'\n",
        "import os\nos.path.isdir('.git')\n",
        "from dunamai import Version\n",
        "import git\n",
        "import setuptools_scm as s\n",
        "['hg', 'id']\n",
        "from pdm.backend.hooks.version import get_version_from_scm\n",
    ],
)
def test_code_that_asks(plant: Plant, code: str) -> None:
    assert _computed.asks_vcs(plant({"pyproject.toml": "", "a.py": code}), ["a.py"])


@pytest.mark.parametrize(
    "code",
    [
        "__version__ = '.'.join(map(str, (1, 2)))\n",
        "# git describe\n",
        "URL = 'https://github.com/a/b.git'\n",
        "from .git import x\n",
        "import gitlab, github\n",
        "'''Digits of the version.'''\n",
        "(",
    ],
)
def test_code_that_does_not(plant: Plant, code: str) -> None:
    assert not _computed.asks_vcs(plant({"pyproject.toml": "", "a.py": code}), ["a.py"])


@pytest.mark.parametrize(
    ("importing", "path"),
    [
        ("import b", "b.py"),
        ("from b.c import d", "b/c.py"),
        ("from b import c", "b/c.py"),
        ("from b.c import d", "b/c/__init__.py"),
        ("import d", "lib/d.py"),
    ],
)
def test_imports_are_followed_within_the_tree(plant: Plant, importing: str, path: str) -> None:
    project = plant({"pyproject.toml": "", "a.py": importing, path: "run(['git', 'log'])"})
    assert _computed.asks_vcs(project, ["a.py"], ("", "lib"))
    assert not _computed.asks_vcs(project, ["a.py"], ("elsewhere",))


@pytest.mark.parametrize(
    ("importing", "path"),
    [("from . import b", "p/b.py"), ("from .b import c", "p/b.py"), ("from ..b import c", "b.py")],
)
def test_relative_imports_are_followed(plant: Plant, importing: str, path: str) -> None:
    project = plant({"pyproject.toml": "", "p/a.py": importing, path: "run(['git', 'log'])"})
    assert _computed.asks_vcs(project, ["p/a.py"])


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        ("open('v.py', 'w').write(v)", True),
        ("Path('v.py').write_text(v)", True),
        ("open('v.py').read()", False),
        ("open('v.py', 'rb').read()", False),
    ],
)
def test_code_that_writes_files_is_told_from_code_that_reads(plant: Plant, code: str, *, writes: bool) -> None:
    project = plant({"pyproject.toml": "", "a.py": "import b", "b.py": code})
    assert _computed.writes_files(project, ["a.py"]) is writes


def test_modules_that_import_each_other_are_read_once(plant: Plant) -> None:
    project = plant({"pyproject.toml": "", "a.py": "import b, c", "b.py": "import a", "c.py": "from ..... import x"})
    assert not _computed.asks_vcs(project, ["a.py"])


def test_modules_that_are_not_in_the_tree_take_nothing_from_the_number_that_is_read(plant: Plant) -> None:
    elsewhere = "".join(f"import elsewhere{number}\n" for number in range(200))
    project = plant({"pyproject.toml": "", "a.py": f"import b\n{elsewhere}", "b.py": "run(['git', 'log'])"})
    assert _computed.asks_vcs(project, ["a.py"])


def test_a_path_may_be_written_in_any_way(plant: Plant) -> None:
    project = plant({"pyproject.toml": "", "p/a.py": "['git', 'describe']"})
    assert _computed.asks_vcs(project, ["./p/../p/a.py"])
    assert not _computed.asks_vcs(project, ["../a.py", "/a.py"])


@pytest.mark.parametrize(("first", "asks"), [(20, True), (0, False)])
def test_only_so_many_modules_are_read(plant: Plant, first: int, *, asks: bool) -> None:
    chain = {f"m{number}.py": f"import m{number + 1}\n" for number in range(30)}
    project = plant({"pyproject.toml": "", **chain, "m30.py": "['git', 'log']"})
    assert _computed.asks_vcs(project, [f"m{first}.py"]) is asks
