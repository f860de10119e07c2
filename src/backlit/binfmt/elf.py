"""ELF, the binary format of Linux and most other Unix systems: 32 and 64 bits, both byte orders.

What a loader would see is read: the dynamic section through the program headers (``PT_DYNAMIC``, addresses mapped to
offsets by ``PT_LOAD``), so a file stripped of its section headers is read whole. Where a file has no program headers,
as relocatable objects have none, the sections are read. ``.comment`` exists as a section only.

Every table must lie inside the file, and every count has a limit that no real file comes near, so that no file,
however made, takes long. A file that was cut short is therefore an error, even where a loader could still use it.

A version's name is split before its number: ``GLIBC_2.34`` is ``2.34`` of the family ``GLIBC``, ``OPENSSL_1_1_1d`` is
``1_1_1d`` of ``OPENSSL``, and the newest of a family is kept. A name that does not end in a number (``GLIBC_PRIVATE``,
``CXXABI_FLOAT128``, ``libcurl.so.4``) cannot be compared: it is a family of its own, with an empty version. Weak
requirements count too, as they do for auditwheel.

After the System V ABI (https://gabi.xinuos.com), the Linux Standard Base's chapter on symbol versioning, and the
machine numbers of Linux's ``elf-em.h``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from backlit.binfmt import _crates as rust
from backlit.binfmt._elf_notes import notes_of
from backlit.binfmt._elf_symbols import imported
from backlit.binfmt._elf_tables import (
    PT_DYNAMIC,
    PT_INTERP,
    SHT_DYNAMIC,
    SHT_GNU_VERNEED,
    Strings,
    Tables,
    open_tables,
)
from backlit.binfmt._python import python_api
from backlit.model.native import NativeFile, VersionFloor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backlit.binfmt import BinaryReader
    from backlit.model.native import LinkedCrate
    from backlit.support.cursor import Source


class Elf:
    """The reader of ELF files."""

    name = "elf"

    def recognises(self, head: bytes) -> bool:
        """Tell whether a file starts as ELF does."""
        return head.startswith(b"\x7fELF")

    def read(self, data: Source, path: str) -> tuple[NativeFile, ...]:
        """Give what an ELF file says of itself.

        :raises FormatError: if the bytes are no ELF, or are damaged.
        """
        tables = open_tables(data, path)
        dynamic = _dynamic_of_segments(tables) if tables.segments else _dynamic_of_sections(tables)
        interpreter = _interpreter(tables)
        soname = dynamic.last(_DT_SONAME)
        needed = dynamic.every(_DT_NEEDED)
        floors = _floors(dynamic.version_needs())
        notes = notes_of(tables)
        libc = _libc(needed, floors, interpreter, notes.system)
        native = NativeFile(
            path=path,
            format=self.name,
            kind=_kind(tables, dynamic, is_started=interpreter is not None and soname is None),
            architecture=_named(tables.machine, tables.bits, tables.byteorder),
            bits=tables.bits,
            byteorder=tables.byteorder,
            needed=needed,
            soname=soname,
            rpath=_folders(dynamic.last(_DT_RPATH)),
            runpath=_folders(dynamic.last(_DT_RUNPATH)),
            versions=floors,
            interpreter=interpreter,
            build_id=notes.build_id,
            comments=_comments(tables),
            size=tables.cursor.size,
            system=notes.system or _SYSTEMS.get(tables.system) or _LIBC_SYSTEMS.get(libc or ""),
            system_floor=notes.floor,
            libc=libc,
            python=python_api(imported(tables, dynamic.values, dynamic.strings)),
            dlopen=notes.dlopen,
            package=notes.package,
            crates=_crates(tables),
        )
        return (native,)


_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_STRSZ, _DT_SONAME, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 10, 14, 15, 29
_DT_FLAGS_1, _DT_VERNEED, _DT_VERNEEDNUM = 0x6FFFFFFB, 0x6FFFFFFE, 0x6FFFFFFF
_DF_1_PIE: Final = 0x08000000
_ET_REL, _ET_EXEC, _ET_DYN = 1, 2, 3

_MAX_ENTRIES: Final = 16_384
_MAX_NEEDED: Final = 4_096
_MAX_VERSIONS: Final = 16_384
_MAX_VERSION_NAME: Final = 1_024
_MAX_PATH: Final = 4_096
_MAX_FOLDERS: Final = 65_536
_MAX_COMMENT: Final = 1_048_576


class _Dynamic(NamedTuple):
    """The dynamic section, and the tables that it names."""

    entries: tuple[tuple[int, int], ...]
    """Tag and value of each, in file order."""
    values: dict[int, int]
    """The last value of each tag: it is the one that a loader uses."""
    strings: Strings
    """The names in `entries`."""
    needs: int | None
    """Where the first version need is; None if there is none."""
    need_count: int
    """How many version needs there are."""
    need_strings: Strings
    """The names in the version needs."""

    def every(self, tag: int) -> tuple[str, ...]:
        """Give all strings of a tag, in file order."""
        return tuple(self.strings.at(value) for key, value in self.entries if key == tag)

    def last(self, tag: int) -> str | None:
        """Give the last string of a tag."""
        value = self.values.get(tag)
        return None if value is None else self.strings.at(value, _MAX_FOLDERS)

    def version_needs(self) -> Iterator[tuple[str, str]]:
        """Give library and version name of each requirement, in file order.

        Links lead forward only; the number of records bounds the walk.
        """
        cursor = self.strings.cursor
        at, seen = self.needs or 0, 0
        for _ in range(self.need_count):
            _, count, file, first, step = cursor.unpack("HHIII", at, "version need")
            seen += 1 + count
            cursor.limit(seen, _MAX_VERSIONS, "version needs", at)
            library = self.need_strings.at(file, _MAX_VERSION_NAME)
            for name in self._names(at + first, count):
                yield library, name
            if not step:
                return
            at += step

    def _names(self, at: int, count: int) -> Iterator[str]:
        for _ in range(count):
            _, _, _, name, step = self.strings.cursor.unpack("IHHII", at, "version need's entry")
            yield self.need_strings.at(name, _MAX_VERSION_NAME)
            if not step:
                return
            at += step


def _dynamic_of_segments(tables: Tables) -> _Dynamic:
    segments = tables.segments_of(PT_DYNAMIC)
    nothing = Strings(tables.cursor, 0, 0)
    if not segments:
        return _Dynamic((), {}, nothing, None, 0, nothing)
    start, end = tables.loaded_from(segments[-1].address, "dynamic section")
    entries = _entries(tables, start, min(segments[-1].size, end - start))
    values = dict(entries)
    strings = nothing
    if _DT_STRTAB in values:
        start, end = tables.loaded_from(values[_DT_STRTAB], "string table")
        strings = Strings(tables.cursor, start, min(end, start + values.get(_DT_STRSZ, end - start)))
    if _DT_VERNEED not in values:
        return _Dynamic(entries, values, strings, None, 0, strings)
    needs, _ = tables.loaded_from(values[_DT_VERNEED], "table of version needs")
    return _Dynamic(entries, values, strings, needs, values.get(_DT_VERNEEDNUM, 0), strings)


def _dynamic_of_sections(tables: Tables) -> _Dynamic:
    entries: tuple[tuple[int, int], ...] = ()
    strings = need_strings = Strings(tables.cursor, 0, 0)
    needs, count = None, 0
    for section in tables.sections_of(SHT_DYNAMIC)[:1]:
        entries = _entries(tables, section.offset, section.size)
        strings = tables.strings_of(section)
    for section in tables.sections_of(SHT_GNU_VERNEED)[:1]:
        needs, count = section.offset, section.info
        need_strings = tables.strings_of(section)
    return _Dynamic(entries, dict(entries), strings, needs, count, need_strings)


def _entries(tables: Tables, offset: int, size: int) -> tuple[tuple[int, int], ...]:
    cursor, width = tables.cursor, tables.bits // 4
    layout = {8: "II", 16: "QQ"}[width]
    count = min(size // width, _MAX_ENTRIES + 1)
    cursor.span(offset, size, "dynamic section")
    table = cursor.table(layout, offset, count, width, "dynamic section")
    entries = cast("tuple[tuple[int, int], ...]", tuple(takewhile(_is_entry, table)))
    cursor.limit(len(entries), _MAX_ENTRIES, "dynamic entries", offset)
    cursor.limit([tag for tag, _ in entries].count(_DT_NEEDED), _MAX_NEEDED, "needed libraries", offset)
    return entries


def _is_entry(entry: tuple[int, ...]) -> bool:
    return entry[0] != _DT_NULL


def _interpreter(tables: Tables) -> str | None:
    for segment in tables.segments_of(PT_INTERP):
        return tables.cursor.string(segment.offset, segment.offset + segment.size, _MAX_PATH, "path of the loader")
    return None


def _kind(tables: Tables, dynamic: _Dynamic, *, is_started: bool) -> str:
    """Tell what a file is; programs that load at any address (PIE) have the type of shared libraries.

    Linkers mark them with ``DF_1_PIE`` since binutils 2.26; older ones are told by asking for a loader without having
    a name to be linked by (`is_started`). ``libc.so.6`` has both, and is a library.
    """
    if tables.type == _ET_DYN:
        is_program = dynamic.values.get(_DT_FLAGS_1, 0) & _DF_1_PIE or is_started
        return "executable" if is_program else "shared"
    return {_ET_REL: "object", _ET_EXEC: "executable"}.get(tables.type, "other")


_MACHINES: Final = {
    # e_machine: the name for 32 bits, for 64 bits; as `uname -m` says it, save that all of 32-bit ARM is `arm`.
    2: ("sparc", "sparc64"),
    3: ("i686", "i686"),
    4: ("m68k", "m68k"),
    8: ("mips", "mips64"),
    15: ("parisc", "parisc64"),
    18: ("sparc", "sparc64"),
    20: ("ppc", "ppc64"),
    21: ("ppc64", "ppc64"),
    22: ("s390", "s390x"),
    40: ("arm", "arm"),
    42: ("sh4", "sh4"),
    43: ("sparc64", "sparc64"),
    50: ("ia64", "ia64"),
    62: ("x86_64", "x86_64"),
    92: ("openrisc", "openrisc"),
    93: ("arc", "arc"),
    94: ("xtensa", "xtensa"),
    164: ("hexagon", "hexagon"),
    183: ("aarch64", "aarch64"),
    189: ("microblaze", "microblaze"),
    195: ("arc", "arc"),
    243: ("riscv32", "riscv64"),
    252: ("csky", "csky"),
    258: ("loongarch32", "loongarch64"),
    0x9026: ("alpha", "alpha"),
}
_OTHER_ORDER: Final = {("ppc", "little"): "ppcle", ("ppc64", "little"): "ppc64le", ("aarch64", "big"): "aarch64_be"}


MACHINE_HEAD: Final = 20
"""How many bytes from the start :func:`machine` reads."""


def machine(head: bytes) -> str | None:
    """Give the architecture that the first bytes of an ELF file tell; None if they are no ELF."""
    if len(head) < MACHINE_HEAD or not head.startswith(b"\x7fELF") or head[4] not in (1, 2) or head[5] not in (1, 2):
        return None
    order: Literal["little", "big"] = "little" if head[5] == 1 else "big"
    return _named(int.from_bytes(head[18:20], order), 32 * head[4], order)


def _named(number: int, bits: int, order: str) -> str:
    names = _MACHINES.get(number)
    if names is None:
        return f"unknown-{number}"
    name = dict(zip((32, 64), names, strict=True))[bits]
    return _OTHER_ORDER.get((name, order), name)


def _folders(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(":")) if text else ()


def _floors(needs: Iterable[tuple[str, str]]) -> tuple[VersionFloor, ...]:
    families: dict[tuple[str, str], list[str]] = {}
    for soname, name in set(needs):
        family, version = _split(name)
        families.setdefault((soname, family), []).append(version)
    return tuple(
        VersionFloor(soname=soname, name=family, version=max(versions, key=_age))
        for (soname, family), versions in sorted(families.items())
    )


# Whole parts of a name between underscores; neither can match in two ways, so both take linear time.
_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_LAST_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:[a-z][a-z0-9]*)?")


@lru_cache(4_096)  # the names of one wheel's binaries are few
def _split(name: str) -> tuple[str, str]:
    """Give family and version of a version's name; the version is empty if the name does not end in a number."""
    parts = name.split("_")
    start = len(parts)
    pattern = _LAST_NUMBERS
    while start > 1 and pattern.fullmatch(parts[start - 1]):
        start -= 1
        pattern = _NUMBERS
    family = "_".join(parts[:start])
    return (family, "_".join(parts[start:])) if family else (name, "")


