"""The light look: what it gives, and what it must not load."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backlit.artifacts import inspect
from backlit.artifacts.glance import Glance, glance, member_text
from backlit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_pure_wheel_at_a_glance(wheel: Callable[..., Path]) -> None:
    path = wheel({"demo/_version.py": b"__version__ = '1.2.3'\n"})
    assert glance(path) == Glance(
        filename=path.name,
        name="demo",
        version="1.2.3",
        filename_version="1.2.3",
        members=inspect(path).members,
        native=False,
    )


def test_an_sdist_at_a_glance(sdist: Callable[..., Path]) -> None:
    path = sdist()
    seen = glance(path)
    assert (seen.name, seen.version, seen.filename_version) == ("demo", "1.2.3", "1.2.3")
    assert (seen.members, seen.native) == (("PKG-INFO", "src/demo/__init__.py"), False)


@pytest.mark.parametrize(
    ("metadata", "version"),
    [
        (b"Name: demo\nVersion: 1.0\n\nbody", "1.0"),
        (b"Name: demo\r\nVersion: 1.0\r\n\r\nName: x", "1.0"),
        (b"NAME: demo\nversion:1.0", "1.0"),
        (b"Summary: a\n  Version: 9\n\tName: b\nName: demo\nVersion: 1.0\n", "1.0"),
        (b"Name: demo\nVersion:\n 1.0\n", "1.0"),
        (b"Name: demo\nVersion: 1.0\nAuthor: J\xf6rg\nSummary: x\n", "1.0"),
        (b"Name: demo\nVersion: 1.0\nLicense: several\nlines of text\nVersion: 2\n", "1.0"),
        (b"Name: demo\nVersion: 1.0: odd\n", "1.0: odd"),
    ],
    ids=["plain", "CRLF", "case", "folded", "folded value", "Latin-1", "not indented", "colon"],
)
def test_name_and_version_are_headers(wheel: Callable[..., Path], metadata: bytes, version: str) -> None:
    seen = glance(wheel({"demo-1.2.3.dist-info/METADATA": metadata}))
    assert (seen.name, seen.version) == ("demo", version)


@pytest.mark.parametrize("make", ["wheel", "sdist", "zip"])
def test_the_text_of_one_member(wheel: Callable[..., Path], sdist: Callable[..., Path], make: str) -> None:
    big = random.Random(1).randbytes(600_000).hex().encode()  # noqa: S311 - any text that is no bomb
    members = {"a.py": "é = 1\n".encode(), "big.py": big, "latin.py": b"# J\xf6rg", "empty.py": b""}
    if make == "wheel":
        path = wheel(members)
    else:
        full = {f"demo-1.2.3/{name}": content for name, content in members.items()}
        full["demo-1.2.3/PKG-INFO"] = b"Name: demo\nVersion: 1.2.3\n"
        path = sdist(full, name="demo-1.2.3.zip" if make == "zip" else "demo-1.2.3.tar.gz")
    wanted = ("a.py", "empty.py", "missing.py", "big.py", "latin.py")
    assert [member_text(path, member) for member in wanted] == ["é = 1\n", "", None, None, None]


def test_a_damaged_member_has_no_text(wheel: Callable[..., Path]) -> None:
    path = wheel({"a.py": b"0123456789" * 5})
    data = bytearray(path.read_bytes())
    at = data.find(b"a.py") + 4
    data[at + 3] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"a\.py: damaged"):
        member_text(path, "a.py")


def test_the_light_look_loads_no_model_and_no_heavy_module(
    wheel: Callable[..., Path], sdist: Callable[..., Path]
) -> None:
    program = """
import pathlib, sys, zipfile
before = set(sys.modules)
from backlit.artifacts.glance import glance
for path in sys.argv[1:]:
    glance(pathlib.Path(path))
    print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program, wheel(), sdist()], capture_output=True, text=True, check=True)
    for_wheel, for_sdist = (set(line.split()) for line in done.stdout.splitlines())
    ours = {name for name in for_sdist if name.startswith("backlit.")}
    heavy = {
        "dataclasses",
        "packaging",
        "email",
        "tarfile",
        "inspect",
        "importlib.resources",
        "backlit.support.plugins",
    }
    assert not heavy & for_sdist
    assert not {name for name in ours if name.startswith(("backlit.model", "backlit.binfmt"))}
    assert not {"gzip", "backlit.artifacts.tars"} & for_wheel
    assert "backlit.artifacts.tars" in for_sdist
