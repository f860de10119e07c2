"""The list of files that setuptools is given: when, which, and what is said where it was of no use."""

from __future__ import annotations

import sys
from importlib import import_module, metadata
from typing import TYPE_CHECKING

import pytest

from backlit import file_finder
from backlit.artifacts.glance import Glance
from backlit.config import file_list
from backlit.pipeline import listing as listings, planning

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.pipeline.listing import Listing

GIT = '[build-system]\nrequires = ["setuptools", "setuptools-git"]\nbuild-backend = "{}"\n'
STATED = '[project]\nname = "demo"\nversion = "1.0"\n'
SCM = (
    '[build-system]\nrequires = ["setuptools-scm"]\nbuild-backend = "setuptools.build_meta"\n'
    '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'
)
VERSIONEER = {
    "pyproject.toml": SCM.replace('["setuptools-scm"]', '["setuptools-scm", "versioneer"]').replace(
        "[tool.setuptools_scm]", '[tool.versioneer]\nVCS = "git"\nversionfile_source = "demo/_version.py"'
    ),
    "setup.py": "import versioneer\nfrom setuptools import setup\nsetup(version=versioneer.get_version())\n",
}
SETUPTOOLS = GIT.format("setuptools.build_meta") + STATED
PKG_INFO = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\n"
SDIST = {"pyproject.toml": SETUPTOOLS, "PKG-INFO": PKG_INFO, "demo.egg-info/SOURCES.txt": "setup.py\n"}
HEAD = {".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "0" * 40}


@pytest.fixture(autouse=True)
def _no_version_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKLIT_VERSION", "BACKLIT_VERSION_FOR_DEMO", "SETUPTOOLS_SCM_PRETEND_VERSION"):
        monkeypatch.delenv(name, raising=False)


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "version", "who"),
    [
        pytest.param({"pyproject.toml": SETUPTOOLS}, None, "pyproject.toml:2: setuptools-git", id="finder"),
        pytest.param({"pyproject.toml": SETUPTOOLS}, "1.0", "pyproject.toml:2: setuptools-git", id="finder, asked"),
        pytest.param({"pyproject.toml": SCM}, "1.0", "pyproject.toml:7: setuptools-scm", id="version tool, asked"),
        pytest.param({"pyproject.toml": SCM}, None, "pyproject.toml:2: setuptools-scm", id="version tool, not asked"),
        pytest.param(VERSIONEER, "1.0", "pyproject.toml:2: setuptools-scm", id="finder beside another version tool"),
        pytest.param({"pyproject.toml": SETUPTOOLS, **HEAD}, "1.0", "", id="own repository"),
        pytest.param({"pyproject.toml": SETUPTOOLS.replace("-git", "")}, "1.0", "", id="no finder"),
        pytest.param({"pyproject.toml": GIT.format("hatchling.build") + STATED}, "1.0", "", id="hatchling"),
        pytest.param(SDIST, None, "", id="sdist with its list"),
        pytest.param(SDIST, "1.0", "pyproject.toml:2: setuptools-git", id="sdist, asked"),
        pytest.param(
            {name: text for name, text in SDIST.items() if "egg-info" not in name},
            None,
            "pyproject.toml:2: setuptools-git",
            id="sdist without its list",
        ),
        pytest.param(
            {name: text for name, text in SDIST.items() if name != "PKG-INFO"},
            None,
            "pyproject.toml:2: setuptools-git",
            id="list of an earlier build",
        ),
    ],
)
def test_the_list_is_restored_where_a_vcs_would_give_it(
    tmp_path: Path, files: dict[str, str], version: str | None, who: str
) -> None:
    settings = {"backlit.version": version} if version else None
    assert planning.plan(plant(tmp_path, files), "build_wheel", settings).restores == who


@pytest.mark.parametrize(
    ("hook", "is_restored"),
    [
        ("build_wheel", True),
        ("build_sdist", True),
        ("build_editable", True),
        ("prepare_metadata_for_build_wheel", False),
        ("get_requires_for_build_sdist", False),
    ],
)
def test_only_what_holds_files_needs_the_list(tmp_path: Path, hook: str, *, is_restored: bool) -> None:
    plant(tmp_path, {"pyproject.toml": SETUPTOOLS})
    assert bool(planning.plan(tmp_path, hook, None).restores) is is_restored


def test_a_repository_without_git_gives_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    plant(tmp_path, {"pyproject.toml": SETUPTOOLS, **HEAD})
    assert planning.plan(tmp_path, "build_wheel", None).restores == "pyproject.toml:2: setuptools-git"


def prepared(tmp_path: Path, files: dict[str, str]) -> Listing:
    (tmp_path / "private").mkdir()
    return listings.prepare(plant(tmp_path / "tree", files), tmp_path / "private")


