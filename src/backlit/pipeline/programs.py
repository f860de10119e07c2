"""Compilers and build tools of one build, from the trace."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from backlit.model.invocation import Compilation, Role
from backlit.model.report import CompilerFacts, ToolFacts
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backlit.model.invocation import Trace
    from backlit.pipeline.join.resolve import Resolver
    from backlit.pipeline.machines import Machines

_NOT_COMPILERS: Final = frozenset({"ld", "ar"})
"""Families that the trace reads like compilers, and a reader counts among the tools."""


def compilers_of(trace: Trace, resolver: Resolver, machines: Machines) -> tuple[CompilerFacts, ...]:
    """Give each compiler that compiled or linked something, sorted; one that did so for two targets is two."""
    groups: dict[tuple[str, tuple[str, ...]], list[Compilation]] = {}
    for item in trace.compilations:
        # Of a compilation known by its headers alone nobody knows the program: `coverage` says how many there are.
        is_known = item.invocation.program.startswith("/")
        if is_known and item.role is not Role.PROBE and item.family not in _NOT_COMPILERS:
            groups.setdefault((item.invocation.program, identify.target_flags(item.flags)), []).append(item)
    compilers = [_compiler(*group, items, resolver, machines) for group, items in groups.items()]
    return tuple(sorted(compilers, key=lambda item: (item.family, item.name, item.version or "", item.target or "")))


def tools_of(trace: Trace, resolver: Resolver) -> tuple[ToolFacts, ...]:
    """Give each build tool that ran, sorted; a compiler that was only asked about itself is one that was not used."""
    ran: dict[tuple[str, str], list[bool]] = {}
    for run in trace.runs:
        if run.invocation.found:
            ran.setdefault((run.tool, run.invocation.program), []).append(not run.probe)
    for query in trace.queries:
        if query.invocation.found:
            ran.setdefault((query.tool, query.invocation.program), []).append(True)
    compiled = {item.invocation.program for item in trace.compilations if item.role is not Role.PROBE}
    for item in trace.compilations:
        program = item.invocation.program
        if item.family in _NOT_COMPILERS or program not in compiled:
            ran.setdefault((program.rpartition("/")[2], program), []).append(item.role is not Role.PROBE)
    return _merged(_tool(name, program, uses, resolver) for (name, program), uses in ran.items())


def _compiler(
    program: str, target: tuple[str, ...], items: list[Compilation], resolver: Resolver, machines: Machines
) -> CompilerFacts:
    known = identify.identify(program, target)
    made = {role for item in items if (role := machines.role(item))}
    return CompilerFacts(
        family=items[0].family,
        name=program.rpartition("/")[2],
        version=known.version if known else None,
        target=known.target if known else None,
        machine=made.pop() if len(made) == 1 else None,
        languages=tuple(sorted({item.language for item in items if item.language})),
        compilations=sum(max(len(item.sources), 1) for item in items if item.role is not Role.LINK),
        links=sum(item.role is not Role.COMPILE for item in items),
        flags=tuple(sorted({_without_path(flag) for item in items for flag in item.flags})),
        # Of a compiler the program that really ran counts: gcc-12, not the package that calls it gcc.
        package=resolver.purl(os.path.realpath(program)) or resolver.purl(program),
    )


def _without_path(flag: str) -> str:
    """Give a flag without its absolute path, which is another one on each machine: ``--sysroot={path}``."""
    return re.sub(r"(=|^-isysroot)/.*", r"\1{path}", flag)


def _tool(name: str, program: str, uses: list[bool], resolver: Resolver) -> ToolFacts:
    known = resolver.catalogue.tool(name) or resolver.catalogue.tool(program)  # mercurial is started as hg
    return ToolFacts(
        name=re.sub(r"^.*/", "", name),
        id=known.id if known else None,
        runs=len(uses),
        used=any(uses),
        package=resolver.purl(program),
    )


def _merged(tools: Iterable[ToolFacts]) -> tuple[ToolFacts, ...]:
    """Put together what differs only by the number of runs: two programs of one name and package."""
    runs: dict[tuple[str, str | None, str | None], list[ToolFacts]] = {}
    for tool in tools:
        runs.setdefault((tool.name, tool.id, tool.package), []).append(tool)
    merged = [
        ToolFacts(name=n, id=i, package=p, runs=sum(t.runs for t in group), used=any(t.used for t in group))
        for (n, i, p), group in runs.items()
    ]
    return tuple(sorted(merged, key=lambda tool: (tool.name, tool.id or "", tool.package or "")))
