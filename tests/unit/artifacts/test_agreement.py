"""Tags and binaries that agree, and that do not."""

from __future__ import annotations

from typing import Any

import pytest

from backlit.artifacts.agreement import disagreements
from backlit.model.native import NativeFile, PythonApi, VersionFloor

_MODULE = "demo/_ext.cpython-311-x86_64-linux-gnu.so"
_STABLE = PythonApi(limited=True, floor="3.8")
_WHOLE = PythonApi(limited=False, floor=None, beyond=("PyCode_New",))


def elf(path: str = "demo/lib.so", **more: Any) -> NativeFile:  # noqa: ANN401 - the fields of NativeFile
    known = {"architecture": "x86_64", "system": "linux", "libc": "glibc", "bits": 64, **more}
    return NativeFile(path=path, format="elf", kind=known.pop("kind", "shared"), byteorder="little", **known)


def macho(path: str = "demo/lib.so", **more: Any) -> NativeFile:  # noqa: ANN401 - the fields of NativeFile
    known = {"architecture": "arm64", "system": "macos", "system_floor": "11.0", "bits": 64, **more}
    return NativeFile(path=path, format="macho", kind="shared", byteorder="little", **known)


def pe(path: str = "demo/lib.pyd", **more: Any) -> NativeFile:  # noqa: ANN401 - the fields of NativeFile
    known = {"architecture": "AMD64", "system": "windows", "system_floor": "6.0", "bits": 64, **more}
    return NativeFile(path=path, format="pe", kind=known.pop("kind", "shared"), byteorder="little", **known)


def needs(name: str, version: str, soname: str = "libc.so.6") -> dict[str, Any]:
    return {"versions": (VersionFloor(soname, name, version),)}


def _found(tags: str, *binaries: NativeFile) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.severity), one.where) for one in disagreements(tags.split(), sorted(binaries))]


@pytest.mark.parametrize(
    ("tags", "binaries"),
    [
        ("cp311-cp311-manylinux_2_17_x86_64", (elf(_MODULE, python=_WHOLE, **needs("GLIBC", "2.17")),)),
        ("cp311-cp311-manylinux2014_x86_64 cp311-cp311-manylinux_2_17_x86_64", (elf(),)),
        ("cp311-cp311-linux_x86_64", (elf(**needs("GLIBC", "2.99")), elf("a", libc="musl"))),
        ("cp311-cp311-manylinux_2_17_x86_64", (elf(system=None, libc=None),)),
        ("cp311-cp311-manylinux_2_17_aarch64", (elf(architecture="aarch64", **needs("GLIBC", "2.18")),)),
        ("cp311-cp311-manylinux_2_17_s390x", (elf(architecture="s390x", **needs("GLIBC", "2.19", "libgcc_s.so.1")),)),
        ("cp311-cp311-manylinux_2_17_x86_64", (elf(**needs("ZLIB", "9.9", "libz.so.1")),)),
        ("cp311-cp311-musllinux_1_2_x86_64", (elf(libc="musl"), elf("a", libc=None))),
        ("cp311-cp311-macosx_10_9_universal2", (macho(), macho(architecture="x86_64", system_floor="10.9"))),
        ("cp311-cp311-macosx_10_9_universal2", (macho(), macho(architecture="x86_64h", system_floor="10.9"))),
        ("cp311-cp311-macosx_11_0_arm64", (macho(system=None, system_floor=None),)),
        ("cp311-cp311-win_amd64", (pe(), pe("a", architecture="MSIL", system=None), pe("b", architecture="ARM64EC"))),
        ("cp38-abi3-win_amd64", (pe(python=_STABLE),)),
        ("py3-none-any", ()),
        ("cp311-cp311-freebsd_13_amd64", (elf(system="freebsd"),)),
        ("cp311-cp311-linux_x86_64", (elf(_MODULE), elf("demo/_ext.cpython-312-x86_64-linux-gnu.so"))),
    ],
    ids=[
        *("manylinux", "two names", "no promise", "no mark", "CentOS on arm", "gcc's version", "zlib", "musl"),
        "universal",
        *("haswell", "no floor", "any machine", "stable ABI", "pure", "unknown system", "two Pythons"),
    ],
)
def test_what_agrees_is_passed_over(tags: str, binaries: tuple[NativeFile, ...]) -> None:
    assert _found(tags, *binaries) == []


