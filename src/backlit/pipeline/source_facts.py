"""What a source tree says besides its libraries: compilers, tools, Python's requirements, and Rust's crates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from backlit.model.evidence import Confidence
from backlit.model.report import BuildRequirement, CompilerFacts, Crate, ToolFacts
from backlit.model.signal import CrateUse, LanguageUse, Required, RequirementUse, Scope, ToolUse, VendoredCopy
from backlit.support import markers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backlit.model.signal import Finding
    from backlit.pipeline.join.resolve import Resolver


def compilers_of(findings: Sequence[Finding]) -> tuple[CompilerFacts, ...]:
    """Give one compiler for each language that the build compiles; which one that will be, nobody knows."""
    uses: dict[str, list[LanguageUse]] = {}
    for item in counted(findings, LanguageUse):
        uses.setdefault(item.language, []).append(item)
    return tuple(_compiler(language, uses[language]) for language in sorted(uses))


def _compiler(language: str, uses: list[LanguageUse]) -> CompilerFacts:
    return CompilerFacts(
        family="unknown",
        name="",
        version=None,
        target=None,
        languages=(language,),
        marker=markers.of_all(use.condition.platforms for use in uses),
        where=tuple(sorted({use.where for use in uses})),
    )


def tools_of(findings: Sequence[Finding], resolver: Resolver) -> tuple[ToolFacts, ...]:
    """Give the programs that the build runs, the compilers among them that do not come with those of C."""
    uses: dict[str, list[ToolUse]] = {}
    for item in counted(findings, ToolUse):
        uses.setdefault(item.name, []).append(item)
    for language in counted(findings, LanguageUse):
        if name := _COMPILERS.get(language.language):
            use = ToolUse(name, language.where, language.detail, required=Required.YES, condition=language.condition)
            uses.setdefault(name, []).append(use)
    return tuple(_tool(name, uses[name], resolver) for name in sorted(uses))


def _tool(name: str, uses: list[ToolUse], resolver: Resolver) -> ToolFacts:
    known = resolver.catalogue.tool(name)
    return ToolFacts(
        name=name,
        id=known.id if known else None,
        required=_required(uses),
        marker=markers.of_all(use.condition.platforms for use in uses),
        switches=tuple(sorted({use.condition.switch for use in uses if use.condition.switch})),
        where=tuple(sorted({use.where for use in uses})),
    )


def _required(uses: Iterable[ToolUse]) -> str:
    """Call it required if one place cannot do without it, and optional if every place can."""
    said = {Required.OPTIONAL if use.condition.switch else use.required for use in uses}
    if Required.YES in said:
        return "yes"
    return "optional" if said == {Required.OPTIONAL} else "unknown"


_COMPILERS: Final = {"fortran": "gfortran", "rust": "rustc", "cuda": "nvcc", "go": "go"}
"""Compilers that do not come with those of C and C++."""

_Use = TypeVar("_Use", LanguageUse, ToolUse)

_COPIED: Final = frozenset({"c", "cxx"})
"""Languages that a copy of another project is compiled from with the rest; what else it has, it has for itself."""


def counted(findings: Iterable[Finding], kind: type[_Use]) -> Iterator[_Use]:
    """Give the uses that are a build's: no hints, and nothing that a copy of another project has for itself."""
    copies = tuple(f"{item.path}/" for item in findings if isinstance(item, VendoredCopy) and item.path and item.sure)
    for item in findings:
        if not isinstance(item, kind) or item.scope is not Scope.BUILD or item.confidence is Confidence.LOW:
            continue
        copied = item.where.startswith(copies)
        if not copied or getattr(item, "language", "") in _COPIED:
            yield item


# ---------------------------------------------------------------- Python's requirements

_REQUIREMENT: Final = re.compile(
    r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)\)?[^;]*(?:;\s*(.*))?", re.DOTALL
)


def requirements_of(findings: Iterable[Finding]) -> tuple[BuildRequirement, ...]:
    """Give what the build requires of Python's own packages: what is declared, and what shows without.

    What shows without being declared is an entry of its own only where nothing declares the same package.
    """
    said: dict[tuple[str, str, str | None], list[RequirementUse]] = {}
    shown: dict[str, list[RequirementUse]] = {}
    for item in findings:
        if isinstance(item, RequirementUse) and (found := _REQUIREMENT.fullmatch(item.requirement)):
            name = re.sub(r"[-_.]+", "-", found[1]).lower()
            if item.declared:
                key = (name, found[2].strip(), " ".join(found[3].split()) if found[3] else None)
                said.setdefault(key, []).append(item)
            else:
                shown.setdefault(name, []).append(item)
    entries = [_requirement(key, [*uses, *shown.get(key[0], ())]) for key, uses in said.items()]
    declared = {name for name, _, _ in said}
    entries += [_requirement((name, "", None), uses) for name, uses in shown.items() if name not in declared]
    return tuple(sorted(entries, key=lambda entry: (entry.name, entry.specifier, entry.marker or "")))


def _requirement(key: tuple[str, str, str | None], uses: list[RequirementUse]) -> BuildRequirement:
    name, specifier, marker = key
    return BuildRequirement(
        name=name,
        specifier=specifier,
        marker=marker,
        required="optional" if all(use.required is Required.OPTIONAL for use in uses) else "yes",
        declared=any(use.declared for use in uses),
        where=tuple(sorted({use.where for use in uses})),
        detail=tuple(sorted({use.detail for use in uses})),
    )


# ---------------------------------------------------------------- Rust's crates


def crates_of(findings: Iterable[Finding]) -> tuple[Crate, ...]:
    """Give the crates that lock files pin, each once for each place that it comes from."""
    found = {(item.name, item.version, item.source): item for item in findings if isinstance(item, CrateUse)}
    return tuple(_crate(found[key]) for key in sorted(found))


def _crate(item: CrateUse) -> Crate:
    scheme, _, address = item.source.partition("+")
    url, _, revision = address.partition("#")
    return Crate(
        name=item.name,
        version=item.version,
        checksum=item.checksum or None,
        source=item.source or None,
        origin={"": "path", "git": "git"}.get(scheme, "registry"),
        url=(url.partition("?")[0] if scheme == "git" else address) or None,
        revision=(revision or None) if scheme == "git" else None,
        where=item.where,
    )
