"""Work in several processes: answers in order, and an item that ends its process ends nothing else."""

from __future__ import annotations

import os
import signal

import pytest

from backlit.support import process


def halved(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number % 2:
        raise ValueError(number)
    return number // 2


def test_answers_come_in_the_order_of_items() -> None:
    numbers = list(range(0, 60, 2))
    assert list(process.each(halved, numbers, 3)) == list(range(30))


@pytest.mark.parametrize("place", [0, 5, 19])
def test_an_item_whose_process_was_killed_has_none(place: int) -> None:
    numbers = list(range(0, 40, 2))
    numbers[place] = 13
    answers = list(process.each(halved, numbers, 2))
    assert [index for index, answer in enumerate(answers) if answer is None] == [place]
    assert len(answers) == 20


def test_what_the_function_raises_rises() -> None:
    with pytest.raises(ValueError, match="7"):
        list(process.each(halved, [2, 7], 2))
