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
    gone = {diagnosis.MISSING, diagnosis.WRONG_VERSION}
    # Python requirements are no package manager's affair here.
    lines = _lines([check for check in found if check.status in gone and check.kind != "requirement"])
    return diagnosis.Diagnosis(
        name=project.name,
        version=project.version,
        backend=project.backend,
        isolated=isolated,
        checks=found,
        needed=lines[0],
        optional=lines[1],
        runtime=lines[2],
    )


def _lines(lacking: list[Check]) -> tuple[Line, Line, Line]:
    """Give what installs what stops the build, what it may go without, and what is opened while running."""
    stopping = {_wanted(check) for check in lacking if check.stops}
    runtime = {_wanted(check, "run") for check in lacking if check.need == needs.RUNTIME}
    others = {_wanted(check) for check in lacking if check.need != needs.RUNTIME} - stopping
    # A build that has to be helped anyway is given what it may turn out to need, too, as far as a package is known.
    unsure = {_wanted(check) for check in lacking if check.need == needs.UNKNOWN} & others if stopping else set()
    needed = install.line(stopping | unsure)
    unsure = {item for item in unsure if item.id not in needed.unnamed}
    needed = needed._replace(unnamed=tuple(id_ for id_ in needed.unnamed if id_ in {item.id for item in stopping}))
    return needed, install.line(others - unsure), install.line(runtime)


def _wanted(check: Check, role: str = "") -> install.Wanted:
    return install.Wanted(
        id=check.id or f"dep:generic/{check.name}",
        role=role or ("build" if check.kind in {"compiler", "program"} else "host"),
        pkgconfig=tuple(name.removeprefix("pkg-config ") for name in check.asked if name.startswith("pkg-config ")),
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
