"""Reports of many sources in one table: a row for each. Made from the reports' JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from backlit.cli._text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType


def table(rows: Sequence[tuple[str, dict[str, Any] | None, str | None]]) -> Iterator[RenderableType]:
    """Give the table of sources, each with its report, or with why there is none; and below it, how many there were."""
    drawn = Table(box=None, pad_edge=False)
    # What may be long comes last: off a terminal, nothing is cut, and lines are as long as they have to be.
    for column in ("source", "languages", "tools", "libraries"):
        drawn.add_column(column, overflow="fold")
    for source, report, error in rows:
        cells = _cells(report) if report is not None else ("", "", f"ERROR {error}")
        drawn.add_row(*(Text(one_line(cell), overflow="fold") for cell in (source, *cells)), style=_style(report))
    yield drawn
    failed = sum(report is None for _, report, _ in rows)
    yield Text(f"\n{len(rows)} sources, {failed} of which could not be read.", style="dim")


def _style(report: dict[str, Any] | None) -> str | None:
    return "bold red" if report is None else None


def _cells(report: dict[str, Any]) -> tuple[str, str, str]:
    return (
        ", ".join(sorted({language for item in report["compilers"] for language in item["languages"]})) or "-",
        ", ".join(item["name"] for item in report["tools"]) or "-",
        ", ".join(_library(item) for item in report["libraries"] if item["direct"]) or "-",
    )


def _library(library: dict[str, Any]) -> str:
    """Give a library's name, with what makes it less than a plain need: a copy in the tree, a choice, opened later."""
    marks = [word for word in ("vendored", "dlopen") if word in library["linkage"]]
    marks += ["optional"] if library["required"] == "optional" else []
    name = library["id"].rpartition("/")[2]
    return f"{name} ({', '.join(marks)})" if marks else name
