"""Edits of TOML texts: one value changes, and everything else stays as it is written."""

from __future__ import annotations

import tomllib

import pytest

from backlit.versions import _toml


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        pytest.param('[a.b]\nk = "0" # c\n', '[a.b]\nk = "1" # c\n', id="basic"),
        pytest.param("[a.b]\nk='0'\n", '[a.b]\nk="1"\n', id="literal"),
        pytest.param('[a.b]\nk = """\n0"""\n', '[a.b]\nk = "1"\n', id="several-lines"),
        pytest.param("a = { b = { k = '0' } }\n", 'a = { b = { k = "1" } }\n', id="inline"),
        pytest.param("a.b.k = '0'\n", 'a.b.k = "1"\n', id="dotted"),
        pytest.param('["a".b]\n"k" = "0"\n', '["a".b]\n"k" = "1"\n', id="quoted-key"),
        pytest.param('[x]\nk = "0"\n[a.b]\nk = "0"\n', '[x]\nk = "0"\n[a.b]\nk = "1"\n', id="another-table"),
        pytest.param(
            "x = '''\n[a.b]\nk = '0'\n'''\n[a.b]\n", "x = '''\n[a.b]\nk = '0'\n'''\n[a.b]\nk = \"1\"\n", id="in-text"
        ),
        pytest.param("[a.b]\nz = 1\n", '[a.b]\nk = "1"\nz = 1\n', id="not-there"),
        pytest.param("[a.b]\nk = { x = 1 }\n", '[a.b]\nk = "1"\n', id="in-place-of-a-table"),
    ],
)
def test_one_value_is_set(text: str, edited: str) -> None:
    assert _toml.with_value(text, ("a", "b", "k"), "1") == edited


@pytest.mark.parametrize("text", ["", "[a", "a = 1\n", "a.b = 1\n", "[a]\n", "a.b.x = 1\n"], ids=repr)
def test_where_there_is_no_place_nothing_is_given(text: str) -> None:
    assert _toml.with_value(text, ("a", "b", "k"), "1") is None


def test_a_text_is_written_so_that_it_is_read_back() -> None:
    value = "\"q\" 'a' \\ \t ü 😀"
    edited = _toml.with_value("[a]\nk = ''\n", ("a", "k"), value)
    assert edited is not None
    assert tomllib.loads(edited) == {"a": {"k": value}}


def test_a_truth_value_is_set() -> None:
    assert _toml.with_value("[a]\nk = true\n", ("a", "k"), value=False) == "[a]\nk = false\n"


@pytest.mark.parametrize(
    ("dynamic", "left"),
    [
        ('["version"]', "[]"),
        ('["version", "readme"]', '["readme"]'),
        ("['readme', 'version']", "['readme', ]"),
        ('[\n  "version", # c\n  "readme",\n]', '[\n  # c\n  "readme",\n]'),
    ],
    ids=["alone", "first", "last", "lines"],
)
def test_a_version_of_its_own_is_no_longer_dynamic(dynamic: str, left: str) -> None:
    text = f'[tool.x]\ndynamic = ["version"]\n[project]\nname = "a"\ndynamic = {dynamic}\n'
    edited = _toml.with_version(text, "1.2.3")
    assert edited is not None
    expected = f'[project]\nversion = "1.2.3"\nname = "a"\ndynamic = {left}\n'
    assert "".join(edited.split()) == "".join(f'[tool.x]\ndynamic = ["version"]\n{expected}'.split())


@pytest.mark.parametrize("text", ["", "[project]\n", '[project]\ndynamic = "version"\n', "project = 1\n"], ids=repr)
def test_a_version_that_is_not_dynamic_is_left_alone(text: str) -> None:
    assert _toml.with_version(text, "1.2.3") is None
