"""The hooks in front of a real backend, in this process."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import backlit

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = """\
[build-system]
requires = []
build-backend = "fake_backend"
backend-path = ["."]

[project]
name = "fake"
dynamic = ["version"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of a project, which is the current one."""
    root = tmp_path / "fake"
    root.mkdir()
    shutil.copy(Path(__file__).with_name("fake_backend.py"), root)
    (root / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.chdir(root)
    for name in list(os.environ):
        if name.startswith("BACKLIT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KEPT", "kept")
    yield root
    sys.modules.pop("fake_backend", None)


def seen_in(wheel: Path) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as archive:
        found: dict[str, Any] = json.loads(archive.read("seen.json"))
    return found


def test_optional_hooks_exist_exactly_where_the_real_backend_has_them(project: Path) -> None:
    assert project.is_dir()
    assert {
        name: hasattr(backlit, name) for name in ("get_requires_for_build_wheel", "build_editable", "nonsense")
    } == {
        "get_requires_for_build_wheel": True,
        "build_editable": False,
        "nonsense": False,
    }
    assert backlit.get_requires_for_build_wheel() == ["wanted"]


def test_outside_a_project_no_optional_hook_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not hasattr(backlit, "build_editable")


def test_process_state_is_as_it_was(project: Path, tmp_path: Path) -> None:
    before = (Path.cwd(), dict(os.environ), sys.argv[:], sys.path[:])
    backlit.build_wheel(str(tmp_path))
    assert (Path.cwd(), dict(os.environ), sys.argv[:], sys.path[:]) == before
    assert project == Path.cwd()


def test_process_state_is_as_it_was_after_a_failure(project: Path, tmp_path: Path) -> None:
    before = (Path.cwd(), dict(os.environ), sys.argv[:], sys.path[:])
    with pytest.raises(RuntimeError, match="own words"):
        backlit.build_wheel(str(tmp_path), {"fail": "raise"})
    assert (Path.cwd(), dict(os.environ), sys.argv[:], sys.path[:]) == before
    assert project == Path.cwd()


@pytest.mark.parametrize("settings", [None, {}, {"a": "b"}, {"a": ["b", "c"]}, {"a": {"b": [1]}}], ids=repr)
def test_config_settings_reach_the_real_backend_as_they_are(
    project: Path, tmp_path: Path, settings: dict[str, Any] | None
) -> None:
    assert project.is_dir()
    name = backlit.build_wheel(wheel_directory=str(tmp_path), config_settings=settings, metadata_directory=None)
    assert seen_in(tmp_path / name)["settings"] == settings


def test_our_settings_and_versions_do_not_reach_the_real_backend(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    monkeypatch.setenv("BACKLIT_VERSION_FOR_FAKE", "0.9")
    name = backlit.build_wheel(str(tmp_path), {"backlit.log": "quiet", "a": "b"})
    assert seen_in(tmp_path / name) == {"settings": {"a": "b"}, "cwd": "fake", "ours": []}


def test_a_failure_is_the_real_backends_after_one_line_of_ours(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    with pytest.raises(SystemExit, match="own words"):
        backlit.build_wheel(str(tmp_path), {"fail": "exit"})
    assert capfd.readouterr().err == "backlit: fake_backend failed in build_wheel; the error is its own\n"


def test_a_failure_for_want_of_git_is_told(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="own words"):
        backlit.build_wheel(str(tmp_path), {"fail": "exit", "backlit.version": "1.2"})
    assert capfd.readouterr().err == (
        "backlit: fake_backend failed in build_wheel; the error is its own\n"
        "backlit: 1.2 could be told only by a repository, and there is no git to make one with\n"
    )


def test_unsupported_operation_passes_through(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.is_dir()
    with pytest.raises(Exception, match="no sdists here") as caught:
        backlit.build_sdist(str(tmp_path))
    assert type(caught.value).__name__ == "UnsupportedOperation"
    assert hasattr(backlit, "UnsupportedOperation")
    assert capfd.readouterr().err == ""


def test_a_relative_folder_keeps_its_meaning(project: Path) -> None:
    (project / "out").mkdir()
    name = backlit.build_wheel("out", {"backlit.copy": "always"})
    assert (project / "out" / name).is_file()


def test_a_scratch_copy_bears_the_trees_name_and_leaves_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = sorted((path.name, path.stat().st_mtime_ns) for path in project.iterdir())
    name = backlit.build_wheel(str(tmp_path), {"backlit.copy": "always"})
    assert seen_in(tmp_path / name)["cwd"] == "fake"
    assert list(scratch.iterdir()) == []
    assert sorted((path.name, path.stat().st_mtime_ns) for path in project.iterdir()) == before


def test_several_hooks_in_one_process_do_not_see_each_others_tree(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "fake"
    shutil.copytree(project, other)
    text = (other / "fake_backend.py").read_text().replace('"0.9"', '"0.8"')
    (other / "fake_backend.py").write_text(text)
    assert backlit.build_wheel(str(tmp_path)) == "fake-0.9-py3-none-any.whl"
    os.chdir(other)
    assert backlit.build_wheel(str(tmp_path)) == "fake-0.8-py3-none-any.whl"


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        pytest.param({"backlit.nonsense": "1"}, 2, "config setting backlit.nonsense: is not known", id="setting"),
        pytest.param({"backlit.version": "../1"}, 3, "config setting backlit.version: '../1' is no version", id="path"),
        pytest.param(
            {"backlit.version": "1\n2"}, 3, r"config setting backlit.version: '1\n2' is no version", id="newline"
        ),
        pytest.param({"backlit.version": "1\0"}, 3, r"config setting backlit.version: '1\x00' is no version", id="NUL"),
        pytest.param({"backlit.backend": "no_such_backend"}, 4, "cannot import 'no_such_backend'", id="backend"),
        pytest.param({"backlit.backend": "fake_backend:gone"}, 4, "has no attribute 'gone'", id="object"),
    ],
)
def test_a_fault_of_ours_is_one_line_and_an_exit_status(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], settings: dict[str, str], status: int, words: str
) -> None:
    assert project.is_dir()
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path), settings)
    error = capfd.readouterr().err
    assert (caught.value.code, error.count("\n"), error.startswith("backlit: error: ")) == (status, 1, True)
    assert words in error


def test_an_artifact_without_the_version_asked_for_is_an_error_and_is_removed(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path), {"backlit.version": "1.2.3"})
    assert caught.value.code == 3
    assert "1.2.3 was asked for (config setting backlit.version), but the file name has 0.9" in capfd.readouterr().err
    assert list(tmp_path.glob("*.whl")) == []


def test_a_mismatch_may_be_a_warning(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (project / "pyproject.toml").read_text()
    (project / "pyproject.toml").write_text(text + '[tool.backlit.version]\non-mismatch = "warn"\n')
    assert backlit.build_wheel(str(tmp_path), {"backlit.version": "1.2.3"}) == "fake-0.9-py3-none-any.whl"
    assert "warning: 1.2.3 was expected" in capfd.readouterr().err


def test_without_a_destination_one_line_says_how_to_keep_the_report(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    backlit.build_wheel(str(tmp_path))
    error = capfd.readouterr().err
    assert (
        error
        == "backlit: fake-0.9-py3-none-any.whl: no native code; set BACKLIT_REPORT to a folder to keep the report\n"
    )


def test_the_report_goes_into_a_folder_or_a_file(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    monkeypatch.setenv("BACKLIT_REPORT", str(tmp_path / "reports"))
    backlit.build_wheel(str(tmp_path))
    backlit.build_wheel(str(tmp_path), {"backlit.report": str(tmp_path / "one.json")})
    first = (tmp_path / "reports" / "fake-0.9-py3-none-any.json").read_bytes()
    assert json.loads(first)["schema"] == "backlit-report-1"
    without_run = [
        {k: v for k, v in json.loads(t).items() if k != "run"} for t in (first, (tmp_path / "one.json").read_text())
    ]
    assert without_run[0] == without_run[1]


def test_a_report_that_cannot_be_written_does_not_fail_the_build(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    (tmp_path / "file").write_text("")
    name = backlit.build_wheel(str(tmp_path), {"backlit.report": str(tmp_path / "file" / "below.json")})
    assert (tmp_path / name).is_file()
    assert "warning: the report cannot be written" in capfd.readouterr().err


def test_an_empty_setting_of_ours_is_taken_out_too(project: Path, tmp_path: Path) -> None:
    assert project.is_dir()
    name = backlit.build_wheel(str(tmp_path), {"backlit.report": "", "a": "b"})
    assert seen_in(tmp_path / name)["settings"] == {"a": "b"}


def test_a_mechanism_that_there_is_not_is_refused_at_once(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path), {"backlit.trace": "nonsense"})
    assert caught.value.code == 2
    assert "config setting backlit.trace: 'nonsense' is not one of auto, off, audit, shim" in capfd.readouterr().err


def test_a_temporary_folder_inside_the_tree_is_not_copied_into_itself(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(project / "tmp"))
    name = backlit.build_wheel(str(tmp_path), {"backlit.copy": "always"})
    assert (tmp_path / name).is_file()
    assert list((project / "tmp").iterdir()) == []


def test_a_copy_that_cannot_be_made_is_one_line(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.is_dir()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backlit.support.clone.Cloner.clone", full)
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path), {"backlit.copy": "always"})
    assert caught.value.code == 2
    assert "No space left on device; point TMPDIR to a folder with enough room" in capfd.readouterr().err


@pytest.mark.parametrize("returned", ["None", "'gone.whl'"])
def test_a_backend_that_names_no_file_it_made_is_at_fault(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], returned: str
) -> None:
    (project / "fake_backend.py").write_text(f"def build_wheel(*_):\n    return {returned}\n")
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path))
    assert caught.value.code == 4
    assert f"said that it made {returned}, which is not in" in capfd.readouterr().err


def test_a_backend_without_a_mandatory_hook_is_at_fault(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "fake_backend.py").write_text("")
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path))
    assert caught.value.code == 4
    assert "'fake_backend' has no build_wheel" in capfd.readouterr().err


@pytest.mark.parametrize(("settings", "status"), [({}, None), ({"backlit.version": "1.0"}, 3)], ids=["none", "asked"])
def test_a_wheel_that_is_no_zip_is_an_error_only_where_its_version_was_asked_for(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], settings: dict[str, str], status: int | None
) -> None:
    name = "a-1.0-py3-none-any.whl"
    text = f"def build_wheel(folder, *_):\n    open(folder + '/{name}', 'w').close()\n    return '{name}'\n"
    (project / "fake_backend.py").write_text(text)
    if status is None:
        assert backlit.build_wheel(str(tmp_path), settings) == name
        assert f"warning: {name} cannot be read" in capfd.readouterr().err
        return
    with pytest.raises(SystemExit) as caught:
        backlit.build_wheel(str(tmp_path), settings)
    assert caught.value.code == status
    assert "1.0 was asked for, and cannot be checked" in capfd.readouterr().err


def test_a_file_that_changed_between_two_hooks_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "legacy"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "setup.py").write_text("from setuptools import setup\nsetup(name='a', version='1.0')\n")
    for version in ("1.0", "2.00"):
        (root / "setup.py").write_text(f"from setuptools import setup\nsetup(name='a', version='{version}')\n")
        with pytest.raises(SystemExit):
            backlit.build_wheel(str(tmp_path), {"backlit.version": "9.9"})
        assert f"the tree states version {version}, but 9.9 is asked for" in capfd.readouterr().err


def test_git_variables_do_not_lead_the_build_to_a_repository_that_is_not_its_own(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (project / "fake_backend.py").read_text().replace('startswith("BACKLIT_V")', 'startswith("GIT_DIR")')
    (project / "fake_backend.py").write_text(text)
    monkeypatch.setenv("GIT_DIR", "/somewhere/.git")
    assert seen_in(tmp_path / backlit.build_wheel(str(tmp_path)))["ours"] == []


def test_a_variable_for_all_projects_is_not_seen_by_a_process_that_the_hook_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "proj"
    root.mkdir()
    (root / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'inner'\nbackend-path = ['.']\n"
        "[project]\nname = 'a'\ndynamic = ['version']\n[tool.hatch.version]\nsource = 'vcs'\n"
    )
    (root / "inner.py").write_text(
        "import os, subprocess, zipfile\n"
        "def _real():\n    import hatchling.build\n"
        "def build_wheel(folder, *_):\n"
        "    here = os.environ['SETUPTOOLS_SCM_PRETEND_VERSION']\n"
        "    below = subprocess.run(['env'], capture_output=True, text=True).stdout\n"
        "    assert 'SETUPTOOLS_SCM_PRETEND_VERSION' not in below, below\n"
        "    name = f'a-{here}-py3-none-any.whl'\n"
        "    with zipfile.ZipFile(f'{folder}/{name}', 'w') as wheel:\n"
        "        text = f'Metadata-Version: 2.1\\nName: a\\nVersion: {here}\\n'\n"
        "        wheel.writestr(f'a-{here}.dist-info/METADATA', text)\n"
        "        wheel.writestr(f'a-{here}.dist-info/WHEEL', 'Wheel-Version: 1.0\\n')\n"
        "    return name\n"
    )
    monkeypatch.chdir(root)
    assert backlit.build_wheel(str(tmp_path), {"backlit.version": "6.6"}) == "a-6.6-py3-none-any.whl"
    assert "SETUPTOOLS_SCM_PRETEND_VERSION" not in os.environ
