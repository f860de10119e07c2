"""Whether ``BACKLIT=1`` has an effect in a project's folder, and if not, why: what ``backlit doctor --self`` says.

Nothing is inferred that can be asked: a child interpreter is started as a front end starts one, with ``BACKLIT=1``, and
imports the backend. What a front end does before that, such as making an environment of its own, is not seen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import backlit
from backlit import activation
from backlit.config import project as projects, settings
from backlit.errors import BacklitError
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Iterator

PTH: Final = "backlit.pth"


class Check(NamedTuple):
    """One condition."""

    name: str
    """``variable``, ``pth``, ``interpreter``, ``project`` or ``backend``."""
    holds: bool
    """True if it is met."""
    detail: str
    """What was found."""
    cure: str = ""
    """What to do; empty if nothing has to be done."""


def examine() -> tuple[Check, ...]:
    """Give the conditions, for this interpreter and the current folder; backlit is active if all hold."""
    root = Path.cwd()
    plain, isolated = _ask(root), _ask(root, "-I")
    project, named = _project(root)
    return (_variable(), _pth(plain), _interpreter(plain, isolated), project, *_backend(named, plain))


def _variable() -> Check:
    value = settings.environment().get("BACKLIT")
    if value == "1":
        return Check("variable", holds=True, detail="BACKLIT is 1")
    if value in {None, "", "0"}:
        said = "is not set" if value is None else f"is {value!r}, which is off"
        return Check("variable", holds=False, detail=f"BACKLIT {said}", cure="export BACKLIT=1")
    return Check("variable", holds=False, detail=f"BACKLIT is {value!r}, which is neither 1 nor 0", cure="set it to 1")


def _pth(plain: dict[str, Any]) -> Check:
    home = Path(backlit.__file__).resolve().parents[1]
    read = [Path(folder) for folder in plain.get("sites", ())]
    # Where a sitecustomize.py has it read, it is in none of these folders, and run all the same.
    ran = [Path(plain["ran"]).with_name(PTH)] if plain.get("ran") else []
    found = dict.fromkeys(path for path in [*(folder / PTH for folder in read), *ran] if path.is_file())
    if found:
        return Check("pth", holds=True, detail=", ".join(str(path) for path in found))
    where = ", ".join(str(folder) for folder in read) or "no folder"
    if (home / PTH).is_file():
        detail = f"{home / PTH} is in no folder whose .pth files {sys.executable} reads ({where})"
        return Check("pth", holds=False, detail=detail, cure=f"install backlit there, or run: {_addsitedir(home)}")
    cure = "install backlit there from its wheel; if it is an editable install, make it anew"
    return Check("pth", holds=False, detail=f"no {PTH} in {where}; backlit itself is in {home}", cure=cure)


def _addsitedir(home: Path) -> str:
    return f"site.addsitedir({str(home)!r}) in a sitecustomize.py"


def _interpreter(plain: dict[str, Any], isolated: dict[str, Any]) -> Check:
    if "failed" in plain:
        return Check("interpreter", holds=False, detail=f"{sys.executable} does not run: {plain['failed']}")
    if not plain["runs"]:
        return Check("interpreter", holds=False, detail=f"{sys.executable} runs no line of a {PTH} as it starts")
    if isolated.get("runs"):
        return Check("interpreter", holds=True, detail=f"{sys.executable} runs its line, also with -I, -s, -E and -B")
    detail = f"{sys.executable} runs its line, but not with -I or -s, which some front ends use"
    return Check(
        "interpreter", holds=True, detail=detail, cure="install backlit into the interpreter's own site-packages"
    )


def _project(root: Path) -> tuple[Check, activation.Named | None]:
    try:
        project = projects.load(root)
        backend = projects.real_backend(project)
    except BacklitError as error:
        cure = error.cure or "go to the folder of the project that is to be built"
        return Check("project", holds=False, detail=f"{error.where}: {error.problem}", cure=cure), None
    if activation.named_here() is None:
        detail = f"pyproject.toml names backlit itself, in front of {backend.name}: it is active without BACKLIT"
        return Check("project", holds=True, detail=detail), None
    named = (
        "pyproject.toml names" if "build-backend" in project.table("build-system") else "no backend is named, so it is"
    )
    return Check("project", holds=True, detail=f"{root}: {named} {backend.name}"), activation.Named(root, backend)


def _backend(named: activation.Named | None, plain: dict[str, Any]) -> Iterator[Check]:
    if named is None or not plain.get("runs"):
        return
    name = named.backend.module
    if plain.get("stands_in"):
        yield Check("backend", holds=True, detail=f"import {name} gives backlit's hooks")
    elif "missing" in plain:
        cure = f"install {name.partition('.')[0]}, or what provides it; nothing can be built here without it"
        yield Check("backend", holds=False, detail=f"import {name}: {plain['missing']}", cure=cure)
    else:
        cure = "look for another finder in sys.meta_path, or a module of that name outside backend-path"
        yield Check("backend", holds=False, detail=f"import {name} gives the real backend", cure=cure)


def _ask(root: Path, *options: str) -> dict[str, Any]:
    """Ask an interpreter, started in `root` as a front end starts one; ``failed`` says why there is no answer."""
    named = activation.named_here()
    asked = {"module": named.backend.module, "path": named.backend.path} if named else {"module": "", "path": ()}
    command = [sys.executable, "-B", *options, "-c", _PROBE, json.dumps(asked)]
    done = process.run(command, cwd=root, environment={**settings.environment(), "BACKLIT": "1"})
    if done.status != 0:
        return {"failed": done.errors.strip().rpartition("\n")[2], "runs": False}
    found: dict[str, Any] = json.loads(done.output.rpartition("\n")[2] or done.output)
    return found


_PROBE: Final = """\
import importlib, json, site, sys
asked = json.loads(sys.argv[1])
told = {"runs": any(getattr(finder, "__name__", "") == "_backlit_pth" for finder in sys.meta_path)}
told["ran"] = getattr(sys.modules.get("_backlit_pth"), "__file__", "")
told["sites"] = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
if told["runs"] and asked["module"]:
    sys.path[:0] = asked["path"]
    try:
        told["stands_in"] = type(importlib.import_module(asked["module"])).__name__ == "StandIn"
    except ModuleNotFoundError as error:
        told["missing"] = str(error)
sys.stdout.write("\\n" + json.dumps(told))
"""
