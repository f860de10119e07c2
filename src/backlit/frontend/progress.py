"""What a front end tells the person who waits; the command line says how it looks."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Progress(Protocol):
    """Who is told."""

    def step(self, text: str) -> AbstractContextManager[object]:
        """Tell that something long and silent happens while the context lasts."""

    def say(self, text: str) -> None:
        """Tell that something begins which prints by itself."""

    def show(self, output: str) -> None:
        """Show what a tool printed before it failed."""


class Silent:
    """Tells nobody."""

    def step(self, text: str) -> AbstractContextManager[object]:
        """Tell nobody."""
        del text
        return nullcontext()

    def say(self, text: str) -> None:
        """Tell nobody."""

    def show(self, output: str) -> None:
        """Show nobody."""
