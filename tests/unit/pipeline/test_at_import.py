"""Backends that compute the version as they are imported, and backends that leave things for the end of the process."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING

import pytest

import backlit
from backlit.pipeline import real

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BACKEND = """\
import os, pathlib, types
version = os.environ.get("SETUPTOOLS_SCM_PRETEND_VERSION")
if version is None:
    raise LookupError("no version")

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    path = pathlib.Path(folder, f"words-{version}.dist-info")
    path.mkdir()
    (path / "METADATA").write_text(f"Metadata-Version: 2.1\\nName: words\\nVersion: {version}\\n")
    return path.name

buildapi = types.SimpleNamespace(prepare_metadata_for_build_wheel=prepare_metadata_for_build_wheel)
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "flit_scm:buildapi"
[project]
name = "words"
dynamic = ["version"]
[tool.setuptools_scm]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of a project, which is the current one, with its backend on the path."""
    root = tmp_path / "words"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT)
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "flit_scm.py").write_text(BACKEND)
    monkeypatch.syspath_prepend(str(installed))
    monkeypatch.chdir(root)
    for name in list(os.environ):
        if name.startswith(("BACKLIT", "SETUPTOOLS_SCM")):
            monkeypatch.delenv(name)
    yield root
    sys.modules.pop("flit_scm", None)


def test_a_config_setting_is_early_enough(project: Path, tmp_path: Path) -> None:
    assert project.is_dir()
    hook = backlit.prepare_metadata_for_build_wheel
    assert hook(str(tmp_path), {"backlit.version": "1.2.3"}) == "words-1.2.3.dist-info"
    assert not hasattr(backlit, "UnsupportedOperation")


def test_with_a_variable_the_backend_itself_says_which_hooks_it_has(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    monkeypatch.setenv("BACKLIT_VERSION", "1.2.3")
    assert hasattr(backlit, "prepare_metadata_for_build_wheel")
    assert not hasattr(backlit, "build_editable")


def test_each_hook_of_a_process_gets_its_own_version(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    for version in ("1.2.3", "4.5.6"):
        monkeypatch.setenv("BACKLIT_VERSION", version)
        assert backlit.prepare_metadata_for_build_wheel(str(tmp_path)) == f"words-{version}.dist-info"


def test_without_a_version_the_backends_own_error_rises(project: Path, tmp_path: Path) -> None:
    assert project.is_dir()
    with pytest.raises(LookupError, match="no version"):
        backlit.prepare_metadata_for_build_wheel(str(tmp_path))


LEAVES = "import atexit, pathlib\natexit.register(pathlib.Path({!r}).write_text, 'pathlib')\n"
OWN = "def done(text):\n    pathlib.Path({!r}).write_text(text)\natexit.register(done, text='own')\n"


def test_what_is_left_for_the_end_of_the_process_is_done_with_the_hook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, foreign = tmp_path / "own.txt", tmp_path / "foreign.txt"
    (tmp_path / "leaving.py").write_text(LEAVES.format(str(foreign)) + OWN.format(str(own)))
    monkeypatch.syspath_prepend(str(tmp_path))
    registered: list[object] = []
    monkeypatch.setattr(atexit, "register", lambda function, *_arguments, **_named: registered.append(function))
    before = atexit.register
    with real.renewed(("leaving",)):
        __import__("leaving")
        assert not own.exists()
    assert own.read_text() == "own"
    assert "leaving" not in sys.modules
    assert atexit.register is before
    assert len(registered) == 1
    assert not foreign.exists()
