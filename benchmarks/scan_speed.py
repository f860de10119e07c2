"""What it costs to scan sdists, against merely inflating the same archives: CPU seconds on one core, and memory.

    python benchmarks/scan_speed.py SDIST... [--rounds N]

All are scanned in this one process, as ``backlit scan`` does with several; each figure is the best of the rounds, and
inflating and scanning take turns. What the first scan loads, the catalogue and the scanners, is told apart. An archive
of at least 10 MB counts as large, one below 1 MB as small.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
import zlib
from pathlib import Path
from typing import NamedTuple

from backlit.errors import BacklitError
from backlit.pipeline import assemble, source_report

LARGE = 10_000_000
SMALL = 1_000_000


class Cost(NamedTuple):
    """One archive."""

    name: str
    size: int
    inflate: float
    scan: float


def inflate(path: Path) -> float:
    """Give the CPU seconds of inflating a gzip file, in chunks, to nowhere."""
    started = time.process_time()
    with path.open("rb") as file:
        inflater = zlib.decompressobj(wbits=31)
        while chunk := file.read(65_536):
            inflater.decompress(chunk)
    return time.process_time() - started


def scan(path: Path) -> float:
    """Give the CPU seconds of a scan, down to the document that would be printed."""
    started = time.process_time()
    assemble.document(source_report.of_source(path))
    return time.process_time() - started


def costs_of(paths: list[Path], rounds: int) -> list[Cost]:
    """Measure every archive."""
    found = []
    for path in paths:
        try:
            pairs = [(inflate(path), scan(path)) for _ in range(rounds)]
        except BacklitError as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        name, size = path.name, path.stat().st_size
        found.append(Cost(name, size, min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)))
        gc.collect()
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sdists", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=15, help="how many of the dearest are listed")
    arguments = parser.parse_args()
    paths = [path for path in arguments.sdists if path.name.endswith((".tar.gz", ".tgz"))]
    first = scan(min(paths, key=lambda path: path.stat().st_size))
    costs = costs_of(paths, arguments.rounds)
    print(f"{'archive':44}{'MB':>8}{'inflate ms':>12}{'scan ms':>10}{'times':>8}")
    for cost in sorted(costs, key=lambda cost: -cost.scan)[: arguments.rows]:
        times = cost.scan / max(cost.inflate, 1e-9)
        print(f"{cost.name[:43]:44}{cost.size / 1e6:8.1f}{1e3 * cost.inflate:12.1f}{1e3 * cost.scan:10.1f}{times:8.1f}")
    print(f"\nfirst scan, with all that it loads: {1e3 * first:.0f} ms")
    for label, chosen in (
        (f"large, from {LARGE / 1e6:.0f} MB", [cost for cost in costs if cost.size >= LARGE]),
        (f"small, below {SMALL / 1e6:.0f} MB", [cost for cost in costs if cost.size < SMALL]),
        ("all", costs),
    ):
        if chosen:
            total, bare = sum(cost.scan for cost in chosen), sum(cost.inflate for cost in chosen)
            ordered = sorted(1e3 * cost.scan for cost in chosen)
            print(
                f"{label}: {len(chosen)} archives, {total / bare:.1f} times inflate; "
                f"median {ordered[len(ordered) // 2]:.0f} ms, worst {ordered[-1]:.0f} ms, "
                f"below 50 ms: {sum(value < 50 for value in ordered)}"  # noqa: PLR2004 - the aim
            )
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
