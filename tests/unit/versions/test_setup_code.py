"""Code of a project's own, read and not run. The contract suite runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import tool_in_charge
from backlit.versions.setup_by_variable import ADAPTER as VARIABLE
from backlit.versions.setup_dunamai import ADAPTER as DUNAMAI
from backlit.versions.setup_git import ADAPTER as GIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUP = "import os\nfrom os import environ, getenv\nfrom setuptools import setup\n{}\nsetup(name='a', version={})\n"
OPEN = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "a"
dynamic = ["version"]
"""
FIXED = 'version = "1.2.3"\nname = "a"\ndynamic = []'
ATTRIBUTE = OPEN + '[tool.setuptools.dynamic]\nversion = { attr = "a.VERSION" }\n'
DESCRIBE = "import subprocess\ndef f():\n    return subprocess.check_output(['git', 'describe'])"


def in_charge(project: Project) -> str | None:
    found = tool_in_charge(project, projects.real_backend(project))
    return found and f"{found.tool.name} {found.claim.where}"


@pytest.mark.parametrize(
    ("code", "value", "variables"),
    [
        pytest.param("", "os.environ['A_VERSION']", ["A_VERSION"], id="subscript"),
        pytest.param("", "environ.get('A_VERSION', '0')", ["A_VERSION"], id="get"),
        pytest.param("", "os.getenv('VERSION')", ["VERSION"], id="getenv"),
        pytest.param("", "getenv('VERSION', '0').strip()", ["VERSION"], id="trimmed"),
        pytest.param("v = getenv('VERSION')", "v", ["VERSION"], id="name"),
        pytest.param("v: str = getenv('VERSION')", "str(v)", ["VERSION"], id="annotated"),
        pytest.param("def f():\n    return getenv('VERSION')", "f()", ["VERSION"], id="function"),
        pytest.param(
            "def f():\n    v = None\n    if 1:\n        v = getenv('VERSION')\n    return v",
            "f()",
            ["VERSION"],
            id="inside",
        ),
        pytest.param("w = '1'", "getenv('A_VERSION') or getenv('B_VERSION') or w", ["A_VERSION", "B_VERSION"], id="or"),
        pytest.param("", "getenv('VERSION') if 'VERSION' in environ else '1'", ["VERSION"], id="if"),
        pytest.param("", "(v := getenv('VERSION'))", ["VERSION"], id="walrus"),
        pytest.param("def f(): return f()", "f()", [], id="round-and-round"),
        pytest.param("v = getenv('VERSION')\nv += '.dev'", "v", [], id="changed"),
        pytest.param("", "getenv('VERSION') + '.dev'", [], id="added-to"),
        pytest.param("", "f(getenv('VERSION'))", [], id="made-something-of"),
        pytest.param("def f():\n    v = getenv('VERSION')\n    return '1'", "f()", [], id="used-otherwise"),
        pytest.param("def f():\n    v = getenv('VERSION')\nv = str()", "v", [], id="another-name-of-a-function"),
        pytest.param("", "getenv('BUILD')", [], id="another-name"),
        pytest.param("", "settings.get('VERSION')", [], id="no-environment"),
        pytest.param("", "getenv(name)", [], id="computed"),
        pytest.param("", "*x", [], id="no-python"),
    ],
)
def test_a_variable_that_becomes_the_version_is_found(
    plant: Plant, code: str, value: str, variables: list[str]
) -> None:
    project = plant({"setup.py": SETUP.format(code, value)})
    assert list(VARIABLE.variables(project)) == variables
    assert sorted(name for name, _ in VARIABLE.inject(project, "1.2.3").variables) == sorted(variables)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"pyproject.toml": ATTRIBUTE, "a/__init__.py": "import os\nVERSION = os.environ.get('A_VERSION') or f()\n"},
            id="attribute",
        ),
        pytest.param(
            {
                "pyproject.toml": ATTRIBUTE,
                "src/a/__init__.py": "from ._v import found as VERSION\n",
                "src/a/_v.py": "import os\nfound = os.environ.get('A_VERSION') or f()\n",
            },
            id="imported-from-beside",
        ),
        pytest.param(
            {
                "setup.cfg": "[metadata]\nname = a\nversion = attr: a.VERSION\n[options]\npackage_dir =\n    = lib\n",
                "lib/a.py": "from tools.v import VERSION\n",
                "lib/tools/v.py": "import os\nVERSION = os.environ.get('A_VERSION') or f()\n",
                "setup.py": "from setuptools import setup\nsetup()\n",
            },
            id="setup.cfg-and-a-module-of-the-tree",
        ),
        pytest.param(
            {
                "setup.py": "import a\nkw = {'name': 'a', 'version': a.get()}\nsetup(**kw)\n",
                "a/__init__.py": "from .v import get\n",
                "a/v.py": "import os\ndef get(): return os.environ['A_VERSION']\n",
            },
            id="dictionary-and-a-module-of-a-module",
        ),
        pytest.param(
            {
                "setup.py": "from tools import v as w\nsetup(**dict(name='a', version=w.get()))\n",
                "tools/v.py": "import os\ndef get(): return os.environ['A_VERSION']\n",
            },
            id="keywords-of-a-dictionary",
        ),
    ],
)
def test_it_is_followed_from_the_attribute_into_modules_of_the_tree(plant: Plant, files: dict[str, str]) -> None:
    assert VARIABLE.variables(plant(files)) == ("A_VERSION",)


