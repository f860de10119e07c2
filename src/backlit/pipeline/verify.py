"""Does the artifact carry the version that was decided: file name, metadata, version files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from backlit.artifacts import glance as glances
from backlit.config import pep440
from backlit.errors import VersionError
from backlit.pipeline.plan import EDITABLE_HOOKS

if TYPE_CHECKING:
    from pathlib import Path

    from backlit.artifacts.glance import Glance
    from backlit.errors import FormatError
    from backlit.pipeline.listing import Listing
    from backlit.pipeline.plan import Plan


class Verdict(NamedTuple):
    """What the artifact says of its version."""

    agrees: bool | None
    """None if no version was decided before the build: there is nothing to hold it against."""
    said: str
    """The version that the artifact's metadata carries."""
    disagreements: tuple[str, ...]
    """One sentence for each place that carries another version."""
    loss: str = ""
    """What is said of files that the artifact lacks, though its tree has them; empty if none is missed."""


def check(plan: Plan, path: Path, glance: Glance, listing: Listing | None = None) -> Verdict:
    """Hold an artifact against the plan; `listing` is the list of files that setuptools was given.

    :raises VersionError: if the version was asked for and is not there, or an sdist lost the files of a list that
        nobody asked for; the artifact is removed then, so that nothing takes it for the one that was asked for.
    """
    verdict = _verdict(plan, path, glance)._replace(loss=_loss(listing, glance) if listing else "")
    if not plan.decision.asked or plan.settings.on_mismatch != "error":
        return verdict
    if verdict.disagreements:
        path.unlink(missing_ok=True)
        raise _error(plan, "; ".join(verdict.disagreements))
    if listing is not None and verdict.loss and plan.hook == "build_sdist" and not listing.was_asked_for():
        path.unlink(missing_ok=True)
        raise _list_error(plan, f"{path.name} {verdict.loss}")
    return verdict


def _loss(listing: Listing, glance: Glance) -> str:
    lost = listing.lost(glance)
    if not lost:
        return ""
    few = ", ".join(lost[:_FEW])
    more = f" and {len(lost) - _FEW} more" if len(lost) > _FEW else ""
    if glance.filename.endswith(".whl"):
        return f"lacks {len(lost)} of the tree's data files, and setuptools did not ask which there are: {few}{more}"
    return f"lacks {len(lost)} of the tree's files, which no rule leaves out: {few}{more}"


_FEW: Final = 5


def unverified(plan: Plan, why: FormatError) -> VersionError:
    """Give the error for an artifact that cannot be read: nobody can tell whether it carries the version asked for."""
    cure = f"see what the real backend wrote, {_OR_WARN}"
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
    if said is not None and not _agrees(plan, said[1], value):
        raise _error(plan, f"METADATA has {said[1]}")


def _verdict(plan: Plan, path: Path, glance: Glance) -> Verdict:
    value = plan.decision.value
    if value is None:
        return Verdict(None, glance.version, ())
    said = [("the file name", glance.filename_version), ("its metadata", glance.version)]
    wrong = [f"{place} has {version}" for place, version in said if not _agrees(plan, version, value)]
    files = plan.injection.version_files if plan.injection else ()
    wrong += [f"{name} has {found}" for name, found in _stated(path, glance, files) if not _is_in(value, found)]
    if plan.decision.asked:
        known = {*files, *(name.removeprefix("src/") for name in files)}
        written = [name for name in glance.members if _may_be_written(name) and name not in known]
        wrong += [
            f"{name}, which the build wrote, has {found}"
            for name, found in _stated(path, glance, tuple(written))
            if not _is_in(value, found) and not _stands_in(plan.project.root, name, found)
        ]
    return Verdict(not wrong, glance.version, tuple(wrong))


def _agrees(plan: Plan, said: str, value: str) -> bool:
    # pdm-backend before 2.2 marks an editable build as one, as PEP 660 advises: 1.2.3+editable.
    unmarked = re.sub(r"[+.]editable$", "", said) if plan.hook in EDITABLE_HOOKS else said
    return pep440.same(unmarked, value)


def _may_be_written(member: str) -> bool:
    """Tell whether a file has the name of one that code of a project's own writes the version to."""
    folder, _, name = member.removeprefix("src/").rpartition("/")
    return name in _VERSION_FILES and "/" not in folder


_VERSION_FILES: Final = frozenset(
    {"_version.py", "version.py", "__version__.py", "VERSION", "VERSION.txt", "version.txt", "_version.txt"}
)


