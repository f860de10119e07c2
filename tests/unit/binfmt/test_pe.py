"""The reader of PE files, over files made by hand."""

from __future__ import annotations

import json
import struct
import zlib

import pytest
from hypothesis import given, settings, strategies as st

from backlit import binfmt
from backlit.errors import FormatError
from backlit.model.native import LinkedCrate, NativeFile, PythonApi
from backlit.support.cursor import Memory
from damaged import answer_holds
from images import Pe

_GUID = bytes(range(16))


def _read(data: bytes) -> NativeFile:
    native = binfmt.read(data, "pkg/module.pyd")
    assert native is not None
    return native


@pytest.mark.parametrize(
    ("bits", "machine", "name"), [(32, 0x14C, "x86"), (64, 0x8664, "AMD64"), (64, 0xAA64, "ARM64")]
)
def test_everything_is_read_in_each_class(bits: int, machine: int, name: str) -> None:
    data = Pe(
        bits=bits,
        machine=machine,
        imports=(("KERNEL32.dll", ("Sleep", 7)), ("python3.dll", ("PyList_New", 3, "Py_IncRef")), ("KERNEL32.dll", ())),
        delayed=("USER32.dll", "lazy.dll"),
        exported_as="module.pyd",
        guid=_GUID,
        age=0x1A,
        oldest=(6, 2),
        rich=((0x0105, 30133, 4), (0x0102, 30133, 1), (0x1234, 7, 2), (0x0001, 0, 99)),
    ).build_file()
    native = _read(data)
    assert (native.path, native.format, native.kind) == ("pkg/module.pyd", "pe", "shared")
    assert (native.architecture, native.bits, native.byteorder, native.size) == (name, bits, "little", len(data))
    assert native.needed == ("KERNEL32.dll", "python3.dll", "KERNEL32.dll")
    assert native.delayed == ("USER32.dll", "lazy.dll")
    assert native.soname == "module.pyd"
    assert (native.system, native.system_floor) == ("windows", "6.2")
    assert native.build_id == "0302010005040706" + bytes(range(8, 16)).hex() + "1a"
    assert native.comments == (
        *("C++ compiler build 30133", "linker 14.29", "linker build 30133", "tool 0x1234 build 7", "unmarked import"),
    )
    assert native.python == PythonApi(limited=True, floor="3.2")


class _Watched(Memory):
    """Bytes that remember what was named beforehand, and what was read before that."""

    def __init__(self, data: bytes) -> None:
        super().__init__(memoryview(data))
        self.named: list[tuple[int, int]] = []
        self.read_first = 0

    def __getitem__(self, part: slice) -> memoryview:
        if not self.named:
            self.read_first = max(self.read_first, part.stop)
        return super().__getitem__(part)

    def keep(self, start: int, size: int) -> None:
        self.named.append((start, size))


def test_each_directory_is_named_before_it_is_read() -> None:
    imports = (("KERNEL32.dll", ("Sleep",)),)
    data = Pe(imports=imports, delayed=("lazy.dll",), exported_as="a.pyd", guid=_GUID, managed=0).build_file()
    source = _Watched(data)
    assert binfmt.read_source(source, "pkg/module.pyd") == (_read(data),)
    assert len(source.named) == 5
    assert all(source.read_first <= start < start + size <= len(data) for start, size in source.named)


def test_a_file_that_says_little_is_known_by_its_header() -> None:
    native = _read(Pe(flags=0x22, linker=(2, 38), machine=0x999).build_file())
    assert (native.kind, native.architecture, native.comments) == ("executable", "unknown-2457", ("linker 2.38",))
    assert (native.needed, native.delayed, native.soname, native.build_id, native.python) == ((), (), None, None, None)
    assert _read(Pe(flags=0).build_file()).kind == "other"


@pytest.mark.parametrize(
    ("subsystem", "system"), [(2, "windows"), (3, "windows"), (1, "windows"), (10, "efi"), (14, "xbox"), (0, None)]
)
def test_the_system_is_the_subsystem_s(subsystem: int, system: str | None) -> None:
    assert _read(Pe(subsystem=subsystem).build_file()).system == system


