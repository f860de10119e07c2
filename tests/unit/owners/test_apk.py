"""apk's database, from a recorded one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership

if TYPE_CHECKING:
    from unit.owners.conftest import Root

QUALIFIERS = "?arch=x86_64&distro=alpine-3.22.1"


@pytest.fixture(params=["lib/apk/db/installed", "usr/lib/apk/db/installed"])
def alpine(request: pytest.FixtureRequest, root: Root) -> Root:
    root.record("apk/installed", request.param)
    root.write("etc/os-release", 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\n')
    return root


def test_an_owner_is_named_with_its_origin(alpine: Root) -> None:
    purl = f"pkg:apk/alpine/demo-dev@1.2-r3{QUALIFIERS}"
    assert alpine.owner("usr/include/demo.h") == Ownership(purl, "demo-dev", "demo", "1.2-r3")


def test_development_and_run_time_packages_are_told_apart(alpine: Root) -> None:
    names = ("usr/lib/libdemo.so", "usr/lib/libdemo.so.1", "usr/lib/libdemo.so.1.2", "usr/lib/pkgconfig/demo.pc")
    assert [str(alpine.purl(name)).partition("@")[0].rpartition("/")[2] for name in names] == [
        "demo-dev",
        "demo",
        "demo",
        "demo-dev",
    ]


@pytest.mark.parametrize(
    "name", [pytest.param("usr/lib/demo.h", id="another-folder"), pytest.param("demo.h", id="top")]
)
def test_what_no_package_has_is_unowned(alpine: Root, name: str) -> None:
    answer = alpine.ask(name)
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{alpine.folder}/{name}"}))


def test_a_file_at_the_top_is_known(root: Root) -> None:
    root.write("lib/apk/db/installed", "P:base\nV:1-r0\nA:noarch\nF:\nR:.profile\n\n")
    assert root.purl(".profile") == "pkg:apk/alpine/base@1-r0?arch=noarch"


def test_a_file_of_a_merged_usr_is_known_by_the_folder_it_had(root: Root) -> None:
    root.write("usr/lib/apk/db/installed", "P:musl\nV:1.2-r0\nA:x86_64\no:musl\nF:lib\nR:libc.so\n\n")
    root.link("lib", "usr/lib")
    assert root.purl("usr/lib/libc.so") == root.purl("lib/libc.so") == "pkg:apk/alpine/musl@1.2-r0?arch=x86_64"


def test_the_namespace_is_the_distributions_id(alpine: Root) -> None:
    alpine.write("etc/os-release", "ID=wolfi\n")
    assert alpine.purl("usr/include/demo.h") == "pkg:apk/wolfi/demo-dev@1.2-r3?arch=x86_64"
