"""What a project's own files say of its name and version, read from the first lines of each."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.scanners import _m4

if TYPE_CHECKING:
    from collections.abc import Iterator


class Said(NamedTuple):
    """What one file says."""

    name: str
    """Empty if it does not say."""
    version: str
    """Empty if it does not say."""
    line: int
    """Where."""
    text: str
    """What stands there, shortened."""


FILES: Final = (
    *("configure.ac", "configure.in", "configure", "CMakeLists.txt", "meson.build", "package.json", "vcpkg.json"),
    *("library.json", "VERSION", "VERSION.txt", "version.txt", "*.in", "*.h", "*.hpp", ".gitmodules"),
)
"""Files that are asked, by name or ending."""

_READ_AT_MOST: Final = 60_000

_NUMBER: Final = r"v?(\d+(?:\.\d+)+[\w.+-]{0,20})"

_AC_INIT: Final = re.compile(r"\bAC_INIT[ \t]*\(")

_DEFINED: Final = re.compile(
    r"(?<!\w)(?:m4_)?define\(\s*\[?\w*?(?i:(major|minor|micro|patch))\w*\]?\s*,\s*\[?(\d+)\]?\s*\)"
)

_PACKAGE: Final = re.compile(r"(?m)^PACKAGE_TARNAME='([\w.+-]{1,60})'\nPACKAGE_VERSION='([\w.+-]{0,40})'")

_CMAKE: Final = re.compile(r"(?i)^[ \t]*project\s*\(\s*\"?([\w.+-]{1,60})\"?([^)]{0,400})\)", re.MULTILINE)

_CMAKE_VERSION: Final = re.compile(rf"\bVERSION\s+\"?{_NUMBER}")

_MESON: Final = re.compile(r"\bproject\s*\(\s*'([\w. +-]{1,60})'([^)]{0,1200})")

_MESON_VERSION: Final = re.compile(rf"(?<![\w])version\s*:\s*'{_NUMBER}'")

_PC_NAME: Final = re.compile(r"(?m)^Name:[ \t]*([\w.+-]{1,60})[ \t]*$")

_MACRO: Final = re.compile(
    rb"#[ \t]*define[ \t]+([A-Z][A-Z0-9_]{1,40}?)_(?:LIB_|LIBRARY_|HEADER_)?VERSION(?:_STRING|_STR|_TEXT|_ID)?"
    rb"[ \t]+(?:\"v?|(?=\d+\.\d+\.\d))(\d+(?:\.\d+)+[\w.+-]{0,20})"
)
"""A macro, if it begins its line. Sought by its sign, for to try each line takes longer."""

_TEXT_OF_VERSION: Final = re.compile(rb"VERSION(?:_STRING|_STR|_TEXT|_ID)?[ \t]+(?:\"v?\d|\d+\.\d+\.\d)")
"""What stands in such a macro, and in few headers."""

_PART: Final = re.compile(
    rb"#[ \t]*define[ \t]+([A-Za-z][A-Za-z0-9_]{1,40}?)_(?:LIB_|LIBRARY_)?(?:(?:VERSION|VER)_?)?"
    rb"(MAJOR|MINOR|PATCH|RELEASE|MICRO|REVISION|BUGFIX|BUILD|TEENY)(?:_VERSION|_NUMBER)?[ \t]+\(?(\d{1,5})\b"
)

_MODULE: Final = re.compile(r"(?m)^\[submodule[^\]\n]*\]\n((?:[ \t]+[^\n]*\n?)+)")


def read(path: str, data: bytes) -> tuple[Said, ...]:
    """Give what a file says; a header may say several."""
    name = path.rpartition("/")[2]
    if name.endswith((".h", ".hpp", ".h.in")):
        return tuple(_headers(data))
    text = data[:_READ_AT_MOST].decode("utf-8", "replace").replace("\r\n", "\n")
    reader = _READERS.get(name) or (_of_pc if name.endswith(".pc.in") else None)
    return tuple(reader(text)) if reader else ()


def submodules(text: str) -> Iterator[tuple[str, str]]:
    """Give path and address of each submodule that ``.gitmodules`` names."""
    for found in _MODULE.finditer(text[:_READ_AT_MOST]):
        keys = dict(line.strip().partition("=")[::2] for line in found[1].splitlines())
        held = {key.strip(): value.strip() for key, value in keys.items()}
        if held.get("path") and held.get("url"):
            yield held["path"], held["url"]


def _said(text: str, found: re.Match[str], name: str, version: str) -> Said:
    return Said(name, version, text.count("\n", 0, found.start()) + 1, " ".join(found[0].split())[:100])


def _of_autoconf(text: str) -> Iterator[Said]:
    text = _m4.without_comments(text)
    found = _AC_INIT.search(text)
    if found is None:
        return
    given, end = _m4.arguments(text, found.end(), found.end() + _LONGEST_CALL)
    name, said, _, tarname, *_ = (*(argument.text.strip() for argument in given), "", "", "", "")
    version = re.fullmatch(_NUMBER, said)
    defined = _m4_version(text) if version is None else None
    name = tarname or name
    plain = name if re.fullmatch(r"[\w.+ -]{1,60}", name) else ""
    line, shown = text.count("\n", 0, found.start()) + 1, " ".join(text[found.start() : end].split())[:100]
    yield Said(plain.replace(" ", "-"), version[1] if version else defined or "", line, shown)


_LONGEST_CALL: Final = 2_000


def _m4_version(text: str) -> str | None:
    """Give a version that is put together of what is defined: major, minor, micro."""
    parts: dict[str, str] = {}
    for key, number in _DEFINED.findall(text):
        parts.setdefault(key.lower(), number)
    found = [parts[key] for key in ("major", "minor", "micro", "patch") if key in parts]
    return ".".join(found) if len(found) > 1 else None


def _of_configure(text: str) -> Iterator[Said]:
    found = _PACKAGE.search(text)
    if found is not None:
        version = re.fullmatch(_NUMBER, found[2])
        yield _said(text, found, found[1], version[1] if version else "")


def _of_cmake(text: str) -> Iterator[Said]:
    found = _CMAKE.search(text)
    if found is not None and "$" not in found[1]:
        version = _CMAKE_VERSION.search(found[2])
        yield _said(text, found, found[1], version[1] if version else _cmake_parts(text, found[1]))


def _cmake_parts(text: str, name: str) -> str:
    """Give a version that is set part by part, as projects did before ``project(VERSION)``; empty if it is not."""
    pattern = rf"(?im)^[ \t]*set\s*\(\s*(?:PROJECT|{re.escape(name)})_VERSION_(MAJOR|MINOR|PATCH)\s+\"?(\d+)\"?\s*\)"
    parts: dict[str, str] = {}
    for key, number in re.findall(pattern, text):
        parts.setdefault(key.upper(), number)
    found = [parts[key] for key in ("MAJOR", "MINOR", "PATCH") if key in parts]
    return ".".join(found) if len(found) > 1 else ""


def _of_meson(text: str) -> Iterator[Said]:
    found = _MESON.search(text)
    if found is not None:
        version = _MESON_VERSION.search(found[2])
        yield _said(text, found, found[1], version[1] if version else "")._replace(text=f"project('{found[1]}')")


def _of_json(text: str) -> Iterator[Said]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(table, dict) and isinstance(table.get("name"), str):
        version = next((table[key] for key in ("version", "version-string", "version-semver") if key in table), "")
        yield Said(table["name"].rpartition("/")[2], version if isinstance(version, str) else "", 1, "name")


def _of_version(text: str) -> Iterator[Said]:
    found = re.fullmatch(rf"\s*(?:version[ \t:=]*)?{_NUMBER}\s*", text[:200], re.IGNORECASE)
    if found is not None:
        yield Said("", found[1], 1, found[1])


def _of_pc(text: str) -> Iterator[Said]:
    found = _PC_NAME.search(text)
    if found is not None:
        yield _said(text, found, found[1], "")


_READERS: Final = {
    "configure.ac": _of_autoconf,
    "configure.in": _of_autoconf,
    "configure": _of_configure,
    "CMakeLists.txt": _of_cmake,
    "meson.build": _of_meson,
    **dict.fromkeys(("package.json", "vcpkg.json", "library.json"), _of_json),
    **dict.fromkeys(("VERSION", "VERSION.txt", "version.txt"), _of_version),
}

_ORDER: Final = (b"MAJOR", b"MINOR", b"PATCH", b"RELEASE", b"MICRO", b"REVISION", b"BUGFIX", b"BUILD", b"TEENY")


_BESIDE_PARTS: Final = (b"VERSION", b"_VER_", b"_PATCH", b"_MICRO")
"""One of these is in a header that says its version part by part; others have major and minor numbers of devices."""


def _headers(data: bytes) -> Iterator[Said]:
    """Give the versions that macros of a header say, each with the macros' prefix as its name."""
    seen: set[bytes] = set()
    # Each macro of a header is a place to try: only what can say a version is tried.
    for found in _MACRO.finditer(data) if _TEXT_OF_VERSION.search(data) else ():
        if found[1] not in seen and _begins_line(data, found.start()):
            seen.add(found[1])
            yield _of_macro(data, found, found[1], found[2].decode("latin-1"))
    parts: dict[bytes, dict[bytes, re.Match[bytes]]] = {}
    has_parts = b"MAJOR" in data and b"MINOR" in data and any(word in data for word in _BESIDE_PARTS)
    for found in _PART.finditer(data) if has_parts else ():
        if _begins_line(data, found.start()):
            parts.setdefault(found[1], {}).setdefault(found[2], found)
    for prefix, numbers in parts.items():
        if b"MAJOR" in numbers and b"MINOR" in numbers and prefix not in seen:
            whole = [numbers[part][3].decode() for part in _ORDER if part in numbers]
            yield _of_macro(data, numbers[b"MAJOR"], prefix, ".".join(whole[:3]))


def _begins_line(data: bytes, at: int) -> bool:
    return not data[data.rfind(b"\n", 0, at) + 1 : at].strip(b" \t")


def _of_macro(data: bytes, found: re.Match[bytes], prefix: bytes, version: str) -> Said:
    text = " ".join(found[0].decode("latin-1").split())
    return Said(prefix.decode("latin-1").lower(), version, data.count(b"\n", 0, found.start()) + 1, text[:100])
