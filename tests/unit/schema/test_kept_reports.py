"""Reports kept from real builds stay what the schema describes: a field is added to it, never taken away or changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backlit import schema
from kit import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KEPT = sorted((ROOT / "tests" / "corpus" / "golden").glob("*.json"))


@pytest.mark.parametrize("path", KEPT, ids=[path.stem for path in KEPT])
def test_a_kept_report_breaks_nothing_of_the_schema(path: Path) -> None:
    problems = schema.problems_in(json.loads(path.read_text(encoding="utf-8")))
    # Fields that came later, and those that trim.py leaves out, are not there.
    assert [problem for problem in problems if "is a required property" not in problem] == []


def test_there_are_kept_reports() -> None:
    assert KEPT
