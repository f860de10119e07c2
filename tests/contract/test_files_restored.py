"""setuptools gets the files that a checkout's build gets, whoever gives the version.

Each case is a small project, built by the real setuptools behind backlit from a tree without VCS. The same project in a
git checkout, built without backlit, says which files belong in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kit import run
from obedience import (
    HOOK,
    SOURCES,
    Case,
    call,
    call_through,
    check_in,
    contents,
    environment,
    make_workshop,
    packed,
    plant,
    version_in,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.integration]

SETUPTOOLS = ("setuptools==80.9.0", "setuptools-git==1.2")
OLD = ("setuptools==59.8.0", "wheel==0.38.4", "setuptools-git==1.2")

BUILD = '[build-system]\nrequires = ["setuptools", "{}"]\nbuild-backend = "setuptools.build_meta"\n'
STATED = '[project]\nname = "words"\nversion = "1.2.3"\n'
GIT = BUILD.format("setuptools-git") + STATED
EXTRA = {"docs/index.txt": "", "tests/data/a.json": "{}", "LICENSE": "", "words/data/big.bin": "", "tools/x": ""}
FILES = {**SOURCES, **EXTRA}
SETUP = "from setuptools import setup, find_packages\nsetup(packages=find_packages(), {})\n"
SETUP_PY = "name='words', version='1.2.3', include_package_data=True"

CASES = {
    "version stated": Case("static", SETUPTOOLS, {**FILES, "pyproject.toml": GIT}),
    "old setuptools": Case(
        "static", OLD, {**FILES, "setup.py": SETUP.format(f"{SETUP_PY}, setup_requires=['setuptools_git>=1']")}
    ),
    "setup.cfg": Case(
        "static",
        SETUPTOOLS,
        {
            **FILES,
            "setup.py": "from setuptools import setup\nsetup()\n",
            "setup.cfg": "[metadata]\nname = words\nversion = 1.2.3\n"
            "[options]\npackages = find:\ninclude_package_data = true\nsetup_requires =\n    setuptools-git\n",
        },
    ),
    "rules of MANIFEST.in": Case(
        "static",
        SETUPTOOLS,
        {
            **FILES,
            "pyproject.toml": GIT,
            "MANIFEST.in": "prune docs\nrecursive-exclude tests *.json\nexclude words/data/big.bin \\\n  tools/x\n",
        },
    ),
    "data excluded": Case(
        "static",
        SETUPTOOLS,
        {
            **FILES,
            "pyproject.toml": GIT + '[tool.setuptools.exclude-package-data]\nwords = ["data/*.bin"]\n'
            '[tool.setuptools]\npackages = ["words", "words.sub"]\n',
        },
    ),
    "no package data": Case(
        "static",
        SETUPTOOLS,
        {
            **FILES,
            "pyproject.toml": GIT + "[tool.setuptools]\ninclude-package-data = false\n"
            '[tool.setuptools.packages.find]\nexclude = ["docs*", "tests*", "tools*", "words.sub*"]\n',
        },
    ),
    "gitignore": Case(
        "static",
        SETUPTOOLS,
        {**FILES, "pyproject.toml": GIT, ".gitignore": "*.bin\n!keep.bin\n", "words/data/keep.bin": ""},
    ),
}
each_case = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for environments; backlit's own metadata are not to be seen in it."""
    folder = make_workshop(tmp_path_factory.mktemp("workshop"))
    (folder / "finder" / "backlit-0.dist-info" / "entry_points.txt").unlink()
    return folder


@each_case
@pytest.mark.parametrize("hook", ["build_wheel", "build_sdist"])
def test_a_tree_without_vcs_gives_what_a_checkout_gives(case: Case, hook: str, tmp_path: Path, workshop: Path) -> None:
    bare, checkout = (plant(tmp_path / name / "tree", case.files) for name in ("bare", "checkout"))
    check_in(checkout, "v1.2.3")
    made = contents(call_through(workshop, case, bare, hook, tmp_path / "a", "1.2.3"))
    wanted = contents(call(workshop, case, checkout, hook, tmp_path / "b"))
    assert version_in(made) == version_in(wanted) == "1.2.3"
    assert packed(made) == packed(wanted)


