"""Wall and CPU time of a scratch copy of a made tree, beside plain ``shutil.copytree``, interleaved.

    python benchmarks/scratch_copy.py [--folder DIR] [--megabytes 500] [--files 20000] [--pairs 5]

Makes a checkout of git in `--folder` (default: ``TMPDIR``): many small files, a few large ones, a tracked history whose
objects are as large as the files, a virtual environment and a build folder. Each pair copies it once each way, in turn
first, beside the tree, and then once more into a second file system if `--elsewhere` names a folder of one. Prints the
medians, the bytes that the file system took, and whether ``git status`` calls the copy clean, and how long that took.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from backlit.pipeline import scratch


def make_tree(root: Path, megabytes: int, files: int) -> None:
    """Write a checkout whose files take about `megabytes`, and its repository about as much again."""
    chance = random.Random(1)  # noqa: S311 - the same tree every time
    small = 4096
    for number in range(files):
        path = root / f"package{number % 97}" / f"module{number % 11}" / f"file{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(small // 2) * 2)
    left = megabytes - files * small // 2**20
    for number in range(8):
        (root / f"large{number}.bin").write_bytes(chance.randbytes(max(left, 8) * 2**20 // 8))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.compression=0", "-c", "gc.auto=0"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"], ["tag", "v1"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    for name, made in ((".venv/lib", "pyvenv.cfg"), ("build/lib", "x")):
        (root / name).mkdir(parents=True)
        (root / name).parent.joinpath(made).touch()
        (root / name / "made.bin").write_bytes(chance.randbytes(20 * 2**20))


def timed(way: str, root: Path, parent: Path) -> tuple[float, float, float]:
    """Copy once; give wall seconds, CPU seconds and the megabytes that the file system has less."""
    os.sync()
    before, used = os.times(), shutil.disk_usage(parent).used
    start = time.perf_counter()
    if way == "copytree":
        shutil.copytree(root, parent / "tree" / root.name, symlinks=True)
    else:
        scratch.copy(root, parent)
    wall = time.perf_counter() - start
    after = os.times()
    os.sync()
    taken = (shutil.disk_usage(parent).used - used) / 2**20
    return wall, after.user + after.system - before.user - before.system, taken


def compare(root: Path, where: Path, pairs: int) -> None:
    """Run the pairs below `where` and print them."""
    rows: dict[str, list[tuple[float, float, float]]] = {"copytree": [], "scratch": []}
    made: list[Path] = []
    clean = ""
    for number in range(pairs):
        for way in [*rows][:: 1 if number % 2 else -1]:
            made.append(parent := Path(tempfile.mkdtemp(prefix="copied-", dir=where)))
            rows[way].append(timed(way, root, parent))
            if way == "scratch" and not clean:
                clean = state_of(parent / "tree" / root.name)
    # Copies are removed at the end: ext4 takes long to make a file while others have just been deleted.
    for parent in made:
        shutil.rmtree(parent)
    for way, taken in rows.items():
        wall, cpu, megabytes = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{way:9} wall {wall:6.2f} s   CPU {cpu:6.2f} s   {megabytes:7.0f} MB taken")
    print(clean)


def state_of(tree: Path) -> str:
    """Say what ``git status`` says of the copy, and how long it took."""
    start = time.perf_counter()
    command = ["git", "status", "--porcelain", "--untracked-files=no"]
    printed = subprocess.run(command, cwd=tree, check=True, capture_output=True).stdout
    return f"git status: {'dirty' if printed else 'clean'} in {time.perf_counter() - start:.2f} s"


def main() -> None:
    """Make the tree, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--elsewhere", type=Path)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backlit-benchmark-", dir=given.folder) as name:
        root = Path(name) / "project"
        root.mkdir()
        make_tree(root, given.megabytes, given.files)
        for where in filter(None, (Path(name), given.elsewhere)):
            print(f"{given.files} small files, {given.megabytes} MB beside .git, to {where}:")
            compare(root, where, given.pairs)


if __name__ == "__main__":
    sys.exit(main())
