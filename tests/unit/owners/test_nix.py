"""Store paths of Nix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership, nix, owners_of

if TYPE_CHECKING:
    from unit.owners.conftest import Root

HASH = "8ykv1fg2pwk0dkdd2mjp3yyv7xxlxfwk"
STORE = "nix/store"


@pytest.mark.parametrize(
    ("path", "name", "version", "output"),
    [
        ("zlib-1.3.1", "zlib", "1.3.1", "out"),
        ("zlib-1.3.1-dev", "zlib", "1.3.1", "dev"),
        ("gcc-wrapper-13.2.0", "gcc-wrapper", "13.2.0", "out"),
        ("glibc-2.38-44-bin", "glibc", "2.38-44", "bin"),
        ("perl5.38.2-XML-Parser-2.46", "perl5.38.2-XML-Parser", "2.46", "out"),
        ("x-unstable-2023-01-01", "x-unstable", "2023-01-01", "out"),
        ("python3-3.11.6-env", "python3", "3.11.6-env", "out"),
    ],
)
def test_a_store_path_is_taken_apart_as_nix_does(path: str, name: str, version: str, output: str) -> None:
    # What builtins.parseDrvName of Nix 2.8 gives for each, apart from the output, which it leaves with the version.
    file = f"/{HASH}-{path}/include/x.h"
    assert nix.ADAPTER.owners_of("/nix/store", [[file]]) == {
        file: Ownership(f"pkg:nix/{name}@{version}?hash={HASH}&output={output}", name, name, version)
    }


@pytest.mark.parametrize("path", ["source", "kernel-tools"])
def test_a_store_path_may_have_no_version(path: str) -> None:
    file = f"/{HASH}-{path}/x.h"
    found = nix.ADAPTER.owners_of("/nix/store", [[file]])[file]
    assert (found.name, found.version) == (path, "")
    assert found.purl == f"pkg:nix/{path}?hash={HASH}&output=out"


@pytest.mark.parametrize("name", [".links/x", "trash/x", f"{HASH[:-1]}-short-1/x", f"{HASH[:-1]}e-bad-1/x"])
def test_what_is_no_store_path_is_unowned(root: Root, name: str) -> None:
    answer = root.ask(f"{STORE}/{name}")
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{root.folder}/{STORE}/{name}"}))


def test_a_file_that_is_a_store_path_is_its_own(root: Root) -> None:
    assert root.purl(f"{STORE}/{HASH}-setup-hook-1.sh") == f"pkg:nix/setup-hook@1.sh?hash={HASH}&output=out"


def test_a_profile_leads_to_the_store(root: Root) -> None:
    root.write(f"{STORE}/{HASH}-demo-1.2-dev/include/demo.h")
    root.link("profile", f"{STORE}/{HASH}-demo-1.2-dev")
    path = f"{root.folder}/profile/include/demo.h"
    assert owners_of([path]).owned[path].purl == f"pkg:nix/demo@1.2?hash={HASH}&output=dev"


def test_a_link_into_another_output_is_the_outputs_that_has_it(root: Root) -> None:
    other = HASH[::-1]
    root.write(f"{STORE}/{other}-demo-1.2/lib/libdemo.so")
    root.link(f"{STORE}/{HASH}-demo-1.2-dev/lib/libdemo.so", f"../../{other}-demo-1.2/lib/libdemo.so")
    assert str(root.purl(f"{STORE}/{HASH}-demo-1.2-dev/lib/libdemo.so")).endswith("output=dev")
    assert str(root.purl(f"{STORE}/{other}-demo-1.2/lib/libdemo.so")).endswith("output=out")
