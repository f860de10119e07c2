"""``BACKLIT=1`` and nothing else: the same wheel under every front end that builds in backlit's own environment."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from kit import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.network]

VERSION = "1.2.3"
SCM = """\
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
dynamic = ["version"]

[tool.setuptools_scm]
version_file = "src/demo/_version.py"
"""
"""Its version and its data files come from git, which is not there."""

Files = dict[str, str]
PURE: Files = {"src/demo/__init__.py": "", "src/demo/data.txt": "data\n"}

IN_FRONT = """\
from setuptools.build_meta import *
from setuptools import build_meta as _orig

def build_wheel(*arguments, **named):
    return _orig.build_wheel(*arguments, **named)
"""
"""A backend in the tree that does what setuptools does, as many have."""


class Machine:
    """An interpreter with backlit in its environment, and a project's folder."""

    def __init__(self, python: Path, root: Path, out: Path) -> None:
        self.python, self.root, self.out = python, root, out
        self.bin = python.parent

    def __call__(self, *command: str | Path, status: int = 0, **variables: str) -> str:
        """Run a command in the project's folder, with ``BACKLIT=1`` and the version asked for; give its output."""
        given = {"BACKLIT": "1", "BACKLIT_VERSION": VERSION, "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin"}
        # Bytecode in the source tree would be a change to it.
        given |= {"PYTHONDONTWRITEBYTECODE": "", **variables}
        done = run(*command, cwd=self.root, variables=given, status=status)
        return done.stdout + done.stderr

    def write(self, files: Files) -> None:
        """Write the project's files; what was there is gone."""
        shutil.rmtree(self.root, ignore_errors=True)
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def wheel(self) -> tuple[str, str]:
        """Give the name and the digest of the one wheel that was made."""
        (path,) = self.out.glob("*.whl")
        return path.name, hashlib.sha256(path.read_bytes()).hexdigest()

    def named(self) -> tuple[str, str]:
        """Give what gpep517 makes with backlit named as the backend, instead of ``BACKLIT=1``."""
        self("gpep517", "build-wheel", "--backend", "backlit", *GPEP517, self.out, BACKLIT="")
        made = self.wheel()
        shutil.rmtree(self.out)
        return made

    def tree(self) -> dict[str, bytes]:
        """Give every file of the project."""
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}


GPEP517 = ("--allow-compressed", "--output-fd", "1", "--wheel-dir")


def build(machine: Machine) -> None:
    machine(machine.python, "-m", "build", "-n", "-x", "-w", "-o", machine.out)


def pip_as_fedora_does(machine: Machine) -> None:
    machine(machine.python, "-Bs", "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", machine.out, ".")


def pip_isolated_from_the_user(machine: Machine) -> None:
    machine(machine.python, "-I", "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", machine.out, ".")


def uv(machine: Machine) -> None:
    options = ["--no-build-isolation", "--python", str(machine.python)]
    machine("uv", "build", "--wheel", *options, "-o", machine.out, ".")


def gpep517(machine: Machine) -> None:
    machine(machine.python, "-I", "-m", "gpep517", "build-wheel", *GPEP517, machine.out)


def guix(machine: Machine) -> None:
    # Guix imports the module that is named, in a script that is given with -c.
    script = "import importlib, sys; importlib.import_module(sys.argv[1]).build_wheel(sys.argv[2], config_settings={})"
    machine.out.mkdir()
    machine(machine.python, "-c", script, "setuptools.build_meta", machine.out)


FRONT_ENDS = {
    "build -n -x -w": build,
    "python -Bs -m pip wheel --no-build-isolation": pip_as_fedora_does,
    "python -I -m pip wheel --no-build-isolation": pip_isolated_from_the_user,
    "uv build --no-build-isolation": uv,
    "python -I -m gpep517": gpep517,
    "python -c": guix,
}


@pytest.fixture
def machine(environment: Path, tmp_path: Path) -> Machine:
    """Give a machine whose project is the one with setuptools-scm."""
    made = Machine(environment, tmp_path / "demo", tmp_path / "out")
    made.write({"pyproject.toml": SCM, **PURE})
    return made


