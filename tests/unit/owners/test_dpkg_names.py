"""Which packages are asked first for a file."""

from __future__ import annotations

import pytest

from backlit.owners import _dpkg_names


@pytest.mark.parametrize(
    ("path", "likely", "unlikely"),
    [
        ("/usr/lib/x86_64-linux-gnu/libglib-2.0.so.0", "libglib2.0-0", "libglib2.0-dev"),
        ("/usr/lib/x86_64-linux-gnu/libssl.so.3", "libssl3", "libssl-dev"),
        ("/usr/lib/x86_64-linux-gnu/libssl.so", "libssl-dev", "libssl3"),
        ("/usr/lib/x86_64-linux-gnu/pkgconfig/dbus-1.pc", "libdbus-1-dev", "libdbus-1-3"),
        ("/usr/bin/ninja", "ninja-build", "meson"),
        ("/usr/bin/swig", "swig", "swig4.0-examples"),
        ("/usr/include/x86_64-linux-gnu/curl/curl.h", "libcurl4-openssl-dev", "libssl-dev"),
    ],
)
def test_a_package_whose_name_says_so_is_asked_before_others(path: str, likely: str, unlikely: str) -> None:
    rank = _dpkg_names.likelihood([path])
    assert rank(likely) < rank(unlikely)


def test_development_files_are_asked_before_libraries_and_these_before_others() -> None:
    rank = _dpkg_names.likelihood(["/usr/share/misc/x"])
    assert rank("gcc-12") < rank("libz-dev") < rank("libz1") < rank("vim")
