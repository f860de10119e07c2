"""Where results and progress go, and how they look there."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, nullcontext
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from backlit.cli._text import one_line
from backlit.config import settings
from backlit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from rich.console import Console, RenderableType

_ENDLESS = 100_000
"""Width of what is no terminal, in columns: a line is as long as what it says, and no name is cut."""


def check_tables() -> None:
    """Make sure, before anything long begins, that tables can be shown.

    :raises ConfigError: if ``rich`` is not installed.
    """
    try:
        import rich.table  # noqa: F401, PLC0415 - an extra; --format json does without
    except ModuleNotFoundError as error:
        cure = "pip install 'backlit[cli]', or ask for --format json"
        raise ConfigError("tables are shown with 'rich', which is not installed", cure=cure) from error


def write_json(value: object) -> None:
    """Print a value as JSON: keys sorted, ASCII."""
    sys.stdout.write(json.dumps(value, indent=2, sort_keys=True) + "\n")


def write_json_line(value: object) -> None:
    """Print a value as JSON in one line, at once: whoever reads it need not wait for the next."""
    sys.stdout.write(json.dumps(value, sort_keys=True) + "\n")
    sys.stdout.flush()


def show(parts: Iterable[RenderableType]) -> None:
    """Print tables and text on standard output; where that is no terminal, without the blanks that fill a table."""
    if sys.stdout.isatty():
        console = _console(sys.stdout)
        for part in parts:
            console.print(part)
        return
    drawn = TextIOWrapper(BytesIO(), encoding=sys.stdout.encoding, errors="backslashreplace", newline="")
    console = _console(drawn)
    for part in parts:
        console.print(part)
    drawn.seek(0)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in drawn.read().split("\n")[:-1])


class Told:
    """Progress on standard error: a spinner on a terminal; plain lines elsewhere if BACKLIT_LOG asks for them."""

    def __init__(self) -> None:
        self._asked = settings.environment().get("BACKLIT_LOG") in {"info", "debug"}
        self._quiet = settings.environment().get("BACKLIT_LOG") == "quiet"

    def step(self, text: str) -> AbstractContextManager[object]:
        """Turn a spinner while the context lasts."""
        if self._asked or self._quiet or not sys.stderr.isatty():
            self._line(text, shown=self._asked)
            return nullcontext()
        try:
            return _console(sys.stderr).status(one_line(text), spinner="dots")
        except ModuleNotFoundError:  # --format json does without rich
            return nullcontext()

    @contextmanager
    def counting(self, verb: str, total: int) -> Iterator[Callable[[str], None]]:
        """Give a function that is told of each of `total` things when it is done, while the context lasts."""
        with self.step(f"{verb}: 0 of {total}") as spinner:
            done = 0

            def tell(name: str) -> None:
                nonlocal done
                done += 1
                text = f"{verb}: {done} of {total}, {name}"
                self._line(text, shown=self._asked)
                if spinner is not None:
                    getattr(spinner, "update")(one_line(text))  # noqa: B009 - rich is an extra, its types too

            yield tell

    def say(self, text: str) -> None:
        """Say a line before a tool prints by itself; a spinner would run into what it prints."""
        self._line(text, shown=self._asked or (sys.stderr.isatty() and not self._quiet))

    def show(self, output: str) -> None:
        """Show what a tool printed before it failed."""
        sys.stderr.write(output if output.endswith("\n") or not output else f"{output}\n")

    def _line(self, text: str, *, shown: bool) -> None:
        if shown:
            sys.stderr.write(f"backlit: {one_line(text)}\n")
            sys.stderr.flush()


def _console(stream: TextIO) -> Console:
    from rich.console import Console  # noqa: PLC0415 - an extra

    width = None if stream.isatty() else _ENDLESS
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
