"""What can be told without building."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from backlit.errors import InputError
from backlit.pipeline import look
from images import Pe

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
dynamic = ["version"]
[tool.setuptools_scm]
"""


@pytest.fixture(autouse=True)
def _no_version_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKLIT_VERSION", "BACKLIT_VERSION_FOR_DEMO", "SETUPTOOLS_SCM_PRETEND_VERSION", "PBR_VERSION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a project that setuptools-scm versions."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


def test_the_version_the_tool_and_the_way_are_explained(root: Path) -> None:
    (root / "data").write_bytes(b"12345")
    (root / ".tox").mkdir()
    (root / ".tox" / "a").write_text("")
    told = look.explain(root, {"backlit.version": "1.2"})
    assert told == {
        "name": "demo",
        "hook": "build_wheel",
        "backend": "setuptools.build_meta",
        "backend_where": "pyproject.toml: build-system.build-backend",
        "tool": "setuptools-scm",
        "tool_evidence": "pyproject.toml:8: [tool.setuptools_scm]",
        "others": [],
        "version": "1.2",
        "origin": "config-setting",
        "where": "config setting backlit.version",
        "asked": True,
        "told": {
            "variables": [{"name": "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO", "value": "1.2", "inherited": True}],
            "files": [],
            "tags": [],
            "version_files": [],
        },
        "place": "scratch copy",
        "reason": "setuptools.build_meta writes in the tree that it builds",
        "copy": {"files": 2, "bytes": len(PYPROJECT) + 5, "left_out": [".tox"], "repository": False},
        "files": {"in_place_of": "pyproject.toml:8: setuptools-scm", "count": 2},
        "advice": None,
    }


def test_a_scratch_copy_is_explained_by_its_reason(root: Path) -> None:
    told = look.explain(root, {"backlit.copy": "always"})
    assert (told["place"], told["reason"]) == ("scratch copy", "asked for by the front end")


@pytest.mark.parametrize(
    ("hook", "settings", "place", "reason"),
    [
        ("build_wheel", None, "in place", "nothing is told"),
        ("build_editable", {"backlit.version": "1.2"}, "in place", "what an editable build makes points there"),
        (
            "build_sdist",
            {"backlit.version": "1.2"},
            "scratch copy",
            "setuptools.build_meta writes in the tree that it builds",
        ),
    ],
)
def test_each_kind_of_build_has_its_place(
    root: Path, hook: str, settings: dict[str, str] | None, place: str, reason: str
) -> None:
    told = look.explain(root, settings, hook=hook)
    assert (told["hook"], told["place"], told["reason"], told["copy"] is None) == (
        hook,
        place,
        reason,
        place == "in place",
    )


def test_where_nothing_is_known_nothing_is_said(root: Path) -> None:
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "odd_backend"\n')
    told = look.explain(root)
    assert (told["name"], told["tool"], told["tool_evidence"], told["version"]) == (None, None, None, None)
    assert told["told"] == {"variables": [], "files": [], "tags": [], "version_files": []}
    assert told["advice"] == (
        "no version tool that backlit knows is in charge: set BACKLIT_VERSION if the build finds no version"
    )


def test_what_to_set_is_told_where_the_tool_has_nothing_to_compute_from(root: Path) -> None:
    assert look.explain(root)["advice"] == (
        "setuptools-scm has to compute the version, and nothing is here to compute it from: "
        "set BACKLIT_VERSION_FOR_DEMO or BACKLIT_VERSION"
    )
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("")
    told = look.explain(root)
    assert (told["advice"], told["origin"], told["where"]) == (None, "vcs", ".git")


def test_that_git_is_wanted_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = PYPROJECT.partition("[tool")[0].replace("setuptools.build_meta", "odd_backend")
    (root / "pyproject.toml").write_text(own)
    settings = {"backlit.version": "1.2"}
    assert look.explain(root, settings)["told"]["tags"] == ["v1.2", "1.2"]
    monkeypatch.setenv("PATH", str(root))
    assert look.explain(root, settings)["advice"] == (
        "the project is told by a repository, and there is no git to make one: install git"
    )


