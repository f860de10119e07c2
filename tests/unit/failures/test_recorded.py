"""Real builds that failed, with what their machines lacked: each is explained right, or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from backlit import failures
from backlit.pipeline import missing

RECORDED = sorted(Path(__file__).with_name("recorded").glob("*.toml"))


@pytest.mark.parametrize("expected", RECORDED, ids=[path.stem for path in RECORDED])
def test_a_recorded_failure_is_explained(expected: Path) -> None:
    wanted = tomllib.loads(expected.read_text(encoding="utf-8"))
    failure = failures.read(expected.with_suffix(".txt").read_text(encoding="utf-8"))
    found = missing.of(failure) if failure else ()
    assert sorted({item.wanted.id for item in found if item.wanted}) == sorted(wanted["ids"])
    assert [item.requirement for item in found if item.requirement] == [*filter(None, [wanted["requirement"]])]


def test_each_output_has_its_answer() -> None:
    folder = Path(__file__).with_name("recorded")
    assert {path.stem for path in folder.glob("*.txt")} == {path.stem for path in RECORDED}
