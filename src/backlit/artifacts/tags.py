"""What a wheel's compatibility tags promise, to be held against its binaries.

After the binary distribution format, PEP 600 (``manylinux``), PEP 656 (``musllinux``), and what CPython's ``sysconfig``
calls macOS, Windows, Android (PEP 738) and iOS (PEP 730).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Promise(NamedTuple):
    """What one platform tag promises."""

    tag: str
    """The tag."""
    systems: tuple[str, ...]
    """Systems it is for, as :attr:`NativeFile.system` names them."""
    architectures: tuple[str, ...]
    """Machines that each binary must have code for, as :attr:`NativeFile.architecture` names them."""
    libc: str | None = None
    """The C library it is for; None if it does not say."""
    floor: tuple[int, ...] = ()
    """The oldest version of the C library, where it names one, else of the system; empty if it does not say."""


class ModuleName(NamedTuple):
    """What the file name of an extension module says."""

    stem: str
    """The path without what is said."""
    python: str
    """The implementation and version, as a wheel's ABI tag says it: ``cp311``, ``abi3``; empty if it does not say."""
    architecture: str
    """The machine, as :attr:`NativeFile.architecture` names it; empty if it does not say."""
    libc: str
    """The C library; empty if it does not say."""


def promises(tags: Iterable[str]) -> tuple[Promise, ...]:
    """Give what each platform tag promises, sorted; a tag that is not known, and ``any``, promises nothing here."""
    platforms = sorted({tag.rpartition("-")[2] for tag in tags})
    return tuple(promise for promise in map(_promise, platforms) if promise)


def stable_abi_floor(tags: Iterable[str]) -> tuple[int, ...] | None:
    """Give the oldest Python that the tags promise the stable ABI for; None if they do not."""
    pairs = (tag.split("-")[:2] for tag in tags)
    floors = [_python(python) for python, abi in pairs if abi.startswith("abi3")]
    return min((floor for floor in floors if floor), default=None)


def abis(tags: Iterable[str]) -> frozenset[str]:
    """Give the ABI tags."""
    return frozenset(tag.split("-")[1] for tag in tags)


@lru_cache(4_096)  # it is asked several times of each binary
def module_name(path: str) -> ModuleName | None:
    """Give what the file name of an extension module says; None if it is no name of one that says anything.

    After ``EXT_SUFFIX`` of CPython: ``.cpython-311-x86_64-linux-gnu.so``, ``.cp311-win_amd64.pyd``, ``.abi3.so``.
    """
    found = _UNIX.fullmatch(path) or _WINDOWS.fullmatch(path)
    if found is None:
        return None
    parts = found.groupdict()
    if parts.get("stable"):
        return ModuleName(parts["stem"], "abi3", "", "")
    machine = parts["machine"] or ""
    libc = {"gnu": "glibc", "musl": "musl"}.get((parts.get("libc") or "")[:4].rstrip("e"), "")
    return ModuleName(parts["stem"], f"cp{parts['python']}", _MACHINES.get(machine, machine), libc)


_UNIX: Final = re.compile(
    r"(?P<stem>.+?)\.(?:(?P<stable>abi3t?)|cpython-(?P<python>3\d+t?)(?:-darwin|-(?P<machine>\w+)-linux-(?P<libc>\w+))?)\.so"
)
_WINDOWS: Final = re.compile(r"(?P<stem>.+?)(?:_d)?\.cp(?P<python>3\d+t?)-(?P<machine>win\w+)\.pyd")
_LINUX: Final = re.compile(
    r"(?P<kind>manylinux|musllinux|linux)(?:(?P<year>1|2010|2014)|_(?P<version>\d+_\d+))?_(?P<machine>\w+)"
)
_APPLE: Final = re.compile(r"macosx_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")
_IOS: Final = re.compile(r"ios_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)_iphone(?P<kind>os|simulator)")
_ANDROID: Final = re.compile(r"android_(?P<level>\d+)_(?P<machine>\w+)")

_YEARS: Final = {"1": (2, 5), "2010": (2, 12), "2014": (2, 17)}
_MACHINES: Final = {
    "armv6l": "arm",
    "armv7l": "arm",
    "armv8l": "arm",
    "armeabi_v7a": "arm",
    "arm64_v8a": "aarch64",
    "i386": "i686",
    "powerpc64le": "ppc64le",
    "win32": "x86",
    "win_amd64": "AMD64",
    "win_arm32": "ARM",
    "win_arm64": "ARM64",
    "win_ia64": "IA64",
}
_APPLE_MACHINES: Final = {
    "universal2": ("arm64", "x86_64"),
    "intel": ("i386", "x86_64"),
    "fat": ("i386", "ppc"),
    "fat3": ("i386", "ppc", "x86_64"),
    "fat64": ("ppc64", "x86_64"),
    "universal": ("i386", "ppc", "ppc64", "x86_64"),
}


def _promise(tag: str) -> Promise | None:
    if tag == "win32" or tag.startswith("win_"):
        return Promise(tag, ("windows",), (_MACHINES.get(tag, tag),))
    if found := _LINUX.fullmatch(tag):
        libc = {"manylinux": "glibc", "musllinux": "musl"}.get(found["kind"])
        floor = _YEARS.get(found["year"] or "") or _numbers(found["version"])
        return Promise(tag, ("linux",), (_machine(found),), libc, floor if libc else ())
    if found := _APPLE.fullmatch(tag):
        machines = _APPLE_MACHINES.get(found["machine"], (found["machine"],))
        return Promise(tag, ("macos",), machines, floor=_oldest(found))
    if found := _IOS.fullmatch(tag):
        system = "ios" if found["kind"] == "os" else "iossimulator"
        return Promise(tag, (system,), (found["machine"],), floor=_oldest(found))
    if found := _ANDROID.fullmatch(tag):
        return Promise(tag, ("android",), (_machine(found),), floor=(int(found["level"]),))
    return None


def _machine(found: re.Match[str]) -> str:
    return _MACHINES.get(found["machine"], found["machine"])


def _oldest(found: re.Match[str]) -> tuple[int, ...]:
    return int(found["major"]), int(found["minor"])


def _numbers(version: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("_")) if version else ()


def _python(tag: str) -> tuple[int, ...]:
    """Give the version of a Python tag: ``cp38`` is 3.8; nothing for one that has none."""
    digits = tag.lstrip("abcdefghijklmnopqrstuvwxyz")
    return (int(digits[0]), int(digits[1:])) if len(digits) > 1 and digits.isascii() and digits.isdigit() else ()
