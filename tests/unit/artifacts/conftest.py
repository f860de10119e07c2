"""Wheels and sdists to read, and a real shared library to put in them."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from backlit.artifacts import engine as engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

METADATA = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\n\nVersion: 9 is a line of text\n"
WHEEL = b"Wheel-Version: 1.0\nGenerator: backend (4.5)\nRoot-Is-Purelib: false\nTag: cp311-cp311-linux_x86_64\n"


@pytest.fixture(params=["zlib", "isal"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a test with zlib alone, and with isal."""
    if request.param == "isal":
        pytest.importorskip("isal")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    engines.fastest.cache_clear()  # the choice is made once a process
    yield request.param
    engines.fastest.cache_clear()


@pytest.fixture
def wheel(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a wheel with more members; None leaves a member of every wheel out."""

    def write(
        members: Mapping[str, bytes | None] | None = None, *, name: str = "demo-1.2.3-cp311-cp311-linux_x86_64.whl"
    ) -> Path:
        content: dict[str, bytes | None] = {
            "demo/__init__.py": b"",
            "demo-1.2.3.dist-info/METADATA": METADATA,
            "demo-1.2.3.dist-info/WHEEL": WHEEL,
            "demo-1.2.3.dist-info/RECORD": b"",
        }
        content |= members or {}
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in content.items():
                if data is not None:
                    archive.writestr(member, data)
        return tmp_path / name

    return write


@pytest.fixture
def sdist(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes an sdist of the format of its name, with these members and no others."""

    def write(
        members: Mapping[str, bytes] | None = None,
        *,
        name: str = "demo-1.2.3.tar.gz",
        tar_format: int = tarfile.PAX_FORMAT,
    ) -> Path:
        content = members or {"demo-1.2.3/PKG-INFO": METADATA, "demo-1.2.3/src/demo/__init__.py": b"x = 1\n"}
        path = tmp_path / name
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for member, data in content.items():
                    archive.writestr(member, data)
            return path
        with tarfile.open(path, "w:gz", format=tar_format) as tar:
            for member, data in content.items():
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return path

    return write


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a shared library that needs libm and libc, compiled here; use it with the marker ``compiler``."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "lib.c").write_text("int answer(void) { return 42; }\n")
    flags = ("-shared", "-fPIC", "-Wl,--no-as-needed", "-lm", "-Wl,-soname,libanswer.so.1", "-Wl,-rpath,$ORIGIN")
    subprocess.run(["gcc", folder / "lib.c", "-o", folder / "lib.so", *flags], check=True)
    return (folder / "lib.so").read_bytes()
