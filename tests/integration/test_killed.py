"""A build that is killed at any moment leaves the tree as it was: content, mode, time.

Every case of the contract suite is built through backlit, hook by hook, and the whole process group is killed. The
number of kills is :data:`KILLS`, or ``BACKLIT_TEST_KILLS``; the moments are drawn from one seed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from obedience import Case, cases, check_in, environment, make_workshop, plant, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.integration]

KILLS = int(os.environ.get("BACKLIT_TEST_KILLS", "100"))

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

    case: Case
    hook: str
    moment: float
    """When, as a part of the time that the same hook takes if it is left alone."""
    checkout: bool
    """True for a git checkout, false for a tree without VCS."""


def kills() -> Iterator[Kill]:
    """Give the kills: the cases in turn, hooks and moments by chance."""
    chance = random.Random(20261201)  # noqa: S311 - the same moments every time
    listed = [*cases().values()]
    for number in range(KILLS):
        case = listed[number % len(listed)]
        yield Kill(case, chance.choice(HOOKS), chance.random() * 1.1, chance.random() < 0.3)


def start(workshop: Path, kill: Kill, tree: Path, out: Path) -> subprocess.Popen[str]:
    """Start one hook in a process group of its own, up to the moment when backlit is imported."""
    out.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKLIT")}
    variables = {**kept, "BACKLIT_VERSION": "1.2.3", "PYTHONPATH": str(workshop / "finder"), "TMPDIR": str(out)}
    python = environment(workshop, kill.case.requires)
    started = subprocess.Popen(
        [python, "-c", CALLS, kill.hook, out],
        cwd=tree,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
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


def test_no_kill_changes_the_tree(tmp_path: Path) -> None:
    workshop = make_workshop(tmp_path / "workshop")
    seconds: dict[tuple[int, str, bool], float] = {}
    changed: list[str] = []
    killed = 0
    for number, kill in enumerate(kills()):
        folder = tmp_path / str(number)
        tree = plant(folder / "tree", kill.case.files)
        if kill.checkout:
            check_in(tree, kill.case.tag.format("9.9.9"))
        before = state_of(tree)
        key = (id(kill.case.files), kill.hook, kill.checkout)
        if key not in seconds:
            began = time.monotonic()
            assert finish(start(workshop, kill, tree, folder / "whole"), kill=False) == 0, kill
            seconds[key] = time.monotonic() - began
        started = start(workshop, kill, tree, folder / "out")
        time.sleep(seconds[key] * kill.moment)
        killed += finish(started, kill=True) == -signal.SIGKILL
        if state_of(tree) != before:
            changed.append(f"{number}: {kill.case.tool} {kill.hook} at {kill.moment:.2f}")
        shutil.rmtree(folder)
    assert changed == []
    # The rest had come to their end before their moment.
    assert killed > KILLS * 0.6
