"""The crates that cargo-auditable writes down."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from backlit.binfmt._crates import crates_in
from backlit.model.native import LinkedCrate


def _packed(document: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return zlib.compress(json.dumps(document).encode())


def test_crates_are_sorted_and_said_once() -> None:
    serde = {"name": "serde", "version": "1.0.0", "source": "crates.io"}
    own = {"name": "own", "version": "0.1.0", "source": "local", "root": True, "dependencies": [0], "features": ["x"]}
    macro = {"name": "macro", "version": "2.0.0", "source": "registry", "kind": "build"}
    assert crates_in(_packed({"packages": [serde, own, macro, serde], "format": 1})) == (
        LinkedCrate("macro", "2.0.0", "registry", "build"),
        LinkedCrate("own", "0.1.0", "local", root=True),
        LinkedCrate("serde", "1.0.0", "crates.io"),
    )


@pytest.mark.parametrize(
    "section",
    [
        b"",
        b"no zlib",
        zlib.compress(b"no JSON"),
        zlib.compress(b"[" * 100_000),
        zlib.compress(b'{"packages": ' + bytes(3 << 20)),
        *map(_packed, ([], {}, {"packages": {}}, {"packages": [1, None, "x"]})),
    ],
    ids=["empty", "noise", "text", "deep", "bomb", "list", "nothing", "table", "no tables"],
)
def test_what_is_not_what_it_should_be_says_nothing(section: bytes) -> None:
    assert crates_in(section) == ()


_JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.none(), max_size=1)
_PACKAGE = st.dictionaries(st.sampled_from(["name", "version", "source", "kind", "root"]), _JSON)


@settings(deadline=None)
@given(st.lists(_PACKAGE, max_size=4))
def test_any_package_can_be_written_anywhere(packages: list[dict[str, Any]]) -> None:
    for crate in crates_in(_packed({"packages": packages})):
        assert json.dumps(crate).encode("ascii")
