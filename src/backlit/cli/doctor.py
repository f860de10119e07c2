"""``backlit doctor``: what this machine lacks to build a source tree; and whether ``BACKLIT=1`` has an effect here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from backlit.cli import _additions, _arguments, _screen, _sources
from backlit.cli._text import one_line
from backlit.errors import ConfigError, InputError

if TYPE_CHECKING:
    import argparse

    from backlit.activation.diagnosis import Check


def register(commands: _arguments.Commands) -> None:
    """Add the command."""
    summary = "say what this machine lacks to build a source tree, and the line that installs it"
    parser = _arguments.add_command(commands, "doctor", run, summary=summary, epilog=_EPILOG)
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", help="a folder, an sdist (.tar.gz or .zip), or NAME==VERSION"
    )
    parser.add_argument(
        "-n",
        "--no-isolation",
        action="store_true",
        help="check the Python build requirements, too, in this interpreter's environment",
    )
    parser.add_argument(
        "--self", action="store_true", dest="itself", help="instead, say whether BACKLIT=1 has an effect in this folder"
    )
    _additions.add_mapping(parser)
    _arguments.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is here and what is not; give 0 if the build can go ahead, or backlit is active, else 1."""
    if arguments.itself:
        if arguments.source is not None:
            raise ConfigError("--self looks at the current folder, and takes no SOURCE", cure="leave one of them out")
        return _of_backlit(arguments.format)
    if arguments.source is None:
        raise ConfigError("names nothing to look at", cure="name a folder, an sdist or NAME==VERSION; or --self")
    with _additions.in_use(arguments.mappings):
        return _of_source(arguments.source, arguments.format, isolated=not arguments.no_isolation)


def _of_source(source: str, form: str, *, isolated: bool) -> int:
    if form == "table":
        _screen.check_tables()
    from backlit.pipeline import doctor  # noqa: PLC0415 - other commands do without
    from backlit.pipeline.doctor import diagnosis  # noqa: PLC0415 - likewise

    with _sources.named(source) as path:
        if path.suffix == ".whl":
            raise InputError("is built already", where=source, cure="name a source tree or an sdist")
        found = doctor.examine(path, isolated=isolated)
    document = diagnosis.document(found, source)
    if form == "json":
        _screen.write_json(document)
    else:
        from backlit.cli import _lacking  # noqa: PLC0415 - loads rich

        _screen.show(_lacking.parts(document))
    return 0 if found.ready else 1


def _of_backlit(form: str) -> int:
    from backlit.activation import diagnosis  # noqa: PLC0415 - other commands do without

    checks = diagnosis.examine()
    active = all(check.holds for check in checks)
    if form == "json":
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
Reads the source as 'backlit scan' does, and looks for each thing that it asks for as a build would: pkg-config modules
with pkg-config, headers and libraries in the compiler's folders, programs on the path with their versions, Python.h of
this interpreter, libraries that are opened while running in the loader's cache. CC, CXX, CFLAGS, LDFLAGS,
PKG_CONFIG_PATH, CMAKE_PREFIX_PATH and the like count. Nothing of the source runs, and nothing is installed.

Python build requirements are left to the front end, which installs them where it builds in isolation; with -n they are
looked for here. A library that the tree has a copy of is not missing; one that is opened while running does not stop
the build. The line is for the package manager that this interpreter, or this system, comes from: apt, dnf, apk, pacman,
zypper, nix-shell, brew or conda; what no package is known for is named apart.

examples:
  backlit doctor .
  backlit doctor lxml-6.1.3.tar.gz
  backlit doctor lxml==6.1.3 --format json             fetched the way pip is set up; none of its code runs
  sh -c "$(backlit doctor . --format json | jq -r .install.needed.command)"
  BACKLIT=1 backlit doctor --self                      whether BACKLIT=1 has an effect in this folder, and if not, why

--self starts this interpreter as a front end does, with BACKLIT=1, and lets it import the backend of the project in the
current folder. A front end that builds in an environment of its own (build without -n, pip and uv without
--no-build-isolation) does not use this interpreter, and backlit is not in that environment.

JSON: schema, source, project, backend, isolated, ready, checks, install. A check has kind (compiler, headers, library,
program, requirement), name, id, need (required, unknown, optional, runtime), status (present, missing, wrong-version,
bundled, front-end, unknown), stops, asked, where, wanted, version, path, package and note. install has manager, why,
and for needed, optional and runtime a command, its packages, and the ids that are unnamed. With --self: active,
interpreter, checks.

exit codes: 0 the build can go ahead (--self: active), 1 it cannot (--self: not active), 2 bad use or input.
"""
