"""One build: request -> plan -> outcome -> observation -> report.

Before and during the real backend's hook a problem raises; once it has returned, no fault of ours may fail a build that
succeeded, unless the artifact does not carry the version that was asked for.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backlit.config import project as projects, settings as settings_
from backlit.errors import BackendError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from backlit.pipeline.delegate import Outcome
    from backlit.pipeline.plan import Plan
    from backlit.pipeline.shared import Workplace

BUILDING: Final = ("build_wheel", "build_sdist", "build_editable")
"""Hooks that make an artifact: these are observed."""


def build(root: Path, hook: str, config_settings: Mapping[str, Any] | None, folders: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the hook's own
    """Run one hook for the project at `root`; give what the real backend's hook gives.

    `folders` are the hook's other arguments by name, absolute, in the order of its signature; `config_settings` comes
    after the first of them.

    :raises BacklitError: if the request, the version or the real backend cannot be used.
    """
    from backlit.pipeline import delegate, planning, shared  # noqa: PLC0415 - `offered` needs less

    plan = planning.plan(root, hook, config_settings)
    if plan.settings.passed_over and plan.settings.log != "quiet":
        sys.stderr.write(f"backlit: {plan.settings.passed_over}\n")
    with (
        _catalogue_of(plan),
        shared.workplace(plan) as work,
        delegate.delegated(plan, work, _arguments(plan, folders), traced=_is_watched(plan, work)) as outcome,
    ):
        if plan.hook not in BUILDING:
            shared.keep_seen(work, outcome.session)
        _look_at(plan, outcome, next(iter(folders.values()), None))
        return outcome.result


def _catalogue_of(plan: Plan) -> AbstractContextManager[None]:
    """Let the catalogue have what the settings name.

    :raises InputError: if that is not there, or malformed.
    """
    if not plan.settings.mappings:
        return nullcontext()
    from backlit import catalog  # noqa: PLC0415 - few builds name any
    from backlit.catalog import additions  # noqa: PLC0415 - likewise

    return catalog.extended(additions.named(plan.settings.mappings))


def offered(root: Path, name: str) -> Any:  # noqa: ANN401 - a hook, or a class
    """Give an attribute of the real backend; None if it has none of that name, or there is no project at `root`.

    Where the attribute cannot be had yet, its name stands for it.

    :raises BackendError: if the real backend cannot be imported.
    """
    from backlit.pipeline import delegate  # noqa: PLC0415 - kept beside `build`

    try:
        project = projects.load(root)
    except InputError:
        return None
    settings = settings_.read(project, None, None)
    override = settings.backend and (settings.backend.value, settings.backend.where)
    backend = projects.real_backend(project, override)
    if backend.module.partition(".")[0] in _STILL:
        return delegate.attribute(backend, root, name)
    from backlit.pipeline import place, planning, scratch  # noqa: PLC0415 - few backends need them

    plan = planning.plan(root, name if name != "UnsupportedOperation" else "build_wheel", None)
    if plan.tool is None or not plan.tool.at_import:
        return delegate.attribute(backend, root, name)
    if plan.injection is None:
        # Its import may fail for want of a version that a config setting gives: hooks see these, and we do not. Such
        # backends have every optional hook.
        return None if name == "UnsupportedOperation" else name
    with scratch.folder(root, fits=place.fits(plan)) as folder:
        return delegate.attribute_as_planned(plan, folder, name)


_STILL: Final = frozenset({"setuptools", "hatchling", "flit_core", "poetry", "pdm", "mesonpy", "scikit_build_core"})
"""Backends known to compute no version as they are imported, by their top package: their project need not be read."""


def _is_watched(plan: Plan, work: Workplace) -> bool:
    """Tell whether the hook is observed: a report is kept, or compilers must write another path than the copy's.

    What makes no artifact may compile as well; that counts where the hook that makes one finds it in the copy.
    """
    return (plan.hook in BUILDING or bool(work.key)) and (plan.settings.report is not None or bool(plan.why_copy))


def _arguments(plan: Plan, folders: Mapping[str, Any]) -> tuple[Any, ...]:
    """Put the hook's arguments in the order that front ends call them in."""
    first, *rest = [*folders.values()] or [None]
    return (first, plan.settings.rest, *rest) if folders else (plan.settings.rest,)


def _look_at(plan: Plan, outcome: Outcome, directory: str | None) -> None:
    """Check the version of what was made, and report on it."""
    from backlit.pipeline import verify  # noqa: PLC0415 - hooks that make nothing need none

    if directory is None:
        return
    made = Path(directory, str(outcome.result))
    if outcome.result is None or not made.exists():
        problem = f"said that it made {outcome.result!r}, which is not in {directory}"
        raise BackendError(problem, where=f"{plan.backend.name}: {plan.hook}")
    if plan.hook not in BUILDING:
        verify.check_metadata(plan, made)
        return
    from backlit.pipeline import finish  # noqa: PLC0415 - likewise

    finish.finish(plan, outcome, made)
