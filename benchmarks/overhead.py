"""CPU time of one build_wheel hook with and without backlit, interleaved.

    python benchmarks/overhead.py SOURCE [--pairs 5] [--version 1.2.3] [--env NAME=VALUE]

The hook is called as front ends call it: in a child process, through pyproject-hooks, in this interpreter's
environment, which must hold backlit and the project's build requirements. Each pair is one build without and one with
backlit, in turn first, each from a fresh copy of the tree at one path. Prints user + system time of the child and all
below it, so other load on the machine moves it little; the figure to quote is the median of the differences and of the
ratios.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import statistics
import sys
import tempfile
import tomllib
from pathlib import Path

from pyproject_hooks import BuildBackendHookCaller, quiet_subprocess_runner


def cpu_of(source: Path, backend: str, backend_path: list[str] | None, out: Path) -> float:
    """Give the CPU seconds of one build_wheel hook and all below it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    caller = BuildBackendHookCaller(str(source), backend, backend_path, runner=quiet_subprocess_runner)
    caller.build_wheel(str(out))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build(pristine: Path, folder: Path, backend: str, backend_path: list[str] | None) -> tuple[float, str]:
    """Build from a fresh copy; give CPU seconds and the wheel's digest."""
    source, out = folder / pristine.name, folder / "out"
    for path in (source, out):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(pristine, source, symlinks=True)
    out.mkdir()
    seconds = cpu_of(source, backend, backend_path, out)
    (wheel,) = out.glob("*.whl")
    return seconds, hashlib.sha256(wheel.read_bytes()).hexdigest()


def main() -> None:
    """Run the pairs and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="for both builds")
    args = parser.parse_args()
    pristine = args.source.resolve()
    table = tomllib.loads((pristine / "pyproject.toml").read_text()).get("build-system", {})
    named = (table.get("build-backend", "setuptools.build_meta:__legacy__"), table.get("backend-path"))
    os.environ.update({"SOURCE_DATE_EPOCH": "1700000000"}, **dict(pair.split("=", 1) for pair in args.env))
    rows: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        digests: dict[str, set[str]] = {"without": set(), "with": set()}
        for number in range(args.pairs + 1):
            ways = [("without", *named), ("with", "backlit", None)]
            seconds = {}
            for way, backend, path in ways if number % 2 else reversed(ways):
                seconds[way], digest = build(pristine, Path(folder), backend, path)
                digests[way].add(digest)
            if number:  # the first pair fills caches
                rows.append((seconds["without"], seconds["with"]))
                print(f"pair {number}: without {rows[-1][0]:.3f} s, with {rows[-1][1]:.3f} s")
    added = statistics.median((new - old) * 1000 for old, new in rows)
    ratio = statistics.median(new / old for old, new in rows)
    noise = max(old for old, _ in rows) / min(old for old, _ in rows)
    same = "equal" if digests["with"] == digests["without"] and len(digests["with"]) == 1 else "not equal"
    print(f"median added {added:+.1f} ms CPU, ratio {ratio:.3f}; noise of the plain build x{noise:.3f}; wheels {same}")


if __name__ == "__main__":
    sys.exit(main())
