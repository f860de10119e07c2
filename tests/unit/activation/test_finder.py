"""What is stood in for, and what is not; in this process, with the finder put in by hand."""

from __future__ import annotations

import importlib
import os
import sys
import types
from typing import TYPE_CHECKING

import pytest

import _backlit_pth
from backlit import activation
from backlit.activation.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Write = Callable[..., Path]

BACKEND = """\
import sys
IMPORTED = True
CONSTANT = "the real one's"
NOTHING = None

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return "real.whl"

def build_sdist(sdist_directory, config_settings=None):
    return "real.tar.gz"
"""


@pytest.fixture
def active(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Turn backlit on in this process; give an empty folder, which is the current one and on ``sys.path``."""
    for name in list(os.environ):
        if name.startswith("BACKLIT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BACKLIT", "1")
    monkeypatch.setattr(sys, "meta_path", [_backlit_pth, *sys.meta_path])
    monkeypatch.setattr(sys, "path", [str(tmp_path / "installed"), *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    importlib.invalidate_caches()
    yield root
    for name in set(sys.modules) - before:
        if not name.startswith("backlit"):
            del sys.modules[name]


@pytest.fixture
def installed(active: Path) -> Write:
    """Write a module of an installed distribution, which is not the project's."""

    def write(name: str, text: str = BACKEND) -> Path:
        path = active.parent / "installed" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        if "." in name:
            path.with_name("__init__.py").write_text("")
        path.write_text(text)
        importlib.invalidate_caches()
        return path

    return write


def names(root: Path, backend: str, more: str = "") -> None:
    (root / "pyproject.toml").write_text(f"[build-system]\nrequires = []\nbuild-backend = {backend}\n{more}")


@pytest.mark.parametrize(
    "written",
    [
        '"fake_house.build"',
        "'fake_house.build'",
        '"fake_house.build:thing"',
        '"fake_house.build : thing"',
        '"""fake_house.build"""',
        '"fake_house\\u002Ebuild"',
        '"fake\\u005fhouse.build"',
    ],
    ids=repr,
)
def test_a_name_is_seen_however_it_is_written(active: Path, installed: Write, written: str) -> None:
    names(active, written)
    installed("fake_house.build")
    assert type(importlib.import_module("fake_house.build")) is StandIn


@pytest.mark.parametrize("key", ["build-backend", '"build-backend"', "'build-backend'"], ids=repr)
def test_a_key_is_seen_however_it_is_written(active: Path, installed: Write, key: str) -> None:
    (active / "pyproject.toml").write_text(f'[build-system]\nrequires = []\n{key} = "fake_house"\n')
    installed("fake_house")
    assert type(importlib.import_module("fake_house")) is StandIn


def test_every_way_of_importing_gives_the_stand_in(active: Path, installed: Write) -> None:
    names(active, '"fake_house.build"')
    installed("fake_house.build")
    # As front ends write it, uv for example.
    space: dict[str, types.ModuleType] = {}
    exec("import fake_house.build as one; from fake_house import build as two; import fake_house.build", space)  # noqa: S102
    package = space["fake_house"]
    assert [type(space["one"]), type(space["two"])] == [StandIn, StandIn]
    assert space["one"] is space["two"] is vars(package)["build"] is importlib.import_module("fake_house.build")
    assert type(package) is types.ModuleType


def test_the_real_module_is_not_imported_before_it_is_needed(active: Path, installed: Write) -> None:
    names(active, '"fake_house"')
    installed("fake_house", "raise RuntimeError('no version')\n")
    module = importlib.import_module("fake_house")
    with pytest.raises(RuntimeError, match="no version"):
        _ = module.CONSTANT


def test_all_other_attributes_are_the_real_ones(active: Path, installed: Write) -> None:
    names(active, '"fake_house"')
    path = installed("fake_house")
    module = importlib.import_module("fake_house")
    assert (module.CONSTANT, module.NOTHING, module.__file__, module.__name__) == (
        "the real one's",
        None,
        str(path),
        "fake_house",
    )
    assert not hasattr(module, "nonsense")
    assert not hasattr(module, "__path__")


def test_importing_it_again_gives_a_stand_in_again(active: Path, installed: Write) -> None:
    # gpep517 drops all modules that a build has imported.
    names(active, '"fake_house"')
    installed("fake_house")
    assert type(importlib.import_module("fake_house")) is StandIn
    del sys.modules["fake_house"]
    assert type(importlib.import_module("fake_house")) is StandIn


@pytest.mark.parametrize("value", ["", "0"])
def test_a_value_that_is_off_is_off(
    active: Path, installed: Write, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    names(active, '"fake_house"')
    installed("fake_house")
    monkeypatch.setenv("BACKLIT", value)
    assert importlib.import_module("fake_house").IMPORTED


def test_a_value_that_means_nothing_is_said_once_and_has_no_effect(
    active: Path, installed: Write, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    names(active, '"fake_house"')
    installed("fake_house")
    monkeypatch.setenv("BACKLIT", "maybe")
    for _ in range(2):
        assert type(importlib.import_module("fake_house")) is types.ModuleType
        del sys.modules["fake_house"]
    assert capfd.readouterr().err == "backlit: BACKLIT is 'maybe', which is neither 1 nor 0: it has no effect\n"


@pytest.mark.parametrize(
    "pyproject",
    [
        None,
        "",
        '[build-system]\nrequires = ["fake_house"]\n',
        '[build-system]\nrequires = []\nbuild-backend = "fake_house.build"\n',
        '[build-system]\nrequires = []\nbuild-backend = "backlit"\n[tool.backlit]\nbuild-backend = "fake_house"\n',
        '[build-system]\nrequires = []\nbuild-backend = "backlit:x"\n[tool.backlit]\nbuild-backend = "fake_house"\n',
        '[build-system]\nrequires = []\nbuild-backend = "fake_house\n',
        "[build-system]\nrequires = []\nbuild-backend = ['fake_house']\n",
        '[tool.other]\nbuild-backend = "fake_house"\n',
        '# build-backend = "fake_house"\n',
    ],
    ids=repr,
)
def test_what_is_not_the_named_backend_is_left_alone(active: Path, installed: Write, pyproject: str | None) -> None:
    if pyproject is not None:
        (active / "pyproject.toml").write_text(pyproject)
    installed("fake_house")
    assert type(importlib.import_module("fake_house")) is types.ModuleType


def test_a_backend_that_is_not_there_is_missing_as_ever(active: Path) -> None:
    names(active, '"fake_house"')
    with pytest.raises(ModuleNotFoundError, match="No module named 'fake_house'"):
        importlib.import_module("fake_house")


def test_a_backend_in_the_tree_has_to_come_from_the_tree(
    active: Path, installed: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(active, '"fake_house.build"', 'backend-path = ["inside"]\n')
    installed("fake_house.build")
    assert type(importlib.import_module("fake_house.build")) is types.ModuleType
    for name in ("fake_house.build", "fake_house"):
        del sys.modules[name]
    inside = active / "inside" / "fake_house"
    inside.mkdir(parents=True)
    (inside / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (inside / "build.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.setattr(sys, "path", ["inside", *sys.path])
    importlib.invalidate_caches()
    assert type(importlib.import_module("fake_house.build")) is StandIn
    assert type(sys.modules["fake_house"]) is StandIn


def test_the_folder_counts_in_which_it_is_imported(
    active: Path, installed: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(active, '"fake_house"')
    installed("fake_house")
    other = tmp_path / "other"
    other.mkdir()
    names(other, '"fake_shed"')
    monkeypatch.chdir(other)
    assert type(importlib.import_module("fake_house")) is types.ModuleType


def test_a_folder_that_is_gone_is_no_project(active: Path, installed: Write) -> None:
    installed("fake_house")
    active.rmdir()
    assert type(importlib.import_module("fake_house")) is types.ModuleType


def test_where_pip_has_taken_backlit_off_the_path_the_finder_goes_too(
    active: Path, installed: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(active, '"fake_house"')
    installed("fake_house")
    for name in [name for name in sys.modules if name.partition(".")[0] == "backlit"]:
        monkeypatch.delitem(sys.modules, name)
    home = os.path.dirname(os.path.dirname(activation.__file__))  # noqa: PTH120 - as sys.path has it
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder != os.path.dirname(home)])  # noqa: PTH120
    monkeypatch.setattr(sys, "meta_path", [f for f in sys.meta_path if "editable" not in repr(f)])
    assert type(importlib.import_module("fake_house")) is types.ModuleType
    assert _backlit_pth not in sys.meta_path


def test_what_site_imports_is_not_looked_at(active: Path, installed: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    names(active, '"fake_house"')
    installed("fake_house")
    monkeypatch.setattr(_backlit_pth, "_ready", False)
    exec("import fake_house", {"__name__": "site", "__builtins__": __builtins__})  # noqa: S102 - a frame of that name
    assert type(sys.modules.pop("fake_house")) is types.ModuleType
    assert not vars(_backlit_pth)["_ready"]
    assert type(importlib.import_module("fake_house")) is StandIn


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("_PYPROJECT_HOOKS_BACKEND_PATH_JSON", '["{root}/inside", "{root}/more"]'),
        ("_PYPROJECT_HOOKS_BACKEND_PATH", "{root}/inside:{root}/more"),
    ],
)
def test_backend_path_is_taken_from_pyproject_hooks(
    active: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    names(active, '"house.build:it"', 'backend-path = ["inside"]\n')
    environment = {
        "_PYPROJECT_HOOKS_BUILD_BACKEND": "house.build:it",
        variable: value.format(root=active),
        "OTHER": "kept",
    }
    monkeypatch.setattr(sys, "path", ["before"])
    activation.take_backend_path(environment)
    assert environment == {"_PYPROJECT_HOOKS_BUILD_BACKEND": "house.build:it", "OTHER": "kept"}
    assert sys.path == [f"{active}/inside", f"{active}/more", "before"]


@pytest.mark.parametrize(("started_for", "value"), [("other", "1"), ("house", "maybe"), ("house", "0")])
def test_backend_path_is_left_where_nothing_will_stand_in(
    active: Path, monkeypatch: pytest.MonkeyPatch, started_for: str, value: str
) -> None:
    names(active, '"house"', 'backend-path = ["."]\n')
    monkeypatch.setenv("BACKLIT", value)
    environment = {
        "_PYPROJECT_HOOKS_BUILD_BACKEND": started_for,
        "_PYPROJECT_HOOKS_BACKEND_PATH_JSON": '["."]',
    }
    before = dict(environment), sys.path[:]
    activation.take_backend_path(environment)
    assert (environment, sys.path) == before
