"""What the tables of several commands are put together from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backlit.cli._text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType


def labelled(lines: Iterable[tuple[str, str]]) -> Table:
    """Give what stands at the top: a label and a text a line."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in lines:
        table.add_row(label, cell(text))
    return table


def section(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], style: str = ""
) -> Iterator[RenderableType]:
    """Give a table with its title, rows in `style`; nothing where it has no rows."""
    if not rows:
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.pad_edge = table.show_edge = False
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        # What was asked for and never used is what a reader looks for.
        table.add_row(*(cell(value) for value in row), style=style or ("yellow" if "NO" in row else None))
    yield spaced(table)


def spaced(part: RenderableType) -> Padding:
    """Give a part with an empty line before it."""
    return Padding(part, (1, 0, 0, 0), expand=False)


def cell(text: str) -> Text:
    """Give a text as one line, whatever control characters are in it."""
    return Text(one_line(text), overflow="fold")