@each_case
def test_nothing_is_said_to_be_lost(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    assert losses(workshop, case, tree, tmp_path) == []


def losses(workshop: Path, case: Case, tree: Path, folder: Path) -> list[str]:
    """Give what the report of an sdist says of lost files."""
    variables = {"BACKLIT_REPORT": str(folder / "report.json")}
    call_through(workshop, case, tree, "build_sdist", folder / "out", "1.2.3", variables=variables)
    report = json.loads((folder / "report.json").read_text())
    return [item["message"] for item in report["diagnostics"] if item["code"] == "files-lost"]


def test_without_the_list_files_are_lost(tmp_path: Path, workshop: Path) -> None:
    # The reason for all of this: should it fail, setuptools finds the files by itself.
    case = CASES["version stated"]
    made = contents(call(workshop, case, plant(tmp_path / "tree", case.files), "build_wheel", tmp_path / "out"))
    assert "words/data/list.txt" not in made


def test_nobody_need_ask_for_a_version(tmp_path: Path, workshop: Path) -> None:
    case = CASES["version stated"]
    tree = plant(tmp_path / "tree", case.files)
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", ""))
    assert "words/data/list.txt" in made


@pytest.mark.parametrize(
    ("requirement", "pinned"),
    [
        ("setuptools-git-ls-files", "setuptools-git-ls-files==0.1.2"),
        ("setuptools-hg", "setuptools-hg==0.4"),
        ("setuptools-scm", "setuptools-scm==8.3.1"),
        ("setuptools_subversion", "setuptools-subversion==3.1"),
        ("setuptools-svn", "setuptools-svn==1.3.0"),
        ("setuptools-bzr", "setuptools-bzr==2.2"),
    ],
)
def test_every_requirement_that_finds_files_is_stood_in_for(
    requirement: str, pinned: str, tmp_path: Path, workshop: Path
) -> None:
    files = {**SOURCES, "pyproject.toml": BUILD.format(requirement) + STATED}
    case = Case("static", ("setuptools==80.9.0", pinned), files)
    script = "from importlib.metadata import entry_points as e; print(*e(group='setuptools.file_finders'))"
    told = run(environment(workshop, case.requires), "-c", script, cwd=tmp_path).stdout
    assert told.strip(), f"{pinned} finds no files: it need not be stood in for"
    made = contents(call_through(workshop, case, plant(tmp_path / "tree", files), "build_wheel", tmp_path / "out", ""))
    assert {"words/data/list.txt", "words/sub/d.json"} <= packed(made)


@pytest.mark.parametrize(
    ("files", "variables"),
    [
        pytest.param(
            {
                "pyproject.toml": BUILD.format("setuptools-scm")
                + '[project]\nname = "words"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'
            },
            {"SETUPTOOLS_SCM_PRETEND_VERSION": "1.2.3"},
            id="setuptools-scm",
        ),
        pytest.param(
            {
                "pyproject.toml": BUILD.format("pbr"),
                "setup.py": "from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n",
                "setup.cfg": "[metadata]\nname = words\n[files]\npackages =\n    words\n",
            },
            {"PBR_VERSION": "1.2.3"},
            id="pbr",
        ),
    ],
)
def test_the_tools_own_variable_loses_no_files_behind_backlit(
    files: dict[str, str], variables: dict[str, str], tmp_path: Path, workshop: Path
) -> None:
    case = Case("", ("setuptools==80.9.0", "setuptools-scm==8.3.1", "pbr==7.0.0"), {**SOURCES, **files})
    tree = plant(tmp_path / "tree", case.files)
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "", variables=variables))
    assert version_in(made) == "1.2.3"
    assert {"words/data/list.txt", "words/sub/d.json"} <= packed(made)


@pytest.mark.parametrize("has_list", [True, False], ids=["with-its-list", "without-its-list"])
def test_an_sdist_keeps_its_data(tmp_path: Path, workshop: Path, *, has_list: bool) -> None:
    # Fedora's way is to delete egg-info, and with it the list.
    case = CASES["version stated"]
    egg = {"words.egg-info/SOURCES.txt": "words/__init__.py\nwords/data/list.txt\n"} if has_list else {}
    pkg_info = "Metadata-Version: 2.1\nName: words\nVersion: 1.2.3\n\n"
    tree = plant(tmp_path / "tree", {**case.files, **egg, "PKG-INFO": pkg_info})
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", ""))
    assert ("words/data/big.bin" in made) is not has_list
    assert "words/data/list.txt" in made


NOBODY_ASKS = """
from importlib import import_module
from setuptools import setup
import_module("setuptools.command.egg" + "_info").walk_revctrl = lambda: iter(())
setup()
"""


def test_an_sdist_that_lost_files_because_nobody_asked_is_an_error(tmp_path: Path, workshop: Path) -> None:
    case = CASES["version stated"]
    tree = plant(tmp_path / "tree", {**case.files, "setup.py": NOBODY_ASKS})
    (tmp_path / "out").mkdir()
    command = (environment(workshop, case.requires), "-B", "-c", HOOK, "backlit", "build_sdist", tmp_path / "out")
    variables = {"BACKLIT_VERSION": "1.2.3", "PYTHONPATH": str(workshop / "finder")}
    done = run(*command, cwd=tree, variables=variables, status=3)
    assert done.stderr.splitlines()[-1] == (
        "backlit: error: pyproject.toml:2: setuptools-git: gives setuptools the list of files, which was restored, but "
        "nobody asked for it, and words-1.2.3.tar.gz lacks 6 of the tree's files, which no rule leaves out: "
        "docs/index.txt, tests/data/a.json, tools/x, words/data/big.bin, words/data/list.txt and 1 more; "
        "see which command of setuptools' the project replaces, name the files in MANIFEST.in, "
        "or set on-mismatch = 'warn' in [tool.backlit.version]"
    )
    assert [*(tmp_path / "out").iterdir()] == []


def test_a_wheel_that_nobody_asked_for_names_what_may_be_lost(tmp_path: Path, workshop: Path) -> None:
    case = CASES["version stated"]
    tree = plant(tmp_path / "tree", {**case.files, "setup.py": NOBODY_ASKS})
    variables = {"BACKLIT_REPORT": str(tmp_path / "report.json")}
    call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3", variables=variables)
    report = json.loads((tmp_path / "report.json").read_text())
    (message,) = [item["message"] for item in report["diagnostics"] if item["code"] == "files-lost"]
    assert message == (
        "The artifact lacks 3 of the tree's data files, and setuptools did not ask which there are: "
        "words/data/big.bin, words/data/list.txt, words/sub/d.json."
    )
