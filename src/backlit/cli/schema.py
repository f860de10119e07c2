"""``backlit schema``: the report's JSON Schema, and whether a report follows it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.cli import _arguments
from backlit.cli._text import one_line
from backlit.errors import InputError

if TYPE_CHECKING:
    import argparse


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "print the report's JSON Schema, or check a report against it"
    parser = _arguments.add_command(commands, "schema", run, summary=summary, epilog=_EPILOG)
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a report to check; without it, the schema")


def run(arguments: argparse.Namespace) -> int:
    """Print the schema; or what a report breaks of it, a line each, and give 1 if there is anything."""
    from backlit import schema  # noqa: PLC0415 - other commands do without

    if arguments.file is None:
        # As it is in the file: in the order of the model, not sorted.
        sys.stdout.write(json.dumps(schema.load(), indent=2) + "\n")
        return 0
    problems = schema.problems_in(_read(arguments.file))
    for problem in problems:
        sys.stdout.write(f"{one_line(problem)}\n")
    if not problems:
        sys.stderr.write(f"backlit: {one_line(str(arguments.file))} follows the schema\n")
    return 1 if problems else 0


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    cure = "name a report that backlit wrote"
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), cure=cure) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"is no JSON: {error}", where=str(path), cure=cure) from error


_EPILOG: Final = """\
The schema is JSON Schema 2020-12. Properties may be added to reports of this schema's number: readers ignore what they
do not know. A check needs jsonschema: pip install 'backlit[validate]'.

examples:
  backlit schema > report-1.schema.json
  backlit schema backlit-report/demo-1.0-cp311-cp311-linux_x86_64.json

exit codes: 0 fine, 1 the report breaks the schema (one problem a line), 2 bad use or input.
"""
