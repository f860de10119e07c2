"""The rules that hold the parts together: who imports whom, which doors there are, and what the hot path loads."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import backlit

PACKAGE: Final = Path(backlit.__file__).parent
ROOT: Final = Path(__file__).parents[1]
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
PROJECTS: Final = sorted(path for path in (ROOT / "testprojects").iterdir() if path.is_dir())


class Door(NamedTuple):
    """Names that only a few modules may mention."""

    label: str
    """The test's id."""
    names: str
    """An expression that matches the dotted names, whole."""
    allowed: dict[str, str]
    """Modules that may, or folders ending ``/``, by path in the package; each with its reason."""


DOORS: Final = (
    Door(
        "processes start in support.process",
        # To catch what another library's process raises starts none.
        r"subprocess(\.(?!CalledProcessError$).*)?|multiprocessing(\..*)?|pty(\..*)?"
        r"|os\.(system|popen|fork|forkpty|exec\w+|spawn\w+|posix_spawn\w*)",
        {"support/process.py": "it is the door"},
    ),
    Door(
        "the environment is read in config",
        r"os\.(environb?|getenvb?|putenv|unsetenv)(\..*)?",
        {
            "config/": "it is the reader",
            "pipeline/delegate.py": "it sets what the real backend sees, and puts the environment back as it was",
        },
    ),
    Door(
        "the working folder moves in pipeline.delegate",
        r"os\.f?chdir|contextlib\.chdir",
        {"pipeline/delegate.py": "a hook runs in the project's folder, and the call returns to where it came from"},
    ),
    Door(
        "nothing reaches the network by itself",
        r"(urllib\.request|http|socket|ssl|ftplib|smtplib|xmlrpc|asyncio|requests|httpx|urllib3)(\..*)?",
        {},
    ),
    Door("printing is in cli", r"print", {"cli/": "a hook's standard output belongs to the front end"}),
)


def test_import_contracts_hold() -> None:
    done = _run(
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))",
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("door", DOORS, ids=[door.label for door in DOORS])
def test_only_the_door_mentions(door: Door) -> None:
    strangers = [
        f"{_path(module)}:{line}: {name}"
        for module in MODULES
        if not any(_path(module).startswith(allowed) for allowed in door.allowed)
        for name, line in _names(ast.parse(module.read_text(encoding="utf-8")))
        if re.fullmatch(door.names, name)
    ]
    assert strangers == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import subprocess", "subprocess"),
        ("import subprocess as s", "subprocess"),
        ("from subprocess import run", "subprocess.run"),
        ("import os\nos.environ['A'] = '1'", "os.environ"),
        ("import os as system\nsystem.getenv('A')", "os.getenv"),
        ("from os import environ", "os.environ"),
        ("def f():\n    print('x')", "print"),
    ],
)
def test_a_name_is_seen_however_it_is_spelled(source: str, name: str) -> None:
    assert name in [found for found, _ in _names(ast.parse(source))]


@pytest.mark.parametrize("module", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_a_module_is_one_room_of_at_most_400_lines(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400


def test_adapter_folders_are_found() -> None:
    assert {"backlit.owners", "backlit.versions"} <= set(_adapter_packages())


def test_each_module_of_an_adapter_folder_ends_with_its_adapter() -> None:
    without = [
        module
        for package in _adapter_packages()
        for module in _modules_in(package)
        if not hasattr(import_module(module), "ADAPTER")
    ]
    assert without == []


def test_adapters_of_one_folder_have_names_of_their_own() -> None:
    adapters = [(package, import_module(module)) for package in _adapter_packages() for module in _modules_in(package)]
    names = [(package, module.ADAPTER.name) for package, module in adapters]
    assert len(names) == len(set(names))


def test_importing_backlit_loads_itself_alone() -> None:
    script = (
        "import sys, __future__, typing; before = set(sys.modules); import backlit; print(*set(sys.modules) - before)"
    )
    assert _run(script).stdout.split() == ["backlit"]


def test_what_a_start_of_the_interpreter_runs_is_small_and_imports_what_is_loaded() -> None:
    line = ast.parse((PACKAGE.parent / "backlit.pth").read_text(encoding="utf-8")).body
    module = ast.parse((PACKAGE.parent / "_backlit_pth.py").read_text(encoding="utf-8")).body
    imported = [name.name for node in (*line, *module) if isinstance(node, ast.Import) for name in node.names]
    assert (len(line), imported) == (2, ["os", "os", "sys"])
    assert sum(1 for _ in ast.walk(ast.Module(module, []))) < 250


def test_a_hook_on_a_pure_project_loads_no_dataclasses(tmp_path: Path) -> None:
    _write_pure_project(tmp_path)
    script = (
        "import sys, os, backlit; backlit.build_wheel(os.getcwd());"
        "print('dataclasses' in sys.modules, *sorted(m for m in sys.modules if m.startswith('backlit.model')))"
    )
    done = _run(script, cwd=tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, ["False"]), done.stdout + done.stderr


@pytest.mark.parametrize("project", PROJECTS, ids=[path.name for path in PROJECTS])
def test_a_test_project_says_what_is_expected_of_it(project: Path) -> None:
    expected = tomllib.loads((project / "expect.toml").read_text(encoding="utf-8"))
    assert expected.keys() - {"exit", "libraries"} == {
        "given",
        "version",
        "tool",
        "wheel_files",
        "compilers",
        "tools",
        "debian",
    }
    assert expected["wheel_files"] == sorted(expected["wheel_files"])


def test_the_readme_has_two_commands_of_one_line() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Two commands\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```\w*\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert [block.count("\n") for block in blocks] == [1, 1]


def test_every_variable_of_ours_is_documented() -> None:
    used = {name for module in MODULES for name in re.findall(r"\bBACKLIT_[A-Z_]*[A-Z]\b", module.read_text("utf-8"))}
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in used if name not in page} == set()


def _run(script: str, *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BACKLIT")} | {
        "PYTHONPATH": str(PACKAGE.parent)
    }
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def _path(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def _names(tree: ast.Module) -> list[tuple[str, int]]:
    """Give every imported or used dotted name with its line, aliases of modules put back to their own names."""
    aliases: dict[str, str] = {}
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases.update({name.asname: name.name for name in node.names if name.asname})
            found += [(name.name, node.lineno) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(f"{node.module}.{name.name}", node.lineno) for name in node.names]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.append((node.id, node.lineno))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.append((f"{aliases.get(node.value.id, node.value.id)}.{node.attr}", node.lineno))
    return found


def _adapter_packages() -> list[str]:
    """Give the packages that find their adapters by folder."""
    return [
        f"backlit.{module.parent.name}"
        for module in MODULES
        if module.name == "__init__.py"
        and any("\nADAPTER: Final[" in each.read_text(encoding="utf-8") for each in module.parent.glob("[!_]*.py"))
    ]


def _modules_in(package: str) -> list[str]:
    folder = PACKAGE / package.removeprefix("backlit.")
    return [f"{package}.{path.stem}" for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")]


def _write_pure_project(folder: Path) -> None:
    """Write a project whose own backend makes a wheel with nothing but `zipfile`."""
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'
        '[project]\nname = "pure"\nversion = "1.0"\n',
        encoding="utf-8",
    )
    (folder / "own.py").write_text(_OWN_BACKEND, encoding="utf-8")


_OWN_BACKEND: Final = """
import os, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "pure-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("pure.py", "")
        wheel.writestr("pure-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: pure\\nVersion: 1.0\\n")
        wheel.writestr("pure-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("pure-1.0.dist-info/RECORD", "")
    return name
"""
