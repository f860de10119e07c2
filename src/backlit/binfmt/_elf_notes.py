"""The notes of an ELF file: the build id, the system it is for, its package, and what it opens while running.

After the gABI's chapter "Note Section", glibc's ``ABI-tag``, the notes of the BSDs and Android, and the FDO
specifications of ``.note.package`` and ``.note.dlopen`` (https://systemd.io/ELF_PACKAGE_METADATA/ and
https://systemd.io/ELF_DLOPEN_METADATA/).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.binfmt._elf_tables import PT_NOTE, SHT_NOTE
from backlit.model.native import DlopenNote, PackageNote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.binfmt._elf_tables import Tables

MOST_BYTES: Final = 1 << 20
"""The largest area of notes whose bytes are kept while a file is inflated."""

_ABI_TAG, _BUILD_ID = 1, 3
_FDO_PACKAGE: Final = 0xCAFE1A7E
_FDO_DLOPEN: Final = 0x407C0C0A
_GNU_SYSTEMS: Final = ("linux", "hurd", "solaris", "freebsd", "netbsd", "syllable", "nacl")

_MOST_NOTES: Final = 4_096
_MOST_BUILD_ID: Final = 1_024
_MOST_JSON: Final = 65_536
_MOST_DLOPEN: Final = 256


class Notes(NamedTuple):
    """What an ELF file's notes say."""

    build_id: str | None = None
    """``NT_GNU_BUILD_ID``, lower-case hexadecimal."""
    system: str | None = None
    """The operating system."""
    floor: str | None = None
    """Its oldest version."""
    dlopen: tuple[DlopenNote, ...] = ()
    """``.note.dlopen``, in file order."""
    package: PackageNote | None = None
    """``.note.package``."""


def notes_of(tables: Tables) -> Notes:
    """Give what the notes say: the first of each kind. What breaks off, or is not what it should be, says nothing."""
    build_id: str | None = None
    system: tuple[str, str | None] | None = None
    package: PackageNote | None = None
    dlopen: list[DlopenNote] = []
    texts = 0
    for owner, type_, start, length in _all(tables):
        if owner == b"GNU\0" and type_ == _BUILD_ID:
            if build_id is None and length <= _MOST_BUILD_ID:
                build_id = tables.cursor.bytes_at(start, length, "build id").hex()
        elif owner == b"FDO\0" and texts < _MOST_DLOPEN:
            texts += 1
            if type_ == _FDO_PACKAGE and package is None:
                package = _package(_json(tables, start, length))
            elif type_ == _FDO_DLOPEN:
                dlopen += _dlopen(_json(tables, start, length))
        elif type_ == _ABI_TAG and system is None:
            system = _system(tables, owner, start, length)
    name, floor = system or (None, None)
    return Notes(build_id, name, floor, tuple(dlopen[:_MOST_DLOPEN]), package)


def _all(tables: Tables) -> Iterator[tuple[bytes, int, int, int]]:
    segments = [(one.offset, one.size, one.align) for one in tables.segments_of(PT_NOTE)]
    # Segments have what is loaded; a section beside them may have a note that is not.
    sections = [
        (one.offset, one.size, one.align)
        for one in tables.sections_of(SHT_NOTE)
        if not any(start <= one.offset < start + size for start, size, _ in segments)
    ]
    left = _MOST_NOTES
    for offset, size, align in segments + sections:
        for note in _in_area(tables, offset, size, align):
            yield note
            left -= 1
            if not left:
                return


def _in_area(tables: Tables, offset: int, size: int, align: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Give the first bytes of the name, the type, the offset and the length of each note that lies inside its area."""
    # gABI: where the area is aligned to 8 bytes the parts of a note are padded to 8, else to 4.
    padding = 8 if align == 8 else 4  # noqa: PLR2004 - see above
    cursor = tables.cursor
    end = cursor.span(offset, size, "notes")
    while offset + 12 <= end:
        name_length, length, type_ = cursor.unpack("III", offset, "note")
        start = offset + -(-(12 + name_length) // padding) * padding
        if start + length > end:
            return
        yield cursor.bytes_at(offset + 12, min(name_length, 8), "note's name"), type_, start, length
        offset = start + -(-length // padding) * padding


def _system(tables: Tables, name: bytes, start: int, length: int) -> tuple[str, str | None] | None:
    """Give the system that a note of type 1 names, and its oldest version; None if it is another note."""
    cursor = tables.cursor
    if length < (16 if name == b"GNU\0" else 4):
        return None
    if name == b"GNU\0":
        number, *version = cursor.unpack("IIII", start, "ABI tag")
        return (_GNU_SYSTEMS[number], ".".join(map(str, version))) if number < len(_GNU_SYSTEMS) else None
    (number,) = cursor.unpack("I", start, "ABI tag")
    floors: dict[bytes, tuple[str, str | None]] = {
        b"Android\0": ("android", str(number)),
        # __FreeBSD_version: 1302001 is 13.2. __NetBSD_Version__: 1003000000 is 10.3.
        b"FreeBSD\0": ("freebsd", f"{number // 100_000}.{number // 1_000 % 100}"),
        b"NetBSD\0": ("netbsd", f"{number // 100_000_000}.{number // 1_000_000 % 100}"),
        b"OpenBSD\0": ("openbsd", None),
    }
    return floors.get(name)


def _json(tables: Tables, start: int, length: int) -> Any:  # noqa: ANN401 - any JSON value
    if length > _MOST_JSON:
        return None
    text = tables.cursor.bytes_at(start, length, "note").rstrip(b"\0")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _package(note: Any) -> PackageNote | None:  # noqa: ANN401 - any JSON value
    if not isinstance(note, dict):
        return None
    return PackageNote(_text(note, "type"), _text(note, "name"), _text(note, "version"), _text(note, "osCpe"))


def _dlopen(note: Any) -> Iterator[DlopenNote]:  # noqa: ANN401 - any JSON value
    for entry in note if isinstance(note, list) else ():
        names = entry.get("soname") if isinstance(entry, dict) else None
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            yield DlopenNote(
                tuple(_plain(name) for name in names),
                *(_text(entry, key) for key in ("feature", "description", "priority")),
            )


def _text(note: dict[str, Any], key: str) -> str:
    value = note.get(key)
    return _plain(value) if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Give a text that can be written anywhere: JSON may have half of a surrogate pair in it."""
    return text.encode(errors="backslashreplace").decode()
