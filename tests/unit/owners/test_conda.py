"""A conda prefix, from recorded packages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership

if TYPE_CHECKING:
    from unit.owners.conftest import Root

META = "conda-meta/demo-1.2-h1_0.json"
QUALIFIERS = "?build=h1_0&channel=chan&subdir=linux-64&type=tar.bz2"


@pytest.fixture
def prefix(root: Root) -> Root:
    root.record("conda", "conda-meta")
    return root


def test_an_owner_is_named_with_its_build_and_channel(prefix: Root) -> None:
    assert prefix.owner("include/demo.h") == Ownership(f"pkg:conda/demo@1.2{QUALIFIERS}", "demo", "demo", "1.2")


def test_development_and_run_time_packages_are_told_apart(prefix: Root) -> None:
    names = ("lib/libdemo.so", "lib/libdemo.so.1", "lib/libdemo.so.1.2")
    packages = ("demo", "libdemo", "libdemo")
    assert [prefix.purl(name) for name in names] == [f"pkg:conda/{name}@1.2{QUALIFIERS}" for name in packages]


@pytest.mark.parametrize("name", ['share/quo"te.txt', "share/with, comma.txt"])
def test_a_strange_name_is_known(prefix: Root, name: str) -> None:
    assert prefix.owner(name)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_letters_beyond_ascii_are_known_in_both_forms(prefix: Root, *, ascii_only: bool) -> None:
    record = {"name": "ü", "version": "1", "files": ["share/ünïcode.txt"]}
    prefix.write("conda-meta/u-1-0.json", json.dumps(record, ensure_ascii=ascii_only))
    assert prefix.purl("share/ünïcode.txt") == "pkg:conda/%C3%BC@1"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("include/none.h", id="nobody's"),
        pytest.param("demo", id="a-string-of-another-meaning"),
        pytest.param("linux-64", id="another"),
        pytest.param(META, id="the-record-itself"),
    ],
)
def test_what_no_package_has_is_unowned(prefix: Root, name: str) -> None:
    answer = prefix.ask(name)
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{prefix.folder}/{name}"}))


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/", "conda-forge"),
        ("https://repo.anaconda.com/pkgs/main/linux-64", "pkgs%2Fmain"),
        ("https://user:secret@host.example/t/to-ken/team/linux-64", "team"),
        ("https://host.example/t/to-ken/a/b", "a%2Fb"),
        ("file:///home/someone/channel", "channel"),
        ("/home/someone/channel/linux-64", "channel"),
        ("defaults", "defaults"),
    ],
)
def test_a_channel_keeps_its_name_alone(prefix: Root, channel: str, name: str) -> None:
    record = json.loads((prefix.folder / META).read_text()) | {"channel": channel, "fn": "demo-1.2-h1_0.conda"}
    prefix.write(META, json.dumps(record))
    purl = f"pkg:conda/demo@1.2?build=h1_0&channel={name}&subdir=linux-64&type=conda"
    assert prefix.purl("include/demo.h") == purl


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"files": ["include/demo.h"]', id="cut"),
        pytest.param('["include/demo.h"]', id="no-object"),
        pytest.param('{"name": 1, "version": "1", "files": ["include/demo.h"]}', id="name-is-a-number"),
    ],
)
def test_a_broken_record_is_said_to_be_so(prefix: Root, text: str) -> None:
    prefix.write(META, text)
    answer = prefix.ask("include/demo.h")
    assert (answer.owned, answer.unowned, len(answer.faults)) == ({}, frozenset(), 1)


def test_a_broken_record_of_another_package_harms_nobody(prefix: Root) -> None:
    prefix.write("conda-meta/aaa-1-0.json", "{")
    assert prefix.owner("include/demo.h")


def test_what_pip_put_into_the_prefix_is_pythons(prefix: Root) -> None:
    site = "lib/python3.11/site-packages"
    prefix.write(f"{site}/Other-2.dist-info/METADATA", "Metadata-Version: 2.1\nName: Other\nVersion: 2\n\n")
    prefix.write(f"{site}/Other-2.dist-info/RECORD", "other/x.h,,\n")
    assert prefix.purl(f"{site}/other/x.h") == "pkg:pypi/other@2"
