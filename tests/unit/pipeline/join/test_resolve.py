"""What a file's owner says of its library, whichever distribution's package it is."""

from __future__ import annotations

import pytest

from backlit.catalog import Catalogue
from backlit.model.evidence import Confidence
from backlit.model.names import NameKind
from backlit.owners import Ownership
from backlit.pipeline.join.resolve import Resolver

HEADER = "/somewhere/include/unheard-of.h"


def resolver(purl: str, name: str, source: str) -> Resolver:
    return Resolver(Catalogue.load(), {HEADER: Ownership(purl, name, source, "1")})


@pytest.mark.parametrize(
    ("purl", "name", "source", "library"),
    [
        ("pkg:deb/debian/libssl-dev@1", "libssl-dev", "openssl", "dep:generic/openssl"),
        ("pkg:rpm/fedora/openssl-devel@1", "openssl-devel", "openssl", "dep:generic/openssl"),
        ("pkg:rpm/opensuse/libxml2-devel@1", "libxml2-devel", "libxml2", "dep:generic/libxml2"),
        ("pkg:apk/alpine/openssl-dev@1", "openssl-dev", "openssl", "dep:generic/openssl"),
        ("pkg:alpm/arch/zlib@1", "zlib", "zlib", "dep:generic/zlib"),
        ("pkg:nix/openssl@1", "openssl", "openssl", "dep:generic/openssl"),
        ("pkg:conda/libxml2@1", "libxml2", "libxml2", "dep:generic/libxml2"),
        ("pkg:brew/openssl%403@1", "openssl@3", "openssl@3", "dep:generic/openssl"),
    ],
)
def test_a_package_tells_its_library_in_its_own_distributions_words(
    purl: str, name: str, source: str, library: str
) -> None:
    found = resolver(purl, name, source).library(NameKind.HEADER, "unheard-of.h", HEADER)
    assert (found.id, found.confidence) == (library, Confidence.HIGH)


@pytest.mark.parametrize(
    ("purl", "name", "library"),
    [
        pytest.param("pkg:rpm/fedora/libssl-dev@1", "libssl-dev", "dep:generic/libssl-dev", id="debian's-name-on-rpm"),
        pytest.param("pkg:pypi/pybind11@3", "pybind11", "dep:pypi/pybind11", id="pypi"),
        pytest.param("pkg:generic/zlib-ng@2", "zlib-ng", "dep:generic/zlib-ng", id="spack"),
    ],
)
def test_a_package_that_the_catalogue_does_not_know_keeps_its_name(purl: str, name: str, library: str) -> None:
    found = resolver(purl, name, name).library(NameKind.HEADER, "unheard-of.h", HEADER)
    assert (found.id, found.canonical) == (library, "unknown")


@pytest.mark.parametrize(
    ("purl", "name", "is_platform"),
    [
        ("pkg:deb/debian/libc6-dev@1", "libc6-dev", True),
        ("pkg:rpm/fedora/glibc-devel@1", "glibc-devel", True),
        ("pkg:apk/alpine/musl-dev@1", "musl-dev", True),
        ("pkg:alpm/arch/linux-api-headers@1", "linux-api-headers", True),
        ("pkg:conda/sysroot_linux-64@1", "sysroot_linux-64", True),
        ("pkg:nix/glibc@1", "glibc", True),
        ("pkg:rpm/fedora/libc6-dev@1", "libc6-dev", False),
        ("pkg:alpm/arch/zlib@1", "zlib", False),
        ("pkg:pypi/numpy@2", "numpy", False),
    ],
)
def test_the_platforms_packages_are_told_in_their_distributions_words(
    purl: str, name: str, *, is_platform: bool
) -> None:
    assert resolver(purl, name, name).is_platform(NameKind.HEADER, "unheard-of.h", HEADER) is is_platform


@pytest.mark.parametrize(("purl", "is_platform"), [("pkg:deb/debian/x-dev@1", False), ("pkg:alpm/arch/x@1", True)])
def test_a_headers_name_counts_where_not_all_platform_packages_are_known(purl: str, *, is_platform: bool) -> None:
    assert resolver(purl, "x", "x").is_platform(NameKind.HEADER, "stdio.h", HEADER) is is_platform


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("SuiteSparse_config", "dep:generic/suitesparse"),
        ("libyaml", "dep:generic/libyaml"),
        pytest.param("ss_l", "dep:generic/ss_l", id="short: no -lssl"),
    ],
)
def test_a_projects_name_may_have_signs_that_the_linked_name_has_not(name: str, library: str) -> None:
    assert Resolver(Catalogue.load(), {}).project(name).id == library
