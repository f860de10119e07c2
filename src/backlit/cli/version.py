"""``backlit version``: which version a build would be given, from where, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.cli import _arguments, _screen
from backlit.config import pep440

if TYPE_CHECKING:
    import argparse


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "say which version a build would be given, from where, and by which tool"
    parser = _arguments.add_command(commands, "version", run, summary=summary, epilog=_EPILOG)
    parser.add_argument("source", metavar="SOURCE", help="a folder, an sdist (.tar.gz or .zip), or NAME==VERSION")
    parser.add_argument("--version", metavar="V", help="the version to explain; before all variables")
    parser.add_argument(
        "--kind",
        choices=tuple(_HOOKS),
        default="wheel",
        help="what would be built: wheel (default), sdist, or editable",
    )
    _arguments.add_config_settings(parser)
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain; nothing is built."""
    if arguments.format == "table":
        _screen.check_tables()
    from backlit.frontend import sources  # noqa: PLC0415 - other commands do without
    from backlit.pipeline import look  # noqa: PLC0415 - likewise

    settings = _arguments.config_settings_of(arguments.config_settings)
    if arguments.version is not None:
        is_auto = arguments.version == "auto"
        settings["backlit.version"] = "auto" if is_auto else pep440.asked(arguments.version, where="--version")
    with sources.opened(arguments.source, _screen.Told()) as source:
        explained = look.explain(source.path, settings, hook=_HOOKS[arguments.kind])
    if arguments.format == "json":
        _screen.write_json(explained)
        return 0
    from backlit.cli import _table  # noqa: PLC0415 - loads rich

    _screen.show(_table.version(explained))
    return 0


_HOOKS: Final = {"wheel": "build_wheel", "sdist": "build_sdist", "editable": "build_editable"}

_EPILOG: Final = """\
Reads files and variables; runs nothing of the project's. Where the version is left to the tool in charge (a repository
of the project's own, a version in the tree itself), it is shown only if the tree states it.

examples:
  backlit version .
  backlit version ./demo --version 1.2.3
  BACKLIT_VERSION=auto backlit version .
  backlit version demo-1.0.tar.gz --format json

JSON: name, hook, backend, backend_where, tool, tool_evidence, others, version, origin, where, asked, told
{variables, files, tags, version_files}, place, reason, copy {files, bytes, left_out, repository}, files {in_place_of,
count}, advice.

exit codes: 0 fine, 2 bad use or input, 3 the version cannot be used. 'backlit --help' lists the variables.
"""
