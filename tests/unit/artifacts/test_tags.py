"""What a wheel's tags and an extension module's file name promise."""

from __future__ import annotations

from typing import Any

import pytest

from backlit.artifacts.tags import ModuleName, Promise, module_name, promises, stable_abi_floor


@pytest.mark.parametrize(
    ("platform", "promise"),
    [
        ("manylinux1_x86_64", (("linux",), ("x86_64",), "glibc", (2, 5))),
        ("manylinux2010_i686", (("linux",), ("i686",), "glibc", (2, 12))),
        ("manylinux2014_ppc64le", (("linux",), ("ppc64le",), "glibc", (2, 17))),
        ("manylinux_2_31_armv7l", (("linux",), ("arm",), "glibc", (2, 31))),
        ("musllinux_1_2_aarch64", (("linux",), ("aarch64",), "musl", (1, 2))),
        ("linux_x86_64", (("linux",), ("x86_64",), None, ())),
        ("macosx_10_9_x86_64", (("macos",), ("x86_64",), None, (10, 9))),
        ("macosx_11_0_universal2", (("macos",), ("arm64", "x86_64"), None, (11, 0))),
        ("macosx_10_6_intel", (("macos",), ("i386", "x86_64"), None, (10, 6))),
        ("win32", (("windows",), ("x86",), None, ())),
        ("win_amd64", (("windows",), ("AMD64",), None, ())),
        ("win_arm64", (("windows",), ("ARM64",), None, ())),
        ("ios_13_0_arm64_iphoneos", (("ios",), ("arm64",), None, (13, 0))),
        ("ios_13_0_x86_64_iphonesimulator", (("iossimulator",), ("x86_64",), None, (13, 0))),
        ("android_24_arm64_v8a", (("android",), ("aarch64",), None, (24,))),
        ("any", None),
        ("freebsd_13_2_release_amd64", None),
        ("manylinux", None),
    ],
)
def test_a_platform_tag_promises(platform: str, promise: tuple[Any, ...] | None) -> None:
    expected = (Promise(platform, *promise),) if promise else ()
    assert promises((f"cp311-cp311-{platform}",)) == expected


def test_each_platform_is_said_once() -> None:
    tags = ("cp311-abi3-win32", "cp312-abi3-win32", "cp311-abi3-linux_x86_64")
    assert [promise.tag for promise in promises(tags)] == ["linux_x86_64", "win32"]


@pytest.mark.parametrize(
    ("tags", "floor"),
    [
        (("cp38-abi3-win32",), (3, 8)),
        (("cp310-abi3-win32", "cp39-abi3-win32"), (3, 9)),
        (("cp315-abi3t-win32",), (3, 15)),
        (("cp38-cp38-win32",), None),
        (("py3-abi3-win32",), None),
        (("cp3x-abi3-win32",), None),
        ((), None),
    ],
)
def test_the_stable_abi_is_promised_from_a_python_on(tags: tuple[str, ...], floor: tuple[int, ...] | None) -> None:
    assert stable_abi_floor(tags) == floor


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b.cpython-311-x86_64-linux-gnu.so", ("a/b", "cp311", "x86_64", "glibc")),
        ("a/b.cpython-313t-aarch64-linux-musl.so", ("a/b", "cp313t", "aarch64", "musl")),
        ("b.cpython-311-arm-linux-gnueabihf.so", ("b", "cp311", "arm", "glibc")),
        ("b.cpython-312-powerpc64le-linux-gnu.so", ("b", "cp312", "ppc64le", "glibc")),
        ("b.cpython-312-i386-linux-gnu.so", ("b", "cp312", "i686", "glibc")),
        ("b.cpython-311-darwin.so", ("b", "cp311", "", "")),
        ("b.cpython-311.so", ("b", "cp311", "", "")),
        ("b.abi3.so", ("b", "abi3", "", "")),
        ("b.cp311-win_amd64.pyd", ("b", "cp311", "AMD64", "")),
        ("b_d.cp311-win32.pyd", ("b", "cp311", "x86", "")),
        ("b.so", None),
        ("libz.so.1", None),
        ("b.pyd", None),
        ("b.pypy39-pp73-x86_64-linux-gnu.so", None),
    ],
)
def test_a_module_s_file_name_says_what_it_is_for(path: str, name: tuple[str, str, str, str] | None) -> None:
    assert module_name(path) == (ModuleName(*name) if name else None)
