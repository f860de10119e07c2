"""``backlit scan``: what source trees ask for, or finished wheels take, without building them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from backlit.cli import _additions, _arguments, _screen, _sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backlit.cli._sources import Scanned


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "read what a source tree asks for, or what a finished wheel links, without building anything"
    parser = _arguments.add_command(commands, "scan", run, summary=summary, epilog=_EPILOG)
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="+",
        help="a folder, an sdist (.tar.gz, .tar.bz2, .tar.xz or .zip), a wheel, or NAME==VERSION; several are read one "
        "after another",
    )
    parser.add_argument(
        "-j", "--jobs", metavar="N", type=_jobs, default=1, help="read so many of several sources at once (default: 1)"
    )
    _additions.add_mapping(parser)
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read; print what was seen."""
    if arguments.format == "table":
        _screen.check_tables()
    with _additions.in_use(arguments.mappings):
        if len(arguments.sources) > 1:
            return _run_several(arguments)
        return _run_one(arguments.sources[0], arguments.format)


def _run_one(source: str, form: str) -> int:
    from backlit.pipeline import assemble  # noqa: PLC0415 - other commands do without

    document = assemble.document(_sources.report_of(source))
    if form == "json":
        _screen.write_json(document)
        return 0
    from backlit.cli import _source_table, _table  # noqa: PLC0415 - loads rich

    if source.endswith(".whl"):
        _screen.show(_table.report(document, [("wheel", source)]))
    else:
        _screen.show(_source_table.report(document, [("source", source)]))
    return 0


def _run_several(arguments: argparse.Namespace) -> int:
    """Print one line of JSON a source, as soon as it was read, or one table; give the worst exit code."""
    status = 0
    rows: list[Scanned] = []
    for scanned in _told(arguments.sources, arguments.jobs, arguments.mappings):
        status = max(status, scanned.status)
        if arguments.format == "json":
            _screen.write_json_line({"source": scanned.source, "report": scanned.report, "error": scanned.error})
        else:
            rows.append(scanned)
    if arguments.format == "table":
        from backlit.cli import _summary  # noqa: PLC0415 - loads rich

        _screen.show(_summary.table([(item.source, item.report, item.error) for item in rows]))
    return status


def _told(sources: Sequence[str], jobs: int, mappings: Sequence[str]) -> Iterator[Scanned]:
    """Read the sources, and tell on standard error how far it has got."""
    with _screen.Told().counting("read", len(sources)) as tell:
        for scanned in _sources.each(sources, jobs, mappings):
            tell(scanned.source)
            yield scanned


def _jobs(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_JOBS}")
    return number


_MOST_JOBS: Final = 512

_EPILOG: Final = """\
Files are read, nothing of them runs, and nothing is unpacked. A tree shows what the source asks for, with file and line
for each; a wheel shows what its binaries need, and how it was built stays unknown.

Of several sources, each has a row in one table, or with --format json a line of its own: {"source", "report", "error"},
in the order in which they were named. One that cannot be read has an error and ends nothing. How far it has got is told
on standard error.

examples:
  backlit scan .
  backlit scan demo-1.0.tar.gz --format json           the report, as 'backlit schema' describes it
  backlit scan demo==1.0                               fetched the way pip is set up; none of its code runs
  backlit scan dist/demo-1.0-cp311-cp311-linux_x86_64.whl
  backlit scan sdists/*.tar.gz --jobs 2 --format json  a line for each

What a library is called is known from backlit's own catalogue, from what installed packages add to it (entry points of
the group backlit.catalog), from the data folder of PEP 804, and from what --mapping names, which goes before.

exit codes: 0 fine, 2 bad use or input, of one source at least.
"""
