"""Checksums with the zlib of the system."""

from meson_squeeze._crc import checksum

__all__ = ["checksum"]
