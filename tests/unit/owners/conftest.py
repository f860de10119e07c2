"""A root of a package manager below a temporary folder, asked about as the machine's own files are."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backlit import owners

if TYPE_CHECKING:
    from backlit.owners import Answer, Ownership

RECORDED = Path(__file__).parent / "recorded"
"""Databases that the managers themselves have written; its README says how."""


class Root:
    """A folder that stands for ``/``, or for a prefix."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str = "") -> Path:
        """Write a file below the root."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def link(self, name: str, target: str) -> Path:
        """Make a link below the root."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
        return path

    def record(self, recorded: str, name: str) -> None:
        """Put a recorded file, or a folder of them, below the root; what is compressed is unpacked."""
        source, target = RECORDED / recorded, self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.suffix == ".gz":
            target.write_bytes(gzip.decompress(source.read_bytes()))
        else:
            shutil.copy(source, target)

    def ask(self, *names: str) -> Answer:
        """Ask about files below the root."""
        return owners.owners_of(f"{self.folder}/{name}" for name in names)

    def owner(self, name: str) -> Ownership | None:
        """Give the one package of a file below the root; None if none has it."""
        return self.ask(name).owned.get(f"{self.folder}/{name}")

    def purl(self, name: str) -> str | None:
        """Give its PURL."""
        found = self.owner(name)
        return found and found.purl


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Give an empty root: a real path."""
    folder = tmp_path.resolve() / "root"
    folder.mkdir()
    return Root(folder)
