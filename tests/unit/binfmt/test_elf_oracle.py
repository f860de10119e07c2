"""The reader of ELF files against pyelftools, over the libraries and programs of this machine."""

from __future__ import annotations

import re
import sys
import sysconfig
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.segments import InterpSegment, NoteSegment

from backlit import binfmt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.native import NativeFile

_FOLDERS = ("/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", sysconfig.get_config_var("DESTSHARED"))
_EACH = 60


@pytest.mark.parametrize("folder", _FOLDERS)
def test_pyelftools_says_the_same(folder: str) -> None:
    files = list(islice(_elf_files(Path(folder)), _EACH))
    if not files:
        pytest.skip(f"no ELF files in {folder}")
    for path in files:
        native = binfmt.read_file(path)
        assert native is not None
        assert _said_by(native) == _said_by_pyelftools(path), path


def _elf_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def _said_by(native: NativeFile) -> dict[str, Any]:
    return {
        "bits": native.bits,
        "byteorder": native.byteorder,
        "needed": list(native.needed),
        "soname": native.soname,
        "rpath": native.rpath,
        "runpath": native.runpath,
        "interpreter": native.interpreter,
        "build_id": native.build_id,
        "comments": native.comments,
        "versions": {(floor.soname, floor.name): floor.version for floor in native.versions},
    }


def _said_by_pyelftools(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        elf = ELFFile(file)
        segments = list(elf.iter_segments())
        tags = [tag for segment in segments if isinstance(segment, DynamicSegment) for tag in segment.iter_tags()]
        values = {tag.entry.d_tag: tag for tag in tags}
        notes = [note for segment in segments if isinstance(segment, NoteSegment) for note in segment.iter_notes()]
        # The owner is checked here: pyelftools takes SystemTap's notes of type 3 for build ids.
        build_ids = [
            note["n_desc"] for note in notes if note["n_type"] == "NT_GNU_BUILD_ID" and note["n_name"] == "GNU"
        ]
        comment = elf.get_section_by_name(".comment")
        rpath, runpath = (getattr(values.get(f"DT_{name}"), name.lower(), "") for name in ("RPATH", "RUNPATH"))
        return {
            "bits": elf.elfclass,
            "byteorder": "little" if elf.little_endian else "big",
            "needed": [getattr(tag, "needed", None) for tag in tags if tag.entry.d_tag == "DT_NEEDED"],
            "soname": getattr(values.get("DT_SONAME"), "soname", None),
            "rpath": tuple(rpath.split(":")) if rpath else (),
            "runpath": tuple(runpath.split(":")) if runpath else (),
            "interpreter": next((one.get_interp_name() for one in segments if isinstance(one, InterpSegment)), None),
            "build_id": next(iter(build_ids), None),
            "comments": tuple(
                sorted({part.decode() for part in comment.data().split(b"\0") if part}) if comment else ()
            ),
            "versions": _newest(elf),
        }


def _newest(elf: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - pyelftools has no types
    newest: dict[tuple[str, str], str] = {}
    section = elf.get_section_by_name(".gnu.version_r")
    for need, entries in section.iter_versions() if isinstance(section, GNUVerNeedSection) else ():
        for entry in entries:
            found = re.fullmatch(r"(.+?)_([0-9]+(?:[._][0-9]+)*)", entry.name)
            family, version = (found[1], found[2]) if found else (str(entry.name), "")
            key = (str(need.name), family)
            newest[key] = max(newest.get(key, version), version, key=_numbers)
    return newest


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", version)]


def test_the_machine_has_files_to_compare() -> None:
    assert sys.platform != "linux" or any(next(_elf_files(Path(folder)), None) for folder in _FOLDERS)
