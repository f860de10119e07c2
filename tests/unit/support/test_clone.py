"""A cloned file is the file, and no link to it."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from backlit.support.clone import Cloner

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = os.urandom(100_000)


def refused(number: int) -> object:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("way", ["as the kernel can", "without shared blocks", "without the kernel"])
@pytest.mark.parametrize("content", [b"", CONTENT], ids=["empty", "full"])
def test_content_mode_and_times_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, content: bytes
) -> None:
    if way != "as the kernel can":
        monkeypatch.setattr(fcntl, "ioctl", refused(errno.EOPNOTSUPP))
    if way == "without the kernel":
        monkeypatch.setattr(os, "copy_file_range", refused(errno.EXDEV))
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(content)
    source.chmod(0o640)
    os.utime(source, ns=(1_000_000_001, 2_000_000_002))
    before = source.stat()
    Cloner().clone(str(source), str(target))
    after = target.stat()
    assert target.read_bytes() == content
    assert (after.st_mode, after.st_mtime_ns, after.st_nlink) == (before.st_mode, before.st_mtime_ns, 1)
    assert source.stat().st_mtime_ns == before.st_mtime_ns
    target.write_bytes(b"changed")
    assert source.read_bytes() == content


def test_bits_may_be_added_to_the_mode(tmp_path: Path) -> None:
    (tmp_path / "a").touch(0o444)
    Cloner().clone(str(tmp_path / "a"), str(tmp_path / "b"), more=0o200)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("tail", [b"", b"end"], ids=["a hole at the end", "data at the end"])
def test_holes_stay_holes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tail: bytes) -> None:
    monkeypatch.setattr(fcntl, "ioctl", refused(errno.EOPNOTSUPP))
    source, target = tmp_path / "a", tmp_path / "b"
    with source.open("wb") as file:
        file.write(b"start")
        file.seek(1 << 26)
        file.write(tail)
        file.truncate((1 << 26) + len(tail))
    Cloner().clone(str(source), str(target))
    assert target.stat().st_size == source.stat().st_size
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_blocks <= source.stat().st_blocks + 16


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    monkeypatch.setattr(fcntl, "ioctl", refused(errno.EOPNOTSUPP))
    monkeypatch.setattr(os, "copy_file_range", refused(errno.ENOSPC))
    with pytest.raises(OSError, match="No space"):
        Cloner().clone(str(tmp_path / "a"), str(tmp_path / "b"))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    with pytest.raises(OSError, match="symbolic links"):
        Cloner().clone(str(tmp_path / "a"), str(tmp_path / "c"))
