"""A project's own repository stays in charge, and a version that is asked for wins over it; nobody else's is heard.

The real tools are asked, with real git and Mercurial; what jj leaves is made by hand.
"""

from __future__ import annotations

import os
import re
import shutil
from itertools import product
from typing import TYPE_CHECKING

import pytest

from kit import run
from obedience import (
    PROJECT,
    SOURCES,
    Case,
    call,
    call_through,
    cases,
    check_in,
    contents,
    given,
    packed,
    plant,
    state_of,
    version_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.integration]

CASES = cases()
FIRST = {case.tool: case for case in reversed(CASES.values())}
each_tool = pytest.mark.parametrize("case", [given(name, case) for name, case in sorted(FIRST.items())])


GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")


def a_checkout(folder: Path, case: Case, version: str) -> Path:
    """Make a checkout; of what its ``.gitignore`` names, one file is tracked all the same, and one is not."""
    ignores = case.files.get(".gitignore", "") + "*.json\n"
    tree = plant(folder / "tree", {**case.files, ".gitignore": ignores})
    (tree / "PKG-INFO").unlink(missing_ok=True)
    run("git", "init", "--quiet", cwd=tree)
    run("git", "add", "--force", "words/sub/d.json", cwd=tree)
    check_in(tree, case.tag.format(version))
    plant(tree, {"words/sub/untracked.json": "{}"})
    return tree


def a_worktree(folder: Path, case: Case, version: str) -> Path:
    main = a_checkout(folder / "main", case, version)
    run("git", "worktree", "add", "--quiet", "--detach", folder / "tree", cwd=main)
    return folder / "tree"


def a_submodule(folder: Path, case: Case, version: str) -> Path:
    main = a_checkout(folder / "main", case, version)
    outer = folder / "outer"
    outer.mkdir()
    run("git", "init", "--quiet", cwd=outer)
    run(*GIT, "submodule", "--quiet", "add", main, "tree", cwd=outer)
    run(*GIT, "commit", "--quiet", "--message", "all", cwd=outer)
    run(*GIT, "tag", "--annotate", "--message", "x", case.tag.format("9.9.9"), cwd=outer)
    return outer / "tree"


def a_shallow_clone(folder: Path, case: Case, version: str) -> Path:
    main = a_checkout(folder / "main", case, version)
    run("git", "clone", "--quiet", "--depth=1", f"file://{main}", folder / "tree", cwd=folder)
    return folder / "tree"


def a_strangers_checkout(folder: Path, case: Case, version: str) -> Path:
    """Make one that git refuses: another user's, as when root has unpacked it."""
    tree = a_checkout(folder, case, version)
    for path in (tree, *tree.rglob("*")):
        os.lchown(path, 12345, 12345)
    return tree


KINDS = (a_checkout, a_worktree, a_submodule, a_shallow_clone)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
each_kind = pytest.mark.parametrize(
    "kind",
    [*(pytest.param(kind, id=kind.__name__) for kind in KINDS), pytest.param(a_strangers_checkout, marks=as_root)],
)
Kind = "Callable[[Path, Case, str], Path]"


