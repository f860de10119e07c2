"""Wheels: what they are called, what is inside, and what each binary in them says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit import binfmt
from backlit.artifacts import labels, zips
from backlit.artifacts.agreement import disagreements
from backlit.artifacts.candidates import HEAD, is_named_as_native, may_be_native, native_format
from backlit.errors import FormatError
from backlit.model.artifact import Artifact
from backlit.model.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from backlit.model.native import NativeFile
    from backlit.support.cursor import Source

_AT_ONCE: Final = 1 << 20


def read(path: Path, *, kind: str = "wheel") -> Artifact:
    """Give what a wheel says of itself; its :attr:`Artifact.kind` is `kind`.

    :raises FormatError: if it is damaged as a whole, hostile, or no wheel.
    :raises InputError: if it cannot be opened.
    """
    filename_version, tags = labels.wheel_name(path.name)
    with zips.open_zip(path) as archive:
        starts = zips.check_local_headers(archive)
        name, version, dist_info = labels.labels_of_wheel(archive, path.name)
        binaries, diagnostics = _binaries(archive, starts)
        diagnostics += disagreements(tags, binaries)
        return Artifact(
            kind=kind,
            filename=path.name,
            name=name,
            version=version,
            filename_version=filename_version,
            tags=tags,
            generator=_generator(archive, dist_info),
            members=tuple(sorted(info.filename for info in archive.filelist if not info.is_dir())),
            binaries=tuple(sorted(binaries, key=_place)),
            diagnostics=tuple(sorted(diagnostics)),
        )


def _place(binary: NativeFile) -> tuple[str, str]:
    return binary.path, binary.architecture


def members_with(path: Path, content: bytes) -> tuple[str, ...]:
    """Give the members that have `content` in them, sorted; one that cannot be read has nothing.

    :raises FormatError: if the wheel as a whole is damaged, or hostile.
    :raises InputError: if it cannot be opened.
    """
    with zips.open_zip(path) as archive:
        starts = zips.check_local_headers(archive)
        has = (info.filename for info in archive.filelist if _has(archive, info, starts[info.filename], content))
        return tuple(sorted(has))


def _has(archive: ZipFile, info: ZipInfo, start: int, content: bytes) -> bool:
    try:
        member = zips.member(archive, info, start)
        # Each part reaches into the next, for the content may stand across their border.
        more = _AT_ONCE + len(content) - 1
        return any(content in bytes(member[at : at + more]) for at in range(0, info.file_size, _AT_ONCE))
    except FormatError:
        return False  # `read` has a diagnostic for it


def _generator(archive: ZipFile, dist_info: str) -> str | None:
    member = archive.NameToInfo.get(f"{dist_info}/WHEEL")
    if member is None:
        return None
    return next(iter(labels.headers_in(zips.read_member(archive, member), b"generator")[b"generator"]), None)


def _binaries(archive: ZipFile, starts: Mapping[str, int]) -> tuple[list[NativeFile], list[Diagnostic]]:
    binaries: list[NativeFile] = []
    diagnostics: list[Diagnostic] = []
    for info in archive.filelist:
        if may_be_native(info.filename, info.file_size):
            try:
                binaries += _read(archive, info, starts[info.filename], diagnostics)
            except FormatError as error:
                unreadable = Diagnostic(
                    code="unreadable-binary",
                    severity=Severity.WARNING,
                    where=info.filename,
                    message=error.problem,
                )
                diagnostics.append(unreadable)
    return binaries, diagnostics


def _read(archive: ZipFile, info: ZipInfo, start: int, diagnostics: list[Diagnostic]) -> tuple[NativeFile, ...]:
    """Give a member read, for each architecture in it; none if it is no native code, or of a format that is not read.

    The latter is a diagnostic.
    """
    source: Source | None = None
    if is_named_as_native(info.filename):
        source = zips.member(archive, info, start)
        head = bytes(source[:HEAD])
    else:
        # It is native code so seldom that its first bytes alone are looked at.
        head = zips.head_of(archive, info, start, HEAD)
    looks_like = native_format(head, info.file_size)
    if looks_like is None:
        return ()
    if source is None:
        source = zips.member(archive, info, start)
    found = binfmt.read_source(source, info.filename)
    if not found:
        unread = Diagnostic(
            code="unread-binary",
            severity=Severity.NOTE,
            where=info.filename,
            message=f"{looks_like}, which is not read",
        )
        diagnostics.append(unread)
    return found
