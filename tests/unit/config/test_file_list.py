"""The list of files, written by one process and read by another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from backlit.config import file_list

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    names = ("a b", "é", 'quo"te', "new\nline", os.fsdecode(b"\xff"))
    file_list.write(tmp_path / "list", tmp_path, names)
    assert file_list.read(tmp_path / "list") == (str(tmp_path), names)


def test_the_root_is_the_real_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    file_list.write(tmp_path / "list", tmp_path / "link", ())
    assert file_list.read(tmp_path / "list") == (str(tmp_path / "real"), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        "{}",
        '{"root": "/"}',
        '{"root": 1, "files": []}',
        '{"root": "/", "files": [1]}',
        "é",
        "[" * 99999,
    ],
    ids=["empty", "cut", "list", "number", "nothing", "no files", "root", "file", "not ASCII", "deep"],
)
def test_anything_else_is_no_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "list").write_text(text, encoding="utf-8")
    assert file_list.read(tmp_path / "list") is None


def test_the_variable_names_the_list_of_the_build_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file_list.write(tmp_path / "list", tmp_path, ["a"])
    monkeypatch.delenv(file_list.VARIABLE, raising=False)
    assert file_list.current() is None
    monkeypatch.setenv(file_list.VARIABLE, str(tmp_path / "list"))
    assert file_list.current() == (str(tmp_path), ("a",))
    monkeypatch.setenv(file_list.VARIABLE, str(tmp_path / "gone"))
    assert file_list.current() is None
