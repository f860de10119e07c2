"""dpkg's database, from a recorded small one and from this machine's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backlit.owners.dpkg import ADAPTER, Dpkg

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
def dpkg(tmp_path: Path) -> Dpkg:
    info = tmp_path / "dpkg" / "info"
    info.mkdir(parents=True)
    for package, paths in LISTS.items():
        (info / f"{package}.list").write_text("".join(f"{path}\n" for path in paths))
    (info / "libssl-dev:amd64.md5sums").write_text("0  usr/include/openssl/ssl.h\n")
    (info.parent / "status").write_text(STATUS)
    (info.parent / "diversions").write_text(DIVERSIONS)
    os_release = tmp_path / "os-release"
    os_release.write_text('NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n')
    return Dpkg(info.parent, os_release)


def test_an_owner_has_its_package_source_and_version(dpkg: Dpkg) -> None:
    found = dpkg.owners_of(["/usr/include/openssl/ssl.h"])["/usr/include/openssl/ssl.h"]
    assert (found.name, found.source, found.version) == ("libssl-dev", "openssl", "3.0.19-1~deb12u2")


@pytest.mark.parametrize(
    ("path", "purl"),
    [
        pytest.param(
            "/usr/include/openssl/ssl.h", "pkg:deb/debian/libssl-dev@3.0.19-1~deb12u2?arch=amd64", id="tilde-stays"
        ),
        pytest.param(
            "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
            "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64",
            id="plus-is-encoded",
        ),
        pytest.param("/usr/include/zlib.h", "pkg:deb/debian/zlib1g-dev@1:1.2.13.dfsg-1?arch=amd64", id="colon-stays"),
    ],
)
def test_a_purl_is_encoded_as_the_standard_says(dpkg: Dpkg, path: str, purl: str) -> None:
    assert dpkg.owners_of([path])[path].purl == purl


def test_a_source_of_another_version_is_named_without_it(dpkg: Dpkg) -> None:
    path = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"
    assert dpkg.owners_of([path])[path].source == "gcc-12"


def test_a_package_without_a_source_field_is_its_own_source(dpkg: Dpkg) -> None:
    assert dpkg.owners_of(["/usr/bin/pg_config"])["/usr/bin/pg_config"].source == "postgresql-common"


@pytest.mark.parametrize(
    ("asked", "package"),
    [
        pytest.param("/lib/x86_64-linux-gnu/libz.so.1", "zlib1g", id="as-listed"),
        pytest.param("/usr/lib/x86_64-linux-gnu/libz.so.1", "zlib1g", id="usr-was-added"),
        pytest.param("/lib/x86_64-linux-gnu/libz.so", "zlib1g-dev", id="usr-was-left-off"),
        pytest.param("/usr/lib64/ld-linux-x86-64.so.2", "libc6", id="lib64"),
    ],
)
def test_both_spellings_of_a_merged_usr_are_known(dpkg: Dpkg, asked: str, package: str) -> None:
    assert dpkg.owners_of([asked])[asked].name == package


def test_a_link_and_its_target_have_owners_of_their_own(dpkg: Dpkg) -> None:
    link, target = "/usr/lib/x86_64-linux-gnu/libz.so", "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13"
    found = dpkg.owners_of([link, target])
    assert (found[link].name, found[target].name) == ("zlib1g-dev", "zlib1g")


def test_a_link_that_no_package_has_belongs_to_what_it_points_to(tmp_path: Path, dpkg: Dpkg) -> None:
    link = tmp_path / "alternative.h"
    link.symlink_to("/usr/include/zlib.h")
    assert dpkg.owners_of([str(link)])[str(link)].name == "zlib1g-dev"


def test_a_path_through_dots_is_resolved(dpkg: Dpkg) -> None:
    path = "/usr/include/../include/zlib.h"
    assert dpkg.owners_of([path])[path].name == "zlib1g-dev"


def test_a_diverted_path_belongs_to_the_package_that_took_it(dpkg: Dpkg) -> None:
    found = dpkg.owners_of(["/usr/bin/pg_config", "/usr/bin/pg_config.libpq-dev"])
    assert {path: owner.name for path, owner in found.items()} == {
        "/usr/bin/pg_config": "postgresql-common",
        "/usr/bin/pg_config.libpq-dev": "libpq-dev",
    }


def test_a_file_of_one_package_for_two_machines_has_an_owner(dpkg: Dpkg) -> None:
    path = "/usr/share/doc/libc6/copyright"
    assert dpkg.owners_of([path])[path].purl == "pkg:deb/debian/libc6@2.36-9?arch=amd64"


def test_the_machine_in_a_lists_name_is_the_one_reported(dpkg: Dpkg) -> None:
    assert dpkg.owners_of(["/lib/ld-linux.so.2"])["/lib/ld-linux.so.2"].purl.endswith("?arch=i386")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/usr/include", id="folder-of-several"),
        pytest.param("/usr/local/lib/libfoo.so", id="nobody's"),
        pytest.param("/etc/gone.conf", id="package-was-removed"),
        pytest.param("relative.h", id="relative"),
        pytest.param("", id="empty"),
    ],
)
def test_what_no_installed_package_has_alone_is_left_out(dpkg: Dpkg, path: str) -> None:
    assert dpkg.owners_of([path]) == {}


def test_the_namespace_is_the_distributions_id(tmp_path: Path, dpkg: Dpkg) -> None:
    (tmp_path / "os-release").write_text('ID="ubuntu"\nID_LIKE=debian\n')
    assert dpkg.owners_of(["/usr/include/zlib.h"])["/usr/include/zlib.h"].purl.startswith("pkg:deb/ubuntu/zlib1g-dev@")


def test_a_machine_without_os_release_is_debians(tmp_path: Path, dpkg: Dpkg) -> None:
    (tmp_path / "os-release").unlink()
    assert dpkg.owners_of(["/usr/include/zlib.h"])["/usr/include/zlib.h"].purl.startswith("pkg:deb/debian/zlib1g-dev@")


def test_a_database_without_diversions_is_read(tmp_path: Path, dpkg: Dpkg) -> None:
    (tmp_path / "dpkg" / "diversions").unlink()
    assert dpkg.owners_of(["/usr/include/zlib.h"])["/usr/include/zlib.h"].name == "zlib1g-dev"


def test_a_folder_without_a_status_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "info").mkdir()
    assert not Dpkg(tmp_path).is_present()


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="the oracle is dpkg itself, which this machine has not")
def test_dpkg_itself_says_the_same_of_200_files() -> None:
    candidates = _some_files(Path("/usr/include"), 100) + _some_files(Path("/usr/lib"), 100)
    done = subprocess.run(["dpkg", "-S", *candidates], capture_output=True, text=True, check=False)
    expected: dict[str, str] = {}
    for line in done.stdout.splitlines():
        packages, _, path = line.rpartition(": ")
        if not packages.startswith("diversion by") and "," not in packages:
            expected[path] = packages.partition(":")[0]
    found = ADAPTER.owners_of(candidates)
    assert expected
    assert {path: found[path].name for path in expected if path in found} == expected


def _some_files(folder: Path, count: int) -> list[str]:
    every = sorted(os.path.join(top, name) for top, _, names in os.walk(folder) for name in names)  # noqa: PTH118 - text
    return every[:: max(1, len(every) // count)][:count]