@each_tool
def test_a_version_that_is_asked_for_wins_over_the_checkouts_own(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = a_checkout(tmp_path, case, "9.9.9")
    before = state_of(tree)
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3"))
    assert version_in(made) == "1.2.3"
    assert not case.version_file or "1.2.3" in made[case.version_file]
    assert state_of(tree) == before
    shutil.rmtree(tree)
    wanted = contents(
        call(
            workshop,
            case,
            a_checkout(tmp_path, case, "1.2.3"),
            "build_wheel",
            tmp_path / "w",
            variables=case.checkout_needs,
        )
    )
    assert packed(made) == packed(wanted)


SOME = [
    given(name, CASES[name])
    for name in (
        "setuptools_scm-table-8",
        "setuptools_scm-table-10",
        "pbr-setup.py",
        "hatch_vcs-scm-10",
        "pdm_scm-write_to",
    )
]


@pytest.mark.parametrize("case", SOME)
@each_kind
def test_every_kind_of_checkout_is_copied_with_its_files(
    kind: Callable[[Path, Case, str], Path], case: Case, tmp_path: Path, workshop: Path
) -> None:
    tree = kind(tmp_path, case, "9.9.9")
    before = state_of(tmp_path)
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3"))
    shutil.rmtree(tmp_path / "out")
    assert state_of(tmp_path) == {**before, ".": state_of(tmp_path)["."]}
    assert version_in(made) == "1.2.3"
    assert "words/sub/d.json" in made or case.tool not in {"setuptools-scm", "pbr"}
    # pdm-backend takes all files below a package, whatever the VCS says.
    assert "words/sub/untracked.json" not in made or case.tool == "pdm-backend"


@pytest.mark.parametrize("case", SOME)
@each_kind
def test_every_kind_of_checkout_gives_its_own_version_if_none_is_asked_for(
    kind: Callable[[Path, Case, str], Path], case: Case, tmp_path: Path, workshop: Path
) -> None:
    tree = kind(tmp_path, case, "3.4.5")
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", ""))
    assert version_in(made) == "3.4.5"
    assert "words/sub/d.json" in made or case.tool not in {"setuptools-scm", "pbr"}


@pytest.mark.parametrize("case", SOME)
def test_a_checkout_built_in_a_copy_gives_its_own_version(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = a_checkout(tmp_path, case, "3.4.5")
    before = state_of(tree)
    made = contents(
        call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "", settings={"backlit.copy": "always"})
    )
    assert version_in(made) == "3.4.5"
    assert state_of(tree) == before


HG = ("hg", "--config", "ui.username=a")
needs_hg = pytest.mark.skipif(shutil.which("hg") is None, reason="Mercurial is not installed")
BY_HG = [
    given(name, CASES[name])
    for name in ("setuptools_scm-table-8", "setuptools_scm-table-10", "hatch_vcs-scm-10", "pdm_scm-write_to")
]


def check_in_hg(root: Path, tag: str) -> None:
    run("hg", "init", cwd=root)
    run(*HG, "commit", "--addremove", "--message", "all", cwd=root)
    run(*HG, "tag", tag, cwd=root)
    run("hg", "update", "--quiet", tag, cwd=root)


@needs_hg
@pytest.mark.parametrize("case", BY_HG)
def test_a_mercurial_checkout(case: Case, tmp_path: Path, workshop: Path) -> None:
    tree = plant(tmp_path / "tree", case.files)
    check_in_hg(tree, "3.4.5")
    before = state_of(tree)
    own = contents(
        call_through(workshop, case, tree, "build_wheel", tmp_path / "own", "", settings={"backlit.copy": "always"})
    )
    asked = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "asked", "1.2.3"))
    assert (version_in(own), version_in(asked)) == ("3.4.5", "1.2.3")
    assert packed(own) == packed(asked)
    assert state_of(tree) == before


@pytest.mark.parametrize("colocated", [True, False], ids=["colocated", "alone"])
def test_a_jj_checkout_gets_the_version_that_is_asked_for(tmp_path: Path, workshop: Path, *, colocated: bool) -> None:
    case = CASES["setuptools_scm-table-10"]
    tree = plant(tmp_path / "tree", case.files)
    check_in(tree, "v9.9.9")
    store = tree / ".jj" / "repo" / "store"
    plant(store, {"type": "git", "git_target": "../../../.git" if colocated else "git"})
    if not colocated:
        (tree / ".git").rename(store / "git")
    before = state_of(tree)
    made = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "out", "1.2.3"))
    assert version_in(made) == "1.2.3"
    assert "words/data/list.txt" in made
    assert state_of(tree) == before


def a_git_above(outer: Path, case: Case) -> None:
    check_in(outer, case.tag.format("9.9.9"))


def a_worktree_above(outer: Path, case: Case) -> None:
    main = plant(outer.with_name("main"), {"x": ""})
    check_in(main, case.tag.format("9.9.9"))
    run("git", "worktree", "add", "--quiet", "--no-checkout", "--detach", outer.with_name("work"), cwd=main)
    (outer.with_name("work") / ".git").rename(outer / ".git")


def a_mercurial_above(outer: Path, case: Case) -> None:
    check_in_hg(outer, case.tag.format("9.9.9"))


def a_jj_above(outer: Path, case: Case) -> None:
    check_in(outer, case.tag.format("9.9.9"))
    plant(outer / ".jj" / "repo" / "store", {"type": "git", "git_target": "../../../.git"})


ABOVE = {"git": a_git_above, "worktree": a_worktree_above, "jj": a_jj_above, "hg": a_mercurial_above}
OFTEN = {"setuptools-scm", "pbr", "hatch-vcs", "pdm-backend", "versioneer", "meson"}
"""Tools of every kind: those that ask by themselves, by a library, by code of the project's own."""


def neighbourhoods() -> Iterator[object]:
    """Give each tool with each repository above it; all but two of them, for most tools, only where there is time."""
    for (kind, above), temporary, (name, case) in product(ABOVE.items(), ("usual", "inside"), sorted(FIRST.items())):
        rare = name not in OFTEN and (kind, temporary) not in {("git", "usual"), ("hg", "inside")}
        marks = (*[pytest.mark.corpus] * rare, *[needs_hg] * (kind == "hg"))
        yield given(f"{temporary}-{kind}-{name}", case, above, temporary, marks=marks)


