"""One scratch copy for the hooks of one build, where the front end is ours and keeps it between them.

Front ends give each hook a process of its own, and what one hook leaves in the tree the next one finds: C that
``setup.py`` had Cython make while it was asked for requirements is not made again for the wheel. A copy for each hook
would lose that. So ``backlit build`` names a folder in ``_BACKLIT_SHARED``, and writes down there by what the hook that
makes the artifact makes its copy: whichever hook would make the same works in it, and the first one makes it. What was
seen of a hook that makes no artifact is kept there too, for the report of the one that does. Where setuptools is to be
given a list of files, that is of the tree as it came: whichever hook makes the copy lists what is in it.

The folder is its front end's: it made it, and it removes it. A nested build does not see the variable, and a folder
that was made for another project is not taken.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backlit.config import file_list, settings as settings_
from backlit.pipeline import place, scratch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backlit.model.invocation import Trace
    from backlit.pipeline.plan import Plan
    from backlit.trace import Session

VARIABLE: Final = "_BACKLIT_SHARED"
"""Absolute path of the folder."""

_STATE: Final = "backlit-shared.json"
"""``root``, of what tree; ``key``, what its copy is made by; ``lists``, whether its files are to be listed.

Once there is a copy, what `keep_copy` writes."""

_SEEN: Final = "backlit-seen.pickle"
"""In a hook's own folder: the trace of it."""


class Workplace(NamedTuple):
    """Where one hook works."""

    folder: Path
    """Private to the hook call."""
    base: Path
    """Where the scratch copy stands, if there is one; the same folder where no other hook takes it."""
    key: str = ""
    """What the copy is made by; empty where no other hook takes it."""


@contextmanager
def offered(plan: Plan) -> Iterator[dict[str, str]]:
    """Keep a folder for the hooks of one artifact, and give the variables that name it to them.

    None where the hook that `plan` is of runs in place.
    """
    if not plan.why_copy:
        yield {}
        return
    root = plan.project.root
    with scratch.folder(root, fits=place.fits(plan), once=False) as folder:
        _write(folder, {"root": str(root), "key": _key(plan), "lists": bool(plan.restores)})
        yield {VARIABLE: str(folder)}


@contextmanager
def workplace(plan: Plan) -> Iterator[Workplace]:
    """Give a place for one hook: in the front end's folder if there is one that suits, else in one of its own."""
    base = _suiting(plan)
    if base is None:
        with scratch.folder(plan.project.root, fits=place.fits(plan)) as folder:
            yield Workplace(folder, folder)
    else:
        folder = base / plan.hook
        folder.mkdir(mode=0o700)
        yield Workplace(folder, base, _key(plan))


def copy_in(work: Workplace) -> scratch.Copied | None:
    """Give the copy that an earlier hook made; None if there is none yet."""
    state = _read(work.base) if work.key else {}
    if "tree" not in state:
        return None
    first, second = state["prefix"]
    return scratch.Copied(Path(state["tree"]), (first, second), tuple(state["unread"]))


def keep_copy(work: Workplace, copied: scratch.Copied) -> None:
    """Let later hooks have a copy in which no hook has run yet."""
    if not work.key:
        return
    state, made = _read(work.base), {"tree": str(copied.tree), "prefix": copied.prefix, "unread": copied.unread}
    files = {"files": file_list.snapshot(copied.tree)} if state["lists"] else {}
    _write(work.base, {**state, **made, **files})


def files_in(work: Workplace) -> tuple[str, ...] | None:
    """Give the files of the copy as it was made; None if nobody has listed them."""
    files = _read(work.base).get("files") if work.key else None
    return None if files is None else tuple(files)


def keep_seen(work: Workplace, session: Session | None) -> None:
    """Keep what was seen of a hook that makes no artifact; never raises, for the hook has succeeded."""
    if not work.key or session is None:
        return
    import pickle  # noqa: PLC0415 - few hooks have a front end that keeps a folder

    try:
        (work.folder / _SEEN).write_bytes(pickle.dumps(session.read()))
    except OSError as error:
        sys.stderr.write(f"backlit: warning: the report will lack what {work.folder.name} ran: {error}\n")


def seen_before(work: Workplace) -> tuple[Trace, ...] | None:
    """Give what was seen of the hooks before this one; None if they worked elsewhere."""
    kept = sorted(work.base.glob(f"*/{_SEEN}")) if work.key else []
    if not kept:
        return None
    import pickle  # noqa: PLC0415 - as above

    return tuple(pickle.loads(path.read_bytes()) for path in kept)  # noqa: S301 - nobody else can write in there


def _suiting(plan: Plan) -> Path | None:
    """Give the front end's folder, if a hook can work there: what it was made for and by is what this one needs."""
    named = settings_.environment().get(VARIABLE)
    if not named or not plan.why_copy:
        return None
    state = _read(Path(named))
    suits = state.get("root") == str(plan.project.root) and state.get("key") == _key(plan)
    return Path(named) if suits and not Path(named, plan.hook).exists() else None


def _key(plan: Plan) -> str:
    """Say all that a copy depends on."""
    told = plan.injection
    files, tags = (told.files, told.repository) if told else ((), ())
    return repr((plan.backend.name, plan.tool_name, plan.home, files, tags, place.asks_repository(plan)))


def _read(base: Path) -> dict[str, Any]:
    """Give what is written down; nothing where the front end made no such folder."""
    import json  # noqa: PLC0415 - few hooks have a front end that keeps a folder

    try:
        state: dict[str, Any] = json.loads((base / _STATE).read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    return state


def _write(base: Path, state: dict[str, Any]) -> None:
    import json  # noqa: PLC0415 - as above

    (base / _STATE).write_text(json.dumps(state), encoding="ascii")
