"""An sdist from the index, the way pip is set up: its configuration, its credentials, its certificates.

``pip download`` of an sdist runs the project's build backend, for the metadata of what it has fetched. That is the
project's own code, run outside any build, so pip is asked for the file alone: see the script it is asked with.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.machinery import PathFinder
from importlib.resources import files
from pathlib import Path
from typing import Final

from backlit.errors import InputError
from backlit.support import process

_SECONDS: Final = 900.0
"""How long pip may take, with its own retries; in seconds."""

_BY_HAND: Final = "fetch the sdist yourself and name the file"


def fetch_sdist(name: str, version: str, folder: Path) -> Path:
    """Fetch the sdist of one version of a project into `folder`, and give its path. Runs none of its code.

    :raises InputError: if pip does not find it, cannot fetch it, or cannot be had.
    """
    where = f"{name}=={version}"
    script = files("backlit.frontend").joinpath("_pip_fetch.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="backlit-pip-") as temporary:
        python = _python_with_pip(Path(temporary), where)
        command = [python, "-P", "-c", script, name, version, str(folder)]
        done = process.run(command, cwd=Path(temporary), seconds=_SECONDS)
    answer = _answer_of(done.output)
    if "file" in answer:
        return folder / answer["file"]
    problem = answer.get("problem") or f"pip failed: {_last_line(done.errors)}"
    raise InputError(problem, where=where, cure=answer.get("cure") or _BY_HAND)


def _python_with_pip(folder: Path, where: str) -> str:
    """Give an interpreter that can import pip: this one, or a virtual environment made for it."""
    # The path alone is asked: setuptools has a finder that takes a look for pip for the start of pip.
    if PathFinder.find_spec("pip") is not None:
        return sys.executable
    made = process.run([sys.executable, "-m", "venv", folder / "venv"])
    if made.status != 0:
        raise InputError("cannot be fetched without pip", where=where, cure=f"install pip, or {_BY_HAND}")
    return str(folder / "venv" / "bin" / "python")


def _answer_of(output: str) -> dict[str, str]:
    """Read the script's answer: one JSON object in the last line; empty if it ended without one."""
    try:
        answer = json.loads(output.strip().rpartition("\n")[2])
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "it did not say why"
