"""The command line, as a user starts it: ``python -m backlit``."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import backlit
from backlit import schema
from kit import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = """\
[build-system]
requires = []
build-backend = "house"
backend-path = ["backend"]

[project]
name = "demo"
dynamic = ["version"]
"""

HOUSE = '''\
"""A backend that needs no index, makes noise, and always makes version 1.0."""
import os, sys, tarfile, zipfile

METADATA = "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n"

def noise():
    print("noise on stdout", flush=True)
    os.system("echo noise of a child")
    print("noise on stderr", file=sys.stderr)

def build_wheel(directory, config_settings=None, metadata_directory=None):
    noise()
    if (config_settings or {}).get("fail"):
        raise RuntimeError("the house is on fire")
    with zipfile.ZipFile(os.path.join(directory, "demo-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("demo.py", f"settings = {config_settings!r}")
        wheel.writestr("demo-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: house\\nRoot-Is-Purelib: true\\n")
        wheel.writestr("demo-1.0.dist-info/RECORD", "")
    return "demo-1.0-py3-none-any.whl"

class UnsupportedOperation(Exception):
    pass

def build_sdist(directory, config_settings=None):
    if (config_settings or {}).get("fail"):
        raise UnsupportedOperation("no sdist today")
    os.makedirs("demo-1.0", exist_ok=True)
    with open("demo-1.0/PKG-INFO", "w") as file:
        file.write(METADATA)
    with tarfile.open(os.path.join(directory, "demo-1.0.tar.gz"), "w:gz") as sdist:
        sdist.add("demo-1.0")
    return "demo-1.0.tar.gz"
'''


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a project with a backend in its own tree."""
    (tmp_path / "demo" / "backend").mkdir(parents=True)
    (tmp_path / "demo" / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "demo" / "backend" / "house.py").write_text(HOUSE, encoding="utf-8")
    return tmp_path / "demo"


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BACKLIT", "NO_COLOR"))}
    # Run from the tree, backlit is found by this; installed, it must not bring its neighbours into isolated builds.
    source = {"PYTHONPATH": str(ROOT / "src")} if Path(backlit.__file__).is_relative_to(ROOT / "src") else {}
    return kept | source | variables


