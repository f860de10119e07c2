"""A wheel of backlit itself, and environments made from it: front ends that isolate install it by name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from kit import ROOT, SETUPTOOLS, SETUPTOOLS_SCM, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that holds backlit's own wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def environment(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the interpreter of an environment with backlit, the front ends and common build requirements."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    backlit = next(wheelhouse.glob("*.whl"))
    tools = ["build", "flit-scm", "gpep517", "tox", "uv", "wheel", SETUPTOOLS, SETUPTOOLS_SCM]
    run(python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", cwd=folder)
    run(python, "-m", "pip", "install", "--quiet", f"{backlit}[cli]", *tools, cwd=folder)
    return python
