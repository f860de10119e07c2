"""Whether the wheel of `backlit build` is, byte for byte, the one that the real backend makes alone.

    python benchmarks/identity.py SOURCE VERSION [--env NAME=VALUE]

Builds SOURCE three times from a fresh copy at one path: twice with `python -m build --wheel`, to learn whether the
project's wheel is reproducible at all, and once with `backlit build --version VERSION`. `--env` is for the plain
builds, which need the version tool's own variable where the tree has no VCS.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def build(pristine: Path, folder: Path, command: list[str], env: dict[str, str]) -> Path:
    """Build from a fresh copy; give the wheel, moved out of the next build's way."""
    source, out = folder / pristine.name, folder / "out"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(pristine, source, symlinks=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **env}
    # PYTHONHASHSEED: Cython and others write sets in the order of their hashes.
    environment.setdefault("PYTHONHASHSEED", "0")
    done = subprocess.run(
        [sys.executable, "-m", *command, "-o", str(out), str(source)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    (wheel,) = out.glob("*.whl")
    kept = folder / f"{len(list(folder.iterdir()))}-{wheel.name}"
    return wheel.rename(kept)


def differing(left: Path, right: Path) -> list[str]:
    """Name the members that differ, or are in one wheel only."""
    with zipfile.ZipFile(left) as a, zipfile.ZipFile(right) as b:
        one, two = ({info.filename: info.CRC for info in archive.infolist()} for archive in (a, b))
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def main() -> None:
    """Build three times and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("version")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="for the plain builds")
    args = parser.parse_args()
    pristine, env = args.source.resolve(), dict(pair.split("=", 1) for pair in args.env)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = [build(pristine, folder, ["build", "--wheel"], env) for _ in range(2)]
        ours = build(pristine, folder, ["backlit", "build", "--version", args.version], {})
        same = plain[0].read_bytes() == plain[1].read_bytes()
        equal = ours.read_bytes() == plain[0].read_bytes()
        verdict = "identical" if equal else f"differs in {', '.join(differing(plain[0], ours)[:6]) or 'order'}"
        alone = "reproducible" if same else f"not reproducible ({', '.join(differing(*plain)[:3])})"
        print(f"{pristine.name}: {alone}; with backlit {verdict}")


if __name__ == "__main__":
    main()
