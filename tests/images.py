"""Mach-O and PE files made by hand, for machines that are not here."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

LOAD, ID, LOADER, WEAK, RPATH, REEXPORT, LAZY, UPWARD = (
    *(0xC, 0xD, 0xE, 0x80000018, 0x8000001C, 0x8000001F, 0x20, 0x80000023),
)
"""Load commands that name a path."""


def version(text: str) -> int:
    """Give a version as Mach-O packs it."""
    major, minor, patch = (*map(int, text.split(".")), 0, 0)[:3]
    return major << 16 | minor << 8 | patch


@dataclass
class MachO:
    """A thin Mach-O file."""

    bits: int = 64
    order: str = "<"
    cpu: int = 0x0100000C
    subtype: int = 0
    kind: int = 8
    flags: int = 0x80
    paths: tuple[tuple[int, str], ...] = ()
    """Load commands with a path, by number, in file order."""
    build: tuple[int, str, str, tuple[tuple[int, str], ...]] | None = None
    """``LC_BUILD_VERSION``: platform, oldest version, SDK, tools."""
    oldest: tuple[int, str, str] | None = None
    """``LC_VERSION_MIN_*``: command, oldest version, SDK."""
    uuid: bytes | None = None
    undefined: tuple[tuple[str, int], ...] = ()
    """Imported symbols with the number of the library they are bound to."""
    defined: tuple[str, ...] = ()
    crates: bytes | None = None
    has_dysymtab: bool = True
    extra: bytes = b""
    """More load commands, as bytes; they count as one."""
    offsets: dict[str, int] = field(default_factory=dict)

    def pack(self, layout: str, *values: int) -> bytes:
        """Give numbers in the file's byte order."""
        return struct.pack(self.order + layout, *values)

    def build_file(self) -> bytes:
        """Give the file's bytes."""
        start = 32 if self.bits == 64 else 28
        # Their size does not depend on where what they name is.
        commands = self._commands(start + sum(map(len, self._commands(0))))
        count = len(commands)
        magic = 0xFEEDFACF if self.bits == 64 else 0xFEEDFACE
        head = self.pack("7I", magic, self.cpu, self.subtype, self.kind, count, sum(map(len, commands)), self.flags)
        head += bytes(4) if self.bits == 64 else b""
        return head + b"".join(commands) + self._tail()

    def _names(self) -> tuple[bytes, dict[str, int]]:
        names, places = b"\0", {}
        for name in [*self.defined, *(name for name, _ in self.undefined)]:
            places[name] = len(names)
            names += name.encode() + b"\0"
        return names, places

    def _tail(self) -> bytes:
        names, places = self._names()
        layout = "IBBHQ" if self.bits == 64 else "IBBHI"
        symbols = [self.pack(layout, places[name], 0x0F, 1, 0, 0) for name in self.defined]
        symbols += [self.pack(layout, places[name], 0x01, 0, library << 8, 0) for name, library in self.undefined]
        return b"".join(symbols) + names + (self.crates or b"")

    def _commands(self, tail: int) -> list[bytes]:
        def command(number: int, content: bytes) -> bytes:
            content += bytes(-len(content) % 8)
            return self.pack("II", number, 8 + len(content)) + content

        made = []
        for number, path in self.paths:
            head = 12 if number in {RPATH, LOADER} else 24
            made.append(command(number, self.pack("I", head) + bytes(head - 12) + path.encode() + b"\0"))
        if self.build:
            platform, oldest, sdk, tools = self.build
            listed = b"".join(self.pack("II", tool, version(text)) for tool, text in tools)
            made.append(command(0x32, self.pack("IIII", platform, version(oldest), version(sdk), len(tools)) + listed))
        if self.oldest:
            number, oldest, sdk = self.oldest
            made.append(command(number, self.pack("II", version(oldest), version(sdk))))
        if self.uuid is not None:
            made.append(command(0x1B, self.uuid))
        names, _ = self._names()
        total, width = len(self.defined) + len(self.undefined), 16 if self.bits == 64 else 12
        strings = tail + total * width
        if total:
            made.append(command(0x2, self.pack("IIII", tail, total, strings, len(names))))
            if self.has_dysymtab:
                numbers = (0, 0, 0, len(self.defined), len(self.defined), len(self.undefined))
                made.append(command(0xB, self.pack("6I", *numbers) + bytes(48)))
        if self.crates is not None:
            made.append(self._segment(strings + len(names)))
        return [*made, self.extra] if self.extra else made

    def _segment(self, at: int) -> bytes:
        name, size = b".dep-v0".ljust(16, b"\0") + b"__DATA".ljust(16, b"\0"), len(self.crates or b"")
        if self.bits == 64:
            section = name + self.pack("QQIIIIIIII", 0, size, at, 0, 0, 0, 0, 0, 0, 0)
            return self.pack("II", 0x19, 72 + 80) + bytes(56) + self.pack("II", 1, 0) + section
        section = name + self.pack("IIIIIIIII", 0, size, at, 0, 0, 0, 0, 0, 0)
        return self.pack("II", 0x1, 56 + 68) + bytes(40) + self.pack("II", 1, 0) + section


