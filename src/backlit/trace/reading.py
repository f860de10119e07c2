"""A session's trace: records, what was harvested and lists of headers, brought together.

A command that a shim wrote down and the build system too is one command: the shim's words, the build system's headers.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.model.invocation import Compilation, Invocation, Mechanism, Query, Role, Run, Trace
from backlit.trace import harvest as harvests, joined, missed, records, settle, tables
from backlit.trace.classify import Recognized, classify, unwrapped
from backlit.trace.dialects import response
from backlit.trace.headers import Lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backlit.trace import Session
    from backlit.trace.harvest import Command, Harvest
    from backlit.trace.settle import Settled
    from backlit.trace.starts import Starts


class _Seen(NamedTuple):
    """One compiler's command, and where its list of headers may be."""

    compilation: Compilation
    depfile: str | None
    lists: tuple[str, ...]


class _Sorted(NamedTuple):
    """Commands by what they are."""

    seen: list[_Seen]
    queries: list[Query]
    runs: list[Run]
    ignored: int


def read(session: Session, starts: Starts) -> Trace:
    """Give all that a session saw. Never raises for what it reads: a fault is a sentence."""
    written, faults = records.read(Path(session.folder, "records"))
    commands = _sorted(_invocations(settle.settle([*starts.records, *written]), session.path))
    harvest = _harvest(starts, commands)
    lists = Lists(f"{session.folder}/deps", dict(harvest.depfiles))
    harvested = _harvested(harvest.commands, session.path)
    compilations = _merged(commands.seen, harvested, harvest.commands, lists)
    compilations, unclaimed = _claimed(_with_tries(compilations), lists)
    runs = _with_harvested_runs(commands.runs, harvested, harvest)
    noted = list(_noted_by_meson(harvest))
    asked = [*_cmake_queries(harvest), *(item for item in noted if isinstance(item, Query))]
    queries = [*commands.queries, *_unseen(commands.queries, asked)]
    runs += [item for item in noted if isinstance(item, Run) and not item.invocation.found]
    runs += _lacking_to_cmake(harvest)
    trace = Trace(
        compilations=tuple(sorted((*compilations, *unclaimed), key=joined.of_compilation)),
        queries=tuple(sorted(queries, key=joined.of_query)),
        runs=tuple(sorted(runs, key=joined.of_run)),
        searches=tuple(sorted({*harvest.searches})),
        ignored=commands.ignored,
        mechanisms=_mechanisms(starts, harvest, compilations),
        faults=tuple(sorted({*faults, *starts.faults, *harvest.faults, *lists.faults})),
    )
    return trace._replace(missed=missed.sentences(session, starts, harvest, trace))


def _invocations(found: Iterable[Settled], path: str) -> Iterator[tuple[Invocation, tuple[str, ...]]]:
    """Give each command, its response files put in place, and the one that a launcher starts; with the lists' names."""
    for record, names in found:
        invocation = Invocation(
            program=record.program,
            arguments=response.put_in_place(record.arguments, record.responses),
            cwd=record.cwd,
            mechanism=Mechanism(record.seen_by),
            status=record.status,
            found=record.found,
            variables=record.variables,
        )
        for each in unwrapped(invocation, lambda name: shutil.which(name, path=path)):
            yield each, names


def _sorted(invocations: Iterable[tuple[Invocation, tuple[str, ...]]]) -> _Sorted:
    seen: list[_Seen] = []
    queries: list[Query] = []
    runs: list[Run] = []
    ignored = 0
    for invocation, names in invocations:
        outcome = classify(invocation)
        if not isinstance(outcome, Recognized):
            ignored += 1
        elif isinstance(outcome.item, Compilation):
            seen.append(_Seen(outcome.item, outcome.depfile, names))
        elif isinstance(outcome.item, Query):
            queries.append(outcome.item)
        else:
            runs.append(outcome.item)
    return _Sorted(seen, queries, runs, ignored)


def _harvest(starts: Starts, commands: _Sorted) -> Harvest:
    """Join what was read before it was deleted with what still stands."""
    places = ((run.tool, run.invocation.cwd, run.invocation.arguments) for run in commands.runs if not run.probe)
    # A configure script may be started in many ways; it always compiles where its log is.
    tried = {each.compilation.invocation.cwd for each in commands.seen if each.compilation.role is Role.PROBE}
    return harvests.joined([*starts.harvests, harvests.read({*harvests.candidates(places), *tried})])


