"""The package manager that installs what a build lacks on this machine, and how its line is written.

What the interpreter comes from goes first: a library of the system is no use to a conda environment's Python, whose
compilers look elsewhere. Then the system's own, which os-release names; where that is none known here, the database of
a package manager, if there is but one. Files and variables only; nothing is run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import settings
from backlit.owners import _system

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Manager(NamedTuple):
    """A package manager that is here."""

    name: str
    """``apt``, ``dnf``, ``apk``, ``pacman``, ``zypper``, ``nix-shell``, ``brew`` or ``conda``."""
    distribution: str
    """Whose package names it takes, as the catalogue has them: ``debian``."""
    why: str
    """What shows that it is the one: ``os-release: ID=debian``."""
    commands: tuple[tuple[str, ...], ...]
    """What is run, in order; the last takes the packages' names."""

    def line(self, packages: Sequence[str]) -> str:
        """Give the line that installs packages, quoted for a POSIX shell; empty if there are none."""
        if not packages:
            return ""
        *before, last = self.commands
        return " && ".join(shlex.join(command) for command in (*before, (*last, *packages)))


def here(
    *, root: str = "", prefix: str = sys.base_prefix, environment: Mapping[str, str] | None = None
) -> Manager | None:
    """Give the package manager of the running interpreter, or of the system in `root`; None if none is known.

    `root` is empty for this machine's own, `prefix` the interpreter's, without its virtual environment.
    """
    found = _of_interpreter(prefix) or _of_system(root)
    if found is None:
        return None
    name, why = found
    variables = settings.environment() if environment is None else environment
    commands = _COMMANDS[name](_Machine(root, prefix, variables))
    return Manager(name, _DISTRIBUTIONS[name], why, commands)


_DISTRIBUTIONS: Final = {
    "apt": "debian",
    "dnf": "fedora",
    "apk": "alpine",
    "pacman": "arch",
    "zypper": "opensuse",
    "nix-shell": "nixpkgs",
    "brew": "homebrew",
    "conda": "conda-forge",
}


def _of_interpreter(prefix: str) -> tuple[str, str] | None:
    if os.path.isdir(f"{prefix}/conda-meta"):  # noqa: PTH112 - text
        return "conda", f"{prefix}/conda-meta"
    real = os.path.realpath(prefix)
    if real.startswith("/nix/store/"):
        return "nix-shell", real
    if "/Cellar/" in real or sys.platform == "darwin":
        return "brew", real if "/Cellar/" in real else "macOS"
    return None


def _of_system(root: str) -> tuple[str, str] | None:
    said = _system.distribution(root)
    for key, names in (("ID", (said.id,)), ("ID_LIKE", said.like)):
        for name in names:
            if manager := _IDS.get(name):
                return manager, f"os-release: {key}={name}"
    marked = {manager: mark for manager, marks in _MARKS.items() for mark in marks if Path(f"{root}/{mark}").exists()}
    if "zypper" in marked:
        marked.pop("dnf", None)  # openSUSE's database is rpm's
    # Debian has packages of rpm and pacman, with their folders: of several nobody knows which rules.
    return next(((manager, f"/{mark}") for manager, mark in marked.items()), None) if len(marked) == 1 else None


_IDS: Final = {
    "debian": "apt",
    "ubuntu": "apt",
    "fedora": "dnf",
    "rhel": "dnf",
    "centos": "dnf",
    "alpine": "apk",
    "arch": "pacman",
    "suse": "zypper",
    "opensuse": "zypper",
    "nixos": "nix-shell",
}
"""``ID`` and ``ID_LIKE`` of os-release(5)."""

_MARKS: Final = {
    "apt": ("var/lib/dpkg/status",),
    "dnf": ("var/lib/rpm", "usr/lib/sysimage/rpm"),
    "apk": ("lib/apk/db/installed", "usr/lib/apk/db/installed"),
    "pacman": ("var/lib/pacman/local",),
    "zypper": ("etc/zypp",),
    "nix-shell": ("nix/store",),
}


class _Machine:
    """What the commands depend on."""

    def __init__(self, root: str, prefix: str, variables: Mapping[str, str]) -> None:
        self.root = root
        self.prefix = prefix
        self.is_active = variables.get("CONDA_PREFIX") == prefix
        self._path = variables.get("PATH", os.defpath)

    def one_of(self, *programs: str) -> str:
        """Give the first of some programs that is here; the first of all if none is."""
        return next((name for name in programs if shutil.which(name, path=self._path)), programs[0])

    def elevated(self, *commands: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Put before each command what makes it root's, unless this is root."""
        if os.geteuid() == 0:
            return commands
        return tuple((self.one_of("sudo", "doas"), *command) for command in commands)

    def has(self, folder: str, name: str) -> bool:
        """Tell whether a folder has a file whose name an expression matches."""
        try:
            return any(re.search(name, entry) for entry in os.listdir(f"{self.root}/{folder}"))  # noqa: PTH208 - text
        except OSError:
            return False


def _apt(machine: _Machine) -> tuple[tuple[str, ...], ...]:
    install = ("apt-get", "install", "-y")
    # A fresh container has no lists, and apt-get then knows of no package.
    listed = machine.has("var/lib/apt/lists", r"_Packages(\.\w+)?$")
    return machine.elevated(install) if listed else machine.elevated(("apt-get", "update"), install)


def _dnf(machine: _Machine) -> tuple[tuple[str, ...], ...]:
    return machine.elevated((machine.one_of("dnf", "dnf5", "microdnf", "yum"), "install", "-y"))


def _pacman(machine: _Machine) -> tuple[tuple[str, ...], ...]:
    refreshed = machine.has("var/lib/pacman/sync", r"\.db$")
    # Names against old lists ask for files that the mirrors have no longer; -Sy without -u is what Arch warns of.
    return machine.elevated(("pacman", "-S" if refreshed else "-Syu", "--needed", "--noconfirm"))


def _conda(machine: _Machine) -> tuple[tuple[str, ...], ...]:
    there = () if machine.is_active else ("-p", machine.prefix)
    return ((machine.one_of("conda", "mamba", "micromamba"), "install", "-y", "-c", "conda-forge", *there),)


_COMMANDS: Final = {
    "apt": _apt,
    "dnf": _dnf,
    "apk": lambda machine: machine.elevated(("apk", "add", "--no-cache")),
    "pacman": _pacman,
    "zypper": lambda machine: machine.elevated(("zypper", "--non-interactive", "install")),
    "nix-shell": lambda _: (("nix-shell", "-p"),),
    "brew": lambda _: (("brew", "install"),),
    "conda": _conda,
}
