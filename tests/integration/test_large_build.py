"""Many compiler calls at once: every one is in the report, and none is torn."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from kit import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.compiler]


@pytest.mark.parametrize("mechanism", ["preload", "shim"])
def test_every_call_of_a_parallel_build_is_told(tmp_path: Path, mechanism: str) -> None:
    bench = ROOT / "benchmarks" / "large_build.py"
    options = ["--calls", "1500", "--jobs", "64", "--headers", "20", "--mechanism", mechanism]
    said = run(sys.executable, bench, *options, cwd=tmp_path).stdout
    # The one above them is the link of the extension.
    assert "compilations in the report 1501 " in said
    assert "unread records 0" in said
