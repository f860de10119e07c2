"""PE, the binary format of Windows: 32 and 64 bits.

Addresses in it are relative to where it is loaded (RVA), and are mapped to the file by the section table. DLLs of the
import table are found at the start; those of the delay-load table when a function of theirs is first called.

The linker tells its version in the header. Microsoft's also writes which tools made the objects, and how many of them,
into an area before the header that is called ``Rich`` after its mark; what its numbers mean is not published, and the
names here are those that tools which read it agree on.

After Microsoft's "PE Format". Managed code, which runs on any machine, has the architecture ``MSIL``.
"""

from __future__ import annotations

import re
import struct
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.binfmt import _crates as rust
from backlit.binfmt._python import python_api
from backlit.model.native import NativeFile
from backlit.support.cursor import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.binfmt import BinaryReader
    from backlit.model.native import LinkedCrate, PythonApi
    from backlit.support.cursor import Source


class Pe:
    """The reader of PE files."""

    name = "pe"

    def recognises(self, head: bytes) -> bool:
        """Tell whether a file starts as PE does: with DOS's mark, and the place of a header behind it."""
        return head[:2] == b"MZ" and int.from_bytes(head[60:64], "little") > 0

    def read(self, data: Source, path: str) -> tuple[NativeFile, ...]:
        """Give what a PE file says of itself.

        :raises FormatError: if the bytes are no PE, or are damaged.
        """
        image = _opened(data, path)
        header = image.header
        managed = _is_managed(image)
        # In the order that linkers write them in.
        build_id = _build_id(image)
        exported_as = _exported_as(image)
        imports = tuple(_imports(image))
        native = NativeFile(
            path=path,
            format=self.name,
            kind=_kind(header.flags),
            architecture="MSIL" if managed else _MACHINES.get(header.machine, f"unknown-{header.machine}"),
            bits=image.bits,
            byteorder="little",
            needed=tuple(name for name, _ in imports),
            soname=exported_as,
            build_id=build_id,
            comments=_comments(image),
            size=image.cursor.size,
            delayed=tuple(_delayed(image)),
            system=None if managed else _SYSTEMS.get(header.subsystem),
            system_floor=None if managed else header.floor,
            python=_python(image, imports),
            crates=_crates(image),
        )
        return (native,)


_MACHINES: Final = {
    0x14C: "x86",
    0x1C0: "ARM",
    0x1C4: "ARM",
    0x200: "IA64",
    0x5032: "RISCV32",
    0x5064: "RISCV64",
    0x6264: "LOONGARCH64",
    0x8664: "AMD64",
    0xA641: "ARM64EC",
    0xA64E: "ARM64X",
    0xAA64: "ARM64",
}
_SYSTEMS: Final = dict.fromkeys((1, 2, 3, 8, 9, 16), "windows") | dict.fromkeys((10, 11, 12, 13), "efi") | {14: "xbox"}
_EXECUTABLE, _DLL = 0x2, 0x2000
_EXPORT, _IMPORT, _DEBUG, _DELAY, _MANAGED = _READ = 0, 1, 6, 13, 14
_IL_ONLY, _NEEDS_32_BITS = 1, 2
_CODEVIEW: Final = 2

_MOST_SECTIONS: Final = 4_096
_MOST_DIRECTORIES: Final = 16
_MOST_LIBRARIES: Final = 4_096
_MOST_NAME: Final = 1_024
_MOST_SYMBOLS: Final = 65_536
_MOST_DEBUG: Final = 256
_MOST_STUB: Final = 65_536
_MOST_KEPT: Final = 65_536
"""Bytes from the start of each directory: most have the names that they point to right behind them."""

_RICH: Final = {
    0x0001: "unmarked import",
    0x00FF: "resource converter",
    0x0100: "exporter",
    0x0101: "importer",
    0x0102: "linker",
    0x0103: "assembler",
    0x0104: "C compiler",
    0x0105: "C++ compiler",
    0x0108: "C compiler, LTCG",
    0x0109: "C++ compiler, LTCG",
}
"""Tools of Visual Studio 2015 and later; their numbers did not change since."""


class _Section(NamedTuple):
    """A section."""

    name: bytes
    """Its name, without NUL bytes at the end."""
    address: int
    """Its RVA."""
    size: int
    """How many bytes of it are in the file."""
    offset: int
    """Where they start."""


class _Header(NamedTuple):
    """What is read of both headers."""

    machine: int
    """``Machine``."""
    flags: int
    """``Characteristics``."""
    linker: str
    """The linker's version, of its own kind."""
    base: int
    """``ImageBase``."""
    subsystem: int
    """``Subsystem``."""
    floor: str
    """``MajorSubsystemVersion`` and ``MinorSubsystemVersion``."""


