"""What every package manager's adapter keeps to, whichever machine it stands on."""

from __future__ import annotations

from importlib.resources import files

import pytest

from backlit import owners
from backlit.owners import Owner, Ownership
from backlit.support.plugins import adapters_in

ADAPTERS: tuple[Owner, ...] = adapters_in("backlit.owners")
NOWHERE = "/nowhere/that/any/package/has/a-file"

each = pytest.mark.parametrize("adapter", [pytest.param(adapter, id=adapter.name) for adapter in ADAPTERS])
each_present = pytest.mark.parametrize(
    "adapter",
    [
        pytest.param(
            adapter,
            id=adapter.name,
            marks=pytest.mark.skipif(not adapter.is_present(), reason=f"this machine has no {adapter.name} database"),
        )
        for adapter in ADAPTERS
    ],
)


def test_every_module_of_the_folder_is_an_adapter() -> None:
    modules = {entry.name.removesuffix(".py") for entry in files(owners).iterdir() if entry.name.endswith(".py")}
    assert {adapter.name for adapter in ADAPTERS} == {module for module in modules if not module.startswith("_")}


@each
def test_presence_is_told_without_an_error(adapter: Owner) -> None:
    assert adapter.is_present() in {True, False}


@each_present
def test_no_paths_have_no_owners(adapter: Owner) -> None:
    assert dict(adapter.owners_of([])) == {}


@each_present
def test_a_path_that_no_package_has_is_left_out(adapter: Owner) -> None:
    assert dict(adapter.owners_of([NOWHERE])) == {}


@each_present
def test_paths_may_come_from_an_iterator_and_repeat(adapter: Owner) -> None:
    assert dict(adapter.owners_of(iter([NOWHERE, NOWHERE]))) == {}


@each_present
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/" + "a" * 5000, id="too-long"),
        pytest.param("/\udcff", id="undecodable"),
        pytest.param("/a\nb", id="line-break"),
        pytest.param("/a\0b", id="null"),
    ],
)
def test_a_strange_path_is_left_out(adapter: Owner, path: str) -> None:
    assert dict(adapter.owners_of([path])) == {}


@each_present
def test_an_owner_is_named_fully(adapter: Owner) -> None:
    # The C library's folder of headers or the shell: one of them has an owner wherever packages are.
    found = adapter.owners_of(["/bin/sh", "/usr/bin/env", "/usr/include/stdio.h"])
    assert found
    for ownership in found.values():
        assert isinstance(ownership, Ownership)
        assert ownership.purl.startswith("pkg:")
        assert all(ownership)


def test_all_package_managers_together_leave_out_what_none_has() -> None:
    assert owners.owners_of([NOWHERE]) == {}
