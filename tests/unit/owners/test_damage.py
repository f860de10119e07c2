"""Whatever stands in a database, the answer is an owner, none, or that it cannot be read: never another error."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from backlit import owners

RECORDED: Final = Path(__file__).parent / "recorded"

DPKG: Final = {
    "var/lib/dpkg/status": b"Package: demo\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n",
    "var/lib/dpkg/info/demo.list": b"/usr\n/usr/include\n/usr/include/demo.h\n",
    "var/lib/dpkg/diversions": b"/usr/include/demo.h\n/usr/include/demo.h.real\ndemo\n",
    "var/lib/dpkg/arch": b"amd64\n",
    "etc/os-release": b"ID=debian\nVERSION_CODENAME=bookworm\n",
}
PYTHON: Final = {
    "pyvenv.cfg": b"",
    "lib/python3.11/site-packages/demo-1.dist-info/RECORD": b'demo/demo.h,,\n"a, b",,\n../../../bin/demo,,\n',
    "lib/python3.11/site-packages/demo-1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: demo\nVersion: 1\n\n",
}


def recorded(name: str) -> bytes:
    content = (RECORDED / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


DATABASES: Final = {
    "dpkg": (DPKG, "usr/include/demo.h"),
    "rpm": ({"var/lib/rpm/rpmdb.sqlite": recorded("rpm/rpmdb.sqlite.gz")}, "usr/include/demo/demo.h"),
    "apk": ({"lib/apk/db/installed": recorded("apk/installed")}, "usr/include/demo.h"),
    "pacman": (
        {f"var/lib/pacman/local/demo-1/{name}": recorded(f"pacman/demo/{name}") for name in ("desc", "files")},
        "usr/include/demo.h",
    ),
    "conda": ({"conda-meta/demo-1.2-h1_0.json": recorded("conda/demo-1.2-h1_0.json")}, "include/demo.h"),
    "homebrew": (
        {"Cellar/demo/1/INSTALL_RECEIPT.json": recorded("homebrew/INSTALL_RECEIPT.json")},
        "Cellar/demo/1/include/demo.h",
    ),
    "spack": ({"p/.spack/spec.json": recorded("spack/spec.json")}, "p/include/demo.h"),
    "python": (PYTHON, "lib/python3.11/site-packages/demo/demo.h"),
}
"""The files of a small database of each manager that reads one, and the file to ask about."""

each = pytest.mark.parametrize("manager", sorted(DATABASES))
thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_manager_that_reads_a_database_is_here() -> None:
    assert set(DATABASES) == set(owners.MANAGERS) - {"nix"}


@each
def test_an_undamaged_database_has_the_owner(manager: str) -> None:
    answer = asked(manager, {})
    assert (len(answer.owned), answer.unowned, answer.faults) == (1, frozenset(), ())


@each
@given(data=st.data())
@thorough
def test_a_damaged_database_makes_no_other_error(manager: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DATABASES[manager][0])))
    content = bytearray(DATABASES[manager][0][name])
    for _ in range(data.draw(st.integers(1, 8))) if content else ():
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    holds_together(asked(manager, {name: bytes(content[:end])}))


@each
@given(data=st.data())
@thorough
def test_a_database_of_anything_makes_no_other_error(manager: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DATABASES[manager][0])))
    holds_together(asked(manager, {name: data.draw(st.binary(max_size=300))}))


def asked(manager: str, changed: dict[str, bytes]) -> owners.Answer:
    files, name = DATABASES[manager]
    with TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        for path, content in {**files, **changed}.items():
            target = Path(root, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return owners.owners_of([f"{root}/{name}"])


def holds_together(answer: owners.Answer) -> None:
    assert len(answer.owned) + len(answer.unowned) + len(answer.faults) == 1
    for owner in answer.owned.values():
        assert owner.purl.startswith("pkg:")
        assert owner.purl.isascii()
