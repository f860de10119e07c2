"""setuptools-git-versioning: whose it is, and what stands in the tree. The contract suite asks the real tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.versions import Injection
from backlit.versions.setuptools_git_versioning import ADAPTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from backlit.config.project import Project

    Plant = Callable[[dict[str, str]], Project]

SETUPTOOLS = '[build-system]\nrequires = ["Setuptools_Git.Versioning"]\nbuild-backend = "setuptools.build_meta"\n'
OPEN = '[project]\nname = "a"\ndynamic = ["version"]\n'
TABLE = "[tool.setuptools-git-versioning]\n"
ENABLED = SETUPTOOLS + OPEN + TABLE + "enabled = true\n"
FILE = SETUPTOOLS + OPEN + TABLE + 'version_file = "a/VERSION"\n'
COUNTS = FILE + "count_commits_from_version_file = true\n"


def claimed(project: Project) -> tuple[str, str | None] | None:
    claim = ADAPTER.claim(project, projects.real_backend(project))
    return claim and (claim.where, claim.states)


@pytest.mark.parametrize(
    ("files", "claim"),
    [
        pytest.param({"pyproject.toml": ENABLED}, ("pyproject.toml:7", None), id="table"),
        pytest.param({"setup.py": "setup(setuptools_git_versioning={})\n"}, ("setup.py:1", None), id="keyword"),
        pytest.param(
            {"setup.py": "setup(setup_requires=['setuptools_git_versioning'],\n version_config=True)\n"},
            ("setup.py:2", None),
            id="older-keyword",
        ),
        pytest.param(
            {"setup.py": "setup(setup_requires=['better-setuptools-git-versioning'], version_config={})\n"},
            None,
            id="another-tools-keyword",
        ),
        pytest.param({"setup.py": "# setuptools_git_versioning\nsetup(name='a')\n"}, None, id="comment"),
        pytest.param({"pyproject.toml": ENABLED.replace("true", "false")}, None, id="disabled"),
        pytest.param({"pyproject.toml": SETUPTOOLS + OPEN + TABLE}, None, id="empty-table"),
        pytest.param({"pyproject.toml": ENABLED.replace("Setuptools_Git.V", "v")}, None, id="left-behind"),
        pytest.param(
            {"pyproject.toml": ENABLED + '[tool.setuptools.dynamic]\nversion = {attr = "a.b"}\n'}, None, id="attribute"
        ),
        pytest.param({"pyproject.toml": ENABLED.replace("setuptools.b", "hatchling.b")}, None, id="another-backend"),
        pytest.param({"pyproject.toml": FILE, "a/VERSION": "1.2.3\n"}, ("pyproject.toml:7", "1.2.3"), id="file"),
        pytest.param({"pyproject.toml": FILE}, ("pyproject.toml:7", None), id="file-that-is-not-there"),
        pytest.param({"pyproject.toml": COUNTS, "a/VERSION": "1.2.3"}, ("pyproject.toml:7", "1.2.3"), id="no-commits"),
        pytest.param(
            {"pyproject.toml": COUNTS, "a/VERSION": "1.2.3", ".git/HEAD": ""}, ("pyproject.toml:7", None), id="commits"
        ),
        pytest.param(
            {"pyproject.toml": COUNTS + "template = '{tag}.dev'\n", "a/VERSION": "1.2.3"},
            ("pyproject.toml:7", None),
            id="template",
        ),
    ],
)
def test_it_claims_what_the_tool_would_version(
    plant: Plant, files: dict[str, str], claim: tuple[str, str | None] | None
) -> None:
    assert claimed(plant(files)) == claim


def test_it_is_told_by_pkg_info(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": ENABLED}), "1.2.3")
    assert told.files == (("PKG-INFO", "Metadata-Version: 2.1\nName: a\nVersion: 1.2.3\n\n"),)
    assert told.variables == ()


@pytest.mark.parametrize(
    ("version", "files"),
    [("1.2.3", ()), ("1.2.4", (("PKG-INFO", "Name: a\nVersion: 1.2.4\nSummary: b\n\nVersion: 7\n"),))],
    ids=["the-same", "another"],
)
def test_an_sdists_own_pkg_info_is_kept_but_for_the_version(
    plant: Plant, version: str, files: tuple[tuple[str, str], ...]
) -> None:
    project = plant({"pyproject.toml": ENABLED, "PKG-INFO": "Name: a\nVersion: 1.2.3\nSummary: b\n\nVersion: 7\n"})
    assert ADAPTER.inject(project, version).files == files


def test_nothing_is_told_where_the_tree_states_it(plant: Plant) -> None:
    assert ADAPTER.inject(plant({"pyproject.toml": FILE, "a/VERSION": "1.2.3"}), "1.2.3") == Injection()


@pytest.mark.parametrize(
    ("settings", "tags"),
    [
        pytest.param("", ("v1.2.3",), id="none"),
        pytest.param("tag_filter = '[0-9]'\n", ("1.2.3",), id="filter"),
        pytest.param("tag_formatter = 'rel-(?P<tag>.+)'\n", ("rel-1.2.3",), id="formatter"),
        pytest.param("tag_formatter = 'rel-(.+)'\n", (), id="no-group"),
        pytest.param("tag_formatter = 'a.b:f('\n", (), id="no-expression"),
    ],
)
def test_in_an_editable_build_a_tag_follows_its_expressions(plant: Plant, settings: str, tags: tuple[str, ...]) -> None:
    assert ADAPTER.inject(plant({"pyproject.toml": ENABLED + settings}), "1.2.3").outside == tags


def test_a_module_that_is_called_back_must_not_state_another_version(plant: Plant) -> None:
    told = ADAPTER.inject(plant({"pyproject.toml": ENABLED + 'version_callback = "a.b:version"\n'}), "1.2.3")
    assert told.version_files == ("a/b.py", "a/b/__init__.py")
