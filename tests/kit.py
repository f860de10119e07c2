"""What the tests share: this tree, and real commands run to their end."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
"""The project's own folder."""

EPOCH = "1700000000"
"""SOURCE_DATE_EPOCH of every build: wheels are compared byte for byte."""

SETUPTOOLS = "setuptools==80.9.0"
SETUPTOOLS_SCM = "setuptools-scm==8.3.1"


def run(
    *command: str | Path, cwd: Path, status: int = 0, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without any variable of backlit's but those given.

    Another exit status than `status` fails the test with all it printed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLIT")}
    environment = {**kept, "SOURCE_DATE_EPOCH": EPOCH, **(variables or {})}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
    return done
