"""An sdist unpacked: nothing is written outside the folder given, whatever the archive says."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Final

from backlit.artifacts import tars, zips
from backlit.errors import FormatError, InputError


def project_in(archive: Path, folder: Path, source: str) -> Path:
    """Unpack an sdist into `folder`, which is made, and give the one folder at its top.

    :raises InputError: if it is no archive, is damaged, leads out of `folder`, is beyond all measure, or has not one
        folder at its top (PEP 517, "Source distributions"). Errors name `source`.
    """
    folder.mkdir(parents=True)
    try:
        if archive.suffix == ".zip":
            _unzip(archive, folder)
        else:
            _untar(archive, folder)
    except FormatError as error:
        raise InputError(error.problem, where=source, cure=_CURE) from error
    except _DAMAGE as error:
        raise InputError(f"cannot be unpacked: {error}", where=source, cure=_CURE) from error
    return _top_of(folder, source)


_CURE: Final = "name an sdist (.tar.gz or .zip) from a source that you trust; if it was fetched, fetch it again"

_DAMAGE: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What the standard library raises for what is damaged, encrypted, or leads elsewhere."""


def _untar(archive: Path, folder: Path) -> None:
    for _ in tars.members_of(archive):
        pass  # the reader of finished sdists refuses what is damaged or beyond measure, before anything is written
    with tarfile.open(archive, "r:*") as tar:
        if hasattr(tarfile, "data_filter"):
            # "data" refuses what leads out of the folder, devices, and links to elsewhere: PEP 706.
            tar.extractall(folder, filter="data")
        else:
            for member in tar:
                _extract(tar, member, folder)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one member as PEP 706's "data" has it, on Python 3.11.0 to 3.11.3, which do not know it: Debian 12's.

    :raises FormatError: for what that refuses.
    """
    path = folder / member.name.lstrip("/")
    if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
        raise FormatError(f"member {member.name!r}: neither a file, a folder nor a link")
    _check_is_inside(folder, path, member.name)
    if member.issym() or member.islnk():
        if Path(member.linkname).is_absolute():
            raise FormatError(f"member {member.name!r}: a link to an absolute path")
        _check_is_inside(folder, (path.parent if member.issym() else folder) / member.linkname, member.name)
    member.name = member.name.lstrip("/")
    member.mode = 0o755 if member.isdir() else member.mode & 0o755 | 0o600
    member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
    tar.extract(member, folder)


def _check_is_inside(folder: Path, path: Path, name: str) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise FormatError(f"member {name!r}: leads outside the destination")


def _unzip(archive: Path, folder: Path) -> None:
    with zips.open_zip(archive) as file:
        zips.check_local_headers(file)
        for member in file.infolist():
            zips.check_name(member.filename)
            mode = member.external_attr >> 16
            if stat.S_ISLNK(mode):
                raise FormatError(f"member {member.filename!r}: a symbolic link")
            path = Path(file.extract(member, folder))
            if path.is_file() and mode & stat.S_IXUSR:
                path.chmod(path.stat().st_mode | 0o111)


def _top_of(folder: Path, source: str) -> Path:
    # What macOS adds to an archive made with its own zip tool.
    shutil.rmtree(folder / "__MACOSX", ignore_errors=True)
    top = sorted(folder.iterdir())
    if len(top) != 1 or not top[0].is_dir():
        raise InputError(
            f"has {len(top)} entries at its top, and an sdist has one folder there",
            where=source,
            cure="make it with 'backlit build --sdist', or unpack it and name the folder",
        )
    return top[0]
