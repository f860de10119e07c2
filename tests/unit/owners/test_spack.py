"""Prefixes of Spack, with specs of its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership

if TYPE_CHECKING:
    from unit.owners.conftest import Root

PREFIX = "opt/spack/linux-ubuntu24.04-skylake/gcc-13.3.0/zlib-ng-2.2.1-dsohcyk45wchbd364rjio7b3sj2bucgc"


def test_a_prefix_names_its_package_with_its_hash(root: Root) -> None:
    root.record("spack/spec.json", f"{PREFIX}/.spack/spec.json")
    purl = "pkg:generic/zlib-ng@2.2.1?arch=skylake&spack_hash=dsohcyk45wchbd364rjio7b3sj2bucgc&spack_namespace=builtin"
    assert root.owner(f"{PREFIX}/include/zlib.h") == Ownership(purl, "zlib-ng", "zlib-ng", "2.2.1")


def test_the_form_before_0_17_is_read(root: Root) -> None:
    root.record("spack/spec-before-0.17.json", f"{PREFIX}/.spack/spec.json")
    purl = "pkg:generic/zlib@1.2.11?arch=x86_64&spack_hash=i54t7tjn3prjyb363kdjgrkiawikdvyu&spack_namespace=builtin"
    assert root.purl(f"{PREFIX}/include/zlib.h") == purl


def test_a_view_leads_to_the_prefix(root: Root) -> None:
    root.record("spack/spec.json", f"{PREFIX}/.spack/spec.json")
    root.write(f"{PREFIX}/include/zlib.h")
    root.link("view/include/zlib.h", f"../../{PREFIX}/include/zlib.h")
    assert root.purl("view/include/zlib.h") == root.purl(f"{PREFIX}/include/zlib.h")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"spec": {"nodes": []}}', '{"spec": {"nodes": [{"name": "x"}]}}', '{"spec": [1]}',
        '{"spec": {"nodes": [{"name": 1, "version": "1", "hash": "h"}]}}', '{"spec": null}',
    ],
)  # fmt: skip
def test_a_broken_spec_is_said_to_be_so(root: Root, text: str) -> None:
    root.write(f"{PREFIX}/.spack/spec.json", text)
    answer = root.ask(f"{PREFIX}/include/zlib.h")
    assert (answer.owned, answer.unowned, len(answer.faults)) == ({}, frozenset(), 1)
