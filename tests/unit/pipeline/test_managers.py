"""Which package manager is found, by its marks, and the line that it is given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from backlit.pipeline import managers

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = {
    "debian": ("ID=debian\n", "apt", "debian"),
    "ubuntu": ("ID=ubuntu\nID_LIKE=debian\n", "apt", "debian"),
    "derivative": ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "apt", "debian"),
    "fedora": ("ID=fedora\n", "dnf", "fedora"),
    "rocky": ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "dnf", "fedora"),
    "alpine": ("ID=alpine\n", "apk", "alpine"),
    "manjaro": ("ID=manjaro\nID_LIKE=arch\n", "pacman", "arch"),
    "tumbleweed": ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', "zypper", "opensuse"),
    "nixos": ("ID=nixos\n", "nix-shell", "nixpkgs"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def found(root: Path, **variables: str) -> managers.Manager | None:
    return managers.here(root=str(root), prefix="/usr", environment={"PATH": "", **variables})


def line(root: Path) -> str:
    manager = found(root)
    assert manager is not None
    return manager.line(["a"])


@pytest.mark.parametrize(("release", "name", "distribution"), RELEASES.values(), ids=RELEASES)
def test_os_release_names_the_manager(root: Path, release: str, name: str, distribution: str) -> None:
    (root / "etc/os-release").write_text(release)
    manager = found(root)
    assert manager is not None
    assert (manager.name, manager.distribution) == (name, distribution)


def test_the_one_database_that_is_there_names_the_manager(root: Path) -> None:
    (root / "etc/os-release").write_text("ID=homemade\n")
    (root / "var/lib/pacman/local").mkdir(parents=True)
    manager = found(root)
    assert manager is not None
    assert (manager.name, manager.why) == ("pacman", "/var/lib/pacman/local")


def test_of_two_databases_nobody_knows_which_rules(root: Path) -> None:
    (root / "var/lib/pacman/local").mkdir(parents=True)
    (root / "var/lib/rpm").mkdir()
    assert found(root) is None


def test_an_rpm_database_beside_zypper_is_zyppers(root: Path) -> None:
    (root / "usr/lib/sysimage/rpm").mkdir(parents=True)
    (root / "etc/zypp").mkdir()
    manager = found(root)
    assert manager is not None
    assert manager.name == "zypper"


def test_a_conda_environment_is_before_the_system(root: Path) -> None:
    (root / "etc/os-release").write_text("ID=debian\n")
    prefix = root / "env"
    (prefix / "conda-meta").mkdir(parents=True)
    (root / "bin").mkdir()
    (root / "bin/mamba").write_text("")
    (root / "bin/mamba").chmod(0o755)
    path = str(root / "bin")
    manager = managers.here(root=str(root), prefix=str(prefix), environment={"PATH": path})
    active = managers.here(root=str(root), prefix=str(prefix), environment={"PATH": path, "CONDA_PREFIX": str(prefix)})
    assert manager is not None
    assert active is not None
    assert manager.line(["zlib"]) == f"mamba install -y -c conda-forge -p {prefix} zlib"
    assert active.line(["zlib"]) == "mamba install -y -c conda-forge zlib"


def test_apt_reads_its_lists_first_where_it_has_none(root: Path) -> None:
    (root / "etc/os-release").write_text("ID=debian\n")
    lists = root / "var/lib/apt/lists"
    lists.mkdir(parents=True)
    assert line(root) == "apt-get update && apt-get install -y a"
    (lists / "deb.example.org_dists_bookworm_main_binary-amd64_Packages.lz4").write_text("")
    assert line(root) == "apt-get install -y a"


def test_who_is_not_root_is_told_of_sudo_for_each_command(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (root / "etc/os-release").write_text("ID=debian\n")
    assert line(root) == "sudo apt-get update && sudo apt-get install -y a"


def test_names_are_quoted(root: Path) -> None:
    (root / "etc/os-release").write_text("ID=fedora\n")
    manager = found(root)
    assert manager is not None
    assert manager.line(["pkgconfig(zlib)", "gcc"]) == "dnf install -y 'pkgconfig(zlib)' gcc"


def test_a_line_without_packages_is_none(root: Path) -> None:
    (root / "etc/os-release").write_text("ID=nixos\n")
    manager = found(root)
    assert manager is not None
    assert manager.line([]) == ""
