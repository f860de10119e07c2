"""Mach-O, the binary format of macOS and its relatives: 32 and 64 bits, both byte orders, thin and universal.

The load commands at the file's beginning say nearly all; the symbols that are imported stand at its end. A universal
file gives one answer for each architecture in it.

A library is called by its install name (``LC_ID_DYLIB``), and asked for by that of the time of the link. What is
imported of CPython is looked for among the names that are bound at load time to whatever has them, or to a library
named for Python: an extension module is linked to neither of these usually.

After Apple's ``mach-o/loader.h``, ``mach-o/fat.h``, ``mach-o/nlist.h`` and ``mach/machine.h``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.binfmt import _crates as rust
from backlit.binfmt._python import PREFIXES, python_api
from backlit.model.native import NativeFile
from backlit.support.cursor import Cursor, Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from backlit.binfmt import BinaryReader
    from backlit.model.native import LinkedCrate
    from backlit.support.cursor import Source


class MachO:
    """The reader of Mach-O files."""

    name = "macho"

    def recognises(self, head: bytes) -> bool:
        """Tell whether a file starts as Mach-O does; Java's classes share the mark of universal files."""
        if head[:4] in _FAT:
            return 0 < int.from_bytes(head[4:8]) <= _MOST_ARCHITECTURES
        return head[:4] in _THIN

    def read(self, data: Source, path: str) -> tuple[NativeFile, ...]:
        """Give what a Mach-O file says of itself, for each architecture in it.

        :raises FormatError: if the bytes are no Mach-O, or are damaged.
        """
        cursor = Cursor(data, order=">", where=path)
        magic = cursor.bytes_at(0, 4, "mark")
        if magic not in _FAT:
            return (_thin(data, path),)
        return tuple(_thin(Part(data, start, size), path) for start, size in _parts(cursor, magic))


_THIN: Final[dict[bytes, tuple[Literal["<", ">"], int]]] = {
    b"\xfe\xed\xfa\xce": (">", 32),
    b"\xfe\xed\xfa\xcf": (">", 64),
    b"\xce\xfa\xed\xfe": ("<", 32),
    b"\xcf\xfa\xed\xfe": ("<", 64),
}
_FAT: Final = {b"\xca\xfe\xba\xbe": "IIIII", b"\xca\xfe\xba\xbf": "IIQQII"}
_MOST_ARCHITECTURES: Final = 43

_LC_SEGMENT, _LC_SYMTAB, _LC_DYSYMTAB, _LC_LOAD_DYLIB, _LC_ID_DYLIB, _LC_LOAD_DYLINKER = 0x1, 0x2, 0xB, 0xC, 0xD, 0xE
_LC_SEGMENT_64, _LC_UUID, _LC_LAZY_LOAD_DYLIB, _LC_BUILD_VERSION = 0x19, 0x1B, 0x20, 0x32
_LC_LOAD_WEAK_DYLIB, _LC_RPATH, _LC_REEXPORT_DYLIB, _LC_LOAD_UPWARD_DYLIB = (
    0x80000018,
    0x8000001C,
    0x8000001F,
    0x80000023,
)
_LC_VERSION_MIN: Final = {0x24: "macos", 0x25: "ios", 0x2F: "tvos", 0x30: "watchos"}
_DYLIBS: Final = (_LC_LOAD_DYLIB, _LC_LOAD_WEAK_DYLIB, _LC_REEXPORT_DYLIB, _LC_LOAD_UPWARD_DYLIB, _LC_LAZY_LOAD_DYLIB)
_NEEDED: Final = (_LC_LOAD_DYLIB, _LC_REEXPORT_DYLIB, _LC_LOAD_UPWARD_DYLIB)

_PLATFORMS: Final = (
    *("", "macos", "ios", "tvos", "watchos", "bridgeos", "maccatalyst", "iossimulator", "tvossimulator"),
    *("watchossimulator", "driverkit", "visionos", "visionossimulator"),
)
_TOOLS: Final = {1: "clang", 2: "swift", 3: "ld", 4: "lld"}
_KINDS: Final = {1: "object", 2: "executable", 6: "shared", 8: "shared", 9: "shared"}
_MACHINES: Final = {
    7: "i386",
    12: "arm",
    18: "ppc",
    0x01000007: "x86_64",
    0x0100000C: "arm64",
    0x01000012: "ppc64",
    0x0200000C: "arm64_32",
}
_SUBTYPES: Final = {
    (0x01000007, 8): "x86_64h",
    (0x0100000C, 2): "arm64e",
    (12, 6): "armv6",
    (12, 9): "armv7",
    (12, 11): "armv7s",
    (12, 12): "armv7k",
}

_MH_TWOLEVEL: Final = 0x80
_N_STAB, _N_TYPE, _N_EXT = 0xE0, 0x0E, 0x01
_UNNAMED_LIBRARIES: Final = frozenset({0, 0xFE, 0xFF})
"""Where a name is bound to no library in particular: the file itself, any, the program."""

