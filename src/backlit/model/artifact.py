"""A finished wheel or sdist: its names, its metadata, its binaries."""

from typing import NamedTuple

from backlit.model.diagnostic import Diagnostic
from backlit.model.native import NativeFile


class Artifact(NamedTuple):
    """What an artifact says of itself."""

    kind: str
    """``wheel``, ``sdist`` or ``editable``."""
    filename: str
    """The file's name, without a folder."""
    name: str
    """The project's name as METADATA or PKG-INFO spells it."""
    version: str
    """The version as METADATA or PKG-INFO spells it."""
    filename_version: str
    """The version in the file's name."""
    tags: tuple[str, ...] = ()
    """Compatibility tags in the wheel's name, sorted, as ``cp311-cp311-linux_x86_64``; empty for an sdist."""
    generator: str | None = None
    """``Generator`` of the WHEEL file; null for an sdist."""
    members: tuple[str, ...] = ()
    """Paths of all files inside, sorted. An sdist's top folder is left out."""
    binaries: tuple[NativeFile, ...] = ()
    """Native files inside, sorted by path."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What could not be read."""
