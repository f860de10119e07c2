"""RPM's databases, from a recorded one; and rpm itself."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest

from backlit.owners import Ownership, rpm

if TYPE_CHECKING:
    from unit.owners.conftest import Root

DEVEL = "pkg:rpm/fedora/libdemo-devel@1.2-3.fc40?arch=x86_64&distro=fedora-40&epoch=1"
RUN = "pkg:rpm/fedora/libdemo@1.2-3.fc40?arch=x86_64&distro=fedora-40&epoch=1"
HERE = "var/lib/rpm/rpmdb.sqlite"


@pytest.fixture
def fedora(root: Root) -> Root:
    root.record("rpm/rpmdb.sqlite.gz", HERE)
    root.write("etc/os-release", 'ID=fedora\nVERSION_ID="40"\n')
    return root


def test_an_owner_is_named_with_its_epoch_apart(fedora: Root) -> None:
    assert fedora.owner("usr/include/demo/demo.h") == Ownership(DEVEL, "libdemo-devel", "libdemo", "1:1.2-3.fc40")


def test_development_and_run_time_packages_are_told_apart(fedora: Root) -> None:
    files = ("usr/lib64/libdemo.so", "usr/lib64/libdemo.so.1", "usr/lib64/libdemo.so.1.2", "usr/bin/demo-config")
    assert [fedora.purl(name) for name in files] == [DEVEL, RUN, RUN, DEVEL]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("usr/lib64/libdemo.so.2", id="nobody's"),
        pytest.param("usr/bin/demo.h", id="name-and-folder-of-two-files"),
        pytest.param("usr/include/demo/demo.h\udcff", id="no-utf-8"),
        pytest.param("usr/include/demo/'; --", id="quotes"),
    ],
)
def test_what_no_package_has_is_unowned(fedora: Root, name: str) -> None:
    answer = fedora.ask(name)
    assert (answer.owned, answer.unowned, answer.faults) == ({}, frozenset({f"{fedora.folder}/{name}"}), ())


def test_a_file_of_a_merged_usr_is_known_by_the_folder_it_had(root: Root) -> None:
    root.record("rpm/rpmdb.sqlite.gz", HERE)
    (root.folder / "usr" / "lib64").mkdir(parents=True)
    root.link("lib64", "usr/lib64")
    with sqlite3.connect(root.folder / HERE) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        [(number, blob)] = database.execute("SELECT hnum, blob FROM Packages WHERE hnum = 2")
        # Of the same length, so that the header stays whole: the packages' own folder is now the one outside of /usr.
        database.execute(
            "UPDATE Packages SET blob = ? WHERE hnum = ?", (blob.replace(b"/usr/lib64/", b"/lib64/\0\0\0\0"), number)
        )
        database.execute("UPDATE Dirnames SET key = '/lib64/' WHERE hnum = 2")
    database.close()
    assert (
        root.purl("usr/lib64/libdemo.so.1")
        == root.purl("lib64/libdemo.so.1")
        == "pkg:rpm/libdemo@1.2-3.fc40?arch=x86_64&epoch=1"
    )


@pytest.mark.parametrize("place", ["var/lib/rpm", "usr/lib/sysimage/rpm"])
def test_both_places_of_the_database_are_known(root: Root, place: str) -> None:
    root.record("rpm/rpmdb.sqlite.gz", f"{place}/rpmdb.sqlite")
    assert root.owner("usr/include/demo/demo.h")


@pytest.mark.parametrize(
    ("id_", "vendor"),
    [
        ("rhel", "redhat"),
        ("opensuse-tumbleweed", "opensuse"),
        ("opensuse-leap", "opensuse"),
        ("almalinux", "almalinux"),
        ("amzn", "amazon"),
        ("sles", "suse"),
    ],
)
def test_the_namespace_is_the_vendor(root: Root, id_: str, vendor: str) -> None:
    root.record("rpm/rpmdb.sqlite.gz", HERE)
    root.write("etc/os-release", f"ID='{id_}'\nVERSION_ID='9.4'\n")
    purl = root.purl("usr/include/demo/demo.h")
    assert purl == f"pkg:rpm/{vendor}/libdemo-devel@1.2-3.fc40?arch=x86_64&distro={id_}-9.4&epoch=1"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"SQLite format 3\0" + bytes(4080), id="cut"),
        pytest.param(b"no database" * 500, id="other"),
    ],
)
def test_a_broken_database_is_said_to_be_so(root: Root, content: bytes) -> None:
    root.write(HERE)
    (root.folder / HERE).write_bytes(content)
    answer = root.ask("usr/include/demo/demo.h")
    assert (answer.owned, answer.unowned) == ({}, frozenset())
    assert answer.faults[0].startswith("what rpm says of its files cannot be read: ")
    assert str(root.folder) not in answer.faults[0]


@pytest.mark.parametrize("size", [0, 4, 8, 100, 1032, 1400])
def test_a_header_that_ends_early_is_said_to_be_so(fedora: Root, size: int) -> None:
    with sqlite3.connect(fedora.folder / HERE) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("UPDATE Packages SET blob = substr(blob, 1, ?)", (size,))
    database.close()
    answer = fedora.ask("usr/include/demo/demo.h")
    assert not answer.owned
    assert answer.faults or answer.unowned


def test_a_replaced_file_is_not_its_packages(fedora: Root) -> None:
    with sqlite3.connect(fedora.folder / HERE) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        [(blob,)] = database.execute("SELECT blob FROM Packages WHERE hnum = 1")
        entry = blob.index((1029).to_bytes(4, "big") + (1).to_bytes(4, "big"))
        offset = int.from_bytes(blob[entry + 8 : entry + 12], "big")
        states = 8 + 16 * int.from_bytes(blob[:4], "big") + offset
        changed = bytearray(blob)
        changed[states + 2] = 1  # demo.h is the third file, and RPMFILE_STATE_REPLACED is 1
        database.execute("UPDATE Packages SET blob = ? WHERE hnum = 1", (bytes(changed),))
    database.close()
    assert fedora.owner("usr/include/demo/demo.h") is None
    assert fedora.owner("usr/lib64/libdemo.so")


def test_nothing_is_written_beside_the_database(fedora: Root) -> None:
    fedora.ask("usr/include/demo/demo.h")
    assert [path.name for path in (fedora.folder / HERE).parent.iterdir()] == ["rpmdb.sqlite"]


def test_what_stands_in_the_journal_alone_is_read(fedora: Root) -> None:
    writer = sqlite3.connect(fedora.folder / HERE)
    writer.execute("DELETE FROM Basenames WHERE key = 'demo.h'")
    writer.commit()
    try:
        assert (fedora.folder / f"{HERE}-wal").stat().st_size > 0
        assert fedora.owner("usr/include/demo/demo.h") is None
    finally:
        writer.close()


def test_a_database_of_another_form_needs_rpm(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root.folder))
    root.write("var/lib/rpm/Packages", "Berkeley DB")
    root.write("usr/include/demo/demo.h")
    answer = root.ask("usr/include/demo/demo.h")
    assert (answer.owned, answer.unowned) == ({}, frozenset())
    assert "rpm cannot be asked" in answer.faults[0]


needs_rpm = pytest.mark.skipif(shutil.which("rpm") is None, reason="the oracle is rpm itself, which is not installed")


@needs_rpm
def test_rpm_says_the_same_when_it_is_asked(fedora: Root) -> None:
    wanted = frozenset({"/usr/include/demo/demo.h", "/usr/lib64/libdemo.so.1.2", "/usr/lib64/nobodys.so"})
    asked = rpm._asked(str((fedora.folder / HERE).parent), wanted)  # noqa: SLF001 - the way of the other formats
    read = rpm._read(str(fedora.folder / HERE), wanted)  # noqa: SLF001 - the way of this one
    assert sorted(asked) == sorted(read)
    assert {file for package in asked for file in package.files} == wanted - {"/usr/lib64/nobodys.so"}


@needs_rpm
def test_a_database_that_rpm_cannot_read_is_said_to_be_so(root: Root) -> None:
    root.write("var/lib/rpm/Packages", "no Berkeley DB")
    answer = root.ask("usr/include/demo/demo.h")
    assert (answer.owned, answer.unowned) == ({}, frozenset())
    assert "rpm cannot be asked" in answer.faults[0]


@needs_rpm
def test_rpm_finds_the_same_owners(fedora: Root) -> None:
    names = ["usr/include/demo/demo.h", "usr/lib64/libdemo.so", "usr/lib64/libdemo.so.1", "usr/bin/none"]
    database = str((fedora.folder / HERE).parent)
    command = ["rpm", "--dbpath", database, "-q", "--path", "--qf", "%{NAME}\n", *(f"/{name}" for name in names)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    expected = [line for line in said.stdout.splitlines() if "not owned" not in line]
    assert [owner.name for owner in map(fedora.owner, names) if owner] == expected
    assert len(expected) == 3
