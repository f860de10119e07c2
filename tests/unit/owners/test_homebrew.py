"""Kegs of Homebrew, with a receipt of its form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership

if TYPE_CHECKING:
    from unit.owners.conftest import Root

RECORDED = "homebrew/INSTALL_RECEIPT.json"


def keg(root: Root, formula: str = "demo", version: str = "1.2_1", tap: str | None = None) -> str:
    place = f"Cellar/{formula}/{version}"
    root.record(RECORDED, f"{place}/INSTALL_RECEIPT.json")
    if tap is not None:
        receipt = json.loads((root.folder / place / "INSTALL_RECEIPT.json").read_text())
        root.write(f"{place}/INSTALL_RECEIPT.json", json.dumps(receipt | {"source": {"tap": tap}}))
    return place


def test_a_keg_names_its_package(root: Root) -> None:
    place = keg(root)
    assert root.owner(f"{place}/include/demo.h") == Ownership("pkg:brew/demo@1.2_1", "demo", "demo", "1.2_1")


def test_a_versioned_formula_is_encoded(root: Root) -> None:
    place = keg(root, "postgresql@12", "12.17")
    assert root.purl(f"{place}/lib/libpq.so") == "pkg:brew/postgresql%4012@12.17"


def test_a_tap_of_others_is_the_namespace(root: Root) -> None:
    place = keg(root, tap="Some-Org/some-tap")
    assert root.purl(f"{place}/lib/libdemo.so") == "pkg:brew/some-org/some-tap/demo@1.2_1"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        pytest.param("opt/demo", "../Cellar/demo/1.2_1", id="opt"),
        pytest.param("include", "Cellar/demo/1.2_1/include", id="folder"),
        pytest.param("include/demo.h", "../Cellar/demo/1.2_1/include/demo.h", id="file"),
    ],
)
def test_what_is_linked_into_the_prefix_is_the_kegs(root: Root, link: str, target: str) -> None:
    place = keg(root)
    root.write(f"{place}/include/demo.h")
    root.link(link, target)
    asked = {"opt/demo": "opt/demo/include/demo.h"}.get(link, "include/demo.h")
    assert root.purl(asked) == "pkg:brew/demo@1.2_1"


def test_a_casks_receipt_is_no_kegs(root: Root) -> None:
    root.record(RECORDED, "Caskroom/firefox/.metadata/INSTALL_RECEIPT.json")
    assert root.owner("Caskroom/firefox/.metadata/x") is None


@pytest.mark.parametrize("text", ["", "{", "\x00"])
def test_a_broken_receipt_is_said_to_be_so(root: Root, text: str) -> None:
    place = keg(root)
    root.write(f"{place}/INSTALL_RECEIPT.json", text)
    answer = root.ask(f"{place}/include/demo.h")
    assert (answer.owned, answer.unowned, len(answer.faults)) == ({}, frozenset(), 1)


@pytest.mark.parametrize("text", ["[]", "{}", '{"source": []}', '{"source": {"tap": null}}'])
def test_a_receipt_may_name_no_tap(root: Root, text: str) -> None:
    place = keg(root)
    root.write(f"{place}/INSTALL_RECEIPT.json", text)
    assert root.purl(f"{place}/include/demo.h") == "pkg:brew/demo@1.2_1"
