"""Whether the line that ``backlit doctor`` prints makes packages build that did not: tried in a bare Debian.

    python benchmarks/doctor_trial.py --work DIR SDIST... [--json FILE] [--suite bookworm] [--as-it-is]

Needs root, mmdebstrap, `unshare` and the network. A root with Python, its `venv` and nothing to compile with is made
once in DIR (``base.tar``), and backlit is installed there from the tree that this file stands in (``ready``). As in
many containers, apt installs there what is depended on, and nothing that is recommended. Then, for each sdist, in a
fresh root each time, an overlay over that one:

1.  ``pip wheel --use-pep517 --no-deps SDIST``, isolated, which has to fail;
2.  ``backlit doctor SDIST --format json``, which has to end with 1 and print a line;
3.  that line, as it is, in the root's ``/bin/sh``;
4.  ``backlit doctor`` again, which has to end with 0;
5.  the build again, which has to succeed.

One row is printed a package. A package that builds from the start shows that doctor says 0 there, and no more. Logs of
each step are in ``DIR/logs``. Exit code 1 if a row is not as it has to be.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parents[1]
PYTHON = "/opt/backlit/bin/python"
TAR = shutil.which("tar") or "/bin/tar"
MIRROR = "http://deb.debian.org/debian"


class Root(NamedTuple):
    """One root: what is below it, and what was changed there since."""

    work: Path
    below: Path
    changes: Path


class Row(NamedTuple):
    """What came of one package; exit codes, and None for a step that was not taken."""

    sdist: str
    built_before: bool
    doctor_before: int
    line: str
    unnamed: list[str]
    installed: int | None
    doctor_after: int | None
    built_after: bool | None
    seconds: float

    @property
    def is_right(self) -> bool:
        """True if doctor said what was the case, before and after."""
        if self.built_before:
            return self.doctor_before == 0
        return self.doctor_before == 1 and self.doctor_after == 0 and bool(self.built_after)


def main() -> int:
    """Try each sdist; print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sdists", nargs="+", type=Path, metavar="SDIST")
    parser.add_argument(
        "--work", type=Path, required=True, help="where roots and logs are; the bare root is kept there"
    )
    parser.add_argument("--json", type=Path, help="where the rows go as well")
    parser.add_argument("--suite", default="bookworm", help="which Debian (default: bookworm)")
    parser.add_argument("--as-it-is", action="store_true", help="take the root with backlit from the last run")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    for folder in ("logs", "pip", "archives/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    if not arguments.as_it_is:
        _make_ready(work, arguments.suite)
    rows = []
    for sdist in arguments.sdists:
        rows.append(_tried(work, sdist))
        print(_shown(rows[-1]), flush=True)
        if arguments.json:
            arguments.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")
    cured = sum(row.is_right and not row.built_before for row in rows)
    print(f"{len(rows)} packages: {cured} made to build by the line, {sum(not row.is_right for row in rows)} not right")
    return 0 if all(row.is_right for row in rows) else 1


def _tried(work: Path, sdist: Path) -> Row:
    began = time.monotonic()
    root = _fresh(work)
    shutil.copy(sdist, root.changes / "src")
    name, log = f"/src/{sdist.name}", work / "logs" / sdist.name
    built_before = _built(root, name, log, "1-build")
    before, found = _doctor(root, name, log, "2-doctor")
    line = found["install"]["needed"]["command"] if found else ""
    unnamed = found["install"]["needed"]["unnamed"] if found else []
    installed = after = built_after = None
    if not built_before and line:
        installed = _run(root, line, log, "3-install").returncode
        after, _ = _doctor(root, name, log, "4-doctor")
        built_after = _built(root, name, log, "5-build")
    seconds = time.monotonic() - began
    return Row(sdist.name, built_before, before, line, unnamed, installed, after, built_after, round(seconds, 1))


def _built(root: Root, sdist: str, log: Path, step: str) -> bool:
    line = f"{PYTHON} -m pip wheel --use-pep517 --no-deps -w /out {shlex.quote(sdist)}"
    return _run(root, line, log, step).returncode == 0


def _doctor(root: Root, sdist: str, log: Path, step: str) -> tuple[int, dict[str, Any] | None]:
    done = _run(root, f"{PYTHON} -m backlit doctor {shlex.quote(sdist)} --format json", log, step)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, None


def _run(root: Root, line: str, log: Path, step: str) -> subprocess.CompletedProcess[str]:
    """Run a line in a root, in a mount namespace of its own: what it mounts is gone when it ends."""
    top = root.work / "root"
    inside = ["env", "-i", *_variables(), "chroot", str(top), "/bin/sh", "-c", line]
    layers = f"lowerdir={root.below},upperdir={root.changes},workdir={root.work}/layer"
    mounts = " && ".join(
        [
            f'mount -t overlay overlay -o "{layers}" "{top}"',
            f'mount -t proc proc "{top}/proc"',
            f'mount --rbind /dev "{top}/dev"',
            # Downloads are kept from root to root, and nothing else is.
            f'mount --bind "{root.work}/archives" "{top}/var/cache/apt/archives"',
            f'mount --bind "{root.work}/pip" "{top}/root/.cache"',
            'exec "$@"',
        ]
    )
    command = ["unshare", "--mount", "--fork", "/bin/sh", "-c", mounts, "sh", *inside]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )
    Path(f"{log}.{step}.log").write_text(f"$ {line}\n{done.stdout}\n{done.stderr}\n[{done.returncode}]\n")
    return done


