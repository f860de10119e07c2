"""The symbols that an ELF file imports, as far as CPython's C API goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.binfmt._elf_tables import SHT_DYNSYM
from backlit.binfmt._python import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backlit.binfmt._elf_tables import Strings, Tables

_DT_HASH, _DT_SYMTAB, _DT_GNU_HASH = 4, 6, 0x6FFFFEF5

_SHAPES: Final = {32: ("I10xH", 16), 64: ("I2xH16x", 24)}
"""Layout and size of a symbol: ``st_name`` and ``st_shndx`` are read of it."""

_MOST_SYMBOLS: Final = 1 << 19
_MOST_STRINGS: Final = 32 << 20
_MOST_NAME: Final = 1_024


def imported(tables: Tables, entries: Mapping[int, int], strings: Strings) -> tuple[bytes, ...]:
    """Give the names of imported symbols that start as those of the C API do, in the symbol table's order.

    None where the table's length is not known, or is more than is read. `entries` are the dynamic section's.
    """
    if _DT_SYMTAB not in entries or not tables.segments:
        return ()
    start, end = tables.loaded_from(entries[_DT_SYMTAB], "symbol table")
    layout, width = _SHAPES[tables.bits]
    count = _count(tables, entries, start, width)
    if not 1 < count <= min(_MOST_SYMBOLS, (end - start) // width):
        return ()
    cursor = tables.cursor
    # Symbols that are imported are in no section of the file.
    offsets = [name for name, section in cursor.table(layout, start, count, width, "symbol table") if not section]
    last = max(offsets, default=0)
    if not last or strings.start + last >= strings.end or last > _MOST_STRINGS:
        return ()
    text = cursor.bytes_at(strings.start, min(last + _MOST_NAME, strings.end - strings.start), "symbols' names")
    starts, find = text.startswith, text.find
    return tuple([text[at : find(b"\0", at)] for at in offsets if starts(PREFIXES, at)])


def _count(tables: Tables, entries: Mapping[int, int], start: int, width: int) -> int:
    """Give how many symbols at the table's beginning have all the imported ones among them; 0 if it is not known.

    The GNU hash table has no imported symbols, and says where its own begin. It says nothing where it is empty.
    """
    cursor = tables.cursor
    if _DT_GNU_HASH in entries:
        at, _ = tables.loaded_from(entries[_DT_GNU_HASH], "hash table")
        _, first = cursor.unpack("II", at, "hash table")
        if first > 1:
            return first
    for section in tables.sections_of(SHT_DYNSYM):
        if section.offset == start:
            return section.size // width
    if _DT_HASH in entries:
        at, _ = tables.loaded_from(entries[_DT_HASH], "hash table")
        # Alpha's and s390's entries are 8 bytes long in 64 bits; both have section headers, read above.
        return cursor.unpack("II", at, "hash table")[1]
    return 0
