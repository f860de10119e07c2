"""A file's content, copied by the kernel: shared where the file system can do so, else not passing through us."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import Final

_FICLONE: Final = 0x4004_9409
"""``FICLONE`` of linux/fs.h: both files own the same blocks until one of them is written (btrfs, xfs, bcachefs)."""

_NOT_HERE: Final = frozenset(
    {errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.ETXTBSY, errno.EISDIR}
)
"""What the kernel says where it cannot copy this way; the plain way may still do."""

_CHUNK: Final = 1 << 20


class Cloner:
    """Copies files from one tree to one other place; remembers what does not work between the two."""

    def __init__(self) -> None:
        self._shares = True
        self._in_kernel = hasattr(os, "copy_file_range")

    def clone(self, source: str, target: str, *, more: int = 0) -> None:
        """Make `target`, which must not exist, a copy of the regular file `source`: content, mode, times and holes.

        `more` are bits to add to its mode. Never a link: whoever writes in one does not write in the other.

        :raises OSError: if `source` cannot be read, or `target` not be written.
        """
        reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            state = os.fstat(reading)
            writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                self._fill(reading, writing, state)
                os.fchmod(writing, (state.st_mode & 0o7777) | more)
                os.utime(writing, ns=(state.st_atime_ns, state.st_mtime_ns))
            finally:
                os.close(writing)
        finally:
            os.close(reading)

    def _fill(self, reading: int, writing: int, state: os.stat_result) -> None:
        if not state.st_size or self._share(reading, writing):
            return
        if state.st_blocks * 512 < state.st_size:
            self._copy_data(reading, writing, state.st_size)
        else:
            self._copy(reading, writing, state.st_size)

    def _share(self, reading: int, writing: int) -> bool:
        if self._shares:
            try:
                fcntl.ioctl(writing, _FICLONE, reading)
            except OSError as error:
                if error.errno not in _NOT_HERE:
                    raise
                # One file may be refused for its own sake, by EINVAL; a pair of file systems is refused for good.
                self._shares = error.errno == errno.EINVAL
                return False
        return self._shares

    def _copy_data(self, reading: int, writing: int, size: int) -> None:
        """Copy what is not a hole."""
        at = 0
        while at < size:
            try:
                start = os.lseek(reading, at, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:
                    break  # nothing but a hole up to the end
                raise
            at = os.lseek(reading, start, os.SEEK_HOLE)
            os.lseek(reading, start, os.SEEK_SET)
            os.lseek(writing, start, os.SEEK_SET)
            self._copy(reading, writing, at - start)
        os.ftruncate(writing, size)

    def _copy(self, reading: int, writing: int, left: int) -> None:
        """Copy `left` bytes, or up to the end of a file that has become shorter, from where both files stand."""
        while left > 0 and self._in_kernel:
            try:
                done = os.copy_file_range(reading, writing, left)
            except OSError as error:
                if error.errno not in _NOT_HERE:
                    raise
                self._in_kernel = False
                break
            if done == 0:
                # Some file systems (of /proc, of FUSE) say so at the start of a file that is not empty.
                break
            left -= done
        while left > 0 and (chunk := os.read(reading, min(left, _CHUNK))):
            _write(writing, chunk)
            left -= len(chunk)


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
