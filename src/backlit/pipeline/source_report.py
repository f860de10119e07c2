"""The report of a source tree that was read and not built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import backlit
from backlit import scanners
from backlit.model.evidence import Confidence
from backlit.model.report import (
    BackendFacts,
    CompilerFacts,
    Coverage,
    Crate,
    ProjectFacts,
    Report,
    RunFacts,
    ToolFacts,
    VersionFacts,
)
from backlit.model.signal import CrateUse, LanguageUse, Scope, ToolUse, VendoredCopy
from backlit.pipeline import assemble, survey
from backlit.pipeline.join import join_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backlit.model.signal import Finding
    from backlit.pipeline.join.resolve import Resolver


def of_source(path: Path) -> Report:
    """Give the report of a folder or an sdist; nothing of it runs, and nothing is unpacked.

    :raises InputError: if it is neither, or is damaged.
    """
    tree = survey.tree_in(path)
    findings = tuple(scanners.findings_in(tree))
    libraries, diagnostics, resolver = join_source(findings)
    project = survey.project_of(tree)
    return Report(
        project=ProjectFacts(name=project.name, version=project.version, source=path.name),
        version=VersionFacts(value=project.version, origin="pkg-info" if project.version else "none"),
        backend=BackendFacts(name=project.backend),
        platform=assemble.build_machine(),
        coverage=Coverage(mechanism=("scan",), seen=len(tree.paths), missed=_MISSED),
        compilers=_compilers(findings),
        tools=_tools(findings, resolver),
        libraries=libraries,
        crates=_crates(findings),
        diagnostics=diagnostics,
        run=RunFacts(backlit=backlit.__version__),
    )


_MISSED: Final = (
    "Names that the source computes, or takes from elsewhere, while it is built.",
    "What programs of the build take that are not part of the tree.",
)


def _compilers(findings: tuple[Finding, ...]) -> tuple[CompilerFacts, ...]:
    used = counted(findings, LanguageUse)
    return tuple(
        CompilerFacts(family="unknown", name="", version=None, target=None, languages=(language,))
        for language in sorted({item.language for item in used})
    )


def _tools(findings: tuple[Finding, ...], resolver: Resolver) -> tuple[ToolFacts, ...]:
    names = {item.name for item in counted(findings, ToolUse)}
    names |= {_COMPILERS[item.language] for item in counted(findings, LanguageUse) if item.language in _COMPILERS}
    tools = []
    for name in sorted(names):
        known = resolver.catalogue.tool(name)
        tools.append(ToolFacts(name=name, id=known.id if known else None))
    return tuple(tools)


_COMPILERS: Final = {"fortran": "gfortran", "rust": "rustc", "cuda": "nvcc", "go": "go"}
"""Compilers that do not come with those of C and C++."""

_Use = TypeVar("_Use", LanguageUse, ToolUse)

_COPIED: Final = frozenset({"c", "cxx"})
"""Languages that a copy of another project is compiled from with the rest; what else it has, it has for itself."""


def counted(findings: tuple[Finding, ...], kind: type[_Use]) -> Iterator[_Use]:
    """Give the uses that are a build's: no hints, and nothing that a copy of another project has for itself."""
    copies = tuple(f"{item.path}/" for item in findings if isinstance(item, VendoredCopy) and item.path and item.sure)
    for item in findings:
        if not isinstance(item, kind) or item.scope is not Scope.BUILD or item.confidence is Confidence.LOW:
            continue
        copied = item.where.startswith(copies)
        if not copied or getattr(item, "language", "") in _COPIED:
            yield item


def _crates(findings: tuple[Finding, ...]) -> tuple[Crate, ...]:
    pinned = {(item.name, item.version, item.checksum) for item in findings if isinstance(item, CrateUse)}
    return tuple(
        Crate(name=name, version=version, checksum=checksum or None) for name, version, checksum in sorted(pinned)
    )
