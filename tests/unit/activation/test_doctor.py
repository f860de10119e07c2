"""``backlit doctor``: what it prints of the checks, and its exit code."""

from __future__ import annotations

import json
import sys

import pytest

from backlit import cli
from backlit.activation import diagnosis
from backlit.activation.diagnosis import Check

GOOD = Check("variable", holds=True, detail="BACKLIT is 1")
BAD = Check("pth", holds=False, detail="no backlit.pth\nin here", cure="install backlit")


def test_all_that_holds_is_active(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(diagnosis, "examine", lambda: (GOOD,))
    assert cli.main(["doctor", "--self"]) == 0
    assert capsys.readouterr().out == (
        "yes variable     BACKLIT is 1\n\n"
        f"backlit is active here, in builds by {sys.executable}; isolated builds have an interpreter of their own.\n"
    )


def test_what_does_not_hold_is_shown_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(diagnosis, "examine", lambda: (GOOD, BAD))
    assert cli.main(["doctor", "--self"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[1:] == [
        "NO  pth          no backlit.pth in here",
        "                 install backlit",
        "",
        "backlit is not active here: pth.",
    ]


def test_json_has_every_check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(diagnosis, "examine", lambda: (GOOD, BAD))
    assert cli.main(["doctor", "--self", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "active": False,
        "interpreter": sys.executable,
        "checks": [
            {"name": "variable", "holds": True, "detail": "BACKLIT is 1", "cure": None},
            {"name": "pth", "holds": False, "detail": "no backlit.pth\nin here", "cure": "install backlit"},
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "names nothing to look at; name a folder, an sdist or NAME==VERSION; or --self"),
        ([".", "--self"], "--self looks at the current folder, and takes no SOURCE; leave one of them out"),
    ],
    ids=repr,
)
def test_either_a_source_or_itself_is_named(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor", *arguments]) == 2
    assert capsys.readouterr().err == f"backlit: error: {said}\n"
