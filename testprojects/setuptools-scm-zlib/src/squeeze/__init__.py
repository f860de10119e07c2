"""Compress with the zlib of the system."""

from squeeze._version import __version__
from squeeze._zlib import checksum, zlib_version

__all__ = ["__version__", "checksum", "zlib_version"]
