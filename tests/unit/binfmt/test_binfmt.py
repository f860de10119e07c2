"""Finding the reader of a file, and reading files on disk."""

from __future__ import annotations

import mmap
import os
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from backlit import binfmt
from backlit.errors import FormatError
from backlit.support.plugins import adapters_in

if TYPE_CHECKING:
    from collections.abc import Callable


def test_each_reader_is_found_by_its_file() -> None:
    folder = Path(str(binfmt.__file__)).parent
    files = sorted(path.stem for path in folder.glob("*.py") if not path.name.startswith("_"))
    assert [reader.name for reader in adapters_in("backlit.binfmt")] == files


@pytest.mark.parametrize("data", [b"", b"\x7fEL", b"#!/bin/sh\n", b"MZ" + bytes(64), b"\xca\xfe\xba\xbe"])
def test_what_no_reader_knows_is_none(data: bytes) -> None:
    assert binfmt.read(data, "file") is None


def test_any_kind_of_bytes_is_read_alike(image: Callable[..., Any]) -> None:
    data = image(needed=("libz.so.1",)).build()
    assert binfmt.read(data, "file") == binfmt.read(bytearray(data), "file") == binfmt.read(memoryview(data), "file")


def test_the_bytes_can_be_freed_after_a_refusal(image: Callable[..., Any]) -> None:
    with mmap.mmap(-1, 200) as data:
        data[:] = image().build()[:200]
        with pytest.raises(FormatError):
            binfmt.read(data, "cut")


def test_a_file_on_disk_keeps_the_path_it_was_asked_by(image: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "libx.so"
    path.write_bytes(image(soname="liby.so").build())
    native = binfmt.read_file(path)
    assert native is not None
    assert (native.path, native.soname, native.size) == (str(path), "liby.so", path.stat().st_size)


def test_this_interpreter_is_an_executable() -> None:
    native = binfmt.read_file(Path(sys.executable).resolve())
    assert native is not None
    assert native.kind == "executable"
    assert native.bits == 8 * struct.calcsize("P")
    assert native.byteorder == sys.byteorder
    assert native.architecture == os.uname().machine


def test_a_damaged_file_is_named_in_the_error(image: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "libx.so"
    path.write_bytes(image().build()[:100])
    with pytest.raises(FormatError, match=str(path)):
        binfmt.read_file(path)


def test_a_folder_a_pipe_and_an_empty_file_are_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "text.so").write_text("INPUT(libncurses.so.6)\n")
    assert [binfmt.read_file(path) for path in (tmp_path, *sorted(tmp_path.iterdir()))] == [None] * 4


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        binfmt.read_file(tmp_path / "missing")
