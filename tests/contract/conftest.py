"""What the suites of the contracts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from obedience import make_workshop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for environments, with backlit as setuptools would find it installed, and nothing else."""
    return make_workshop(tmp_path_factory.mktemp("workshop"))
