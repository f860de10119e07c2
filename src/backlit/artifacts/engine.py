"""What inflates deflated data (RFC 1951) and computes CRC-32: isal where it can be imported, else zlib.

isal inflates almost twice as fast. Only what both do alike is asked of either: deflated data without a wrapper. Of gzip
isal's reader does not say all that is wrong with a header or with the checksum behind, and fails on some that are good
and come in small pieces (1.9.1). Damaged data that it inflates and zlib does not are rare, and then the content is the
right one, as the checksum shows: 2 of 200,000 files.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Engine(NamedTuple):
    """One of the two."""

    inflater: Callable[[], Any]
    """Makes an inflater of data without a wrapper, which have all that zlib's have but, perhaps, `copy`."""
    fault: type[Exception]
    """What an inflater raises if the data cannot be inflated."""
    crc32: Callable[[bytes, int], int]
    """Gives the CRC-32 of bytes, from that of the bytes before them."""


ZLIB: Final = Engine(lambda: zlib.decompressobj(-15), zlib.error, zlib.crc32)
"""The one that is always there, and whose inflaters have `copy`."""


@cache
def fastest() -> Engine:
    """Give the one to use; the choice is made once a process."""
    try:
        from isal import isal_zlib  # noqa: PLC0415 - nobody needs to have it
    except ImportError:
        return ZLIB
    module: Any = isal_zlib
    return Engine(lambda: module.decompressobj(-15), module.error, module.crc32)
