"""A member of a zip archive as bytes to read anywhere in, inflated as far as it is read; held whole only if small.

Deflated data can be read from its start only, and the readers of binaries read forward, mostly: the beginning says
where the tables are. So what is held is the beginning, the last bytes that were passed, and the parts that the reader
named beforehand. All else is let go as it passes, and its memory taken for what follows: memory that is used for the
first time costs as much as a sixth of the inflating.

For what was let go the inflating goes on from one of the states that were put aside on the way, which zlib can copy:
40 KB for each 4 MB. A member of half a gigabyte takes less than 50 MB.

The state of isal cannot be copied: where that inflates, what was let go is inflated once more by zlib.

The checksum is not looked at: it would cost an eighth of the time. Data that cannot be inflated, and a size that is not
the one stated, are errors.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import IO, TYPE_CHECKING, Any, Final

from backlit.artifacts.engine import ZLIB, fastest
from backlit.errors import FormatError

if TYPE_CHECKING:
    from backlit.artifacts.engine import Engine

SMALL: Final = 1 << 20
"""Up to how many bytes a member is inflated at once."""

_PIECE: Final = 512 << 10
_INPUT: Final = 256 << 10
_SHARE_HELD: Final = 16
"""Which share of a member is held from its beginning, and which before the place that was reached: a sixteenth each."""
_LEAST_HELD: Final = 256 << 10
_MOST_HELD: Final = 8 << 20
_MOST_NAMED: Final = 24 << 20
_STATE_EVERY: Final = 4 << 20
_MOST_AGAIN: Final = 8
"""How many pieces that were inflated again are kept."""
_FREE_AGAIN: Final = 64 << 20
"""Bytes that may be inflated again, beyond the member's own size: no reader that means well needs as many."""


def at_once(file: IO[bytes], offset: int, packed: int, size: int) -> bytes:
    """Inflate the `packed` bytes from `offset` to `size` bytes.

    :raises FormatError: if the data are damaged.
    """
    run = _Run((file, offset, packed), SMALL, fastest())
    pieces: list[bytes] = []
    while run.position < size:
        pieces.append(run.piece(size - run.position))
    run.end()
    return b"".join(pieces)  # nearly always one, which is then not copied


class Stored:
    """A member that is not compressed."""

    def __init__(self, file: IO[bytes], offset: int, size: int) -> None:
        """Read the `size` bytes from `offset`."""
        self._file = file
        self._offset = offset
        self._size = size

    def __len__(self) -> int:
        """Give the member's size."""
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """Give the bytes of a slice with a step of one."""
        start, stop, _ = part.indices(self._size)
        self._file.seek(self._offset + start)
        return self._file.read(max(0, stop - start))

    def keep(self, start: int, size: int) -> None:
        """Do nothing: any part is at hand."""


