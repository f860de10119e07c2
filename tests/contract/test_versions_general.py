"""What no adapter knows, and what there is no git for: the right version, or an error that says what is missing.

The general way is a real repository in a scratch copy. Each case of the version tools is built once more where there is
no git: a wheel must have the version that was asked for, or must not be made at all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

from kit import run
from obedience import (
    Case,
    built_bare,
    call_through,
    cases,
    check_in,
    claimed,
    contents,
    environment,
    given,
    packed,
    plant,
    state_of,
    version_in,
)

pytestmark = [pytest.mark.network, pytest.mark.integration]

SETUPTOOLS: Final = ("setuptools==84.2.1",)

SCRIPT = "git describe --tags 2>&1 || echo 0.0.0+nothing\n"
RUNS_A_SCRIPT = """\
import subprocess
from setuptools import setup
version = subprocess.check_output(["sh", "version.sh"], text=True).strip().lstrip("v")
with open("words/_version.py", "w") as file:
    file.write(f"__version__ = '{version}'\\n")
setup(name="words", version=version, packages=["words"])
"""
OWN_BACKEND = """\
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    version = os.popen("git describe --tags").read().strip() or "0"
    name = f"words-{version}-py3-none-any.whl"
    info = f"words-{version}.dist-info"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("words.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: words\\nVersion: {version}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
build_editable = build_wheel
"""
UNKNOWN: Final = {
    "setup.py-and-a-script": Case(
        "", SETUPTOOLS, {"setup.py": RUNS_A_SCRIPT, "version.sh": SCRIPT, "words/__init__.py": ""}
    ),
    "backend-of-its-own": Case(
        "",
        ("packaging",),
        {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["tools"]\n'
            '[project]\nname = "words"\ndynamic = ["version"]\n',
            "tools/own.py": OWN_BACKEND,
        },
        tag="{}",
    ),
}

each_unknown = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in UNKNOWN.items()])


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with this machine's programs, but for those of a VCS."""
    folder = tmp_path_factory.mktemp("programs")
    found = {path.name: path for place in ("/usr/bin", "/bin") for path in Path(place).iterdir()}
    for name, path in found.items():
        if name.partition("-")[0] not in {"git", "hg", "svn", "bzr", "jj"}:
            (folder / name).symlink_to(path)
    return folder


def built(workshop: Path, case: Case, tree: Path, out: Path, hook: str = "build_wheel") -> dict[str, str]:
    settings = {"backlit.tag": case.tag.format("{version}")}
    return contents(call_through(workshop, case, tree, hook, out, "1.2.3", settings=settings))


@each_unknown
@pytest.mark.parametrize("hook", ["build_wheel", "build_editable"])
def test_what_no_adapter_knows_is_told_by_a_repository(case: Case, hook: str, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    assert claimed(tree) == (None, None)
    before = state_of(tree)
    members = built(workshop, case, tree, tmp_path / "out", hook)
    assert version_in(members) == "1.2.3"
    if hook == "build_wheel":
        assert "1.2.3" in members.get("words/_version.py", "1.2.3")
        assert state_of(tree) == before


@each_unknown
@pytest.mark.parametrize("kind", ["checkout", "worktree", "strangers"])
def test_another_repositorys_tags_are_not_in_the_way(case: Case, kind: str, tmp_path: Path, workshop: Path) -> None:
    outer = plant(tmp_path / "outer", {"readme": "", **case.files})
    tree = outer
    if kind == "strangers":
        tree = plant(outer / "tree", case.files)
    check_in(outer, case.tag.format("1.2.3" if kind == "checkout" else "9.9.9"))
    if kind == "worktree":
        tree = tmp_path / "worktree"
        run("git", "worktree", "add", "--quiet", tree, cwd=outer)
    (tree / "made-since").write_text("")
    tags = run("git", "tag", cwd=outer).stdout
    assert version_in(built(workshop, case, tree, tmp_path / "out")) == "1.2.3"
    assert run("git", "tag", cwd=outer).stdout == tags
    assert run("git", "log", "--all", "--format=%s", cwd=outer).stdout == "all\n"


@each_unknown
def test_without_git_what_no_adapter_knows_is_an_error(
    case: Case, tmp_path: Path, workshop: Path, programs: Path
) -> None:
    tree = plant(tmp_path / "tree", case.files)
    with pytest.raises(AssertionError, match="there is no git to make one with"):
        call_through(
            workshop,
            case,
            tree,
            "build_wheel",
            tmp_path / "out",
            "1.2.3",
            variables={"PATH": f"{environment(workshop, case.requires).parent}{os.pathsep}{programs}"},
        )
    assert list((tmp_path / "out").iterdir()) == []


each_case = pytest.mark.parametrize("case", [given(name, case) for name, case in cases().items()])


@each_case
def test_without_git_a_wheel_has_the_version_asked_for_or_is_not_made(
    case: Case, tmp_path: Path, workshop: Path, programs: Path
) -> None:
    tree = plant(tmp_path / "tree", case.files)
    _, told = claimed(tree)
    assert told is not None
    path = f"{environment(workshop, case.requires).parent}{os.pathsep}{programs}"
    made = attempted(workshop, case, tree, tmp_path / "out", path)
    if isinstance(made, str):
        assert told.repository, made
        assert "there is no git to make one with" in made
        assert list((tmp_path / "out").iterdir()) == []
        return
    members = contents(made)
    elsewhere = built_bare(workshop, case, "build_wheel", tmp_path).members
    assert version_in(members) == "1.2.3"
    assert packed(members) == packed(elsewhere)
    assert not case.version_file or "1.2.3" in members[case.version_file]


def attempted(workshop: Path, case: Case, tree: Path, out: Path, path: str) -> Path | str:
    """Give what was made, or all that was printed where nothing was."""
    try:
        return call_through(workshop, case, tree, "build_wheel", out, "1.2.3", variables={"PATH": path})
    except AssertionError as error:
        return str(error)
