"""Trees to show to the adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backlit.config import project as projects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.config.project import Project


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[dict[str, str]], Project]:
    """Give a function that writes files, by path, and loads the tree."""

    def planted(files: dict[str, str]) -> Project:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return projects.load(tmp_path)

    return planted
