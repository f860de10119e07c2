"""Real packages, built once through backlit, and what their reports say, as sets."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from kit import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Observed(NamedTuple):
    """One build's report."""

    report: dict[str, Any]
    """As written."""

    def ids(self, keep: Callable[[dict[str, Any]], bool]) -> set[str]:
        """Give the ids of the libraries that `keep` keeps."""
        return {library["id"] for library in self.report["libraries"] if keep(library)}

    def owners(self, role: str) -> set[str]:
        """Give the names of the packages that the direct, used libraries' files are of, in one role."""
        return {
            unquote(package["purl"].partition("@")[0].rpartition("/")[2])
            for library in self.report["libraries"]
            if library["direct"] and library["used"]
            for package in library["packages"]
            if package["role"] == role
        }

    def tools(self, *, used: bool) -> set[str]:
        """Give the names of the tools that did something, or that only told about themselves."""
        return {tool["name"] for tool in self.report["tools"] if tool["used"] is used}

    def places(self, code: str) -> set[str]:
        """Give what the diagnostics of one code are about."""
        return {item["where"] for item in self.report["diagnostics"] if item["code"] == code}


def observe(source: str | Path, folder: Path, *options: str, **variables: str) -> Observed:
    """Build a wheel of `source`, a folder, an sdist or ``NAME==VERSION``, and give its report."""
    report = folder / "report.json"
    command = [
        sys.executable,
        "-m",
        "backlit",
        "build",
        str(source),
        "-o",
        str(folder / "out"),
        "--report",
        str(report),
    ]
    run(*command, *options, cwd=folder, variables=variables)
    return Observed(json.loads(report.read_text(encoding="utf-8")))