class _Image(NamedTuple):
    """A PE file opened."""

    cursor: Cursor
    """The file."""
    bits: int
    """32 or 64."""
    start: int
    """Where the headers start, behind DOS's."""
    header: _Header
    """What they say."""
    directories: tuple[tuple[int, int], ...]
    """RVA and size of each data directory."""
    sections: tuple[_Section, ...]
    """The sections, in file order."""

    def directory(self, number: int) -> tuple[int, int]:
        """Give RVA and size of a data directory; zeros if there is none."""
        return self.directories[number] if number < len(self.directories) else (0, 0)

    def keep(self, most: int) -> None:
        """Say that `most` bytes from the start of each directory that is read will be wanted."""
        for address, _ in map(self.directory, _READ):
            for section in self.sections:
                if 0 <= address - section.address < section.size:
                    start = section.offset + address - section.address
                    self.cursor.keep(start, min(most, section.offset + section.size - start), most)

    def at(self, address: int, what: str) -> tuple[int, int]:
        """Give where an RVA is in the file, and where the bytes that can be read from there end.

        :raises FormatError: if it is in no section's bytes.
        """
        for section in self.sections:
            if 0 <= address - section.address < section.size:
                return section.offset + address - section.address, section.offset + section.size
        raise self.cursor.fault(f"the {what} is at address {address:#x}, in no section", 0)

    def text(self, address: int, what: str) -> str:
        """Give the text at an RVA."""
        start, end = self.at(address, what)
        return self.cursor.string(start, end, _MOST_NAME, what)


def _opened(data: Source, path: str) -> _Image:
    cursor = Cursor(data, where=path)
    (start,) = cursor.unpack("I", 60, "place of the PE header")
    if cursor.bytes_at(start, 4, "PE header") != b"PE\0\0":
        raise cursor.fault("no PE header", start)
    machine, count, _, _, _, size, flags = cursor.unpack("HHIIIHH", start + 4, "PE header")
    optional = start + 24
    (magic,) = cursor.unpack("H", optional, "PE header")
    if magic not in {0x10B, 0x20B}:
        raise cursor.fault(f"a PE header of the unknown kind {magic:#x}", optional)
    wide = magic == 0x20B  # noqa: PLR2004 - PE32+
    major, minor = cursor.unpack("BB", optional + 2, "linker's version")
    (base,) = cursor.unpack("Q" if wide else "I", optional + (24 if wide else 28), "address of the image")
    floor = cursor.unpack("HH", optional + 48, "version of the subsystem")
    (subsystem,) = cursor.unpack("H", optional + 68, "subsystem")
    (entries,) = cursor.unpack("I", optional + (108 if wide else 92), "number of data directories")
    table = optional + (112 if wide else 96)
    fitting = max(0, optional + size - table) // 8
    directories = cursor.table("II", table, min(entries, fitting, _MOST_DIRECTORIES), 8, "data directories")
    header = _Header(machine, flags, f"{major}.{minor}", base, subsystem, "{}.{}".format(*floor))
    sections = _sections(cursor, optional + size, count)
    image = _Image(cursor, 64 if wide else 32, start, header, tuple((a, b) for a, b in directories), tuple(sections))
    image.keep(_MOST_KEPT)
    return image


def _sections(cursor: Cursor, offset: int, count: int) -> Iterator[_Section]:
    cursor.limit(count, _MOST_SECTIONS, "sections", offset)
    table = cursor.bytes_at(offset, count * 40, "section table")
    for name, used, address, stored, place in struct.iter_unpack("<8sIIII16x", table):
        # The loader takes whole sectors. What a section has in the file beyond what is used of it is padding, where
        # the former is told at all: old linkers did not.
        start, size = place & ~0x1FF, min(stored, used) if used else stored
        if start < cursor.size:
            yield _Section(name.rstrip(b"\0"), address, min(size, cursor.size - start), start)


def _kind(flags: int) -> str:
    if flags & _DLL:
        return "shared"
    return "executable" if flags & _EXECUTABLE else "other"


def _is_managed(image: _Image) -> bool:
    """Tell whether all code is for .NET's machine, and none asks for a real one."""
    address, size = image.directory(_MANAGED)
    if not address or size < 20:  # noqa: PLR2004 - up to the flags
        return False
    start, _ = image.at(address, "CLR header")
    (flags,) = image.cursor.unpack("I", start + 16, "CLR header")
    return flags & (_IL_ONLY | _NEEDS_32_BITS) == _IL_ONLY


def _imports(image: _Image) -> Iterator[tuple[str, int]]:
    """Give name, and RVA of the table of symbols, of each DLL, in file order."""
    address, _ = image.directory(_IMPORT)
    if not address:
        return
    at, end = image.at(address, "import table")
    number = 0
    while at + 20 <= end:
        lookup, _, _, name, bound = image.cursor.unpack("IIIII", at, "import table")
        if not name or not bound:
            return
        number += 1
        image.cursor.limit(number, _MOST_LIBRARIES, "imported libraries", at)
        yield image.text(name, "library's name"), lookup or bound
        at += 20


