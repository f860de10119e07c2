"""Files that no package of the machine has: known unknowns, each with what is known of it all the same."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit import binfmt
from backlit.errors import FormatError
from backlit.model.diagnostic import Diagnostic, Severity
from backlit.model.report import UnownedFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.report import Library
    from backlit.pipeline.join.ledger import Entry, Ledger
    from backlit.pipeline.join.places import Places


def enter(ledger: Ledger, places: Places, programs: Iterable[str]) -> None:
    """Describe the libraries' files that no package has, and note them, and the programs that none has.

    The project's own programs are none of the machine's; nor are the Python that runs the hook and its python-config.
    """
    for entry in ledger.entries():
        files = {_described(path, entry) for path in _telling(entry.unowned)}
        entry.files = tuple(sorted(files, key=lambda file: (file.path, file.sha256 or "")))
        entry.version = entry.version or next((file.version for file in entry.files if file.version), None)
        for file in entry.files:
            ledger.note(_unowned_file(entry.resolved.id, file))
    for program in programs:
        if ledger.resolver.is_unowned(program) and places.is_machine(program) and not _is_of_this_python(program):
            ledger.note(_unowned_program(program.rpartition("/")[2]))
    for fault in ledger.resolver.faults:
        ledger.note(Diagnostic(code="unread-owners", severity=Severity.WARNING, where="owners", message=fault))


def _is_of_this_python(program: str) -> bool:
    folder, name = os.path.split(os.path.realpath(program))
    return folder == os.path.dirname(os.path.realpath(sys.executable)) and name.startswith("python")  # noqa: PTH120 - text


def whole(libraries: Iterable[Library], unowned: Iterable[str]) -> tuple[str, ...]:
    """Give the absolute paths of the libraries' files, from those that no package has; sorted."""
    ends = tuple(f"/{file.path}" for library in libraries for file in library.unowned)
    return tuple(sorted(path for path in {os.path.realpath(path) for path in unowned} if path.endswith(ends)))


def _telling(paths: set[str]) -> set[str]:
    """Give the files that tell most: what is linked, as it really is; headers where there is nothing else."""
    real = {os.path.realpath(path) for path in paths}
    return {path for path in real if _IS_LIBRARY.search(path)} or real


_IS_LIBRARY: Final = re.compile(r"\.(?:a|so(?:\.[\w.]+)?|dylib|tbd)$")


def _described(path: str, entry: Entry) -> UnownedFile:
    is_library = bool(_IS_LIBRARY.search(path))
    return UnownedFile(
        path=_below_prefix(path),
        sha256=_sha256(path),
        soname=_soname(path) if is_library else None,
        version=_version(path, entry, is_library=is_library),
    )


def _below_prefix(path: str) -> str:
    """Leave out the folders that differ from machine to machine: a report is compared with others."""
    found = re.fullmatch(r".*?/((?:lib\d*|include)/.*)", path)
    return found[1] if found else path.rpartition("/")[2]


def _sha256(path: str) -> str | None:
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and most builds have nothing to hash

    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None  # deleted by now, or not ours to read


def _soname(path: str) -> str | None:
    try:
        native = binfmt.read_file(Path(path))
    except (FormatError, OSError):
        return None  # a linker script, or a file that is gone: it has none that could be told
    return native.soname if native else None


def _version(path: str, entry: Entry, *, is_library: bool) -> str | None:
    """Give ``Version`` of the .pc files around a file that name it: with ``-l``, or as a module that was asked for."""
    link = re.sub(r"^lib|\.(?:a|so|dylib|tbd)\b.*$", "", path.rpartition("/")[2]) if is_library else None
    modules = {*entry.names.get("pkgconfig", ()), entry.resolved.id.rpartition("/")[2]}
    found = set()
    for pc in _pc_files(Path(path)):
        text = pc.read_text(encoding="utf-8", errors="replace")
        first = re.search(r"^Libs:(?:.*?\s)?-l(\S+)", text, re.MULTILINE)
        names = bool(first and first[1] == link) if is_library else pc.stem in modules
        version = re.search(r"^Version:[ \t]*([^\s$]+)[ \t]*$", text, re.MULTILINE)
        if names and version:
            found.add(version[1])
    return found.pop() if len(found) == 1 else None


def _pc_files(path: Path) -> list[Path]:
    """Give the .pc files of the folders that a library's, or a header's, prefix has for them."""
    folders = {path.parent / "pkgconfig"}
    for above in path.parents:
        if above.name in {"lib", "lib64", "include"}:
            # Where /lib and /usr/lib are two, .pc files are in the second alone.
            for prefix in (above.parent, above.parent / "usr"):
                folders |= {prefix / inner / "pkgconfig" for inner in ("lib", "lib64", "share")}
                folders |= set((prefix / "lib").glob("*-linux-*/pkgconfig"))
            break
    return sorted(pc for folder in folders if folder.is_dir() for pc in folder.glob("*.pc"))


def _unowned_file(library: str, file: UnownedFile) -> Diagnostic:
    return Diagnostic(
        code="unowned-file",
        severity=Severity.NOTE,
        where=file.path,
        message=f"no package of this machine has this file of {library}: its hash is all that tells what it is",
        cure="take the library from a package, or keep a record of where this file came from",
    )


def _unowned_program(program: str) -> Diagnostic:
    return Diagnostic(
        code="unowned-program",
        severity=Severity.NOTE,
        where=program,
        message="no package of this machine has this program, which took part in the build",
    )