def test_the_list_can_be_asked_for_and_tells_that_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = prepared(tmp_path, {"a.txt": "", "b/c.txt": ""})
    assert listing.files == ("a.txt", "b/c.txt")
    monkeypatch.setenv(file_list.VARIABLE, str(listing.path))
    monkeypatch.chdir(tmp_path)
    assert (file_finder.find(""), listing.was_asked_for()) == ([], False)
    monkeypatch.chdir(tmp_path / "tree")
    assert (file_finder.find(""), listing.was_asked_for()) == (["a.txt", "b/c.txt"], True)


def test_setuptools_sees_the_finder_whatever_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = prepared(tmp_path, {})
    monkeypatch.setattr(sys, "path", [str(listing.finder)])
    (entry,) = metadata.entry_points(group="setuptools.file_finders")
    assert entry.value == "backlit.file_finder:find"


def test_the_private_folder_is_not_the_trees(tmp_path: Path) -> None:
    plant(tmp_path, {"a.txt": "", "tmp/b.txt": "", "tmp/backlit-x/c.txt": ""})
    assert listings.prepare(tmp_path, tmp_path / "tmp" / "backlit-x").files == ("a.txt", "tmp/b.txt")


def glance(filename: str, *members: str) -> Glance:
    return Glance(filename, "demo", "1.0", "1.0", members, native=False)


TREE = {
    "demo/__init__.py": "",
    "demo/a.txt": "",
    "demo/sub/b.bin": "",
    "docs/c.rst": "",
    "tests/d.py": "",
    "build/e.txt": "",
    "src/CVS/Root": "",
}


@pytest.mark.parametrize(
    ("rules", "lost"),
    [
        ("", ("demo/a.txt", "demo/sub/b.bin", "docs/c.rst", "tests/d.py")),
        ("prune docs\nprune tests/\n", ("demo/a.txt", "demo/sub/b.bin")),
        ("global-exclude *.bin *.rst # notes\n", ("demo/a.txt", "tests/d.py")),
        ("recursive-exclude demo *.txt *.bin\n", ("docs/c.rst", "tests/d.py")),
        ("exclude demo/a.txt \\\n  docs/c.rst\n", ("demo/sub/b.bin", "tests/d.py")),
        ("exclude docs/c.rst\ninclude docs/c.rst\n", ("demo/a.txt", "demo/sub/b.bin", "tests/d.py")),
        ("include README\nnonsense\nprune\n\n", ("demo/a.txt", "demo/sub/b.bin", "docs/c.rst", "tests/d.py")),
        ("global-exclude *\n", ()),
    ],
)
def test_what_a_rule_takes_out_of_an_sdist_is_not_lost(tmp_path: Path, rules: str, lost: tuple[str, ...]) -> None:
    import_module("setuptools.command.egg_info")
    listing = prepared(tmp_path, {**TREE, "MANIFEST.in": rules})
    assert listing.lost(glance("demo-1.0.tar.gz", "PKG-INFO", "demo/__init__.py", "MANIFEST.in")) == lost


@pytest.mark.parametrize("setup", ["setup(cmdclass={'sdist': Own})", "class Own(egg_info): ..."])
def test_nothing_is_said_of_an_sdist_that_the_project_makes_in_its_own_way(tmp_path: Path, setup: str) -> None:
    import_module("setuptools.command.egg_info")
    listing = prepared(tmp_path, {**TREE, "setup.py": setup})
    assert listing.lost(glance("demo-1.0.tar.gz", "PKG-INFO")) == ()


def test_nothing_is_said_of_what_is_no_file_any_more(tmp_path: Path) -> None:
    import_module("setuptools.command.egg_info")
    listing = prepared(tmp_path, {"demo/a.txt": ""})
    (tmp_path / "tree" / "gone").symlink_to("nowhere")
    (tmp_path / "tree" / "demo" / "a.txt").unlink()
    assert listing.lost(glance("demo-1.0.tar.gz", "PKG-INFO")) == ()


def test_data_are_missed_in_a_wheel_only_where_nobody_asked_for_the_list(tmp_path: Path) -> None:
    listing = prepared(tmp_path, {**TREE, "src/more/__init__.py": "", "src/more/data/f.txt": "", "demo/g.c": ""})
    wheel = glance("demo-1.0-py3-none-any.whl", "demo/__init__.py", "more/__init__.py", "demo/sub/b.bin")
    assert listing.lost(wheel) == ("demo/a.txt", "src/more/data/f.txt")
    listing.path.with_name("files.json.asked").touch()
    assert listing.lost(wheel) == ()
