"""The light look that a hook takes at every artifact: names, versions, members, and whether there is native code.

A hook of a project without native code loads this and no more: neither the report's model nor the readers of binaries.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.artifacts import labels, zips
from backlit.artifacts.candidates import HEAD, may_be_native, native_format
from backlit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from zipfile import ZipFile

    from backlit.artifacts.tars import Member

_MOST_TEXT_BYTES: Final = 1 << 20


class Glance(NamedTuple):
    """What an artifact says of itself at first look."""

    filename: str
    """The file's name, without a folder."""
    name: str
    """The project's name, as METADATA or PKG-INFO spells it."""
    version: str
    """The version, as METADATA or PKG-INFO spells it."""
    filename_version: str
    """The version in the file's name, as spelled there."""
    members: tuple[str, ...]
    """Paths of all files inside, sorted. An sdist's top folder is left out."""
    native: bool
    """True if a member of a wheel starts as native code does, or cannot be read. Always False for an sdist, which
    is not looked into."""


def glance(path: Path) -> Glance:
    """Take a light look at a wheel (``.whl``) or an sdist (``.tar.gz``, ``.zip``); the file's name decides which.

    :raises FormatError: if it is damaged, hostile, or not what its name says.
    :raises InputError: if it cannot be opened.
    """
    return _glance_at_wheel(path) if path.name.endswith(".whl") else _glance_at_sdist(path)


def member_text(path: Path, member: str) -> str | None:
    """Give the text of one member, called as in :attr:`Glance.members`.

    None if there is none of that name, or it is a link, larger than 1 MiB, or no UTF-8.

    :raises FormatError: if the archive, or this member, is damaged.
    :raises InputError: if the file cannot be opened.
    """
    content = _wheel_member(path, member) if path.name.endswith(".whl") else _sdist_member(path, member)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None


def _glance_at_wheel(path: Path) -> Glance:
    filename_version, _ = labels.wheel_name(path.name)
    with zips.open_zip(path) as archive:
        name, version, _ = labels.labels_of_wheel(archive, path.name)
        return Glance(
            filename=path.name,
            name=name,
            version=version,
            filename_version=filename_version,
            members=tuple(sorted(info.filename for info in archive.filelist if not info.is_dir())),
            native=_has_native_code(archive),
        )


def _has_native_code(archive: ZipFile) -> bool:
    try:
        return any(
            native_format(zips.read_head(archive, info, HEAD), info.file_size) is not None
            for info in archive.filelist
            if may_be_native(info.filename, info.file_size)
        )
    except FormatError:
        return True  # The longer look, which this answer leads to, says what is wrong with which member.


def _wheel_member(path: Path, member: str) -> bytes | None:
    with zips.open_zip(path) as archive:
        info = archive.NameToInfo.get(member)
        if info is None or info.file_size > _MOST_TEXT_BYTES:
            return None
        return zips.read_member(archive, info)


def _glance_at_sdist(path: Path) -> Glance:
    names: set[str] = set()
    said: dict[str, tuple[str, str]] = {}
    with closing(_sdist_members(path)) as members:
        for member in members:
            # A name may stand there twice, and the last one counts, as when it is unpacked: hatchling puts the
            # PKG-INFO of the sdist that a tree was unpacked from beside its own.
            names.add(member.name)
            top, _, rest = member.name.partition("/")
            if rest == "PKG-INFO" and not member.is_link and member.size <= labels.MOST_METADATA_BYTES:
                said[top] = labels.labels_in(member.read(), f"{path.name}: {member.name}")
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1 or tops != said.keys():
        raise FormatError("no sdist: it has one top folder, with PKG-INFO in it", where=path.name)
    name, version = said.popitem()[1]
    return Glance(
        filename=path.name,
        name=name,
        version=version,
        filename_version=labels.sdist_version(path.name, name),
        members=tuple(sorted(name.partition("/")[2] for name in names)),
        native=False,
    )


def _sdist_member(path: Path, wanted: str) -> bytes | None:
    found: bytes | None = None
    with closing(_sdist_members(path)) as members:
        for member in members:
            if member.name.partition("/")[2] == wanted:
                found = None if member.is_link or member.size > _MOST_TEXT_BYTES else member.read()
    return found


def _sdist_members(path: Path) -> Generator[Member]:
    if not path.name.endswith(labels.SDIST_ENDINGS):
        raise FormatError("neither a wheel (.whl) nor an sdist (.tar.gz, .zip)", where=path.name)
    yield from _zip_members(path) if path.name.endswith(".zip") else _tar_members(path)


def _zip_members(path: Path) -> Generator[Member]:
    from functools import partial  # noqa: PLC0415 - most artifacts are wheels

    from backlit.artifacts.tars import Member  # noqa: PLC0415 - likewise

    with zips.open_zip(path) as archive:
        for info in archive.filelist:
            if not info.is_dir():
                yield Member(info.filename, info.file_size, partial(zips.read_member, archive, info))


def _tar_members(path: Path) -> Generator[Member]:
    from backlit.artifacts import tars  # noqa: PLC0415 - most artifacts are wheels

    for member in tars.members_of(path):
        plain = member._replace(name=member.name.removeprefix("./"))
        zips.check_name(plain.name)
        yield plain
