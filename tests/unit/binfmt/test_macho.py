"""The reader of Mach-O files, over files made by hand."""

from __future__ import annotations

import json
import struct
import zlib

import pytest
from hypothesis import given, settings, strategies as st

import images
from backlit import binfmt
from backlit.errors import FormatError
from backlit.model.native import LinkedCrate, NativeFile, PythonApi
from backlit.support.cursor import Memory
from damaged import answer_holds
from images import ID, LAZY, LOAD, LOADER, REEXPORT, RPATH, UPWARD, WEAK, MachO, universal

_CLASSES = pytest.mark.parametrize(
    ("bits", "order"),
    [(32, "<"), (32, ">"), (64, "<"), (64, ">")],
    ids=["32-little", "32-big", "64-little", "64-big"],
)
_PATHS = (
    (ID, "@rpath/libmine.2.dylib"),
    (LOAD, "/usr/lib/libSystem.B.dylib"),
    (WEAK, "@rpath/libmaybe.dylib"),
    (REEXPORT, "@rpath/libinner.dylib"),
    (LAZY, "/usr/lib/liblazy.dylib"),
    (UPWARD, "/usr/lib/libup.dylib"),
    (RPATH, "@loader_path/../lib"),
    (RPATH, "/opt/lib"),
)


def _read(data: bytes) -> tuple[NativeFile, ...]:
    return binfmt.read_source(Memory(memoryview(data)), "pkg/module.so")


@_CLASSES
def test_everything_is_read_in_each_class_and_byte_order(bits: int, order: str) -> None:
    data = MachO(
        bits=bits,
        order=order,
        kind=6,
        paths=_PATHS,
        build=(1, "11.0", "14.2.1", ((3, "1053.12"), (1, "1500.3.9"))),
        uuid=bytes(range(16)),
        undefined=(("_PyList_New", 0xFE), ("_malloc", 1)),
        defined=("_PyInit_module", "_PyOS_own"),
    ).build_file()
    (native,) = _read(data)
    assert (native.path, native.format, native.kind) == ("pkg/module.so", "macho", "shared")
    assert (native.bits, native.byteorder, native.size) == (bits, "little" if order == "<" else "big", len(data))
    assert native.needed == ("/usr/lib/libSystem.B.dylib", "@rpath/libinner.dylib", "/usr/lib/libup.dylib")
    assert (native.weak, native.delayed) == (("@rpath/libmaybe.dylib",), ("/usr/lib/liblazy.dylib",))
    assert native.reexported == ("@rpath/libinner.dylib",)
    assert native.soname == "@rpath/libmine.2.dylib"
    assert (native.rpath, native.runpath) == (("@loader_path/../lib", "/opt/lib"), ())
    assert (native.system, native.system_floor, native.sdk) == ("macos", "11.0", "14.2.1")
    assert native.comments == ("clang 1500.3.9", "ld 1053.12")
    assert native.build_id == bytes(range(16)).hex()
    assert native.python == PythonApi(limited=True, floor="3.2")


@pytest.mark.parametrize(
    ("command", "system"), [(0x24, "macos"), (0x25, "ios"), (0x2F, "tvos"), (0x30, "watchos")], ids=str
)
def test_older_linkers_wrote_the_oldest_system_in_another_command(command: int, system: str) -> None:
    (native,) = _read(MachO(oldest=(command, "10.9", "0.0")).build_file())
    assert (native.system, native.system_floor, native.sdk, native.comments) == (system, "10.9", None, ())


def test_a_file_that_says_nothing_is_known_by_its_header() -> None:
    (native,) = _read(MachO(kind=2, paths=((LOADER, "/usr/lib/dyld"),)).build_file())
    assert (native.kind, native.architecture, native.interpreter) == ("executable", "arm64", "/usr/lib/dyld")
    assert (native.system, native.system_floor, native.build_id, native.python) == (None, None, None, None)