@pytest.mark.parametrize("front", FRONT_ENDS)
def test_the_wheel_is_the_one_that_an_override_by_name_makes(machine: Machine, front: str) -> None:
    before, named = machine.tree(), machine.named()
    FRONT_ENDS[front](machine)
    assert named[0] == f"demo-{VERSION}-py3-none-any.whl"
    assert (machine.wheel(), machine.tree()) == (named, before)
    with zipfile.ZipFile(machine.out / named[0]) as wheel:
        assert {"demo/data.txt", "demo/_version.py"} <= set(wheel.namelist())


PROJECTS: dict[str, Files] = {
    "a setup.py alone": {
        "setup.py": "from setuptools import setup\n"
        "setup(name='demo', packages=['demo'], package_dir={'': 'src'}, use_scm_version=True)\n",
        **PURE,
    },
    "no backend named": {
        "pyproject.toml": SCM.replace('build-backend = "setuptools.build_meta"\n', ""),
        **PURE,
    },
    "flit-scm, which computes the version as it is imported": {
        "pyproject.toml": '[build-system]\nrequires = ["flit-scm"]\nbuild-backend = "flit_scm:buildapi"\n'
        '[project]\nname = "demo"\ndescription = "d"\ndynamic = ["version"]\n'
        '[tool.setuptools_scm]\nwrite_to = "src/demo/_version.py"\n',
        "src/demo/__init__.py": "from ._version import version as __version__\n",
    },
    "an object of a module of a package in the tree": {
        "pyproject.toml": SCM.replace('"setuptools.build_meta"', '"own.build:thing"\nbackend-path = ["_own"]'),
        "_own/own/__init__.py": "",
        "_own/own/build.py": f"{IN_FRONT}\nclass thing:\n    build_wheel = staticmethod(build_wheel)\n",
        **PURE,
    },
    "a module in the tree, in front of setuptools": {
        "pyproject.toml": SCM.replace('"setuptools.build_meta"', '"own"\nbackend-path = ["."]'),
        "own.py": IN_FRONT,
        **PURE,
    },
}


@pytest.mark.parametrize("front", ["build -n -x -w", "uv build --no-build-isolation", "python -I -m gpep517"])
@pytest.mark.parametrize("project", PROJECTS)
def test_every_kind_of_backend_is_stood_in_for(machine: Machine, project: str, front: str) -> None:
    machine.write(PROJECTS[project])
    before, named = machine.tree(), machine.named()
    FRONT_ENDS[front](machine)
    assert named[0].startswith(f"demo-{VERSION}-")
    assert (machine.wheel(), machine.tree()) == (named, before)


def test_without_the_variable_the_build_is_as_ever(machine: Machine) -> None:
    said = machine(machine.python, "-m", "build", "-n", "-x", "-w", "-o", machine.out, status=1, BACKLIT="0")
    assert "setuptools-scm was unable to detect version" in said
    assert "backlit" not in said


def test_an_sdist_and_the_wheel_from_it_have_the_version(machine: Machine) -> None:
    # The second hook is called in the folder that the sdist was unpacked in.
    machine(machine.python, "-m", "build", "-n", "-x", "-o", machine.out)
    assert sorted(path.name for path in machine.out.iterdir()) == [
        f"demo-{VERSION}-py3-none-any.whl",
        f"demo-{VERSION}.tar.gz",
    ]


def test_an_editable_install_has_the_version(machine: Machine) -> None:
    options = ["--no-deps", "--no-build-isolation", "--target", str(machine.out)]
    machine(machine.python, "-m", "pip", "install", *options, "-e", ".")
    assert (machine.out / f"demo-{VERSION}.dist-info").is_dir()


def test_tox_calls_several_hooks_in_one_process(machine: Machine) -> None:
    script = """
import json, os, sys
from pyproject_api._backend import BackendProxy
proxy = BackendProxy("setuptools.build_meta", None)
out, found = sys.argv[1], []
os.mkdir(out)
found.append(sorted(name for name, there in proxy("_optional_hooks").items() if there))
found.append(proxy("get_requires_for_build_sdist", config_settings=None))
found.append(proxy("build_sdist", sdist_directory=out, config_settings=None))
found.append(proxy("prepare_metadata_for_build_wheel", metadata_directory=out, config_settings=None))
found.append(proxy("build_wheel", wheel_directory=out, config_settings=None, metadata_directory=None))
with open(f"{out}/found.json", "w") as file:
    json.dump(found, file)
"""
    machine(machine.python, "-c", script, machine.out)
    assert json.loads((machine.out / "found.json").read_text()) == [
        [
            "build_editable",
            "get_requires_for_build_editable",
            "get_requires_for_build_sdist",
            "get_requires_for_build_wheel",
            "prepare_metadata_for_build_editable",
            "prepare_metadata_for_build_wheel",
        ],
        [],
        f"demo-{VERSION}.tar.gz",
        f"demo-{VERSION}.dist-info",
        f"demo-{VERSION}-py3-none-any.whl",
    ]


