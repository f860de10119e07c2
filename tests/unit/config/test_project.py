"""What a tree says of itself, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects
from backlit.errors import ConfigError, InputError

if TYPE_CHECKING:
    from pathlib import Path


def tree(folder: Path, pyproject: str | None = None, **files: str) -> projects.Project:
    if pyproject is not None:
        (folder / "pyproject.toml").write_text(pyproject)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return projects.load(folder)


@pytest.mark.parametrize(
    ("pyproject", "name", "path"),
    [
        pytest.param("", projects.LEGACY, (), id="no build-system table"),
        pytest.param("[build-system]\nrequires = []", projects.LEGACY, (), id="no build-backend"),
        pytest.param(
            "[build-system]\nbuild-backend = 'flit_core.buildapi'", "flit_core.buildapi", (), id="overridden by name"
        ),
        pytest.param(
            "[build-system]\nbuild-backend = 'mine:back.end'\nbackend-path = ['b']",
            "mine:back.end",
            ("b",),
            id="in-tree object",
        ),
        pytest.param("[build-system]\nbuild-backend = 'backlit'", projects.LEGACY, (), id="opted in, nothing named"),
        pytest.param(
            "[build-system]\nbuild-backend = 'backlit'\n[tool.backlit]\nbuild-backend = 'x'\nbackend-path = ['y']",
            "x",
            ("y",),
            id="opted in",
        ),
    ],
)
def test_the_real_backend_is_the_one_the_project_means(
    tmp_path: Path, pyproject: str, name: str, path: tuple[str, ...]
) -> None:
    spec = projects.real_backend(tree(tmp_path, pyproject))
    assert (spec.name, spec.path) == (name, path)


def test_a_backend_named_by_object_splits_into_module_and_attributes() -> None:
    spec = projects.BackendSpec("a.b:c.d", (), "")
    assert (spec.module, spec.attributes) == ("a.b", ("c", "d"))


@pytest.mark.parametrize(
    ("pyproject", "words"),
    [
        pytest.param("a = ", "pyproject.toml: is not TOML", id="broken"),
        pytest.param("[build-system]\nbuild-backend = 3", "names no backend", id="not a string"),
        pytest.param("[build-system]\nbuild-backend = 'a b c;'", "names no backend", id="not a name"),
        pytest.param(
            "[build-system]\nbuild-backend='backlit'\n[tool.backlit]\nbuild-backend='backlit'",
            "in front of itself",
            id="itself",
        ),
        pytest.param(
            "[build-system]\nbuild-backend='x'\nbackend-path=['../y']", "leads out of the tree", id="out of the tree"
        ),
        pytest.param("[build-system]\nbuild-backend='x'\nbackend-path='y'", "needs a list", id="path is no list"),
        pytest.param("a = " + "[" * 100_000, "nested or numbered", id="deep"),
        pytest.param("a = " + "1" * 10_000, "nested or numbered", id="long number"),
        pytest.param("#" * (projects.TOML_LIMIT + 1), "larger than", id="large"),
    ],
)
def test_a_pyproject_that_cannot_be_used_is_one_error(tmp_path: Path, pyproject: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        projects.real_backend(tree(tmp_path, pyproject))


def test_a_pyproject_that_is_not_utf8_names_the_byte(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 5"):
        projects.load(tmp_path)


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither pyproject.toml nor setup.py"):
        projects.load(tmp_path)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({"pyproject__toml": "[project]\nname = 'A.b'"}, "A.b", id="PEP 621"),
        pytest.param({"pyproject__toml": "[tool.poetry]\nname = 'a'"}, "a", id="poetry"),
        pytest.param({"pyproject__toml": "[tool.flit.metadata]\nmodule = 'a'"}, "a", id="flit"),
        pytest.param({"setup__py": "", "setup__cfg": "[metadata]\nname = a_b\n"}, "a_b", id="setup.cfg"),
        pytest.param({"setup__py": "from setuptools import setup\nsetup(name='a')"}, "a", id="setup.py"),
        pytest.param({"setup__py": "N = 'a'\nsetuptools.setup(name=N)"}, "a", id="setup.py, by a constant"),
        pytest.param(
            {"setup__py": "setup(name=f())", "PKG-INFO": "Metadata-Version: 2.1\nName: a-b\n\nName: no"},
            "a-b",
            id="PKG-INFO",
        ),
        pytest.param({"setup__py": "setup(name=f())"}, None, id="not said"),
        pytest.param({"setup__py": "setup(name="}, None, id="setup.py does not parse"),
    ],
)
def test_the_name_is_read_without_running_anything(tmp_path: Path, files: dict[str, str], name: str | None) -> None:
    assert projects.name_of(tree(tmp_path, None, **files)) == name


def test_requirements_are_given_by_normal_name(tmp_path: Path) -> None:
    found = tree(tmp_path, "[build-system]\nrequires = ['Setuptools_SCM[toml] >= 8', 'wheel']").requires
    assert found == ("setuptools-scm", "wheel")


@pytest.mark.parametrize("pattern", ["^b", r"^\s*b"])
def test_a_line_is_found_by_its_text(tmp_path: Path, pattern: str) -> None:
    assert tree(tmp_path, "a = 1\n\nb = 2\n").line_of("pyproject.toml", pattern) == "pyproject.toml:3"
