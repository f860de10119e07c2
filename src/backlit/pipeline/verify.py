"""Does the artifact carry the version that was decided: file name, metadata, version files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.artifacts import glance as glances
from backlit.config import pep440
from backlit.errors import VersionError

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.artifacts.glance import Glance
    from backlit.errors import FormatError
    from backlit.pipeline.plan import Plan


class Verdict(NamedTuple):
    """What the artifact says of its version."""

    agrees: bool | None
    """None if no version was decided before the build: there is nothing to hold it against."""
    said: str
    """The version that the artifact's metadata carries."""
    disagreements: tuple[str, ...]
    """One sentence for each place that carries another version."""


def check(plan: Plan, path: Path, glance: Glance) -> Verdict:
    """Hold an artifact against the plan.

    :raises VersionError: if the version was asked for and is not there; the artifact is removed then, so that nothing
        takes it for the one that was asked for.
    """
    verdict = _verdict(plan, path, glance)
    if verdict.disagreements and plan.decision.asked and plan.settings.on_mismatch == "error":
        path.unlink(missing_ok=True)
        raise _error(plan, "; ".join(verdict.disagreements))
    return verdict


def unverified(plan: Plan, why: FormatError) -> VersionError:
    """Give the error for an artifact that cannot be read: nobody can tell whether it carries the version asked for."""
    cure = "see what the real backend wrote, or set on-mismatch = 'warn' in [tool.backlit.version]"
    return VersionError(f"{plan.decision.value} was asked for, and cannot be checked: {why}", cure=cure)


def check_metadata(plan: Plan, dist_info: Path) -> None:
    """Hold a prepared ``.dist-info`` against the plan: the wheel will be built from it.

    :raises VersionError: if it carries another version than the one asked for.
    """
    value = plan.decision.value
    if not plan.decision.asked or value is None or plan.settings.on_mismatch != "error":
        return
    text = (dist_info / "METADATA").read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    said = re.search(r"^Version:[ \t]*(\S+)", text, re.MULTILINE)
    if said is not None and not pep440.same(said[1], value):
        raise _error(plan, f"METADATA has {said[1]}")


def _verdict(plan: Plan, path: Path, glance: Glance) -> Verdict:
    value = plan.decision.value
    if value is None:
        return Verdict(None, glance.version, ())
    said = [("the file name", glance.filename_version), ("its metadata", glance.version)]
    wrong = [f"{place} has {version}" for place, version in said if not pep440.same(version, value)]
    files = plan.injection.version_files if plan.injection else ()
    wrong += [f"{name} has {found}" for name, found in _stated(path, glance, files) if not _is_in(value, found)]
    return Verdict(not wrong, glance.version, tuple(wrong))


def _stated(path: Path, glance: Glance, files: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give the version that each version file states; files that are not there, or state none, are left out."""
    present = frozenset(glance.members)
    found: list[tuple[str, str]] = []
    for name in files:
        for member in dict.fromkeys((name, name.removeprefix("src/"))):
            text = glances.member_text(path, member) if member in present else None
            stated = re.findall(_VERSION, text or "")
            if stated:
                found.append((member, " and ".join(dict.fromkeys(stated))))
    return found


# A plain string: it is compiled only where there is a version file to read.
_VERSION: Final = r"""(?im)(?:^|[\s=.,(])_{0,2}version_{0,2}\s{0,9}(?::[^=\n"']{0,80})?=\s{0,9}["']([^"'\n]+)["']"""
"""An assignment such as ``__version__ = version = '1.2.3'``, in Python, C or TOML spelling."""


def _is_in(value: str, stated: str) -> bool:
    return any(pep440.same(value, part) for part in stated.split(" and "))


def _error(plan: Plan, said: str) -> VersionError:
    tool = plan.tool_name
    who = (
        f"{tool} did not obey" if tool else f"no version tool that backlit knows is in charge under {plan.backend.name}"
    )
    where = plan.claim.where if plan.claim else plan.backend.where
    cure = "check that the tool reads no other source first" if tool else "set the version in the tree itself"
    problem = f"{plan.decision.value} was asked for ({plan.decision.where}), but {said}: {who}"
    return VersionError(problem, where=where, cure=f"{cure}, or set on-mismatch = 'warn' in [tool.backlit.version]")
