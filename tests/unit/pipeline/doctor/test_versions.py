"""Versions of native software, and constraints on them."""

from __future__ import annotations

import pytest

from backlit.pipeline.doctor import versions


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("1.2.3", "1.2", 1),
        ("1.2", "1.2.0", 0),
        ("3.0.15", "3.0.9", 1),
        ("1.63.0", "1.83", -1),
        ("1.1.1w", "1.1.1", 1),
        ("9e", "9d", 1),
        ("2.0rc1", "2.0", -1),
        ("2.0", "2.0rc1", 1),
        ("2.0-beta2", "2.0-rc1", -1),
        ("v3.25", "3.25", 0),
        ("1.63.0+dfsg1", "1.63.0", 0),
    ],
)
def test_versions_are_ordered(one: str, other: str, order: int) -> None:
    assert versions.compare(one, other) == order
    assert versions.compare(other, one) == -order


@pytest.mark.parametrize(
    ("version", "constraint", "verdict"),
    [
        ("2.9.14", ">=2.9", True),
        ("2.9.14", ">= 2.10", False),
        ("2.9.14", ">=2.9, <3", True),
        ("3.1", ">=2.9, <3", False),
        ("2.9", ">=2.5 <3", True),
        ("1.4.5", "~=1.4.2", True),
        ("1.5", "~=1.4.2", False),
        ("1.5", "==1.5.0", True),
        ("1.5", "!=1.5.0", False),
        ("3.16", "3.15", True),
        ("3.14", "3.15", False),
        ("3.14", "any", None),
        ("unknown", ">=1", None),
        ("", ">=1", None),
    ],
)
def test_a_constraint_holds_or_not_or_nobody_knows(version: str, constraint: str, *, verdict: bool | None) -> None:
    assert versions.meets(version, constraint) is verdict


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("3.0.15-1~deb12u1", "3.0.15"),
        ("1:1.2.13.dfsg-1", "1.2.13"),
        ("1.63.0+dfsg1-2", "1.63.0"),
        ("2.36-9+deb12u14", "2.36"),
        ("7.88.1-10+deb12u14", "7.88.1"),
        ("1.2-r3", "1.2"),
        ("4.5", "4.5"),
    ],
)
def test_a_packages_version_holds_the_projects_own(package: str, version: str) -> None:
    assert versions.upstream(package) == version