STATE = """
import json, os, site, sys
if sys.argv[1:] == ["again"]:
    for folder in site.getsitepackages():
        site.addsitedir(folder)
finders = [getattr(finder, "__name__", "") for finder in sys.meta_path].count("_backlit_pth")
print(json.dumps({"finders": finders, "loaded": sorted(m for m in sys.modules if m.partition(".")[0] == "backlit")}))
"""


@pytest.mark.parametrize(
    ("value", "arguments", "finders"),
    [("1", (), 1), ("1", ("again",), 1), ("maybe", (), 1), ("0", (), 0), ("", (), 0), (None, ("again",), 0)],
)
def test_a_start_loads_one_small_module_and_that_once(
    machine: Machine, value: str | None, arguments: tuple[str, ...], finders: int
) -> None:
    variables = {"BACKLIT_VERSION": VERSION} if value is None else {"BACKLIT": value}
    done = run(machine.python, "-c", STATE, *arguments, cwd=machine.root, variables=variables)
    assert json.loads(done.stdout) == {"finders": finders, "loaded": []}


@pytest.mark.parametrize("options", [(), ("-I",), ("-s",), ("-E",), ("-B",), ("-Bs",)], ids=repr)
def test_doctor_says_that_it_is_active_under_every_option(machine: Machine, options: tuple[str, ...]) -> None:
    said = machine(machine.python, *options, "-m", "backlit", "doctor", "--self", "--format", "json")
    told = json.loads(said)
    assert (told["active"], [check["holds"] for check in told["checks"]]) == (True, [True] * 5)


def doctor(machine: Machine, python: Path | None = None, **variables: str) -> dict[str, Any]:
    said = machine(
        python or machine.python, "-m", "backlit", "doctor", "--self", "--format", "json", status=1, **variables
    )
    return {
        check["name"]: (check["detail"], check["cure"]) for check in json.loads(said)["checks"] if not check["holds"]
    }


@pytest.mark.parametrize(
    ("value", "detail"),
    [("", "BACKLIT is '', which is off"), ("0", "BACKLIT is '0', which is off")],
)
def test_doctor_says_that_the_variable_is_off(machine: Machine, value: str, detail: str) -> None:
    assert doctor(machine, BACKLIT=value) == {"variable": (detail, "export BACKLIT=1")}


def test_doctor_says_that_the_variable_means_nothing(machine: Machine) -> None:
    assert doctor(machine, BACKLIT="yes") == {"variable": ("BACKLIT is 'yes', which is neither 1 nor 0", "set it to 1")}


def test_doctor_says_that_there_is_no_project(machine: Machine) -> None:
    machine.write({"empty": ""})
    assert doctor(machine) == {
        "project": (f"{machine.root}: neither pyproject.toml nor setup.py is here", "name the folder of a project")
    }


