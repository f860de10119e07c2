"""versioningit: whose table counts, and which edit tells it. The contract suite asks the real tool."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions.versioningit import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUPTOOLS = '[build-system]\nrequires = ["versioningit>=2"]\nbuild-backend = "setuptools.build_meta"\n'
HATCHLING = SETUPTOOLS.replace("setuptools.build_meta", "hatchling.build")
OPEN = '[project]\nname = "a"\ndynamic = ["version"]\n'
TABLE = "[tool.versioningit]\n"
SOURCE = '[tool.hatch.version]\nsource = "versioningit"\n'
TOLD = 'default-version = "1.2.3"\n'


def claimed(project: Project) -> str | None:
    claim = ADAPTER.claim(project, projects.real_backend(project))
    return claim and f"{claim.where} {claim.detail}"


@pytest.mark.parametrize(
    ("files", "claim"),
    [
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + TABLE}, "pyproject.toml:7 [tool.versioningit]", id="table"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + "[tool.versioningit.vcs]\nmethod = 'git'\n"},
            "pyproject.toml:7 [tool.versioningit]",
            id="table-below",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN, "versioningit.toml": TABLE},
            "versioningit.toml:1 [tool.versioningit]",
            id="own-file",
        ),
        pytest.param(
            {"pyproject.toml": HATCHLING + OPEN + SOURCE},
            'pyproject.toml:8 [tool.hatch.version] source = "versioningit"',
            id="hatch",
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + TABLE, "setup.py": "from setuptools import setup\nsetup(version='3')\n"},
            "pyproject.toml:4 [tool.versioningit]",
            id="it-wins-over-setup.py",
        ),
        pytest.param({"pyproject.toml": HATCHLING + OPEN + TABLE}, None, id="table-under-hatchling"),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN}, None, id="no-table"),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS.replace("versioningit", "wheel") + OPEN + TABLE}, None, id="left-behind"
        ),
        pytest.param(
            {"pyproject.toml": SETUPTOOLS + OPEN + TABLE + '[tool.setuptools.dynamic]\nversion = {attr = "a.b"}\n'},
            None,
            id="attribute",
        ),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN, "versioningit.toml": "[tool"}, None, id="broken-own-file"),
    ],
)
def test_it_claims_what_the_backend_would_ask_it_about(plant: Plant, files: dict[str, str], claim: str | None) -> None:
    assert claimed(plant(files)) == claim


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(TABLE, TABLE + TOLD, id="added"),
        pytest.param(TABLE + 'default-version = "0"\n', TABLE + TOLD, id="replaced"),
        pytest.param(
            "[tool.versioningit.vcs]\nmethod = 'git'\n",
            f"[tool.versioningit.vcs]\nmethod = 'git'\n{TABLE}{TOLD}",
            id="no-table-but-below",
        ),
        pytest.param(SOURCE, SOURCE + TOLD, id="hatch-alone"),
        pytest.param(SOURCE + TABLE, SOURCE + TABLE + TOLD, id="hatch-and-table"),
        pytest.param(
            SOURCE + 'vcs = "git"\n' + TABLE, SOURCE + 'vcs = "git"\n' + TOLD + TABLE, id="hatch-wins-with-more-keys"
        ),
        pytest.param("[tool]\nversioningit = { vcs = 'git' }\n", None, id="inline"),
        pytest.param(
            TABLE + '[tool.versioningit.vcs]\nmethod = "git-archive"\ndescribe-subst = "v0.9"\n',
            TABLE + TOLD + '[tool.versioningit.vcs]\nmethod = "git-archive"\n'
            'describe-subst = "$Format:%(describe:tags)$"\n',
            id="what-git-archive-wrote",
        ),
    ],
)
def test_its_default_version_is_set_in_the_table_that_it_reads(plant: Plant, before: str, after: str | None) -> None:
    head = SETUPTOOLS + OPEN
    told = ADAPTER.inject(plant({"pyproject.toml": head + before}), "1.2.3")
    texts = {path: tomllib.loads(text) for path, text in told.files}
    assert texts == ({} if after is None else {"pyproject.toml": tomllib.loads(head + after)})
    assert bool(told.repository) is (after is None)


def test_both_files_are_edited_as_it_depends_on_its_version_which_is_read(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, "versioningit.toml": TABLE}), "1.2.3")
    assert [path for path, _ in told.files] == ["versioningit.toml", "pyproject.toml"]


@pytest.mark.parametrize(
    ("settings", "repository"),
    [
        pytest.param('[tool.versioningit.write]\nfile = "v.py"\n', False, id="plain"),
        pytest.param('[tool.versioningit.write]\nfile = "v.py"\ntemplate = "{version_tuple}"\n', False, id="parts"),
        pytest.param('[tool.versioningit.write]\nfile = "v.py"\ntemplate = "{revision}"\n', True, id="commit"),
        pytest.param('[tool.versioningit.onbuild]\nreplacement = "{branch}"\n', True, id="branch"),
        pytest.param('[tool.versioningit.onbuild.method]\nmodule = "a"\nvalue = "b"\n', True, id="code"),
        pytest.param('[tool.versioningit.template-fields]\nmodule = "a"\nvalue = "b"\n', True, id="fields-by-code"),
        pytest.param(
            '[tool.hatch.build.targets.wheel.hooks.versioningit-onbuild]\nappend-line = "{rev}"\n', True, id="hook"
        ),
    ],
)
def test_a_repository_is_made_where_more_than_the_version_may_be_read(
    plant: Plant, settings: str, *, repository: bool
) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE + settings}), "1.2.3")
    assert told.files
    assert bool(told.repository) is repository


@pytest.mark.parametrize(
    ("rules", "tags"),
    [
        pytest.param("", ("v1.2.3",), id="none"),
        pytest.param('[tool.versioningit.tag2version]\nrmprefix = "rel-"\n', ("rel-1.2.3",), id="prefix"),
        pytest.param('[tool.versioningit.tag2version]\nrmsuffix = "-rel"\n', ("1.2.3-rel",), id="suffix"),
        pytest.param('[tool.versioningit.vcs]\nmatch = ["a/*"]\n', ("v1.2.3", "1.2.3"), id="match-that-nothing-cuts"),
        pytest.param('[tool.versioningit.vcs]\nexclude = ["v*"]\n', ("1.2.3",), id="exclude"),
        pytest.param(
            '[tool.versioningit.tag2version]\nregex = "r(?P<version>.+)"\n[tool.versioningit.vcs]\nmatch = ["r*"]\n',
            ("r1.2.3",),
            id="regex",
        ),
        pytest.param(
            '[tool.versioningit.tag2version]\nregex = "^r.+"\nrequire-match = true\n', ("v1.2.3", "1.2.3"), id="unknown"
        ),
        pytest.param('[tool.versioningit.tag2version]\nregex = "("\n', ("v1.2.3", "1.2.3"), id="no-expression"),
        pytest.param(
            '[tool.versioningit.tag2version.method]\nmodule = "a"\nvalue = "b"\n', ("v1.2.3", "1.2.3"), id="code"
        ),
    ],
)
def test_a_tag_follows_the_rules_of_the_table(plant: Plant, rules: str, tags: tuple[str, ...]) -> None:
    assert ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE + rules}), "1.2.3").outside == tags


@pytest.mark.parametrize(("version", "repository"), [("1.2.3", ()), ("1.2.4", ("v1.2.4",))], ids=["its-own", "another"])
def test_an_sdist_is_told_only_of_another_version(plant: Plant, version: str, repository: tuple[str, ...]) -> None:
    files = {"pyproject.toml": SETUPTOOLS + OPEN + TABLE, "PKG-INFO": "Name: a\nVersion: 1.2.3\n\n"}
    assert ADAPTER.inject(plant(files), version).repository == repository


@pytest.mark.parametrize(
    ("pyproject", "files"),
    [
        pytest.param(SETUPTOOLS + OPEN + TABLE, (), id="setuptools"),
        pytest.param(HATCHLING + OPEN + SOURCE, (("PKG-INFO", "Name: a\nVersion: 1.2.4\n\n"),), id="hatchling"),
    ],
)
def test_a_pkg_info_is_changed_where_hatchling_reads_it_first(
    plant: Plant, pyproject: str, files: tuple[tuple[str, str], ...]
) -> None:
    project = plant({"pyproject.toml": pyproject, "PKG-INFO": "Name: a\nVersion: 1.2.3\n\n"})
    assert ADAPTER.inject(project, "1.2.4").files == files


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param({}, "PKG-INFO", id="missing"),
        pytest.param({"tools/w.py": ""}, "pyproject.toml", id="there"),
    ],
)
def test_under_hatchling_a_step_whose_code_is_missing_is_not_run(plant: Plant, code: dict[str, str], told: str) -> None:
    step = TABLE + '[tool.versioningit.write.method]\nmodule = "w"\nvalue = "f"\nmodule-dir = "tools"\n'
    project = plant({"pyproject.toml": HATCHLING + OPEN + SOURCE + step, **code})
    assert [path for path, _ in ADAPTER.inject(project, "1.2.3").files] == [told]


def test_a_tree_with_its_own_repository_is_copied_without_it(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE, ".git/HEAD": "ref\n"}), "1.2.3")
    assert told.hides_repository
    assert [path for path, _ in told.files] == ["pyproject.toml"]


def test_files_that_it_writes_are_named(plant: Plant) -> None:
    settings = (
        '[tool.versioningit.write]\nfile = "./a/v.py"\n'
        '[tool.versioningit.onbuild]\nsource-file = "src/a/w.py"\nbuild-file = "a/w.py"\n'
    )
    told = ADAPTER.inject(plant({"pyproject.toml": SETUPTOOLS + OPEN + TABLE + settings}), "1.2.3")
    assert told.version_files == ("a/v.py", "a/w.py", "src/a/w.py")
