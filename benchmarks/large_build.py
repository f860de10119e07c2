"""A build of many compiler calls, watched: whether all records are there and whole, and what the report costs.

    python benchmarks/large_build.py [--calls 20000] [--jobs 64] [--mechanism preload] [--system make] [--headers 150]

Builds a made-up project whose makefile, or build.ninja, compiles CALLS sources. The compiler is a stand-in of a few
lines, called gcc: what is measured is the watching, and real compilations of such a number take hours. It lists headers
where gcc would (`SUNPRO_DEPENDENCIES`, `-MF`), as many as `--headers` says, of the project's own and of this machine's:
half are the same for all sources, half are others for each. The last command is a real link of a real extension. Prints
the number of records, those that are torn, time and peak memory of reading them and of the whole report, above what the
process had before.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from pyproject_hooks import BuildBackendHookCaller, default_subprocess_runner

COMPILER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static const char *after(char **argv, const char *option)
{
    for (; *argv; argv++) if (!strcmp(*argv, option)) return argv[1];
    return 0;
}
int main(int argc, char **argv)
{
    const char *headers = getenv("STAND_IN_HEADERS"), *source = argv[argc - 1], *rule = after(argv, "-MF");
    const char *list = rule ? rule : getenv("SUNPRO_DEPENDENCIES"), *name = strrchr(source, '/');
    static char line[4096], text[1 << 20];
    size_t n, skipped, number = 0;
    FILE *in, *out;
    if (!list || !headers || !name) return 0;
    if (!(in = fopen(headers, "r")) || !(out = fopen(list, "a"))) return 1;
    n = rule ? snprintf(text, sizeof text, "%s: %s", after(argv, "-o"), source)
             : snprintf(text, sizeof text, "%.*s.o:", (int)strcspn(name + 1, "."), name + 1);
    for (skipped = atoi(name + 1) % APART; number < COUNT && fgets(line, sizeof line, in); number++) {
        if (number == COUNT / 2) while (skipped--) fgets(line, sizeof line, in);
        n += snprintf(text + n, sizeof text - n, " \\\n %.*s", (int)strcspn(line, "\n"), line);
    }
    text[n++] = '\n';
    fwrite(text, 1, n, out);
    fclose(out);
    return 0;
}
"""
BACKEND = """
import os, subprocess, sysconfig, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    quiet = ["--quiet"] if os.environ["STAND_IN_SYSTEM"] == "ninja" else ["-s"]
    subprocess.run([os.environ["STAND_IN_SYSTEM"], *quiet, f"-j{os.environ['STAND_IN_JOBS']}"], check=True)
    subprocess.run([os.environ["REAL_CC"], "-shared", "-fPIC", "-o", "_m.so", "m.c", "-lz"], check=True)
    with zipfile.ZipFile(f"{wheel_directory}/large-1-py3-none-any.whl", "w") as wheel:
        wheel.write("_m.so")
        wheel.writestr("large-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: large\\nVersion: 1\\n")
        wheel.writestr("large-1.dist-info/WHEEL", "Wheel-Version: 1.0\\n")
        wheel.writestr("large-1.dist-info/RECORD", "")
    return "large-1-py3-none-any.whl"
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backlit"
[project]
name = "large"
version = "1"
[tool.backlit]
build-backend = "made_up"
backend-path = ["."]
"""
MEASURED = """
import json, resource, time
from backlit.pipeline import finish
real = finish.finish
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def measured(*arguments):
    before, cpu, start = peak(), time.process_time(), time.monotonic()
    try:
        return real(*arguments)
    finally:
        with open("%s", "w") as file:
            spent = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - start}
            json.dump({**spent, "mb": peak(), "before": before}, file)
finish.finish = measured
"""


NINJA = """
rule cc
  command = {gcc} -O2 -Iinclude -DNDEBUG -fPIC -MD -MF $out.d -c -o $out $in
  deps = gcc
  depfile = $out.d
"""
RULE = "o/%.o:\n\t{gcc} -O2 -Iinclude -DNDEBUG -fPIC -c -o $@ src/$*.c\n"


