"""Compressed files read as streams: gzip, bzip2 and xz, in pieces no larger than is asked for.

Of each, several streams may follow one another in one file, and zeros may follow the last; RFC 1952, the manual of
bzip2, and "The .xz File Format". What each keeps of its content as a checksum is held against it.
"""

from __future__ import annotations

import struct
import zlib
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Final

from backlit.artifacts.engine import fastest

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK: Final = 65_536
"""Bytes of a file that are read in one go."""

TAR_ENDINGS: Final = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
"""How the names of archives end that can be read."""

_MOST_MEMORY: Final = 100 << 20
"""Bytes that xz may take for itself: its strongest preset takes 65 MiB."""


_BREAKS_OFF: Final = "it breaks off"

_FHCRC, _FEXTRA, _FNAME, _FCOMMENT, _RESERVED = 2, 4, 8, 16, 0xE0
"""Flags in a header of gzip (RFC 1952, 2.3.1): what stands in it beside what always does."""

_MOST_TEXT: Final = 1 << 20
"""Bytes that a file's name or a comment in such a header may have."""


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
        :raises OSError: if it is damaged.
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
        rest = self._behind()
        while not rest.strip(b"\0"):
            rest = self._read(CHUNK)
            if not rest:
                return False
        self._kept = rest.lstrip(b"\0")
        self._expander = self._start()
        return True

    def _behind(self) -> bytes:
        """Give what was read of the file behind this stream."""
        rest: bytes = self._expander.unused_data
        return rest


class Gzip(Compressed):
    """A gzip file. The standard library's reader of these spends most of its time on other things."""

    kind = "gzip"

    def _start(self) -> Any:  # noqa: ANN401 - see above
        self._engine = fastest()
        self._is_at_header = True
        self._checksum = self._size = 0
        return self._engine.inflater()

    def _expanded(self, size: int) -> bytes:
        if self._is_at_header:
            self._pass_header()
        given = self._expander.unconsumed_tail or self._given()
        try:
            content: bytes = self._expander.decompress(given, size)
        except self._engine.fault as error:
            raise OSError(str(error)) from error
        if not (given or content or self._expander.eof):
            raise EOFError(_BREAKS_OFF)
        self._checksum = self._engine.crc32(content, self._checksum)
        self._size += len(content)
        if self._expander.eof:
            self._kept = self._expander.unused_data
            if self._exactly(8) != struct.pack("<2L", self._checksum, self._size & 0xFFFF_FFFF):
                raise OSError("its content is not what its checksum and size say")
        return content

    def _behind(self) -> bytes:
        return self._kept

    def _pass_header(self) -> None:
        """Read the header, which says nothing that is needed."""
        header = self._exactly(10)
        flags = header[3]
        if not header.startswith(b"\x1f\x8b\x08") or flags & _RESERVED:
            raise OSError("its header is none")
        if flags & _FEXTRA:
            header += self._exactly(2)
            header += self._exactly(int.from_bytes(header[-2:], "little"))
        for flag in (_FNAME, _FCOMMENT):
            if flags & flag:
                header += self._text()
        if flags & _FHCRC and self._exactly(2) != struct.pack("<H", zlib.crc32(header) & 0xFFFF):
            raise OSError("its header is not what its checksum says")
        self._is_at_header = False

    def _text(self) -> bytes:
        """Give the bytes up to a zero, and this."""
        end = self._kept.find(b"\0")
        while end < 0:
            start = len(self._kept)
            if start > _MOST_TEXT:
                raise OSError("its header does not end")
            self._more()
            end = self._kept.find(b"\0", start)
        return self._exactly(end + 1)

    def _exactly(self, size: int) -> bytes:
        """Give the next bytes of the file."""
        while len(self._kept) < size:
            self._more()
        found, self._kept = self._kept[:size], self._kept[size:]
        return found

    def _more(self) -> None:
        more = self._read(CHUNK)
        if not more:
            raise EOFError(_BREAKS_OFF)
        self._kept += more


class Bzip2(Compressed):
    """A bzip2 file."""

    kind = "bzip2"

    def _start(self) -> Any:  # noqa: ANN401 - see above
        import bz2  # noqa: PLC0415 - few archives are such

        return bz2.BZ2Decompressor()

    def _expanded(self, size: int) -> bytes:
        given = self._given() if self._expander.needs_input else b""
        if not given and self._expander.needs_input:
            raise EOFError(_BREAKS_OFF)
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
