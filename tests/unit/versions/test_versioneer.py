"""versioneer: who calls it, what its file states, and what is written into it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import Claim, charges
from backlit.versions.versioneer import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

OPEN = '[project]\nname = "words"\ndynamic = ["version"]\n'
SETUPTOOLS = '[build-system]\nrequires = []\nbuild-backend = "setuptools.build_meta"\n' + OPEN
MESON = '[build-system]\nrequires = ["meson-python"]\nbuild-backend = "mesonpy"\n' + OPEN
HATCH = '[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n' + OPEN
TABLE = '[tool.versioneer]\nVCS = "git"\nversionfile_source = "src/words/_version.py"\n'
SECTION = "[versioneer]\nVCS = git\nversionfile_source = words/_version.py\n"
SETUP = "import versioneer\nsetup(version=versioneer.get_version(), cmdclass=versioneer.get_cmdclass())\n"
ATTR = '[tool.setuptools.dynamic]\nversion = { attr = "words.__version__" }\n'
SCRIPT = "#!/usr/bin/env python3\nimport versioneer\nprint(versioneer.get_version())\n"

LONG = """\
def get_keywords():
    git_refnames = "{refnames}"
    git_full = "{full}"
    git_date = "{date}"
"""
UNEXPANDED = LONG.format(refnames="$Format:%d$", full="$Format:%H$", date="$Format:%ci$")
EXPANDED = LONG.format(refnames=" (tag: v1.0)", full="0123456789abcdef" * 2, date="2026-01-02 03:04:05 +0100")
SHORT = "version_json = '''\n{\n \"error\": null,\n \"version\": \"%s\"\n}\n'''  # END VERSION_JSON\n"


def claim(project: Project) -> Claim | None:
    return ADAPTER.claim(project, projects.real_backend(project))


@pytest.mark.parametrize(
    ("files", "where"),
    [
        pytest.param({"setup.py": SETUP}, "setup.py:1", id="setup.py"),
        pytest.param({"pyproject.toml": SETUPTOOLS, "setup.py": SETUP}, "setup.py:1", id="setup.py-and-table"),
        pytest.param(
            {"setup.py": "versioneer = load('versioneer.py')\nsetup(version=versioneer.get_version())\n"},
            "setup.py:2",
            id="imported-in-another-way",
        ),
        pytest.param(
            {"setup.py": "from helper import version\nsetup(version=version)\n", "helper.py": SCRIPT},
            "helper.py:2",
            id="script-that-setup.py-imports",
        ),
        pytest.param(
            {
                "pyproject.toml": SETUPTOOLS + ATTR + TABLE,
                "src/words/__init__.py": "from . import _version\n__version__ = _version.get_versions()['version']\n",
            },
            "pyproject.toml:8",
            id="attr-of-the-package",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + ATTR.replace("words.__version__", "words._version.now") + TABLE},
            "pyproject.toml:8",
            id="attr-of-the-version-file",
        ),
        pytest.param(
            {"setup.py": "setup()\n", "setup.cfg": "[metadata]\nversion = attr: versioneer.get_version\n" + SECTION},
            "setup.cfg:2",
            id="attr-of-versioneer-in-setup.cfg",
        ),
        pytest.param(
            {
                "pyproject.toml": MESON,
                "meson.build": "project(\n 'words',\n version: run_command(['v.py'], check: true).stdout())\n",
                "v.py": SCRIPT,
            },
            "v.py:2",
            id="meson",
        ),
        pytest.param(
            {
                "pyproject.toml": MESON,
                "meson.build": "project('words',\n version: run_command('py', '-c', 'import versioneer; print(1)'))\n",
            },
            "meson.build:2",
            id="meson-by-itself",
        ),
        pytest.param(
            {
                "pyproject.toml": HATCH
                + '[tool.hatch.version]\nsource = "code"\npath = "src/words/_version.py"\n'
                + TABLE
            },
            "pyproject.toml:9",
            id="hatchling",
        ),
    ],
)
def test_whoever_calls_versioneer_is_the_evidence(plant: Plant, files: dict[str, str], where: str) -> None:
    found = claim(plant(files))
    assert found is not None
    assert found.where == where
    assert found.states is None


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"setup.py": "# import versioneer\nsetup()\n", "setup.cfg": SECTION}, id="comment"),
        pytest.param({"setup.py": "exclude = ['versioneer.py']\nsetup()\n", "versioneer.py": SCRIPT}, id="named-only"),
        pytest.param({"setup.py": "import versioneer\nsetup(version='1.0')\n"}, id="constant"),
        pytest.param({"pyproject.toml": SETUPTOOLS + TABLE, "setup.py": "setup()\n"}, id="stale-table"),
        pytest.param({"pyproject.toml": SETUPTOOLS + ATTR + TABLE, "setup.py": SETUP}, id="attr-of-something-else"),
        pytest.param({"pyproject.toml": HATCH + TABLE, "setup.py": SETUP}, id="another-backend"),
        pytest.param(
            {"pyproject.toml": MESON, "meson.build": "project('words', version: '1.0')\nf = 'v.py'\n", "v.py": SCRIPT},
            id="meson-has-the-version",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS.replace("dynamic = [", 'version = "1.0"\nd = ['), "setup.py": SETUP},
            id="project-has-the-version",
        ),
    ],
)
def test_where_versioneer_gives_no_version_it_is_no_tool(plant: Plant, files: dict[str, str]) -> None:
    assert claim(plant(files)) is None


def test_a_literal_that_pyproject_leads_to_is_in_charge(plant: Plant) -> None:
    project = plant(
        {"pyproject.toml": SETUPTOOLS + ATTR + TABLE, "setup.py": SETUP, "words/__init__.py": "__version__ = '1.0'\n"}
    )
    (charge,) = charges(project, projects.real_backend(project))
    assert charge.tool.name == "static"


@pytest.mark.parametrize(
    ("text", "states"),
    [
        pytest.param("", None, id="no-file"),
        pytest.param(UNEXPANDED, None, id="checkout"),
        pytest.param(EXPANDED, None, id="git-archive"),
        pytest.param(SHORT % "1.0", "1.0", id="sdist"),
        pytest.param((SHORT % "1.0").replace("\n", "\r\n"), "1.0", id="sdist-with-carriage-returns"),
        pytest.param("version_version = '1.0'\nversion_full = 'abc'\n", "1.0", id="old-sdist"),
        pytest.param(SHORT % "0+unknown", None, id="sdist-that-did-not-know"),
        pytest.param("version_version = 'unknown'\n", None, id="old-sdist-that-did-not-know"),
    ],
)
def test_only_the_short_form_states_a_version(plant: Plant, text: str, states: str | None) -> None:
    found = claim(plant({"setup.py": SETUP, "setup.cfg": SECTION, "words/_version.py": text}))
    assert found is not None
    assert found.states == states


def test_a_file_that_has_the_version_is_left_as_it_is(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP, "setup.cfg": SECTION, "words/_version.py": SHORT % "1.0"}), "1.0")
    assert (told.files, told.repository, told.outside) == ((), (), ())
    assert told.version_files == ("words/_version.py",)


def written(project: Project, version: str = "2.0+deb1") -> dict[str, str | None]:
    """Give what the version file that would be written says when it is run."""
    ((_, text),) = ADAPTER.inject(project, version).files
    space: dict[str, Callable[[], dict[str, str | None]]] = {}
    exec(text, space)  # noqa: S102 - our own text, as the package in the wheel runs it
    return space["get_versions"]()


@pytest.mark.parametrize(
    ("text", "revision", "date"),
    [
        pytest.param(UNEXPANDED, None, None, id="checkout"),
        pytest.param(EXPANDED, "0123456789abcdef" * 2, "2026-01-02T03:04:05+0100", id="git-archive"),
        pytest.param(SHORT % "1.0", None, None, id="another-version"),
        pytest.param(LONG.format(refnames="", full='x"', date="soon"), None, None, id="nonsense"),
    ],
)
def test_the_file_says_the_version_and_what_git_archive_said(
    plant: Plant, text: str, revision: str | None, date: str | None
) -> None:
    project = plant({"setup.py": SETUP, "setup.cfg": SECTION, "words/_version.py": text})
    wanted = {"version": "2.0+deb1", "full-revisionid": revision, "date": date, "dirty": False, "error": None}
    assert written(project) == wanted


def test_the_form_is_the_one_that_versioneer_looks_for(plant: Plant) -> None:
    ((_, text),) = ADAPTER.inject(plant({"setup.py": SETUP, "setup.cfg": SECTION}), "2.0").files
    # The expression is versioneer 0.29's own (public domain).
    found = re.search(r"version_json = '''\n(.*)'''  # END VERSION_JSON", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["version"] == "2.0"


def test_an_old_versioneer_gets_its_own_form_and_reads_setup_py(plant: Plant) -> None:
    settings = "versioneer.versionfile_source = 'words/_version.py'\nversioneer.tag_prefix = 'words-'\n"
    project = plant({"setup.py": f"import versioneer\n{settings}setup()\n", "versioneer.py": "\n# Version: 0.12\n"})
    assert written(project) == {"version": "2.0+deb1", "full": "unknown"}
    assert ADAPTER.inject(project, "2.0").outside == ("words-2.0",)


@pytest.mark.parametrize(
    ("files", "source"),
    [
        pytest.param({"pyproject.toml": SETUPTOOLS + TABLE}, "src/words/_version.py", id="table"),
        pytest.param({"pyproject.toml": SETUPTOOLS, "setup.cfg": SECTION}, "words/_version.py", id="section"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + TABLE, "setup.cfg": SECTION}, "src/words/_version.py", id="table-first"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + TABLE, "setup.cfg": SECTION, "versioneer.py": "\n# Version: 0.25\n"},
            "words/_version.py",
            id="0.25-reads-no-table",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + TABLE, "versioneer.py": "\n# Version: 0.18\n"},
            "src/words/_version.py",
            id="the-installed-one-reads-it",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + TABLE, "setup.cfg": SECTION, "versioneer.py": "# mine\n"},
            "src/words/_version.py",
            id="one-without-a-version",
        ),
    ],
)
def test_the_settings_are_those_that_versioneer_reads(plant: Plant, files: dict[str, str], source: str) -> None:
    ((path, _),) = ADAPTER.inject(plant({**files, "setup.py": SETUP}), "2.0").files
    assert path == source


@pytest.mark.parametrize("path", ["", "../_version.py", "/etc/passwd", "."])
def test_without_a_file_inside_the_tree_only_a_repository_is_left(plant: Plant, path: str) -> None:
    table = f'[tool.versioneer]\nVCS = "git"\ntag_prefix = "v"\nversionfile_source = "{path}"\n'
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + table, "setup.py": SETUP}), "2.0")
    assert told.files == ()
    assert told.repository == ("v2.0",)


@pytest.mark.parametrize(("written", "prefix"), [("v", "v"), ("", ""), ("''", ""), ('""', ""), ("words-", "words-")])
def test_the_tag_has_the_prefix_that_versioneer_takes_off(plant: Plant, written: str, prefix: str) -> None:
    told = ADAPTER.inject(plant({"setup.py": SETUP, "setup.cfg": f"{SECTION}tag_prefix = {written}\n"}), "2.0")
    assert told.outside == (f"{prefix}2.0",)
    assert told.repository == ()


def test_where_it_is_built_the_file_may_have_another_path(plant: Plant) -> None:
    table = TABLE + 'versionfile_build = "words/_version.py"\n'
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + table, "setup.py": SETUP}), "2.0")
    assert told.version_files == ("src/words/_version.py", "words/_version.py")
