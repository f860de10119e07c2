"""Binaries to read: made by hand for machines that are not here, and by the compiler that is."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BASE = 0x40000
"""Where the one segment of a hand-made file is loaded to."""


@dataclass
class Image:
    """An ELF file made by hand: one loaded segment with all of the file in it."""

    bits: int = 64
    order: str = "<"
    machine: int = 62
    type: int = 3
    needed: tuple[str, ...] = ()
    soname: str | None = None
    rpath: str | None = None
    runpath: str | None = None
    needs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    interpreter: bytes | None = None
    notes: bytes = b""
    note_align: int = 4
    comment: bytes | None = None
    extra: tuple[tuple[int, int], ...] = ()
    """More entries of the dynamic section."""
    has_segments: bool = True
    has_sections: bool = True
    has_large_counts: bool = False
    """Write the counts of both tables where too large ones go."""
    offsets: dict[str, int] = field(default_factory=dict)
    """Where things came to lie; filled by :meth:`build`."""

    def pack(self, layout: str, *values: int) -> bytes:
        """Give numbers in the file's byte order."""
        return struct.pack(self.order + layout, *values)

    def build(self) -> bytes:
        """Give the file's bytes."""
        wide = self.bits == 64
        header_size, segment_size, section_size = (64, 56, 64) if wide else (52, 32, 40)
        strings = b"\0"

        def string(text: str) -> int:
            nonlocal strings
            strings += text.encode() + b"\0"
            return len(strings) - len(text.encode()) - 1

        entries = [(1, string(name)) for name in self.needed]
        entries += [
            (tag, string(text))
            for tag, text in ((14, self.soname), (15, self.rpath), (29, self.runpath))
            if text is not None
        ]
        needs = b""
        for position, (library, names) in enumerate(self.needs):
            last = position == len(self.needs) - 1
            needs += self.pack("HHIII", 1, len(names), string(library), 16, 0 if last else 16 + 16 * len(names))
            for at, name in enumerate(names):
                needs += self.pack("IHHII", 0, 0, 2, string(name), 0 if at == len(names) - 1 else 16)
        parts: dict[str, bytes] = {
            "strings": strings,
            "needs": needs,
            "interpreter": self.interpreter or b"",
            "notes": self.notes,
            "comment": self.comment or b"",
            "names": b"\0.names\0.comment\0",
        }
        at = header_size + 5 * segment_size
        for name, content in parts.items():
            self.offsets[name] = at
            at += -(-len(content) // 8) * 8
        entries += [(5, BASE + self.offsets["strings"]), (10, len(strings)), *self.extra]
        if self.needs:
            entries += [(0x6FFFFFFE, BASE + self.offsets["needs"]), (0x6FFFFFFF, len(self.needs))]
        parts["dynamic"] = b"".join(self.pack("QQ" if wide else "II", *entry) for entry in [*entries, (0, 0)])
        self.offsets["dynamic"] = at
        at += -(-len(parts["dynamic"]) // 8) * 8
        self.offsets["sections"] = at
        segments = self._segments(parts, at) if self.has_segments else []
        sections = self._sections(parts, len(segments)) if self.has_sections else []
        large = self.has_large_counts
        header = b"\x7fELF" + bytes([2 if wide else 1, 1 if self.order == "<" else 2, 1]) + bytes(9)
        header += self.pack(
            "HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH",
            *(self.type, self.machine, 1, 0),
            *(header_size if segments else 0, at if sections else 0, 0, header_size),
            *(segment_size, 0xFFFF if large else len(segments)),
            *(section_size, 0 if large else len(sections), (0xFFFF if large else 1) if sections else 0),
        )
        file = bytearray(at)
        file[: len(header)] = header
        table = b"".join(segments)
        file[header_size : header_size + len(table)] = table
        for name, content in parts.items():
            file[self.offsets[name] : self.offsets[name] + len(content)] = content
        return bytes(file) + b"".join(sections)

    def _segments(self, parts: dict[str, bytes], size: int) -> list[bytes]:
        def segment(type_: int, offset: int, length: int, align: int = 8) -> bytes:
            address = BASE + offset
            if self.bits == 64:
                return self.pack("IIQQQQQQ", type_, 4, offset, address, address, length, length, align)
            return self.pack("IIIIIIII", type_, offset, address, address, length, length, 4, align)

        made = [segment(1, 0, size), segment(2, self.offsets["dynamic"], len(parts["dynamic"]))]
        if self.interpreter is not None:
            made.append(segment(3, self.offsets["interpreter"], len(self.interpreter)))
        if self.notes:
            made.append(segment(4, self.offsets["notes"], len(self.notes), self.note_align))
        return made

    def _sections(self, parts: dict[str, bytes], segment_count: int) -> list[bytes]:
        def section(name: int, type_: int, part: str = "", link: int = 0, info: int = 0) -> bytes:
            offset, length = (self.offsets[part], len(parts[part])) if part else (0, 0)
            layout = "IIQQQQIIQQ" if self.bits == 64 else "IIIIIIIIII"
            return self.pack(layout, name, type_, 0, 0, offset, length, link, info, 4, 0)

        made = [section(1, 3, "names"), section(0, 3, "strings"), section(0, 6, "dynamic", 2)]
        if self.needs:
            made.append(section(0, 0x6FFFFFFE, "needs", 2, len(self.needs)))
        if self.notes:
            made.append(section(0, 7, "notes"))
        if self.comment is not None:
            made.append(section(8, 1, "comment"))
        zeroth = section(0, 0)
        if self.has_large_counts:
            layout = "IIQQQQIIQQ" if self.bits == 64 else "IIIIIIIIII"
            zeroth = self.pack(layout, 0, 0, 0, 0, 0, len(made) + 1, 1, segment_count, 0, 0)
        return [zeroth, *made]


@pytest.fixture
def image() -> Callable[..., Image]:
    def make(**options: Any) -> Image:  # noqa: ANN401 - the fields of Image, of many types
        return Image(**options)

    return make


@pytest.fixture
def note() -> Callable[..., bytes]:
    """Give a function that makes one ELF note."""

    def make(order: str, name: bytes, type_: int, content: bytes, padding: int = 4) -> bytes:
        def padded(data: bytes) -> bytes:
            return data + bytes(-len(data) % padding)

        return padded(struct.pack(f"{order}III", len(name), len(content), type_) + name) + padded(content)

    return make


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Give a function that compiles C text with gcc; the same text and flags are compiled once."""
    folder = tmp_path_factory.mktemp("compiled")
    made: dict[tuple[str, ...], Path] = {}

    def build(text: str, *flags: str) -> Path:
        key = (text, *flags)
        if key not in made:
            source = folder / f"{len(made)}.c"
            source.write_text(text)
            made[key] = folder / f"{len(made)}.bin"
            subprocess.run(["gcc", str(source), "-o", str(made[key]), *flags], check=True)
        return made[key]

    return build
