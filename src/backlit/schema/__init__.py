"""The report's JSON Schema (2020-12): generated from the model, shipped as a file, and what a report breaks of it.

``python -m backlit.schema`` writes the file anew after a change to :mod:`backlit.model`.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from backlit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE: Final = "report-1.schema.json"
"""The shipped file, in this package's folder."""

_LONGEST: Final = 300
"""Longest message given for a problem, in characters: a validator quotes whole values."""


def load() -> dict[str, Any]:
    """Give the shipped schema."""
    shipped: dict[str, Any] = json.loads(files(__name__).joinpath(FILE).read_text(encoding="utf-8"))
    return shipped


def problems_in(document: object) -> list[str]:
    """Give what a parsed report breaks of the schema, each ``path: message``, in the order of their paths.

    `document` is what :func:`json.loads` gives; paths are written as JSONPath (RFC 9535). Empty if nothing is broken.

    :raises ConfigError: if ``jsonschema`` is not installed.
    """
    return [f"{path}: {_shortened(message)}" for path, message in sorted(_broken(document))]


def _broken(document: object) -> Iterator[tuple[str, str]]:
    try:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - an extra; `load` does without
    except ModuleNotFoundError as error:
        raise ConfigError("a report is checked with jsonschema", cure="pip install 'backlit[validate]'") from error
    for broken in Draft202012Validator(load()).iter_errors(document):
        yield broken.json_path, broken.message


def _shortened(message: str) -> str:
    if len(message) <= _LONGEST:
        return message
    half = _LONGEST // 2
    return f"{message[:half]} ... {message[-half:]}"
