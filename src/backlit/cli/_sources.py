"""What a source's name on the command line stands for, and the report of it: for one source, or for a hundred."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.artifacts.compressed import TAR_ENDINGS
from backlit.cli import _additions
from backlit.errors import BacklitError, InputError
from backlit.support import process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backlit.model.report import Report


class Scanned(NamedTuple):
    """One source of several, read; a fault of one is told beside the reports of the others."""

    source: str
    """As it was named."""
    report: dict[str, Any] | None = None
    """The report; None if there is none."""
    error: str | None = None
    """Why there is none: place, problem, cure."""
    status: int = 0
    """The exit code that it would have alone."""


def report_of(source: str) -> Report:
    """Give the report of one source; nothing of it runs.

    :raises InputError: if there is no such source, or it cannot be read.
    """
    with named(source) as path:
        return _read(path, source)


def each(sources: Sequence[str], jobs: int, mappings: Sequence[str] = ()) -> Iterator[Scanned]:
    """Give each source's report or fault, in the order of the sources, read by so many processes.

    :param mappings: what the other processes' catalogues have beside what is shipped, as ``--mapping`` names it.
    """
    if jobs <= 1:
        yield from map(_scanned, sources)
        return
    scan = partial(_scanned_with, tuple(mappings))
    for source, scanned in zip(sources, process.each(scan, sources, jobs), strict=True):
        yield scanned or Scanned(source, error=f"{source}: the process that read it was ended", status=_OUR_FAULT)


_OUR_FAULT: Final = 70
"""``EX_SOFTWARE`` of sysexits.h."""


def _scanned_with(mappings: tuple[str, ...], source: str) -> Scanned:
    with _additions.in_use(mappings):
        return _scanned(source)


def _scanned(source: str) -> Scanned:
    from backlit.pipeline import assemble  # noqa: PLC0415 - other commands do without

    try:
        return Scanned(source, assemble.document(report_of(source)))
    except BacklitError as error:
        return Scanned(source, error=str(error), status=error.exit_code)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one source of a hundred; it is told as what it is
        problem = f"{source}: {type(error).__name__}: {error}; this is a fault of backlit"
        return Scanned(source, error=problem, status=_OUR_FAULT)


def _read(path: Path, source: str) -> Report:
    if path.suffix == ".whl":
        from backlit.pipeline import look  # noqa: PLC0415 - a tree needs none of it

        return look.scan_wheel(path)
    if path.is_dir() or path.name.lower().endswith((*TAR_ENDINGS, ".zip")):
        from backlit.pipeline import source_report  # noqa: PLC0415 - a wheel needs none of it

        return source_report.of_source(path)
    raise InputError("is neither a source tree, nor an sdist, nor a wheel", where=source, cure=_WAYS)


@contextmanager
def named(source: str) -> Iterator[Path]:
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


_WAYS: Final = "name a folder, an sdist (.tar.gz, .tar.bz2, .tar.xz or .zip), a wheel, or NAME==VERSION"

_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*")
