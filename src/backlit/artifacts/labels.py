"""The names that an artifact carries: in its file name, and in its metadata's first lines.

Plain tuples here: making one named tuple takes a third of the time in which a hook may load all this.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backlit.artifacts.zips import read_member
from backlit.errors import FormatError

if TYPE_CHECKING:
    from zipfile import ZipFile

MOST_METADATA_BYTES: Final = 16 << 20
SDIST_ENDINGS: Final = (".tar.gz", ".zip")

_DIST_INFO: Final = ".dist-info/"
_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")


def wheel_name(filename: str) -> tuple[str, tuple[str, ...]]:
    """Give the version in a wheel's file name, as spelled there, and its compatibility tags, one by one, sorted.

    After the binary distribution format, "File name convention".

    :raises FormatError: if it is not made as that says.
    """
    parts = filename.removesuffix(".whl").split("-")
    wrong = not filename.endswith(".whl") or len(parts) not in {5, 6} or not all(parts)
    if wrong or not all(_LETTERS.issuperset(part) for part in (parts[0], *parts[-3:])):
        raise FormatError("no file name of a wheel: name-version[-build]-python-abi-platform.whl", where=filename)
    if not _LETTERS.union("+!").issuperset(parts[1]) or (len(parts) == 6 and not "0" <= parts[2][0] <= "9"):  # noqa: PLR2004 - with a build tag
        raise FormatError("no file name of a wheel: its version or its build tag is none", where=filename)
    pythons, abis, platforms = (part.split(".") for part in parts[-3:])
    tags = {f"{python}-{abi}-{platform}" for python in pythons for abi in abis for platform in platforms}
    return parts[1], tuple(sorted(tags))


def sdist_version(filename: str, name: str) -> str:
    """Give the version in an sdist's file name; the project's name tells where it starts.

    Where the file is called by another name, it starts after the last ``-``.

    :raises FormatError: if there is none.
    """
    stem = next((filename.removesuffix(end) for end in SDIST_ENDINGS if filename.endswith(end)), "")
    parts = stem.split("-")
    for split in range(1, len(parts)):
        if _normal("-".join(parts[:split])) == _normal(name):
            return "-".join(parts[split:])
    if len(parts) == 1:
        raise FormatError("no file name of an sdist: name-version.tar.gz", where=filename)
    return parts[-1]


def labels_of_wheel(archive: ZipFile, where: str) -> tuple[str, str, str]:
    """Give the name and version that a wheel's METADATA says, and its ``.dist-info`` folder.

    :raises FormatError: if there is no such folder, or more than one, or METADATA is missing or does not say it.
    """
    names = archive.NameToInfo
    tops = {name.partition("/")[0] for name in names if _DIST_INFO in name}
    folders = sorted(top for top in tops if f"{top}/".endswith(_DIST_INFO))
    if len(folders) != 1:
        raise FormatError(f"{len(folders)} .dist-info folders where a wheel has one", where=where)
    member = names.get(f"{folders[0]}/METADATA")
    if member is None:
        raise FormatError(f"no {folders[0]}/METADATA", where=where)
    metadata = read_member(archive, member, MOST_METADATA_BYTES)
    return *labels_in(metadata, f"{where}: {member.filename}"), folders[0]


def labels_in(metadata: bytes, where: str) -> tuple[str, str]:
    """Give the name and version that METADATA or PKG-INFO says, as spelled there; errors name `where`.

    :raises FormatError: if a name or a version is missing, or there twice.
    """
    headers = headers_in(metadata, b"name", b"version")
    for key, values in headers.items():
        if len(values) != 1 or not values[0]:
            raise FormatError(f"{len(values) or 'no'} {key.decode().title()} where there must be one", where=where)
    return headers[b"name"][0], headers[b"version"][0]


def headers_in(metadata: bytes, *wanted: bytes) -> dict[bytes, list[str]]:
    """Give the headers of an e-mail-like file that are wanted, by key in lower case: values unfolded, in file order.

    They end at the first line that is empty or is no header, as :mod:`email` has it. Bytes that are no UTF-8 are
    replaced.
    """
    headers: dict[bytes, list[list[bytes]]] = {key: [] for key in wanted}
    value: list[bytes] = []
    end = _EMPTY_LINE.search(metadata)  # what follows is often long, and would be taken apart for nothing
    for line in metadata[: end.start() if end else None].splitlines():
        if line[:1] in {b" ", b"\t"} and value:
            value.append(line)  # some put a whole licence there
            continue
        key, colon, first = line.partition(b":")
        if not colon or not key or b" " in key:
            break
        value = [first]
        key = key.lower()
        if key in headers:
            headers[key].append(value)
    return {key: [_unfolded(lines) for lines in values] for key, values in headers.items()}


def _unfolded(lines: list[bytes]) -> str:
    return " ".join(line.decode(errors="replace").strip() for line in lines).strip()


def _normal(name: str) -> str:
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)
