"""What is said and written after the real backend's hook."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit.errors import VersionError
from backlit.pipeline import finish
from backlit.pipeline.delegate import Outcome
from backlit.pipeline.planning import plan

if TYPE_CHECKING:
    from backlit.pipeline.plan import Plan

PYPROJECT = (
    '[build-system]\nrequires = []\nbuild-backend = "odd_backend"\n[project]\nname = "demo"\ndynamic = ["version"]\n'
)
WARN = '[tool.backlit.version]\non-mismatch = "warn"\n'


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKLIT_VERSION", "BACKLIT_REPORT", "BACKLIT_LOG", "BACKLIT_TRACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project's folder."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PYPROJECT)
    return folder


def wheel(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    path = folder / "demo-1.2.3-py3-none-any.whl"
    members = {
        "demo-1.2.3.dist-info/METADATA": b"Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\n\n",
        "demo-1.2.3.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        "demo-1.2.3.dist-info/RECORD": b"",
        **(files or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def finished(made: Plan, path: Path) -> None:
    finish.finish(made, Outcome(path.name, None, made.project.root, 0.5), path)


def test_quiet_says_nothing_of_a_build_without_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    finished(plan(root, "build_wheel", {"backlit.log": "quiet"}), wheel(root.parent))
    assert capsys.readouterr() == ("", "")


def test_an_artifact_that_cannot_be_read_is_a_warning(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root.parent / "demo-1.2.3-py3-none-any.whl"
    path.write_text("no zip file")
    finished(plan(root, "build_wheel", {"backlit.log": "quiet"}), path)
    error = capsys.readouterr().err
    assert error.startswith(f"backlit: warning: {path.name} cannot be read, so there is no report: ")
    assert path.exists()


def test_an_artifact_that_cannot_be_read_may_not_carry_the_version_asked_for(root: Path) -> None:
    path = root.parent / "demo-1.2.3-py3-none-any.whl"
    path.write_text("no zip file")
    with pytest.raises(VersionError, match=r"1\.2\.3 was asked for, and cannot be checked"):
        finished(plan(root, "build_wheel", {"backlit.version": "1.2.3"}), path)


def test_a_mismatch_that_is_no_error_is_said_even_if_quiet(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "pyproject.toml").write_text(PYPROJECT + WARN)
    finished(plan(root, "build_wheel", {"backlit.version": "2.0", "backlit.log": "quiet"}), wheel(root.parent))
    assert capsys.readouterr().err.splitlines() == [
        "backlit: warning: 2.0 was expected (config setting backlit.version), but the file name has 1.2.3",
        "backlit: warning: 2.0 was expected (config setting backlit.version), but its metadata has 1.2.3",
    ]


@pytest.mark.compiler
@pytest.mark.parametrize("count", [1, 2])
def test_without_a_report_the_artifact_itself_is_summed_up(
    root: Path, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    library = root.parent / "libz.so.1"
    source = root.parent / "x.c"
    source.write_text("int deflate(void) { return 1; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", library, "-Wl,-soname,libz.so.1"], check=True)
    extension = root.parent / "x.so"
    source.write_text("int deflate(void); int f(void) { return deflate(); }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", source, library, "-o", extension], check=True)
    files = {f"demo/_{number}.so": extension.read_bytes() for number in range(count)}
    finished(plan(root, "build_wheel", None), wheel(root.parent, files))
    said = f"{count} native file{'s' if count > 1 else ''}, zlib; set BACKLIT_REPORT to a folder to keep the report"
    assert capsys.readouterr().err == f"backlit: demo-1.2.3-py3-none-any.whl: {said}\n"


def test_a_report_is_written_where_it_was_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    finished(plan(root, "build_wheel", {"backlit.report": "reports"}), wheel(root.parent))
    path = root / "reports" / "demo-1.2.3-py3-none-any.json"
    assert json.loads(path.read_text())["project"]["source"] == "demo"
    assert capsys.readouterr().err.endswith(f": no native code; report in {path}\n")


def test_a_report_that_cannot_be_made_fails_no_build(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("backlit.pipeline.assemble.assemble", broken)
    finished(plan(root, "build_wheel", {"backlit.report": "reports", "backlit.log": "quiet"}), wheel(root.parent))
    assert "warning: no report: RuntimeError: a fault of ours" in capsys.readouterr().err


def test_debug_says_where_the_fault_was(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("backlit.pipeline.assemble.assemble", broken)
    finished(plan(root, "build_wheel", {"backlit.report": "reports", "backlit.log": "debug"}), wheel(root.parent))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "artifact", "expected"),
    [
        ("out", "demo-1.0-cp311-cp311-linux_x86_64.whl", "/src/out/demo-1.0-cp311-cp311-linux_x86_64.json"),
        ("/abs/out", "demo-1.0.tar.gz", "/abs/out/demo-1.0.json"),
        ("one.json", "demo-1.0.zip", "/src/one.json"),
        ("out", "demo-1.0.odd", "/src/out/demo-1.0.odd.json"),
    ],
)
def test_a_reports_place(value: str, artifact: str, expected: str) -> None:
    assert str(finish.destination_for(value, artifact, Path("/src"))) == expected
