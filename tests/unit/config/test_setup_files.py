"""What a setup.py states, read without running it."""

from __future__ import annotations

import pytest

from backlit.config import setup_files


@pytest.mark.parametrize(
    ("before", "states"),
    [
        pytest.param("V = '1.0'\n", "1.0", id="constant"),
        pytest.param("V = W = '1.0'\n", "1.0", id="constant-of-two-names"),
        pytest.param("def f():\n    V = '2.0'\n    return V\nV = '1.0'\n", "1.0", id="another-name-of-a-function's"),
        pytest.param("V = '0+bootstrap'\nV = computed()\n", None, id="computed-later"),
        pytest.param("V = '1.0'\nV += '.dev1'\n", None, id="lengthened"),
        pytest.param("V = '1.0'\nif released:\n    V = '1.1'\n", None, id="sometimes-another"),
        pytest.param("V = '1.0'\nwith open('V') as file:\n    V = file.read()\n", None, id="read"),
        pytest.param("V = computed()\n", None, id="computed"),
        pytest.param("", None, id="unknown"),
    ],
)
def test_a_name_that_is_assigned_more_than_one_string_is_no_constant(before: str, states: str | None) -> None:
    call = setup_files.read_setup(f"{before}setup(name='a', version=V)\n")
    assert call.constants.get("version") == states
    assert call.names == {"name", "version"}
