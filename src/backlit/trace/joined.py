"""What several hooks of one build saw, as one trace; and the order that a trace has, which no process id decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backlit.model.invocation import Compilation, Invocation, Query, Run, Trace

    Item = TypeVar("Item")
    Key = Callable[[Item], tuple[Any, ...]]


def joined(trace: Trace, *earlier: Trace) -> Trace:
    """Give `trace` with what only the hooks before it saw: what a later hook did again counts once."""
    for before in earlier:
        trace = trace._replace(
            compilations=_with(trace.compilations, before.compilations, of_compilation),
            queries=_with(trace.queries, before.queries, of_query),
            runs=_with(trace.runs, before.runs, of_run),
            searches=tuple(sorted({*trace.searches, *before.searches})),
            tried=tuple(sorted((dict(before.tried) | dict(trace.tried)).items())),
            ignored=trace.ignored + before.ignored,
            mechanisms=tuple(sorted({*trace.mechanisms, *before.mechanisms})),
            missed=tuple(sorted({*trace.missed, *before.missed})),
            faults=tuple(sorted({*trace.faults, *before.faults})),
        )
    return trace


def _with(seen: tuple[Item, ...], before: Iterable[Item], key: Key[Item]) -> tuple[Item, ...]:
    known = {key(item) for item in seen}
    return tuple(sorted((*seen, *(item for item in before if key(item) not in known)), key=key))


def of_compilation(item: Compilation) -> tuple[Any, ...]:
    """Give what a compilation is ordered and known again by."""
    return (item.output or "", item.sources, item.role, *_of_invocation(item.invocation), item.headers)


def of_query(item: Query) -> tuple[Any, ...]:
    """Give what a question is ordered and known again by."""
    return (item.tool, item.modules, *_of_invocation(item.invocation))


def of_run(item: Run) -> tuple[Any, ...]:
    """Give what a run is ordered and known again by."""
    return (item.tool, *_of_invocation(item.invocation))


def _of_invocation(item: Invocation) -> tuple[Any, ...]:
    status = -1 if item.status is None else item.status
    return (item.arguments, item.program, item.cwd, status)