def universal(*parts: bytes, wide: bool = False) -> bytes:
    """Give a universal Mach-O file of thin ones."""
    layout = ">IIQQII" if wide else ">IIIII"
    at = 8 + len(parts) * struct.calcsize(layout)
    head = struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, len(parts))
    for part in parts:
        cpu, subtype = struct.unpack_from("<II", part, 4)
        head += struct.pack(layout, cpu, subtype, at, len(part), 0, *((0,) if wide else ()))
        at += len(part)
    return head + b"".join(parts)


RVA = 0x1000
"""Where the one section of a hand-made PE file is loaded to."""
_RAW = 0x400


@dataclass
class Pe:
    """A PE file with all its tables in one section."""

    bits: int = 64
    machine: int = 0x8664
    flags: int = 0x2022
    subsystem: int = 3
    oldest: tuple[int, int] = (6, 0)
    linker: tuple[int, int] = (14, 29)
    imports: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    """DLLs, each with the names or numbers imported."""
    delayed: tuple[str, ...] = ()
    has_absolute_delays: bool = False
    exported_as: str | None = None
    guid: bytes | None = None
    age: int = 1
    managed: int | None = None
    """Flags of the CLR header."""
    rich: tuple[tuple[int, int, int], ...] = ()
    """Tool, build and count."""
    crates: bytes | None = None

    def build_file(self) -> bytes:
        """Give the file's bytes."""
        body = bytearray(8)

        def place(content: bytes) -> int:
            body.extend(bytes(-len(body) % 8))
            body.extend(content)
            return RVA + len(body) - len(content)

        def text(value: str) -> int:
            return place(value.encode() + b"\0")

        base = 0x140000000 if self.bits == 64 else 0x400000
        directories = [(0, 0)] * 16
        rows = b""
        for library, names in self.imports:
            width, layout = (8, "Q") if self.bits == 64 else (4, "I")
            entries = [
                (1 << (self.bits - 1)) | name if isinstance(name, int) else self._hint(place, name) for name in names
            ]
            table = place(struct.pack(f"<{len(entries) + 1}{layout}", *entries, 0))
            assert width
            rows += struct.pack("<5I", table, 0, 0, text(library), table)
        if self.imports:
            directories[1] = (place(rows + bytes(20)), len(rows) + 20)
        if self.delayed:
            kind, more = (0, base) if self.has_absolute_delays else (1, 0)
            rows = b"".join(struct.pack("<8I", kind, text(name) + more, 0, 0, 0, 0, 0, 0) for name in self.delayed)
            directories[13] = (place(rows + bytes(32)), len(rows) + 32)
        if self.exported_as is not None:
            directories[0] = (place(struct.pack("<IIIIII", 0, 0, 0, text(self.exported_as), 1, 0) + bytes(16)), 40)
        if self.guid is not None:
            record = b"RSDS" + self.guid + struct.pack("<I", self.age) + b"C:\\build\\x.pdb\0"
            at = place(record)
            entry = struct.pack("<IIHHIIII", 0, 0, 0, 0, 2, len(record), at, at - RVA + _RAW)
            directories[6] = (place(entry), len(entry))
        if self.managed is not None:
            directories[14] = (place(struct.pack("<IHHIIII", 72, 2, 5, 0, 0, self.managed, 0) + bytes(48)), 72)
        sections = [(b".rdata", RVA, bytes(body))]
        if self.crates is not None:
            sections.append((b".dep-v0", RVA + 0x10000, self.crates))
        return self._assembled(base, directories, sections)

    def _hint(self, place: object, name: str) -> int:
        assert callable(place)
        at: int = place(bytes(2) + name.encode() + b"\0")
        return at

    def _assembled(
        self, base: int, directories: list[tuple[int, int]], sections: list[tuple[bytes, int, bytes]]
    ) -> bytes:
        rich = self._rich()
        start = 64 + len(rich)
        wide = self.bits == 64
        optional = struct.pack("<HBB", 0x20B if wide else 0x10B, *self.linker) + bytes(20)
        optional += struct.pack("<Q", base) if wide else struct.pack("<II", 0, base)
        optional += struct.pack(
            "<IIHHHHHHIIIIHH", 0x1000, 0x200, 6, 0, 0, 0, *self.oldest, 0, 0, 0, 0, self.subsystem, 0
        )
        optional += bytes(32 if wide else 16) + struct.pack("<II", 0, 16)
        optional += b"".join(struct.pack("<II", *directory) for directory in directories)
        head = b"PE\0\0" + struct.pack("<HHIIIHH", self.machine, len(sections), 0, 0, 0, len(optional), self.flags)
        table, data, at = b"", b"", _RAW
        for name, address, content in sections:
            padded = content + bytes(-len(content) % 512)
            table += name.ljust(8, b"\0") + struct.pack(
                "<IIIIIIHHI", len(content), address, len(padded), at, 0, 0, 0, 0, 0
            )
            data, at = data + padded, at + len(padded)
        file = b"MZ" + bytes(58) + struct.pack("<I", start) + rich + head + optional + table
        assert len(file) <= _RAW
        return file.ljust(_RAW, b"\0") + data

    def _rich(self) -> bytes:
        if not self.rich:
            return b""
        key = 0xA5C3F00D
        numbers = [0x536E6144, 0, 0, 0]
        for tool, build, count in self.rich:
            numbers += [tool << 16 | build, count]
        made = b"".join(struct.pack("<I", number ^ key) for number in numbers)
        return made + b"Rich" + struct.pack("<I", key) + bytes(-len(made) % 8)
