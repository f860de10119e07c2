"""A build of many compiler calls, watched: whether all records are there and whole, and what the report costs.

    python benchmarks/large_build.py [--calls 20000] [--jobs 64] [--mechanism preload] [--headers 150]

Builds a made-up project whose makefile compiles CALLS sources. The compiler is a stand-in of a few lines, called gcc:
what is measured is the watching, and real compilations of such a number take hours. It lists headers where gcc would
(`SUNPRO_DEPENDENCIES`), as many of this machine's as `--headers` says. The last command is a real link of a real
extension. Prints the number of records, those that are torn, time and peak memory of reading them and of the whole
report, above what the process had before.
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
from pathlib import Path

from pyproject_hooks import BuildBackendHookCaller, default_subprocess_runner

COMPILER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
    const char *list = getenv("SUNPRO_DEPENDENCIES"), *headers = getenv("STAND_IN_HEADERS"), *source = argv[argc - 1];
    char target[256];
    FILE *in = headers ? fopen(headers, "r") : 0, *out = list && in ? fopen(list, "a") : 0;
    static char text[1 << 20];
    size_t n = in ? fread(text, 1, sizeof text, in) : 0;
    if (!out) return 0;
    snprintf(target, sizeof target, "%s", strrchr(source, '/') + 1);
    *strrchr(target, '.') = 0;
    static char whole[1 << 20];
    size_t m = snprintf(whole, sizeof whole, "%s.o: %.*s\n", target, (int)n, text);
    fwrite(whole, 1, m, out);
    fclose(out);
    return 0;
}
"""
BACKEND = """
import os, subprocess, sysconfig, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    subprocess.run(["make", "-s", f"-j{os.environ['STAND_IN_JOBS']}"], check=True)
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


def make_project(folder: Path, calls: int, headers: int, *, by_name: bool) -> dict[str, str]:
    """Write the project, the stand-in and its list of headers; give the variables of the build.

    `by_name` has the makefile call the compiler by its name, as a shim must be called.
    """
    (folder / "bin").mkdir(parents=True)
    (folder / "stand_in.c").write_text(COMPILER)
    subprocess.run([shutil.which("cc") or "cc", "-o", folder / "bin/gcc", folder / "stand_in.c"], check=True)
    listed = [str(path) for path in sorted(Path("/usr/include").rglob("*.h"))[:headers]]
    (folder / "headers").write_text(" \\\n ".join(listed))
    tree = folder / "large"
    (tree / "src").mkdir(parents=True)
    goals = " ".join(f"o/{number}.o" for number in range(calls))
    rule = "o/%.o:\n\t" + f"{'gcc' if by_name else folder / 'bin/gcc'} -O2 -Iinclude -DNDEBUG -fPIC -c -o $@ src/$*.c\n"
    (tree / "Makefile").write_text(f"all: {goals}\n{rule}")
    (tree / "m.c").write_text("#include <zlib.h>\nconst char *m(void) { return zlibVersion(); }\n")
    (tree / "made_up.py").write_text(BACKEND)
    (tree / "pyproject.toml").write_text(PYPROJECT)
    return {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "STAND_IN_HEADERS": str(folder / "headers"),
        "REAL_CC": shutil.which("gcc") or "cc",
    }


def main() -> None:
    """Build once, watched, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=64)
    parser.add_argument("--headers", type=int, default=150)
    parser.add_argument("--mechanism", default="preload", choices=["preload", "shim"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-") as name:
        folder = Path(name)
        told = make_project(folder, args.calls, args.headers, by_name=args.mechanism == "shim")
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
        f"calls {args.calls}, make -j{args.jobs}, {args.mechanism}: compilations in the report {compilations} "
        f"(one is the link's), torn or unread records {len(torn)}"
    )
    print(
        f"report: {measured['cpu']:.2f} s CPU, {measured['wall']:.2f} s wall, of {whole:.0f} s in all; peak memory "
        f"{measured['mb']:.0f} MB ({measured['before']:.0f} before it); load {os.getloadavg()[0]:.1f}"
    )
    sys.exit(1 if torn or compilations < args.calls else 0)


if __name__ == "__main__":
    main()
