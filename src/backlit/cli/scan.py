"""``backlit scan``: what an artifact takes, without building it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.cli import _arguments, _screen
from backlit.errors import InputError

if TYPE_CHECKING:
    import argparse


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "read what a finished wheel links, without building anything"
    parser = _arguments.add_command(commands, "scan", run, summary=summary, epilog=_EPILOG)
    parser.add_argument("source", metavar="WHEEL", help="a wheel; trees and sdists are not read by this version")
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read; print what was seen."""
    if arguments.format == "table":
        _screen.check_tables()
    path = Path(arguments.source)
    _check(path, arguments.source)
    from backlit.pipeline import assemble, look  # noqa: PLC0415 - other commands do without

    document = assemble.document(look.scan_wheel(path))
    if arguments.format == "json":
        _screen.write_json(document)
        return 0
    from backlit.cli import _table  # noqa: PLC0415 - loads rich

    _screen.show(_table.report(document, [("wheel", str(path))]))
    return 0


def _check(path: Path, source: str) -> None:
    cure = "name a wheel; for a tree or an sdist, 'backlit build' makes one and reports on it"
    if not source or not path.exists():
        raise InputError("does not exist", where=source or "''", cure=cure)
    if path.suffix != ".whl":
        raise InputError("is no wheel, and only wheels are read by this version", where=source, cure=cure)


_EPILOG: Final = """\
Only the wheel is read: nothing of it runs, nothing is unpacked, and how it was built stays unknown.

examples:
  backlit scan dist/demo-1.0-cp311-cp311-linux_x86_64.whl
  backlit scan demo.whl --format json > report.json    the report, as 'backlit schema' describes it

exit codes: 0 fine, 2 bad use or input.
"""
