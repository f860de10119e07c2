"""What the contract suite of the version tools works with: small projects, and their real backends.

Each version tool has a module of :data:`CASES` below ``tests/contract/tools``; nothing lists them.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import packaging
import pytest

from backlit import versions
from backlit.config import project as projects
from kit import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _pytest.mark import MarkDecorator, ParameterSet

    from backlit.versions import Injection


class Case(NamedTuple):
    """A small project, and what its wheel must hold."""

    tool: str
    """The tool in charge, as the adapter calls it."""
    requires: tuple[str, ...]
    """What its environment holds; exact versions, so that a failure is ours."""
    files: dict[str, str]
    """The tree."""
    version_file: str = ""
    """The version file, as the wheel has it."""
    hooks: tuple[str, ...] = ("build_wheel",)
    """Hooks to call."""
    tag: str = "v{}"
    """The tag that the same project has in its git checkout, with ``{}`` for the version."""
    checkout_needs: Mapping[str, str] = MappingProxyType({})
    """Variables that the same project's build needs in its git checkout."""
    checkout_says: str = "1.2.3"
    """The version that its git checkout gives; another than the tag's where the project's settings are at odds."""
    states: bool = False
    """True if the version stands in the tree, so that no other can be asked for."""
    every_version: bool = True
    """False if the tool itself cannot give every version that PEP 440 has a spelling for."""


ALL_HOOKS = ("build_wheel", "build_sdist", "build_editable")

SOURCES = {"words/__init__.py": "", "words/data/list.txt": "a\n", "words/sub/__init__.py": "", "words/sub/d.json": "{}"}
"""A package with data files that only a list of files knows of."""

PROJECT = '[project]\nname = "My.Proj-Name"\ndynamic = ["version"]\n'
"""A name of which each tool makes something else."""


def cases() -> dict[str, Case]:
    """Give the cases of every module of the folder, by ``<module>-<name>``."""
    folder = Path(__file__).parent / "contract" / "tools"
    modules = sorted(path.stem for path in folder.glob("*.py"))
    return {
        f"{module}-{name}": case
        for module in modules
        for name, case in import_module(f"contract.tools.{module}").CASES.items()
    }


def given(name: str, case: Case, *more: object, marks: Iterable[MarkDecorator] = ()) -> ParameterSet:
    """Give one row of a table; all rows of a tool run in one process, which has its environments."""
    return pytest.param(case, *more, id=name, marks=[pytest.mark.xdist_group(case.tool), *marks])


HOOK = """
import importlib, json, os, sys
settings = json.loads(os.environ.pop("SETTINGS", "{}"))
name, hook, folder = sys.argv[1:]
module, _, attribute = name.partition(":")
backend = importlib.import_module(module)
print("made", getattr(getattr(backend, attribute) if attribute else backend, hook)(folder, settings or None))
"""


def make_workshop(folder: Path) -> Path:
    """Give a folder for environments, with backlit as setuptools would find it installed, and nothing else."""
    finder = folder / "finder"
    (finder / "backlit-0.dist-info").mkdir(parents=True)
    (finder / "backlit-0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: backlit\nVersion: 0\n")
    entry = "[setuptools.file_finders]\nbacklit = backlit.file_finder:find\n"
    (finder / "backlit-0.dist-info" / "entry_points.txt").write_text(entry)
    (finder / "backlit").symlink_to(Path(str(versions.__file__)).parents[1])
    (finder / "packaging").symlink_to(Path(str(packaging.__file__)).parent)
    return folder


@cache
def environment(workshop: Path, requires: tuple[str, ...]) -> Path:
    """Give the Python of a fresh environment that holds `requires`."""
    folder = workshop / f"venv-{abs(hash(requires))}"
    uv = (sys.executable, "-m", "uv", "--quiet")
    run(*uv, "venv", "--python", sys.executable, folder, cwd=workshop)
    # Hooks run with -B, so that no tree is written: what they import would be compiled anew in each of thousands.
    run(*uv, "pip", "install", "--compile-bytecode", "--python", folder / "bin" / "python", *requires, cwd=workshop)
    return folder / "bin" / "python"


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write files, by path, below `root`; give `root`."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def check_in(root: Path, tag: str) -> None:
    """Make a git checkout of `root`, tagged."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false")
    run("git", "init", "--quiet", cwd=root)
    run("git", "add", "--all", cwd=root)
    run("git", *who, "commit", "--quiet", "--message", "all", cwd=root)
    run("git", *who, "tag", "--annotate", "--message", tag, tag, cwd=root)


Variables = Mapping[str, str]


def call(
    workshop: Path, case: Case, tree: Path, hook: str, out: Path, *, variables: Variables = MappingProxyType({})
) -> Path:
    """Call the real backend's hook in a process of its own, without backlit; give what it made."""
    backend = projects.real_backend(projects.load(tree)).name
    return _made(workshop, case, backend, hook, tree, out, variables)


