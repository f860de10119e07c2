"""What this machine lacks to build a source tree: ``backlit doctor SOURCE``.

The tree is read as `backlit.pipeline.survey` reads it, and nothing of it runs. The machine is asked: the compilers for
their folders, pkg-config for its modules, programs for their versions, the package managers for who owns what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backlit import owners, scanners
from backlit.config import settings
from backlit.pipeline import install, survey
from backlit.pipeline.doctor import checks, diagnosis, needs, versions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from backlit.pipeline.doctor.diagnosis import Check, Diagnosis
    from backlit.pipeline.install import Line


def examine(path: Path, *, isolated: bool) -> Diagnosis:
    """Give what a folder or sdist needs against what is here; `isolated` if a front end installs build requirements.

    :raises InputError: if it is neither, or is damaged.
    """
    tree = survey.tree_in(path)
    wanted, resolver = needs.of(tree, tuple(scanners.findings_in(tree)))
    machine = checks.Machine(wanted, resolver.catalogue, settings.environment(), isolated=isolated)
    found = _with_packages(checks.all_of(wanted, machine))
    project = survey.project_of(tree)
    lacking = [check for check in found if check.status in {diagnosis.MISSING, diagnosis.WRONG_VERSION}]
    return diagnosis.Diagnosis(
        name=project.name,
        version=project.version,
        backend=project.backend,
        isolated=isolated,
        checks=found,
        needed=_line(check for check in lacking if check.stops),
        optional=_line(check for check in lacking if not check.stops and check.need != needs.RUNTIME),
        runtime=_line((check for check in lacking if check.need == needs.RUNTIME), role="run"),
    )


def _with_packages(found: Iterable[Check]) -> tuple[Check, ...]:
    """Add who owns what was found, all asked at once; and the package's version, where nothing else says one."""
    listed = tuple(found)
    owned = owners.owners_of({check.path for check in listed if check.path}).owned
    told = []
    for check in listed:
        owner = owned.get(check.path)
        version = check.version or (versions.upstream(owner.version) if owner else None)
        told.append(check._replace(package=owner.purl if owner else None, version=version))
    return tuple(told)


def _line(lacking: Iterable[Check], role: str = "") -> Line:
    """Give the line for what is lacking; Python requirements are no package manager's affair here."""
    return install.line(
        install.Wanted(
            id=check.id or f"dep:generic/{check.name}",
            role=role or ("build" if check.kind in {"compiler", "program"} else "host"),
            pkgconfig=tuple(name.removeprefix("pkg-config ") for name in check.asked if name.startswith("pkg-config ")),
        )
        for check in lacking
        if check.kind != "requirement"
    )
