r"""The records that shims write, read back.

A process appends to a file of its own, named by its pid, in the folder ``records``. A record is fields joined by US
(``\037``) and ended by RS (``\036``). Its first field says what it is:

``1``
    a command, seen by a shim: name called by, real path, working folder, exit status or empty, number of arguments, the
    arguments.
``2``
    a command, seen by the audit hook of a process that Python forked: the same fields.
``3``
    a command, seen by the library in its process: path as it was started by, working folder, process id, parent's
    process id, the arguments from the program's name on. The file is named by the process id and the time.
``@``
    the content of a response file of the command before it: number of the argument from 1, the content.
``=``
    where the pkg-config before it looks: ``PKG_CONFIG_PATH=...``, ``PKG_CONFIG_LIBDIR=...``, those that are set.
``?``
    the exit status of the command before it.

The other half of this protocol is in ``backlit.trace.shims`` and ``preload.c``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.support.files import start_of

if TYPE_CHECKING:
    from pathlib import Path

US: Final = "\037"
"""Stands between fields."""
RS: Final = "\036"
"""Ends a record."""
LIMIT: Final = 64 << 20
"""Bytes of one process's records, at most: more is cut, and said."""


class Record(NamedTuple):
    """One command, as it was written down."""

    seen_by: str
    """``shim``, ``audit`` or ``preload``."""
    program: str
    """Absolute path of what ran; the name as given where it was not found."""
    arguments: tuple[str, ...]
    """The arguments after the program's name, as given."""
    cwd: str
    """Absolute path of the folder."""
    status: int | None = None
    """Exit status; None where it was not waited for."""
    found: bool = True
    """False if no such program exists."""
    pid: str = ""
    """The name of its list of headers, where a shim or the library wrote it."""
    process: int = 0
    """Its process id, where the library wrote it; others of the build may have had it before or after."""
    parent: int = 0
    """The process id of what started it, likewise."""
    skipped: int = 1
    """How many words of its command line stand before the arguments: its own name, and for a script its interpreter's
    with what that is given."""
    responses: tuple[tuple[int, str], ...] = ()
    """Response files: index of the argument from 0, and the file's content."""
    variables: tuple[str, ...] | None = None
    """Of pkg-config, each variable that says where it looks, ``NAME=VALUE``; None where they are not known."""


def read(folder: Path) -> tuple[list[Record], list[str]]:
    """Give every record in a folder, and a sentence for each that cannot be read. Order: by file name, then as written.

    Never raises for what stands in the files.
    """
    records: list[Record] = []
    faults: list[str] = []
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except OSError as error:
        return [], [f"records cannot be listed: {error.strerror}"]
    for name in names:
        try:
            data = start_of(f"{folder}/{name}", LIMIT + 1)
        except OSError as error:
            faults.append(f"a process's records cannot be read: {error.strerror}")
            continue
        found, wrong = parse(data, pid=name)
        records += found
        faults += wrong
    return records, faults


def parse(data: bytes, *, pid: str = "") -> tuple[list[Record], list[str]]:
    """Give the records of one process, and a sentence for each that cannot be read. Any bytes will do."""
    records: list[Record] = []
    faults: list[str] = []
    if len(data) > LIMIT:
        faults.append(f"a process's records are longer than {LIMIT} bytes: the rest was not read")
    *pieces, torn = data[:LIMIT].split(RS.encode())
    if torn:
        faults.append("a record was torn: the process was killed, or the disk was full")
    for piece in pieces:
        fields = os.fsdecode(piece).split(US)
        if fields[0] in _OF_THE_LAST and records and (added := _OF_THE_LAST[fields[0]](fields, records[-1])):
            records[-1] = added
        elif record := _record(fields, pid):
            records.append(record)
        else:
            faults.append(f"a record cannot be read: {len(fields)} fields, {len(piece)} bytes")
    return records, faults


def encode(record: Record) -> bytes:
    """Give the bytes of a command that the audit hook saw in a forked process."""
    name = os.path.basename(record.program)  # noqa: PTH119 - a name as given
    fields = ("2", name, record.program, record.cwd, "", str(len(record.arguments)), *record.arguments)
    return os.fsencode(US.join(fields) + RS)


def _with_response(fields: list[str], last: Record) -> Record | None:
    if len(fields) < 3 or not _is_number(fields[1]):  # noqa: PLR2004 - kind, number, content
        return None
    index = int(fields[1]) - last.skipped
    if not 0 <= index < len(last.arguments):
        return None
    return last._replace(responses=(*last.responses, (index, US.join(fields[2:]))))


def _with_variables(fields: list[str], last: Record) -> Record | None:
    return last._replace(variables=tuple(fields[1:])) if all("=" in field for field in fields[1:]) else None


def _with_status(fields: list[str], last: Record) -> Record | None:
    well_formed = len(fields) == 2 and _is_number(fields[1])  # noqa: PLR2004 - kind, status
    return last._replace(status=int(fields[1])) if well_formed else None


def _record(fields: list[str], pid: str) -> Record | None:
    if fields[0] == "3":
        return _by_library(fields, pid)
    if len(fields) < 6 or fields[0] not in _SEEN_BY:  # noqa: PLR2004 - the six fields of the module's docstring
        return None
    kind, _, program, cwd, status, count, *arguments = fields
    if count == "0" and arguments == [""]:
        arguments = []
    well_formed = program.startswith("/") and cwd.startswith("/") and (not status or _is_number(status))
    if not well_formed or count != str(len(arguments)):
        return None
    return Record(
        seen_by=_SEEN_BY[kind],
        program=program,
        arguments=tuple(arguments),
        cwd=cwd,
        status=int(status) if status else None,
        pid=pid if kind == "1" else "",
    )


def _by_library(fields: list[str], pid: str) -> Record | None:
    if len(fields) < 6 or not (_is_number(fields[3]) and _is_number(fields[4])):  # noqa: PLR2004 - as in the docstring
        return None
    _, started, cwd, process, parent, *words = fields
    program = os.path.normpath(os.path.join(cwd, started))  # noqa: PTH118 - as the kernel was given it
    # The kernel puts a script's interpreter, with one argument at most, before the script as it was started.
    skipped = next((index + 1 for index, word in enumerate(words[1:3], 1) if word == started), 1)
    if not cwd.startswith("/"):
        return None
    return Record(
        seen_by="preload",
        program=program,
        arguments=tuple(words[skipped:]),
        cwd=cwd,
        pid=pid,
        process=int(process),
        parent=int(parent),
        skipped=skipped,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9  # noqa: PLR2004 - int() of a long one is slow


_SEEN_BY: Final = {"1": "shim", "2": "audit"}
_OF_THE_LAST: Final = {"@": _with_response, "=": _with_variables, "?": _with_status}
