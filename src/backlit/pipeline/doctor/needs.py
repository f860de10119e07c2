"""What a source tree needs of the machine that builds it: the scanners' findings, judged for one platform."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.config import settings
from backlit.model.evidence import Confidence, Kind
from backlit.model.names import NameKind
from backlit.model.signal import LanguageUse, Required, RequirementUse, Scope, Signal, ToolUse
from backlit.pipeline import source_facts, survey
from backlit.pipeline.join import join_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backlit.model.report import Library as Judged
    from backlit.model.signal import Condition, Finding
    from backlit.pipeline.join.resolve import Resolver
    from backlit.scanners import Tree

REQUIRED: Final = "required"
"""The build fails without it."""

UNKNOWN: Final = "unknown"
"""The source does not say whether the build fails without it."""

OPTIONAL: Final = "optional"
"""The build goes on without it."""

RUNTIME: Final = "runtime"
"""The build does not look for it; what was built opens it."""


class Constraint(NamedTuple):
    """Which versions one place asks for."""

    kind: NameKind
    """In which sense `name` is meant."""
    name: str
    """The name whose version counts."""
    versions: str
    """As written: ``>=2.9``."""
    must: bool
    """Whether the build fails where it does not hold; else another place may ask for other versions."""


class Library(NamedTuple):
    """One library that the tree asks for."""

    id: str
    """DepURL."""
    known: bool
    """Whether the catalogue has it."""
    need: str
    """`REQUIRED`, `UNKNOWN`, `OPTIONAL` or `RUNTIME`."""
    vendored: bool
    """Whether the tree has a copy of it."""
    surely: bool
    """Whether the build comes to what needs it, as far as is known: it is linked or asked for, and not by a macro that
    setup.py computes, nor only where a variable asks for the system's copy; or headers are all that the tree asks for
    of anything."""
    names: tuple[tuple[NameKind, str], ...]
    """What the build asks for it as, or of a `RUNTIME` library, what opens it; sorted, no repeats."""
    constraints: tuple[Constraint, ...]
    """Which versions are asked for; sorted."""
    where: str
    """The first place that asks for it."""


class Program(NamedTuple):
    """One program that the build runs."""

    name: str
    """Its name."""
    need: str
    """As of a library."""
    constraints: tuple[str, ...]
    """Which versions are asked for; sorted."""
    where: str
    """The first place that asks for a version, or for it."""


class Requirement(NamedTuple):
    """One Python distribution that the build imports or runs."""

    requirement: str
    """As written (PEP 508)."""
    where: str
    """File and line."""


class Needs(NamedTuple):
    """All that a tree needs, sorted."""

    backend: str
    """The build backend."""
    languages: tuple[tuple[str, str], ...]
    """Languages that are compiled, each with the first place that shows it."""
    headers: str
    """The first place that shows that Python's headers are needed; empty if none does."""
    libraries: tuple[Library, ...]
    """Libraries, by id."""
    programs: tuple[Program, ...]
    """Programs, by name."""
    requirements: tuple[Requirement, ...]
    """Python distributions."""


def of(tree: Tree, findings: tuple[Finding, ...]) -> tuple[Needs, Resolver]:
    """Give what a tree needs on the running interpreter's platform, and the resolver that knows names."""
    libraries, _, resolver = join_source(findings)
    here = tuple(item for item in findings if _is_here(item))
    uses = {language.language: language.where for language in _first(source_facts.counted(here, LanguageUse))}
    signals = [item for item in here if isinstance(item, Signal) and _counts(item)]
    needs = Needs(
        backend=survey.project_of(tree).backend,
        languages=tuple(sorted(uses.items())),
        headers=_headers(signals, here) if uses.keys() & {"c", "cxx", "fortran"} else "",
        libraries=tuple(_libraries(libraries, signals, resolver, tree.texts)),
        programs=tuple(_programs(source_facts.counted(here, ToolUse), resolver)),
        requirements=tuple(_requirements(here)),
    )
    return needs, resolver


def _is_here(item: Finding) -> bool:
    """Tell whether a finding's condition holds on this platform, as far as it can be told without building."""
    condition: Condition | None = getattr(item, "condition", None)
    if condition is None:
        return True
    return not (condition.platforms and _PLATFORM not in condition.platforms) and _holds(condition.marker)


