"""Compressed files read as streams: gzip, bzip2 and xz, in pieces no larger than is asked for.

Of each, several streams may follow one another in one file, and zeros may follow the last; RFC 1952, the manual of
bzip2, and "The .xz File Format". What each keeps of its content as a checksum is held against it.
"""

from __future__ import annotations

import zlib
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK: Final = 65_536
"""Bytes of a file that are read in one go."""

TAR_ENDINGS: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
"""How the names of archives end that can be read."""

_MOST_MEMORY: Final = 100 << 20
"""Bytes that xz may take for itself: its strongest preset takes 65 MiB."""


class Compressed:
    """A compressed file's content."""

    kind: str
    """What the format is called."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        """Expand what `read` gives: at most as many bytes of the file as it is asked for, none at its end."""
        self._read = read
        self._kept = b""
        """What was read and not given to the expander yet."""
        self._expander = self._start()

    @abstractmethod
    def _start(self) -> Any:  # noqa: ANN401 - the standard library has no name for what its expanders have in common
        """Give an expander for a new stream."""

    @abstractmethod
    def _expanded(self, size: int) -> bytes:
        """Give some bytes of this stream; none if the expander needs more first, or at its end."""

    def read(self, size: int) -> bytes:
        """Give at most `size` bytes; none at the end.

        :raises EOFError: if the file breaks off.
        :raises OSError, zlib.error: if it is damaged.
        """
        while not self._expander.eof or self._next():
            if content := self._expanded(size):
                return content
        return b""

    def _given(self) -> bytes:
        """Give more of the file."""
        given, self._kept = self._kept or self._read(CHUNK), b""
        return given

    def _next(self) -> bool:
        """Go on to the next stream; False if there is none."""
        rest = self._expander.unused_data
        while not rest.strip(b"\0"):
            rest = self._read(CHUNK)
            if not rest:
                return False
        self._kept = rest.lstrip(b"\0")
        self._expander = self._start()
        return True


class Gzip(Compressed):
    """A gzip file. The standard library's reader of these spends most of its time on other things."""

    kind = "gzip"

    def _start(self) -> Any:  # noqa: ANN401 - see above
        return zlib.decompressobj(wbits=31)

    def _expanded(self, size: int) -> bytes:
        given = self._expander.unconsumed_tail or self._given()
        content: bytes = self._expander.decompress(given, size)
        if not (given or content or self._expander.eof):
            raise EOFError("it breaks off")
        return content


class Bzip2(Compressed):
    """A bzip2 file."""

    kind = "bzip2"

    def _start(self) -> Any:  # noqa: ANN401 - see above
        import bz2  # noqa: PLC0415 - few archives are such

        return bz2.BZ2Decompressor()

    def _expanded(self, size: int) -> bytes:
        given = self._given() if self._expander.needs_input else b""
        if not given and self._expander.needs_input:
            raise EOFError("it breaks off")
        content: bytes = self._expander.decompress(given, size)
        return content


class Xz(Bzip2):
    """An xz file."""

    kind = "xz"

    def _start(self) -> Any:  # noqa: ANN401 - see above
        import lzma  # noqa: PLC0415 - few archives are such

        return lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST_MEMORY)

    def _expanded(self, size: int) -> bytes:
        import lzma  # noqa: PLC0415 - see above

        try:
            return super()._expanded(size)
        except lzma.LZMAError as error:
            raise OSError(str(error)) from error


def reader_of(filename: str) -> type[Compressed]:
    """Give the reader of an archive: its name decides, and one that says nothing is gzip's."""
    name = filename.lower()
    if name.endswith((".bz2", ".tbz2", ".tbz")):
        return Bzip2
    return Xz if name.endswith((".xz", ".txz")) else Gzip
