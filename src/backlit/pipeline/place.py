"""Where the hook runs: in the tree itself, or in a scratch copy, and why."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

from backlit.config import vcs
from backlit.pipeline.plan import EDITABLE_HOOKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backlit.config import gitignore
    from backlit.config.project import BackendSpec, Project
    from backlit.pipeline.plan import Plan
    from backlit.versions import Injection

TIDY: Final = frozenset({"flit_core", "hatchling", "poetry", "uv_build"})
"""Backends that leave nothing in the tree they build, unless a version file is written, or code of the project's own
runs in the build; by their top package."""

FROM_COMMIT: Final = frozenset({"mesonpy"})
"""Backends that make an sdist of what git or Mercurial has committed, and of nothing else; by their top package."""

ASK_NOTHING: Final = frozenset({"flit_core", "uv_build"})
"""Backends that ask no VCS for anything, and run no code that could."""


def why_copy(plan: Plan, foreign: Path | None) -> str:
    """Say why a plan's hook runs in a scratch copy; empty if it runs in place. `foreign` is as :mod:`vcs` tells it.

    A build that nothing is injected into runs where the front end started it, as without backlit, unless a repository
    would mislead it.
    """
    if plan.hook in EDITABLE_HOOKS:
        return ""
    name = plan.tool.name if plan.tool else "the project"
    return (
        _commits(plan)
        or _told_by_file(name, plan.injection)
        or _written_in(name, plan)
        or _open_above(name, plan, foreign)
        or _refused(plan)
        or ("asked for by the front end" if plan.settings.copy == "always" else "")
    )


def needs_commit(root: Path, hook: str, backend: BackendSpec, injection: Injection) -> bool:
    """Tell whether a hook needs a repository whatever tells the version: an sdist is made of a commit."""
    if hook != "build_sdist" or backend.module.partition(".")[0] not in FROM_COMMIT:
        return False
    return bool(injection.files) or vcs.own(root) not in {".git", ".hg"}


def asks_repository(plan: Plan) -> bool:
    """Tell whether a scratch copy needs the project's own repository.

    Where one is made up, or the tool would ask it before it reads what it is told by, the project's own would be in the
    way; and few backends are known to ask none.
    """
    told = plan.injection
    in_the_way = told is not None and (bool(told.repository) or told.hides_repository)
    return not in_the_way and _top(plan) not in ASK_NOTHING


def fits(plan: Plan) -> Callable[[Path], bool]:
    """Give the test of a place for a scratch copy: the build must find nothing there that is not the project's.

    A tool that is not told its version, or that asks a repository first, must find none further up. hatchling takes its
    rules of exclusion from ``.gitignore``, the nearest further up if the tree has none, and lets go of them all where
    they match the path of the tree itself: a project that ignores ``tmp`` is another one below ``/tmp``.
    """
    if not plan.why_copy:
        return lambda _: True
    from backlit.config import gitignore  # noqa: PLC0415 - a build in place needs none

    root, is_hatchling = plan.project.root, _top(plan) == "hatchling"
    own = plan.project.text(".gitignore") if is_hatchling else ""
    rules = gitignore.rules_in(own.encode("utf-8", "surrogateescape"))
    climbs = is_hatchling and not any((root / name).exists() for name in (".gitignore", ".git"))
    asks = plan.injection is None or plan.injection.hides_repository
    shut = _is_ignored(rules, root)

    def test(place: Path) -> bool:
        found = asks and vcs.foreign(place / "backlit") is not None
        found = found or (climbs and _gitignore_above(place / "backlit-x") is not None)
        return not found and (shut or not _is_ignored(rules, place / "backlit-x" / "tree"))

    return test


def _is_ignored(rules: tuple[gitignore.Rule, ...], place: Path) -> bool:
    from backlit.config import gitignore  # noqa: PLC0415 - as above

    parts = os.fsencode(place).strip(b"/").split(b"/")
    return any(
        gitignore.verdict(rules, b"/".join(parts[:length]), is_folder=True) for length in range(1, len(parts) + 1)
    )


def _top(plan: Plan) -> str:
    return re.split(r"[.:]", plan.backend.name)[0] if not plan.backend.path else ""


def _commits(plan: Plan) -> str:
    told = plan.injection
    if told is None or not told.repository or not needs_commit(plan.project.root, plan.hook, plan.backend, told):
        return ""
    return f"{plan.backend.name} makes an sdist of what git has committed"


def why_git(plan: Plan) -> str:
    """Say what a repository would have been made for, had there been a git."""
    if plan.hook == "build_sdist" and plan.backend.module.partition(".")[0] in FROM_COMMIT:
        return f"{plan.backend.name} makes an sdist of a repository"
    return f"{plan.decision.value} could be told only by a repository"


def _told_by_file(name: str, injection: Injection | None) -> str:
    if injection is not None and injection.files:
        return f"{name} is told by a file: {injection.files[0][0]}"
    if injection is not None and injection.repository:
        return f"{name} is told by a repository with the tag {injection.repository[0]}"
    return ""


def _written_in(name: str, plan: Plan) -> str:
    """Say what would write in the tree; the tree is never written where a version is asked for, or injected."""
    told = plan.injection
    if not plan.decision.asked and (told is None or not told.variables):
        return ""
    if told is not None and told.version_files:
        return f"{name} writes {told.version_files[0]}"
    if _top(plan) not in TIDY:
        return f"{plan.backend.name} writes in the tree that it builds"
    if _top(plan) == "hatchling" and (above := _gitignore_above(plan.project.root)):
        return f"hatchling would leave out what {above} names"
    return "code of the project's own may write in the tree" if _runs_code(plan.project, _top(plan)) else ""


def _runs_code(project: Project, backend: str) -> bool:
    """Tell whether a tidy backend runs code that the project brings or names."""
    if backend == "poetry":
        return bool(project.table("tool", "poetry").get("build"))
    if backend != "hatchling":
        return False
    hatch = project.table("tool", "hatch")
    # hatch.toml stands before pyproject.toml, and is seldom there.
    named = _has_key(hatch.get("build"), "hooks") or re.search(r"\bhooks\b", project.text("hatch.toml")) is not None
    custom = "custom" in project.table("tool", "hatch", "metadata", "hooks")
    return named or custom or project.table("tool", "hatch", "version").get("source") == "code"


def _has_key(value: Any, key: str) -> bool:  # noqa: ANN401 - any TOML
    return isinstance(value, dict) and (key in value or any(_has_key(below, key) for below in value.values()))


def _gitignore_above(root: Path) -> Path | None:
    """Give the ``.gitignore`` further up that hatchling would take for the project's; None if there is none."""
    for folder in (root, *root.parents):
        if (folder / ".gitignore").is_file():
            return None if folder == root else folder / ".gitignore"
        if (folder / ".git").exists():
            return None
    return None


def _open_above(name: str, plan: Plan, foreign: Path | None) -> str:
    if foreign is not None and os.pathsep in str(foreign):
        return f"git cannot be kept out of {foreign}: the variable for that takes no {os.pathsep!r}"
    if foreign is None or plan.injection is not None or (plan.claim is not None and plan.claim.states is not None):
        return ""
    # Nothing but git has a variable that keeps it from climbing.
    found = vcs.beyond_git(plan.project.root) or (foreign if plan.tool is not None and plan.tool.climbs else None)
    return f"{name} would take its version from the repository at {found}" if found else ""


def _refused(plan: Plan) -> str:
    """Say that git would refuse the project's own repository; the copy's is the user's own."""
    root = plan.home or plan.project.root
    if _top(plan) in ASK_NOTHING or not vcs.is_strangers(root):
        return ""
    return f"git refuses the repository at {root}, which is another user's"
