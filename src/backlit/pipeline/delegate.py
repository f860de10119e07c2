"""Stage 2: the real backend's hook, called in this process; everything is put back when it returns.

Front ends give each hook a process of its own, except gpep517 and tox: a child of ours would cost 66 to 90 ms of CPU a
hook and gain nothing where the state is restored. See docs/adr/0002.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from backlit import trace
from backlit.config import file_list, settings as settings_
from backlit.errors import BackendError
from backlit.pipeline import listing as listings, place, real, scratch, shared
from backlit.pipeline.plan import EDITABLE_HOOKS
from backlit.trace.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backlit.config.project import BackendSpec
    from backlit.model.invocation import Trace
    from backlit.pipeline.listing import Listing
    from backlit.pipeline.plan import Plan
    from backlit.pipeline.shared import Workplace


class Outcome(NamedTuple):
    """What a hook gave back, and what there is to look at."""

    result: Any
    """What the hook returned: a file name, or a list of requirements."""
    session: trace.Session | None
    """What was recorded while it ran; None for a hook that was not watched."""
    tree: Path
    """The folder that it ran in: the project's own, or the scratch copy."""
    seconds: float
    """Wall time of the real hook."""
    listing: Listing | None = None
    """The list of files that setuptools was given; None if it needed none."""
    seen_before: tuple[Trace, ...] | None = None
    """What was seen of the hooks before it; None if they worked elsewhere."""


@contextmanager
def delegated(plan: Plan, work: Workplace, arguments: tuple[Any, ...], *, traced: bool) -> Iterator[Outcome]:
    """Call the real backend's hook, and give its outcome while the scratch copy still stands.

    `arguments` are the hook's, by position, as front ends call it; folders absolute.
    Whatever the real backend raises rises unchanged, after one line that says whose fault it is.
    """
    copied = _copied(plan, work)
    tree = copied.tree
    listing = listings.prepare(tree, work.folder, shared.files_in(work)) if plan.restores else None
    with _prepared(plan, work, copied, traced=traced, listing=listing) as session:
        hook = getattr(real.load(plan.backend, tree), plan.hook, None)
        if hook is None:
            raise BackendError(f"{plan.backend.name!r} has no {plan.hook}", where=plan.backend.where)
        start = time.monotonic()
        printed = Printed(work.folder, session)
        with _whose_fault(plan, printed), session.listening() if session else nullcontext(), printed.listening():
            result = hook(*arguments)
        seconds = time.monotonic() - start
    yield Outcome(result, session, tree, seconds, listing, shared.seen_before(work))


def attribute(backend: BackendSpec, root: Path, name: str, *, default: object = None) -> Any:  # noqa: ANN401 - a hook, or a class
    """Give an attribute of the backend of the project at `root`; `default` if it has none of that name.

    :raises BackendError: if the backend cannot be imported.
    """
    with _process_state(root), real.importable(backend, root):
        return getattr(real.load(backend, root), name, default)


def attribute_as_planned(plan: Plan, folder: Path, name: str) -> Any:  # noqa: ANN401 - likewise
    """Give an attribute as :func:`attribute` does, of a backend that computes the version as it is imported.

    `folder` is private to this call.

    :raises BackendError: if the backend cannot be imported.
    """
    work = shared.Workplace(folder, folder)
    copied = _copied(plan, work)
    with _prepared(plan, work, copied, traced=False):
        return getattr(real.load(plan.backend, copied.tree), name, None)


def _copied(plan: Plan, work: Workplace) -> scratch.Copied:
    """Give the folder that the hook runs in; the scratch copy is made here, unless an earlier hook has made it."""
    if not plan.why_copy:
        root = plan.project.root
        return scratch.Copied(root, (str(root), str(root)), ())
    copied = shared.copy_in(work)
    if copied is None:
        copied = _copy(plan, work.base)
        shared.keep_copy(work, copied)
    return copied


def _copy(plan: Plan, folder: Path) -> scratch.Copied:
    root, told = plan.project.root, plan.injection
    if plan.tool is None or not plan.tool.climbs or plan.backend.module.partition(".")[0] == "hatchling":
        # To hatchling, which climbs for a .gitignore, a repository ends here; to git an empty folder is none. A tool
        # with a way of its own takes the folder for one.
        (folder / ".git").mkdir()
    files = told.files if told else ()
    copied = scratch.copy(root, folder, files=files, repository=place.asks_repository(plan), top=plan.home)
    if copied.unread:
        named = ", ".join(copied.unread[:5])
        sys.stderr.write(f"backlit: warning: not in the scratch copy, for it cannot be read: {named}\n")
    if told is not None and told.repository:
        from backlit.pipeline import repository  # noqa: PLC0415 - few builds need one

        repository.make(copied.tree, told.repository, of=root, more=[name for name, _ in files])
    return copied


