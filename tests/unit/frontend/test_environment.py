"""The running backlit in another environment: real virtual environments, their own interpreters."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import packaging
import pytest

import backlit
from backlit.config.project import Project
from backlit.errors import BackendError, ConfigError
from backlit.frontend import environment
from backlit.frontend.progress import Silent

ROOT = Path(__file__).parents[3]


@pytest.fixture
def purelib(tmp_path: Path) -> Path:
    """Give the ``site-packages`` of a new virtual environment."""
    venv.create(tmp_path / "venv", symlinks=True)
    version = f"python{sysconfig.get_python_version()}"
    return tmp_path / "venv" / "lib" / version / "site-packages"


def asked(purelib: Path, question: str) -> Any:  # noqa: ANN401 - any JSON value
    """Let an environment's interpreter answer."""
    python = purelib.parents[2] / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", f"import json; {question}"], capture_output=True, check=True)
    return json.loads(done.stdout)


def test_the_running_backlit_is_importable(purelib: Path, tmp_path: Path) -> None:
    environment.put_in(purelib, tmp_path / "overlay")
    found = asked(purelib, "import backlit; print(json.dumps([backlit.__version__, backlit.__file__]))")
    assert found[0] == backlit.__version__
    assert Path(found[1]).samefile(backlit.__file__)


def test_setuptools_finds_the_file_finder(purelib: Path, tmp_path: Path) -> None:
    environment.put_in(purelib, tmp_path / "overlay")
    question = (
        "from importlib.metadata import entry_points;"
        "print(json.dumps([[e.name, e.value, e.dist.name, e.dist.version]"
        " for e in entry_points(group='setuptools.file_finders')]))"
    )
    assert asked(purelib, question) == [["backlit", "backlit.file_finder:find", "backlit", backlit.__version__]]


def test_the_entry_points_are_those_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"setuptools.file_finders": {"backlit": "backlit.file_finder:find"}}
    assert groups.items() <= project["entry-points"].items()
    assert environment.ENTRY_POINTS == "[setuptools.file_finders]\nbacklit = backlit.file_finder:find\n"


def test_packaging_is_there_only_if_the_environment_has_none(purelib: Path, tmp_path: Path) -> None:
    environment.put_in(purelib, tmp_path / "overlay")
    question = "import packaging; print(json.dumps(packaging.__file__))"
    assert "overlay" in asked(purelib, question)
    (purelib / "packaging").mkdir()
    (purelib / "packaging" / "__init__.py").touch()
    assert asked(purelib, question) == str(purelib / "packaging" / "__init__.py")


def test_a_project_that_brings_another_backlit_has_its_own(purelib: Path, tmp_path: Path) -> None:
    (purelib / "backlit.py").touch()
    environment.put_in(purelib, tmp_path / "overlay")
    assert asked(purelib, "import backlit; print(json.dumps(backlit.__file__))") == str(purelib / "backlit.py")


def test_nothing_else_of_this_environment_is_importable(purelib: Path, tmp_path: Path) -> None:
    environment.put_in(purelib, tmp_path / "overlay")
    question = (
        "import importlib.util as u; print(json.dumps([n for n in ['pytest', 'rich', 'build'] if u.find_spec(n)]))"
    )
    assert asked(purelib, question) == []