def _stands_in(root: Path, member: str, stated: str) -> bool:
    """Tell whether a file of that name in the tree states the same: then it is the tree's own, not the build's."""
    name = member.rpartition("/")[2]
    return any(" and ".join(dict.fromkeys(_versions_in(_text(path)))) == stated for path in root.rglob(name))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _stated(path: Path, glance: Glance, files: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give the version that each version file states; files that are not there, or state none, are left out."""
    present = frozenset(glance.members)
    found: list[tuple[str, str]] = []
    for name in files:
        for member in dict.fromkeys((name, name.removeprefix("src/"))):
            text = glances.member_text(path, member) if member in present else None
            stated = _versions_in(text or "")
            if stated:
                found.append((member, " and ".join(dict.fromkeys(stated))))
    return found


def _versions_in(text: str) -> list[str]:
    bare = re.fullmatch(r"\s*(v?\d+\.[\w.+!-]+)\s*", text[:100])
    return [bare[1]] if bare else re.findall(_VERSION, text)


# A plain string: it is compiled only where there is a version file to read.
_VERSION: Final = (
    r"""(?im)(?:(?:^|[\s=.,(])_{0,2}version_{0,2}\s{0,9}(?::[^=\n"']{0,80})?=|"version"\s{0,9}:)"""
    r"""\s{0,9}["']([^"'\n]+)["']"""
)
"""An assignment such as ``__version__ = version = '1.2.3'``, in Python, C, TOML or JSON spelling."""


def _is_in(value: str, stated: str) -> bool:
    return any(pep440.same(value, part) for part in stated.split(" and "))


def _error(plan: Plan, said: str) -> VersionError:
    where = plan.claim.where if plan.claim else plan.backend.where
    why, cure = _why(plan)
    problem = f"{plan.decision.value} was asked for ({plan.decision.where}), but {said}: {why}"
    return VersionError(problem, where=where, cure=f"{cure}, {_OR_WARN}")


def _list_error(plan: Plan, said: str) -> VersionError:
    problem = f"gives setuptools the list of files, which was restored, but nobody asked for it, and {said}"
    cure = f"see which command of setuptools' the project replaces, name the files in MANIFEST.in, {_OR_WARN}"
    return VersionError(problem, where=plan.restores, cure=cure)


_OR_WARN: Final = "or set on-mismatch = 'warn' in [tool.backlit.version]"


def _why(plan: Plan) -> tuple[str, str]:
    """Give why the artifact carries another version, as far as that is known, and what to do."""
    tool = plan.tool_name
    if absent := _absent(plan):
        names = ", ".join(absent)
        return f"what it needs to be built is not installed here: {names}", f"install {names}"
    if plan.lacks_git:
        return f"{tool or 'the project'} is told by a repository, and there is no git to make one with", _NEEDS_GIT
    tags = plan.outside_tags or (plan.injection.repository if plan.injection else ())
    if tags:
        problem = f"{tool or 'the code that computes it'} was told by a repository with the tag {tags[0]}"
        asked = plan.settings.tag
        cure = _NAME_A_TAG if asked is None else f"see whether the project's tags look like that ({asked.where})"
        return problem, cure
    if tool:
        return f"{tool} did not obey", "check that the tool reads no other source first"
    problem = f"no version tool that backlit knows is in charge under {plan.backend.name}"
    return problem, "set the version in the tree itself"


def _absent(plan: Plan) -> tuple[str, ...]:
    """Name the build requirements that are not installed: without its tool, setuptools calls a project 0.0.0."""
    from importlib import metadata  # noqa: PLC0415 - where something went wrong already

    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - likewise

    listed = plan.project.table("build-system").get("requires")
    found: list[str] = []
    for item in listed if isinstance(listed, list) else ():
        try:
            requirement = Requirement(str(item))
        except InvalidRequirement:
            continue
        is_wanted = requirement.marker is None or requirement.marker.evaluate()
        if is_wanted and next(iter(metadata.distributions(name=requirement.name)), None) is None:
            found.append(requirement.name)
    return tuple(found)


_NAME_A_TAG: Final = (
    "if the project's tags look otherwise, name one: BACKLIT_TAG, backlit.tag, or tag = 'release-{version}' in "
    "[tool.backlit.version]"
)

_NEEDS_GIT: Final = "install git where this is built, set the version in the tree itself"
