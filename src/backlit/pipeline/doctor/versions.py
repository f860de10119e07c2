"""Versions of native software, which follow no scheme: compared piece by piece, as pkg-config and rpm do."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final


def meets(version: str, constraint: str) -> bool | None:
    """Tell whether a version is within a constraint, such as ``>=2.9, <3``; None if either says nothing usable."""
    if not version or not re.match(r"v?\d", version):
        return None
    verdicts = [_holds(version, part) for part in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", constraint.strip()) if part]
    known = [verdict for verdict in verdicts if verdict is not None]
    return all(known) if known else None


def _holds(version: str, constraint: str) -> bool | None:
    found = re.fullmatch(r"(>=|<=|==|!=|~=|=|>|<|)\s*v?(\d[\w.+-]*)", constraint.strip())
    if found is None:
        return None
    order = compare(version, found[2])
    if found[1] == "~=":
        return order >= 0 and _starts_alike(version, found[2])
    return order in _ORDERS[found[1]]


_ORDERS: Final = {">": (1,), "<": (-1,), "<=": (-1, 0), "=": (0,), "==": (0,), "!=": (-1, 1), ">=": (0, 1), "": (0, 1)}
"""By operator, as what a version may stand to the one named; CMake's bare version is the least."""


def compare(one: str, other: str) -> int:
    """Give -1, 0 or 1 as the first version is older, the same or newer; what is not there counts as 0."""
    for left, right in zip_longest(_pieces(one), _pieces(other), fillvalue=(1, 0, "")):
        if left != right:
            return -1 if left < right else 1
    return 0


def _pieces(version: str) -> list[tuple[int, int, str]]:
    """Give numbers and words in order; a word, such as ``rc1``'s, is before every number."""
    pieces = re.findall(r"\d+|[A-Za-z]+", version.removeprefix("v").partition("+")[0])
    return [(1, int(piece), "") if piece.isdigit() else _word(piece) for piece in pieces]


def _word(piece: str) -> tuple[int, int, str]:
    # OpenSSL's 1.1.1w and jpeg's 9e are after the bare number; a pre-release is before it.
    return (0 if re.match(r"(?i)a(lpha)?$|b(eta)?$|rc|pre|dev|git", piece) else 2, 0, piece.lower())


def _starts_alike(version: str, least: str) -> bool:
    wanted = _pieces(least)[:-1]
    return _pieces(version)[: len(wanted)] == wanted


def upstream(package: str) -> str:
    """Give the project's own version out of a package's: ``1:3.0.15-1~deb12u1`` is 3.0.15."""
    bare = package.partition(":")[2] or package
    bare = bare.rpartition("-")[0] or bare
    return re.sub(r"\.(?:dfsg|ds|orig)\d*$", "", re.split(r"[+~]", bare)[0])
