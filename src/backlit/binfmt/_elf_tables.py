"""The tables of an ELF file: its header, program headers and section headers, checked against the file's size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.cursor import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from backlit.support.cursor import Source

PT_LOAD: Final = 1
PT_DYNAMIC: Final = 2
PT_INTERP: Final = 3
PT_NOTE: Final = 4
SHT_PROGBITS: Final = 1
SHT_DYNAMIC: Final = 6
SHT_NOTE: Final = 7
SHT_DYNSYM: Final = 11
SHT_GNU_VERNEED: Final = 0x6FFFFFFE

_KEPT: Final = frozenset({PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE})
_PF_X: Final = 1
_PN_XNUM: Final = 0xFFFF
_SHN_XINDEX: Final = 0xFFFF
_MAGIC: Final = b"\x7fELF"
_MAX_SEGMENTS: Final = 4_096
_MAX_SECTIONS: Final = 262_144
_MAX_NAMES: Final = 16 << 20
_MAX_STRING: Final = 4_096
_MAX_KEPT: Final = 1 << 20
"""The largest segment whose bytes are kept when they come by."""
_UNLOADED: Final = 4 << 20
"""How many bytes are kept of each part that no segment loads."""


class Segment(NamedTuple):
    """A program header."""

    type: int
    """``p_type``."""
    offset: int
    """``p_offset``: where it starts in the file."""
    address: int
    """``p_vaddr``: where it is loaded to."""
    size: int
    """``p_filesz``: bytes in the file; all of them are inside it."""
    align: int
    """``p_align``."""


class Section(NamedTuple):
    """A section header."""

    name: int
    """``sh_name``: the name's place in the table of names."""
    type: int
    """``sh_type``."""
    flags: int
    """``sh_flags``."""
    address: int
    """``sh_addr``: where it is loaded to."""
    offset: int
    """``sh_offset``: where it starts in the file; not checked."""
    size: int
    """``sh_size``, in bytes; not checked."""
    link: int
    """``sh_link``: a section's number."""
    info: int
    """``sh_info``."""
    align: int
    """``sh_addralign``."""
    entry_size: int
    """``sh_entsize``."""


class Strings(NamedTuple):
    """A string table."""

    cursor: Cursor
    """The file."""
    start: int
    """Where it starts in the file."""
    end: int
    """Where it ends in the file."""

    def at(self, index: int, limit: int = _MAX_STRING) -> str:
        """Give the string that starts `index` bytes into the table.

        :raises FormatError: if it does not lie inside, or is longer than `limit` bytes.
        """
        if self.start + index >= self.end:
            raise self.cursor.fault(f"a string lies {index} bytes into its table, outside it", self.start)
        return self.cursor.string(self.start + index, self.end, limit, "string")


class Tables(NamedTuple):
    """An ELF file opened."""

    cursor: Cursor
    """The file."""
    bits: int
    """32 or 64."""
    byteorder: str
    """``little`` or ``big``."""
    system: int
    """``EI_OSABI``."""
    type: int
    """``e_type``."""
    machine: int
    """``e_machine``."""
    segments: tuple[Segment, ...]
    """The program headers that say where things are and are not empty, in file order."""
    sections: tuple[Section, ...]
    """All section headers, in file order; empty if stripped of them."""
    names: bytes
    """The sections' names, as far as they are in the file; empty if there are none, or too many."""

    def segments_of(self, type_: int) -> tuple[Segment, ...]:
        """Give the segments of a type, in file order."""
        return tuple([segment for segment in self.segments if segment.type == type_])

    def sections_of(self, type_: int) -> tuple[Section, ...]:
        """Give the sections of a type, in file order."""
        return tuple([section for section in self.sections if section.type == type_])

    def loaded_from(self, address: int, what: str) -> tuple[int, int]:
        """Give where in the file the bytes of an address are, and where their segment ends in the file.

        :raises FormatError: if no segment loads them from the file.
        """
        for segment in self.segments:
            if segment.type == PT_LOAD and 0 <= address - segment.address < segment.size:
                return segment.offset + address - segment.address, segment.offset + segment.size
        raise self.cursor.fault(f"the {what} is at address {address:#x}, which no segment loads", 0)

    def strings_of(self, section: Section) -> Strings:
        """Give the string table that a section links to.

        :raises FormatError: if there is no such section, or it lies outside the file.
        """
        if section.link >= len(self.sections):
            raise self.cursor.fault(f"no section {section.link}, which should hold strings", section.offset)
        table = self.sections[section.link]
        return Strings(self.cursor, table.offset, self.cursor.span(table.offset, table.size, "string table"))

    def named(self, name: bytes) -> tuple[Section, ...]:
        """Give the sections of program data that have a name, in file order; none if names cannot be known."""
        wanted = name + b"\0"
        if wanted not in self.names:
            return ()
        return tuple([one for one in self.sections_of(SHT_PROGBITS) if self.names.startswith(wanted, one.name)])


