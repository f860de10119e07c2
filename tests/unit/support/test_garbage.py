"""How often garbage is sought."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from backlit.support.garbage import seldom_sought

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def threshold() -> Iterator[tuple[int, int, int]]:
    """Put the threshold back."""
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def test_garbage_is_sought_more_seldom_inside_and_as_before_after(threshold: tuple[int, int, int]) -> None:
    with seldom_sought():
        assert gc.get_threshold() == (50_000, *threshold[1:])
    assert gc.get_threshold() == threshold


def test_the_threshold_is_put_back_after_an_error(threshold: tuple[int, int, int]) -> None:
    with pytest.raises(KeyError), seldom_sought():
        raise KeyError
    assert gc.get_threshold() == threshold


@pytest.mark.parametrize("first", [0, 200_000], ids=["never", "more seldom"])
def test_who_has_garbage_sought_more_seldom_still_does(first: int) -> None:
    gc.set_threshold(first, 10, 10)
    with seldom_sought():
        assert gc.get_threshold()[0] == first
