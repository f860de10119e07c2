"""What can be told without building."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from backlit.errors import InputError
from backlit.pipeline import look

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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the folder of a project that setuptools-scm versions."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


def test_the_version_the_tool_and_the_way_are_explained(root: Path) -> None:
    told = look.explain(root, {"backlit.version": "1.2"})
    assert told == {
        "name": "demo",
        "backend": "setuptools.build_meta",
        "backend_where": "pyproject.toml: build-system.build-backend",
        "tool": "setuptools-scm",
        "tool_evidence": "pyproject.toml:8: [tool.setuptools_scm]",
        "version": "1.2",
        "origin": "config-setting",
        "where": "config setting backlit.version",
        "injected": ["SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO=1.2"],
        "place": "scratch copy",
        "reason": "setuptools.build_meta writes in the tree that it builds",
        "restored_files": True,
    }


def test_a_scratch_copy_is_explained_by_its_reason(root: Path) -> None:
    told = look.explain(root, {"backlit.copy": "always"})
    assert (told["place"], told["reason"]) == ("scratch copy", "asked for by the front end")


def test_where_nothing_is_known_nothing_is_said(root: Path) -> None:
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "odd_backend"\n')
    told = look.explain(root)
    assert (told["name"], told["tool"], told["tool_evidence"], told["version"], told["injected"]) == (
        None,
        None,
        None,
        None,
        [],
    )


def test_a_file_that_is_written_is_named(root: Path) -> None:
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "setuptools.build_meta"\n')
    (root / "setup.py").write_text("from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n")
    (root / "setup.cfg").write_text("[metadata]\nname = demo\n")
    assert "file demo.egg-info/SOURCES.txt" in look.explain(root, {"backlit.version": "1.2"})["injected"]


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