@lru_cache(4_096)
def _age(version: str) -> tuple[list[tuple[int, str]], str, str]:
    """Give what orders versions: their numbers, then the letters after them, then the spelling.

    A number is compared as digits, by length first: turning 4,301 of them into an integer is an error in Python.
    """
    numbers = re.match(r"[0-9._]*", version)
    digits = numbers[0] if numbers else ""
    parts = [part.lstrip("0") for part in digits.replace("_", ".").split(".")]
    return [(len(part), part) for part in parts], version[len(digits) :], version


_GLIBC: Final = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux")
_SYSTEMS: Final = {2: "netbsd", 3: "linux", 6: "solaris", 7: "aix", 9: "freebsd", 12: "openbsd"}
_LIBC_SYSTEMS: Final = {"glibc": "linux", "musl": "linux", "bionic": "android"}


def _libc(
    needed: tuple[str, ...], floors: tuple[VersionFloor, ...], interpreter: str | None, system: str | None
) -> str | None:
    """Give the C library, by its own name where that is one of a kind; ``libc.so`` is the name of several."""
    loader = (interpreter or "").rpartition("/")[2]
    # GCC's own library has a version of that name for musl too.
    if any(floor.name == "GLIBC" and not floor.soname.startswith("libgcc_s.") for floor in floors):
        return "glibc"
    if any(name.startswith(_GLIBC) for name in needed):
        return "glibc"
    if any(name.startswith("libc.musl-") for name in needed) or loader.startswith("ld-musl-"):
        return "musl"
    return "bionic" if system == "android" or interpreter in {"/system/bin/linker", "/system/bin/linker64"} else None


def _crates(tables: Tables) -> tuple[LinkedCrate, ...]:
    for section in tables.named(rust.SECTION.encode()):
        if section.size <= rust.MOST_PACKED:
            return rust.crates_in(tables.cursor.bytes_at(section.offset, section.size, f"{rust.SECTION} section"))
    return ()


def _comments(tables: Tables) -> tuple[str, ...]:
    comments: set[str] = set()
    total = 0
    for section in tables.named(b".comment"):
        total += section.size
        tables.cursor.limit(total, _MAX_COMMENT, "bytes of comment", section.offset)
        text = tables.cursor.bytes_at(section.offset, section.size, ".comment section")
        comments.update(part.decode(errors="backslashreplace") for part in text.split(b"\0") if part)
    return tuple(sorted(comments))


ADAPTER: Final[BinaryReader] = Elf()
