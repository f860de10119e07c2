"""The command line: one command a file, named as the user types it. The only place that prints."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from typing import TYPE_CHECKING, Final, NoReturn

import backlit
from backlit.cli import build, doctor, scan, schema, version
from backlit.cli._text import one_line
from backlit.config import settings
from backlit.errors import BacklitError, ConfigError
from backlit.frontend.told import ToldError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS: Final = (build, scan, version, doctor, schema)
"""In the order of the help."""

_INTERRUPTED: Final = 130
_NOBODY_READS: Final = 141
"""As shells count: 128 and the signal's number, SIGINT and SIGPIPE."""

_OUR_FAULT: Final = 70
"""``EX_SOFTWARE`` of sysexits.h."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give the exit code, which ``backlit --help`` explains.

    A fault is one line on standard error. ``SystemExit`` rises where only help or the version was asked for.
    """
    for stream in (sys.stdout, sys.stderr):
        # Names come from any archive: where the terminal's encoding lacks a character, its number is shown.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except ToldError as told:
        return told.error.exit_code
    except BacklitError as error:
        _show_traceback()
        return _tell(error, error.exit_code)
    except KeyboardInterrupt:
        return _tell("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        # Python flushes once more at its end, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    except Exception as error:  # noqa: BLE001 - told below as what it is: a fault of ours
        _show_traceback()
        cure = "this is a fault of backlit; BACKLIT_LOG=debug shows its traceback"
        return _tell(f"{type(error).__name__}: {error}; {cure}", _OUR_FAULT)
    return status


def _tell(problem: object, status: int) -> int:
    sys.stderr.write(f"backlit: error: {one_line(str(problem))}\n")
    return status


def _show_traceback() -> None:
    if settings.environment().get("BACKLIT_LOG") == "debug":
        traceback.print_exc()


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are like all others of ours: one line."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(message, cure=f"see: {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="backlit",
        description="Build any Python source tree with the right version, and know what native software it took.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"backlit {backlit.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for command in _COMMANDS:
        command.register(commands)
    return parser


_EPILOG: Final = """\
examples:
  backlit build .                        build this folder's wheel, report what it took
  backlit build attrs==23.2.0 -o wheels  build a release from the index
  backlit scan dist/demo-1.0-*.whl       read what a finished wheel links
  backlit version .                      say which version a build would be given
  backlit doctor .                       say what this machine lacks to build it, and what installs that

exit codes:
  0    fine
  1    findings: 'backlit schema FILE' found problems, 'backlit doctor SOURCE' something that stops the build, or
       'backlit doctor --self' backlit not active
  2    bad use, or input that cannot be used
  3    the version is bad, or the build did not obey it
  4    the real backend failed, or cannot be had
  70   a fault of backlit itself
  130  interrupted

variables:
  BACKLIT                     1: stand in front of any backend that is imported in this environment
  BACKLIT_VERSION             the version to build with; 'auto' takes the distribution's own variables
  BACKLIT_VERSION_FOR_<DIST>  the same, for one project: upper case, each run of -_. one _
  BACKLIT_BACKEND             the real backend, instead of the one that pyproject.toml names
  BACKLIT_REPORT              where the report goes: a folder, or a file ending .json
  BACKLIT_TRACE               how the build is observed: auto, off, or a mechanism's name
  BACKLIT_LOG                 quiet, info (progress in plain lines), or debug (tracebacks too)
  NO_COLOR                    if set, no colours; there are none but on a terminal

'backlit COMMAND --help' says more of each.
"""
