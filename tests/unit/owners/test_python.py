"""Environments of Python."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership, owners_of

if TYPE_CHECKING:
    from unit.owners.conftest import Root

SITE = "lib/python3.11/site-packages"


def install(root: Root, name: str, version: str, *record: str, site: str = SITE) -> None:
    info = f"{site}/{name}-{version}.dist-info"
    root.write(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: of no interest\n")
    root.write(f"{info}/RECORD", "".join(f"{line}\n" for line in (*record, f"{info.rpartition('/')[2]}/RECORD,,")))


@pytest.fixture(params=[True, False], ids=["virtual", "prefix"])
def environment(request: pytest.FixtureRequest, root: Root) -> Root:
    if request.param:
        root.write("pyvenv.cfg", "home = /usr/bin\n")
    install(root, "numpy", "2.4.6", "numpy/_core/include/numpy/arrayobject.h,sha256=abc,5", "../../../bin/f2py,,")
    install(root, "cmake", "4.4.5", "../../../bin/cmake,sha256=abc,200", "cmake/data/bin/cmake,,")
    install(root, "Zope_Interface.x", "7", "zope/interface/x.h,,", '"zope/a, ""b"".h",,')
    return root


@pytest.mark.parametrize(
    ("name", "purl"),
    [
        pytest.param(f"{SITE}/numpy/_core/include/numpy/arrayobject.h", "numpy@2.4.6", id="header"),
        pytest.param("bin/cmake", "cmake@4.4.5", id="script"),
        pytest.param("bin/f2py", "numpy@2.4.6", id="script-of-another-name"),
        pytest.param(f"{SITE}/cmake/data/bin/cmake", "cmake@4.4.5", id="program-in-a-package"),
        pytest.param(f"{SITE}/zope/interface/x.h", "zope-interface.x@7", id="name-is-made-canonical"),
        pytest.param(f'{SITE}/zope/a, "b".h', "zope-interface.x@7", id="quoted"),
        pytest.param(f"{SITE}/cmake-4.4.5.dist-info/RECORD", "cmake@4.4.5", id="its-own-list"),
    ],
)
def test_a_file_is_its_distributions(environment: Root, name: str, purl: str) -> None:
    assert environment.purl(name) == f"pkg:pypi/{purl}"


def test_an_owner_keeps_its_own_spelling(environment: Root) -> None:
    found = environment.owner(f"{SITE}/zope/interface/x.h")
    assert found == Ownership("pkg:pypi/zope-interface.x@7", "Zope_Interface.x", "Zope_Interface.x", "7")


def test_what_no_distribution_has_is_unowned_in_an_environment_of_its_own(root: Root) -> None:
    root.write("pyvenv.cfg")
    install(root, "cmake", "4.4.5", "../../../bin/cmake,,")
    answer = root.ask("bin/ninja")
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{root.folder}/bin/ninja"}))


def test_a_link_in_an_environment_leads_out_of_it(root: Root) -> None:
    root.write("env/pyvenv.cfg")
    root.write("usr/lib/apk/db/installed", "P:python3\nV:3.12-r0\nA:x86_64\nF:usr/bin\nR:python3.12\n\n")
    root.write("usr/bin/python3.12")
    root.link("env/bin/python", "../../usr/bin/python3.12")
    assert root.purl("env/bin/python") == "pkg:apk/alpine/python3@3.12-r0?arch=x86_64"


def test_a_distributions_own_package_comes_before_the_list_it_left(root: Root) -> None:
    install(root, "numpy", "2.4.6", "numpy/x.h,,", site=f"usr/{SITE}")
    root.write("usr/lib/apk/db/installed", f"P:py3-numpy\nV:2.4-r0\nA:x86_64\nF:usr/{SITE}/numpy\nR:x.h\n\n")
    assert root.purl(f"usr/{SITE}/numpy/x.h") == "pkg:apk/alpine/py3-numpy@2.4-r0?arch=x86_64"


def test_what_pip_put_beside_a_distributions_packages_is_pips(root: Root) -> None:
    root.write("usr/lib/apk/db/installed", "P:musl\nV:1-r0\n\n")
    install(root, "pybind11", "3", "pybind11/include/pybind11.h,,", site=f"usr/local/{SITE}")
    assert root.purl(f"usr/local/{SITE}/pybind11/include/pybind11.h") == "pkg:pypi/pybind11@3"


def test_a_distribution_without_a_list_owns_nothing(root: Root) -> None:
    root.write("pyvenv.cfg")
    root.write(f"{SITE}/numpy-2.dist-info/METADATA", "Name: numpy\nVersion: 2\n")
    assert root.owner(f"{SITE}/numpy/x.h") is None


def test_an_environment_of_two_names_is_read_once(root: Root) -> None:
    root.write("pyvenv.cfg")
    install(root, "cmake", "4.4.5", "../../../bin/cmake,,")
    root.link("lib64", "lib")
    assert root.purl("bin/cmake") == root.purl("lib64/python3.11/site-packages/cmake-4.4.5.dist-info/RECORD")


def test_this_environments_own_files_are_their_distributions() -> None:
    known = {}
    for distribution in importlib.metadata.distributions():
        installer = (distribution.read_text("INSTALLER") or "").strip()
        files = [file for file in distribution.files or () if file.suffix == ".py"]
        if files and installer in {"pip", "uv"}:
            path = str(Path(str(files[0].locate())).absolute())
            known[path] = re.sub("_", "-", distribution.metadata["Name"].lower())
    if not known:
        pytest.skip(f"nothing in {sys.prefix} was installed by pip or uv")
    found = owners_of(known).owned
    assert {path: owner.purl.partition("@")[0] for path, owner in found.items()} == {
        path: f"pkg:pypi/{name}" for path, name in known.items()
    }