def test_doctor_says_that_the_backend_is_not_installed(machine: Machine) -> None:
    machine.write({"pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "no_such_house.build"\n'})
    assert doctor(machine) == {
        "backend": (
            "import no_such_house.build: No module named 'no_such_house'",
            "install no_such_house, or what provides it; nothing can be built here without it",
        )
    }


def test_doctor_says_that_a_folder_on_pythonpath_has_its_pth_files_not_read(
    machine: Machine, environment: Path, tmp_path: Path
) -> None:
    (home,) = environment.parents[1].glob("lib/python*/site-packages")
    run(environment, "-m", "venv", "--without-pip", tmp_path / "other", cwd=tmp_path)
    python = tmp_path / "other" / "bin" / "python"
    (reads,) = (tmp_path / "other").glob("lib/python*/site-packages")
    found = doctor(machine, python, PYTHONPATH=str(home))
    assert found == {
        "pth": (
            f"{home}/backlit.pth is in no folder whose .pth files {python} reads ({reads})",
            f"install backlit there, or run: site.addsitedir({str(home)!r}) in a sitecustomize.py",
        ),
        "interpreter": (f"{python} runs no line of a backlit.pth as it starts", None),
    }


def test_a_sitecustomize_can_have_the_line_read(machine: Machine, environment: Path, tmp_path: Path) -> None:
    (home,) = environment.parents[1].glob("lib/python*/site-packages")
    run(environment, "-m", "venv", "--without-pip", tmp_path / "other", cwd=tmp_path)
    python = tmp_path / "other" / "bin" / "python"
    (tmp_path / "sitecustomize.py").write_text(f"import site; site.addsitedir({str(home)!r})\n")
    path = f"{tmp_path}{os.pathsep}{home}"
    said = machine(python, "-m", "backlit", "doctor", "--self", "--format", "json", PYTHONPATH=path)
    checks = json.loads(said)["checks"]
    assert [(check["name"], check["detail"]) for check in checks if check["name"] in {"pth", "interpreter"}] == [
        ("pth", f"{home}/backlit.pth"),
        ("interpreter", f"{python} runs its line, but not with -I or -s, which some front ends use"),
    ]


def test_doctor_says_that_an_author_has_opted_in(machine: Machine) -> None:
    ours = '[tool.backlit]\nbuild-backend = "flit_core.buildapi"\n'
    machine.write({"pyproject.toml": f'[build-system]\nrequires = []\nbuild-backend = "backlit"\n{ours}'})
    said = json.loads(machine(machine.python, "-m", "backlit", "doctor", "--self", "--format", "json"))
    assert said["checks"][-1] == {
        "name": "project",
        "holds": True,
        "detail": "pyproject.toml names backlit itself, in front of flit_core.buildapi: it is active without BACKLIT",
        "cure": None,
    }


def test_uninstalling_takes_the_line_away(wheelhouse: Path, environment: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    run(environment, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    run(python, "-m", "pip", "install", "-q", "--no-deps", next(wheelhouse.glob("*.whl")), cwd=tmp_path)
    (folder,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    assert {"backlit.pth", "_backlit_pth.py"} <= {path.name for path in folder.iterdir()}
    run(python, "-m", "pip", "uninstall", "-q", "-y", "backlit", cwd=tmp_path)
    assert not {path.name for path in folder.iterdir()} & {"backlit.pth", "_backlit_pth.py", "backlit"}


DEE: Files = {
    "pyproject.toml": SCM.replace('"demo"', '"dee"').replace("demo", "dee"),
    "src/dee/__init__.py": "",
}
OPTED_IN = '"backlit"\n[tool.backlit]\nbuild-backend = "setuptools.build_meta"'


@pytest.fixture
def links(machine: Machine, tmp_path: Path) -> Path:
    """Give a folder with two sdists of a project that takes its version from the same tool, at 2.0.

    One of them, dee-in, has opted in to backlit.
    """
    for name, backend in (("dee", '"setuptools.build_meta"'), ("dee_in", OPTED_IN)):
        text = DEE["pyproject.toml"].replace('"dee"', f'"{name}"').replace('"setuptools.build_meta"', backend)
        text = text.replace(
            '"setuptools-scm"]', '"setuptools-scm", "backlit"]' if name == "dee_in" else '"setuptools-scm"]'
        )
        machine.write({**DEE, "pyproject.toml": text})
        machine(machine.python, "-m", "build", "-n", "-x", "-s", "-o", tmp_path / "links", BACKLIT_VERSION="2.0")
    return tmp_path / "links"


def needing(backend: str) -> Files:
    """Give a project that says in its wheel which versions the projects have that it needs."""
    table = SCM.replace('"setuptools.build_meta"', backend).replace("version_file", "# ")
    table = table.replace('"setuptools-scm"]', '"setuptools-scm", "backlit", "dee", "dee_in"]')
    script = (
        "from importlib.metadata import version\nfrom setuptools import setup\n"
        "with open('src/demo/seen.txt', 'w') as file:\n    file.write(f\"{version('dee')} {version('dee_in')}\")\n"
        "setup(packages=['demo'], package_dir={'': 'src'}, package_data={'demo': ['*']})\n"
    )
    return {"pyproject.toml": table, "setup.py": script, **PURE}


FROM_SOURCE = ("--no-cache-dir", "--no-binary", "dee,dee_in")


@pytest.mark.parametrize("isolation", ["virtual", "venv"])
def test_requirements_that_are_built_from_source_have_their_own_version_in_isolation(
    machine: Machine, links: Path, wheelhouse: Path, isolation: str
) -> None:
    machine.write(needing(OPTED_IN))
    options = ["--use-feature=venv-isolation"] if isolation == "venv" else []
    found = ["--find-links", str(links), "--find-links", str(wheelhouse), *FROM_SOURCE, *options]
    machine(machine.python, "-m", "pip", "wheel", "--no-deps", *found, "-w", machine.out, ".")
    assert seen(machine) == ["2.0", "2.0"]


@pytest.mark.parametrize("backend", ['"setuptools.build_meta"', OPTED_IN], ids=["BACKLIT=1", "opted in"])
@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_requirements_that_are_built_from_source_have_their_own_version_in_the_same_environment(
    machine: Machine, links: Path, tmp_path: Path, backend: str, installer: str
) -> None:
    machine.write(needing(backend))
    # Builds leave nothing in the environment that the other tests share.
    target = tmp_path / "target"
    if installer == "pip":
        command = [str(machine.python), "-m", "pip", "install", "--no-build-isolation", *FROM_SOURCE]
    else:
        command = ["uv", "pip", "install", "--python", str(machine.python), "--no-build-isolation", "--no-cache"]
        command += ["--no-binary", "dee", "--no-binary", "dee_in"]
    machine(*command, "--no-deps", "--find-links", links, "--target", target, "dee", "dee_in")
    wheel = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "-w", str(machine.out), "."]
    machine(machine.python, *wheel, PYTHONPATH=str(target))
    assert seen(machine) == ["2.0", "2.0"]


def seen(machine: Machine) -> list[str]:
    """Give the versions that the wheel says, once it is known to have its own."""
    (path,) = machine.out.glob(f"demo-{VERSION}-*.whl")
    with zipfile.ZipFile(path) as wheel:
        return wheel.read("demo/seen.txt").decode().split()


def test_in_isolation_backlit_is_not_active_unless_it_is_required(machine: Machine) -> None:
    machine.write({"pyproject.toml": SCM, "PKG-INFO": "Metadata-Version: 2.1\nName: demo\nVersion: 0.5\n", **PURE})
    for number, command in enumerate((("-m", "pip", "wheel", "--no-deps", "-w"), ("-m", "build", "-w", "-o"))):
        out = machine.out / str(number)
        said = machine(machine.python, *command, out, ".")
        assert [path.name for path in out.iterdir()] == ["demo-0.5-py3-none-any.whl"]
        assert "backlit:" not in said


def test_a_build_inside_the_build_is_as_ever(machine: Machine) -> None:
    script = (
        "import subprocess, sys, os\nfrom setuptools.build_meta import *\nfrom setuptools import build_meta as _orig\n"
        "def build_wheel(wheel_directory, *a, **k):\n"
        "    inner = [sys.executable, '-m', 'build', '-n', '-x', '-w', '-o', wheel_directory, 'inner']\n"
        "    subprocess.run(inner, check=True)\n"
        "    return _orig.build_wheel(wheel_directory, *a, **k)\n"
    )
    machine.write(
        {
            "pyproject.toml": SCM.replace('"setuptools.build_meta"', '"own"\nbackend-path = ["."]'),
            "own.py": script,
            **{f"inner/{name}": text for name, text in DEE.items()},
            "inner/PKG-INFO": "Metadata-Version: 2.1\nName: dee\nVersion: 0.5\n",
            **PURE,
        }
    )
    machine(machine.python, "-m", "build", "-n", "-x", "-w", "-o", machine.out)
    assert sorted(path.name for path in machine.out.iterdir()) == [
        "dee-0.5-py3-none-any.whl",
        f"demo-{VERSION}-py3-none-any.whl",
    ]
