"""pacman's database, from a recorded one; and pacman itself."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership

if TYPE_CHECKING:
    from unit.owners.conftest import Root

LOCAL = "var/lib/pacman/local"
PURL = "pkg:alpm/arch/demo@1:1.2-3?arch=x86_64"


@pytest.fixture
def arch(root: Root) -> Root:
    root.record("pacman/demo", f"{LOCAL}/demo-1:1.2-3")
    root.record("pacman/demo-docs", f"{LOCAL}/demo-docs-1:1.2-3")
    root.write(f"{LOCAL}/ALPM_DB_VERSION", "9\n")
    root.write("etc/os-release", 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n')
    return root


def test_an_owner_is_named_with_its_epoch(arch: Root) -> None:
    assert arch.owner("usr/include/demo.h") == Ownership(PURL, "demo", "demo", "1:1.2-3")


def test_a_package_of_several_has_the_source_of_all(arch: Root) -> None:
    found = arch.owner("usr/share/doc/demo/README")
    assert found == Ownership("pkg:alpm/arch/demo-docs@1:1.2-3?arch=x86_64", "demo-docs", "demo", "1:1.2-3")


def test_a_library_and_its_links_are_one_packages(arch: Root) -> None:
    names = ("usr/lib/libdemo.so", "usr/lib/libdemo.so.1", "usr/lib/libdemo.so.1.2")
    assert {arch.purl(name) for name in names} == {PURL}


@pytest.mark.parametrize("name", ["usr/lib/none.so", "usr/include/demo.h\udcff"])
def test_what_no_package_has_is_unowned(arch: Root, name: str) -> None:
    answer = arch.ask(name)
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{arch.folder}/{name}"}))


def test_a_package_without_a_description_is_said_to_be_so(arch: Root) -> None:
    (arch.folder / LOCAL / "demo-1:1.2-3" / "desc").unlink()
    answer = arch.ask("usr/include/demo.h")
    assert (answer.owned, answer.unowned, len(answer.faults)) == ({}, frozenset(), 1)


@pytest.mark.skipif(shutil.which("pacman") is None, reason="the oracle is pacman itself, which this machine has not")
def test_pacman_finds_the_same_owner(arch: Root) -> None:
    path = arch.write("usr/include/demo.h")
    command = ["pacman", "--root", str(arch.folder), "--dbpath", str(arch.folder / "var" / "lib" / "pacman"), "-Qqo"]
    said = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    found = arch.owner("usr/include/demo.h")
    assert found
    assert said.stdout.split() == [found.name]
