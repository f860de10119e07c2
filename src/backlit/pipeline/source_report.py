"""The report of a source tree that was read and not built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import backlit
from backlit import scanners
from backlit.model.report import BackendFacts, Coverage, ProjectFacts, Report, RunFacts, VersionFacts
from backlit.pipeline import assemble, source_facts, survey
from backlit.pipeline.join import join_source
from backlit.support.garbage import seldom_sought

if TYPE_CHECKING:
    from pathlib import Path


def of_source(path: Path) -> Report:
    """Give the report of a folder or an sdist; nothing of it runs, and nothing is unpacked.

    :raises InputError: if it is neither, or is damaged.
    """
    with seldom_sought():
        return _report_of(path)


def _report_of(path: Path) -> Report:
    # All that was parsed is gone when this returns: who seeks garbage after it has nothing to go through.
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
        compilers=source_facts.compilers_of(findings),
        tools=source_facts.tools_of(findings, resolver),
        libraries=libraries,
        crates=source_facts.crates_of(findings),
        requirements=source_facts.requirements_of(findings),
        diagnostics=diagnostics,
        run=RunFacts(backlit=backlit.__version__),
    )


_MISSED: Final = (
    "Names that the source computes, or takes from elsewhere, while it is built.",
    "What programs of the build take that are not part of the tree.",
)