def test_a_variable_that_names_the_project_is_inherited(plant: Plant) -> None:
    code = SETUP.replace("'a'", "'My.Proj'").format("", "os.getenv('MY_PROJ_VERSION') or os.getenv('VERSION')")
    told = VARIABLE.inject(plant({"setup.py": code}), "1.2.3")
    assert told.inherited == (("MY_PROJ_VERSION", "1.2.3"),)
    assert told.environment == (("VERSION", "1.2.3"),)


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        pytest.param({"setup.py": SETUP.format(DESCRIBE, "f()")}, "setup-git setup.py:6", id="git"),
        pytest.param({"setup.py": SETUP.format("import git", "git.Repo().x")}, "setup-git setup.py:4", id="gitpython"),
        pytest.param(
            {"setup.py": SETUP.format("from tools.v import f", "f()"), "tools/v.py": DESCRIBE},
            "setup-git setup.py",
            id="imported",
        ),
        pytest.param(
            {"setup.py": SETUP.format("exec(open('a/v.py').read())", "f()"), "a/v.py": DESCRIBE},
            "setup-git a/v.py:3",
            id="executed",
        ),
        pytest.param(
            {"setup.py": SETUP.format("exec(open(os.path.join(here, 'a', 'v.py')).read())", "f()"), "a/v.py": DESCRIBE},
            "setup-git a/v.py:3",
            id="executed-by-parts",
        ),
        pytest.param(
            {"pyproject.toml": ATTRIBUTE, "a.py": DESCRIBE + "\nVERSION = f()\n"}, "setup-git a.py:3", id="attribute"
        ),
        pytest.param(
            {"setup.py": SETUP.format("from dunamai import Version as V", "V.from_git().base")},
            "dunamai setup.py:4",
            id="dunamai",
        ),
        pytest.param(
            {"setup.py": SETUP.format(DESCRIBE, "os.getenv('A_VERSION') or f()")},
            "setup-variable setup.py:7",
            id="both",
        ),
        pytest.param({"setup.py": SETUP.format("", "open('V').read()")}, None, id="no-vcs"),
        pytest.param({"setup.py": SETUP.format("", "'1'")}, "static setup.py:5", id="literal"),
        pytest.param(
            {"pyproject.toml": OPEN.replace("setuptools.b", "other.b"), "setup.py": SETUP.format(DESCRIBE, "f()")},
            None,
            id="another-backend",
        ),
    ],
)
def test_who_is_in_charge(plant: Plant, files: dict[str, str], tool: str | None) -> None:
    assert in_charge(plant(files)) == tool


