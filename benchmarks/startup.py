"""What ``backlit.pth`` costs a start of the interpreter, by itself and with ``BACKLIT=1``, where nothing is built.

    python benchmarks/startup.py [--starts 1000] [--wheel backlit-*.whl]

Makes three environments with backlit from the wheel (by default one built from this tree) and setuptools, which has a
``.pth`` file of its own: one as it is, one without ``backlit.pth``, and the floor, with an empty file in its place.
Then starts them, `python -c pass`, in turn and in another order each time. CPU time is the child's user and system
together, so other load on the machine moves it little; the figure to quote is the difference of the medians. "without,
again" is the same as "without": what it differs by is noise. Prints microseconds.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SEED = 20261127


class Case(NamedTuple):
    """One kind of start."""

    python: Path
    folder: Path
    environment: dict[str, str]


def start(case: Case) -> tuple[float, float]:
    """Start the interpreter once; give CPU and wall time in microseconds."""
    os.chdir(case.folder)
    before = time.perf_counter()
    child = os.posix_spawn(case.python, [str(case.python), "-c", "pass"], case.environment)
    _, status, used = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{case.python} ended with {status}")
    return (used.ru_utime + used.ru_stime) * 1e6, (time.perf_counter() - before) * 1e6


def environment_in(folder: Path, wheel: Path) -> tuple[Path, Path]:
    """Make an environment; give its interpreter and its ``backlit.pth``."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "setuptools", str(wheel)], check=True)
    (path,) = folder.glob("lib/python*/site-packages/backlit.pth")
    return python, path


def cases_in(folder: Path, wheel: Path) -> dict[str, Case]:
    """Give the kinds of start that are compared; the first is what the others are compared with."""
    with_, _ = environment_in(folder / "with", wheel)
    without, path = environment_in(folder / "without", wheel)
    path.unlink()
    floor, path = environment_in(folder / "floor", wheel)
    path.write_text("")
    project, elsewhere = folder / "project", folder / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    unset = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    on = unset | {"BACKLIT": "1"}
    return {
        "without": Case(without, project, unset),
        "without, again": Case(without, project, unset),
        "an empty backlit.pth": Case(floor, project, unset),
        "BACKLIT unset": Case(with_, project, unset),
        "BACKLIT=1, in a project": Case(with_, project, on),
        "BACKLIT=1, elsewhere": Case(with_, elsewhere, on),
    }


def main() -> None:
    """Start and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=1000, help="of each kind")
    parser.add_argument("--wheel", type=Path, help="backlit's own; built from this tree if left out")
    args = parser.parse_args()
    shuffled = random.Random(SEED)  # noqa: S311 - an order, not a secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.wheel is None:
            subprocess.run(
                [sys.executable, "-m", "build", "-w", "-o", name, str(ROOT)], check=True, capture_output=True
            )
        cases = cases_in(folder, args.wheel.resolve() if args.wheel else next(folder.glob("*.whl")))
        taken: dict[str, list[tuple[float, float]]] = {label: [] for label in cases}
        labels = list(cases)
        for _ in range(3):  # the first starts write bytecode and fill caches
            for case in cases.values():
                start(case)
        for _ in range(args.starts):
            shuffled.shuffle(labels)
            for label in labels:
                taken[label].append(start(cases[label]))
        os.chdir("/")
    base = [statistics.median(column) for column in zip(*taken["without"], strict=True)]
    for label, rows in taken.items():
        cpu, wall = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{label:26} CPU {cpu:8.0f} ({cpu - base[0]:+6.0f})   wall {wall:8.0f} ({wall - base[1]:+6.0f})")


if __name__ == "__main__":
    main()