class _Shapes(NamedTuple):
    """:mod:`struct` layouts of one class."""

    header: str
    """The file header after its first 16 bytes."""
    segment: str
    """A program header."""
    section: str
    """A section header."""


_SHAPES: Final = {
    32: _Shapes("HHIIIIIHHHHHH", "IIIIIIII", "IIIIIIIIII"),
    64: _Shapes("HHIQQQIHHHHHH", "IIQQQQQQ", "IIQQQQIIQQ"),
}
_CLASSES: Final = {1: 32, 2: 64}
_ORDERS: Final[dict[int, tuple[Literal["<", ">"], str]]] = {1: ("<", "little"), 2: (">", "big")}


def open_tables(data: Source, where: str) -> Tables:
    """Read the header and both tables; errors name `where`.

    :raises FormatError: if it is no ELF file, or a table or a segment lies outside it.
    """
    first = Cursor(data, where=where)
    ident = first.bytes_at(0, 16, "ELF identification")
    bits, (sign, byteorder) = _CLASSES.get(ident[4]), _ORDERS.get(ident[5], ("<", ""))
    if not ident.startswith(_MAGIC) or bits is None or not byteorder:
        raise first.fault("no ELF identification of a known class and byte order", 0)
    cursor = Cursor(data, order=sign, where=where)
    kind, machine, _, _, phoff, shoff, _, _, phsize, phcount, shsize, shcount, names = cursor.unpack(
        _SHAPES[bits].header, 16, "ELF header"
    )
    # The program headers first, for they stand at the beginning, and say what will be wanted of the middle. The section
    # headers stand at the end.
    first_segments = tuple(_segments(cursor, bits, phoff, phcount, phsize)) if phcount != _PN_XNUM else ()
    _keep_unloaded(cursor, first_segments)
    zeroth = next(_sections(cursor, bits, shoff, 1, shsize), None) if shoff else None
    if zeroth:  # It is no section: it has what is too large for the header.
        shcount = shcount or zeroth.size
        names = zeroth.link if names == _SHN_XINDEX else names
        phcount = zeroth.info if phcount == _PN_XNUM else phcount
    sections = tuple(_sections(cursor, bits, shoff, shcount, shsize)) if shoff else ()
    return Tables(
        cursor=cursor,
        bits=bits,
        byteorder=byteorder,
        system=ident[7],
        type=kind,
        machine=machine,
        segments=first_segments or tuple(_segments(cursor, bits, phoff, phcount, phsize)),
        sections=sections,
        names=_names(cursor, sections[names]) if 0 < names < len(sections) else b"",
    )


def _segments(cursor: Cursor, bits: int, offset: int, count: int, stride: int) -> Iterator[Segment]:
    if not count:
        return
    cursor.limit(count, _MAX_SEGMENTS, "program headers", offset)
    for entry in cursor.table(_SHAPES[bits].segment, offset, count, stride, "program header table"):
        # The flags stand last but one in 32 bits, and second in 64.
        type_, at, address, _, size, _, align = entry[:6] + entry[7:] if bits == 32 else entry[:1] + entry[2:]  # noqa: PLR2004 - see above
        flags = entry[6 if bits == 32 else 1]  # noqa: PLR2004 - likewise
        if type_ in _KEPT and size:
            cursor.span(at, size, "segment")
            # The tables that the dynamic section names are in what is loaded and is no code.
            if type_ != PT_LOAD or not flags & _PF_X:
                cursor.keep(at, size, _MAX_KEPT)
            yield Segment(type_, at, address, size, align)


def _keep_unloaded(cursor: Cursor, segments: tuple[Segment, ...]) -> None:
    """Say that what no segment loads will be wanted: comments, symbols and the sections' names, in no fixed order."""
    reached = 0
    for start, end in sorted((one.offset, one.offset + one.size) for one in segments if one.type == PT_LOAD):
        if start > reached:
            cursor.keep(reached, min(start - reached, _UNLOADED), _UNLOADED)
        reached = max(reached, end)
    if reached < cursor.size:
        cursor.keep(reached, min(cursor.size - reached, _UNLOADED), _UNLOADED)


def _sections(cursor: Cursor, bits: int, offset: int, count: int, stride: int) -> Iterator[Section]:
    if not count:
        return
    cursor.limit(count, _MAX_SECTIONS, "section headers", offset)
    yield from map(Section._make, cursor.table(_SHAPES[bits].section, offset, count, stride, "section header table"))


def _names(cursor: Cursor, section: Section) -> bytes:
    if section.size > _MAX_NAMES or section.offset >= cursor.size:
        return b""
    size = min(section.size, cursor.size - section.offset)
    return cursor.bytes_at(section.offset, size, "sections' names")