def _harvested(commands: Iterable[Command], path: str) -> list[Recognized | None]:
    """Give what each command of a build system means; None for what is neither compilation nor run."""
    found: list[Recognized | None] = []
    for command in commands:
        program, *arguments = command.words
        absolute = program if program.startswith("/") else shutil.which(program, path=path)
        invocation = Invocation(
            program=absolute or program,
            arguments=tuple(arguments),
            cwd=command.cwd,
            mechanism=Mechanism(command.source),
            found=absolute is not None,
        )
        *_, inner = unwrapped(invocation, lambda name: shutil.which(name, path=path))
        outcome = classify(inner)
        found.append(outcome if isinstance(outcome, Recognized) else None)
    return found


def _merged(
    seen: Sequence[_Seen], harvested: Sequence[Recognized | None], commands: Sequence[Command], lists: Lists
) -> list[Compilation]:
    """Join both views of one command by its output."""
    by_output: dict[str, tuple[str, ...]] = {}
    extra: list[Compilation] = []
    outputs = {each.compilation.output for each in seen}
    for outcome, command in zip(harvested, commands, strict=True):
        if outcome is None or not isinstance(outcome.item, Compilation) or outcome.item.role is Role.PROBE:
            continue
        headers = lists.real(command.headers, outcome.item)
        for output in command.outputs:
            by_output.setdefault(output, headers)
        if outcome.item.output not in outputs:
            outputs.add(outcome.item.output)
            own = headers or lists.of(outcome.item, names=(), depfile=outcome.depfile)
            extra.append(outcome.item._replace(headers=own))
    full = [
        each.compilation._replace(
            headers=_headers(each, lists) or by_output.get(each.compilation.output or "", ()),
        )
        for each in seen
    ]
    return [*full, *extra]


def _with_tries(compilations: Sequence[Compilation]) -> list[Compilation]:
    """Call a link a probe if all that it links was compiled only to learn something."""
    tried = {item.output for item in compilations if item.role is Role.PROBE} - {None}
    return [
        item._replace(role=Role.PROBE)
        if item.role is Role.LINK and item.objects and tried.issuperset(item.objects)
        else item
        for item in compilations
    ]


def _headers(seen: _Seen, lists: Lists) -> tuple[str, ...]:
    if not seen.compilation.sources or seen.compilation.role is Role.LINK:
        return ()
    return lists.of(seen.compilation, names=seen.lists, depfile=seen.depfile)


def _claimed(compilations: Sequence[Compilation], lists: Lists) -> tuple[list[Compilation], list[Compilation]]:
    """Give each list of a gcc that no shim started to its command, where only one can be meant.

    What is left is a compilation of which only the headers are known: its command's words are empty, its folder ``/``.
    """
    listed = lists.of_session()
    wanting = {index: _target(each) for index, each in enumerate(compilations) if _wants_headers(each)}
    once = _once(each.target for each in listed) & _once(wanting.values())
    by_target = {each.target: each for each in listed}
    full = list(compilations)
    for index, target in wanting.items():
        if target in once:
            full[index] = full[index]._replace(headers=lists.real(by_target[target].headers, full[index]))
    unclaimed = (each for each in listed if each.target not in once)
    left = [each for each in unclaimed if any(header.startswith("/") for header in each.headers)]
    return full, [_nameless([header for header in each.headers if header.startswith("/")], lists) for each in left]