def _variables() -> list[str]:
    """Give the environment of a build: nothing of ours but what leads to the network."""
    passed = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    plain = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
        "PIP_CERT": certificates,
        "SSL_CERT_FILE": certificates,
        "CARGO_HTTP_CAINFO": certificates,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return [f"{name}={value}" for name, value in sorted({**plain, **passed}.items())]


def _make_ready(work: Path, suite: str) -> None:
    """Make a bare root in which backlit is installed, from the tree as it is now."""
    base, ready = work / "base.tar", work / "ready"
    if not base.exists():
        packages = "python3,python3-venv,ca-certificates"
        sources = [f"deb {MIRROR} {suite} main", f"deb {MIRROR}-security {suite}-security main"]
        made = ["mmdebstrap", "--variant=minbase", f"--include={packages}", suite, str(base), *sources]
        subprocess.run(made, check=True)
    for folder in (ready, work / "wheels"):
        shutil.rmtree(folder, ignore_errors=True)
    ready.mkdir()
    subprocess.run([TAR, "-C", str(ready), "-xpf", str(base)], check=True)
    (ready / "etc/apt/apt.conf.d/90trial").write_text('APT::Install-Recommends "false";\n')
    (ready / "etc/dpkg/dpkg.cfg.d/90trial").write_text("force-unsafe-io\n")
    for name in ("src", "out", "root/.cache"):
        (ready / name).mkdir(exist_ok=True)
    for file in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        shutil.copy(f"/{file}", ready / file)
    wheels = ["--no-deps", "-w", str(work / "wheels"), str(HERE)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", *wheels], check=True)
    (wheel,) = (work / "wheels").glob("backlit-*.whl")
    shutil.copy(wheel, ready / "src")
    root, log = _fresh(work), work / "logs" / "backlit"
    for step, line in (
        ("1-venv", "python3 -m venv /opt/backlit"),
        ("2-install", f"{PYTHON} -m pip install -q '/src/{wheel.name}[cli]'"),
    ):
        if _run(root, line, log, step).returncode != 0:
            raise SystemExit(f"{line}: see {log}.{step}.log")
    shutil.move(root.changes / "opt" / "backlit", ready / "opt")


def _fresh(work: Path) -> Root:
    for name in ("changes", "layer", "root"):
        shutil.rmtree(work / name, ignore_errors=True)
        (work / name).mkdir()
    (work / "changes" / "src").mkdir()
    return Root(work, work / "ready", work / "changes")


def _shown(row: Row) -> str:
    verdict = "right" if row.is_right else "NOT RIGHT"
    before = "builds" if row.built_before else "fails"
    after = {None: "-", True: "builds", False: "fails"}[row.built_after]
    unnamed = f"; unnamed: {', '.join(row.unnamed)}" if row.unnamed else ""
    return (
        f"{verdict:9} {row.sdist:32} {before:6} doctor {row.doctor_before} -> {after:6} doctor {row.doctor_after}"
        f" {row.seconds:6.0f} s  {row.line}{unnamed}"
    )


if __name__ == "__main__":
    sys.exit(main())
