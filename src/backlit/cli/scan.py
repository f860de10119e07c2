"""``backlit scan``: what a source tree asks for, or a finished wheel takes, without building it."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.cli import _arguments, _screen
from backlit.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from backlit.model.report import Report


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "read what a source tree asks for, or what a finished wheel links, without building anything"
    parser = _arguments.add_command(commands, "scan", run, summary=summary, epilog=_EPILOG)
    parser.add_argument(
        "source", metavar="SOURCE", help="a folder, an sdist (.tar.gz or .zip), a wheel, or NAME==VERSION"
    )
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read; print what was seen."""
    if arguments.format == "table":
        _screen.check_tables()
    from backlit.pipeline import assemble  # noqa: PLC0415 - other commands do without

    with _named(arguments.source) as path:
        report = _read(path, arguments.source)
    document = assemble.document(report)
    if arguments.format == "json":
        _screen.write_json(document)
        return 0
    from backlit.cli import _table  # noqa: PLC0415 - loads rich

    _screen.show(_table.report(document, [("wheel" if path.suffix == ".whl" else "source", arguments.source)]))
    return 0


def _read(path: Path, source: str) -> Report:
    if path.suffix == ".whl":
        from backlit.pipeline import look  # noqa: PLC0415 - a tree needs none of it

        return look.scan_wheel(path)
    if path.is_dir() or path.name.endswith((".tar.gz", ".tgz", ".zip")):
        from backlit.pipeline import source_report  # noqa: PLC0415 - a wheel needs none of it

        return source_report.of_source(path)
    raise InputError("is neither a source tree, nor an sdist, nor a wheel", where=source, cure=_WAYS)


@contextmanager
def _named(source: str) -> Iterator[Path]:
    """Give the path that is there, or fetch the sdist that is asked for by name and version."""
    path = Path(source or "\0")
    if path.exists():
        yield path
        return
    wanted = _REQUIREMENT.fullmatch(source)
    if wanted is None:
        raise InputError("does not exist", where=source or "''", cure=_WAYS)
    from backlit.frontend import index  # noqa: PLC0415 - the one way to the network

    with tempfile.TemporaryDirectory(prefix="backlit-sdist-") as folder:
        yield index.fetch_sdist(wanted[1], wanted[2], Path(folder))


_WAYS: Final = "name a folder, an sdist (.tar.gz or .zip), a wheel, or NAME==VERSION"

_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*")

_EPILOG: Final = """\
Files are read, nothing of them runs, and nothing is unpacked. A tree shows what the source asks for, with file and line
for each; a wheel shows what its binaries need, and how it was built stays unknown.

examples:
  backlit scan .
  backlit scan demo-1.0.tar.gz --format json           the report, as 'backlit schema' describes it
  backlit scan demo==1.0                               fetched the way pip is set up; none of its code runs
  backlit scan dist/demo-1.0-cp311-cp311-linux_x86_64.whl

exit codes: 0 fine, 2 bad use or input.
"""
