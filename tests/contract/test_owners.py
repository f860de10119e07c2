"""What every package manager's adapter keeps to, whichever machine it stands on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import backlit
from backlit import owners
from backlit.owners import MANAGERS, Answer, Owner, Ownership
from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from collections.abc import Iterable

ADAPTERS: tuple[Owner, ...] = adapters_in("backlit.owners")
NOWHERE = "/nowhere/that/any/package/has/a-file"
HERE = ["/bin/sh", "/usr/bin/env", "/usr/include/stdio.h"]
"""The C library's header or the shell: one of them has an owner wherever packages are."""

each = pytest.mark.parametrize("adapter", [pytest.param(adapter, id=adapter.name) for adapter in ADAPTERS])
needs_a_manager = pytest.mark.skipif(
    not owners.owners_of(HERE).owned, reason="no package manager that is known here has this machine's files"
)


def loaded_by(paths: Iterable[str]) -> set[str]:
    """Give the adapters that one question loads, in a process of its own."""
    script = (
        "import json, sys; from backlit import owners; owners.owners_of(json.load(sys.stdin));"
        "print(*(name for name in sys.modules if name.startswith('backlit.owners.')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(backlit.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(list(paths)),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    names = (name.rpartition(".")[2] for name in done.stdout.split())
    return {name for name in names if not name.startswith("_")}


def test_every_module_of_the_folder_is_an_adapter_whose_mark_is_known() -> None:
    modules = {entry.name.removesuffix(".py") for entry in files(owners).iterdir() if entry.name.endswith(".py")}
    names = {adapter.name for adapter in ADAPTERS}
    assert names == {module for module in modules if not module.startswith("_")} == set(MANAGERS)


@each
def test_no_files_have_no_owners(adapter: Owner, tmp_path: Path) -> None:
    # A root that is none raises what a root whose database is gone raises.
    try:
        found = adapter.owners_of(str(tmp_path), [])
    except owners.UNREADABLE:
        return
    assert found == {}


@pytest.mark.parametrize("paths", [[], [NOWHERE], iter([NOWHERE, NOWHERE])])
def test_what_no_package_has_is_no_owner(paths: Iterable[str]) -> None:
    assert owners.owners_of(paths).owned == {}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("relative.h", id="relative"),
        pytest.param("", id="empty"),
        pytest.param("/a\0b", id="null"),
        pytest.param("/usr", id="folder"),
        pytest.param("/", id="top"),
    ],
)
def test_what_no_package_can_have_is_not_asked_about(path: str) -> None:
    assert owners.owners_of([path]) == Answer({}, frozenset(), ())


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/" + "a" * 5000, id="too-long"),
        pytest.param("/\udcff", id="undecodable"),
        pytest.param("/a\nb", id="line-break"),
        pytest.param("//usr/bin/nothing-of-that-name", id="two-slashes"),
    ],
)
def test_a_strange_path_has_no_owner(path: str) -> None:
    assert owners.owners_of([path]).owned == {}


@needs_a_manager
def test_an_owner_is_named_fully() -> None:
    found = owners.owners_of(HERE).owned
    assert found
    for ownership in found.values():
        assert isinstance(ownership, Ownership)
        assert ownership.purl.startswith(f"pkg:{ownership.type}/")
        assert all((ownership.purl, ownership.name, ownership.source, ownership.version))


@needs_a_manager
def test_slashes_more_than_needed_make_no_difference() -> None:
    assert owners.owners_of(["//bin///sh"]).owned["//bin///sh"] == owners.owners_of(["/bin/sh"]).owned["/bin/sh"]


@needs_a_manager
def test_a_purl_is_in_its_canonical_form() -> None:
    packageurl = pytest.importorskip("packageurl", reason="the oracle of PURLs is not installed")
    purls = {ownership.purl for ownership in owners.owners_of(HERE).owned.values()}
    assert {packageurl.PackageURL.from_string(purl).to_string() for purl in purls} == purls


@needs_a_manager
def test_a_path_that_is_asked_about_twice_and_with_others_has_the_same_owner() -> None:
    together = owners.owners_of([*HERE, *HERE, NOWHERE]).owned
    assert together == {path: owner for path in HERE for owner in owners.owners_of([path]).owned.values()}


def test_only_the_managers_that_are_concerned_are_loaded(tmp_path: Path) -> None:
    keg = tmp_path / "Cellar" / "demo" / "1"
    keg.mkdir(parents=True)
    (keg / "INSTALL_RECEIPT.json").write_text("{}")
    assert loaded_by([]) == set()
    assert loaded_by([f"{keg}/include/demo.h"]) == {"homebrew"}


@needs_a_manager
def test_one_manager_is_enough_for_the_systems_own_files() -> None:
    assert len(loaded_by(owners.owners_of(HERE).owned)) == 1