def _once(names: Iterable[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times == 1}


def _wants_headers(compilation: Compilation) -> bool:
    by_audit = compilation.invocation.mechanism is Mechanism.AUDIT
    return by_audit and compilation.family == "gcc" and len(compilation.sources) == 1 and not compilation.headers


def _target(compilation: Compilation) -> str:
    return os.path.splitext(os.path.basename(compilation.sources[0]))[0] + ".o"  # noqa: PTH119, PTH122 - names as given


def _nameless(headers: list[str], lists: Lists) -> Compilation:
    invocation = Invocation(program="gcc", arguments=(), cwd="/", mechanism=Mechanism.DEPFILE)
    bare = Compilation(invocation=invocation, family="gcc", language="", role=Role.COMPILE)
    return bare._replace(headers=lists.real(headers, bare))


_NOT_FROM_NINJA: Final = frozenset({"cmake", "meson", "ninja", "make"})
"""Build systems call themselves to copy a file or to scan a module: that is no run of a tool."""


def _with_harvested_runs(runs: Sequence[Run], harvested: Sequence[Recognized | None], harvest: Harvest) -> list[Run]:
    """Add what only a build system's record tells: its generators' tools, and the ninja or make that cmake started."""
    full = list(runs)
    known = {(run.tool, run.invocation.arguments) for run in runs}
    for outcome in harvested:
        if outcome is not None and isinstance(outcome.item, Run) and outcome.item.tool not in _NOT_FROM_NINJA:
            key = (outcome.item.tool, outcome.item.invocation.arguments)
            if key not in known:
                known.add(key)
                full.append(outcome.item)
    used = {run.tool for run in runs if not run.probe}
    for cache in harvest.caches:
        if cache.make_program and cache.folder in harvest.ran:
            program = Invocation(program=cache.make_program, arguments=(), cwd=cache.folder, mechanism=Mechanism.CMAKE)
            outcome_ = classify(program)
            if isinstance(outcome_, Recognized) and isinstance(outcome_.item, Run) and outcome_.item.tool not in used:
                used.add(outcome_.item.tool)
                full.append(outcome_.item)
    return full


def _cmake_queries(harvest: Harvest) -> Iterator[Query]:
    """Give the modules that CMake asked pkg-config for, as its cache tells."""
    for cache in harvest.caches:
        asked = Invocation(
            program=cache.pkg_config or "pkg-config",
            arguments=(),
            cwd=cache.folder,
            mechanism=Mechanism.CMAKE,
            found=bool(cache.pkg_config),
        )
        for module in cache.modules:
            yield Query(
                invocation=asked,
                tool="pkg-config",
                modules=module.modules,
                constraints=module.constraints,
                answered=module.found,
            )


def _lacking_to_cmake(harvest: Harvest) -> Iterator[Run]:
    """Give the programs that CMake looked for and did not find, as starts that failed."""
    for cache in harvest.caches:
        for tool in sorted(set(map(tables.tool_of_variable, cache.lacking))):
            asked = Invocation(program=tool, arguments=(), cwd=cache.folder, mechanism=Mechanism.CMAKE, found=False)
            yield Run(invocation=asked, tool=tool, probe=True)


def _unseen(seen: Iterable[Query], noted: Iterable[Query]) -> Iterator[Query]:
    """Give the questions that a build system noted and that were not seen when they were asked."""
    asked = {(query.tool, query.modules or query.invocation.arguments) for query in seen}
    yield from (query for query in noted if (query.tool, query.modules or query.invocation.arguments) not in asked)


def _noted_by_meson(harvest: Harvest) -> Iterator[Query | Run]:
    for asked in harvest.asked:
        program, *arguments = asked.words
        invocation = Invocation(
            program=program,
            arguments=tuple(arguments),
            cwd=asked.folder,
            mechanism=Mechanism.NINJA,
            status=asked.status,
            found=asked.found,
        )
        outcome = classify(invocation)
        if isinstance(outcome, Recognized) and isinstance(outcome.item, Query | Run):
            yield outcome.item


def _mechanisms(starts: Starts, harvest: Harvest, compilations: Iterable[Compilation]) -> tuple[Mechanism, ...]:
    at_work = {Mechanism.AUDIT}
    if starts.shimmed:
        at_work.add(Mechanism.SHIM)
    if starts.loaded:
        at_work.add(Mechanism.PRELOAD)
    if harvest.caches:
        at_work.add(Mechanism.CMAKE)
    if any(command.source == "ninja" for command in harvest.commands):
        at_work.add(Mechanism.NINJA)
    if any(each.headers and each.invocation.mechanism in _LISTED for each in compilations):
        at_work.add(Mechanism.DEPFILE)
    return tuple(sorted(at_work))


_LISTED: Final = frozenset({Mechanism.AUDIT, Mechanism.SHIM, Mechanism.PRELOAD})
