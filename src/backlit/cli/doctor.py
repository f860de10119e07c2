"""``backlit doctor``: whether ``BACKLIT=1`` has an effect here, and why not."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from backlit.cli import _arguments, _screen
from backlit.cli._text import one_line
from backlit.errors import ConfigError

if TYPE_CHECKING:
    from backlit.activation.diagnosis import Check


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "say whether BACKLIT=1 has an effect in this folder, and if not, why"
    parser = _arguments.add_command(commands, "doctor", run, summary=summary, epilog=_EPILOG)
    # A tree will be looked at, too: what this machine lacks to build it.
    parser.add_argument("source", metavar="SOURCE", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--self", action="store_true", dest="itself", help="look at backlit itself")
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what holds and what does not; give 0 if backlit is active, else 1."""
    if arguments.source is not None or not arguments.itself:
        raise ConfigError("there is only 'backlit doctor --self' yet, which looks at backlit itself")
    from backlit.activation import diagnosis  # noqa: PLC0415 - other commands do without

    checks = diagnosis.examine()
    active = all(check.holds for check in checks)
    if arguments.format == "json":
        _screen.write_json(
            {"active": active, "interpreter": sys.executable, "checks": [_as_json(check) for check in checks]}
        )
    else:
        sys.stdout.writelines(f"{line}\n" for check in checks for line in _lines(check))
        sys.stdout.write(f"\n{_verdict(active=active, checks=checks)}\n")
    return 0 if active else 1


def _as_json(check: Check) -> dict[str, object]:
    return {"name": check.name, "holds": check.holds, "detail": check.detail, "cure": check.cure or None}


def _lines(check: Check) -> list[str]:
    first = f"{'yes' if check.holds else 'NO':4}{check.name:12} {one_line(check.detail)}"
    return [first, f"{'':17}{one_line(check.cure)}"] if check.cure else [first]


def _verdict(*, active: bool, checks: tuple[Check, ...]) -> str:
    if active:
        return (
            f"backlit is active here, in builds by {sys.executable}; isolated builds have an interpreter of their own."
        )
    missing = ", ".join(check.name for check in checks if not check.holds)
    return f"backlit is not active here: {missing}."


_EPILOG: Final = """\
Starts this interpreter as a front end does, with BACKLIT=1, and lets it import the backend of the project in the
current folder. A front end that builds in an environment of its own (build without -n, pip and uv without
--no-build-isolation) does not use this interpreter, and backlit is not in that environment.

examples:
  cd demo && BACKLIT=1 backlit doctor --self
  backlit doctor --self --format json

JSON: active, interpreter, checks. Each check has name (variable, pth, interpreter, project, backend), holds, detail
and cure.

exit codes: 0 active, 1 not active, 2 bad use.
"""
