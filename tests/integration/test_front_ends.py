"""The same wheel under every front end, opted in or overridden by name."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest

from kit import ROOT, SETUPTOOLS, SETUPTOOLS_SCM, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler, pytest.mark.network]

OPTED_IN = f"""\
[build-system]
requires = ["backlit", "{SETUPTOOLS}", "{SETUPTOOLS_SCM}"]
build-backend = "backlit"

[tool.backlit]
build-backend = "setuptools.build_meta"
"""
BY_NAME = f"""\
[build-system]
requires = ["{SETUPTOOLS}", "{SETUPTOOLS_SCM}"]
build-backend = "setuptools.build_meta"
"""
VERSION = "1.2.3"


class Front:
    """What a front end is given."""

    def __init__(self, python: Path, wheelhouse: Path, out: Path) -> None:
        self.python, self.wheelhouse, self.out = python, wheelhouse, out
        self.bin = python.parent

    def __call__(self, source: Path, *command: str | Path) -> None:
        """Run a front end in the source's folder, with the version asked for in one variable."""
        run(
            *command,
            cwd=source,
            variables={
                "BACKLIT_VERSION_FOR_SQUEEZE_ZLIB": VERSION,
                "BACKLIT_REPORT": str(self.out / "report.json"),
                "PIP_FIND_LINKS": str(self.wheelhouse),
                "UV_FIND_LINKS": str(self.wheelhouse),
                "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin",
            },
        )


def build_isolated(front: Front, source: Path) -> None:
    front(source, front.python, "-m", "build", "-w", "-o", front.out)


def build_in_this_environment(front: Front, source: Path) -> None:
    front(source, front.python, "-m", "build", "-n", "-x", "-w", "-o", front.out)


def pip_isolated(front: Front, source: Path) -> None:
    front(source, front.python, "-m", "pip", "wheel", "--no-deps", "-w", front.out, ".")


def pip_in_this_environment(front: Front, source: Path) -> None:
    front(source, front.python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", front.out, ".")


def uv_isolated(front: Front, source: Path) -> None:
    front(source, front.bin / "uv", "build", "--wheel", "--python", front.python, "-o", front.out, ".")


def uv_in_this_environment(front: Front, source: Path) -> None:
    options = ["--no-build-isolation", "--python", str(front.python)]
    front(source, front.bin / "uv", "build", "--wheel", *options, "-o", front.out, ".")


def gpep517_by_name(front: Front, source: Path) -> None:
    command = [
        "build-wheel",
        "--backend",
        "backlit",
        "--allow-compressed",
        "--output-fd",
        "1",
        "--wheel-dir",
        str(front.out),
    ]
    front(source, front.python, "-m", "gpep517", *command)


def tox(front: Front, source: Path) -> None:
    work = front.out / "tox"
    (source / "tox.ini").write_text("[testenv]\npackage = wheel\npass_env = *\n[testenv:.pkg]\npass_env = *\n")
    front(source, front.python, "-m", "tox", "run", "--pkg-only", "--workdir", work)
    shutil.copy(next(work.rglob("*.whl")), front.out)


FRONT_ENDS: dict[str, tuple[Callable[[Front, Path], None], str]] = {
    "build": (build_isolated, OPTED_IN),
    "build -n -x": (build_in_this_environment, OPTED_IN),
    "pip wheel": (pip_isolated, OPTED_IN),
    "pip wheel --no-build-isolation": (pip_in_this_environment, OPTED_IN),
    "uv build": (uv_isolated, OPTED_IN),
    "uv build --no-build-isolation": (uv_in_this_environment, OPTED_IN),
    "gpep517 --backend backlit": (gpep517_by_name, BY_NAME),
    "tox": (tox, OPTED_IN),
}


def bare_project(folder: Path, build_system: str) -> Path:
    """Give the test project at one path, whichever front end builds it: debug information keeps the path."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "testprojects" / "setuptools-scm-zlib", folder)
    text = (folder / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(build_system + text[text.index("[project]") :])
    return folder


def digest(folder: Path) -> tuple[str, str]:
    (wheel,) = folder.glob("*.whl")
    return wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture(scope="session")
def plain(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str]]:
    """Give the source's path, and the wheel that the real backend makes there by itself, told by its own variable.

    The package data, which setuptools-scm takes from git, are told through MANIFEST.in.
    """
    folder = tmp_path_factory.mktemp("plain")
    source, out = folder / "squeeze", folder / "out"
    bare_project(source, BY_NAME)
    (source / "MANIFEST.in").write_text("global-include *\nglobal-exclude *.so *.pyc\n")
    variables = {"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_SQUEEZE_ZLIB": VERSION}
    run(environment, "-m", "build", "-n", "-x", "-w", "-o", out, cwd=source, variables=variables)
    return source, digest(out)


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_the_wheel_is_the_real_backends_under_every_front_end(
    name: str, environment: Path, wheelhouse: Path, plain: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    source, expected = plain
    build, build_system = FRONT_ENDS[name]
    bare_project(source, build_system)
    build(Front(environment, wheelhouse, tmp_path), source)
    assert digest(tmp_path) == expected
    assert (tmp_path / "report.json").is_file()


@pytest.mark.parametrize("build_system", [OPTED_IN, BY_NAME], ids=["opted in", "by name"])
def test_backlit_build_makes_the_same_wheel_and_leaves_the_tree_alone(
    build_system: str, environment: Path, plain: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    source, expected = plain
    bare_project(source, build_system)
    before = sorted((path, path.stat().st_mtime_ns) for path in source.rglob("*"))
    run(environment, "-m", "backlit", "build", source, "--version", VERSION, "-o", tmp_path, cwd=tmp_path.parent)
    assert digest(tmp_path) == expected
    assert sorted((path, path.stat().st_mtime_ns) for path in source.rglob("*")) == before


def test_an_editable_install_imports(environment: Path, tmp_path: Path) -> None:
    source = bare_project(tmp_path / "squeeze", OPTED_IN)
    run(
        *(environment, "-m", "pip", "install", "--no-build-isolation", "--no-deps", "-e", source),
        cwd=tmp_path,
        variables={"BACKLIT_VERSION": VERSION},
    )
    code = "import squeeze._zlib, squeeze._version as v; print(v.version, squeeze.__file__)"
    done = run(environment, "-c", code, cwd=tmp_path)
    run(environment, "-m", "pip", "uninstall", "-y", "Squeeze.Zlib", cwd=tmp_path)
    assert done.stdout.split() == [VERSION, str(source / "src" / "squeeze" / "__init__.py")]
