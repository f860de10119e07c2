"""The catalogue as it is shipped: names to ids."""

from __future__ import annotations

import pytest

from backlit.catalog import Catalogue, Packages
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.mark.parametrize(
    ("kind", "name", "library"),
    [
        (NameKind.PKGCONFIG, "libxml-2.0", "libxml2"),
        (NameKind.PKGCONFIG, "Qt5Widgets", "qt5"),
        (NameKind.LINK, "z", "zlib"),
        (NameKind.LINK, ":libz.a", "zlib"),
        (NameKind.LINK, ":libssl.so.3", "openssl"),
        (NameKind.LINK, "k5crypto", "krb5"),
        (NameKind.LINK, "com_err", "com_err"),
        (NameKind.SONAME, "libssl", "openssl"),
        (NameKind.SONAME, "libssl.so", "openssl"),
        (NameKind.SONAME, "libssl.so.3", "openssl"),
        (NameKind.SONAME, "/usr/lib/x86_64-linux-gnu/libssl.so.3", "openssl"),
        (NameKind.SONAME, "libfftw3_threads.so.3", "fftw"),
        (NameKind.SONAME, "libboost_python311.so.1.74.0", "boost"),
        (NameKind.SONAME, "libyaml-0.so.2", "libyaml"),
        (NameKind.SONAME, "libldap-2.5.so.0", "openldap"),
        (NameKind.SONAME, "libdb-5.3.so", "db"),
        (NameKind.SONAME, "libpng16.so.16", "libpng"),
        (NameKind.SONAME, "libcrypt.so.1", "libxcrypt"),
        (NameKind.SONAME, "libssl3.so", "nss"),
        (NameKind.SONAME, "libusb-1.0.so.0", "libusb"),
        (NameKind.SONAME, "libusb-0.1.so.4", "libusb-compat"),
        (NameKind.HEADER, "zlib.h", "zlib"),
        (NameKind.HEADER, "sys/acl.h", "acl"),
        (NameKind.HEADER, "X11/extensions/Xrandr.h", "libxrandr"),
        (NameKind.CMAKE, "OpenSSL", "openssl"),
        (NameKind.CRATE, "openssl-sys", "openssl"),
        (NameKind.CRATE, "onig_sys", "oniguruma"),
        (NameKind.CRATE, "onig-sys", "oniguruma"),
        (NameKind.CONFIG_TOOL, "krb5-config", "krb5"),
        (NameKind.CONFIG_TOOL, "/usr/bin/pg_config", "libpq"),
        (NameKind.MESON, "curses", "ncurses"),
        (NameKind.MESON, "openssl", "openssl"),
    ],
)
def test_an_exact_name_is_sure(catalogue: Catalogue, kind: NameKind, name: str, library: str) -> None:
    found = catalogue.identify(kind, name)
    assert found is not None
    assert (found.id, found.confidence) == (f"dep:generic/{library}", Confidence.HIGH)