_MOST_COMMANDS: Final = 16_384
_MOST_COMMAND_BYTES: Final = 8 << 20
_MOST_PATH: Final = 4_096
_MOST_TOOLS: Final = 64
_MOST_SYMBOLS: Final = 1 << 18
_MOST_STRINGS: Final = 32 << 20
_MOST_NAME: Final = 1_024


class _Command(NamedTuple):
    """A load command."""

    type: int
    """``cmd``."""
    offset: int
    """Where it starts."""
    end: int
    """Where it ends."""


class _Image(NamedTuple):
    """A thin file, or an architecture's part of a universal one, opened."""

    cursor: Cursor
    """Its bytes."""
    bits: int
    """32 or 64."""
    flags: int
    """The header's flags."""
    commands: tuple[_Command, ...]
    """The load commands, in file order."""

    def every(self, *types: int) -> Iterator[_Command]:
        """Give the commands of these types, in file order."""
        return (command for command in self.commands if command.type in types)

    def text(self, command: _Command) -> str:
        """Give the text of a command that says at its third number where the text is."""
        (at,) = self.cursor.unpack("I", command.offset + 8, "place of a path")
        return self.cursor.string(command.offset + at, command.end, _MOST_PATH, "path")

    def texts(self, *types: int) -> tuple[str, ...]:
        """Give the texts of the commands of these types, in file order."""
        return tuple(self.text(command) for command in self.every(*types))


def _parts(cursor: Cursor, magic: bytes) -> Iterator[tuple[int, int]]:
    (count,) = cursor.unpack("I", 4, "number of architectures")
    cursor.limit(count, _MOST_ARCHITECTURES, "architectures", 4)
    layout = _FAT[magic]
    entries = list(cursor.table(layout, 8, count, struct.calcsize(f">{layout}"), "table of architectures"))
    end = 0
    for _, _, start, size, *_ in sorted(entries, key=_start):
        if start < end:
            raise cursor.fault("an architecture's part shares bytes with another", start)
        end = cursor.span(start, size, "an architecture's part")
    yield from ((entry[2], entry[3]) for entry in entries)


def _start(entry: tuple[int, ...]) -> int:
    return entry[2]


def _thin(data: Source, path: str) -> NativeFile:
    image, (cpu, subtype, kind) = _opened(data, path)
    system, floor, sdk, tools = _built(image)
    crates = _crates(image)  # before the symbols, which stand at the end
    dylibs = {type_: image.texts(type_) for type_ in (_LC_LOAD_WEAK_DYLIB, _LC_LAZY_LOAD_DYLIB, _LC_REEXPORT_DYLIB)}
    order = "little" if image.cursor.order == "<" else "big"
    return NativeFile(
        path=path,
        format=MachO.name,
        kind=_KINDS.get(kind, "other"),
        architecture=_SUBTYPES.get((cpu, subtype & 0xFFFFFF)) or _MACHINES.get(cpu) or f"unknown-{cpu}",
        bits=image.bits,
        byteorder=order,
        needed=image.texts(*_NEEDED),
        soname=next(iter(image.texts(_LC_ID_DYLIB)), None),
        rpath=image.texts(_LC_RPATH),
        interpreter=next(iter(image.texts(_LC_LOAD_DYLINKER)), None),
        build_id=_uuid(image),
        comments=tools,
        size=image.cursor.size,
        weak=dylibs[_LC_LOAD_WEAK_DYLIB],
        delayed=dylibs[_LC_LAZY_LOAD_DYLIB],
        reexported=dylibs[_LC_REEXPORT_DYLIB],
        system=system,
        system_floor=floor,
        sdk=sdk,
        python=python_api(_imported(image)),
        crates=crates,
    )


def _opened(data: Source, path: str) -> tuple[_Image, tuple[int, int, int]]:
    magic = bytes(data[:4])
    if magic not in _THIN:
        raise Cursor(data, where=path).fault("no Mach-O header", 0)
    order, bits = _THIN[magic]
    cursor = Cursor(data, order=order, where=path)
    cpu, subtype, kind, count, size, flags = cursor.unpack("IIIIII", 4, "Mach-O header")
    start = 28 if bits == 32 else 32  # noqa: PLR2004 - in 64 bits a reserved number follows
    cursor.limit(count, _MOST_COMMANDS, "load commands", 16)
    cursor.limit(size, _MOST_COMMAND_BYTES, "bytes of load commands", 20)
    end = cursor.span(start, size, "load commands")
    cursor.keep(start, size, _MOST_COMMAND_BYTES)
    return _Image(cursor, bits, flags, tuple(_commands(cursor, start, end, count))), (cpu, subtype, kind)