_PLATFORM: Final = "linux" if sys.platform.startswith("linux") else sys.platform


def _holds(marker: str) -> bool:
    if not marker:
        return True
    from packaging.markers import InvalidMarker, Marker  # noqa: PLC0415 - few trees have one

    try:
        return Marker(marker).evaluate({"extra": ""})
    except InvalidMarker:
        return True


def _counts(signal: Signal) -> bool:
    return signal.scope is Scope.BUILD and signal.confidence is not Confidence.LOW


def _first(uses: Iterable[LanguageUse]) -> Iterator[LanguageUse]:
    """Give the first place that shows each language; the surest one, a build's own file before a mere source."""
    found: dict[str, LanguageUse] = {}
    for use in uses:
        known = found.get(use.language)
        if known is None or (known.confidence is Confidence.MEDIUM and use.confidence is Confidence.HIGH):
            found[use.language] = use
    yield from found.values()


_BINDS: Final = re.compile(r"Python\.h$|pybind11/|nanobind/|boost/python|numpy/|structmember\.h$|sip\.h$")
_GENERATORS: Final = re.compile(r"(?i)(?:cython|cffi|pybind11|nanobind|sip|swig|numpy)\b")


def _headers(signals: list[Signal], findings: tuple[Finding, ...]) -> str:
    """Give the place that shows that an extension of Python is compiled, and not a library alone."""
    for signal in signals:
        if signal.sense is NameKind.HEADER and _BINDS.match(signal.name):
            return signal.where
    for item in findings:
        if isinstance(item, RequirementUse) and _GENERATORS.match(item.requirement):
            return item.where
        if isinstance(item, LanguageUse) and "Extension(" in item.detail:
            return item.where
    # What a generator makes includes Python.h, and need not be in the tree.
    tools = (use for use in source_facts.counted(findings, ToolUse) if use.required is not Required.OPTIONAL)
    return next((tool.where for tool in tools if _GENERATORS.match(tool.name)), "")


def _libraries(
    judged: tuple[Judged, ...], signals: list[Signal], resolver: Resolver, texts: Mapping[str, str]
) -> Iterator[Library]:
    asked: dict[str, list[Signal]] = {}
    for signal in signals:
        if not resolver.is_platform(signal.sense, signal.name):
            asked.setdefault(resolver.library(signal.sense, signal.name).id, []).append(signal)
    # A header alone does not say that its file is compiled, where the build's own files name other libraries.
    any_is_named = any(_is_named(uses) for uses in asked.values())
    for library in judged:
        uses = asked.get(library.id, [])
        vendored = "vendored" in library.linkage or "static" in library.linkage
        if not library.direct or not (uses or vendored):
            continue
        loaded = library.role == "run"
        need, surely = _need(library, uses, texts)
        yield Library(
            id=library.id,
            known=library.canonical != "unknown",
            need=need,
            vendored=vendored,
            surely=surely and not _is_declined(uses) and (need == REQUIRED or _is_named(uses) or not any_is_named),
            names=tuple(sorted({(use.sense, use.name) for use in uses if loaded or use.kind is not Kind.LOADED})),
            constraints=tuple(sorted({_constraint(use) for use in uses if use.version})),
            where=_surest(uses),
        )


def _constraint(use: Signal) -> Constraint:
    must = use.required is Required.YES and not use.condition.switch
    return Constraint(use.sense, use.name, use.version, must)


_NEEDS: Final = {"yes": REQUIRED, "optional": OPTIONAL, "unknown": UNKNOWN}
"""By the report's word."""


def _is_named(uses: list[Signal]) -> bool:
    return any(use.sense is not NameKind.HEADER and use.kind is not Kind.LOADED for use in uses)


def _is_declined(uses: list[Signal]) -> bool:
    """Tell whether the system's copy is taken only where a variable asks for it, and none does now."""
    variables = settings.environment()
    named = (use.condition.switch.partition("environment ")[2] for use in uses)
    return any("SYSTEM" in name.upper() and not variables.get(name) for name in named if name)