@pytest.mark.parametrize(
    ("library", "symbols", "python"),
    [
        ("python3.dll", ("PyType_GetName",), PythonApi(limited=True, floor="3.11")),
        ("PYTHON3.DLL", ("PyCode_New",), PythonApi(limited=False, floor=None, beyond=("PyCode_New",))),
        ("python311.dll", ("PyList_New",), PythonApi(limited=False, floor=None)),
        ("python313t_d.dll", ("PyList_New",), PythonApi(limited=False, floor=None)),
        ("libpython3.12.dll", ("PyList_New",), PythonApi(limited=False, floor=None)),
        ("python3.dll", (1, 2), None),
        ("python311.dll", (), None),
        ("pythoncom311.dll", ("PyCom_Init",), None),
        ("helper.dll", ("PyList_New",), None),
    ],
    ids=["stable", "beyond", "one version", "threads", "mingw", "by number", "nothing", "another", "not Python's"],
)
def test_what_is_imported_of_python_is_told_by_library_and_name(
    library: str, symbols: tuple[str | int, ...], python: PythonApi | None
) -> None:
    assert _read(Pe(imports=((library, symbols),)).build_file()).python == python


@pytest.mark.parametrize(
    ("flags", "architecture"), [(1, "MSIL"), (3, "x86"), (0, "x86")], ids=["any machine", "32 bits", "mixed"]
)
def test_managed_code_for_any_machine_is_told_apart(flags: int, architecture: str) -> None:
    native = _read(Pe(bits=32, machine=0x14C, managed=flags).build_file())
    assert native.architecture == architecture
    assert (native.system is None) is (architecture == "MSIL")


@pytest.mark.parametrize("bits", [32, 64])
def test_old_linkers_wrote_absolute_addresses_of_delayed_libraries(bits: int) -> None:
    made = Pe(bits=32, machine=0x14C, delayed=("lazy.dll",), has_absolute_delays=True)
    assert _read(made.build_file()).delayed == ("lazy.dll",)
    assert bits in {32, 64}


def test_the_crates_of_an_auditable_build_are_read() -> None:
    packed = zlib.compress(json.dumps({"packages": [{"name": "a", "version": "1", "source": "git"}]}).encode())
    assert _read(Pe(crates=packed).build_file()).crates == (LinkedCrate("a", "1", "git"),)


def _small() -> Pe:
    return Pe(
        imports=(("KERNEL32.dll", ("Sleep",)), ("python3.dll", ("PyList_New",))),
        delayed=("lazy.dll",),
        exported_as="module.pyd",
        guid=_GUID,
        rich=((0x0105, 1, 1),),
        managed=0,
    )


def test_a_file_without_its_header_is_refused() -> None:
    data = _small().build_file()
    for length in range(64, 0x400 + 8):
        with pytest.raises(FormatError):
            _read(data[:length])
    with pytest.raises(FormatError, match="no PE header"):
        _read(data.replace(b"PE\0\0", b"NE\0\0"))


def test_a_file_cut_anywhere_is_read_or_refused() -> None:
    data = _small().build_file()
    for length in range(64, len(data)):
        answer_holds(data[:length])


@pytest.mark.parametrize("value", [0x00, 0x01, 0x7F, 0x80, 0xFF])
def test_any_byte_may_be_wrong(value: int) -> None:
    data = _small().build_file()
    read = 0
    for at in range(64, len(data)):
        read += answer_holds(data[:at] + bytes([value]) + data[at + 1 :])
    assert read > len(data) // 4


@settings(deadline=None)
@given(st.binary(max_size=600), st.integers(64, 300))
def test_any_bytes_may_follow_the_mark(rest: bytes, start: int) -> None:
    data = bytearray(b"MZ" + bytes(58) + struct.pack("<I", start) + rest)
    answer_holds(data)
    data[start : start + 4] = b"PE\0\0"
    answer_holds(data)


@settings(deadline=None)
@given(st.data())
def test_any_tables_may_stand_in_the_section(data: st.DataObject) -> None:
    file = bytearray(_small().build_file())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0x400, len(file) - 4))
        struct.pack_into("<I", file, at, data.draw(st.sampled_from([0, 1, 0x1000, 0x1100, 0xFFFFFFFF, 0x80000000])))
    answer_holds(bytes(file))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({24: ("H", 0x107)}, "unknown kind"),
        ({6: ("H", 5_000)}, "5000 sections"),
        ({6: ("H", 4_000)}, "section table"),
        ({24 + 112 + 8: ("I", 0x900000)}, "import table is at address"),
        ({24 + 112: ("I", 0x900000)}, "export table is at address"),
        ({24 + 112 + 13 * 8: ("I", 0x900000)}, "delay-load table is at address"),
        ({24 + 112 + 6 * 8: ("I", 0x900000)}, "debug directory is at address"),
        ({24 + 112 + 14 * 8: ("I", 0x900000)}, "CLR header is at address"),
    ],
    ids=["kind", "sections", "section table", "imports", "exports", "delayed", "debug", "CLR"],
)
def test_a_header_that_lies_is_refused(fields: dict[int, tuple[str, int]], message: str) -> None:
    data = bytearray(_small().build_file())
    start = data.find(b"PE\0\0")
    for offset, (layout, value) in fields.items():
        struct.pack_into(f"<{layout}", data, start + offset, value)
    with pytest.raises(FormatError, match=message) as caught:
        _read(bytes(data))
    assert caught.value.where == "pkg/module.pyd"


