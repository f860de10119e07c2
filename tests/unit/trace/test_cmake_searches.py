"""What CMake looked for, as it stands in CMakeCache.txt of CMake 3.25."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.model.names import NameKind
from backlit.trace.harvest import cmake

if TYPE_CHECKING:
    from pathlib import Path

CACHE: Final = """\
//Path to a library.
BLAS_openblas_LIBRARY:FILEPATH=BLAS_openblas_LIBRARY-NOTFOUND
//Path to a library.
BLAS_blas_LIBRARY:FILEPATH=/usr/lib/x86_64-linux-gnu/libblas.so
//The directory containing a CMake configuration file for GEOS.
GEOS_DIR:PATH=GEOS_DIR-NOTFOUND
//The directory containing a CMake configuration file for Spglib.
Spglib_DIR:PATH=Spglib_DIR-NOTFOUND
//Value Computed by CMake
Spglib_SOURCE_DIR:STATIC=/src/spglib
//Path to a library.
GSL_LIBRARY:FILEPATH=GSL_LIBRARY-NOTFOUND
//Path to a file.
TIFF_INCLUDE_DIR:PATH=TIFF_INCLUDE_DIR-NOTFOUND
//Path to a library.
TIFF_LIBRARY_DEBUG:FILEPATH=TIFF_LIBRARY_DEBUG-NOTFOUND
//Path to a library.
TIFF_LIBRARY_RELEASE:FILEPATH=TIFF_LIBRARY_RELEASE-NOTFOUND
//Path to a library.
QUUX_LIBRARY_DEBUG:FILEPATH=QUUX_LIBRARY_DEBUG-NOTFOUND
//Path to a library.
QUUX_LIBRARY_RELEASE:FILEPATH=/usr/lib/libquux.so
//Path to a library.
ZLIB_LIBRARY_DEBUG:FILEPATH=ZLIB_LIBRARY_DEBUG-NOTFOUND
//A switch of the project's own
OWN_LIBRARY:FILEPATH=OWN_LIBRARY-NOTFOUND
//Details about finding Git
FIND_PACKAGE_MESSAGE_DETAILS_Git:INTERNAL=[/usr/bin/git][v2.39.5()]
//Details about finding OpenSSL
FIND_PACKAGE_MESSAGE_DETAILS_OpenSSL:INTERNAL=[/usr/lib/libcrypto.so][/usr/include][cfound components: SSL ][v3.0.22()]
//Details about finding Threads
FIND_PACKAGE_MESSAGE_DETAILS_Threads:INTERNAL=[TRUE][v()]
//Details about finding ZLIB
FIND_PACKAGE_MESSAGE_DETAILS_ZLIB:INTERNAL=[/usr/lib/libz.so][/usr/include][v1.2.13()]
//Have library lz4
HAVE_LZ4:INTERNAL=
//Have library m
HAVE_M:INTERNAL=1
//Have library /usr/lib/libX11.so;/usr/lib/libXext.so
X11_LIB_X11_SOLO:INTERNAL=1
//Have symbol strlcpy
HAVE_STRLCPY:INTERNAL=
//Have include zlib.h
HAVE_ZLIB_H:INTERNAL=1
//Have includes stdio.h;zstd.h
HAVE_ZSTD_H:INTERNAL=
"""


def test_packages_libraries_and_headers_that_were_there() -> None:
    found = [(each.sense, each.name, each.version, each.path) for each in cmake.parse(CACHE).searches if each.found]
    assert found == [
        (NameKind.CMAKE, "Git", "2.39.5", ""),
        (NameKind.CMAKE, "OpenSSL", "3.0.22", "/usr/lib/libcrypto.so"),
        (NameKind.CMAKE, "QUUX", "", "/usr/lib/libquux.so"),
        (NameKind.CMAKE, "Threads", "", ""),
        (NameKind.CMAKE, "ZLIB", "1.2.13", "/usr/lib/libz.so"),
        (NameKind.HEADER, "zlib.h", "", ""),
        (NameKind.LINK, "m", "", ""),
    ]


def test_what_was_not_there_without_a_package_that_is_part_of_the_build_and_a_debug_library_beside_another() -> None:
    lacking = [(each.sense, each.name, each.certain) for each in cmake.parse(CACHE).searches if not each.found]
    assert lacking == [
        (NameKind.CMAKE, "GEOS", True),
        (NameKind.CMAKE, "GSL", False),
        (NameKind.CMAKE, "TIFF", False),
        (NameKind.HEADER, "zstd.h", True),
        (NameKind.LINK, "lz4", True),
    ]


def test_a_folder_variable_is_a_package_only_with_its_file_whose_version_stands_beside_it(tmp_path: Path) -> None:
    (tmp_path / "BarConfig.cmake").write_text("")
    (tmp_path / "BarConfigVersion.cmake").write_text('# made by CMake\nset(PACKAGE_VERSION "2.10.1")\n')
    searches = cmake.parse(f"Bar_DIR:PATH={tmp_path}\nBaz_DIR:PATH={tmp_path}\n").searches
    assert [(each.name, each.version, each.path) for each in searches] == [
        ("Bar", "2.10.1", f"{tmp_path}/BarConfig.cmake")
    ]


def test_a_version_that_is_computed_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "bar-config.cmake").write_text("")
    (tmp_path / "bar-config-version.cmake").write_text('set(PACKAGE_VERSION "${BAR_VERSION}")\n')
    assert [each.version for each in cmake.parse(f"bar_DIR:PATH={tmp_path}\n").searches] == [""]
