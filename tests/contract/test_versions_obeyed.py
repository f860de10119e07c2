"""The real version tools obey what their adapters say.

A variable that is set proves nothing until the tool has obeyed it: each case is a small project, built by its real
backend behind backlit from a tree without VCS, in an environment of its own, once for each hook. The same project in a
git checkout with a tag, built without backlit, says which files belong into the wheel.
"""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from backlit.support.plugins import adapters_in
from obedience import (
    Case,
    built_bare,
    call,
    call_through,
    cases,
    check_in,
    claimed,
    contents,
    given,
    packed,
    plant,
    version_in,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.integration]

CASES = cases()


each_case = pytest.mark.parametrize("case", [given(name, case) for name, case in CASES.items()])
each_hook = pytest.mark.parametrize(
    ("case", "hook"),
    [given(f"{name}-{hook}", case, hook) for name, case in CASES.items() for hook in case.hooks],
)


def test_each_tool_has_a_case() -> None:
    told = {case.tool for case in CASES.values()}
    assert {tool.name for tool in adapters_in("backlit.versions")} - told - {"static"} == set()


@each_case
def test_the_tool_is_recognised(case: Case, tmp_path: Path) -> None:
    tool, injection = claimed(plant(tmp_path / "tree", case.files))
    assert tool == case.tool
    assert injection is not None
    assert not case.version_file or case.version_file in injection.version_files


@each_hook
def test_a_tree_without_vcs_gets_the_version_and_stays_as_it_was(
    case: Case, hook: str, tmp_path: Path, workshop: Path
) -> None:
    members, before, after = built_bare(workshop, case, hook, tmp_path)
    assert version_in(members) == "1.2.3"
    # Where nothing has to be told the build runs in place, as without backlit.
    if hook != "build_editable" and not case.states:
        assert after == before
    if hook == "build_wheel" and case.version_file:
        assert "1.2.3" in members[case.version_file]
    if hook == "build_sdist":
        assert {name for name in case.files if name != "PKG-INFO" and name[0] != "."} <= members.keys()


@each_case
def test_the_wheel_holds_what_a_checkouts_wheel_holds(case: Case, tmp_path: Path, workshop: Path) -> None:
    checkout = plant(tmp_path / "checkout" / "tree", case.files)
    (checkout / "PKG-INFO").unlink(missing_ok=True)
    check_in(checkout, case.tag.format("1.2.3"))
    made = built_bare(workshop, case, "build_wheel", tmp_path).members
    wanted = contents(call(workshop, case, checkout, "build_wheel", tmp_path / "b", variables=case.checkout_needs))
    assert (version_in(made), version_in(wanted)) == ("1.2.3", case.checkout_says)
    assert packed(made) == packed(wanted)


FIRST = {case.tool: case for case in reversed(CASES.values())}
"""One case a tool: its first."""

each_tool = pytest.mark.parametrize("case", [given(name, case) for name, case in sorted(FIRST.items())])


