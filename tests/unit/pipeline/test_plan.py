"""What a build will be told, decided from files and variables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from backlit.errors import VersionError
from backlit.pipeline import place
from backlit.pipeline.planning import plan

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.pipeline.plan import Plan

BUILD_SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "{}"\n'
SCM = BUILD_SYSTEM.format("setuptools.build_meta") + (
    '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'
)
STATIC = BUILD_SYSTEM.format("hatchling.build") + '[project]\nname = "demo"\nversion = "1.0"\n'
PDM = BUILD_SYSTEM.format("pdm.backend") + (
    '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.pdm.version]\nsource = "scm"\n'
)
HATCH = BUILD_SYSTEM.format("hatchling.build") + (
    '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n'
)
HATCH_FILE = '[tool.hatch.build.hooks.vcs]\nversion-file = "demo/_v.py"\n'
UNKNOWN = BUILD_SYSTEM.format("odd_backend") + '[project]\nname = "demo"\ndynamic = ["version"]\n'
PKG_INFO = "Metadata-Version: 2.1\nName: demo\nVersion: 6.0\n\nText\n"
ARCHIVAL = "node: abc\ndescribe-name: v7.0\n"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = ("BACKLIT", "SETUPTOOLS_SCM", "GIT_", "PBR_", "PDM_", "RPM_PACKAGE", "PKG_")
    for name in list(os.environ):
        if name.startswith(marks) or name in {"PV", "PN", "version", "pname"}:
            monkeypatch.delenv(name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a project that setuptools-scm versions."""
    folder = tmp_path / "above" / "demo"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(SCM)
    return folder


