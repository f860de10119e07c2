"""What a session could not see, said plainly: only what applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit.model.invocation import Compilation, Mechanism, Role, Run, Trace
from backlit.trace import identify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.trace import Session
    from backlit.trace.harvest import Harvest
    from backlit.trace.starts import Starts


def sentences(session: Session, starts: Starts, harvest: Harvest, trace: Trace) -> tuple[str, ...]:
    """Give one sentence for each thing that was not, or cannot have been, seen; sorted."""
    found = [*_of_mechanisms(session, starts), *_of_tools(harvest, trace), *_of_compilers(trace)]
    return tuple(sorted(found))


def _of_mechanisms(session: Session, starts: Starts) -> Iterator[str]:
    if starts.loaded:
        yield "A program that is linked statically, or runs with other rights than its caller, is not seen by itself."
    elif not session.shims and (starts.without_library or not session.library):  # else nothing needed it
        yield "Programs started by other programs than the hook itself were not watched."
    elif starts.shimmed:
        yield "A program that another program started by its absolute path is seen only if a build system noted it."
    elif any(fault.startswith("no shims") for fault in starts.faults):
        yield "No shims could be made: programs started by other programs than the hook itself were not seen."
    if starts.without_library:
        yield f"The library that sees every process could not be compiled: {starts.without_library}"
    if starts.foreign:
        yield "A program was started with an environment of its own: what it started was not seen."


def _of_tools(harvest: Harvest, trace: Trace) -> Iterator[str]:
    used = [run for run in trace.runs if not run.probe]
    if any(run.tool == "cmake" for run in used):
        yield "What CMake started was read from its build folders' records: only questions to pkg-config leave some."
    if any(run.tool == "meson" for run in used):
        yield "What meson started was read from its build folders' records."
    if any(_configures(run) for run in used) and not harvest.caches:
        yield "A build folder of CMake was gone before its records were read."
    rust = any(each.family == "rustc" and each.role is not Role.PROBE for each in trace.compilations)
    if any(run.tool == "cargo" for run in used) and not rust:
        yield "cargo ran, but no rustc was seen: it was started by its absolute path."


def _of_compilers(trace: Trace) -> Iterator[str]:
    wrappers = {each.invocation.program for each in trace.compilations if identify.is_wrapper(each.invocation.program)}
    for name in sorted({program.rpartition("/")[2] for program in wrappers}):
        yield f"{name} is a script, and what it adds to its command was not seen."
    silent = sum(_is_silent(each) for each in trace.compilations)
    if silent:
        yield f"The headers of {silent} compilations are not known."
        if any(run.tool == "sccache" for run in trace.runs):
            yield "sccache hands out what it compiled before, or compiles in its server: headers may not be seen."
    nameless = sum(each.invocation.mechanism is Mechanism.DEPFILE for each in trace.compilations)
    if nameless:
        yield f"Of {nameless} compilations only the headers are known: gcc was started by its absolute path."


def _configures(run: Run) -> bool:
    first = run.invocation.arguments[:1]
    return run.tool == "cmake" and bool(first) and first[0] not in {"-E", "-P", "--build", "--install", "--open"}


def _is_silent(compilation: Compilation) -> bool:
    compiles = compilation.role in {Role.COMPILE, Role.COMPILE_AND_LINK}
    failed = bool(compilation.invocation.status)  # it made nothing, and gcc then lists nothing
    in_c = compilation.language in {"c", "cxx", "objc", "objcxx", "cuda"}
    return compiles and in_c and not failed and not compilation.headers