def make_project(folder: Path, calls: int, headers: int, *, system: str, by_name: bool) -> dict[str, str]:
    """Write the project, the stand-in and its list of headers; give the variables of the build.

    `by_name` has the makefile call the compiler by its name, as a shim must be called.
    """
    (folder / "bin").mkdir(parents=True)
    (folder / "stand_in.c").write_text(COMPILER)
    tree = folder / "large"
    found = _headers(tree / "include")
    count = min(headers, len(found))
    apart = len(found) - count + 1
    (folder / "headers").write_text("".join(f"{path}\n" for path in found))
    options = [f"-DCOUNT={count}", f"-DAPART={apart}", "-w", "-o", folder / "bin/gcc"]
    subprocess.run([shutil.which("cc") or "cc", *options, folder / "stand_in.c"], check=True)
    (tree / "src").mkdir()
    for number in range(calls):
        others = number % apart + count // 2
        named = [*found[: count // 2 : 10], *found[others : others + count - count // 2 : 10]]
        lines = [f"#include <{path.rpartition('/include/')[2]}>" for path in named]
        lines += [f"int f{number}(int x) {{ return x + {number}; }}"] * 40
        (tree / f"src/{number}.c").write_text("\n".join(lines) + "\n")
    name, text = _instructions(calls, "gcc" if by_name else str(folder / "bin/gcc"), system)
    (tree / name).write_text(text)
    (tree / "m.c").write_text("#include <zlib.h>\nconst char *m(void) { return zlibVersion(); }\n")
    (tree / "made_up.py").write_text(BACKEND)
    (tree / "pyproject.toml").write_text(PYPROJECT)
    return {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "STAND_IN_HEADERS": str(folder / "headers"),
        "STAND_IN_SYSTEM": system,
        "REAL_CC": shutil.which("gcc") or "cc",
    }


def _headers(own: Path) -> list[str]:
    """Make the project's own headers; give them and the machine's: among the first a third is the project's."""
    (own / "own").mkdir(parents=True)
    headers = [own / f"own/{number}.h" for number in range(300)]
    for header in headers:
        header.write_text("#include <stddef.h>\n")
    found = iter([str(path) for path in sorted(Path("/usr/include").rglob("*.h"))])
    mixed = [str(path) for header in headers for path in (header, *islice(found, 2))]
    return [*mixed, *found]


def _instructions(calls: int, gcc: str, system: str) -> tuple[str, str]:
    """Give the name and the text of what the build system reads."""
    if system == "ninja":
        edges = "".join(f"build o/{number}.o: cc src/{number}.c\n" for number in range(calls))
        return "build.ninja", NINJA.format(gcc=gcc) + edges
    goals = " ".join(f"o/{number}.o" for number in range(calls))
    return "Makefile", f"all: {goals}\n{RULE.format(gcc=gcc)}"


def main() -> None:
    """Build once, watched, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=64)
    parser.add_argument("--headers", type=int, default=150)
    parser.add_argument("--mechanism", default="preload", choices=["preload", "shim"])
    parser.add_argument("--system", default="make", choices=["make", "ninja"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-") as name:
        folder = Path(name)
        told = make_project(folder, args.calls, args.headers, system=args.system, by_name=args.mechanism == "shim")
        (folder / "site").mkdir()
        figures = folder / "figures.json"
        (folder / "site/sitecustomize.py").write_text(MEASURED % figures)
        os.environ |= told | {
            "BACKLIT_REPORT": str(folder / "report.json"),
            "BACKLIT_TRACE": args.mechanism,
            "STAND_IN_JOBS": str(args.jobs),
            "PYTHONPATH": str(folder / "site"),
        }
        start = time.monotonic()
        caller = BuildBackendHookCaller(str(folder / "large"), "backlit", runner=default_subprocess_runner)
        caller.build_wheel(str(folder))
        whole = time.monotonic() - start
        report = json.loads((folder / "report.json").read_text())
        measured = json.loads(figures.read_text())
    compilations = sum(each["compilations"] for each in report["compilers"] if each["name"] == "gcc")
    torn = [each["message"] for each in report["diagnostics"] if each["code"] == "unread-record"]
    print(
        f"calls {args.calls}, {args.system} -j{args.jobs}, {args.mechanism}: compilations in the report {compilations} "
        f"(one is the link's), torn or unread records {len(torn)}"
    )
    print(
        f"report: {measured['cpu']:.2f} s CPU, {measured['wall']:.2f} s wall, of {whole:.0f} s in all; peak memory "
        f"{measured['mb']:.0f} MB ({measured['before']:.0f} before it); load {os.getloadavg()[0]:.1f}"
    )
    sys.exit(1 if torn or compilations < args.calls else 0)


if __name__ == "__main__":
    main()