@pytest.mark.parametrize(
    ("cpu", "subtype", "bits", "order", "name"),
    [
        (0x01000007, 3, 64, "<", "x86_64"),
        (0x01000007, 8, 64, "<", "x86_64h"),
        (0x0100000C, 0, 64, "<", "arm64"),
        (0x0100000C, 0x80000002, 64, "<", "arm64e"),
        (7, 3, 32, "<", "i386"),
        (12, 9, 32, "<", "armv7"),
        (18, 0, 32, ">", "ppc"),
        (99, 0, 32, "<", "unknown-99"),
    ],
)
def test_the_architecture_is_named_as_the_system_names_it(
    cpu: int, subtype: int, bits: int, order: str, name: str
) -> None:
    assert _read(MachO(cpu=cpu, subtype=subtype, bits=bits, order=order).build_file())[0].architecture == name


@pytest.mark.parametrize("kind", [1, 2, 4, 6, 8, 10], ids=str)
def test_the_kind_is_what_the_file_is_for(kind: int) -> None:
    kinds = {1: "object", 2: "executable", 6: "shared", 8: "shared"}
    assert _read(MachO(kind=kind).build_file())[0].kind == kinds.get(kind, "other")


def test_a_platform_without_a_name_here_keeps_its_number() -> None:
    (native,) = _read(MachO(build=(99, "1.0", "1.0", ((77, "2.3"),))).build_file())
    assert (native.system, native.comments) == ("unknown-99", ("tool 77 2.3",))


@pytest.mark.parametrize("wide", [False, True], ids=["32-bit places", "64-bit places"])
def test_a_universal_file_is_read_once_for_each_architecture(*, wide: bool) -> None:
    parts = (
        MachO(cpu=0x01000007, build=(1, "10.9", "14.0", ()), paths=((LOAD, "/usr/lib/a.dylib"),)).build_file(),
        MachO(cpu=0x0100000C, build=(1, "11.0", "14.0", ())).build_file(),
    )
    found = _read(universal(*parts, wide=wide))
    assert [(one.path, one.architecture, one.system_floor, one.needed, one.size) for one in found] == [
        ("pkg/module.so", "x86_64", "10.9", ("/usr/lib/a.dylib",), len(parts[0])),
        ("pkg/module.so", "arm64", "11.0", (), len(parts[1])),
    ]
    first = binfmt.read(universal(*parts, wide=wide), "pkg/module.so")
    assert first == found[0]


@pytest.mark.parametrize(
    ("symbols", "flags", "python"),
    [
        ((("_PyList_New", 0xFE), ("__Py_Dealloc", 0xFE)), 0x80, PythonApi(limited=True, floor="3.2")),
        ((("_PyList_New", 0xFE), ("_PyType_GetName", 0xFE)), 0x80, PythonApi(limited=True, floor="3.11")),
        ((("_PyCode_New", 2),), 0x80, PythonApi(limited=False, floor=None, beyond=("PyCode_New",))),
        ((("_PyCode_New", 1),), 0x80, None),
        ((("_PyCode_New", 1),), 0, PythonApi(limited=False, floor=None, beyond=("PyCode_New",))),
        ((("_Pyramid", 1), ("_malloc", 1)), 0x80, None),
        ((("_PyInit_other", 0xFE), ("_PyPyList_New", 0xFE)), 0x80, None),
    ],
    ids=["stable", "later", "framework", "another library's", "one namespace", "not Python's", "own and PyPy's"],
)
def test_what_is_imported_of_python_is_told_by_name_and_library(
    symbols: tuple[tuple[str, int], ...], flags: int, python: PythonApi | None
) -> None:
    paths = ((LOAD, "/usr/lib/libc++.1.dylib"), (LOAD, "/Library/Frameworks/Python.framework/Versions/3.11/Python"))
    assert _read(MachO(undefined=symbols, flags=flags, paths=paths).build_file())[0].python == python