@pytest.mark.parametrize(
    ("kind", "name", "library"),
    [
        pytest.param(NameKind.HEADER, "openssl/ssl.h", "openssl", id="folder"),
        pytest.param(NameKind.HEADER, "google/protobuf/message.h", "protobuf", id="deeper-folder"),
        pytest.param(NameKind.HEADER, "openjpeg-2.5/openjpeg.h", "openjpeg", id="wildcard-folder"),
        pytest.param(NameKind.HEADER, "gdal_priv.h", "gdal", id="wildcard-header"),
        pytest.param(NameKind.CMAKE, "openssl", "openssl", id="other-case"),
        pytest.param(NameKind.SONAME, "libssl-1e5d6b8a.so.3", "openssl", id="renamed-by-a-wheel-repairer"),
        pytest.param(NameKind.CONFIG_TOOL, "x86_64-linux-gnu-pg_config", "libpq", id="for-a-machine"),
    ],
)
def test_a_name_by_convention_is_less_sure(catalogue: Catalogue, kind: NameKind, name: str, library: str) -> None:
    found = catalogue.identify(kind, name)
    assert found is not None
    assert (found.id, found.confidence) == (f"dep:generic/{library}", Confidence.MEDIUM)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        pytest.param(NameKind.LINK, "ssl3.0", id="link-is-not-versioned"),
        pytest.param(NameKind.PKGCONFIG, "ssl", id="a-link-name-is-no-module"),
        pytest.param(NameKind.LINK, "libxml-2.0", id="a-module-is-no-link-name"),
        pytest.param(NameKind.HEADER, "gtk/gtk.h", id="gtk-3-or-4"),
        pytest.param(NameKind.HEADER, "fuse.h", id="fuse-2-or-3"),
        pytest.param(NameKind.HEADER, "openssl", id="a-folder-alone"),
        pytest.param(NameKind.SONAME, "libsslfoo.so.1", id="longer-name"),
        pytest.param(NameKind.SONAME, "", id="empty"),
        pytest.param(NameKind.HEADER, "", id="empty-header"),
        pytest.param(NameKind.CRATE, "serde", id="plain-crate"),
    ],
)
def test_what_is_not_known_stays_unknown(catalogue: Catalogue, kind: NameKind, name: str) -> None:
    assert catalogue.identify(kind, name) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NameKind.SONAME, "libc.so.6"),
        (NameKind.SONAME, "libm.so.6"),
        (NameKind.SONAME, "ld-linux-x86-64.so.2"),
        (NameKind.SONAME, "ld-linux-aarch64.so.1"),
        (NameKind.SONAME, "ld-musl-x86_64.so.1"),
        (NameKind.SONAME, "libc.musl-x86_64.so.1"),
        (NameKind.SONAME, "linux-vdso.so.1"),
        (NameKind.SONAME, "libstdc++.so.6"),
        (NameKind.SONAME, "libgcc_s.so.1"),
        (NameKind.SONAME, "libgomp.so.1"),
        (NameKind.SONAME, "libgfortran.so.5"),
        (NameKind.SONAME, "libpython3.11.so.1.0"),
        (NameKind.LINK, "m"),
        (NameKind.LINK, "pthread"),
        (NameKind.LINK, "stdc++"),
        (NameKind.LINK, "python3.11"),
        (NameKind.HEADER, "Python.h"),
        (NameKind.HEADER, "stdio.h"),
        (NameKind.HEADER, "sys/types.h"),
        (NameKind.HEADER, "vector"),
        (NameKind.HEADER, "immintrin.h"),
        (NameKind.PKGCONFIG, "python-3.11-embed"),
        (NameKind.CMAKE, "Threads"),
        (NameKind.CONFIG_TOOL, "python3.11-config"),
    ],
)
def test_what_every_extension_has_is_the_platforms(catalogue: Catalogue, kind: NameKind, name: str) -> None:
    assert catalogue.is_platform(kind, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        pytest.param(NameKind.SONAME, "libcrypt.so.1", id="crypt-is-a-library"),
        pytest.param(NameKind.HEADER, "sys/acl.h", id="a-librarys-header-in-sys"),
        pytest.param(NameKind.HEADER, "rpc/rpc.h", id="a-librarys-header-in-rpc"),
        pytest.param(NameKind.LINK, "z", id="zlib"),
        pytest.param(NameKind.LINK, "nobody-knows", id="unknown"),
    ],
)
def test_a_library_is_not_the_platforms(catalogue: Catalogue, kind: NameKind, name: str) -> None:
    assert not catalogue.is_platform(kind, name)


@pytest.mark.parametrize(
    ("package", "is_platform"),
    [
        ("libc6-dev", True),
        ("linux-libc-dev", True),
        ("libgcc-12-dev", True),
        ("libstdc++-12-dev", True),
        ("libpython3.11-dev", True),
        ("python3-dev", True),
        ("libgomp1", True),
        ("libcrypt-dev", False),
        ("libssl-dev", False),
        ("binutils-dev", False),
        ("libgccjit0", False),
    ],
)
def test_platform_packages_are_told_apart(catalogue: Catalogue, package: str, *, is_platform: bool) -> None:
    assert catalogue.is_platform_package(package) is is_platform


@pytest.mark.parametrize(
    ("distribution", "package", "is_platform"),
    [
        ("fedora", "glibc-devel", True),
        ("fedora", "gcc-c++", True),
        ("fedora", "python3.12-devel", True),
        ("fedora", "python3-numpy", False),
        ("fedora", "openssl-devel", False),
        ("alpine", "musl-dev", True),
        ("alpine", "libc6-dev", False),
        ("arch", "linux-api-headers", True),
        ("conda-forge", "sysroot_linux-64", True),
        ("conda-forge", "zlib", False),
        ("nixpkgs", "glibc", True),
        ("homebrew", "python@3.12", True),
        ("nowhere", "glibc", False),
    ],
)
def test_platform_packages_of_other_distributions_have_names_of_their_own(
    catalogue: Catalogue, distribution: str, package: str, *, is_platform: bool
) -> None:
    assert catalogue.is_platform_package(package, distribution) is is_platform


@pytest.mark.parametrize(
    ("distribution", "package", "library"),
    [
        pytest.param("fedora", "libxml2-devel", "dep:generic/libxml2", id="to-build-against"),
        pytest.param("arch", "zlib", "dep:generic/zlib", id="not-split"),
        pytest.param("arch", "systemd-libs", None, id="holds-several"),
        pytest.param("fedora", "libxml2-dev", None, id="anothers-name"),
        pytest.param("arch", "cmake", None, id="a-tool"),
        pytest.param("nowhere", "zlib", None, id="unknown-distribution"),
    ],
)
def test_a_package_of_another_distribution_is_its_library(
    catalogue: Catalogue, distribution: str, package: str, library: str | None
) -> None:
    found = catalogue.by_packages_of(distribution).get(package)
    assert (found and found.id) == library


