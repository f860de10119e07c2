"""Precedence: config settings, environment, table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backlit.config import settings
from backlit.config.project import Project
from backlit.errors import ConfigError


def read(given: dict[str, Any] | None = None, *, name: str | None = "My.Proj", **table: object) -> settings.Settings:
    return settings.read(Project(Path("/nowhere"), {"tool": {"backlit": table}}), name, given)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.environment():
        if name.startswith("BACKLIT"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variables", "given", "value", "where"),
    [
        pytest.param({}, {}, None, None, id="nothing"),
        pytest.param({"BACKLIT_VERSION": "1"}, {}, "1", "environment variable BACKLIT_VERSION", id="for all"),
        pytest.param(
            {"BACKLIT_VERSION": "1", "BACKLIT_VERSION_FOR_MY_PROJ": "2"},
            {},
            "2",
            "environment variable BACKLIT_VERSION_FOR_MY_PROJ",
            id="for this project",
        ),
        pytest.param({"BACKLIT_VERSION_FOR_OTHER": "2"}, {}, None, None, id="for another project"),
        pytest.param({"BACKLIT_VERSION": ""}, {}, None, None, id="empty is unset"),
        pytest.param(
            {"BACKLIT_VERSION_FOR_MY_PROJ": "2"},
            {"backlit.version": "3"},
            "3",
            "config setting backlit.version",
            id="config",
        ),
    ],
)
def test_the_nearest_word_wins(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    given: dict[str, Any],
    value: str | None,
    where: str | None,
) -> None:
    for key, text in variables.items():
        monkeypatch.setenv(key, text)
    version = read(given).version
    assert (version and version.value, version and version.where) == (value, where)


def test_the_table_is_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(report="a").report == settings.Setting("a", "pyproject.toml: tool.backlit.report", "table")
    monkeypatch.setenv("BACKLIT_REPORT", "b")
    found = read(report="a").report
    assert found is not None
    assert found.value == "b"


@pytest.mark.parametrize("given", [None, {}, {"a": "1"}, {"a": ["1", "2"]}, {"a": {"b": [1, {"c": None}]}}], ids=repr)
def test_settings_of_the_real_backend_pass_unread(given: dict[str, Any] | None) -> None:
    assert read(given).rest is given


def test_our_settings_are_taken_out() -> None:
    assert read({"backlit.version": "1", "a": ["b"]}).rest == {"a": ["b"]}


@pytest.mark.parametrize(
    ("given", "table", "words"),
    [
        pytest.param(
            {"backlit.verison": "1"},
            {},
            "config setting backlit.verison: is not known; known: backlit.version",
            id="unknown",
        ),
        pytest.param({"backlit.version": ["1", "2"]}, {}, "needs one string", id="twice"),
        pytest.param({"backlit.mapping": {"a": "b"}}, {}, "needs a string, or a list of them", id="no path"),
        pytest.param({"backlit.log": "loud"}, {}, "'loud' is not one of quiet, info, debug", id="not a choice"),
        pytest.param({}, {"embod": True}, "tool.backlit.embod: is not known", id="unknown key"),
        pytest.param({}, {"report": 3}, "tool.backlit.report: needs a string", id="no string"),
        pytest.param({}, {"version": "1"}, "needs a table with the keys on-mismatch and tag", id="version is no table"),
        pytest.param({}, {"version": {"on-mismatch": "x"}}, "'x' is not one of error, warn", id="on-mismatch"),
    ],
)
def test_a_setting_that_cannot_be_used_names_its_place(
    given: dict[str, Any], table: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(given, **table)
    assert words in str(caught.value)


@pytest.mark.parametrize(("given", "mappings"), [("a", ("a",)), (["a", "b"], ("a", "b")), ("", ()), ([], ())], ids=str)
def test_what_adds_to_the_catalogue_may_be_named_more_than_once(given: object, mappings: tuple[str, ...]) -> None:
    found = read({"backlit.mapping": given, "theirs": "1"})
    assert (found.mappings, found.rest) == (mappings, {"theirs": "1"})


def test_variables_of_one_build_are_known_by_name() -> None:
    names = dict.fromkeys(
        ["BACKLIT_VERSION", "BACKLIT_VERSION_FOR_X", "BACKLIT_REPORT", "BACKLIT", "BACKLIT_TRACE", "PATH"], ""
    )
    assert settings.private_variables(names) == (
        "BACKLIT_VERSION",
        "BACKLIT_VERSION_FOR_X",
        "BACKLIT_REPORT",
        "BACKLIT",
    )
