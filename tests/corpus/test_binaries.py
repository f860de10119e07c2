"""The binaries of real wheels, of every platform, against what other readers say of them.

Wheels are fetched by pip into a folder that ``BACKLIT_TEST_WHEELS`` may name, to be found there again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import oracles
from backlit.artifacts import inspect
from backlit.artifacts.candidates import native_format

if TYPE_CHECKING:
    from backlit.model.native import NativeFile

pytestmark = [pytest.mark.corpus, pytest.mark.network]

_WANTED: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("wheels.toml").read_text())["wheels"]
WHEELS = [(wanted["platform"], wanted["python"], project) for wanted in _WANTED for project in wanted["projects"]]

_READ = {"an ELF file": "elf", "a Mach-O file": "macho", "a PE file": "pe"}
_COUNTED: dict[str, int] = {}
_SEEN: set[tuple[str, ...]] = set()


class Compared(NamedTuple):
    """A wheel's binaries, with their bytes."""

    binaries: dict[str, list[NativeFile]]
    """By path; several of a path for a universal file."""
    contents: dict[str, bytes]
    """By path; all native members that should be read."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("BACKLIT_TEST_WHEELS")
    return Path(named) if named else tmp_path_factory.mktemp("wheels")


@pytest.fixture(scope="module", params=WHEELS, ids=["-".join(wheel) for wheel in WHEELS])
def compared(request: pytest.FixtureRequest, folder: Path) -> Compared:
    path = _fetched(folder, *request.param)
    _SEEN.add(request.param)
    artifact = inspect(path)
    assert [one for one in artifact.diagnostics if one.code == "unreadable-binary"] == []
    binaries: dict[str, list[NativeFile]] = {}
    for binary in artifact.binaries:
        binaries.setdefault(binary.path, []).append(binary)
    with zipfile.ZipFile(path) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    native = {name: data for name, data in contents.items() if native_format(data[:64], len(data)) in _READ}
    assert native, f"{path.name} has no native code any more: name another project"
    for data in native.values():
        kind = _READ[native_format(data[:64], len(data)) or ""]
        _COUNTED[kind] = _COUNTED.get(kind, 0) + 1
    return Compared(binaries, native)


def _fetched(folder: Path, platform: str, python: str, project: str) -> Path:
    """Give the wheel of a project for a platform."""
    kept = folder / platform / project
    if not list(kept.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--platform", platform, "--python-version", python, "--implementation", "cp", "--dest", str(kept)]
        subprocess.run([*command, project], check=True)
    (wheel,) = kept.glob("*.whl")
    return wheel


def _differing(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (ours[key], value) for key, value in theirs.items() if ours[key] != value}


def test_each_native_member_is_read(compared: Compared) -> None:
    assert sorted(compared.binaries) == sorted(compared.contents)


def test_lief_says_the_same(compared: Compared) -> None:
    for path, content in compared.contents.items():
        said = sorted(oracles.by_lief(content), key=_architecture)
        for native, theirs in zip(compared.binaries[path], said, strict=True):
            assert _differing(oracles.said_by(native), theirs) == {}, path


def _architecture(facts: dict[str, Any]) -> str:
    return str(facts.get("architecture", ""))


def test_pyelftools_says_the_same(compared: Compared) -> None:
    for path, content in compared.contents.items():
        if content.startswith(b"\x7fELF"):
            (native,) = compared.binaries[path]
            assert _differing(oracles.said_by(native), oracles.by_pyelftools(content)) == {}, path


def test_pefile_says_the_same(compared: Compared) -> None:
    for path, content in compared.contents.items():
        if content.startswith(b"MZ"):
            (native,) = compared.binaries[path]
            builds = {int(found[1]) for text in native.comments if (found := re.search(r" build (\d+)$", text))}
            ours = {**oracles.said_by(native), "builds": sorted(builds)}
            assert _differing(ours, oracles.by_pefile(content)) == {}, path


def test_there_were_enough_to_compare() -> None:
    if set(WHEELS) != _SEEN:
        pytest.skip("not all wheels were asked for")
    assert _COUNTED["elf"] >= 600
    assert _COUNTED["macho"] >= 150
    assert _COUNTED["pe"] >= 150
