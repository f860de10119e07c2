"""``backlit build``: a wheel, an sdist, and what they took."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from backlit.cli import _additions, _arguments, _screen

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from backlit.frontend.build import Built


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "build a wheel or an sdist, and report what native software it took"
    parser = _arguments.add_command(commands, "build", run, summary=summary, epilog=_EPILOG)
    parser.add_argument("source", metavar="SOURCE", help="a folder, an sdist (.tar.gz or .zip), or NAME==VERSION")
    parser.add_argument(
        "-w", "--wheel", action="store_true", help="build a wheel, straight from the tree; the default without -s"
    )
    parser.add_argument("-s", "--sdist", action="store_true", help="build an sdist; with -w, both")
    parser.add_argument(
        "-o", "--outdir", metavar="DIR", type=Path, default=Path("dist"), help="where artifacts go (default: dist)"
    )
    parser.add_argument("--version", metavar="V", help="the version to build with; before all variables")
    parser.add_argument(
        "--report",
        metavar="PATH",
        type=Path,
        help="where reports go: a folder, or a file ending .json (default: backlit-report beside DIR)",
    )
    parser.add_argument(
        "-n",
        "--no-isolation",
        action="store_true",
        help="build in this interpreter's environment, as it is, instead of an isolated one",
    )
    _additions.add_mapping(parser)
    _arguments.add_config_settings(parser)
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Build; print where things are and what was seen."""
    if arguments.format == "table":
        _screen.check_tables()
    from backlit.frontend.build import BuildRequest, build  # noqa: PLC0415 - other commands do without

    asked = [kind for kind in ("sdist", "wheel") if getattr(arguments, kind)]
    request = BuildRequest(
        source=arguments.source,
        kinds=tuple(asked) or ("wheel",),
        outdir=arguments.outdir,
        version=arguments.version,
        report=arguments.report,
        isolation=not arguments.no_isolation,
        mappings=tuple(arguments.mappings),
        config_settings=_arguments.config_settings_of(arguments.config_settings),
    )
    built = build(request, _screen.Told())
    if arguments.format == "json":
        _screen.write_json({"artifacts": [_as_json(artifact) for artifact in built]})
    else:
        _show(built)
    return 0


def _as_json(artifact: Built) -> dict[str, object]:
    report_path = None if artifact.report_path is None else str(artifact.report_path)
    return {
        "kind": artifact.kind,
        "path": str(artifact.path),
        "report_path": report_path,
        "report": artifact.report,
    }


def _show(built: Sequence[Built]) -> None:
    from backlit.cli import _table  # noqa: PLC0415 - loads rich

    for artifact in built:
        places = [(artifact.kind, str(artifact.path)), ("report", str(artifact.report_path or "none was written"))]
        _screen.show(_table.report(artifact.report, places))


_EPILOG: Final = """\
The source tree is never written. The build runs in an isolated environment with the requirements of pyproject.toml,
through the same hooks that pip calls; the wheel is byte for byte the one that the real backend makes. What the real
backend prints goes to standard error, so standard output carries the result alone.

examples:
  backlit build .                              wheel in dist/, report in backlit-report/
  backlit build demo-1.0.tar.gz -w -s          wheel and sdist
  backlit build ./demo --version 1.2.3 -n      a version for a tree that has none, in this environment
  backlit build attrs==23.2.0 --format json    for a program to read
  backlit build . -C setup-args=-Dfoo=on       a setting for the real backend
  backlit build . --mapping ours/              names and packages of one's own, from a folder

JSON: {"artifacts": [{"kind", "path", "report_path", "report"}]}; 'report' follows 'backlit schema'.

exit codes: 0 fine, 2 bad use or input, 3 version, 4 the real backend failed. 'backlit --help' lists the variables.
"""