@pytest.mark.parametrize(
    ("code", "tags"),
    [
        pytest.param("", ["v1.2.3", "1.2.3"], id="usual"),
        pytest.param("x = ['--match', 'rel-*']", ["rel-1.2.3", "v1.2.3", "1.2.3"], id="match"),
        pytest.param("x = 'git describe --match=rel/[0-9]*'", ["rel/1.2.3", "v1.2.3", "1.2.3"], id="match-in-a-line"),
        pytest.param("x = y.removeprefix('a-')", ["a-1.2.3", "v1.2.3", "1.2.3"], id="removeprefix"),
        pytest.param("x = '--match v*'", ["v1.2.3", "1.2.3"], id="the-usual-prefix"),
        pytest.param("x = ['--match', 'a-*', '--match', 'b-*']", ["v1.2.3", "1.2.3"], id="two"),
    ],
)
def test_a_prefix_is_taken_from_the_code_where_it_is_certain(plant: Plant, code: str, tags: list[str]) -> None:
    told = GIT.inject(plant({"setup.py": SETUP.format(f"{DESCRIBE}\n{code}", "f()")}), "1.2.3")
    assert list(told.repository) == list(told.outside) == tags


@pytest.mark.parametrize(
    ("files", "edited"),
    [
        pytest.param(
            {"setup.py": SETUP.format(DESCRIBE + "  # é", "(f()\n  ) ")},
            ("setup.py", SETUP.format(DESCRIBE + "  # é", "('1.2.3'\n  ) ")),
            id="keyword",
        ),
        pytest.param(
            {"pyproject.toml": ATTRIBUTE, "a.py": DESCRIBE},
            ("pyproject.toml", ATTRIBUTE.replace('name = "a"\ndynamic = ["version"]', FIXED)),
            id="project",
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nversion = attr: a.V\nname=a\n", "a.py": DESCRIBE, "setup.py": "setup()\n"},
            ("setup.cfg", "[metadata]\nversion = 1.2.3\nname=a\n"),
            id="setup.cfg",
        ),
        pytest.param(
            {"setup.py": SETUP.format(DESCRIBE + "\nopen('a/v.py', 'w').write(f())", "f()")}, None, id="it-writes"
        ),
        pytest.param(
            {"setup.py": DESCRIBE + "\nkw = {'version': f()}\nsetup(**kw)\n"},
            ("setup.py", DESCRIBE + "\nkw = {'version': '1.2.3'}\nsetup(**kw)\n"),
            id="dictionary",
        ),
        pytest.param({"setup.py": DESCRIBE + "\nsetup(**f())\n"}, None, id="no-keyword"),
        pytest.param(
            {"setup.py": DESCRIBE + "\nk = {}\nk = {'version': f()}\nsetup(**k)\n"}, None, id="assigned-twice"
        ),
    ],
)
def test_the_version_takes_the_place_of_code_that_writes_nothing(
    plant: Plant, files: dict[str, str], edited: tuple[str, str] | None
) -> None:
    assert GIT.inject(plant(files), "1.2.3").files == ((edited,) if edited else ())


@pytest.mark.parametrize(
    ("call", "tag", "repository"),
    [
        pytest.param("from_git()", "v1.2.3", False, id="from_git"),
        pytest.param("from_any_vcs()", "v1.2.3", True, id="from_any_vcs"),
        pytest.param("from_git(pattern='default-unprefixed')", "1.2.3", False, id="unprefixed"),
        pytest.param("from_git(Pattern.DefaultUnprefixed, pattern_prefix='a-')", "a-1.2.3", False, id="both"),
        pytest.param("from_git(pattern_prefix='rel-')", "rel-v1.2.3", False, id="prefix"),
        pytest.param("from_vcs(Vcs.Git, pattern=r'^a/(?P<base>.+)')", "a/1.2.3", True, id="expression"),
        pytest.param("from_git(r'(?P<base>\\d.*)')", "v1.2.3", False, id="any"),
        pytest.param("from_git(r'(?P<base>')", "v1.2.3", False, id="no-expression"),
        pytest.param("from_git(pattern=PATTERN)", "v1.2.3", False, id="computed"),
    ],
)
def test_dunamai_is_told_a_tag_that_its_pattern_takes(plant: Plant, call: str, tag: str, *, repository: bool) -> None:
    told = DUNAMAI.inject(plant({"setup.py": SETUP.format("import dunamai as d", f"d.Version.{call}")}), "1.2.3")
    ((path, text),) = told.files
    assert path == ".git_archival.json"
    assert json.loads(text)["describe"] == tag
    assert told.outside == (tag,)
    assert told.repository == ((tag,) if repository else ())