def make_repository(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def decided(root: Path, settings: dict[str, str] | None = None) -> tuple[str | None, str, str, bool]:
    value, origin, where, asked = plan(root, "build_wheel", settings).decision
    return value, origin, where, asked


# From the weakest source to the strongest; each stronger one is added to those that are there already.
SOURCES = ("none", "git-archival", "pkg-info", "vcs", "tool-variable", "auto", "environment", "own variable", "setting")


@pytest.mark.parametrize(
    ("strongest", "decision"),
    [
        pytest.param("none", (None, "none", "", False), id="none"),
        pytest.param(
            "git-archival", ("7.0", "git-archival", ".git_archival.txt: describe-name", False), id="git-archival"
        ),
        pytest.param("pkg-info", ("6.0", "pkg-info", "PKG-INFO", False), id="pkg-info"),
        pytest.param("vcs", (None, "vcs", ".git", False), id="vcs"),
        pytest.param(
            "tool-variable",
            ("5.0", "tool-variable", "environment variable SETUPTOOLS_SCM_PRETEND_VERSION", False),
            id="tool-variable",
        ),
        pytest.param("auto", ("7.0", "distribution", "environment variable PV=7.0, PN=demo", True), id="auto"),
        pytest.param(
            "environment", ("3.0", "environment", "environment variable BACKLIT_VERSION", True), id="variable"
        ),
        pytest.param(
            "own variable", ("2.0", "environment", "environment variable BACKLIT_VERSION_FOR_DEMO", True), id="FOR"
        ),
        pytest.param("setting", ("1.0", "config-setting", "config setting backlit.version", True), id="setting"),
    ],
)
def test_the_strongest_source_decides(
    root: Path, monkeypatch: pytest.MonkeyPatch, strongest: str, decision: tuple[str | None, str, str, bool]
) -> None:
    present = SOURCES[: SOURCES.index(strongest) + 1]
    if "git-archival" in present:
        (root / ".git_archival.txt").write_text(ARCHIVAL)
    if "pkg-info" in present:
        (root / "PKG-INFO").write_text(PKG_INFO)
    if "vcs" in present:
        make_repository(root)
    variables = {
        "tool-variable": {"SETUPTOOLS_SCM_PRETEND_VERSION": "5.0"},
        "auto": {"BACKLIT_VERSION": "auto", "PV": "7.0", "PN": "demo"},
        "environment": {"BACKLIT_VERSION": "3.0"},
        "own variable": {"BACKLIT_VERSION_FOR_DEMO": "2.0"},
    }
    for source, values in variables.items():
        for name, value in values.items() if source in present else ():
            monkeypatch.setenv(name, value)
    assert decided(root, {"backlit.version": "1.0"} if "setting" in present else None) == decision


def test_a_version_that_stands_in_the_tree_wins_over_what_an_archive_carries(root: Path) -> None:
    (root / "pyproject.toml").write_text(STATIC)
    (root / "PKG-INFO").write_text(PKG_INFO)
    made = plan(root, "build_wheel", None)
    assert (made.decision.value, made.decision.origin, made.decision.where) == ("1.0", "static", "pyproject.toml:6")
    assert (made.tool_name, made.injection and made.injection.environment) == (None, ())


def test_the_version_is_brought_into_its_canonical_form(root: Path) -> None:
    assert decided(root, {"backlit.version": "v1.0-rc.1+Local_X"})[0] == "1.0rc1+local.x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("latest", "'latest' is no version; write it as PEP 440 says, such as 1.2.3 or 2.0rc1"),
        ("1.2.3-rc.1-deb", "'1.2.3-rc.1-deb' is no version; write it as PEP 440 says: 1.2.3rc1 is near"),
        ("1.2-1", "'1.2-1' has two readings; write 1.2 without the package's revision, or 1.2.post1 if a post-release"),
    ],
)
def test_what_is_no_version_is_refused_with_its_place(
    root: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setenv("BACKLIT_VERSION_FOR_DEMO", text)
    with pytest.raises(VersionError) as caught:
        decided(root)
    assert str(caught.value).removesuffix(" is meant") == f"environment variable BACKLIT_VERSION_FOR_DEMO: {said}"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("carried", ["UNKNOWN", "no-version"])
def test_an_archive_that_carries_no_version_decides_nothing(root: Path, carried: str) -> None:
    (root / "PKG-INFO").write_text(PKG_INFO.replace("6.0", carried))
    assert decided(root)[1] == "none"


def test_a_stated_version_that_is_none_is_left_to_the_backend(root: Path) -> None:
    (root / "pyproject.toml").write_text(STATIC.replace("1.0", "one"))
    assert decided(root)[:2] == (None, "static")


def test_auto_takes_no_other_packages_version(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BACKLIT_VERSION": "auto", "PV": "4.0", "PN": "other"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(VersionError, match=r"nothing here says which version of demo this is") as caught:
        decided(root)
    assert "PV (is 4.0, but PN is other)" in str(caught.value)


def test_a_tool_is_told_only_where_a_version_was_decided(root: Path) -> None:
    assert plan(root, "build_wheel", None).injection is None
    told = plan(root, "build_wheel", {"backlit.version": "1.0"})
    assert told.tool_name == "setuptools-scm"
    assert ("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO", "1.0") in told.environment


def test_the_tool_with_its_own_repository_is_left_alone(root: Path) -> None:
    make_repository(root)
    assert (plan(root, "build_wheel", None).injection, plan(root, "build_wheel", None).environment) == (None, ())


@pytest.mark.parametrize("ceiling", ["", "/elsewhere"])
def test_a_foreign_repository_is_shut_out(root: Path, monkeypatch: pytest.MonkeyPatch, ceiling: str) -> None:
    make_repository(root.parent)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", ceiling)
    ceilings = str(root.parent) + (f"{os.pathsep}{ceiling}" if ceiling else "")
    assert dict(plan(root, "build_wheel", None).environment)["GIT_CEILING_DIRECTORIES"] == ceilings
    assert decided(root)[1] == "none"


def test_a_repository_above_an_own_one_is_nobodys_business(root: Path) -> None:
    make_repository(root.parent)
    make_repository(root)
    assert "GIT_CEILING_DIRECTORIES" not in dict(plan(root, "build_wheel", None).environment)


def test_what_speaks_of_this_build_only_is_removed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = {
        "BACKLIT_VERSION": "1.0",
        "BACKLIT_VERSION_FOR_DEMO": "1.0",
        "BACKLIT_VERSION_FOR_OTHER": "2.0",
        "BACKLIT_BACKEND": "setuptools.build_meta",
        "BACKLIT_REPORT": "/reports",
        "BACKLIT": "1",
    }
    for name, value in {**private, "BACKLIT_LOG": "quiet"}.items():
        monkeypatch.setenv(name, value)
    environment = dict(plan(root, "build_wheel", None).environment)
    assert {name for name, value in environment.items() if value is None} == private.keys()


def test_the_front_ends_backend_is_the_real_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKLIT_BACKEND", "flit_core.buildapi")
    made = plan(root, "build_wheel", None)
    assert (made.backend.name, made.tool) == ("flit_core.buildapi", None)


PBR = {
    "setup.py": "from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n",
    "setup.cfg": "[metadata]\nname = demo\n",
    "pyproject.toml": BUILD_SYSTEM.format("setuptools.build_meta"),
}


def plan_of(
    root: Path, files: dict[str, str], hook: str = "build_wheel", settings: dict[str, str] | None = None
) -> Plan:
    for name, text in files.items():
        (root / name).write_text(text)
    return plan(root, hook, settings)


@pytest.mark.parametrize("hook", ["build_wheel", "build_sdist", "prepare_metadata_for_build_wheel"])
def test_a_tool_that_is_told_by_a_file_needs_a_copy(root: Path, hook: str) -> None:
    assert (
        plan_of(root, PBR, hook, {"backlit.version": "1.0"}).why_copy
        == "pbr is told by a file: demo.egg-info/SOURCES.txt"
    )


@pytest.mark.parametrize(
    ("value", "version", "is_told"),
    [("1.0", "1.0", True), ("v1.0.dev4", "1.0.dev4", True), ("not one", None, False)],
)
def test_the_tools_own_variable_says_the_version_and_the_files_are_still_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, value: str, version: str | None, *, is_told: bool
) -> None:
    monkeypatch.setenv("PBR_VERSION", value)
    made = plan_of(root, PBR)
    assert tuple(made.decision) == (version, "tool-variable", "environment variable PBR_VERSION", False)
    assert (made.injection is not None and bool(made.injection.files)) is is_told


def test_a_tool_that_is_told_by_its_own_variable_runs_in_place(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETUPTOOLS_SCM_PRETEND_VERSION", "1.0")
    made = plan(root, "build_wheel", None)
    assert (made.injection, made.why_copy, made.decision.value) == (None, "", "1.0")


def test_a_tool_that_climbs_needs_a_copy_below_a_foreign_repository(root: Path) -> None:
    make_repository(root.parent)
    assert (
        plan_of(root, {"pyproject.toml": PDM}).why_copy
        == f"pdm-backend would take its version from the repository at {root.parent}"
    )


def test_a_tool_that_climbs_may_else_run_in_place(root: Path) -> None:
    assert plan_of(root, {"pyproject.toml": PDM}).why_copy == ""


@pytest.mark.parametrize(
    ("pyproject", "why"),
    [
        pytest.param(SCM, "setuptools.build_meta writes in the tree that it builds", id="untidy backend"),
        pytest.param(HATCH, "", id="tidy backend"),
        pytest.param(HATCH + HATCH_FILE, "hatch-vcs writes demo/_v.py", id="version file"),
        pytest.param(UNKNOWN, "the project is told by a repository with the tag v1.0", id="no known tool"),
    ],
)
def test_a_build_that_would_write_in_the_tree_runs_in_a_copy(root: Path, pyproject: str, why: str) -> None:
    made = plan_of(root, {"pyproject.toml": pyproject}, settings={"backlit.version": "1.0"})
    assert made.why_copy == why
    assert plan_of(root, {"pyproject.toml": pyproject}).why_copy == ""


def test_a_repository_that_git_cannot_be_kept_out_of_needs_a_copy(tmp_path: Path) -> None:
    root = tmp_path / "a:b" / "demo"
    root.mkdir(parents=True)
    make_repository(root.parent)
    assert plan_of(root, {"pyproject.toml": SCM}).why_copy.startswith("git cannot be kept out of")


def test_a_copy_may_be_asked_for(root: Path) -> None:
    assert plan(root, "build_wheel", {"backlit.copy": "always"}).why_copy == "asked for by the front end"
    assert plan(root, "build_wheel", None).why_copy == ""


@pytest.mark.parametrize(
    "hook", ["build_editable", "prepare_metadata_for_build_editable", "get_requires_for_build_editable"]
)
def test_an_editable_build_is_never_a_copys(root: Path, hook: str) -> None:
    assert plan_of(root, PBR, hook, {"backlit.version": "1.0", "backlit.copy": "always"}).why_copy == ""


VERSIONINGIT = BUILD_SYSTEM.format("setuptools.build_meta").replace("[]", '["versioningit"]') + (
    '[project]\nname = "demo"\ndynamic = ["version"]\n'
    '[tool.versioningit]\n[tool.versioningit.tag2version]\nrmprefix = "rel-"\n'
)
WITH_COMMIT = '[tool.versioningit.write]\nfile = "v.py"\ntemplate = "{rev}"\n'


@pytest.mark.parametrize(
    ("pyproject", "hook", "tag", "tags"),
    [
        pytest.param(UNKNOWN, "build_editable", None, ("v1.0", "1.0"), id="no-known-tool"),
        pytest.param(UNKNOWN, "build_editable", "r{version}", ("r1.0",), id="a-tag-that-is-asked-for"),
        pytest.param(VERSIONINGIT, "build_editable", None, ("rel-1.0",), id="in-the-place-of-a-file"),
        pytest.param(
            VERSIONINGIT, "build_editable", "r{version}", ("r1.0",), id="in-the-place-of-a-file-and-asked-for"
        ),
        pytest.param(VERSIONINGIT + WITH_COMMIT, "build_editable", None, ("rel-1.0",), id="beside-a-file"),
        pytest.param(VERSIONINGIT, "build_wheel", None, (), id="not-editable"),
        pytest.param(SCM, "build_editable", None, (), id="variable"),
    ],
)
def test_an_editable_build_has_its_repository_outside(
    root: Path, pyproject: str, hook: str, tag: str | None, tags: tuple[str, ...]
) -> None:
    settings = {"backlit.version": "1.0", **({"backlit.tag": tag} if tag else {})}
    assert plan_of(root, {"pyproject.toml": pyproject}, hook, settings).outside_tags == tags


@pytest.mark.parametrize(
    ("pyproject", "hook", "files", "lacks_git"),
    [
        pytest.param(UNKNOWN, "build_wheel", None, True, id="repository"),
        pytest.param(VERSIONINGIT, "build_wheel", ["pyproject.toml"], False, id="file"),
        pytest.param(VERSIONINGIT + WITH_COMMIT, "build_wheel", ["pyproject.toml"], True, id="file-and-repository"),
        pytest.param(VERSIONINGIT, "build_editable", ["pyproject.toml"], True, id="no-file-in-an-editable-build"),
        pytest.param(SCM, "build_wheel", [], False, id="variable"),
    ],
)
def test_without_git_all_else_is_still_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, pyproject: str, hook: str, files: list[str] | None, *, lacks_git: bool
) -> None:
    monkeypatch.setenv("PATH", str(root))
    made = plan_of(root, {"pyproject.toml": pyproject}, hook, {"backlit.version": "1.0"})
    assert (made.injection and [path for path, _ in made.injection.files]) == files
    assert made.lacks_git is lacks_git
    assert made.outside_tags == ()
    assert made.injection is None or made.injection.repository == ()


def test_without_git_a_variable_that_goes_with_the_repository_is_still_set(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(root))
    tables = '[tool.hatch.version]\nsource = "code"\npath = "v.py"\n[tool.hatch.metadata.hooks.uv-dynamic-versioning]\n'
    text = BUILD_SYSTEM.format("hatchling.build") + '[project]\nname = "a"\ndynamic = ["version"]\n' + tables
    files = {"pyproject.toml": text, "v.py": "__version__ = computed()\n"}
    made = plan_of(root, files, settings={"backlit.version": "1.0"})
    assert made.injection is not None
    assert made.injection.environment == (("UV_DYNAMIC_VERSIONING_BYPASS", "1.0"),)
    assert (made.injection.repository, made.lacks_git) == ((), True)


def test_another_version_than_the_trees_own_is_refused_before_the_build(root: Path) -> None:
    with pytest.raises(VersionError) as caught:
        plan_of(root, {"pyproject.toml": STATIC}, settings={"backlit.version": "2.0"})
    assert str(caught.value) == (
        "pyproject.toml:6: the tree states version 1.0, but 2.0 is asked for (config setting backlit.version); "
        "ask for 1.0, change the tree, or set on-mismatch = 'warn' in [tool.backlit.version]"
    )
    assert caught.value.exit_code == 3


def test_one_of_two_tools_is_not_told(root: Path) -> None:
    two = {**PBR, "pyproject.toml": BUILD_SYSTEM.format("setuptools.build_meta") + "[tool.setuptools_scm]\n"}
    with pytest.raises(VersionError) as caught:
        plan_of(root, two, settings={"backlit.version": "1.0"})
    assert str(caught.value) == (
        "setup.py:2: 2 version tools are configured, pbr (setup.py:2: pbr=True) and setuptools-scm (pyproject.toml:4: "
        "[tool.setuptools_scm]), and nothing says which of them gives the version, so that 1.0 could be told to it "
        "(config setting backlit.version); take out what belongs to one that is not in use, or set the variable of the "
        "one that is, and not ours"
    )
    assert plan_of(root, two).decision.origin == "none"


def test_another_spelling_of_the_trees_own_version_is_the_same(root: Path) -> None:
    assert plan_of(root, {"pyproject.toml": STATIC}, settings={"backlit.version": "1.0.0"}).decision.value == "1.0.0"


def test_a_static_mismatch_may_be_a_warning_after_the_build(root: Path) -> None:
    text = STATIC + '[tool.backlit.version]\non-mismatch = "warn"\n'
    assert plan_of(root, {"pyproject.toml": text}, settings={"backlit.version": "2.0"}).decision.value == "2.0"


MESON = BUILD_SYSTEM.format("mesonpy").replace("[]", '["meson-python"]') + '[project]\nname = "demo"\nversion = "1.0"\n'


@pytest.mark.parametrize(
    ("hook", "asked", "tags", "why"),
    [
        pytest.param("build_sdist", "1.0", ("v1.0", "1.0"), "mesonpy makes an sdist of what git has", id="asked"),
        pytest.param("build_sdist", None, ("v1.0", "1.0"), "mesonpy makes an sdist of what git has", id="not-asked"),
        pytest.param("build_wheel", "1.0", (), "mesonpy writes in the tree", id="wheel"),
        pytest.param("build_wheel", None, (), "", id="wheel-not-asked"),
    ],
)
def test_an_sdist_of_meson_python_is_made_of_a_commit(
    root: Path, hook: str, asked: str | None, tags: tuple[str, ...], why: str
) -> None:
    made = plan_of(root, {"pyproject.toml": MESON}, hook, {"backlit.version": asked} if asked else None)
    assert made.why_copy.startswith(why)
    assert bool(made.why_copy) is bool(why)
    assert made.injection is not None
    assert made.injection.repository == tags


@pytest.mark.parametrize(
    ("hook", "pyproject", "why"),
    [
        pytest.param("build_sdist", MESON, "mesonpy makes an sdist of a repository", id="commit"),
        pytest.param("build_wheel", UNKNOWN, "1.0 could be told only by a repository", id="version"),
    ],
)
def test_what_git_would_be_for_is_said(root: Path, hook: str, pyproject: str, why: str) -> None:
    made = plan_of(root, {"pyproject.toml": pyproject}, hook, {"backlit.version": "1.0"})
    assert place.why_git(made) == why


def test_where_there_is_a_commit_no_other_is_made(root: Path) -> None:
    make_repository(root)
    assert plan_of(root, {"pyproject.toml": MESON}, "build_sdist").why_copy == ""


def test_an_sdist_of_this_version_is_left_to_its_own_code_unless_a_tag_is_named(root: Path) -> None:
    files = {"pyproject.toml": UNKNOWN, "PKG-INFO": PKG_INFO}
    assert plan_of(root, files, settings={"backlit.version": "6.0"}).injection is None
    assert plan_of(root, files, settings={"backlit.version": "6.1"}).injection is not None
    assert plan_of(root, files, settings={"backlit.version": "6.0", "backlit.tag": "r{version}"}).injection is not None
