"""A PEP 517/660 build backend that stands in front of a project's real backend.

The hooks are attributes of this module, so that ``build-backend = "backlit"`` and a plain ``import_module("backlit")``
both work. An optional hook exists exactly where the real backend has it: front ends ask with ``hasattr``, in the
project's folder. Importing this module loads nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - hooks differ, and UnsupportedOperation is a class
    """Give a hook, from :mod:`backlit.backend`.

    :raises AttributeError: if `name` is no hook, or the real backend does not have it.
    """
    if name.startswith("__"):
        message = f"module 'backlit' has no attribute {name!r}"
        raise AttributeError(message)
    from backlit.backend import hook  # noqa: PLC0415 - a front end that only asks for __version__ loads nothing

    return hook(name)