def test_libraries_without_end_are_refused() -> None:
    data = bytearray(_small().build_file())
    data += bytes(1 << 20)
    start = data.find(b"PE\0\0")
    section = start + 24 + struct.unpack_from("<H", data, start + 20)[0]
    struct.pack_into("<II", data, section + 8, 1 << 20, 0x1000)
    struct.pack_into("<I", data, section + 16, 1 << 20)
    for at in range(0x2000, 0x2000 + 32 * 6_000, 4):
        struct.pack_into("<I", data, at, 0x1FF1)
    for directory, message in ((1, "imported libraries"), (13, "delayed libraries")):
        bad = bytearray(data)
        struct.pack_into("<I", bad, start + 24 + 112 + directory * 8, 0x1000 + 0x2000 - 0x400)
        with pytest.raises(FormatError, match=message):
            _read(bytes(bad))


def test_symbols_of_python_without_end_are_refused() -> None:
    names = tuple(f"Py_{number}" for number in range(200))
    with pytest.raises(FormatError, match="symbols imported of Python"):
        _read(Pe(imports=tuple(("python3.dll", names) for _ in range(400))).build_file())


def test_names_that_lie_far_apart_are_read_one_by_one() -> None:
    data = bytearray(Pe(imports=(("python3.dll", ("PyList_New", "PyCode_New")),)).build_file())
    far = bytes(4_000) + b"\0\0PyFrame_New\0"
    start = data.find(b"PE\0\0")
    section = start + 24 + struct.unpack_from("<H", data, start + 20)[0]
    at = len(data) + 4_000 - 0x400 + 0x1000
    table = data.find(struct.pack("<Q", 0x1000 + data.find(b"\0\0PyCode_New") - 0x400))
    struct.pack_into("<Q", data, table, at)
    struct.pack_into("<I", data, section + 8, len(data) + len(far))
    struct.pack_into("<I", data, section + 16, len(data) + len(far))
    native = _read(bytes(data) + far)
    assert native.python == PythonApi(limited=False, floor=None, beyond=("PyFrame_New",))


@pytest.mark.parametrize(("directory", "width"), [(1, 20), (13, 32)], ids=["imports", "delayed"])
def test_tables_that_end_with_their_section_need_no_last_entry(directory: int, width: int) -> None:
    made = Pe(imports=(("a.dll", ("f",)),), delayed=("b.dll",))
    data = bytearray(made.build_file())
    start = data.find(b"PE\0\0")
    section = start + 24 + struct.unpack_from("<H", data, start + 20)[0]
    (used,) = struct.unpack_from("<I", data, section + 8)
    names = (0x1000 + data.find(b"a.dll") - 0x400, 0x1000 + data.find(b"b.dll") - 0x400)
    entry = (
        struct.pack("<5I", 0x1008, 0, 0, names[0], 0x1008)
        if directory == 1
        else struct.pack("<8I", 1, names[1], *[0] * 6)
    )
    data[0x400 + used - width : 0x400 + used] = entry
    struct.pack_into("<I", data, start + 24 + 112 + 8 * directory, 0x1000 + used - width)
    native = _read(bytes(data))
    assert (native.needed, native.delayed)[directory == 13] == (("a.dll",), ("b.dll",))[directory == 13]


def test_a_symbol_without_end_is_refused() -> None:
    data = Pe(imports=(("python3.dll", ("Py" + "x" * 2_000, "PyA", "PyB", "PyC")),)).build_file()
    with pytest.raises(FormatError, match="symbol has no end"):
        _read(data)


def test_a_mark_of_tools_without_its_beginning_says_nothing() -> None:
    data = _small().build_file()
    broken = data.replace(b"Rich", b"Rich", 1).replace(struct.pack("<I", 0x536E6144 ^ 0xA5C3F00D), bytes(4), 1)
    assert _read(broken).comments == ("linker 14.29",)


def test_a_debug_record_of_another_kind_gives_no_build_id() -> None:
    assert _read(_small().build_file().replace(b"RSDS", b"NB10")).build_id is None
