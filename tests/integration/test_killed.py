"""A build that is killed at any moment leaves the tree as it was: content, mode, time.

Cases of the contract suite are built through backlit, hook by hook, and the whole process group is killed. Each tool
is once among the first 40; ``tox -e corpus`` goes on to 300. The moments are drawn from one seed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pytest

from obedience import Case, cases, check_in, environment, make_workshop, plant, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.integration]

HOOKS = ("build_wheel", "build_sdist", "prepare_metadata_for_build_wheel", "get_requires_for_build_wheel")
"""Every hook but the editable ones, which work in the tree."""

CALLS = """
import json, os, sys, backlit
hook, out = sys.argv[1:]
print("started", flush=True)
function = getattr(backlit, hook, None) or backlit.build_wheel  # not every backend prepares metadata
function(*([out] if not hook.startswith("get_") else []))
"""


class Kill(NamedTuple):
    """One build to kill."""

    name: str
    case: Case
    hook: str
    moment: float
    """When, as a part of the time that the same hook takes if it is left alone."""
    checkout: bool
    """True for a git checkout, false for a tree without VCS."""


def kills() -> Iterator[Kill]:
    """Give the kills: a case of each tool first, then any; hooks and moments by chance."""
    chance = random.Random(20261201)  # noqa: S311 - the same moments every time
    first = {case.tool: (name, case) for name, case in reversed(cases().items())}
    rest = [item for item in cases().items() if item not in first.values()]
    chance.shuffle(rest)
    listed = [*first.values(), *rest]
    for number in count():
        name, case = listed[number % len(listed)]
        yield Kill(name, case, chance.choice(HOOKS), chance.random(), chance.random() < 0.3)


def start(workshop: Path, kill: Kill, tree: Path, out: Path) -> subprocess.Popen[str]:
    """Start one hook in a process group of its own, up to the moment when backlit is imported."""
    out.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLIT")}
    variables = {**kept, "BACKLIT_VERSION": "1.2.3", "PYTHONPATH": str(workshop / "finder"), "TMPDIR": str(out)}
    python = environment(workshop, kill.case.requires)
    variables["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    with out.with_suffix(".log").open("w") as log:
        started = subprocess.Popen(
            [python, "-c", CALLS, kill.hook, out],
            cwd=tree,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    assert started.stdout is not None
    assert started.stdout.readline() == "started\n"
    return started


def finish(started: subprocess.Popen[str], *, kill: bool) -> int:
    """Wait for a process, or kill its whole group; give its status."""
    if kill and started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    return started.returncode


@pytest.mark.parametrize("most", [40, pytest.param(300, marks=pytest.mark.corpus)])
def test_no_kill_changes_the_tree(most: int, tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "workshop")
    seconds: dict[tuple[int, str, bool], float] = {}
    changed: list[str] = []
    failed: list[str] = []
    killed = 0
    for number, kill in enumerate(kills()):
        folder = tmp_path / str(number)
        tree = plant(folder / "tree", kill.case.files)
        if kill.checkout:
            check_in(tree, kill.case.tag.format("9.9.9"))
        before = state_of(tree)
        key = (id(kill.case.files), kill.hook, kill.checkout)
        if key not in seconds:
            whole, began = start(workshop, kill, tree, folder / "whole"), time.monotonic()
            if finish(whole, kill=False) != 0:
                failed.append(f"{kill.name} {kill.hook}: {(folder / 'whole.log').read_text()}")
            seconds[key] = time.monotonic() - began
        started = start(workshop, kill, tree, folder / "out")
        time.sleep(seconds[key] * kill.moment)
        killed += finish(started, kill=True) == -signal.SIGKILL
        if state_of(tree) != before:
            changed.append(f"{kill.name} {kill.hook} at {kill.moment:.2f}")
        shutil.rmtree(folder)
        if killed == most or number > 2 * most:
            break
    assert changed == []
    assert failed == []
    # A build that came to its end before its moment is not counted.
    assert killed == most
