"""The one copy in which the hooks of a build work, where their front end keeps it between them."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import backlit
from backlit import trace
from backlit.model.invocation import Mechanism, Trace
from backlit.pipeline import planning, shared

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = """\
[build-system]
requires = []
build-backend = "fake_leaving"
backend-path = ["."]

[project]
name = "fake"
dynamic = ["version"]
"""

BACKEND = '''\
"""A backend that generates a file while it is asked for requirements, and packs what it finds, and where."""
import json, os, zipfile

def get_requires_for_build_wheel(config_settings=None):
    open("generated.c", "w").close()
    return []

def build_wheel(directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(os.path.join(directory, "fake-1-py3-none-any.whl"), "w") as wheel:
        told = [name for name in os.environ if name.startswith("_BACKLIT_S")]
        wheel.writestr("found.json", json.dumps({"in": os.getcwd(), "files": sorted(os.listdir()), "told": told}))
        wheel.writestr("fake-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: fake\\nVersion: 1\\n\\n")
        wheel.writestr("fake-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: fake\\nRoot-Is-Purelib: true\\n")
        wheel.writestr("fake-1.dist-info/RECORD", "")
    return "fake-1-py3-none-any.whl"
'''
ALWAYS = {"backlit.copy": "always", "backlit.log": "quiet"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of a project, which is the current one."""
    root = tmp_path / "fake"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "fake_leaving.py").write_text(BACKEND)
    monkeypatch.chdir(root)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in [name for name in os.environ if name.startswith(("BACKLIT", "_BACKLIT"))]:
        monkeypatch.delenv(name)
    yield root
    sys.modules.pop("fake_leaving", None)


def built(out: Path, settings: dict[str, str] | None = None) -> dict[str, Any]:
    """Call both hooks, and give what the second found."""
    backlit.get_requires_for_build_wheel(ALWAYS)
    wheel = out / backlit.build_wheel(str(out), settings or ALWAYS)
    with zipfile.ZipFile(wheel) as archive:
        found: dict[str, Any] = json.loads(archive.read("found.json"))
    return found


@pytest.fixture
def kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder that a front end keeps for the project's wheel, and name it to the hooks."""
    with shared.offered(planning.plan(project, "build_wheel", ALWAYS)) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        (value,) = variables.values()
        yield project.parent / value


def test_a_hook_finds_what_the_one_before_it_left(project: Path, kept: Path, tmp_path: Path) -> None:
    found = built(tmp_path)
    assert found["in"] == str(kept / "tree" / "fake")
    assert "generated.c" in found["files"]
    assert not (project / "generated.c").exists()


def test_the_variable_is_for_this_build_alone(kept: Path, tmp_path: Path) -> None:
    assert kept.is_dir()
    assert built(tmp_path)["told"] == []


def test_without_such_a_folder_each_hook_has_a_copy_of_its_own(project: Path, tmp_path: Path) -> None:
    found = built(tmp_path)
    assert found["in"] != str(project)
    assert "generated.c" not in found["files"]


def test_a_hook_that_would_make_another_copy_makes_it(kept: Path, tmp_path: Path) -> None:
    found = built(tmp_path, {**ALWAYS, "backlit.version": "1"})  # told by a repository, which the first copy has not
    assert not found["in"].startswith(f"{kept}/")
    assert "generated.c" not in found["files"]


def test_another_projects_folder_is_not_taken(
    kept: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / "fake"
    other.parent.mkdir()
    project.rename(other)
    monkeypatch.chdir(other)
    assert not built(tmp_path)["in"].startswith(f"{kept}/")


def test_a_folder_that_is_gone_is_not_missed(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(shared.VARIABLE, str(tmp_path / "gone"))
    assert not built(tmp_path)["in"].startswith(f"{kept}/")


def test_a_hook_that_is_called_again_has_a_copy_of_its_own(kept: Path, tmp_path: Path) -> None:
    first = built(tmp_path)
    again = tmp_path / "again"
    again.mkdir()
    second = built(again)
    assert first["in"].startswith(f"{kept}/")
    assert not second["in"].startswith(f"{kept}/")


def test_nothing_is_kept_for_a_build_in_place(project: Path) -> None:
    with shared.offered(planning.plan(project, "build_wheel", None)) as variables:
        assert variables == {}


def test_the_folder_is_gone_afterwards_and_has_the_same_name_again(project: Path) -> None:
    plan = planning.plan(project, "build_wheel", ALWAYS)
    with shared.offered(plan) as first:
        assert Path(first[shared.VARIABLE]).is_dir()
    assert not Path(first[shared.VARIABLE]).exists()
    with shared.offered(plan) as second:
        assert second == first


def test_where_the_artifact_takes_a_list_it_is_of_the_tree_as_it_came(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planning.plan(project, "build_wheel", ALWAYS)._replace(restores="pyproject.toml:1: setuptools-scm")
    with shared.offered(plan) as variables:
        monkeypatch.setenv(shared.VARIABLE, variables[shared.VARIABLE])
        assert "generated.c" in built(tmp_path)["files"]
        again = plan._replace(hook="build_wheel_again")
        with shared.workplace(again) as work:
            assert shared.files_in(work) == ("fake_leaving.py", "pyproject.toml")


def test_where_none_is_taken_nothing_is_listed(kept: Path, project: Path, tmp_path: Path) -> None:
    built(tmp_path)
    with shared.workplace(planning.plan(project, "build_wheel", ALWAYS)._replace(hook="again")) as work:
        assert work.base == kept
        assert shared.files_in(work) is None


def test_what_is_kept_of_a_hook_is_there_for_the_next(kept: Path, project: Path) -> None:
    with shared.workplace(planning.plan(project, "get_requires_for_build_wheel", ALWAYS)) as work:
        shared.keep_seen(work, trace.start(work.folder, mechanism="auto", environment={"PATH": os.defpath}))
    with shared.workplace(planning.plan(project, "build_wheel", ALWAYS)) as work:
        assert work.base == kept
        assert shared.seen_before(work) == (Trace(mechanisms=(Mechanism.AUDIT,)),)
