"""A fault that needs no telling any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backlit.errors import BacklitError


class ToldError(Exception):
    """A fault of backlit's own in a hook's process, which has told it on standard error in one line."""

    def __init__(self, error: BacklitError) -> None:
        self.error = error
        """The fault, as it was raised there."""
        super().__init__(str(error))
