"""Do a wheel's tags say what its binaries are? A cross build that goes wrong gives a wheel that no installer refuses.

One finding is one sentence for all binaries that it is true of. A binary for another machine is no fault by itself:
some wheels carry a debugger's or an installer's programs for several. So it is worth a note where others fit, and a
warning where none does, or where Python would have to import it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.artifacts import tags as compatibility
from backlit.model.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backlit.artifacts.tags import Promise
    from backlit.model.native import NativeFile, VersionFloor


class Finding(NamedTuple):
    """Something that one binary and the tags do not agree on."""

    code: str
    """The diagnostic's code."""
    severity: Severity
    """The diagnostic's severity."""
    message: str
    """The diagnostic's sentence."""
    cure: str
    """What to do about it."""


def disagreements(tags: Sequence[str], binaries: Sequence[NativeFile]) -> list[Diagnostic]:
    """Give where a wheel's tags and its binaries disagree; `tags` are the expanded ones of its file name."""
    found: dict[Finding, list[str]] = {}
    for path, finding in _findings(tags, binaries):
        found.setdefault(finding, []).append(path)
    return [
        Diagnostic(finding.code, finding.severity, _places(paths), finding.message, finding.cure)
        for finding, paths in found.items()
    ]


_REPAIR: Final = "name the wheel for what it holds, or build it for what it is named for"
_OLDER: Final = "build it on, or for, the older system, or name it for the newer one"

_LIBSTDCXX: Final = {
    # glibc: the newest GLIBCXX and CXXABI that systems of its age have, by auditwheel's policies.
    (2, 5): ((3, 4, 8), (1, 3, 1)),
    (2, 12): ((3, 4, 13), (1, 3, 3)),
    (2, 17): ((3, 4, 19), (1, 3, 7)),
    (2, 24): ((3, 4, 22), (1, 3, 10)),
    (2, 26): ((3, 4, 24), (1, 3, 11)),
    (2, 31): ((3, 4, 28), (1, 3, 12)),
    (2, 34): ((3, 4, 29), (1, 3, 13)),
    (2, 35): ((3, 4, 30), (1, 3, 13)),
    (2, 39): ((3, 4, 33), (1, 3, 15)),
}
_FORMATS: Final = {"linux": "elf", "android": "elf", "windows": "pe"}


def _places(paths: Sequence[str]) -> str:
    first, *others = sorted(set(paths))
    return f"{first} and {len(others)} more" if others else first


def _findings(tags: Sequence[str], binaries: Sequence[NativeFile]) -> Iterator[tuple[str, Finding]]:
    files = [tuple(group) for _, group in groupby(binaries, key=_path)]
    promises = compatibility.promises(tags)
    if {tag.rpartition("-")[2] for tag in tags} == {"any"}:
        yield from ((_path(file[0]), _native_in_pure(file[0])) for file in files)
    brought = {name for binary in binaries for name in (binary.soname, binary.path.rpartition("/")[2]) if name}
    for promise in promises:
        fitting = any(_fits(file, promise) for file in files)
        for file in files:
            for finding in _against(file, promise, brought, fitting=fitting):
                yield file[0].path, finding
    pythons = {abi for abi in compatibility.abis(tags) if abi.startswith("cp")}
    oldest = compatibility.stable_abi_floor(tags)
    for file in files:
        for finding in (*_module(file, files, pythons), *_stable(file, oldest)):
            yield file[0].path, finding


def _path(binary: NativeFile) -> str:
    return binary.path


def _native_in_pure(binary: NativeFile) -> Finding:
    severity = Severity.WARNING if binary.kind == "shared" else Severity.NOTE
    what = f"is native code for {_machine(binary)}, and the tag says that the wheel runs anywhere"
    return Finding("tag-platform", severity, what, _REPAIR if severity is Severity.WARNING else "")


def _machine(binary: NativeFile) -> str:
    system = binary.system or {"elf": "ELF", "macho": "Mach-O", "pe": "PE"}[binary.format]
    return f"{system} {binary.architecture}"


def _is_for(binary: NativeFile, promise: Promise) -> bool:
    """Tell whether a binary is for a tag's system; one that does not say which is taken to be, by its format."""
    if binary.architecture == "MSIL":
        return True
    if binary.system is None:
        return binary.format == _FORMATS.get(promise.systems[0], "macho")
    # glibc and musl know of no other system, and mark a file for Linux, or not at all.
    return binary.system in promise.systems


def _runs_on(binary: NativeFile, architecture: str) -> bool:
    alike = {"AMD64": {"ARM64EC"}, "ARM64": {"ARM64EC", "ARM64X"}, "x86_64": {"x86_64h"}}
    return binary.architecture in {architecture, "MSIL"} | alike.get(architecture, set())


def _fits(file: Sequence[NativeFile], promise: Promise) -> bool:
    parts = [part for part in file if _is_for(part, promise)]
    return all(any(_runs_on(part, machine) for part in parts) for machine in promise.architectures)


def _against(file: Sequence[NativeFile], promise: Promise, brought: set[str], *, fitting: bool) -> Iterator[Finding]:
    """Give what one file and one platform tag do not agree on."""
    is_module = any(part.python for part in file) or compatibility.module_name(file[0].path) is not None
    severity = Severity.NOTE if fitting and not is_module else Severity.WARNING
    what = " and ".join(dict.fromkeys(_machine(part) for part in file))
    parts = [part for part in file if _is_for(part, promise)]
    if not parts:
        yield Finding("tag-platform", severity, f"is for {what}, and the tag says {promise.tag}", _REPAIR)
        return
    if not _fits(file, promise):
        yield Finding("tag-architecture", severity, f"is for {what}, and the tag says {promise.tag}", _REPAIR)
    for part in parts:
        if any(_runs_on(part, machine) for machine in promise.architectures):
            yield from _older(part, promise, brought)


