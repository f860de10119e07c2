"""Checksums with the zlib of the system."""

from cmake_squeeze._crc import checksum

__all__ = ["checksum"]