class Inflated:
    """A member that is deflated."""

    def __init__(self, file: IO[bytes], offset: int, packed: int, size: int) -> None:
        """Inflate the `packed` bytes from `offset` to `size` bytes."""
        self._packed = (file, offset, packed)
        self._size = size
        self._held = min(max(_LEAST_HELD, size // _SHARE_HELD), _MOST_HELD)
        self._run = _Run(self._packed, _INPUT, fastest())
        self._starts: list[int] = []
        self._pieces: list[bytes] = []  # each that was passed; empty if it was let go
        self._oldest = 0
        self._named: list[tuple[int, int]] = []
        self._second: _Run | None = None
        self._again: dict[int, bytes] = {}
        self._left = size + _FREE_AGAIN
        self._states: list[_State] = []

    def __len__(self) -> int:
        """Give the member's size."""
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """Give the bytes of a slice with a step of one.

        :raises FormatError: if the data are damaged, or were read in too many places that lie too far apart.
        """
        at, stop, _ = part.indices(self._size)
        parts: list[bytes] = []
        while at < stop:
            start, piece = self._piece(at)
            parts.append(piece[at - start : stop - start])
            at = start + len(piece)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def keep(self, start: int, size: int) -> None:
        """Hold a part when it comes by: no more than 24 MB in all, and nothing that was let go already."""
        # The pieces that it lies in are held whole.
        if size + _PIECE <= _MOST_NAMED - sum(stop - start + _PIECE for start, stop in self._named):
            self._named.append((start, start + size))

    def _piece(self, at: int) -> tuple[int, bytes]:
        """Give a piece with the byte `at` in it, and where the piece starts."""
        while at >= self._run.position:
            self._go_on()
        number = bisect_right(self._starts, at) - 1
        if self._pieces[number]:
            return self._starts[number], self._pieces[number]
        for start, piece in self._again.items():
            if start <= at < start + len(piece):
                return start, piece
        return self._inflate_again(at)

    def _go_on(self) -> None:
        """Inflate one more piece, and let go what is not held."""
        run = self._run
        self._put_aside(run)
        start = run.position
        self._pieces.append(run.piece(min(_PIECE, self._size - start)))
        self._starts.append(start)
        if run.position == self._size:
            run.end()
        while self._starts[self._oldest] < start - self._held:
            self._let_go(self._oldest)
            self._oldest += 1

    def _put_aside(self, run: _Run) -> None:
        last = self._states[-1].position if self._states else 0
        if run.position - last >= _STATE_EVERY and (state := run.state()):
            self._states.append(state)

    def _let_go(self, number: int) -> None:
        start, stop = self._starts[number], self._starts[number + 1]
        if start >= self._held and not any(start < end and first < stop for first, end in self._named):
            self._pieces[number] = b""

    def _inflate_again(self, at: int) -> tuple[int, bytes]:
        run = self._run_to(at)
        start, piece = run.position, b""
        while run.position <= at:
            self._put_aside(run)
            start, piece = run.position, run.piece(min(_PIECE, self._size - run.position))
            self._left -= len(piece)
            if self._left < 0:
                raise FormatError("is read in too many places that lie too far apart")
        if len(self._again) >= _MOST_AGAIN:
            del self._again[next(iter(self._again))]
        self._again[start] = piece
        return start, piece

    def _run_to(self, at: int) -> _Run:
        """Give a second run that is nearest before a place."""
        number = bisect_right(self._states, at, key=_position)
        state = self._states[number - 1] if number else _State(0, 0, ZLIB.inflater())
        run = self._second
        if run is None or not state.position <= run.position <= at:
            run = self._second = _Run(self._packed, _INPUT, ZLIB, state)
        return run


class _State:
    """An inflater as it was in one place."""

    __slots__ = ("inflater", "position", "read")

    def __init__(self, position: int, read: int, inflater: Any) -> None:  # noqa: ANN401 - zlib's class has no name
        self.position = position
        self.read = read
        self.inflater = inflater


def _position(state: _State) -> int:
    return state.position


class _Run:
    """Inflating, from a state on."""

    def __init__(
        self,
        packed: tuple[IO[bytes], int, int],
        step: int,
        engine: Engine,
        state: _State | None = None,
    ) -> None:
        """Read `step` bytes of what is packed in one go."""
        self._file, self._offset, self._packed = packed
        self._inflater = state.inflater.copy() if state else engine.inflater()
        self._fault = engine.fault
        self._step = step
        self._read = state.read if state else 0
        self._input = b""
        self.position = state.position if state else 0
        """How many bytes were inflated from the member's start."""

    def piece(self, most: int) -> bytes:
        """Give the bytes that come next: at least one, and at most `most`.

        :raises FormatError: if there are none, or they cannot be inflated.
        """
        while True:
            if not self._input:
                self._input = self._next_input()
            try:
                piece: bytes = self._inflater.decompress(self._input, most)
            except self._fault as error:
                raise FormatError(f"damaged: {error}") from error
            if not piece and (self._inflater.eof or not self._input):
                raise FormatError(f"damaged: ends after {self.position} bytes")
            self._input = self._inflater.unconsumed_tail
            if piece:
                self.position += len(piece)
                return piece

    def end(self) -> None:
        """Hold what was inflated against the size stated: nothing may follow.

        :raises FormatError: if something does, or the data break off.
        """
        while not self._inflater.eof:
            if not self._input:
                self._input = self._next_input()
            try:
                more = self._inflater.decompress(self._input, 1)
            except self._fault as error:
                raise FormatError(f"damaged: {error}") from error
            if more or not self._input:
                raise FormatError(f"damaged: {'more follows' if more else 'breaks off'} after {self.position} bytes")
            self._input = self._inflater.unconsumed_tail

    def state(self) -> _State | None:
        """Give the state, to go on from later; None where it cannot be copied."""
        if not hasattr(self._inflater, "copy"):
            return None
        return _State(self.position, self._read - len(self._input), self._inflater.copy())

    def _next_input(self) -> bytes:
        self._file.seek(self._offset + self._read)
        found = self._file.read(min(self._step, self._packed - self._read))
        self._read += len(found)
        return found