def test_imports_are_found_without_their_own_table() -> None:
    made = MachO(undefined=(("_PyList_New", 0xFE),), defined=("_PyCode_New",), has_dysymtab=False)
    assert _read(made.build_file())[0].python == PythonApi(limited=True, floor="3.2")


@pytest.mark.parametrize("bits", [32, 64])
def test_the_crates_of_an_auditable_build_are_read(bits: int) -> None:
    packed = zlib.compress(json.dumps({"packages": [{"name": "a", "version": "1", "source": "local"}]}).encode())
    (native,) = _read(MachO(bits=bits, crates=packed).build_file())
    assert native.crates == (LinkedCrate("a", "1", "local"),)


def test_java_classes_are_none() -> None:
    assert _read(b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(64)) == ()


def _small() -> MachO:
    return MachO(
        paths=_PATHS,
        build=(1, "11.0", "14.2", ((3, "1.2"),)),
        uuid=bytes(16),
        undefined=(("_PyList_New", 0xFE),),
        crates=zlib.compress(b"{}"),
    )


def test_a_file_cut_anywhere_is_refused() -> None:
    data = _small().build_file()
    for length in range(4, len(data)):
        with pytest.raises(FormatError):
            _read(data[:length])


@pytest.mark.parametrize("value", [0x00, 0x01, 0x7F, 0x80, 0xFF])
def test_any_byte_may_be_wrong(value: int) -> None:
    data = universal(_small().build_file(), MachO(cpu=7, bits=32, paths=_PATHS).build_file())
    read = 0
    for at in range(len(data)):
        read += answer_holds(data[:at] + bytes([value]) + data[at + 1 :])
    assert read > len(data) // 4


@settings(deadline=None)
@given(
    st.sampled_from([b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe\0\0\0\1"]), st.binary(max_size=500)
)
def test_any_bytes_may_follow_the_mark(magic: bytes, rest: bytes) -> None:
    answer_holds(magic + rest)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*range(0x35), 0x80000018, 0x8000001C]), st.binary(max_size=80)), max_size=12)
)
def test_any_load_commands_may_stand_there(commands: list[tuple[int, bytes]]) -> None:
    made = [struct.pack("<II", number, 8 + len(content)) + content for number, content in commands]
    head = struct.pack("<8I", 0xFEEDFACF, 7, 0, 6, len(made), sum(map(len, made)), 0, 0)
    answer_holds(head + b"".join(made) + bytes(100))


@pytest.mark.parametrize(
    ("offset", "value", "message"),
    [
        (16, 20_000, "20000 load commands"),
        (20, 9 << 20, "bytes of load commands"),
        (20, 1 << 20, "outside the file"),
        (36, 7, "load command of 7 bytes"),
        (36, 1 << 16, "load command of 65536 bytes"),
        (40, 1 << 20, "path"),
    ],
    ids=["count", "size", "end", "too small", "too large", "path"],
)
def test_a_header_that_lies_is_refused(offset: int, value: int, message: str) -> None:
    data = bytearray(_small().build_file())
    struct.pack_into("<I", data, offset, value)
    with pytest.raises(FormatError, match=message) as caught:
        _read(bytes(data))
    assert (caught.value.where, caught.value.offset is not None) == ("pkg/module.so", True)


def test_a_universal_file_of_other_things_is_refused() -> None:
    data = universal(struct.pack("<III", 0, 7, 0) + bytes(100))
    with pytest.raises(FormatError, match="no Mach-O header"):
        _read(data)
    with pytest.raises(FormatError, match="architecture's part"):
        _read(universal(_small().build_file())[:-1])


def test_parts_that_share_bytes_are_refused() -> None:
    data = bytearray(universal(_small().build_file(), _small().build_file()))
    struct.pack_into(">I", data, 8 + 20 + 8, struct.unpack_from(">I", data, 8 + 8)[0])
    with pytest.raises(FormatError, match="shares bytes"):
        _read(bytes(data))


def test_the_makers_agree_with_themselves() -> None:
    assert images.version("14.2.1") == 0xE0201
