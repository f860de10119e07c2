"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Commands(Protocol):
    """What :meth:`argparse.ArgumentParser.add_subparsers` gives; its own class is private."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own
        """Add a command."""


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], *, summary: str, epilog: str
) -> argparse.ArgumentParser:
    """Add a command; `summary` is its line in the list of commands and the first of its own help."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    return parser


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add ``--format``."""
    parser.add_argument(
        "--format", choices=("table", "json"), default="table", help="what is printed: a table (default), or JSON"
    )


def add_config_settings(parser: argparse.ArgumentParser) -> None:
    """Add ``-C``, spelled as in pip and build."""
    parser.add_argument(
        "-C",
        "--config-setting",
        metavar="K=V",
        action="append",
        default=[],
        dest="config_settings",
        help="a setting for the real backend, or one of backlit's own (backlit.*); given twice, it is a list",
    )


def config_settings_of(given: Sequence[str]) -> dict[str, Any]:
    """Give the settings of ``-C`` as a front end passes them on: one value is text, several are a list."""
    settings: dict[str, Any] = {}
    for item in given:
        key, _, value = item.partition("=")
        if key not in settings:
            settings[key] = value
        elif isinstance(settings[key], list):
            settings[key].append(value)
        else:
            settings[key] = [settings[key], value]
    return settings
