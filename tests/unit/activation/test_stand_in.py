"""The hooks of a stand-in: backlit's, in front of the real module, which everybody else finds while one runs."""

from __future__ import annotations

import importlib
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import _backlit_pth
from backlit.activation.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = '''\
"""A real backend, as module and as objects, which writes down what it was given and how it is found by others."""
import importlib, json, os, sys, zipfile

class UnsupportedOperation(Exception):
    pass

class Backend:
    def __init__(self, label):
        self.label = label

    def build_wheel(self, wheel_directory, config_settings=None, metadata_directory=None):
        found = importlib.import_module("house.build")
        seen = {
            "label": self.label,
            "settings": config_settings,
            "real": found.__dict__ is globals() and sys.modules["house"].build is found and found.COUNT == COUNT,
            "again": importlib.import_module("house.build").build_wheel is build_wheel,
            "calls": COUNT,
            "BACKLIT": os.environ.get("BACKLIT"),
        }
        globals()["COUNT"] += 1
        with zipfile.ZipFile(os.path.join(wheel_directory, "demo-1.0-py3-none-any.whl"), "w") as wheel:
            wheel.writestr("seen.json", json.dumps(seen))
            wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n\\n")
            wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n")
            wheel.writestr("demo-1.0.dist-info/RECORD", "")
        if (config_settings or {}).get("fail"):
            raise RuntimeError("its own words")
        return "demo-1.0-py3-none-any.whl"

    def build_sdist(self, sdist_directory, config_settings=None):
        raise UnsupportedOperation("no sdists here")

    def get_requires_for_build_wheel(self, config_settings=None):
        return ["wanted", json.dumps(config_settings)]

COUNT = 0
_module = Backend("module")
build_wheel, build_sdist = _module.build_wheel, _module.build_sdist
get_requires_for_build_wheel = _module.get_requires_for_build_wheel
class shelf:
    thing = Backend("shelf.thing")
__legacy__ = Backend("__legacy__")
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Turn backlit on in this process; give the folder of a project, which is the current one."""
    for name in list(os.environ):
        if name.startswith("BACKLIT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BACKLIT", "1")
    monkeypatch.setenv("BACKLIT_LOG", "quiet")
    monkeypatch.setattr(sys, "meta_path", [_backlit_pth, *sys.meta_path])
    monkeypatch.setattr(sys, "path", [str(tmp_path / "installed"), *sys.path])
    package = tmp_path / "installed" / "house"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "build.py").write_text(HOUSE)
    root = tmp_path / "project"
    root.mkdir()
    names(root, "house.build")
    monkeypatch.chdir(root)
    importlib.invalidate_caches()
    yield root
    for name in ("house.build", "house"):
        sys.modules.pop(name, None)


def names(root: Path, backend: str) -> None:
    (root / "pyproject.toml").write_text(
        f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n[project]\nname = "demo"\nversion = "1.0"\n'
    )


def seen_in(folder: Path) -> dict[str, Any]:
    with zipfile.ZipFile(folder / "demo-1.0-py3-none-any.whl") as wheel:
        found: dict[str, Any] = json.loads(wheel.read("seen.json"))
    return found


def imported() -> Any:  # noqa: ANN401 - a module, whatever it has
    return importlib.import_module("house.build")


def test_while_a_hook_runs_everybody_finds_the_real_module(project: Path, tmp_path: Path) -> None:
    backend = imported()
    assert (type(backend), project) == (StandIn, Path.cwd())
    assert backend.build_wheel(str(tmp_path), {"a": "b"}) == "demo-1.0-py3-none-any.whl"
    assert seen_in(tmp_path) == {
        "label": "module",
        "settings": {"a": "b"},
        "real": True,
        "again": True,
        "calls": 0,
        "BACKLIT": None,
    }


def test_afterwards_it_stands_in_again_and_the_real_one_is_imported_once(project: Path, tmp_path: Path) -> None:
    backend = imported()
    for number in range(3):
        imported().build_wheel(wheel_directory=str(tmp_path), config_settings=None, metadata_directory=None)
        assert (project.name, seen_in(tmp_path)["calls"], seen_in(tmp_path)["real"]) == ("project", number, True)
        assert imported() is backend is vars(sys.modules["house"])["build"]
        assert os.environ["BACKLIT"] == "1"
        assert sys.meta_path[0] is _backlit_pth


def test_after_a_failure_it_stands_in_again(project: Path, tmp_path: Path) -> None:
    backend = imported()
    with pytest.raises(RuntimeError, match="its own words"):
        backend.build_wheel(str(tmp_path), {"fail": "yes"})
    assert (imported(), project) == (backend, Path.cwd())


def test_optional_hooks_are_there_exactly_where_the_real_backend_has_them(project: Path) -> None:
    backend = imported()
    assert project.is_dir()
    assert {
        name: hasattr(backend, name)
        for name in ("get_requires_for_build_wheel", "build_editable", "prepare_metadata_for_build_wheel", "nonsense")
    } == {
        "get_requires_for_build_wheel": True,
        "build_editable": False,
        "prepare_metadata_for_build_wheel": False,
        "nonsense": False,
    }
    assert backend.get_requires_for_build_wheel() == ["wanted", "null"]


def test_unsupported_operation_is_the_real_ones(project: Path, tmp_path: Path) -> None:
    backend = imported()
    assert project.is_dir()
    with pytest.raises(Exception, match="no sdists here") as caught:
        backend.build_sdist(str(tmp_path))
    # The class is asked for after the error has risen, as pyproject_hooks does.
    assert isinstance(caught.value, backend.UnsupportedOperation)


@pytest.mark.parametrize("object_", ["shelf.thing", "__legacy__"])
def test_an_object_is_stood_in_for(project: Path, tmp_path: Path, object_: str) -> None:
    names(project, f"house.build:{object_}")
    backend = imported()
    for part in object_.split("."):
        backend = getattr(backend, part)
    assert (hasattr(backend, "build_editable"), backend.label) == (False, object_)
    backend.build_wheel(str(tmp_path))
    assert (seen_in(tmp_path)["label"], seen_in(tmp_path)["real"]) == (object_, True)


@pytest.mark.parametrize(
    ("named", "asked", "label"),
    [
        ("house.build", ("__legacy__",), "__legacy__"),
        ("house.build:__legacy__", (), "module"),
        ("house.build:shelf.thing", ("__legacy__",), "__legacy__"),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_front_end_that_asks_for_another_object_gets_that_one(
    project: Path, tmp_path: Path, named: str, asked: tuple[str, ...], label: str, *, by_name: bool
) -> None:
    names(project, named)
    backend = imported()
    for part in asked:
        backend = getattr(backend, part)
    settings = {"a": "b"}
    if by_name:
        backend.build_wheel(config_settings=settings, wheel_directory=str(tmp_path))
    else:
        backend.build_wheel(str(tmp_path), settings)
    found = seen_in(tmp_path)
    assert (found["label"], found["real"], found["settings"]) == (label, True, {"a": "b"})
    assert backend.get_requires_for_build_wheel() == ["wanted", "{}"]


def test_a_backend_that_is_asked_for_by_variable_goes_before_all(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(project, "house.build:__legacy__")
    monkeypatch.setenv("BACKLIT_BACKEND", "house.build:shelf.thing")
    imported().build_wheel(str(tmp_path))
    assert seen_in(tmp_path)["label"] == "shelf.thing"


def test_the_successor_of_a_backend_is_stood_in_for_and_builds(project: Path, tmp_path: Path) -> None:
    # As Gentoo's eclass calls gpep517; poetry itself, which pyproject.toml names, need not be there.
    names(project, "poetry.masonry.api")
    module = tmp_path / "installed" / "poetry" / "core" / "masonry" / "api.py"
    module.parent.mkdir(parents=True)
    for package in module.parents[:3]:
        (package / "__init__.py").write_text("")
    module.write_text(
        HOUSE.replace("house.build", "poetry.core.masonry.api").replace(
            '["house"].build', '["poetry.core.masonry"].api'
        )
    )
    try:
        backend: Any = importlib.import_module("poetry.core.masonry.api")
        assert type(backend) is StandIn
        backend.build_wheel(str(tmp_path))
        assert seen_in(tmp_path)["label"] == "module"
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "poetry"]:
            del sys.modules[name]


def test_in_a_backend_of_the_tree_no_bytecode_is_written_and_no_package_of_it_is_run(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (project / "_b" / "inner").mkdir(parents=True)
    (project / "_b" / "inner" / "__init__.py").write_text("print('package')\n")
    text = HOUSE.replace('sys.modules["house"]', 'sys.modules["inner"]').replace("house.build", "inner.build")
    (project / "_b" / "inner" / "build.py").write_text("print('module')\n" + text)
    table = '[build-system]\nrequires = []\nbuild-backend = "inner.build"\nbackend-path = ["_b"]\n'
    (project / "pyproject.toml").write_text(f'{table}[project]\nname = "demo"\nversion = "1.0"\n')
    monkeypatch.setattr(sys, "path", [str(project / "_b"), *sys.path])
    before = sorted(path.name for path in project.rglob("*"))
    try:
        backend: Any = importlib.import_module("inner.build")
        for _ in range(2):
            backend.build_wheel(str(tmp_path))
            assert (seen_in(tmp_path)["real"], seen_in(tmp_path)["calls"]) == (True, 0)
            assert [type(sys.modules[name]) for name in ("inner", "inner.build")] == [StandIn, StandIn]
            assert importlib.import_module("inner.build") is backend
    finally:
        for name in ("inner.build", "inner"):
            sys.modules.pop(name, None)
    assert sorted(path.name for path in project.rglob("*")) == before


def test_overridden_by_name_the_real_module_is_found(project: Path, tmp_path: Path) -> None:
    # gpep517 --backend backlit, with BACKLIT=1 beside it.
    backlit = importlib.import_module("backlit")
    assert (project.is_dir(), hasattr(backlit, "build_editable")) == (True, False)
    backlit.build_wheel(str(tmp_path))
    assert seen_in(tmp_path)["real"]
