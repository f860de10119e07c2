"""The strongest level of compression, by zlib's header."""

from unused_link._level import BEST

__all__ = ["BEST"]
