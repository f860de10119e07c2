"""Members of zip archives, inflated as far as they are read."""

from __future__ import annotations

import io
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings, strategies as st

from backlit.artifacts import inflate
from backlit.artifacts.inflate import Inflated, Stored
from backlit.errors import FormatError

_RANDOM = random.Random(1)  # noqa: S311 - any bytes
_CONTENT = b"".join(
    _RANDOM.choice([_RANDOM.randbytes(_RANDOM.randrange(300)), bytes(_RANDOM.randrange(3_000)), b"abc" * 200])
    for _ in range(120)
)

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all limits small, so that a small member is one of which little is kept."""
    for name, value in {
        "_PIECE": 1_000,
        "_INPUT": 300,
        "_LEAST_HELD": 3_000,
        "_SHARE_HELD": 1_000,
        "_MOST_NAMED": 6_000,
        "_STATE_EVERY": 5_000,
    }.items():
        monkeypatch.setattr(inflate, name, value)
    monkeypatch.setattr(inflate, "_FREE_AGAIN", 1 << 30)


def _packed(content: bytes, level: int = 6) -> bytes:
    made = zlib.compressobj(level, zlib.DEFLATED, -15)
    return made.compress(content) + made.flush()


def _member(content: bytes, *, packed: bytes | None = None, size: int | None = None) -> Inflated:
    packed = _packed(content) if packed is None else packed
    return Inflated(io.BytesIO(b"before" + packed + b"after"), 6, len(packed), len(content) if size is None else size)


@given(st.lists(st.tuples(st.integers(0, len(_CONTENT)), st.integers(0, 5_000)), max_size=30))
@settings(deadline=None, max_examples=50)
def test_any_slice_is_what_it_is_of_the_whole(slices: list[tuple[int, int]]) -> None:
    member = _member(_CONTENT)
    assert len(member) == len(_CONTENT)
    for start, size in slices:
        assert member[start : start + size] == _CONTENT[start : start + size]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("level", [0, 1, 9])
def test_any_slice_is_right_where_little_is_kept(seed: int, level: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - any places
    member = _member(_CONTENT, packed=_packed(_CONTENT, level))
    member.keep(chance.randrange(len(_CONTENT)), 2_000)
    for _ in range(60):
        start = chance.randrange(len(_CONTENT))
        stop = start + chance.choice([1, 10, 700, 9_000])
        assert member[start:stop] == _CONTENT[start:stop]


@pytest.mark.usefixtures("tiny")
def test_what_was_named_is_not_inflated_twice() -> None:
    member = _member(_CONTENT)
    middle = len(_CONTENT) // 2
    member.keep(middle, 1_500)
    assert member[len(_CONTENT) - 1 :] == _CONTENT[-1:]
    assert member[:10] == _CONTENT[:10]
    assert member[middle : middle + 1_500] == _CONTENT[middle : middle + 1_500]
    assert member._left == inflate._FREE_AGAIN + len(_CONTENT)  # noqa: SLF001 - what may still be inflated again
    other = middle + 20_000
    assert member[other : other + 10] == _CONTENT[other : other + 10]
    assert member._left < inflate._FREE_AGAIN + len(_CONTENT)  # noqa: SLF001 - likewise


@pytest.mark.usefixtures("tiny")
def test_more_is_not_kept_than_there_is_room_for() -> None:
    member = _member(_CONTENT)
    member.keep(10_000, 3_000)
    member.keep(20_000, 3_000)
    assert member._named == [(10_000, 13_000)]  # noqa: SLF001 - what is kept


@pytest.mark.usefixtures("tiny")
def test_reading_here_and_there_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "_FREE_AGAIN", 0)
    member = _member(_CONTENT)
    member[len(_CONTENT) - 1 :]
    with pytest.raises(FormatError, match="too far apart"):
        _read_here_and_there(member)


def _read_here_and_there(member: Inflated) -> None:
    for number in range(900):
        place = number * 7_919 % len(member)
        member[place : place + 1]


@pytest.mark.parametrize(
    ("content", "packed", "size", "message"),
    [
        (b"x" * 100, None, 99, "more follows after 99 bytes"),
        (b"x" * 100, None, 101, "ends after 100 bytes"),
        (b"", b"", 10, "ends after 0 bytes"),
        (_CONTENT, _packed(_CONTENT)[:-9], None, "damaged: "),
        (_CONTENT, b"\xff" * 5_000, None, "damaged: "),
        (_CONTENT, _packed(_CONTENT)[:5_000] + b"\xff" * 900, None, "damaged: "),
    ],
    ids=["longer", "shorter", "nothing", "cut", "noise", "noise inside"],
)
def test_damage_is_refused(content: bytes, packed: bytes | None, size: int | None, message: str) -> None:
    member = _member(content, packed=packed, size=size)
    with pytest.raises(FormatError, match=message):
        member[len(member) - 1 :]
    with pytest.raises(FormatError, match=message):
        _at_once(_packed(content) if packed is None else packed, len(member))


def test_data_that_break_off_where_the_member_should_end_are_refused() -> None:
    made = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = made.compress(b"abc" * 1_000) + made.flush(zlib.Z_SYNC_FLUSH)
    member = _member(b"abc" * 1_000, packed=packed)
    with pytest.raises(FormatError, match="breaks off after 3000 bytes"):
        member[2_999:]
    with pytest.raises(FormatError, match="damaged: "):
        _member(b"abc" * 1_000, packed=packed + b"\xff" * 20)[2_999:]


def _at_once(packed: bytes, size: int) -> bytes:
    return inflate.at_once(io.BytesIO(b"before" + packed + b"after"), 6, len(packed), size)


def test_a_small_member_is_inflated_at_once() -> None:
    assert _at_once(_packed(_CONTENT), len(_CONTENT)) == _CONTENT
    assert _at_once(_packed(b""), 0) == b""


@pytest.mark.parametrize("size", [0, 1, 5_000])
def test_no_more_is_inflated_than_is_stated(size: int) -> None:
    packed = _packed(bytes(50 << 20))
    tracemalloc.start()
    with pytest.raises(FormatError, match=f"more follows after {size} bytes"):
        _at_once(packed, size)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.usefixtures("tiny")
def test_an_end_that_stands_alone_is_read() -> None:
    made = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = made.compress(_CONTENT) + made.flush(zlib.Z_SYNC_FLUSH) + made.flush(zlib.Z_SYNC_FLUSH) + made.flush()
    assert _member(_CONTENT, packed=packed)[-5:] == _CONTENT[-5:]


@given(st.binary(max_size=300), st.integers(0, 1_000))
@settings(deadline=None)
def test_any_bytes_are_inflated_or_refused(packed: bytes, size: int) -> None:
    member = _member(b"", packed=packed, size=size)
    try:
        assert len(member[:]) == size
    except FormatError as error:
        assert str(error)  # noqa: PT017 - either outcome will do


def test_a_large_member_takes_little_memory() -> None:
    size = 160 << 20
    made = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = _RANDOM.randbytes(40_000) + bytes(216 * 1_024 - 40_000)
    packed = b"".join(made.compress(block) for _ in range(size // len(block))) + made.flush()
    file, size = io.BytesIO(packed), size // len(block) * len(block)
    tracemalloc.start()
    member = Inflated(file, 0, len(packed), size)
    assert member[size - 8 :] == bytes(8)
    for place in range(0, size, size // 20):
        at = place - place % len(block)
        assert member[at : at + 100] == block[:100]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20


def test_a_stored_member_is_read_where_it_is() -> None:
    member = Stored(io.BytesIO(b"before0123456789after"), 6, 10)
    member.keep(0, 5)
    assert (len(member), member[2:5], member[8:99], member[5:2]) == (10, b"234", b"89", b"")