def test_a_zipped_backlit_is_copied(purelib: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backlit.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for package in (backlit, packaging):
            folder = Path(str(package.__file__)).parent
            for module in folder.rglob("*.py"):
                file.write(module, Path(folder.name, module.relative_to(folder)))
    script = (
        "import sys; from pathlib import Path; from backlit.frontend import environment as e;"
        "e.put_in(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-S", "-c", script, str(purelib), str(tmp_path / "overlay")]
    subprocess.run(command, env={"PYTHONPATH": str(archive)}, check=True)
    assert not (tmp_path / "overlay" / "backlit").is_symlink()
    found = asked(purelib, "import backlit.errors; print(json.dumps(backlit.__file__))")
    assert found == str(tmp_path / "overlay" / "backlit" / "__init__.py")


def a_project(requires: object) -> Project:
    return Project(Path("/nowhere"), {"build-system": {"requires": requires}})


def test_a_project_without_table_needs_setuptools() -> None:
    assert environment.requires_of(Project(Path("/nowhere"), {})) == environment.DEFAULT_REQUIRES


@pytest.mark.parametrize(
    ("requires", "left"),
    [
        (["setuptools>=61", "wheel"], ("setuptools>=61", "wheel")),
        (["backlit", "setuptools"], ("setuptools",)),
        (["Backlit >= 0.0.1 ; python_version > '3'"], ()),
        (["backlit-extra", "backlit.x"], ("backlit-extra", "backlit.x")),
    ],
    ids=["others", "ours", "spelled-otherwise", "only-alike"],
)
def test_backlit_is_no_requirement_to_install(requires: list[str], left: tuple[str, ...]) -> None:
    assert environment.requires_of(a_project(requires)) == left


@pytest.mark.parametrize("requires", [None, "setuptools", [1]], ids=["missing", "text", "number"])
def test_requirements_that_are_no_list_of_texts_are_refused(requires: object) -> None:
    with pytest.raises(ConfigError, match=r"pyproject.toml: build-system.requires: needs a list"):
        environment.requires_of(a_project(requires))


@pytest.mark.parametrize(
    ("requirement", "problem"),
    [("backlit>=999", "asks for backlit>=999, and"), ("backlit >= >=", "is no requirement")],
)
def test_another_backlit_than_the_running_one_is_refused(requirement: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        environment.requires_of(a_project([requirement]))


class Listening(Silent):
    """Progress that remembers what it was shown."""

    def __init__(self) -> None:
        self.shown = ""

    def show(self, output: str) -> None:
        """Remember it."""
        self.shown += output


def test_an_isolated_environment_holds_backlit_and_is_removed() -> None:
    with environment.isolated((), Silent()) as made:
        done = subprocess.run([made.python, "-I", "-c", "import backlit"], capture_output=True, check=False)
        assert done.stderr == b""
        assert Path(made.python).exists()
        assert made.variables["PYTHONPATH"] == ""
    assert not Path(made.python).exists()


def test_a_requirement_that_cannot_be_had_is_told_with_pips_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    listening = Listening()
    with (
        pytest.raises(BackendError, match=r"no-such-thing==9 cannot be installed: ERROR: No matching distribution"),
        environment.isolated(["no-such-thing==9"], listening),
    ):
        pass
    assert "Could not find a version" in listening.shown


BACKEND = """
def get_requires_for_build_wheel(config_settings=None):
    print("a.c:1:10: fatal error: libxml/tree.h: No such file or directory", flush=True)
    raise SystemExit("error: command 'gcc' failed with exit code 1")
"""


def test_a_requirement_that_cannot_be_built_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = '[build-system]\nrequires = []\nbuild-backend = "inside"\nbackend-path = ["."]\n'
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    (tmp_path / "inside.py").write_text(BACKEND, encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    listening = Listening()
    with (
        pytest.raises(BackendError, match="cannot be installed"),
        environment.isolated([f"demo @ {tmp_path.as_uri()}"], listening),
    ):
        pass
    pips, _, ours = listening.shown.partition("backlit: ")
    assert "fatal error: libxml/tree.h" in pips
    assert ours.startswith(
        "why it failed: a.c:1: gcc found no header 'libxml/tree.h'\nbacklit: what it is: dep:generic/libxml2"
    )


def test_what_is_installed_is_compiled_where_python_would_write_no_byte_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "new.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "old.py").write_text("print 'x'\n", encoding="utf-8")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    environment.compile_installed(sys.executable, tmp_path)
    assert not (tmp_path / "__pycache__").exists()
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    environment.compile_installed(sys.executable, tmp_path)
    assert [path.name.partition(".")[0] for path in (tmp_path / "__pycache__").iterdir()] == ["new"]