def call_through(
    workshop: Path,
    case: Case,
    tree: Path,
    hook: str,
    out: Path,
    version: str,
    *,
    variables: Variables = MappingProxyType({}),
    settings: Variables = MappingProxyType({}),
) -> Path:
    """Call backlit's hook, which gives the real backend its version, unless that is empty; give what it made."""
    given = {**variables, "BACKLIT_VERSION": version, "SETTINGS": json.dumps({**settings})}
    return _made(workshop, case, "backlit", hook, tree, out, given)


class Built(NamedTuple):
    """What a hook made of a case's tree without VCS."""

    members: dict[str, str]
    """As :func:`contents` has them."""
    before: dict[str, tuple[int, int, bytes]]
    """The tree, as :func:`state_of` has it."""
    after: dict[str, tuple[int, int, bytes]]
    """The tree when the hook was done."""


_BUILT: dict[tuple[object, ...], Built] = {}


def built_bare(workshop: Path, case: Case, hook: str, folder: Path) -> Built:
    """Call backlit's hook for 1.2.3 on a case's tree without VCS, below `folder`: once in a process, for many ask."""
    key = (hook, case.requires, *case.files.items())
    if key not in _BUILT:
        tree = plant(folder / "bare" / "tree", case.files)
        before = state_of(tree)
        members = contents(call_through(workshop, case, tree, hook, folder / "bare-out", "1.2.3"))
        _BUILT[key] = Built(members, before, state_of(tree))
    return _BUILT[key]


def claimed(tree: Path) -> tuple[str | None, Injection | None]:
    """Give the tool in charge, and how it would be told 1.2.3."""
    project = projects.load(tree)
    found = versions.tool_in_charge(project, projects.real_backend(project))
    return (None, None) if found is None else (found.tool.name, found.tool.inject(project, "1.2.3"))


def state_of(tree: Path) -> dict[str, tuple[int, int, bytes]]:
    """Give mode, time and content of everything in a tree: a build must leave all of it as it was."""
    found: dict[str, tuple[int, int, bytes]] = {}
    for path in (tree, *tree.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[path.relative_to(tree).as_posix()] = (status.st_mode, status.st_mtime_ns, content)
    return found


def contents(artifact: Path) -> dict[str, str]:
    """Give the members of a wheel or an sdist, an sdist's without their top folder."""
    if artifact.suffix == ".whl":
        with zipfile.ZipFile(artifact) as wheel:
            return {name: wheel.read(name).decode() for name in wheel.namelist() if not name.endswith("/")}
    with tarfile.open(artifact) as sdist:
        members = [member for member in sdist.getmembers() if member.isfile()]
        streams = {member.name.partition("/")[2]: sdist.extractfile(member) for member in members}
        return {name: stream.read().decode() for name, stream in streams.items() if stream}


def version_in(members: dict[str, str]) -> str:
    """Give the version in the metadata of a wheel or an sdist."""
    (text,) = [text for name, text in members.items() if re.fullmatch(r"PKG-INFO|[^/]+\.dist-info/METADATA", name)]
    (version,) = re.findall(r"^Version: (.*)$", text.partition("\n\n")[0], re.MULTILINE)
    return str(version)


def packed(members: dict[str, str]) -> set[str]:
    """Name the files that the project brings, without what tools add about themselves."""
    return {name for name in members if not re.match(r"[^/]+\.dist-info/", name)}


def _made(workshop: Path, case: Case, backend: str, hook: str, tree: Path, out: Path, variables: Variables) -> Path:
    out.mkdir()
    python = environment(workshop, case.requires)
    command = (python, "-B", "-c", HOOK, backend, hook, out)
    # As front ends put an isolated environment's programs first.
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    given = {"PATH": path, **variables, "PYTHONPATH": str(workshop / "finder")}
    done = run(*command, cwd=tree, variables=given)
    return out / done.stdout.rsplit("made ", 1)[1].strip()
