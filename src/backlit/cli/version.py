"""``backlit version``: which version a build would be given, from where, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit.cli import _arguments, _screen

if TYPE_CHECKING:
    import argparse


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "say which version a build would be given, from where, and by which tool"
    parser = _arguments.add_command(commands, "version", run, summary=summary, epilog=_EPILOG)
    parser.add_argument("source", metavar="SOURCE", help="a folder, an sdist (.tar.gz or .zip), or NAME==VERSION")
    _arguments.add_config_settings(parser)
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain; nothing is built."""
    if arguments.format == "table":
        _screen.check_tables()
    from backlit.frontend import sources  # noqa: PLC0415 - other commands do without
    from backlit.pipeline import look  # noqa: PLC0415 - likewise

    settings = _arguments.config_settings_of(arguments.config_settings)
    with sources.opened(arguments.source, _screen.Told()) as source:
        explained = look.explain(source.path, settings)
    if arguments.format == "json":
        _screen.write_json(explained)
        return 0
    from backlit.cli import _table  # noqa: PLC0415 - loads rich

    _screen.show(_table.version(explained))
    return 0


_EPILOG: Final = """\
Reads files and variables; runs nothing of the project's. Where the version is left to the tool in charge (a repository
of the project's own, a version in the tree itself), it is shown only if the tree states it.

examples:
  backlit version .
  BACKLIT_VERSION=1.2.3 backlit version ./demo
  backlit version demo-1.0.tar.gz --format json

JSON: name, backend, backend_where, tool, tool_evidence, version, origin, where, injected, place, reason,
restored_files.

exit codes: 0 fine, 2 bad use or input, 3 the version is bad. 'backlit --help' lists the variables.
"""
