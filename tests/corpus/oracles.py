"""What other readers say of a binary, in the words of the model: pyelftools, lief and pefile.

Each gives a table of facts, and :func:`said_by` gives the same facts of ours. A reader that cannot tell a fact leaves
it out.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import lief
import pefile  # type: ignore[import-untyped]  # it has no types
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.segments import InterpSegment, NoteSegment

from backlit.binfmt._python import python_api

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.native import NativeFile

_TOOLS = {"CLANG": "clang", "SWIFT": "swift", "LD": "ld", "LLD": "lld"}


def said_by(native: NativeFile) -> dict[str, Any]:
    """Give what our reader says."""
    facts = native._asdict()
    facts["versions"] = {(floor.soname, floor.name): floor.version for floor in native.versions}
    facts["runpath"], facts["rpath"] = list(native.runpath), list(native.rpath)
    return {key: list(value) if isinstance(value, tuple) and key != "python" else value for key, value in facts.items()}


def by_pyelftools(content: bytes) -> dict[str, Any]:
    """Give what pyelftools says of an ELF file."""
    elf = ELFFile(io.BytesIO(content))
    segments = list(elf.iter_segments())
    dynamic = next((one for one in segments if isinstance(one, DynamicSegment)), None)
    tags = list(dynamic.iter_tags()) if dynamic else []
    values = {tag.entry.d_tag: tag for tag in tags}
    notes = [note for one in segments if isinstance(one, NoteSegment) for note in one.iter_notes()]
    # The owner is checked here: pyelftools takes SystemTap's notes of type 3 for build ids.
    ids = [note["n_desc"] for note in notes if note["n_type"] == "NT_GNU_BUILD_ID" and note["n_name"] == "GNU"]
    comment = elf.get_section_by_name(".comment")
    symbols: Any = elf.get_section_by_name(".dynsym")
    undefined = [one.name for one in symbols.iter_symbols() if one["st_shndx"] == "SHN_UNDEF"] if symbols else []
    texts = {name: getattr(values.get(f"DT_{name}"), name.lower(), "") for name in ("RPATH", "RUNPATH")}
    return {
        "bits": elf.elfclass,
        "byteorder": "little" if elf.little_endian else "big",
        "needed": [getattr(tag, "needed", None) for tag in tags if tag.entry.d_tag == "DT_NEEDED"],
        "soname": getattr(values.get("DT_SONAME"), "soname", None),
        "rpath": texts["RPATH"].split(":") if texts["RPATH"] else [],
        "runpath": texts["RUNPATH"].split(":") if texts["RUNPATH"] else [],
        "interpreter": next((one.get_interp_name() for one in segments if isinstance(one, InterpSegment)), None),
        "build_id": next(iter(ids), None),
        "comments": sorted({part.decode() for part in comment.data().split(b"\0") if part}) if comment else [],
        "versions": _newest(elf),
        "python": _python(undefined),
    }


def _newest(elf: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - pyelftools has no types
    newest: dict[tuple[str, str], str] = {}
    section = elf.get_section_by_name(".gnu.version_r")
    for need, entries in section.iter_versions() if isinstance(section, GNUVerNeedSection) else ():
        for entry in entries:
            found = re.fullmatch(r"(.+?)_([0-9]+(?:[._][0-9]+)*[a-z]?)", entry.name)
            family, version = (found[1], found[2]) if found else (str(entry.name), "")
            key = (str(need.name), family)
            newest[key] = max(newest.get(key, version), version, key=_numbers)
    return newest


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", version)]


def _python(names: Iterable[str], *, of_one_version: bool = False) -> Any:  # noqa: ANN401 - as the model has it
    return python_api((name.encode() for name in names if re.match("_?Py", name)), of_one_version=of_one_version)


def by_lief(content: bytes) -> list[dict[str, Any]]:
    """Give what lief says of a file, for each architecture in it."""
    if content.startswith(b"\x7fELF"):
        return [_elf(lief.ELF.parse(content))]
    if content.startswith(b"MZ"):
        return [_pe(lief.PE.parse(content))]
    universal: Any = lief.MachO.parse(content)  # owns what it gives
    return [_mach_o(binary) for binary in universal]


def _elf(elf: Any) -> dict[str, Any]:  # noqa: ANN401 - lief's types are not checked here
    names = [entry.name for entry in elf.dynamic_entries if entry.tag == lief.ELF.DynamicEntry.TAG.SONAME]
    return {"needed": list(elf.libraries), "soname": names[-1] if names else None}


def _mach_o(binary: Any) -> dict[str, Any]:  # noqa: ANN401 - lief's types are not checked here
    kinds = lief.MachO.LoadCommand.TYPE
    named: dict[Any, list[str]] = {}
    for library in binary.libraries:
        named.setdefault(library.command, []).append(library.name)
    needed = {kinds.LOAD_DYLIB, kinds.REEXPORT_DYLIB, kinds.LOAD_UPWARD_DYLIB}
    facts = {
        "needed": [library.name for library in binary.libraries if library.command in needed],
        "weak": named.get(kinds.LOAD_WEAK_DYLIB, []),
        "delayed": named.get(kinds.LAZY_LOAD_DYLIB, []),
        "reexported": named.get(kinds.REEXPORT_DYLIB, []),
        "soname": next(iter(named.get(kinds.ID_DYLIB, [])), None),
        "rpath": [one.path for one in binary.rpaths],
        "build_id": bytes(binary.uuid.uuid).hex() if binary.has_uuid else None,
        "kind": {"OBJECT": "object", "EXECUTE": "executable"}.get(binary.header.file_type.name, "shared"),
        "architecture": _architecture(binary.header),
    }
    if binary.has_build_version:
        build = binary.build_version
        facts["system"] = build.platform.name.lower()
        facts["system_floor"], facts["sdk"] = _version(build.minos), _version(build.sdk)
        facts["comments"] = sorted({f"{_TOOLS[one.tool.name]} {_version(one.version)}" for one in build.tools})
    elif binary.has_version_min:
        facts["system_floor"], facts["sdk"] = _version(binary.version_min.version), _version(binary.version_min.sdk)
    undefined = [symbol.name[1:] for symbol in binary.imported_symbols if symbol.name.startswith(("_Py", "__Py"))]
    facts["python"] = _python(undefined)
    return facts


def _architecture(header: Any) -> str:  # noqa: ANN401 - lief's types are not checked here
    name = header.cpu_type.name.lower()
    return "i386" if name == "x86" else name


def _version(numbers: list[int]) -> str | None:
    major, minor, patch = numbers
    return (f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}") if any(numbers) else None


def _pe(binary: Any) -> dict[str, Any]:  # noqa: ANN401 - lief's types are not checked here
    facts = {
        "needed": [one.name for one in binary.imports],
        "delayed": [one.name for one in binary.delay_imports],
        "soname": (binary.get_export().name or None) if binary.has_exports else None,
    }
    optional = binary.optional_header
    facts["system_floor"] = f"{optional.major_subsystem_version}.{optional.minor_subsystem_version}"
    return facts


def by_pefile(content: bytes) -> dict[str, Any]:
    """Give what pefile says of a PE file."""
    binary = pefile.PE(data=content)
    imports = getattr(binary, "DIRECTORY_ENTRY_IMPORT", [])
    python = [one for one in imports if re.match(rb"(lib)?python3", one.dll, re.IGNORECASE)]
    names = [symbol.name.decode() for one in python for symbol in one.imports if symbol.name]
    debug = [
        one.entry for one in getattr(binary, "DIRECTORY_ENTRY_DEBUG", []) if hasattr(one.entry, "Signature_String")
    ]
    optional = binary.OPTIONAL_HEADER
    rich = binary.parse_rich_header()
    return {
        "bits": 64 if optional.Magic == 0x20B else 32,
        "needed": [one.dll.decode() for one in imports],
        "delayed": [one.dll.decode() for one in getattr(binary, "DIRECTORY_ENTRY_DELAY_IMPORT", [])],
        "system_floor": f"{optional.MajorSubsystemVersion}.{optional.MinorSubsystemVersion}",
        "build_id": next((entry.Signature_String.lower() for entry in debug), None),
        "python": _python(
            names, of_one_version=any(not re.match(rb"python3\.dll", one.dll, re.IGNORECASE) for one in python)
        ),
        "builds": sorted({pair & 0xFFFF for pair in rich["values"][::2] if pair & 0xFFFF}) if rich else [],
    }