def _older(binary: NativeFile, promise: Promise, brought: set[str]) -> Iterator[Finding]:
    """Give what a binary needs that the oldest system of a tag does not have."""
    if promise.libc is None:
        yield from _older_system(binary, promise)
        return
    if binary.libc not in {None, promise.libc}:
        what = f"needs {binary.libc}, and the tag says {promise.tag}"
        yield Finding("tag-libc", Severity.WARNING, what, _REPAIR)
        return
    for floor in binary.versions:
        if _is_newer(floor, promise, brought):
            yield _too_new(f"{floor.name} {floor.version}".strip(), promise)


def _older_system(binary: NativeFile, promise: Promise) -> Iterator[Finding]:
    is_mac = binary.system == "macos"
    # No Mac of this machine has an older one.
    floor = max(promise.floor, (11, 0)) if is_mac and binary.architecture == "arm64" else promise.floor
    needed = _numbers(binary.system_floor or "")
    if not floor or needed <= floor:
        return
    finding = _too_new(f"{binary.system} {binary.system_floor}", promise)
    # From 11 on a tag names no minor version: what needs 12.3 has no other name than 12.0.
    is_unsayable = is_mac and floor[0] == needed[0] >= 11  # noqa: PLR2004 - see above
    yield finding._replace(severity=Severity.NOTE, cure="") if is_unsayable else finding


def _too_new(what: str, promise: Promise) -> Finding:
    return Finding("tag-floor", Severity.WARNING, f"needs {what}, newer than the tag says: {promise.tag}", _OLDER)


def _is_newer(floor: VersionFloor, promise: Promise, brought: set[str]) -> bool:
    oldest = promise.floor
    # A version of glibc's name in the compilers' own library is a version of that library.
    if not oldest or promise.libc != "glibc" or floor.soname in brought or floor.soname.startswith("libgcc_s."):
        return False
    match floor.name:
        case "GLIBC":
            # CentOS 7, for which the tag was made, has the versions of 2.18 on this machine.
            is_centos = oldest == (2, 17) and "aarch64" in promise.architectures
            return _numbers(floor.version) > ((2, 18) if is_centos else oldest)
        case "GLIBC_ABI_DT_RELR":
            return oldest < (2, 36)
        case "GLIBCXX" | "CXXABI":
            known = [versions for since, versions in sorted(_LIBSTDCXX.items()) if since <= oldest]
            return bool(known) and _numbers(floor.version) > known[-1][floor.name == "CXXABI"]
        case _:
            return False


@lru_cache(1_024)
def _numbers(version: str) -> tuple[int, ...]:
    # More digits than any version has would be an error to turn into a number.
    return tuple(int(part) if len(part) < 10 else 10**9 for part in version.split(".") if part.isdigit())  # noqa: PLR2004


def _module(file: Sequence[NativeFile], files: Sequence[Sequence[NativeFile]], pythons: set[str]) -> Iterator[Finding]:
    """Give what an extension module's file name says that is not so: Python looks for modules by name.

    `pythons` are the ABI tags of one version.
    """
    name = compatibility.module_name(file[0].path)
    if name is None:
        return
    if name.architecture and not any(_runs_on(part, name.architecture) for part in file):
        what = f"is for {_machine(file[0])}, and its file name says {name.architecture}"
        yield Finding("name-architecture", Severity.WARNING, what, "build it with the suffix of the machine it is for")
    elif name.libc and {part.libc for part in file}.isdisjoint({name.libc, None}):
        what = f"needs {file[0].libc}, and its file name says {name.libc}"
        yield Finding("name-libc", Severity.WARNING, what, "build it with the suffix of the system it is for")
    if name.python == "abi3" or not pythons or name.python in pythons:
        return
    others = [compatibility.module_name(other[0].path) for other in files]
    if not any(other and other.stem == name.stem and other.python in pythons for other in others):
        what = f"is named for {name.python}, and the tag says {' and '.join(sorted(pythons))}: it cannot be imported"
        yield Finding("tag-abi", Severity.WARNING, what, "build it with the Python that the tag names")


def _stable(file: Sequence[NativeFile], oldest: tuple[int, ...] | None) -> Iterator[Finding]:
    """Give what an extension module takes of Python that a promise of the stable ABI does not cover.

    `oldest` is the Python from which on the tags promise it; None if they do not.
    """
    name = compatibility.module_name(file[0].path)
    if oldest is None and (name is None or name.python != "abi3"):
        return
    for api in dict.fromkeys(part.python for part in file if part.python):
        if not api.limited:
            names = ", ".join(api.beyond) or "it from the DLL of one version of Python"
            what = f"is named for the stable ABI, and imports {names}"
            yield Finding("tag-abi", Severity.WARNING, what, "define Py_LIMITED_API, or name it for one Python")
        elif oldest and api.floor and _numbers(api.floor) > oldest:
            what = f"imports what Python {api.floor} added, and the tag says {'.'.join(map(str, oldest))}"
            cure = f"set Py_LIMITED_API to {'.'.join(map(str, oldest))}, or name it for Python {api.floor}"
            yield Finding("tag-abi", Severity.WARNING, what, cure)