def _need(library: Judged, uses: list[Signal], texts: Mapping[str, str]) -> tuple[str, bool]:
    """Give how a library is needed, and whether the build surely comes to what needs it.

    What a macro turns on is no choice where the tree's own settings define the macro; where setup.py names it, it is
    computed, and nobody knows.
    """
    if library.role == "run":
        return RUNTIME, True
    macros = {use.condition.switch.partition("macro ")[2] for use in uses} - {""}
    if macros and library.required == "optional":
        named = re.compile(rf"\b(?:{'|'.join(re.escape(macro) for macro in sorted(macros))})\b")
        if any(named.search(texts.get(name, "")) for name in ("setup.cfg", "pyproject.toml")):
            return REQUIRED, True
        if named.search(texts.get("setup.py", "")):
            return UNKNOWN, False
    return _NEEDS[library.required], True


def _surest(uses: list[Signal]) -> str:
    """Give the place that says most: where something is linked or asked for, before where a header is included."""
    order = sorted(uses, key=lambda use: (use.required is not Required.YES, use.sense is NameKind.HEADER))
    return order[0].where if order else ""


def _programs(uses: Iterable[ToolUse], resolver: Resolver) -> Iterator[Program]:
    grouped: dict[str, list[ToolUse]] = {}
    for use in uses:
        grouped.setdefault(use.name, []).append(use)
    for name, group in sorted(grouped.items()):
        if _is_config_program(name, resolver):
            continue  # it is a library's, and looked up with the library
        constraints = {use.version for use in group if use.version and not use.condition.switch}
        telling = next((use for use in group if use.version), group[0])
        yield Program(name, _need_of(name, group), tuple(sorted(constraints)), telling.where)


def _is_config_program(name: str, resolver: Resolver) -> bool:
    known = resolver.catalogue.identify(NameKind.CONFIG_TOOL, name)
    return known is not None or (name.endswith(("-config", "_config")) and name != "pkg-config")


_VERSION_CONTROL: Final = frozenset({"git", "hg", "svn", "bzr"})
"""Programs that tell a version where there is a repository; an sdist says it itself."""

_BUILD_SYSTEMS: Final = frozenset({"cmake", "meson", "ninja", "cargo", "rustc"})
"""Programs whose own project file is in the tree, or whose backend is in charge: these do run."""


def _need_of(name: str, uses: list[ToolUse]) -> str:
    if name in _VERSION_CONTROL:
        return OPTIONAL
    if name == "cython" and all(_is_code(use) for use in uses):
        return UNKNOWN  # called by name, it makes what sdists bring: where it is needed, it is imported or required
    if any(use.required is Required.YES and not use.condition.switch for use in uses):
        return REQUIRED
    plain = [use for use in uses if use.required is Required.UNKNOWN and not use.condition.switch]
    if plain and (name in _BUILD_SYSTEMS or not all(_is_code(use) for use in plain)):
        return REQUIRED
    return UNKNOWN if plain else OPTIONAL


def _is_code(use: ToolUse) -> bool:
    return use.where.partition(":")[0].endswith(".py")


def _requirements(findings: tuple[Finding, ...]) -> Iterator[Requirement]:
    seen: dict[str, str] = {}
    for item in findings:
        if isinstance(item, RequirementUse) and item.required is Required.YES:
            seen.setdefault(item.requirement, item.where)
    yield from (Requirement(requirement, where) for requirement, where in sorted(seen.items()))


def applying(requirements: Iterable[Requirement]) -> Mapping[str, Requirement]:
    """Give the requirements whose markers hold here, by the normalized name of the distribution."""
    from packaging.requirements import InvalidRequirement, Requirement as Parsed  # noqa: PLC0415 - as above
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - as above

    found: dict[str, Requirement] = {}
    for item in requirements:
        try:
            parsed = Parsed(item.requirement)
        except InvalidRequirement:
            continue
        if parsed.marker is None or parsed.marker.evaluate({"extra": ""}):
            known = found.get(name := canonicalize_name(parsed.name))
            # The one that says which version is wanted says more.
            if known is None or (not Parsed(known.requirement).specifier and parsed.specifier):
                found[name] = item
    return found
