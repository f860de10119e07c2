"""CPU time of whole builds, by pip alone and by backlit, interleaved: environment, hooks and report together.

    python benchmarks/whole_builds.py SDIST [SDIST ...] [--pairs 3] [--env NAME=VALUE]

Each sdist is built as a user would build it, in an isolated environment: with `pip wheel` of this interpreter and with
`backlit build`, whose report is written. Each pair is one of each, in turn first, from a fresh copy of the tree at one
path. Prints user + system time of the command and all below it, so other load on the machine moves it little; the
figure to quote is the median of the packages' ratios, and beside it the noise: how far the ratio of two plain builds
of one package is from 1, by median. What the packages need of the machine must be installed; the index is asked for
build requirements. Without ccache: it finds what was compiled in the tree, and nothing of a scratch copy elsewhere.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path


def cpu_of(command: list[str]) -> float:
    """Give the CPU seconds of a command and all below it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{command} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build(sdist: Path, folder: Path, way: str) -> float:
    """Unpack an sdist to the one path and build it; give CPU seconds."""
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "tree", filter="data")
    (tree,) = (path for path in (folder / "tree").iterdir() if path.is_dir())
    plain = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder / "out"), str(tree)]
    ours = ["-m", "backlit", "build", str(tree), "--wheel", "--outdir", str(folder / "out")]
    return cpu_of([sys.executable, *(plain if way == "plain" else [*ours, "--report", str(folder / "report.json")])])


def main() -> None:
    """Build all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sdists", nargs="+", type=Path, metavar="SDIST")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="for both builds")
    args = parser.parse_args()
    os.environ.update({"SOURCE_DATE_EPOCH": "1700000000"}, **dict(pair.split("=", 1) for pair in args.env))
    ratios, noises = [], []
    with tempfile.TemporaryDirectory() as folder:
        for sdist in args.sdists:
            seconds: dict[str, list[float]] = {"plain": [], "backlit": []}
            for number in range(args.pairs):
                for way in ("plain", "backlit") if number % 2 else ("backlit", "plain"):
                    seconds[way].append(build(sdist, Path(folder, "build"), way))
            plain, ours = statistics.median(seconds["plain"]), statistics.median(seconds["backlit"])
            ratios.append(ours / plain)
            noises.append(max(seconds["plain"]) / min(seconds["plain"]))
            print(f"{sdist.name:40} plain {plain:7.2f} s  backlit {ours:7.2f} s  ratio {ratios[-1]:.3f}", flush=True)
    noise = statistics.median(noises) - 1
    print(f"{len(ratios)} packages: median ratio {statistics.median(ratios):.3f}, noise {noise:.3f}")


if __name__ == "__main__":
    main()
