"""Files written whole, and the start of files of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.support.files import start_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("most", "expected"), [(3, b"abc"), (6, b"abcdef"), (1 << 26, b"abcdef")])
def test_no_more_is_read_than_was_asked_for(tmp_path: Path, most: int, expected: bytes) -> None:
    (tmp_path / "file").write_bytes(b"abcdef")
    assert start_of(f"{tmp_path}/file", most) == expected


def test_a_device_without_an_end_gives_nothing() -> None:
    assert start_of("/dev/zero", 1 << 20) == b""