@contextmanager
def _prepared(
    plan: Plan, work: Workplace, copied: scratch.Copied, *, traced: bool, listing: Listing | None = None
) -> Iterator[trace.Session | None]:
    """Put the process into the state that the real backend is imported and called in, and put it back."""
    tree = copied.tree
    with ExitStack() as stack:
        stack.enter_context(_process_state(tree))
        os.environ.update(_environment(plan, work, tree))  # noqa: TID251 - restored by _process_state
        for name, value in plan.environment:
            if value is None:
                os.environ.pop(name, None)  # noqa: TID251 - likewise
        if listing is not None:
            os.environ[file_list.VARIABLE] = str(listing.path)  # noqa: TID251 - likewise
            sys.path.append(str(listing.finder))
        session = _session(plan, work, copied) if traced else None
        os.environ.update(session.environment if session else {})  # noqa: TID251 - likewise
        _keep_from_children(plan)
        stack.enter_context(real.importable(plan.backend, tree))
        if plan.why_copy:
            stack.callback(real.forget_below, tree)
        if plan.tool is not None and plan.tool.at_import:
            stack.enter_context(real.renewed(plan.tool.at_import))
        yield session


@contextmanager
def _whose_fault(plan: Plan, printed: Printed) -> Iterator[None]:
    """Say before the real backend's own error that it is the real backend's, and after all output what caused it.

    The error itself is left as it is.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # UnsupportedOperation is an answer, not a failure; setuptools ends a failed compile with SystemExit.
        if type(error).__name__ != "UnsupportedOperation":
            sys.stderr.write(f"backlit: {plan.backend.name} failed in {plan.hook}; the error is its own\n")
            if plan.lacks_git:
                sys.stderr.write(f"backlit: {place.why_git(plan)}, and there is no git to make one with\n")
            from backlit.pipeline import explain  # noqa: PLC0415 - few builds fail

            explain.at_exit(printed.text(), error, plan.project.root)
        raise


@contextmanager
def _process_state(tree: Path) -> Iterator[None]:
    """Enter `tree`, and put cwd, environment, argv and ``sys.path`` back as they were."""
    cwd, environment, argv, path = os.getcwd(), settings_.environment(), sys.argv[:], sys.path[:]  # noqa: PTH109
    show = warnings.showwarning  # meson-python puts its own in place
    os.chdir(tree)  # noqa: TID251 - the one place that moves
    os.environ.pop("BACKLIT", None)  # noqa: TID251 - restored below; what is imported here is real: see activation
    try:
        yield
    finally:
        sys.argv[:], sys.path[:] = argv, path
        warnings.showwarning = show
        os.environ.clear()  # noqa: TID251 - the one place that restores it
        os.environ.update(environment)  # noqa: TID251
        os.chdir(cwd)  # noqa: TID251


def _keep_from_children(plan: Plan) -> None:
    """Keep a variable that speaks to every project from the processes that the hook starts.

    ``os.environ`` still has it, where the version tool reads it, in this process; the environment that a new process
    inherits has not. A build of another project that the hook starts, with pip for example, must not take it for its
    own. What the adapter says may be inherited is: a meson.build that runs setuptools-scm needs it.
    """
    for name, _ in plan.injection.environment if plan.injection else ():
        os.unsetenv(name)


def _environment(plan: Plan, work: Workplace, tree: Path) -> dict[str, str]:
    changes = {name: value for name, value in plan.environment if value is not None}
    if plan.outside_tags:
        from backlit.pipeline import repository  # noqa: PLC0415 - few builds need one

        changes.update(repository.make_outside(tree, plan.outside_tags, work.folder))
    elif ceilings := _slipped(plan):
        from backlit.pipeline import repository  # noqa: PLC0415 - likewise

        changes.update(repository.keep_below(ceilings, work.folder))
    if plan.why_copy:
        # The copy may stand below somebody's repository: Fedora points TMPDIR into the source tree.
        above = [str(work.base), changes.get("GIT_CEILING_DIRECTORIES", "")]
        changes["GIT_CEILING_DIRECTORIES"] = os.pathsep.join(filter(None, above))
    return changes


def _slipped(plan: Plan) -> str:
    """Give the ceilings that an editable build's tool would climb past by a way of its own; empty if it would not."""
    if plan.hook not in EDITABLE_HOOKS or plan.injection is not None or plan.tool is None or not plan.tool.climbs:
        return ""
    return dict(plan.environment).get("GIT_CEILING_DIRECTORIES") or ""


def _session(plan: Plan, work: Workplace, copied: scratch.Copied) -> trace.Session:
    # Without a report, only the copy's path has to be mapped, and that is the shims' part.
    needless = plan.settings.report is None and plan.settings.trace == "auto"
    return trace.start(
        work.folder,
        made=work.base,
        mechanism="shim" if needless and sys.platform == "linux" else plan.settings.trace,
        environment=settings_.environment(),
        prefix_map=copied.prefix if plan.why_copy else None,
    )