def run(
    *arguments: str | Path, cwd: Path, status: int = 0, encoding: str = "utf-8", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run backlit to its end; another exit code than `status` fails the test with all it printed."""
    command = [sys.executable, "-m", "backlit", *(str(argument) for argument in arguments)]
    done = subprocess.run(
        command, cwd=cwd, env=environment(**variables), capture_output=True, encoding=encoding, check=False
    )
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr or status == 4
    return done


def test_the_version_is_told(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"backlit {backlit.__version__}\n"


@pytest.mark.parametrize("command", [(), ("build",), ("scan",), ("version",), ("schema",)], ids="-".join)
def test_help_has_examples_and_exit_codes(tmp_path: Path, command: tuple[str, ...]) -> None:
    text = run(*command, "--help", cwd=tmp_path).stdout
    assert "examples:" in text
    assert "exit codes:" in text


@pytest.mark.parametrize("command", ["build", "scan", "version", "schema"])
def test_every_option_is_in_the_reference(tmp_path: Path, command: str) -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    section = page.partition(f"## backlit {command}\n")[2].partition("\n## ")[0]
    options = {*re.findall(r"--[a-z-]+", run(command, "--help", cwd=tmp_path).stdout)} - {"--help"}
    assert {option for option in options if f"`{option}" not in section} == set()


def test_a_wheel_is_built_in_isolation_with_its_report_beside_the_outdir(demo: Path) -> None:
    done = run("build", "demo", cwd=demo.parent)
    report = demo.parent / "backlit-report" / "demo-1.0-py3-none-any.json"
    assert [path.name for path in (demo.parent / "dist").iterdir()] == ["demo-1.0-py3-none-any.whl"]
    assert schema.problems_in(json.loads(report.read_bytes())) == []
    assert "No native libraries, and no native code." in done.stdout
    assert f"report   {report}" in done.stdout


def test_what_the_real_backend_prints_is_not_on_standard_output(demo: Path) -> None:
    done = run("build", "demo", "--format", "json", cwd=demo.parent)
    for noise in ("noise on stdout", "noise of a child", "noise on stderr"):
        assert noise in done.stderr
        assert noise not in done.stdout
    (artifact,) = json.loads(done.stdout)["artifacts"]
    assert artifact["kind"] == "wheel"
    assert artifact["report"] == json.loads(Path(artifact["report_path"]).read_bytes())


def test_the_tree_is_left_as_it_was(demo: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.rglob("*")}
    run("build", "demo", "-s", "-w", cwd=demo.parent)
    assert {path: path.stat().st_mtime_ns for path in demo.rglob("*")} == before


def test_both_kinds_have_a_report_each(demo: Path) -> None:
    done = run("build", "demo", "-s", "-w", "-o", "out", "--report", "said", "--format", "json", cwd=demo.parent)
    artifacts = json.loads(done.stdout)["artifacts"]
    assert [artifact["kind"] for artifact in artifacts] == ["sdist", "wheel"]
    assert all(Path(artifact["path"]).is_file() for artifact in artifacts)
    names = {Path(artifact["report_path"]).relative_to(demo.parent).as_posix() for artifact in artifacts}
    assert names == {"said/demo-1.0.json", "said/demo-1.0-py3-none-any.json"}


def test_an_sdist_is_built_from_where_it_was_unpacked(demo: Path) -> None:
    shutil.make_archive(str(demo.parent / "demo-1.0"), "gztar", demo.parent, "demo")
    run("build", "demo-1.0.tar.gz", "-C", "backlit.report=said/r.json", cwd=demo.parent)
    assert (demo.parent / "said" / "r.json").is_file()


def test_settings_of_ours_are_taken_out_and_the_rest_passed_on(demo: Path) -> None:
    run("build", "demo", "-C", "a=1", "-C", "a=2", "-C", "b=x=y", "--version", "1.0", cwd=demo.parent)
    with zipfile.ZipFile(next((demo.parent / "dist").iterdir())) as wheel:
        assert wheel.read("demo.py").decode() == "settings = {'a': ['1', '2'], 'b': 'x=y'}"


def test_a_build_that_does_not_obey_the_version_is_error_3_told_once(demo: Path) -> None:
    done = run("build", "demo", "--version", "2.0", cwd=demo.parent, status=3)
    assert done.stderr.count("backlit: error:") == 1
    assert "2.0 was asked for (config setting backlit.version), but the file name has 1.0" in done.stderr
    assert [*(demo.parent / "dist").iterdir()] == []


@pytest.mark.parametrize("kind", ["--wheel", "--sdist"])
def test_a_failure_of_the_real_backend_is_error_4_after_its_own_output(demo: Path, kind: str) -> None:
    done = run("build", "demo", kind, "-C", "fail=1", cwd=demo.parent, status=4)
    assert done.stderr.splitlines()[-1].startswith("backlit: error: house ")
    assert done.stdout == ""
    if kind == "--wheel":
        assert "RuntimeError: the house is on fire" in done.stderr


def test_a_requirement_that_cannot_be_had_is_error_4_after_pips_own_words(demo: Path) -> None:
    text = PYPROJECT.replace("requires = []", 'requires = ["no-such-thing==9"]')
    (demo / "pyproject.toml").write_text(text, encoding="utf-8")
    done = run("build", "demo", cwd=demo.parent, status=4, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(demo))
    assert "Could not find a version" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("backlit: error: no-such-thing==9 cannot be installed: ERROR: ")


def test_a_report_of_an_earlier_build_is_not_shown(demo: Path) -> None:
    stale = demo.parent / "backlit-report" / "demo-1.0-py3-none-any.json"
    stale.mkdir(parents=True)  # a folder where the report should go cannot be replaced
    done = run("build", "demo", "--format", "json", cwd=demo.parent)
    assert json.loads(done.stdout)["artifacts"][0]["report"] is None
    assert "the report cannot be written" in done.stderr


def test_progress_is_plain_lines_where_it_is_asked_for(demo: Path) -> None:
    quiet = run("build", "demo", cwd=demo.parent, BACKLIT_LOG="quiet").stderr
    told = run("build", "demo", cwd=demo.parent, BACKLIT_LOG="info").stderr
    assert "backlit: Making an isolated environment\n" not in quiet
    assert "backlit: Making an isolated environment\n" in told
    assert "backlit: Building the wheel with house\n" in told


def test_a_version_is_explained(demo: Path) -> None:
    done = run("version", "demo", "--format", "json", cwd=demo.parent, BACKLIT_VERSION="1.2.3")
    explained = json.loads(done.stdout)
    assert (explained["version"], explained["where"]) == ("1.2.3", "environment variable BACKLIT_VERSION")
    table = run("version", "demo", cwd=demo.parent, BACKLIT_VERSION="1.2.3").stdout
    assert "from       environment variable BACKLIT_VERSION (environment)\n" in table


def test_a_version_to_explain_may_be_given_for_each_kind_of_build(demo: Path) -> None:
    given = ("version", "demo", "--version", "v1.2.3-rc.1", "--format", "json")
    for kind, hook in (("wheel", "build_wheel"), ("sdist", "build_sdist"), ("editable", "build_editable")):
        explained = json.loads(run(*given, "--kind", kind, cwd=demo.parent).stdout)
        assert (explained["version"], explained["hook"], explained["asked"]) == ("1.2.3rc1", hook, True)


def test_a_version_that_is_none_is_not_explained(demo: Path) -> None:
    done = run("version", "demo", "--version", "1.2.3-1", cwd=demo.parent, status=3)
    assert done.stderr == (
        "backlit: error: --version: '1.2.3-1' has two readings; write 1.2.3 without the package's revision, or "
        "1.2.3.post1 if a post-release is meant\n"
    )


def test_auto_says_what_it_looked_at(demo: Path) -> None:
    done = run("version", "demo", "--version", "auto", cwd=demo.parent, status=3, PV="1.2", PN="other")
    assert "nothing here says which version of " in done.stderr
    assert "PV (is 1.2, but PN is other)" in done.stderr
    explained = json.loads(
        run("version", "demo", "--version=auto", "--format=json", cwd=demo.parent, PV="1.2_rc1", PN="demo").stdout
    )
    assert (explained["version"], explained["origin"]) == ("1.2rc1", "distribution")


def test_a_wheel_is_scanned(demo: Path) -> None:
    run("build", "demo", cwd=demo.parent)
    wheel = next((demo.parent / "dist").iterdir())
    report = json.loads(run("scan", wheel, "--format", "json", cwd=demo.parent).stdout)
    assert schema.problems_in(report) == []
    assert report["project"]["name"] == "demo"
    assert f"wheel    {wheel}\n" in run("scan", wheel, cwd=demo.parent).stdout


def test_the_schema_is_printed_as_it_is_shipped(tmp_path: Path) -> None:
    shipped = Path(schema.__file__).with_name(schema.FILE).read_text(encoding="utf-8")
    assert run("schema", cwd=tmp_path).stdout == shipped


def test_a_report_that_breaks_the_schema_is_finding_1(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"schema": "x\\u001b[31m"}', encoding="utf-8")
    done = run("schema", "r.json", cwd=tmp_path, status=1)
    assert "$: 'project' is a required property\n" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """Give a PYTHONPATH on which the extras are not installed."""
    for name in ("build", "rich", "jsonschema"):
        text = f'raise ModuleNotFoundError("No module named {name}", name="{name}")'
        (tmp_path / "bare").mkdir(exist_ok=True)
        (tmp_path / "bare" / f"{name}.py").write_text(text, encoding="utf-8")
    return f"{tmp_path / 'bare'}{os.pathsep}{Path(backlit.__file__).parents[1]}"


@pytest.mark.parametrize("command", [["--version"], ["schema"], ["version", "demo", "--format", "json"]])
@pytest.mark.usefixtures("demo")
def test_without_the_extras_what_needs_none_works(tmp_path: Path, bare: str, command: list[str]) -> None:
    assert run(*command, cwd=tmp_path, PYTHONPATH=bare).stdout


@pytest.mark.parametrize(
    ("command", "cure"),
    [
        (["build", "demo"], "pip install 'backlit[cli]'"),
        (["build", "demo", "--format", "json"], "pip install 'backlit[cli]'"),
        (["version", "demo"], "pip install 'backlit[cli]'"),
        (["schema", "demo/pyproject.json"], "pip install 'backlit[validate]'"),
    ],
    ids=["build", "build-json", "version", "schema"],
)
def test_a_missing_extra_is_named(demo: Path, bare: str, command: list[str], cure: str) -> None:
    (demo / "pyproject.json").write_text("{}", encoding="utf-8")
    assert cure in run(*command, cwd=demo.parent, status=2, PYTHONPATH=bare).stderr


def test_without_the_extras_a_build_without_isolation_works(demo: Path, bare: str) -> None:
    done = run("build", "demo", "-n", "--format", "json", cwd=demo.parent, PYTHONPATH=bare)
    (artifact,) = json.loads(done.stdout)["artifacts"]
    assert (artifact["kind"], Path(artifact["path"]).is_file()) == ("wheel", True)


def test_a_reader_that_stops_is_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "backlit", "schema"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let a child hear an interrupt, also where the shell that started the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_is_one_line(demo: Path) -> None:
    slow = HOUSE.replace("noise()\n    if", "open('../started', 'w').close(); import time; time.sleep(60)\n    if")
    (demo / "backend" / "house.py").write_text(slow.replace("'../started'", repr(str(demo.parent / "started"))))
    command = [sys.executable, "-m", "backlit", "build", "demo", "-n"]
    with subprocess.Popen(
        command, cwd=demo.parent, env=environment(), stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        for _ in range(600):
            if (demo.parent / "started").exists():
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        last = process.stderr.read().splitlines()[-1]
    assert (process.returncode, last) == (130, b"backlit: error: interrupted")


def test_a_fault_of_ours_says_how_to_see_more(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import backlit.schema\ndef load(): raise RuntimeError('a bug')\nbacklit.schema.load = load\n", encoding="utf-8"
    )
    path = f"{tmp_path}{os.pathsep}{Path(backlit.__file__).parents[1]}"
    (line,) = run("schema", cwd=tmp_path, status=70, PYTHONPATH=path).stderr.splitlines()
    assert (
        line == "backlit: error: RuntimeError: a bug; this is a fault of backlit; BACKLIT_LOG=debug shows its traceback"
    )
    command = [sys.executable, "-m", "backlit", "schema"]
    variables = environment(PYTHONPATH=path, BACKLIT_LOG="debug")
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert "Traceback" in done.stderr


def test_names_that_the_output_cannot_spell_are_shown_as_numbers(demo: Path) -> None:
    (demo / "pyproject.toml").write_text(PYPROJECT.replace('"demo"', '"dämo-漢"'), encoding="utf-8")
    done = run("version", "demo", cwd=demo.parent, encoding="latin-1", PYTHONIOENCODING="latin-1")
    assert "project    dämo-\\u6f22\n" in done.stdout


@pytest.mark.integration
@pytest.mark.compiler
@pytest.mark.network
def test_a_c_project_is_built_in_isolation(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "testprojects" / "setuptools-c-unused", tmp_path / "unused")
    done = run("build", "unused", "-w", "-s", "--format", "json", cwd=tmp_path)
    sdist, wheel = json.loads(done.stdout)["artifacts"]
    assert schema.problems_in(wheel["report"]) == []
    assert schema.problems_in(sdist["report"]) == []
    assert [compiler["languages"] for compiler in wheel["report"]["compilers"]] == [["c"]]


@pytest.mark.integration
@pytest.mark.network
def test_a_release_is_fetched_and_built(tmp_path: Path) -> None:
    done = run("build", "attrs==23.2.0", cwd=tmp_path)
    assert (tmp_path / "dist" / "attrs-23.2.0-py3-none-any.whl").is_file()
    assert "version  23.2.0, PKG-INFO (pkg-info)" in done.stdout
