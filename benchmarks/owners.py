"""How long it takes to tell the owners of files of this machine, against ``dpkg -S``.

    python benchmarks/owners.py [--files 500] [--rounds 9] [--unowned 25]

Files are drawn, always the same ones, from the machine's headers, libraries and programs; some more are made in
``/usr/local/lib``'s name, which no package has: with those every list has to be read. Each round starts one process of
either kind, one after the other: a bare Python that asks and ends, and dpkg. Medians are given of the CPU that the
question takes in the process, of the process's whole CPU and of its wall time; the processes' own start is in the last
two, and that of a bare Python is said beside them. The answers are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

FOLDERS = ("/usr/include", "/usr/lib", "/usr/bin")

ASK = """
import json, sys, time
paths = json.load(sys.stdin)
start, cpu = time.perf_counter(), time.process_time()
from backlit import owners
loaded = time.process_time()
answer = owners.owners_of(paths)
now, end = time.process_time(), time.perf_counter()
json.dump({
    "load": loaded - cpu, "ask": now - loaded, "wall": end - start,
    "owned": {path: owner.name for path, owner in answer.owned.items()},
    "unowned": sorted(answer.unowned), "faults": answer.faults,
}, sys.stdout)
"""


class Cost(NamedTuple):
    """What one process took, in milliseconds."""

    cpu: float
    wall: float


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--unowned", type=int, default=25)
    arguments = parser.parse_args()
    owned = drawn(arguments.files)
    for unowned in (0, arguments.unowned):
        paths = owned + [f"/usr/local/lib/libnobodys{number}.so" for number in range(unowned)]
        measure(paths, arguments.rounds)


def drawn(count: int) -> list[str]:
    """Give some files of this machine, spread over its packages; the same at each call."""
    every = sorted(str(Path(top, name)) for folder in FOLDERS for top, _, names in os.walk(folder) for name in names)
    return random.Random(0).sample(every, min(count, len(every)))  # noqa: S311 - a sample, no secret


def measure(paths: list[str], rounds: int) -> None:
    """Ask both in turn, and print what each took and where they differ."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    bare: list[Cost] = []
    inside: list[dict[str, float]] = []
    answer, said = {}, ""
    for _ in range(rounds):
        bare.append(run([sys.executable, "-c", "import json, sys, time; json.load(sys.stdin)"], json.dumps(paths))[0])
        cost, text = run([sys.executable, "-c", ASK], json.dumps(paths))
        ours.append(cost)
        answer = json.loads(text)
        inside.append({key: 1000 * answer[key] for key in ("load", "ask", "wall")})
        cost, said = run(["dpkg", "-S", *paths], "")
        theirs.append(cost)
    load, ask, wall = (statistics.median(each[key] for each in inside) for key in ("load", "ask", "wall"))
    print(f"{len(paths)} files, {len(answer['owned'])} owned, {len(answer['unowned'])} unowned, {answer['faults']=}")
    print(f"  backlit, inside the process   CPU {ask:7.1f} ms (+ {load:.1f} to load)   wall {wall:7.1f} ms")
    for name, costs in (("backlit, whole process", ours), ("a bare Python", bare), ("dpkg -S, whole process", theirs)):
        cpu = statistics.median(cost.cpu for cost in costs)
        print(f"  {name:28}  CPU {cpu:7.1f} ms   wall {statistics.median(cost.wall for cost in costs):7.1f} ms")
    print(f"  different answers: {different(answer['owned'], said) or 'none'}")


def run(command: list[str], given: str) -> tuple[Cost, str]:
    """Run a process to its end, and give what it took and printed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(1000 * cpu, 1000 * (end - start)), done.stdout


def different(owned: dict[str, str], said: str) -> list[tuple[str, str | None, str]]:
    """Give the paths for which dpkg names another package, or one where we name none."""
    expected = {}
    for line in said.splitlines():
        packages, _, path = line.rpartition(": ")
        if not packages.startswith("diversion by"):
            expected[path] = {package.partition(":")[0] for package in packages.split(", ")}
    return [(path, owned.get(path), str(names)) for path, names in expected.items() if owned.get(path) not in names]


if __name__ == "__main__":
    main()