def _commands(cursor: Cursor, start: int, end: int, count: int) -> Iterator[_Command]:
    for _ in range(count):
        type_, size = cursor.unpack("II", start, "load command")
        if size < 8 or start + size > end:  # noqa: PLR2004 - its own two numbers
            raise cursor.fault(f"a load command of {size} bytes", start)
        yield _Command(type_, start, start + size)
        start += size


def _built(image: _Image) -> tuple[str | None, str | None, str | None, tuple[str, ...]]:
    """Give system, its oldest version, the SDK's version, and the tools; the first command that says so counts."""
    for command in image.every(_LC_BUILD_VERSION, *_LC_VERSION_MIN):
        if command.type in _LC_VERSION_MIN:
            floor, sdk = image.cursor.unpack("II", command.offset + 8, "oldest version")
            return _LC_VERSION_MIN[command.type], _version(floor), _version(sdk) if sdk else None, ()
        platform, floor, sdk, count = image.cursor.unpack("IIII", command.offset + 8, "build version")
        image.cursor.limit(count, _MOST_TOOLS, "build tools", command.offset + 20)
        tools = image.cursor.table("II", command.offset + 24, count, 8, "build tools")
        named = {f"{_TOOLS.get(tool, f'tool {tool}')} {_version(version)}" for tool, version in tools}
        known = 0 < platform < len(_PLATFORMS)
        system = _PLATFORMS[platform] if known else f"unknown-{platform}"
        return system, _version(floor), _version(sdk) if sdk else None, tuple(sorted(named))
    return None, None, None, ()


def _version(number: int) -> str:
    """Give a version of 16, 8 and 8 bits as text; the third part only if there is one."""
    major, minor, patch = number >> 16, number >> 8 & 0xFF, number & 0xFF
    return f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}"


def _uuid(image: _Image) -> str | None:
    for command in image.every(_LC_UUID):
        return image.cursor.bytes_at(command.offset + 8, 16, "UUID").hex()
    return None


def _imported(image: _Image) -> Iterator[bytes]:
    """Give the names of imported symbols that start as those of the C API do, without their first underscore."""
    tables = {command.type: command.offset for command in image.every(_LC_SYMTAB, _LC_DYSYMTAB)}
    if _LC_SYMTAB not in tables:
        return
    cursor = image.cursor
    symbols, count, strings, size = cursor.unpack("IIII", tables[_LC_SYMTAB] + 8, "symbol table's place")
    first = 0
    if _LC_DYSYMTAB in tables:
        first, count = cursor.unpack("II", tables[_LC_DYSYMTAB] + 24, "imported symbols' place")
    if not 0 < count <= _MOST_SYMBOLS or size > _MOST_STRINGS:
        return
    layout, width = ("IBxH4x", 12) if image.bits == 32 else ("IBxH8x", 16)  # noqa: PLR2004 - see the name
    table = cursor.table(layout, symbols + first * width, count, width, "imported symbols")
    wanted = [
        (name, description) for name, type_, description in table if not type_ & (_N_STAB | _N_TYPE) and type_ & _N_EXT
    ]
    if not wanted:
        return
    last = max(wanted)[0]
    text = cursor.bytes_at(strings, min(last + _MOST_NAME, size), "symbols' names")
    prefixes = tuple(b"_" + prefix for prefix in PREFIXES)
    python = _python_libraries(image)
    for name, description in wanted:
        if text.startswith(prefixes, name) and (python is None or description >> 8 in python):
            yield text[name + 1 : text.find(b"\0", name)]


def _python_libraries(image: _Image) -> frozenset[int] | None:
    """Give the numbers under which a name may be CPython's; None if names are bound to no library at all."""
    if not image.flags & _MH_TWOLEVEL:
        return None
    names = image.texts(*_DYLIBS)
    return _UNNAMED_LIBRARIES | {number for number, name in enumerate(names, 1) if "python" in name.lower()}


def _crates(image: _Image) -> tuple[LinkedCrate, ...]:
    for command in image.every(_LC_SEGMENT, _LC_SEGMENT_64):
        wide = command.type == _LC_SEGMENT_64
        start, width = command.offset + (72 if wide else 56), 80 if wide else 68
        (count,) = image.cursor.unpack("I", start - 8, "number of sections")
        if start + count * width > command.end:
            raise image.cursor.fault(f"a segment of {count} sections", command.offset)
        for section in range(start, start + count * width, width):
            name = image.cursor.bytes_at(section, 16, "section's name").rstrip(b"\0")
            if name == rust.SECTION.encode():
                size, offset = image.cursor.unpack("QI" if wide else "II", section + (40 if wide else 36), "section")
                if size <= rust.MOST_PACKED:
                    return rust.crates_in(image.cursor.bytes_at(offset, size, f"{rust.SECTION} section"))
    return ()


ADAPTER: Final[BinaryReader] = MachO()