def _delayed(image: _Image) -> Iterator[str]:
    address, _ = image.directory(_DELAY)
    if not address:
        return
    at, end = image.at(address, "delay-load table")
    number = 0
    while at + 32 <= end:
        kind, name = image.cursor.unpack("II", at, "delay-load table")
        if not name:
            return
        number += 1
        image.cursor.limit(number, _MOST_LIBRARIES, "delayed libraries", at)
        # Before Visual C++ 7 the addresses were absolute.
        yield image.text(name if kind & 1 else name - image.header.base, "library's name")
        at += 32


def _exported_as(image: _Image) -> str | None:
    address, _ = image.directory(_EXPORT)
    if not address:
        return None
    at, _ = image.at(address, "export table")
    (name,) = image.cursor.unpack("I", at + 12, "export table")
    return image.text(name, "exported name") or None if name else None


def _build_id(image: _Image) -> str | None:
    address, size = image.directory(_DEBUG)
    if not address or size < 28:  # noqa: PLR2004 - one entry
        return None
    at, _ = image.at(address, "debug directory")
    count = min(size // 28, _MOST_DEBUG)
    for type_, length, offset in image.cursor.table("12xII4xI", at, count, 28, "debug directory"):
        if type_ == _CODEVIEW and length >= 24 and offset + length <= image.cursor.size:  # noqa: PLR2004 - see below
            mark, *guid, rest, age = struct.unpack("<4sIHH8sI", image.cursor.bytes_at(offset, 24, "debug record"))
            if mark == b"RSDS":
                return "{:08x}{:04x}{:04x}".format(*guid) + f"{rest.hex()}{age:x}"
    return None


def _comments(image: _Image) -> tuple[str, ...]:
    return tuple(sorted({f"linker {image.header.linker}", *_rich(image)}))


def _rich(image: _Image) -> Iterator[str]:
    stub = image.cursor.bytes_at(0, min(image.start, _MOST_STUB), "DOS header")
    end = stub.rfind(b"Rich")
    if end < 0 or end + 8 > len(stub):
        return
    (key,) = struct.unpack_from("<I", stub, end + 4)
    start = stub.rfind(struct.pack("<I", key ^ 0x536E6144), 0, end)  # "DanS"
    if start < 0:
        return
    numbers = struct.unpack_from(f"<{(end - start) // 4}I", stub, start)
    for tool, _ in zip(numbers[4::2], numbers[5::2], strict=False):
        number, build = divmod(tool ^ key, 0x10000)
        yield f"{_RICH.get(number, f'tool {number:#06x}')}{f' build {build}' if build else ''}"


_PYTHON_DLL: Final = re.compile(r"(?:lib)?python3(?:\.?(\d\d?)t?(?:_d)?)?(?:_d)?\.dll", re.IGNORECASE)


def _python(image: _Image, imports: tuple[tuple[str, int], ...]) -> PythonApi | None:
    of_one_version = False
    symbols: list[bytes] = []
    for library, table in imports:
        found = _PYTHON_DLL.fullmatch(library)
        if found:
            of_one_version = of_one_version or found[1] is not None
            symbols += _symbols(image, table, _MOST_SYMBOLS - len(symbols))
    return python_api(symbols, of_one_version=of_one_version)


def _symbols(image: _Image, address: int, most: int) -> Iterator[bytes]:
    """Give the names that are imported through a table; those imported by number have none.

    :raises FormatError: if they are more than `most`.
    """
    at, end = image.at(address, "table of imported symbols")
    width, layout = image.bits // 8, "Q" if image.bits == 64 else "I"  # noqa: PLR2004 - a table has one bit more
    count = min((end - at) // width, most + 1)
    table = image.cursor.bytes_at(at, count * width, "table of imported symbols")
    entries = takewhile(bool, (entry for (entry,) in struct.iter_unpack(f"<{layout}", table)))
    names = [entry + 2 for entry in entries if not entry >> (image.bits - 1)]
    image.cursor.limit(len(names), most, "symbols imported of Python", at)
    if not names:
        return
    # Nearly always they stand together: one look at their bytes saves hundreds.
    start, size = min(names), max(names) - min(names) + _MOST_NAME
    if size > _MOST_NAME * len(names):
        yield from (image.text(name, "imported symbol").encode() for name in names)
        return
    at, end = image.at(start, "imported symbol")
    text = image.cursor.bytes_at(at, min(size, end - at), "imported symbols")
    for name in names:
        stop = text.find(b"\0", name - start)
        if not 0 <= stop - (name - start) <= _MOST_NAME:
            raise image.cursor.fault("imported symbol has no end", at)
        yield text[name - start : stop]


def _crates(image: _Image) -> tuple[LinkedCrate, ...]:
    for section in image.sections:
        if section.name == rust.SECTION.encode() and section.size <= rust.MOST_PACKED:
            return rust.crates_in(image.cursor.bytes_at(section.offset, section.size, f"{rust.SECTION} section"))
    return ()


ADAPTER: Final[BinaryReader] = Pe()