@pytest.mark.parametrize(("case", "above", "temporary"), [*neighbourhoods()])
def test_a_strangers_repository_above_is_not_heard_even_if_no_version_is_asked_for(
    above: Callable[[Path, Case], None], temporary: str, case: Case, tmp_path: Path, workshop: Path
) -> None:
    outer = tmp_path / "outer"
    tree = plant(outer / "tree", {name: text for name, text in case.files.items() if name != "PKG-INFO"})
    above(outer, case)
    variables = {}
    if temporary == "inside":
        (outer / "tmp").mkdir()
        variables = {"TMPDIR": str(outer / "tmp")}
    assert outcome(workshop, case, tree, tmp_path / "b", variables) == outcome_alone(workshop, case, tmp_path)
    made = call_through(workshop, case, tree, "build_wheel", tmp_path / "c", "1.2.3", variables=variables)
    assert version_in(contents(made)) == "1.2.3"


_ALONE: dict[str, str] = {}


def outcome_alone(workshop: Path, case: Case, folder: Path) -> str:
    """Give what `outcome` is where there is no repository above: asked once a tool."""
    if case.tool not in _ALONE:
        files = {name: text for name, text in case.files.items() if name != "PKG-INFO"}
        tree = plant(folder / "alone" / "tree", files)
        _ALONE[case.tool] = outcome(workshop, case, tree, folder / "a")
    return _ALONE[case.tool]


def outcome(workshop: Path, case: Case, tree: Path, out: Path, variables: dict[str, str] | None = None) -> str:
    """Give the version that a build gets without being told any, without its time; ``fails`` if it gets none."""
    try:
        made = call_through(workshop, case, tree, "build_wheel", out, "", variables=variables or {})
    except AssertionError:
        return "fails"
    return re.sub(r"\d{12}", "", version_in(contents(made)))  # katversion has the minute in it


SAYS_SO = {
    "root": 'root = "../.."\n',
    "search": "search_parent_directories = true\n",
}


@pytest.mark.parametrize("table", SAYS_SO.values(), ids=SAYS_SO)
@pytest.mark.parametrize("name", ["setuptools_scm-table-8", "setuptools_scm-table-10"])
@pytest.mark.parametrize("copy", ["auto", "always"])
def test_a_project_that_says_so_has_its_repository_further_up(
    copy: str, name: str, table: str, tmp_path: Path, workshop: Path
) -> None:
    case = CASES[name]
    pyproject = case.files["pyproject.toml"].partition("[tool.setuptools_scm]")[0]
    text = f'{pyproject}[tool.setuptools_scm]\n{table}version_file = "words/_v.py"\n'
    top = tmp_path / "mono"
    tree = plant(top / "libs" / "tree", {**case.files, "pyproject.toml": text, ".gitignore": "_v.py\n"})
    plant(top, {"README": ""})
    check_in(top, "v3.4.5")
    before = state_of(top)
    asked = contents(call_through(workshop, case, tree, "build_wheel", tmp_path / "asked", "1.2.3"))
    assert state_of(top) == before
    own = contents(
        call_through(workshop, case, tree, "build_wheel", tmp_path / "own", "", settings={"backlit.copy": copy})
    )
    assert (version_in(asked), version_in(own)) == ("1.2.3", "3.4.5")
    assert packed(asked) == packed(own)
    assert "words/data/list.txt" in own


HATCHLING = f"""\
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
{PROJECT}[tool.hatch.build.targets.wheel]
packages = ["words"]
[tool.hatch.version]
source = "vcs"
"""


def test_a_gitignore_further_up_is_not_the_projects(tmp_path: Path, workshop: Path) -> None:
    # As in the folder of a PKGBUILD, where the sources are unpacked below ``src``.
    case = CASES["hatch_vcs-scm-10"]
    outer = plant(tmp_path / "outer", {".gitignore": "words/\nsub/\n*.txt\n"})
    tree = plant(outer / "tree", {**SOURCES, "pyproject.toml": HATCHLING})
    for number, variables in enumerate(({}, {"TMPDIR": str(outer)})):
        made = contents(
            call_through(workshop, case, tree, "build_wheel", tmp_path / str(number), "1.2.3", variables=variables)
        )
        assert packed(made) == SOURCES.keys()


def test_a_copy_below_a_folder_that_the_project_ignores_by_name_keeps_to_its_gitignore(
    tmp_path: Path, workshop: Path
) -> None:
    # hatchling lets go of all patterns where one of them matches the path of the tree itself.
    case = CASES["hatch_vcs-scm-10"]
    tree = plant(tmp_path / "tree", {**SOURCES, "pyproject.toml": HATCHLING, ".gitignore": "mytmp/\n*.log\n"})
    plant(tree, {"words/a.log": ""})
    (tmp_path / "mytmp").mkdir()
    variables = {"TMPDIR": str(tmp_path / "mytmp")}
    made = contents(
        call_through(
            workshop,
            case,
            tree,
            "build_wheel",
            tmp_path / "o",
            "1.2.3",
            variables=variables,
            settings={"backlit.copy": "always"},
        )
    )
    assert packed(made) == SOURCES.keys()
