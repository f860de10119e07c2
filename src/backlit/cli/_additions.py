"""``--mapping``, and what else a command knows beside the shipped catalogue."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from backlit.catalog import Added


def add_mapping(parser: argparse.ArgumentParser) -> None:
    """Add ``--mapping``."""
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        action="append",
        default=[],
        dest="mappings",
        help="a mapping or registry of PEP 804, a folder of them, or a folder of entries of the catalogue; repeatable",
    )


@contextmanager
def in_use(mappings: Sequence[str]) -> Iterator[None]:
    """Let the catalogue have what the files, the system's data folders and installed packages add to it.

    :raises InputError: if a file is not there, or malformed.
    """
    from backlit import catalog  # noqa: PLC0415 - most commands do without
    from backlit.config.data_folders import data_folders  # noqa: PLC0415 - likewise

    with catalog.extended(_read(tuple(mappings), data_folders())):
        yield


@cache
def _read(mappings: tuple[str, ...], folders: tuple[str, ...]) -> Added | None:
    """Read once, though a process reads a hundred sources."""
    from backlit.catalog import additions  # noqa: PLC0415 - see above

    return additions.read(mappings, folders)
