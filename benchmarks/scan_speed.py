"""What it costs to scan sdists, against merely inflating the same archives: CPU seconds on one core, and memory.

    python benchmarks/scan_speed.py SDIST... [--rounds N]

All are scanned in this one process, as ``backlit scan`` does with several; each figure is the best of the rounds, and
inflating with zlib, scanning with zlib, and scanning with isal, where that is installed, take turns. What the first
scan loads, the catalogue and the scanners, is told apart. An archive of at least 10 MB counts as large, one below 1 MB
as small.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from backlit.artifacts import engine
from backlit.errors import BacklitError
from backlit.pipeline import assemble, source_report

LARGE = 10_000_000
SMALL = 1_000_000


ENGINES = ("zlib", "isal") if find_spec("isal") else ("zlib",)


class Cost(NamedTuple):
    """One archive."""

    name: str
    size: int
    inflate: float
    scan: dict[str, float]
    """By what inflated."""


def inflate(path: Path) -> float:
    """Give the CPU seconds of inflating a gzip file, in chunks, to nowhere."""
    started = time.process_time()
    with path.open("rb") as file:
        inflater = zlib.decompressobj(wbits=31)
        while chunk := file.read(65_536):
            inflater.decompress(chunk)
    return time.process_time() - started


def choose(name: str) -> None:
    """Let backlit inflate by zlib or by isal: it looks for the latter once a process."""
    sys.modules.pop("isal", None)
    if name == "zlib":
        sys.modules["isal"] = None  # type: ignore[assignment]  # the way to make an import fail
    engine.fastest.cache_clear()
    engine.fastest()


def scan(path: Path, name: str) -> float:
    """Give the CPU seconds of a scan with an engine, down to the document that would be printed."""
    choose(name)
    started = time.process_time()
    assemble.document(source_report.of_source(path))
    return time.process_time() - started


def costs_of(paths: list[Path], rounds: int) -> list[Cost]:
    """Measure every archive."""
    found = []
    for path in paths:
        try:
            taken = [(inflate(path), {name: scan(path, name) for name in ENGINES}) for _ in range(rounds)]
        except BacklitError as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        least = {name: min(scans[name] for _, scans in taken) for name in ENGINES}
        found.append(Cost(path.name, path.stat().st_size, min(bare for bare, _ in taken), least))
        gc.collect()
    return found


def print_rows(costs: list[Cost]) -> None:
    """Print each archive."""
    print(f"{'archive':44}{'MB':>8}{'inflate ms':>12}" + "".join(f"{name + ' ms':>10}{'times':>8}" for name in ENGINES))
    for cost in costs:
        cells = "".join(
            f"{1e3 * cost.scan[name]:10.1f}{cost.scan[name] / max(cost.inflate, 1e-9):8.1f}" for name in ENGINES
        )
        print(f"{cost.name[:43]:44}{cost.size / 1e6:8.1f}{1e3 * cost.inflate:12.1f}{cells}")


def print_sums(label: str, costs: list[Cost]) -> None:
    """Print what archives took together."""
    bare = sum(cost.inflate for cost in costs)
    for name in ENGINES:
        ordered = sorted(1e3 * cost.scan[name] for cost in costs)
        print(
            f"{label}, {name}: {len(costs)} archives, {sum(ordered) / bare / 1e3:.1f} times inflate; "
            f"median {ordered[len(ordered) // 2]:.0f} ms, worst {ordered[-1]:.0f} ms, "
            f"below 50 ms: {sum(value < 50 for value in ordered)}"  # noqa: PLR2004 - the aim
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sdists", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=15, help="how many of the dearest are listed")
    arguments = parser.parse_args()
    paths = [path for path in arguments.sdists if path.name.endswith((".tar.gz", ".tgz"))]
    first = scan(min(paths, key=lambda path: path.stat().st_size), ENGINES[0])
    costs = costs_of(paths, arguments.rounds)
    print_rows(sorted(costs, key=lambda cost: -cost.scan["zlib"])[: arguments.rows])
    print(f"\nfirst scan, with all that it loads: {1e3 * first:.0f} ms")
    for label, chosen in (
        (f"large, from {LARGE / 1e6:.0f} MB", [cost for cost in costs if cost.size >= LARGE]),
        (f"small, below {SMALL / 1e6:.0f} MB", [cost for cost in costs if cost.size < SMALL]),
        ("all", costs),
    ):
        if chosen:
            print_sums(label, chosen)
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
