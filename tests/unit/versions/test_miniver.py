"""miniver: where its version file is, what it states, and what is written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import Claim, charges
from backlit.versions.miniver import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUPTOOLS = """\
[build-system]
requires = ["{}"]
build-backend = "setuptools.build_meta"
[project]
name = "words"
dynamic = ["version"]
"""
ATTR = '[tool.setuptools.dynamic]\nversion = {{ attr = "{}" }}\n'
TEMPLATE = (
    "version, cmdclass = get_version_and_cmdclass(r'{}')\nsetup(name='words', version=version, cmdclass=cmdclass)\n"
)
OTHER = "spec = load(os.path.join({}, '_version.py'))\nsetup(name='words', version=spec.__version__)\n"
GIT = 'version = "__use_git__"\nrefnames = "$Format:%D$"\n'
CODE = 'STATIC_VERSION_FILE = "_static_version.py"\n'


def claim(project: Project) -> Claim | None:
    return ADAPTER.claim(project, projects.real_backend(project))


@pytest.mark.parametrize(
    ("files", "path", "where"),
    [
        pytest.param(
            {"setup.py": TEMPLATE.format("words"), "words/_static_version.py": GIT}, "words", "setup.py:1", id="flat"
        ),
        pytest.param(
            {"setup.py": TEMPLATE.format("src/words"), "src/words/_static_version.py": GIT},
            "src/words",
            "setup.py:1",
            id="src",
        ),
        pytest.param(
            {
                "setup.py": TEMPLATE.format("words"),
                "words/_static_version.py": GIT,
                "another/_static_version.py": GIT,
            },
            "words",
            "setup.py:1",
            id="the-one-that-setup.py-names",
        ),
        pytest.param(
            {"setup.py": OTHER.format("os.path.join('a', 'words')"), "a/words/_static_version.py": GIT},
            "a/words",
            "setup.py:1",
            id="put-together",
        ),
        pytest.param(
            {"setup.py": "load('src/words/_version.py')\nsetup()\n", "src/words/_static_version.py": GIT},
            "src/words",
            "setup.py:1",
            id="named-by-its-path",
        ),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS + ATTR.format("words.__version__"),
                "src/words/__init__.py": "from ._version import __version__\n",
                "src/words/_static_version.py": GIT,
            },
            "src/words",
            "pyproject.toml:8",
            id="attr-of-the-package",
        ),
        pytest.param(
            {
                "setup.py": "setup()\n",
                "setup.cfg": "[metadata]\nversion = attr: words._version.__version__\n",
                "words/_version.py": CODE,
                "words/_static_version.py": GIT,
            },
            "words",
            "setup.cfg:2",
            id="attr-of-the-code",
        ),
    ],
)
def test_whatever_leads_to_the_file_is_the_evidence(plant: Plant, files: dict[str, str], path: str, where: str) -> None:
    project = plant(files)
    found = claim(project)
    assert found == Claim("miniver", where, f"leads to {path}/_static_version.py", None)
    told = ADAPTER.inject(project, "2.0")
    assert told.version_files == (f"{path}/_static_version.py",)
    assert told.outside == ("v2.0",)
    assert not told.repository


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"setup.py": TEMPLATE.format("words")}, id="no-file"),
        pytest.param(
            {"setup.py": TEMPLATE.format("words"), "words/_static_version.py": "import git\n"}, id="no-version"
        ),
        pytest.param({"setup.py": "setup()\n", "words/_static_version.py": GIT}, id="not-loaded"),
        pytest.param(
            {"setup.py": "# get_version_and_cmdclass\nsetup()\n", "words/_static_version.py": GIT}, id="comment"
        ),
        pytest.param(
            {"setup.py": "get_version_and_cmdclass('words')\nsetup(version='1.0')\n", "words/_static_version.py": GIT},
            id="constant",
        ),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS.replace("setuptools.build_meta", "flit_core.buildapi"),
                "setup.py": TEMPLATE.format("words"),
                "words/_static_version.py": GIT,
            },
            id="another-backend",
        ),
        pytest.param(
            {"setup.py": TEMPLATE.format("../words"), "words/_version.py": CODE},
            id="out-of-the-tree",
        ),
    ],
)
def test_where_nothing_leads_to_a_file_it_is_no_tool(plant: Plant, files: dict[str, str]) -> None:
    assert claim(plant(files)) is None


def test_without_a_file_only_a_repository_is_left(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": TEMPLATE.format("words")}), "2.0")
    assert (told.files, told.repository) == ((), ("v2.0",))


def test_a_literal_that_attr_leads_to_is_in_charge(plant: Plant) -> None:
    project = plant(
        {
            "pyproject.toml": SETUPTOOLS + ATTR.format("words.__version__"),
            "setup.py": TEMPLATE.format("words"),
            "words/__init__.py": "__version__ = '1.0'\n",
            "words/_static_version.py": GIT,
        }
    )
    (charge,) = charges(project, projects.real_backend(project))
    assert charge.tool.name == "static"


@pytest.mark.parametrize(
    ("text", "states"),
    [
        pytest.param(GIT, None, id="checkout"),
        pytest.param(GIT.replace("$Format:%D$", "tag: v1.0"), None, id="git-archive"),
        pytest.param("version = '1.0'\n", "1.0", id="sdist"),
        pytest.param("version = 'unknown+g0123456'\n", None, id="sdist-that-did-not-know"),
    ],
)
def test_only_the_form_of_an_sdist_states_a_version(plant: Plant, text: str, states: str | None) -> None:
    found = claim(plant({"setup.py": TEMPLATE.format("words"), "words/_static_version.py": text}))
    assert found is not None
    assert found.states == states


def test_the_file_is_written_unless_it_has_the_version(plant: Plant) -> None:
    project = plant({"setup.py": TEMPLATE.format("words"), "words/_static_version.py": "version = '1.0'\n"})
    told = ADAPTER.inject(project, "1.0")
    assert (told.files, told.outside) == ((), ())
    ((path, text),) = ADAPTER.inject(project, "2.0+deb1").files
    space: dict[str, str] = {}
    exec(text, space)  # noqa: S102 - our own text, as miniver's code runs it
    assert (path, space["version"]) == ("words/_static_version.py", "2.0+deb1")