def test_a_file_that_is_written_is_named(root: Path) -> None:
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "setuptools.build_meta"\n')
    (root / "setup.py").write_text("from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n")
    (root / "setup.cfg").write_text("[metadata]\nname = demo\n")
    told = look.explain(root, {"backlit.version": "1.2"})["told"]
    assert told["files"] == [
        {"path": "demo.egg-info/SOURCES.txt", "bytes": len("pyproject.toml\nsetup.cfg\nsetup.py\n")}
    ]
    assert {"name": "PBR_VERSION", "value": "1.2", "inherited": False} in told["variables"]


@pytest.mark.parametrize(
    ("more", "others"),
    [
        pytest.param(
            "[tool.pbr]\n",
            [{"tool": "pbr", "where": "pyproject.toml:9", "why_not": "setuptools-scm is in charge"}],
            id="named",
        ),
        pytest.param("# pbr\n[tool.pbr-like]\n", [], id="named by the way"),
    ],
)
def test_other_tools_are_named_with_what_keeps_them_from_it(
    root: Path, more: str, others: list[dict[str, str]]
) -> None:
    (root / "pyproject.toml").write_text(PYPROJECT + more)
    assert look.explain(root, {"backlit.version": "1.2"})["others"] == others


def test_a_stated_version_keeps_every_tool_from_it(root: Path) -> None:
    (root / "pyproject.toml").write_text(PYPROJECT.replace('dynamic = ["version"]', 'version = "1.2"'))
    told = look.explain(root)
    assert (told["version"], told["tool"], told["tool_evidence"]) == (
        "1.2",
        None,
        "pyproject.toml:7: [project] version",
    )
    assert told["others"] == [
        {"tool": "setuptools-scm", "where": "pyproject.toml:2", "why_not": "[project] version gives the version"}
    ]


def test_a_second_claim_is_told(root: Path) -> None:
    (root / "pyproject.toml").write_text(PYPROJECT.partition("[project]")[0] + "[tool.setuptools_scm]\n")
    (root / "setup.py").write_text("from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n")
    told = look.explain(root)
    assert (told["tool"], told["others"]) == (
        "pbr",
        [
            {
                "tool": "setuptools-scm",
                "where": "pyproject.toml:5",
                "why_not": "claims the project too: [tool.setuptools_scm]",
            }
        ],
    )


def test_a_finished_wheel_is_reported_without_a_build(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("demo-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.2\n\n")
        wheel.writestr("demo-1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        wheel.writestr("demo-1.2.dist-info/RECORD", "")
    report = look.scan_wheel(path)
    assert (report.project.source, report.version.value, report.version.origin) == (path.name, "1.2", "artifact")
    assert (report.backend, report.libraries, report.coverage.mechanism) == (None, (), ())
    assert report.coverage.missed == ("The build itself was not seen: only the artifact was read.",)


def test_what_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2-py3-none-any.whl"
    path.write_text("no zip file")
    with pytest.raises(InputError):
        look.scan_wheel(path)


def test_a_wheel_for_windows_is_read_on_any_system(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.2-cp311-cp311-win_arm64.whl"
    needed = (("KERNEL32.dll", ("Sleep",)), ("python311.dll", ("PyList_New",)), ("libcurl.dll", ("curl_easy_init",)))
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("demo-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.2\n\n")
        wheel.writestr("demo/_x.cp311-win_arm64.pyd", Pe(imports=needed).build_file())
    report = look.scan_wheel(path)
    assert report.platform.host == "win32-AMD64"
    assert [(library.id, library.names.soname) for library in report.libraries] == [
        ("dep:generic/curl", ("libcurl.dll",))
    ]
    assert {(item.code, item.where) for item in report.diagnostics} == {
        ("tag-architecture", "demo/_x.cp311-win_arm64.pyd"),
        ("name-architecture", "demo/_x.cp311-win_arm64.pyd"),
    }