@pytest.mark.parametrize(
    ("tags", "binary", "code", "message"),
    [
        ("py3-none-any", elf(), "tag-platform", "is native code for linux x86_64"),
        ("cp311-cp311-manylinux_2_17_x86_64", macho(), "tag-platform", "is for macos arm64, and the tag says manyl"),
        ("cp311-cp311-win_amd64", elf(system=None), "tag-platform", "is for ELF x86_64"),
        ("cp311-cp311-macosx_11_0_arm64", macho(system="ios"), "tag-platform", "is for ios arm64"),
        ("cp311-cp311-linux_x86_64", elf(architecture="aarch64"), "tag-architecture", "is for linux aarch64"),
        ("cp311-cp311-win_arm64", pe(), "tag-architecture", "is for windows AMD64"),
        ("cp311-cp311-macosx_11_0_universal2", macho(), "tag-architecture", "is for macos arm64"),
        ("cp311-cp311-manylinux_2_17_x86_64", elf(**needs("GLIBC", "2.34")), "tag-floor", "needs GLIBC 2.34, newer"),
        ("cp311-cp311-manylinux_2_35_x86_64", elf(**needs("GLIBC_ABI_DT_RELR", "")), "tag-floor", "GLIBC_ABI_DT_RELR,"),
        (
            "cp311-cp311-manylinux_2_28_x86_64",
            elf(**needs("GLIBCXX", "3.4.29", "libstdc++.so.6")),
            "tag-floor",
            "needs GLIBCXX 3.4.29",
        ),
        ("cp311-cp311-manylinux_2_17_x86_64", elf(**needs("CXXABI", "1.3.8", "libstdc++.so.6")), "tag-floor", "CXXABI"),
        ("cp311-cp311-manylinux_2_17_x86_64", elf(libc="musl"), "tag-libc", "needs musl"),
        ("cp311-cp311-musllinux_1_2_x86_64", elf(), "tag-libc", "needs glibc"),
        (
            "cp311-cp311-macosx_10_9_x86_64",
            macho(architecture="x86_64", system_floor="10.13"),
            "tag-floor",
            "macos 10.13",
        ),
        ("cp38-abi3-linux_x86_64", elf(python=_WHOLE), "tag-abi", "imports PyCode_New"),
        ("cp37-abi3-linux_x86_64", elf(python=_STABLE), "tag-abi", "imports what Python 3.8 added"),
        ("cp311-cp311-linux_x86_64", elf("a.abi3.so", python=_WHOLE), "tag-abi", "named for the stable ABI"),
        ("cp38-abi3-win_amd64", pe(python=PythonApi(limited=False, floor=None)), "tag-abi", "the DLL of one version"),
        (
            "cp311-cp311-linux_x86_64",
            elf("a.cpython-312-x86_64-linux-gnu.so"),
            "tag-abi",
            "is named for cp312, and the tag says cp311",
        ),
        ("py3-none-linux_aarch64", elf(_MODULE, architecture="aarch64"), "name-architecture", "file name says x86_64"),
        ("py3-none-linux_x86_64", elf(_MODULE, libc="musl"), "name-libc", "needs musl, and its file name says glibc"),
    ],
)
def test_what_disagrees_is_a_warning(tags: str, binary: NativeFile, code: str, message: str) -> None:
    (diagnostic,) = disagreements(tags.split(), [binary])
    assert (diagnostic.code, str(diagnostic.severity), diagnostic.where) == (code, "warning", binary.path)
    assert message in diagnostic.message
    assert diagnostic.cure


def test_what_is_brought_along_is_no_floor() -> None:
    own = elf("demo.libs/libstdc++.so.6", soname="libstdc++.so.6")
    user = elf(**needs("GLIBCXX", "3.4.40", "libstdc++.so.6"))
    assert _found("cp311-cp311-manylinux_2_17_x86_64", own, user) == []


def test_programs_for_other_machines_beside_ones_that_fit_are_noted() -> None:
    others = [pe("a.dll", architecture="x86"), pe("b.dll", architecture="x86"), elf("c.so")]
    assert _found("cp311-cp311-win_amd64", pe(), *others) == [
        ("tag-architecture", "note", "a.dll and 1 more"),
        ("tag-platform", "note", "c.so"),
    ]


def test_a_module_for_another_machine_is_a_warning_even_there() -> None:
    other = elf("demo/_other.cpython-311-aarch64-linux-gnu.so", architecture="aarch64")
    assert _found("cp311-cp311-linux_x86_64", elf(), other) == [("tag-architecture", "warning", other.path)]


def test_a_launcher_in_a_pure_wheel_is_noted() -> None:
    assert _found("py3-none-any", pe("t64.exe", kind="executable")) == [("tag-platform", "note", "t64.exe")]


def test_a_newer_minor_version_than_a_tag_can_say_is_noted() -> None:
    assert _found("cp311-cp311-macosx_12_0_arm64", macho(system_floor="12.3")) == [("tag-floor", "note", "demo/lib.so")]
    assert _found("cp311-cp311-macosx_12_0_arm64", macho(system_floor="13.0")) == [
        ("tag-floor", "warning", "demo/lib.so")
    ]


def test_a_version_of_a_thousand_digits_is_newer() -> None:
    assert _found("cp311-cp311-manylinux_2_17_x86_64", elf(**needs("GLIBC", "9" * 5_000))) == [
        ("tag-floor", "warning", "demo/lib.so")
    ]
