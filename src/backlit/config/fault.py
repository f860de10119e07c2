"""A fault of ours, passed from the hook's process to the front end that is ours.

The front end names a file in ``_BACKLIT_ERROR``; the hook writes one JSON object into it: ``class``, ``problem``,
``where``, ``cure``, ``exit_code``. Without the variable nothing is written.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backlit.errors import BacklitError

VARIABLE: Final = "_BACKLIT_ERROR"
"""Path of the file."""


def pass_on(error: BacklitError) -> None:
    """Write a fault down for a front end that asked for it."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    import json  # noqa: PLC0415 - only where there is a fault

    parts = {"class": type(error).__name__, "exit_code": error.exit_code}
    parts |= {"problem": error.problem, "where": error.where, "cure": error.cure}
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a string from the environment
        json.dump(parts, file)
