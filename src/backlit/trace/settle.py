"""Several records of one command, made one.

The library sees what the audit hook saw too, sees a program below a wrapper of its name, and below ccache the runs by
which that fills its cache.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.trace import tables
from backlit.trace.shims import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backlit.trace.records import Record

    _ByProcess = Mapping[int, Sequence[Record]]


class Settled(NamedTuple):
    """One command."""

    record: Record
    """What is best known of it."""
    lists: tuple[str, ...]
    """Names of its lists of headers, in order."""


def settle(records: Sequence[Record]) -> list[Settled]:
    """Give each command once, in order."""
    records = _without_proxies(records)
    by_library = [record for record in records if record.seen_by == "preload" and not _is_shim(record)]
    if not by_library:
        return [Settled(record, _lists(record)) for record in records if not _is_shim(record)]
    seen = Counter(map(_key, by_library))
    below: dict[int, list[Record]] = {}
    became: dict[int, list[Record]] = {}
    for record in by_library:
        if tables.match(_name(record)):
            below.setdefault(record.parent, []).append(record)
            became.setdefault(record.process, []).append(record)
    launchers, turned = _launchers(by_library)
    found: list[Settled] = []
    for record in records:
        if record.seen_by == "audit" and record.found and seen[_key(record)]:
            seen[_key(record)] -= 1
        elif _is_shim(record) or _is_inner(record, launchers, turned) or _wraps(record, became, below):
            continue
        elif record.process in launchers and launchers[record.process] is record:
            near = (*became.get(record.process, ()), *below.get(record.process, ()))
            inner = [each for each in near if _is_inner(each, launchers, turned)]
            found.append(Settled(record, tuple(name for each in (record, *inner) for name in _lists(each))))
        else:
            found.append(Settled(record, _lists(record)))
    return found


def _without_proxies(records: Sequence[Record]) -> list[Record]:
    """Leave out what became another program of its name with the same words: rustup's rustc, Debian's pg_config.

    Records of one process come in the order of time.
    """
    keys = [(record.process, _key(record)) for record in records]
    last = {key: index for index, key in enumerate(keys)}
    return [
        record
        for index, (record, key) in enumerate(zip(records, keys, strict=True))
        if not record.process or last[key] == index
    ]


def _is_shim(record: Record) -> bool:
    return record.program.rpartition("/")[0].rpartition("/")[2] == FOLDER


def _launchers(by_library: Sequence[Record]) -> tuple[dict[int, Record], set[int]]:
    """Give launchers by their process, and the processes in which one became a compiler later."""
    launchers: dict[int, Record] = {}
    turned: set[int] = set()
    for record in by_library:
        before = launchers.get(record.process)
        if _is_launcher(record):
            launchers[record.process] = record
            turned.discard(record.process)
        elif before is not None and before.parent == record.parent and tables.match(_name(record)):
            turned.add(record.process)
    return launchers, turned


def _is_inner(record: Record, launchers: Mapping[int, Record], turned: set[int]) -> bool:
    """Tell whether a launcher started a compiler for itself, or became it: its own command says what was wanted.

    ccache becomes the compiler where it has nothing to keep, for a link say. A wrapper that became it was a compiler's.
    What the compiler then starts, as rustc does a linker, is that one's own.
    """
    if tables.match(_name(record)) is None:
        return False
    by, was = launchers.get(record.parent), launchers.get(record.process)
    is_same = was is not None and was is not record and was.parent == record.parent
    return is_same or (by is not None and by is not record and record.parent not in turned)


def _is_launcher(record: Record) -> bool:
    return _leads_to_launcher(record.program)


@cache
def _leads_to_launcher(program: str) -> bool:
    names, name = tables.tables().launchers, os.path.basename(program)  # noqa: PTH119 - as it was started
    if name in names:
        return True
    return tables.match(name) is not None and os.path.basename(os.path.realpath(program)) in names  # noqa: PTH119


def _wraps(record: Record, became: _ByProcess, below: _ByProcess) -> bool:
    """Tell whether a script of a compiler's name became, or started, a compiler that was seen itself.

    `became` has compilers by their process, `below` by their parent's.
    """
    if record.skipped < _AS_SCRIPT or tables.match(_name(record)) is None:
        return False
    near = (*became.get(record.process, ()), *below.get(record.process, ()))
    return any(each is not record and each.cwd == record.cwd for each in near)


_AS_SCRIPT: Final = 2


def _key(record: Record) -> tuple[str, tuple[str, ...], str]:
    return _name(record), record.arguments, record.cwd


def _name(record: Record) -> str:
    return record.program.rpartition("/")[2]


def _lists(record: Record) -> tuple[str, ...]:
    return (record.pid,) if record.pid else ()
