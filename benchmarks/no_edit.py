"""Build a wheel the way a distribution does, with ``BACKLIT=1`` and nothing edited.

    python benchmarks/no_edit.py SOURCE OUTDIR VERSION

In a fresh virtual environment that holds the running backlit, ``build`` and what the project needs to be built, this is

    BACKLIT=1 BACKLIT_VERSION=VERSION python -m build -n -x -w -o OUTDIR SOURCE

Its wheel must be the one that ``backlit build --wheel --version VERSION SOURCE`` makes, and SOURCE must stay as it was.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

REQUIRES = """
import os, sys
from pyproject_hooks import BuildBackendHookCaller, quiet_subprocess_runner
source, name, *path = sys.argv[1:]
caller = BuildBackendHookCaller(source, name, path or None, runner=quiet_subprocess_runner)
print(*caller.get_requires_for_build_wheel(), sep="\\n")
"""


def main() -> int:
    """Make the environment and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("version")
    arguments = parser.parse_args()
    source = arguments.source.resolve()
    system = build_system(source)
    os.environ.update({"BACKLIT": "1", "BACKLIT_VERSION": arguments.version})
    with tempfile.TemporaryDirectory(prefix="no-edit-") as folder:
        python = Path(folder, "venv", "bin", "python")
        uv("venv", "--python", sys.executable, python.parents[1])
        uv("pip", "install", "--python", python, wheel_of_backlit(Path(folder)), "build", *system["requires"])
        command = [python, "-c", REQUIRES, source, system["build-backend"], *system.get("backend-path", [])]
        asked = subprocess.run([*map(str, command)], check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
        requires = [line for line in asked.stdout.splitlines() if line]
        if requires:
            uv("pip", "install", "--python", python, *requires)
        build = [python, "-m", "build", "-n", "-x", "-w", "-o", arguments.outdir.resolve(), source]
        return subprocess.run([*map(str, build)], check=False, cwd=folder).returncode


def build_system(source: Path) -> dict[str, list[str]]:
    """Give ``[build-system]``, with what stands for a table or a backend that is not there (PEP 517, PEP 518)."""
    path = source / "pyproject.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")).get("build-system", {}) if path.is_file() else {}
    table.setdefault("requires", ["setuptools>=40.8.0"])
    table.setdefault("build-backend", "setuptools.build_meta:__legacy__")
    return table


def wheel_of_backlit(folder: Path) -> Path:
    """Build backlit's own wheel, or take the one that BACKLIT_TEST_WHEEL names."""
    named = os.environ.get("BACKLIT_TEST_WHEEL")
    if named:
        return Path(named)
    uv("build", "--wheel", "--out-dir", folder / "wheel", Path(__file__).parents[1])
    (wheel,) = (folder / "wheel").glob("*.whl")
    return wheel


def uv(*arguments: str | Path) -> None:
    """Run uv, without any variable of backlit's: what it builds is another project."""
    kept = {name: value for name, value in os.environ.items() if not re.match("BACKLIT", name)}
    command = [sys.executable, "-m", "uv", "--quiet", *map(str, arguments)]
    subprocess.run(command, check=True, env=kept)


if __name__ == "__main__":
    sys.exit(main())
