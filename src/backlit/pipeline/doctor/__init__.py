"""What this machine lacks to build a source tree: ``backlit doctor SOURCE``.

The tree is read as `backlit.pipeline.survey` reads it, and nothing of it runs. The machine is asked: the compilers for
their folders, pkg-config for its modules, programs for their versions, the package managers for who owns what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backlit import owners, scanners
from backlit.config import settings
from backlit.pipeline import install, managers, survey
from backlit.pipeline.doctor import checks, diagnosis, needs, versions
from backlit.pipeline.install import Wanted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

    from backlit.pipeline.doctor.diagnosis import Check, Diagnosis
    from backlit.pipeline.install import Line
    from backlit.pipeline.managers import Manager


def examine(path: Path, *, isolated: bool) -> Diagnosis:
    """Give what a folder or sdist needs against what is here; `isolated` if a front end installs build requirements.

    :raises InputError: if it is neither, or is damaged.
    """
    tree = survey.tree_in(path)
    wanted, resolver = needs.of(tree, tuple(scanners.findings_in(tree)))
    machine = checks.Machine(wanted, resolver.catalogue, settings.environment(), isolated=isolated)
    found = _with_packages(checks.all_of(wanted, machine))
    project = survey.project_of(tree)
    found, (needed, optional, runtime) = _with_lines(found)
    return diagnosis.Diagnosis(
        name=project.name,
        version=project.version,
        backend=project.backend,
        isolated=isolated,
        checks=found,
        needed=needed,
        optional=optional,
        runtime=runtime,
    )


def _with_lines(found: tuple[Check, ...]) -> tuple[tuple[Check, ...], tuple[Line, Line, Line]]:
    """Give what installs what stops the build, what it may go without, what is opened while running; and new notes.

    A package that is older than what is asked for cures nothing: its check says so, and it is in no line.
    """
    manager = managers.here()
    found = tuple(_with_what_is_offered(check, manager) for check in found) if manager else found
    gone = {diagnosis.MISSING, diagnosis.WRONG_VERSION}
    # Python requirements are no package manager's affair here.
    lacking = [check for check in found if check.status in gone and check.kind != "requirement"]
    stopping = {_wanted(check) for check in lacking if check.stops}
    runtime = {_wanted(check, "run") for check in lacking if check.need == needs.RUNTIME}
    others = {_wanted(check) for check in lacking if check.need != needs.RUNTIME} - stopping
    old = {check.id for check in lacking if check.note.startswith(_OLD)}
    # A build that has to be helped anyway is given what it may turn out to need, too, as far as a package is known.
    unsure = {_wanted(check) for check in lacking if check.need == needs.UNKNOWN} & others if stopping else set()
    needed = _line(stopping | unsure, old, manager)
    unsure = {item for item in unsure if item.id not in needed.unnamed}
    needed = needed._replace(unnamed=tuple(id_ for id_ in needed.unnamed if id_ in {item.id for item in stopping}))
    return found, (needed, _line(others - unsure, old, manager), _line(runtime, old, manager))


_OLD: Final = "only"
"""How a note begins that says which version the package manager has."""


def _with_what_is_offered(check: Check, manager: Manager) -> Check:
    """Note the version that the package manager has, where it is not one of those asked for."""
    if not check.wanted or check.status not in {diagnosis.MISSING, diagnosis.WRONG_VERSION} or not check.id:
        return check
    ((_, packages),) = install.packages_for([_wanted(check)], manager).items()
    version = versions.upstream(install.offered(packages[:1], manager).get(packages[0], "")) if packages else ""
    if not version or versions.meets(version, check.wanted) is not False:
        return check
    return check._replace(note=f"{_OLD} {version} is in {manager.name}'s {packages[0]}")


def _line(wanted: Iterable[Wanted], old: Container[str | None], manager: Manager | None) -> Line:
    """Give the line for what a package helps with; what none does is among the unnamed."""
    asked = tuple(wanted)
    made = install.line((item for item in asked if item.id not in old), manager)
    without = {item.id for item in asked if item.id in old}
    return made._replace(unnamed=tuple(sorted({*made.unnamed, *without})))


def _wanted(check: Check, role: str = "") -> Wanted:
    return Wanted(
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
