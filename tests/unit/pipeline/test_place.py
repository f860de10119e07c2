"""Where a hook runs, and why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import place
from backlit.pipeline.planning import plan

if TYPE_CHECKING:
    from backlit.pipeline.plan import Plan

BUILD_SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "{}"\n'
STATIC = '[project]\nname = "demo"\nversion = "1.0"\n'
OPEN = '[project]\nname = "demo"\ndynamic = ["version"]\n'
VCS = '[tool.hatch.version]\nsource = "vcs"\n'
HATCH = BUILD_SYSTEM.format("hatchling.build") + OPEN + VCS
SCM = BUILD_SYSTEM.format("setuptools.build_meta") + OPEN + "[tool.setuptools_scm]\n"
ASKED = {"backlit.version": "1.0"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("BACKLIT", "SETUPTOOLS_SCM", "GIT_", "PBR_", "PDM_")) or name == "SUDO_UID":
            monkeypatch.delenv(name)


def planned(root: Path, text: str, settings: dict[str, str] | None = None) -> Plan:
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text(text)
    return plan(root, "build_wheel", settings)


def make_repository(folder: Path, marker: str = ".git") -> Path:
    (folder / marker).mkdir(parents=True)
    (folder / marker / "HEAD").write_text("ref: refs/heads/main\n")
    return folder


CODE = "code of the project's own may write in the tree"


@pytest.mark.parametrize(
    ("backend", "more", "why"),
    [
        pytest.param("hatchling.build", "", "", id="hatchling"),
        pytest.param("hatchling.build", "[tool.hatch.build.hooks.custom]\n", CODE, id="hatchling, hook"),
        pytest.param(
            "hatchling.build", "[tool.hatch.build.targets.wheel.hooks.x]\n", CODE, id="hatchling, of a target"
        ),
        pytest.param(
            "hatchling.build", "[tool.hatch.metadata.hooks.custom]\n", CODE, id="hatchling, own metadata hook"
        ),
        pytest.param("hatchling.build", "[tool.hatch.metadata.hooks.fancy]\n", "", id="hatchling, metadata hook"),
        pytest.param("poetry.core.masonry.api", "", "", id="poetry"),
        pytest.param("poetry.core.masonry.api", '[tool.poetry]\nbuild = "b.py"\n', CODE, id="poetry, script"),
        pytest.param("flit_core.buildapi", "", "", id="flit"),
        pytest.param("uv_build", "", "", id="uv"),
        pytest.param(
            "setuptools.build_meta", "", "setuptools.build_meta writes in the tree that it builds", id="other"
        ),
    ],
)
def test_a_version_that_is_asked_for_is_given_without_a_write_in_the_tree(
    tmp_path: Path, backend: str, more: str, why: str
) -> None:
    text = BUILD_SYSTEM.format(backend) + STATIC + more
    assert planned(tmp_path / "demo", text, ASKED).why_copy == why
    assert planned(tmp_path / "demo", text).why_copy == ""


def test_hatch_toml_may_name_code_too(tmp_path: Path) -> None:
    (tmp_path / "hatch.toml").write_text("[build.hooks.custom]\n")
    assert planned(tmp_path, BUILD_SYSTEM.format("hatchling.build") + STATIC, ASKED).why_copy == CODE


@pytest.mark.parametrize("marker", [".hg", ".jj", ".svn"])
@pytest.mark.parametrize("text", [HATCH, SCM], ids=["hatch-vcs", "setuptools-scm"])
def test_a_repository_above_that_no_variable_keeps_out_needs_a_copy(tmp_path: Path, marker: str, text: str) -> None:
    make_repository(tmp_path, marker)
    made = planned(tmp_path / "demo", text)
    assert made.why_copy.endswith(f"would take its version from the repository at {tmp_path}")
    stated = BUILD_SYSTEM.format("hatchling.build") + STATIC
    assert planned(tmp_path / "demo", stated).why_copy == ""


def test_a_git_repository_above_is_kept_out_by_its_variable(tmp_path: Path) -> None:
    make_repository(tmp_path)
    assert planned(tmp_path / "demo", SCM).why_copy == ""


def test_another_users_checkout_is_built_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path / "demo")
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert planned(tmp_path / "demo", SCM).why_copy == (
        f"git refuses the repository at {tmp_path / 'demo'}, which is another user's"
    )
    assert planned(tmp_path / "demo", BUILD_SYSTEM.format("uv_build") + STATIC).why_copy == ""


@pytest.mark.parametrize(
    ("table", "found"),
    [
        pytest.param('root = ".."\n', True, id="root"),
        pytest.param('root = "../.."\n', False, id="root elsewhere"),
        pytest.param("search_parent_directories = true\n", True, id="search"),
        pytest.param("", False, id="says nothing"),
    ],
)
@pytest.mark.parametrize("kind", ["setuptools-scm", "hatch-vcs", "scikit-build-core", "flit-scm", "setup.py"])
def test_a_project_may_say_that_its_repository_is_further_up(
    tmp_path: Path, kind: str, table: str, *, found: bool
) -> None:
    make_repository(tmp_path / "mono")
    root = tmp_path / "mono" / "demo"
    provider = '[tool.scikit-build.metadata.version]\nprovider = "scikit_build_core.metadata.setuptools_scm"\n'
    texts = {
        "setuptools-scm": SCM + table,
        "hatch-vcs": f"{HATCH}[tool.hatch.version.raw-options]\n{table}",
        "scikit-build-core": BUILD_SYSTEM.format("scikit_build_core.build")
        + f"{OPEN}{provider}[tool.setuptools_scm]\n{table}",
        "flit-scm": BUILD_SYSTEM.format("flit_scm:buildapi") + f'{OPEN}[tool.setuptools_scm]\nwrite_to = "a"\n{table}',
        "setup.py": BUILD_SYSTEM.format("setuptools.build_meta") + '[project]\nname = "a"\ndynamic = ["version"]\n',
    }
    root.mkdir(parents=True)
    if kind == "setup.py":
        word = table.strip().replace("true", "True")
        (root / "setup.py").write_text(f"from setuptools import setup\nsetup(use_scm_version=dict({word}))\n")
    made = planned(root, texts[kind])
    assert made.home == (tmp_path / "mono" if found else None)
    assert made.decision.origin == ("vcs" if found else "none")
    assert ("GIT_CEILING_DIRECTORIES" in dict(made.environment)) is not found


@pytest.mark.parametrize(
    ("backend", "settings", "asks"),
    [("setuptools.build_meta", {}, True), ("uv_build", {}, False), ("flit_core.buildapi", {}, False)],
)
def test_a_copy_has_the_repository_unless_nothing_asks_it(
    tmp_path: Path, backend: str, settings: dict[str, str], *, asks: bool
) -> None:
    made = planned(tmp_path / "demo", BUILD_SYSTEM.format(backend) + STATIC, settings)
    assert place.asks_repository(made) is asks


def test_a_copy_that_gets_a_made_up_repository_has_none_beside_it(tmp_path: Path) -> None:
    made = planned(tmp_path / "demo", BUILD_SYSTEM.format("odd_backend") + OPEN, ASKED)
    assert made.why_copy.startswith("the project is told by a repository")
    assert not place.asks_repository(made)


def test_a_copy_of_what_is_not_told_its_version_stands_in_no_repository(tmp_path: Path) -> None:
    inside = make_repository(tmp_path / "above") / "tmp"
    untold = planned(tmp_path / "demo", SCM, {"backlit.copy": "always"})
    told = planned(tmp_path / "demo", SCM, {"backlit.copy": "always", **ASKED})
    assert [place.fits(untold)(inside), place.fits(told)(inside), place.fits(untold)(tmp_path)] == [False, True, True]


def test_hatchlings_copy_stands_where_its_gitignore_does_not_name_a_folder_above(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    root.mkdir()
    (root / ".gitignore").write_text("/cache\nscratch/\n")
    made = planned(root, HATCH, {"backlit.copy": "always", **ASKED})
    assert [place.fits(made)(Path(where)) for where in ("/srv/scratch/x", "/cache", "/srv/cache")] == [
        False,
        False,
        True,
    ]
    (tmp_path / "above").mkdir()
    (tmp_path / "above" / ".gitignore").write_text("*.py\n")
    assert place.fits(made)(tmp_path / "above" / "tmp")
    (root / ".gitignore").unlink()
    without = planned(root, HATCH, {"backlit.copy": "always", **ASKED})
    assert [place.fits(without)(tmp_path / where) for where in ("above/tmp", "tmp")] == [False, True]
    other = planned(root, SCM, {"backlit.copy": "always", **ASKED})
    assert place.fits(other)(Path("/srv/scratch/x"))