@pytest.mark.parametrize(
    ("source", "library"),
    [("openssl", "dep:generic/openssl"), ("boost1.83", "dep:generic/boost"), ("systemd", None), ("nothing", None)],
)
def test_a_source_package_is_its_library(catalogue: Catalogue, source: str, library: str | None) -> None:
    found = catalogue.by_source_package(source)
    assert (found and found.id) == library


@pytest.mark.parametrize(
    ("package", "library"),
    [("libudev-dev", "dep:generic/libudev"), ("libsystemd-dev", "dep:generic/libsystemd"), ("bash", None)],
)
def test_a_binary_package_tells_libraries_of_one_source_apart(
    catalogue: Catalogue, package: str, library: str | None
) -> None:
    found = catalogue.by_package(package)
    assert (found and found.id) == library


@pytest.mark.parametrize(
    ("program", "tool"),
    [
        ("gcc", "dep:virtual/compiler/c"),
        ("/usr/bin/cc", "dep:virtual/compiler/c"),
        ("gcc-12", "dep:virtual/compiler/c"),
        ("x86_64-linux-gnu-gcc-12", "dep:virtual/compiler/c"),
        ("x86_64-conda-linux-gnu-gcc", "dep:virtual/compiler/c"),
        ("aarch64-unknown-linux-musl-g++", "dep:virtual/compiler/cxx"),
        ("armv7l-linux-gnueabihf-gfortran", "dep:virtual/compiler/fortran"),
        ("clang++-14", "dep:virtual/compiler/cxx"),
        ("rustc", "dep:virtual/compiler/rust"),
        ("cmake", "dep:generic/cmake"),
        ("cmake3", "dep:generic/cmake"),
        ("m4", "dep:generic/m4"),
        ("re2c", "dep:generic/re2c"),
        ("automake-1.16", "dep:generic/automake"),
        ("cython3", "dep:generic/cython"),
        ("python3.11", "dep:generic/python"),
        ("ld.bfd", "dep:generic/binutils"),
    ],
)
def test_a_program_is_its_tool(catalogue: Catalogue, program: str, tool: str) -> None:
    found = catalogue.tool(program)
    assert found is not None
    assert found.id == tool


@pytest.mark.parametrize("program", ["foo", "gccx", "linux-gnu-gcc", "x86_64-linux-gnu-", "12", ""])
def test_another_program_is_no_tool(catalogue: Catalogue, program: str) -> None:
    assert catalogue.tool(program) is None


def test_packages_are_given_by_distribution_and_role(catalogue: Catalogue) -> None:
    packages = catalogue.packages("dep:generic/openssl")
    assert packages["debian"] == Packages(("libssl-dev",), ("libssl3",), ("openssl",), checked="debian-12")
    assert packages["nixpkgs"].host == ("openssl",)


def test_it_is_told_by_what_a_package_was_checked(catalogue: Catalogue) -> None:
    source = catalogue.source(catalogue.packages("dep:generic/openssl")["debian"].checked or "")
    assert source is not None
    assert (source.kind, source.where) == ("index", "Debian 12 amd64, with contrib and non-free: Contents and Packages")


def test_a_source_nobody_knows_is_none(catalogue: Catalogue) -> None:
    assert catalogue.source("hearsay") is None


def test_a_library_and_a_tool_of_one_id_share_its_packages(catalogue: Catalogue) -> None:
    debian = catalogue.packages("dep:generic/protobuf")["debian"]
    assert ("libprotobuf-dev" in debian.host, debian.build) == (True, ("protobuf-compiler",))


def test_a_compiler_is_installed_by_its_usual_implementation(catalogue: Catalogue) -> None:
    assert catalogue.packages("dep:virtual/compiler/c")["debian"].build == ("gcc",)


def test_a_library_tells_its_names_by_kind(catalogue: Catalogue) -> None:
    names = catalogue.names("dep:generic/openssl")
    assert names[NameKind.LINK] == ("crypto", "ssl")
    assert names[NameKind.HEADER] == ("openssl/",)
    assert NameKind.CONFIG_TOOL not in names
    assert catalogue.names("dep:generic/no-such-thing") == {}


def test_an_unknown_id_has_no_packages(catalogue: Catalogue) -> None:
    assert dict(catalogue.packages("dep:generic/nothing")) == {}


@pytest.mark.parametrize(
    ("id_", "expected"),
    [("dep:generic/openssl", True), ("dep:generic/curl", False), ("dep:generic/nothing", None)],
)
def test_canonical_is_told_of_known_ids_only(catalogue: Catalogue, id_: str, *, expected: bool | None) -> None:
    assert catalogue.is_canonical(id_) is expected
