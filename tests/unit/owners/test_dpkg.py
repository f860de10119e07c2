"""dpkg's database, from a recorded small one and from this machine's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit import owners

if TYPE_CHECKING:
    from unit.owners.conftest import Root

STATUS = """\
Package: libssl-dev
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: openssl
Version: 3.0.19-1~deb12u2
Depends: libssl3 (= 3.0.19-1~deb12u2)
Description: Secure Sockets Layer toolkit - development files
 It contains development libraries, header files, and manpages.
 .
 Version: of no interest

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Source: gcc-12 (12.2.0-14+deb12u1)
Version: 12.2.0-14+deb12u1

Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib
Version: 1:1.2.13.dfsg-1

Package: zlib1g-dev
Status: install ok installed
Architecture: amd64
Source: zlib
Version: 1:1.2.13.dfsg-1

Package: postgresql-common
Status: install ok installed
Architecture: all
Version: 248

Package: libpq-dev
Status: install ok installed
Architecture: amd64
Source: postgresql-15
Version: 15.18-0

Package: gcc
Status: install ok installed
Architecture: amd64
Source: gcc-defaults (1.203)
Version: 4:12.2.0-3

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9

Package: libc6
Status: install ok installed
Architecture: i386
Source: glibc
Version: 2.36-9
"""

LISTS = {
    "libssl-dev:amd64": ["/.", "/usr", "/usr/include", "/usr/include/openssl", "/usr/include/openssl/ssl.h"],
    "gcc": ["/usr/bin/gcc"],
    "libstdc++6:amd64": ["/.", "/usr", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"],
    "zlib1g:amd64": ["/lib/x86_64-linux-gnu/libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1.2.13"],
    "zlib1g-dev:amd64": ["/usr/include", "/usr/include/zlib.h", "/usr/lib/x86_64-linux-gnu/libz.so"],
    "postgresql-common": ["/usr/bin/pg_config"],
    "libpq-dev": ["/usr/bin/pg_config"],
    "gone": ["/etc/gone.conf"],
    "libc6:amd64": ["/usr/share/doc/libc6/copyright", "/lib64/ld-linux-x86-64.so.2"],
    "libc6:i386": ["/usr/share/doc/libc6/copyright", "/lib/ld-linux.so.2"],
}

DIVERSIONS = """\
/usr/bin/pg_config
/usr/bin/pg_config.libpq-dev
postgresql-common
"""


@pytest.fixture
def debian(root: Root) -> Root:
    for package, paths in LISTS.items():
        root.write(f"var/lib/dpkg/info/{package}.list", "".join(f"{path}\n" for path in paths))
    root.write("var/lib/dpkg/info/libssl-dev:amd64.md5sums", "0  usr/include/openssl/ssl.h\n")
    root.write("var/lib/dpkg/status", STATUS)
    root.write("var/lib/dpkg/diversions", DIVERSIONS)
    root.write("etc/os-release", 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n')
    for folder in ("lib", "lib64"):
        (root.folder / "usr" / folder).mkdir(parents=True)
        root.link(folder, f"usr/{folder}")
    return root


def named(root: Root, name: str) -> str | None:
    found = root.owner(name)
    return found and found.name


def test_an_owner_has_its_package_source_and_version(debian: Root) -> None:
    found = debian.owner("usr/include/openssl/ssl.h")
    assert found
    assert (found.name, found.source, found.version, found.type) == ("libssl-dev", "openssl", "3.0.19-1~deb12u2", "deb")


@pytest.mark.parametrize(
    ("name", "purl"),
    [
        pytest.param("usr/include/openssl/ssl.h", "libssl-dev@3.0.19-1~deb12u2", id="tilde-stays"),
        pytest.param(
            "usr/lib/x86_64-linux-gnu/libstdc++.so.6", "libstdc%2B%2B6@12.2.0-14%2Bdeb12u1", id="plus-is-encoded"
        ),
        pytest.param("usr/include/zlib.h", "zlib1g-dev@1:1.2.13.dfsg-1", id="colon-stays"),
    ],
)
def test_a_purl_is_encoded_as_the_standard_says(debian: Root, name: str, purl: str) -> None:
    assert debian.purl(name) == f"pkg:deb/debian/{purl}?arch=amd64&distro=bookworm"


def test_a_source_of_another_version_is_named_without_it(debian: Root) -> None:
    found = debian.owner("usr/lib/x86_64-linux-gnu/libstdc++.so.6")
    assert found
    assert found.source == "gcc-12"


def test_a_package_without_a_source_field_is_its_own_source(debian: Root) -> None:
    found = debian.owner("usr/bin/pg_config")
    assert found
    assert found.source == "postgresql-common"


@pytest.mark.parametrize(
    ("asked", "package"),
    [
        pytest.param("lib/x86_64-linux-gnu/libz.so.1", "zlib1g", id="as-listed"),
        pytest.param("usr/lib/x86_64-linux-gnu/libz.so.1", "zlib1g", id="usr-was-added"),
        pytest.param("lib/x86_64-linux-gnu/libz.so", "zlib1g-dev", id="usr-was-left-off"),
        pytest.param("usr/lib64/ld-linux-x86-64.so.2", "libc6", id="lib64"),
    ],
)
def test_both_spellings_of_a_merged_usr_are_known(debian: Root, asked: str, package: str) -> None:
    assert named(debian, asked) == package


def test_where_usr_is_not_merged_the_two_folders_are_apart(debian: Root) -> None:
    (debian.folder / "lib").unlink()
    (debian.folder / "lib").mkdir()
    assert named(debian, "lib/x86_64-linux-gnu/libz.so.1") == "zlib1g"
    assert named(debian, "usr/lib/x86_64-linux-gnu/libz.so.1") is None


def test_a_link_and_its_target_have_owners_of_their_own(debian: Root) -> None:
    debian.write("usr/lib/x86_64-linux-gnu/libz.so.1.2.13")
    debian.link("usr/lib/x86_64-linux-gnu/libz.so", "/lib/x86_64-linux-gnu/libz.so.1.2.13")
    assert named(debian, "usr/lib/x86_64-linux-gnu/libz.so") == "zlib1g-dev"
    assert named(debian, "usr/lib/x86_64-linux-gnu/libz.so.1.2.13") == "zlib1g"


def test_a_link_that_no_package_has_belongs_to_what_it_points_to(debian: Root) -> None:
    debian.link("usr/include/alternative.h", "zlib.h")
    assert named(debian, "usr/include/alternative.h") == "zlib1g-dev"


def test_a_link_is_followed_inside_its_sysroot(debian: Root) -> None:
    # An absolute link of a sysroot means the sysroot's file, not this machine's.
    debian.link("usr/include/other.h", "/usr/include/zlib.h")
    assert named(debian, "usr/include/other.h") == "zlib1g-dev"


def test_a_link_in_a_circle_is_nobodys(debian: Root) -> None:
    debian.link("usr/include/a.h", "b.h")
    debian.link("usr/include/b.h", "a.h")
    assert debian.owner("usr/include/a.h") is None


def test_an_alternative_belongs_to_what_it_stands_for(debian: Root) -> None:
    debian.write("usr/bin/gcc")
    debian.link("etc/alternatives/cc", "/usr/bin/gcc")
    debian.link("usr/bin/cc", "/etc/alternatives/cc")
    assert (named(debian, "usr/bin/cc"), named(debian, "etc/alternatives/cc")) == ("gcc", "gcc")


def test_a_path_through_dots_and_linked_folders_is_resolved(debian: Root) -> None:
    (debian.folder / "usr" / "include").mkdir()
    debian.link("opt/headers", "../usr/include")
    assert named(debian, "usr/include/../include/zlib.h") == named(debian, "opt/headers/zlib.h") == "zlib1g-dev"


def test_a_diverted_path_belongs_to_the_package_that_took_it(debian: Root) -> None:
    assert named(debian, "usr/bin/pg_config") == "postgresql-common"
    assert named(debian, "usr/bin/pg_config.libpq-dev") == "libpq-dev"


def test_a_file_of_one_package_for_two_machines_has_an_owner(debian: Root) -> None:
    purl = "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=bookworm"
    assert debian.purl("usr/share/doc/libc6/copyright") == purl


def test_a_shared_file_is_the_native_packages(debian: Root) -> None:
    debian.write("var/lib/dpkg/arch", "i386\namd64\n")
    purl = "pkg:deb/debian/libc6@2.36-9?arch=i386&distro=bookworm"
    assert debian.purl("usr/share/doc/libc6/copyright") == purl


def test_a_shared_file_names_the_packages_of_the_other_machines(debian: Root) -> None:
    debian.write("var/lib/dpkg/arch", "amd64\ni386\narm64\n")
    shared, own = debian.owner("usr/share/doc/libc6/copyright"), debian.owner("lib/ld-linux.so.2")
    assert shared is not None
    assert own is not None
    assert shared.purl == "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=bookworm"
    assert shared.others == (("i686", "pkg:deb/debian/libc6@2.36-9?arch=i386&distro=bookworm"),)
    assert own.others == ()


def test_the_machine_in_a_lists_name_is_the_one_reported(debian: Root) -> None:
    assert debian.purl("lib/ld-linux.so.2") == "pkg:deb/debian/libc6@2.36-9?arch=i386&distro=bookworm"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("usr/local/lib/libfoo.so", id="nobody's"),
        pytest.param("usr/local/include/zlib.h", id="another-of-the-name"),
        pytest.param("etc/gone.conf", id="package-was-removed"),
    ],
)
def test_what_no_installed_package_has_is_unowned(debian: Root, name: str) -> None:
    answer = debian.ask(name)
    assert (answer.owned, answer.unowned) == ({}, frozenset({f"{debian.folder}/{name}"}))


def test_a_folder_is_not_asked_about(debian: Root) -> None:
    (debian.folder / "usr" / "include").mkdir()
    assert debian.ask("usr/include") == ({}, frozenset(), ())


@pytest.mark.parametrize(
    ("text", "vendor", "distro"),
    [
        pytest.param('ID="ubuntu"\nID_LIKE=debian\nVERSION_CODENAME=noble\n', "ubuntu", "&distro=noble", id="ubuntu"),
        pytest.param("ID=devuan\nVERSION_ID=5\n", "devuan", "&distro=devuan-5", id="no-codename"),
        pytest.param("", "debian", "", id="says-nothing"),
    ],
)
def test_the_namespace_is_the_distributions_id(debian: Root, text: str, vendor: str, distro: str) -> None:
    debian.write("etc/os-release", text)
    assert debian.purl("usr/include/zlib.h") == f"pkg:deb/{vendor}/zlib1g-dev@1:1.2.13.dfsg-1?arch=amd64{distro}"


def test_os_release_is_found_where_its_link_leads(debian: Root) -> None:
    (debian.folder / "etc" / "os-release").rename(debian.folder / "usr" / "lib" / "os-release")
    assert str(debian.purl("usr/include/zlib.h")).endswith("&distro=bookworm")


def test_a_database_without_diversions_is_read(debian: Root) -> None:
    (debian.folder / "var" / "lib" / "dpkg" / "diversions").unlink()
    assert named(debian, "usr/include/zlib.h") == "zlib1g-dev"


def test_a_database_without_lists_is_said_to_be_so(debian: Root) -> None:
    shutil.rmtree(debian.folder / "var" / "lib" / "dpkg" / "info")
    answer = debian.ask("usr/include/zlib.h")
    assert (answer.owned, answer.unowned, len(answer.faults)) == ({}, frozenset(), 1)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="the oracle is dpkg itself, which this machine has not")
def test_dpkg_itself_says_the_same_of_200_files() -> None:
    candidates = _some_files(Path("/usr/include"), 100) + _some_files(Path("/usr/lib"), 100)
    done = subprocess.run(["dpkg", "-S", *candidates], capture_output=True, text=True, check=False)
    expected: dict[str, str] = {}
    for line in done.stdout.splitlines():
        packages, _, path = line.rpartition(": ")
        if not packages.startswith("diversion by") and "," not in packages:
            expected[path] = packages.partition(":")[0]
    found = owners.owners_of(candidates).owned
    assert expected
    assert {path: found[path].name for path in expected} == expected


def _some_files(folder: Path, count: int) -> list[str]:
    every = sorted(os.path.join(top, name) for top, _, names in os.walk(folder) for name in names)  # noqa: PTH118 - text
    return every[:: max(1, len(every) // count)][:count]
