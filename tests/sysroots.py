"""Sysroots for cross builds: packages of another architecture, unpacked as a system's root, with Python among them.

Nothing of this machine changes: apt is given folders of its own, and no package is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest

from kit import run

MIRROR = "http://deb.debian.org/debian"


class Host(NamedTuple):
    """A machine to build for."""

    architecture: str
    """As ELF and wheels name it."""
    debian: str
    """As Debian names it."""
    suite: str
    """The release that its packages are taken from."""
    python: str
    """The Python of that release."""

    @property
    def triplet(self) -> str:
        """What the names of its compilers start with."""
        return f"{self.architecture}-linux-gnu"


class Sysroot(NamedTuple):
    """A host's files."""

    host: Host
    """Whose they are."""
    path: Path
    """The folder that is ``/`` there."""
    facts: Path
    """A folder with nothing but the host's ``_sysconfigdata`` module, whose paths are those in the sysroot."""

    def run(self, code: str, packages: Path) -> str:
        """Run code with the host's Python, by qemu, and give what it prints; `packages` are on its path."""
        qemu = shutil.which(f"qemu-{self.host.architecture}") or f"qemu-{self.host.architecture}-static"
        python = self.path / "usr/bin" / f"python{self.host.python}"
        variables = {"PYTHONHOME": str(self.path / "usr"), "PYTHONPATH": str(packages)}
        return run(qemu, "-L", self.path, python, "-c", code, cwd=packages, variables=variables).stdout


HOSTS = (
    Host("aarch64", "arm64", "bookworm", "3.11"),
    Host("riscv64", "riscv64", "trixie", "3.13"),  # the first release that has it
)


def make(host: Host, folder: Path, *, database: bool) -> Sysroot:
    """Make a sysroot with zlib in `folder`; with dpkg's own `database`, or as files that no package has.

    Skips the test where a tool or the archive is missing.
    """
    for program in ("apt-get", "dpkg-deb", f"{host.triplet}-gcc"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if not any(shutil.which(f"qemu-{host.architecture}{ending}") for ending in ("", "-static")):
        pytest.skip(f"qemu-{host.architecture} is not installed")
    root = folder / "root"
    for package in _downloaded(host, folder):
        _unpack(package, root, database=database)
    _stay_inside(root)
    facts = folder / "facts"
    facts.mkdir()
    (module,) = root.glob(f"usr/lib/python{host.python}/_sysconfigdata__{host.triplet}.py")
    text = module.read_text(encoding="utf-8")
    for kind in ("include", "lib"):
        text = text.replace(f"'/usr/{kind}", f"'{root}/usr/{kind}")
    (facts / module.name).write_text(text, encoding="utf-8")
    return Sysroot(host, root, facts)


def _downloaded(host: Host, folder: Path) -> list[Path]:
    python = host.python
    packages = (
        *("base-files", "libc6", "libc6-dev", "linux-libc-dev", "zlib1g", "zlib1g-dev", "libexpat1"),
        *(f"python{python}-minimal", f"libpython{python}-minimal", f"libpython{python}-dev"),
    )
    apt = folder / "apt"
    for part in ("state/lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb [arch={host.debian}] {MIRROR} {host.suite} main\n")
    settings = {
        "Dir::State": apt / "state",
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "APT::Architecture": host.debian,
        "APT::Architectures": host.debian,
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
    }
    command = ["apt-get", "-qq", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]
    for words in (["update"], ["download", *packages]):
        done = subprocess.run([*command, *words], cwd=apt, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no packages of {host.debian} from {MIRROR}: {done.stderr.strip()[-300:]}")
    return sorted(apt.glob("*.deb"))


def _unpack(package: Path, root: Path, *, database: bool) -> None:
    subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    if not database:
        return
    fields = subprocess.run(["dpkg-deb", "-f", package], check=True, capture_output=True, text=True).stdout
    said = dict(line.split(": ", 1) for line in fields.splitlines() if ": " in line and line[0] != " ")
    several = said.get("Multi-Arch") == "same"
    name = f"{said['Package']}:{said['Architecture']}" if several else said["Package"]
    info = root / "var/lib/dpkg/info"
    info.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            files = [member.name.removeprefix(".") or "/." for member in archive]
    (info / f"{name}.list").write_text("\n".join(files) + "\n")
    with (info.parent / "status").open("a", encoding="utf-8") as status:
        first, rest = fields.split("\n", 1)
        status.write(f"{first}\nStatus: install ok installed\n{rest}\n")


def _stay_inside(root: Path) -> None:
    """Make absolute links relative: a linker follows them out of the sysroot."""
    for folder, folders, files in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.is_symlink() and (target := str(path.readlink())).startswith("/"):
                path.unlink()
                path.symlink_to(os.path.relpath(f"{root}{target}", folder))
