"""The figures of the catalogue's page are those of its entries."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from backlit.catalog._generate import HERE
from backlit.catalog._tables import DISTRIBUTIONS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "catalogue.md"
SOURCES = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))


@cache
def _entries(kind: str) -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / kind).glob("*.toml"))]


def _row(distribution: str) -> str:
    named = {
        kind: [entry for entry in _entries(kind) if entry["packages"].get(distribution)]
        for kind in ("libraries", "tools")
    }
    keys = [entry["checked"].get(distribution) for entry in (*named["libraries"], *named["tools"])]
    by_kind = Counter(SOURCES[key]["kind"] if key else "" for key in keys)
    counts = (str(by_kind[kind] or "") for kind in ("index", "repository", "table", "use", ""))
    return " | ".join((f"| {distribution}", str(len(named["libraries"])), str(len(named["tools"])), *counts)) + " |"


@pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not beside the tests")
@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_page_has_a_distributions_figures(distribution: str) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(f"| {distribution} |")] == [_row(distribution)]
