"""Which file of an index is the sdist that is asked for."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest

from backlit.frontend import _pip_fetch


@pytest.fixture(autouse=True)
def _packaging_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the packaging that pip carries from beside pip: to import pip here gives distutils back to Python."""
    monkeypatch.setattr(_pip_fetch, "import_module", lambda name: import_module(name.removeprefix("pip._vendor.")))


def candidate(version: str, filename: str) -> SimpleNamespace:
    return SimpleNamespace(version=version, link=SimpleNamespace(filename=filename))


CANDIDATES = (
    candidate("1.2.2-pypi", "demo-1.2.2-pypi.tar.gz"),
    candidate("1.3", "demo-1.3.zip"),
    candidate("1.3.0", "demo-1.3.tar.gz"),
    candidate("1.4", "demo-1.4.zip"),
)


@pytest.mark.parametrize(
    ("version", "filename"),
    [("1.3", "demo-1.3.tar.gz"), ("1.4.0", "demo-1.4.zip"), ("1.5", None)],
)
def test_a_version_that_is_none_keeps_nobody_from_the_others(version: str, filename: str | None) -> None:
    link = _pip_fetch.choose(CANDIDATES, version)
    assert (link and link.filename) == filename
