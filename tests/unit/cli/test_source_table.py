"""What a person sees of a source that was scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit import cli

if TYPE_CHECKING:
    from pathlib import Path

SETUP = """\
import os, sys
from setuptools import Extension, setup
libs = []
if sys.platform == "darwin":
    libs = ["edit"]
if os.environ.get("USE_SYSTEM_ZLIB"):
    libs += ["z"]
setup(ext_modules=[Extension("m", ["m.c", "deps/zlib/zlib.c"], libraries=libs + ["ssl"])])
"""

LOCK = """\
[[package]]
name = "far"
version = "0.1.0"
source = "git+https://example.org/far.git?branch=x#0123456789abcdef0123456789abcdef01234567"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "deps" / "zlib").mkdir(parents=True)
    (tmp_path / "setup.py").write_text(SETUP, encoding="utf-8")
    (tmp_path / "m.c").write_text("#include <openssl/ssl.h>\n", encoding="utf-8")
    (tmp_path / "deps" / "zlib" / "zlib.c").write_text("int z;\n", encoding="utf-8")
    (tmp_path / "Cargo.toml").write_text("[package]\nname = 'm'\n", encoding="utf-8")
    (tmp_path / "Cargo.lock").write_text(LOCK, encoding="utf-8")
    return tmp_path


def test_a_row_says_need_platform_switch_and_place(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", str(tree)]) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "openssl yes dynamic -lssl; <openssl/ssl.h> setup.py:8: libraries='ssl' and 1 more" in shown
    assert any(
        line.startswith("zlib optional; environment USE_SYSTEM_ZLIB dynamic, vendored; vendored") for line in shown
    )
    assert any(line.startswith('libedit (sys_platform == "darwin")') for line in shown)
    assert "setuptools any yes no setup.py:1" in shown
    assert "far 0.1.0 https://example.org/far.git 0123456789abcdef0123456789abcdef01234567" in shown
    assert "Read: 5 files." in shown


def test_a_tree_that_asks_for_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'm'\n", encoding="utf-8")
    assert cli.main(["scan", str(tmp_path)]) == 0
    assert "No native libraries that the source asks for by name." in capsys.readouterr().out