@pytest.mark.parametrize(
    "case",
    [given(name, case) for name, case in sorted(FIRST.items()) if case.every_version and not case.states],
)
def test_a_version_with_every_part_arrives_whole(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    version = "2!1.0rc1.post2.dev3+local.1"
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", version))
    assert version_in(made) == version


@each_tool
def test_a_strangers_repository_above_gives_no_version(case: Case, tmp_path: Path, workshop: Path) -> None:
    outer = tmp_path / "outer"
    tree = plant(outer / "tree", case.files)
    check_in(outer, case.tag.format("9.9.9"))
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3"))
    assert version_in(made) == "1.2.3"


@each_tool
def test_the_version_asked_for_wins_over_the_projects_own_repository(
    case: Case, tmp_path: Path, workshop: Path
) -> None:
    tree = plant(tmp_path / "tree", case.files)
    check_in(tree, case.tag.format("9.9.9"))
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3"))
    assert version_in(made) == "1.2.3"


def test_an_editable_build_below_a_strangers_repository_is_not_versioned_by_it(tmp_path: Path, workshop: Path) -> None:
    # pdm-backend takes away the variable that keeps git from climbing.
    case = CASES["pdm_scm-write_to"]
    tree = plant(tmp_path / "outer" / "tree", case.files)
    check_in(tmp_path / "outer", "v9.9.9")
    with pytest.raises(AssertionError, match="Cannot find the version from SCM"):
        call_through(workshop, case, tree, "build_editable", tmp_path / "out", "")


@pytest.mark.parametrize(
    "case",
    # meson-python has no such hook.
    [
        pytest.param(case, id=name)
        for name, case in sorted(FIRST.items())
        if '"mesonpy"' not in case.files.get("pyproject.toml", "")
    ],
)
def test_prepared_metadata_say_what_the_wheel_says(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    prepared = call_through(workshop, case, tree, "prepare_metadata_for_build_wheel", tmp_path / "metadata", "1.2.3")
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "wheel", "1.2.3"))
    assert (prepared / "METADATA").read_text(encoding="utf-8") == made[f"{prepared.name}/METADATA"]


@each_tool
def test_an_sdist_builds_elsewhere_without_backlit(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    sdist = call_through(workshop, case, tree, "build_sdist", tmp_path / "sdist", "1.2.3")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    made = contents(call(workshop, case, unpacked, "build_wheel", tmp_path / "out"))
    direct = built_bare(workshop, case, "build_wheel", tmp_path).members
    assert version_in(made) == "1.2.3"
    assert packed(made) == packed(direct)


def test_another_project_does_not_see_the_version_of_this_one(tmp_path: Path, workshop: Path) -> None:
    case = CASES["setuptools_scm-table-8"]
    setup = "import subprocess, sys, setuptools\nsubprocess.run([sys.executable, 'nested.py'], check=True)\n"
    nested = (
        "import os, setuptools_scm\n"
        "try:\n    print('nested', setuptools_scm.get_version(root=os.environ['NESTED'], dist_name='another'))\n"
        "except LookupError:\n    raise SystemExit(0)\nraise SystemExit('it has a version')\n"
    )
    other = plant(tmp_path / "another", {"pyproject.toml": "[tool.setuptools_scm]\n"})
    files = {**case.files, "setup.py": f"{setup}setuptools.setup()\n", "nested.py": nested}
    tree = plant(tmp_path / "tree", files)
    variables = {"NESTED": str(other)}
    made = call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3", variables=variables)
    assert version_in(contents(made)) == "1.2.3"


def test_without_the_list_files_are_lost(tmp_path: Path, workshop: Path) -> None:
    # The reason for the list: should this fail, setuptools-scm finds the files by itself.
    case = CASES["setuptools_scm-table-10"]
    tree = plant(tmp_path / "tree", case.files)
    variables = {"SETUPTOOLS_SCM_PRETEND_VERSION": "1.2.3"}
    made = contents(call(workshop, case, tree, "build_wheel", tmp_path / "out", variables=variables))
    assert "words/data/list.txt" not in made


def test_a_fixed_version_beside_setuptools_scm_keeps_its_files(tmp_path: Path, workshop: Path) -> None:
    case = CASES["setuptools_scm-table-10"]
    pyproject = case.files["pyproject.toml"].partition("[tool.setuptools_scm]")[0]
    files = {**case.files, "pyproject.toml": pyproject.replace('dynamic = ["version"]', 'version = "1.2.3"')}
    bare, checkout = (plant(tmp_path / name / "tree", files) for name in ("bare", "checkout"))
    check_in(checkout, "v0.1")
    made = contents(call_through(workshop, case, bare, "build_wheel", tmp_path / "a", "1.2.3"))
    wanted = contents(call(workshop, case, checkout, "build_wheel", tmp_path / "b"))
    assert packed(made) == packed(wanted)
    assert "words/data/list.txt" in packed(made)
